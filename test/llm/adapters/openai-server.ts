/** Answers of OpenAI-compatible servers that are made, not recorded. */
import type { Reply } from "./http-server.ts";
import { recorded } from "./recorded.ts";

/** An answer of a text in 1 kB pieces, with 11 input and 12 output tokens. */
export function giantStream(text: string): Reply {
  const pieces = text.match(/[\s\S]{1,1000}/g) ?? [];
  const chunks = [
    ...pieces.map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    { choices: [], usage: { prompt_tokens: 11, completion_tokens: 12, total_tokens: 23 } },
  ];
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  return { ...recorded("openai-stream"), body: `${body}data: [DONE]\n\n` };
}

/** The same as a whole. */
export function giantAnswer(text: string): Reply {
  const body = {
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 12, total_tokens: 23 },
  };
  return { ...recorded("openai-answer"), body: JSON.stringify(body) };
}
