/** What a reasoning model had written when its connection broke: its thoughts were generated, and are charged. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { ollama } from "../../../src/llm/ollama.ts";
import { openai } from "../../../src/llm/openai.ts";

const chunk = (delta: object) =>
  `data: ${JSON.stringify({ id: "c", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
const line = (message: object) => `${JSON.stringify({ model: "m", message, done: false })}\n`;

/** A server that breaks off after these pieces of an answer. */
async function breakingOff(type: string, pieces: readonly string[]): Promise<string> {
  const server = createServer(async (request, response) => {
    request.resume();
    if (request.url === "/api/show")
      return response.end('{"model_info":{"general.parameter_count":1000000000}}');
    if (request.method === "GET") return response.writeHead(404).end();
    response.setHeader("content-type", type);
    for (const piece of pieces) await new Promise((resolve) => response.write(piece, resolve));
    return setImmediate(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = { messages: [{ role: "user", text: "hello" }] } as const;

it("is part of what an Ollama model had written", async () => {
  const host = await breakingOff("application/x-ndjson", [
    line({ role: "assistant", content: "", thinking: "let me " }),
    line({ role: "assistant", content: "", thinking: "see" }),
    line({ role: "assistant", content: "!" }),
  ]);
  await expect(ollama("m", { host }).generate(request)).rejects.toMatchObject({
    isRetryable: true,
    partialText: "let me see!",
  });
});

it("is part of what a model behind OpenAI's interface had written", async () => {
  const url = await breakingOff("text/event-stream", [
    chunk({ role: "assistant", reasoning_content: "let me " }),
    chunk({ reasoning_content: "see" }),
    chunk({ content: "!" }),
  ]);
  await expect(openai("m", { baseUrl: `${url}/v1` }).generate(request)).rejects.toMatchObject({
    isRetryable: true,
    partialText: "let me see!",
  });
});
