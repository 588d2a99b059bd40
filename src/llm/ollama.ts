/** Models of an Ollama server, through its own client, which gives exact token counts. */
import type { ChatRequest, ChatResponse } from "ollama";
import {
  checkWhole,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type PrepareContext,
  UsageError,
} from "../core/index.ts";
import { type AdapterOptions, adapt, type Connection } from "./adapter.ts";
import {
  connectionFailure,
  cutShort,
  type FailedAnswer,
  malformed,
  modelErrorIn,
  networkCode,
  plain,
  reportedError,
  stopped,
} from "./http-failure.ts";
import { OllamaContext } from "./ollama-context.ts";
import { BadLine, type Ending } from "./ollama-fetch.ts";
import { readOllamaHost, shownHost } from "./ollama-host.ts";
import {
  findServer,
  type OllamaServer,
  refusal,
  showModel,
  sizeOf,
  trainedContext,
  versionOf,
} from "./ollama-server.ts";

export { findOllama } from "./ollama-server.ts";

/** Options of `ollama`. */
export interface OllamaOptions extends AdapterOptions {
  /** Where the server is; default: OLLAMA_HOST as Ollama itself reads it, else this machine. */
  readonly host?: string;
  /** Most tokens of prompt and answer together (num_ctx); default: the server's, more when a prompt needs it. */
  readonly contextTokens?: number;
  /** Whether, or how much, the model thinks before it answers; default: the model's own. */
  readonly think?: boolean | "low" | "medium" | "high" | "max";
  /** How long the model stays in memory after a call, e.g. "1h" or a number of seconds; default: 5 minutes. */
  readonly keepAlive?: string | number;
}

const keys = ["host", "contextTokens", "think", "keepAlive"];

/** Makes a model of an Ollama server. Its size m, when not given, is its parameters in billions. */
export function ollama(name: string, options: OllamaOptions = {}): Model {
  const { host, contextTokens, think, keepAlive } = options;
  const where = `ollama model '${name}'`;
  if (contextTokens !== undefined) checkWhole(`${where}: contextTokens`, contextTokens, 1);
  if (think !== undefined && ![true, false, "low", "medium", "high", "max"].includes(think)) {
    const known = 'true, false, "low", "medium", "high" or "max"';
    throw new UsageError(`${where}: think must be ${known}, got ${String(think)}`);
  }
  return adapt({
    provider: "ollama",
    name,
    options,
    keys,
    parameters: {
      host: host === undefined ? undefined : shownHost(readOllamaHost(host)),
      contextTokens,
      think,
      keepAlive,
    },
    concurrency: 1, // a server works on one request at a time unless OLLAMA_NUM_PARALLEL says otherwise
    asksForSize: true,
    connect: (context) => connect(name, options, context),
  });
}

async function connect(name: string, options: OllamaOptions, context: PrepareContext): Promise<Connection> {
  const { contextTokens, think } = options;
  const server = await findServer(options.host, context);
  const shown = await showModel(name, server, context.signal);
  const { capabilities } = shown;
  if (capabilities && !capabilities.includes("completion")) {
    throw new ModelError(`Ollama's model '${name}' writes no text (it can: ${capabilities.join(", ")})`, {
      isFatal: true,
    });
  }
  if (think && capabilities && !capabilities.includes("thinking")) {
    throw new ModelError(`Ollama's model '${name}' does not think; leave out the option think`, {
      isFatal: true,
    });
  }
  const trainedTokens = trainedContext(shown);
  if (contextTokens !== undefined && trainedTokens !== undefined && contextTokens > trainedTokens) {
    const message = `Ollama's model '${name}' reads at most ${trainedTokens} tokens; contextTokens is ${contextTokens}`;
    throw new ModelError(message, { isFatal: true });
  }
  const version = await versionOf(server, context.signal);
  const room = new OllamaContext({ contextTokens, trainedTokens, version });
  return {
    size: sizeOf(shown),
    generate: (request) => generate(name, options, server, room, request),
  };
}

async function generate(
  name: string,
  options: OllamaOptions,
  server: OllamaServer,
  room: OllamaContext,
  request: ModelRequest,
): Promise<ModelResponse> {
  const { signal } = request;
  const answer = new Answer();
  const ending: Ending = {};
  const sentTokens = room.tokens;
  try {
    signal?.throwIfAborted();
    answer.written = ""; // from here on the server may be working
    const refuse = (failed: FailedAnswer) =>
      room.refused(failed, request, sentTokens) ?? refusal(failed, name, server);
    const parts = await server.client(signal, refuse, ending).chat(chatRequest(name, options, room, request));
    for await (const part of parts) answer.add(part);
  } catch (error) {
    if (signal?.aborted) throw stopped(answer.written, error);
    throw failureOf(ending.error ?? error, answer, server);
  }
  const { text, written, end } = answer;
  const inputTokens = room.inputTokens(end?.prompt_eval_count);
  room.checkWhole(request, { inputTokens, sentTokens, partialText: written });
  return { text, stopReason: stopReasonOf(end), inputTokens, outputTokens: end?.eval_count, raw: end };
}

/** `truncate` and `shift` keep Ollama from cutting a prompt, before and during the answer; since 0.12.6. */
function chatRequest(name: string, options: OllamaOptions, room: OllamaContext, request: ModelRequest) {
  const { system, messages, maxTokens, temperature, seed, stop } = request;
  const { think, keepAlive } = options;
  const chat: ChatRequest & { stream: true; truncate: false; shift: false } = {
    model: name,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    stream: true,
    truncate: false,
    shift: false,
    ...(think === undefined ? {} : { think: think as boolean }), // "max" is not yet among the client's types
    ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
    options: {
      ...(room.tokens === undefined ? {} : { num_ctx: room.tokens }),
      ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
      ...(stop === undefined || stop.length === 0 ? {} : { stop: [...stop] }),
    },
  };
  return chat;
}

/** An answer as it comes. */
class Answer {
  text = "";
  /** All that the model wrote, thinking included; undefined while nothing was sent. */
  written: string | undefined;
  /** The last part, which has the counts. */
  end: ChatResponse | undefined;
  #last = "";
  /** How often the last part came in a row. */
  repeats = 0;

  add(part: ChatResponse): void {
    const { content = "", thinking = "" } = part.message ?? {};
    this.text += content;
    this.written = (this.written ?? "") + thinking + content;
    if (part.done) this.end = part;
    const piece = (content || thinking).trim();
    this.repeats = piece === this.#last ? this.repeats + 1 : 0;
    this.#last = piece;
  }
}

function stopReasonOf(end: ChatResponse | undefined): ModelResponse["stopReason"] {
  const reason = end?.done_reason || "stop"; // versions before 0.1.39 gave none
  return reason === "stop" || reason === "length" ? reason : "other";
}

/** Parts in a row after which Ollama gives up on a model that repeats itself; it then ends the stream. */
const mostRepeats = 30;

function failureOf(error: unknown, answer: Answer, server: OllamaServer): ModelError {
  const { written: text = "" } = answer;
  const { secrets } = server;
  const known = modelErrorIn(error);
  if (known !== undefined) return known;
  if (error instanceof BadLine) {
    return error.reported === undefined
      ? malformed(text, error.line, secrets)
      : reportedError(error.reported, text, secrets);
  }
  if (networkCode(error) !== undefined) {
    return connectionFailure(error, { url: server.host, partialText: answer.written });
  }
  if (error instanceof Error && /^Did not receive done/.test(error.message)) {
    if (answer.repeats < mostRepeats) return cutShort(text);
    return new ModelError("Ollama stopped the answer because the model repeats itself", {
      partialText: text,
    });
  }
  return new ModelError(error instanceof Error ? plain(error.message, secrets) : String(error), {
    partialText: answer.written,
    cause: error,
  });
}
