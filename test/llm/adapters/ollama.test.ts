import { afterAll, beforeAll } from "vitest";
import { ollama } from "../../../src/llm/ollama.ts";
import { describeAdapter, describeModel, fatal, lost, passing } from "./contract.ts";
import { serve, type TestServer } from "./http-server.ts";
import { answerOllama } from "./ollama-server.ts";
import { recorded } from "./recorded.ts";

const counted = (text: string, inputTokens: number | undefined, outputTokens: number | undefined) => ({
  ...{ text, inputTokens, outputTokens },
  stopReason: "stop" as const,
});

let server: TestServer;
beforeAll(async () => {
  server = await serve((asked) =>
    asked.path === "/api/chat" ? recorded("ollama-chat") : answerOllama(asked),
  );
});
afterAll(() => server.stop());

describeModel("ollama", {
  make: () => ollama("llama3", { host: server.url }),
  broken: {
    make: () => ollama("llama3", { host: "127.0.0.1:1" }),
    says: /^Ollama does not answer at http:\/\/127\.0\.0\.1:1; start it with 'ollama serve' or set OLLAMA_HOST$/,
  },
});

describeAdapter("ollama", {
  path: "/api/chat",
  answerOther: answerOllama,
  make: (url) => ollama("llama3", { host: url }),
  body: {
    model: "llama3",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: 'Say "hi"\n\tto me 🙂' },
      { role: "assistant", content: "hi" },
      { role: "user", content: "Again" },
    ],
    stream: true,
    truncate: false,
    shift: false,
    options: { num_predict: 64, temperature: 0.2, seed: 2_147_483_647, stop: ["END", "\n\n"] },
  },
  answer: { recorded: "ollama-chat", response: counted("The answer is: 2", 18, 7) },
  multibyte: { recorded: "ollama-multibyte", response: counted("我是Qwen，🙂", 32, 53) },
  length: {
    recorded: "ollama-length",
    response: { ...counted("one two three", 11, 3), stopReason: "length" },
  },
  reasoning: { recorded: "ollama-thinking", response: counted("2.", 21, 46) },
  uncounted: { recorded: "ollama-no-counts", response: counted("The", undefined, undefined) },
  empty: { recorded: "ollama-empty", response: counted("", 9, 1) },
  giant(text) {
    const pieces = text.match(/[\s\S]{1,1000}/g) ?? [];
    const lines = [
      ...pieces.map((content) => ({ message: { role: "assistant", content }, done: false })),
      { message: { content: "" }, done_reason: "stop", done: true, prompt_eval_count: 11, eval_count: 12 },
    ];
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    return { ...recorded("ollama-chat"), body };
  },
  begun: { events: 2, text: "The answer" },
  cut: {
    ...lost("The answer"),
    message: "The answer ended without its final event: the connection was cut or the server failed",
  },
  errorInStream: {
    recorded: "ollama-error-in-stream",
    failure: {
      ...lost(" Yes."),
      message: "The server reported an error: an error was encountered while running the model",
    },
  },
  malformed: {
    recorded: "ollama-malformed",
    failure: {
      ...lost("The"),
      message:
        'The answer is not in the expected form: {"model":"llama3","created_at":"2024-09-30T09:02:04.2776',
    },
  },
  limited: {
    recorded: "ollama-429",
    failure: {
      ...passing,
      message: "HTTP 429: you have reached your hourly usage limit",
      retryAfterMs: 7000,
    },
  },
  broken: {
    recorded: "ollama-500",
    failure: {
      ...passing,
      message:
        "HTTP 500: model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, " +
        "check ollama server logs for details",
    },
  },
  unavailable: {
    recorded: "nginx-503",
    failure: { ...passing, message: "HTTP 503: 503 Service Temporarily Unavailable" },
  },
  unauthorized: {
    recorded: "ollama-401",
    failure: { ...fatal, message: "HTTP 401: unauthorized; run 'ollama signin'" },
  },
  missing: {
    recorded: "ollama-404",
    failure: { ...fatal, message: "HTTP 404: model 'llama3' not found; run 'ollama pull llama3'" },
  },
});
