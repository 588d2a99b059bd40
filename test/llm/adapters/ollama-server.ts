/** What an Ollama server says beside its answers. */
import type { Asked, Reply } from "./http-server.ts";
import { recorded } from "./recorded.ts";

/** Answers the requests that make a model ready. */
export function answerOllama({ path }: Asked): Reply {
  const name = { "/api/show": "ollama-show", "/api/tags": "ollama-tags", "/api/version": "ollama-version" }[
    path
  ];
  return recorded(name ?? "ollama-404");
}

/** A recorded answer with other JSON in its place. */
export function withBody(reply: Reply, body: object): Reply {
  return { ...reply, body: `${JSON.stringify(body)}\n` };
}
