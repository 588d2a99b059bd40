/**
 * A server on loopback that speaks the chat interfaces of OpenAI and of Ollama, with any model behind it. The
 * benchmark of calls runs it in a thread of its own; tests run whole campaigns through it.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Model, ModelRequest, ModelResponse } from "../src/core/index.ts";
import { simulated } from "../src/llm/simulated.ts";

/** A server that listens. */
export interface ModelServer {
  /** For the adapter `ollama`; the adapter `openai` wants `${url}/v1`. */
  readonly url: string;
  /** Chat requests answered so far. */
  readonly answered: () => number;
  close(): void;
}

/** The fields of a chat request of either interface that matter here. */
interface ChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly options?: {
    readonly num_predict?: number;
    readonly temperature?: number;
    readonly seed?: number;
    readonly stop?: readonly string[];
  };
}

/** Serves a model on a free port; each answer takes at least `latencyMs`. */
export async function serveModel(model: Model, { latencyMs = 0 } = {}): Promise<ModelServer> {
  let answered = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === "/api/show")
      return sendJson(response, { model_info: { "general.parameter_count": 1e9 * model.size } });
    if (request.url === "/api/tags")
      return sendJson(response, { models: [{ name: model.name, model: model.name }] });
    if (request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatBody;
    if (latencyMs > 0) await sleep(latencyMs);
    const answer = await model.generate(requestOf(body));
    answered += 1;
    if (request.url === "/api/chat") sendOllama(response, body, answer);
    else sendOpenai(response, body, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answered: () => answered,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function requestOf({ messages, options = {}, ...body }: ChatBody): ModelRequest {
  const system = messages.find(({ role }) => role === "system")?.content;
  return {
    system,
    messages: messages
      .filter(({ role }) => role !== "system")
      .map(({ role, content }) => ({ role: role === "assistant" ? "assistant" : "user", text: content })),
    maxTokens: body.max_tokens ?? options.num_predict,
    temperature: body.temperature ?? options.temperature,
    seed: body.seed ?? options.seed,
    stop: body.stop ?? options.stop,
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(value));
}

function sendOllama(
  response: ServerResponse,
  { model, stream = true }: ChatBody,
  answer: ModelResponse,
): void {
  const part = { model, created_at: "2026-11-22T00:00:00Z" };
  const end = {
    ...part,
    message: { role: "assistant", content: stream ? "" : answer.text },
    ...{
      done: true,
      done_reason: answer.stopReason,
      prompt_eval_count: answer.inputTokens,
      eval_count: answer.outputTokens,
    },
  };
  if (!stream) {
    sendJson(response, end);
    return;
  }
  const first = { ...part, message: { role: "assistant", content: answer.text }, done: false };
  response
    .setHeader("content-type", "application/x-ndjson")
    .end(`${JSON.stringify(first)}\n${JSON.stringify(end)}\n`);
}

function sendOpenai(
  response: ServerResponse,
  { model, stream = false }: ChatBody,
  answer: ModelResponse,
): void {
  const usage = {
    prompt_tokens: answer.inputTokens,
    completion_tokens: answer.outputTokens,
    total_tokens: (answer.inputTokens ?? 0) + (answer.outputTokens ?? 0),
  };
  const part = { id: "chatcmpl-1", created: 1_700_000_000, model };
  const finish_reason = answer.stopReason;
  if (!stream) {
    const message = { role: "assistant", content: answer.text };
    sendJson(response, {
      ...part,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason }],
      usage,
    });
    return;
  }
  const chunk = (choices: readonly unknown[], more = {}) =>
    `data: ${JSON.stringify({ ...part, object: "chat.completion.chunk", choices, ...more })}\n\n`;
  response
    .setHeader("content-type", "text/event-stream")
    .end(
      chunk([{ index: 0, delta: { role: "assistant", content: answer.text }, finish_reason: null }]) +
        chunk([{ index: 0, delta: {}, finish_reason }]) +
        chunk([], { usage }) +
        "data: [DONE]\n\n",
    );
}

// In a thread: the benchmark's server, which always gives the same short answer.
if (!isMainThread && workerData?.serve === "allele-bench") {
  const answer = {
    text: "fine\n",
    stopReason: "stop",
    inputTokens: 20,
    outputTokens: 2,
    raw: undefined,
  } as const;
  const constant: Model = { ...simulated(), generate: async () => answer };
  const server = await serveModel(constant, { latencyMs: Number(workerData.latencyMs) });
  parentPort?.postMessage(server.url);
}
