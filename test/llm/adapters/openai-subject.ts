/** What adapters of OpenAI-compatible servers must do, streaming or not. */
import { type Failure, fatal, type HttpSubject, lost, passing } from "./contract.ts";
import { giantAnswer, giantStream } from "./openai-server.ts";

const counted = (text: string, inputTokens: number | undefined, outputTokens: number | undefined) => ({
  ...{ text, inputTokens, outputTokens },
  stopReason: "stop" as const,
});

const messages = [
  { role: "system", content: "Be brief." },
  { role: "user", content: 'Say "hi"\n\tto me 🙂' },
  { role: "assistant", content: "hi" },
  { role: "user", content: "Again" },
];
const body = {
  model: "gpt-x",
  messages,
  max_tokens: 64,
  temperature: 0.2,
  seed: 2_147_483_647,
  stop: ["END", "\n\n"],
};

/** What the adapter adds to the server's words. */
export interface Fixes {
  readonly unauthorized: string;
  readonly missing: string;
}

const refusals = ({ unauthorized, missing }: Fixes) => {
  const refused = (recorded: string, failure: Failure) => ({ recorded, failure });
  return {
    limited: refused("openai-429", {
      ...passing,
      message:
        "HTTP 429: Rate limit reached for gpt-4o in organization org-abc on tokens per min (TPM): Limit 30000, Used 29000, " +
        "Requested 2500. Please try again in 3s. Visit https://platform.openai.com/account/rate-limits to learn more",
      retryAfterMs: 7000,
    }),
    broken: refused("openai-500", {
      ...passing,
      message: "HTTP 500: The server had an error while processing your request. Sorry about that!",
    }),
    unavailable: refused("nginx-503", {
      ...passing,
      message: "HTTP 503: 503 Service Temporarily Unavailable",
    }),
    unauthorized: refused("openai-401", {
      ...fatal,
      message:
        "HTTP 401: Incorrect API key provided: [key]. You can find your API key at " +
        `https://platform.openai.com/account/api-keys${unauthorized}`,
    }),
    missing: refused("openai-404", {
      ...fatal,
      message: `HTTP 404: The model \`gpt-x\` does not exist or you do not have access to it${missing}`,
    }),
  };
};

/** A subject whose answers come piece by piece. */
export function streaming(fixes: Fixes): Omit<HttpSubject, "make"> {
  return {
    path: "/v1/chat/completions",
    body: { ...body, stream: true, stream_options: { include_usage: true } },
    answer: { recorded: "openai-stream", response: counted("我是助手。", 14, 3) },
    multibyte: { recorded: "openai-stream", response: counted("我是助手。", 14, 3) },
    length: { recorded: "openai-length", response: { ...counted("one two", 11, 2), stopReason: "length" } },
    filtered: { recorded: "openai-filter", response: { ...counted("I", 12, 1), stopReason: "other" } },
    reasoning: { recorded: "openai-reasoning", response: counted("42", 25, 138) },
    uncounted: { recorded: "openai-no-usage", response: counted("fine", undefined, undefined) },
    empty: { recorded: "openai-empty", response: counted("", 9, 1) },
    giant: giantStream,
    begun: { events: 3, text: "我是助手" },
    cut: {
      ...lost("我是助手"),
      message: "The answer ended without its final event: the connection was cut or the server failed",
    },
    errorInStream: {
      recorded: "openai-error-in-stream",
      failure: {
        ...lost("我是"),
        message:
          "The server reported an error: The server had an error processing your request. Sorry about that!",
      },
    },
    malformed: {
      recorded: "openai-malformed",
      failure: { ...lost("我是"), message: 'The answer is not in the expected form: {"id":"chatcmpl-9nh' },
    },
    ...refusals(fixes),
  };
}

/** A subject whose answers come as a whole. */
export function whole(fixes: Fixes): Omit<HttpSubject, "make"> {
  return {
    path: "/v1/chat/completions",
    body,
    answer: { recorded: "openai-answer", response: counted("Hello! How can I assist you today?", 19, 10) },
    multibyte: { recorded: "openai-answer-multibyte", response: counted("我是助手。🙂", 14, 5) },
    length: {
      recorded: "openai-answer-length",
      response: { ...counted("one two", 11, 2), stopReason: "length" },
    },
    filtered: { recorded: "openai-answer-filter", response: { ...counted("I", 12, 1), stopReason: "other" } },
    reasoning: { recorded: "openai-answer-reasoning", response: counted("42", 25, 138) },
    uncounted: { recorded: "openai-answer-no-usage", response: counted("fine", undefined, undefined) },
    empty: { recorded: "openai-answer-empty", response: counted("", 9, 1) },
    giant: giantAnswer,
    begun: { events: 3, text: "" },
    cut: {
      ...lost(""),
      message:
        'The answer is not in the expected form: { "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion",',
    },
    errorInStream: {
      recorded: "openai-answer-error",
      failure: {
        ...lost(""),
        message: "The server reported an error: Provider returned error (overloaded)",
      },
    },
    malformed: {
      recorded: "openai-answer-malformed",
      failure: { ...lost(""), message: 'The answer is not in the expected form: {"id":"chatcmpl-B9MBs8Cjcv' },
    },
    ...refusals(fixes),
  };
}
