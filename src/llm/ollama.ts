/** Models of an Ollama server, through its own client, which gives exact token counts. */
import type { ChatRequest, ChatResponse, Ollama, ShowResponse } from "ollama";
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
  serverMessage,
  statusFailure,
  stopped,
} from "./http-failure.ts";
import { OllamaContext } from "./ollama-context.ts";
import { BadLine, type Ending, ollamaFetch } from "./ollama-fetch.ts";
import { readOllamaHost, shownHost } from "./ollama-host.ts";

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

/** A server that was asked for. */
interface Server {
  readonly host: string;
  readonly headers: Record<string, string>;
  readonly secrets: readonly string[];
  /** A client whose requests end with a signal. */
  client(signal: AbortSignal | undefined, refuse?: (answer: FailedAnswer) => Error, ending?: Ending): Ollama;
}

async function findServer(given: string | undefined, { environment }: PrepareContext): Promise<Server> {
  const host = readOllamaHost(given ?? environment.OLLAMA_HOST);
  const key = new URL(host).hostname === "ollama.com" ? environment.OLLAMA_API_KEY : undefined;
  const headers: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};
  const { Ollama } = await import("ollama");
  return {
    host,
    headers,
    secrets: [key ?? "", new URL(host).password].filter((text) => text !== ""),
    client: (signal, refuse, ending) =>
      new Ollama({ host, headers, fetch: ollamaFetch(signal, refuse, ending) }),
  };
}

/** What an Ollama server has. `models` is undefined where there is none; `problem` says why. */
export async function findOllama(
  environment: PrepareContext["environment"],
  signal: AbortSignal,
): Promise<{
  readonly url: string;
  readonly models?: readonly string[] | undefined;
  readonly problem?: string;
}> {
  const server = await findServer(undefined, { environment, signal });
  const url = shownHost(server.host);
  try {
    return { url, models: await modelsOf(server, signal) };
  } catch (error) {
    if (signal.aborted) return { url, problem: "does not answer in time" };
    return { url, problem: error instanceof Error ? plain(error.message, server.secrets) : String(error) };
  }
}

async function modelsOf(server: Server, signal: AbortSignal): Promise<readonly string[]> {
  const { models } = await server.client(signal).list();
  return models.map(({ name }) => name);
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

async function showModel(name: string, server: Server, signal: AbortSignal): Promise<ShowResponse> {
  const url = shownHost(server.host);
  try {
    return await server.client(signal, asIs).show({ model: name });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refused && error.answer.status === 404) throw await isMissing(name, server, signal);
    if (error instanceof Refused) throw refusal(error.answer, name, server);
    if (networkCode(error) !== undefined) {
      const message = `Ollama does not answer at ${url}; start it with 'ollama serve' or set OLLAMA_HOST`;
      throw new ModelError(message, { isFatal: true, cause: error });
    }
    throw new ModelError(`What answers at ${url} is not Ollama; set OLLAMA_HOST`, {
      isFatal: true,
      cause: error,
    });
  }
}

async function isMissing(name: string, server: Server, signal: AbortSignal): Promise<ModelError> {
  const url = shownHost(server.host);
  try {
    const models = await modelsOf(server, signal);
    const there = models.length === 0 ? "it has none yet" : `it has ${models.join(", ")}`;
    return new ModelError(`Ollama at ${url} has no model '${name}'; run 'ollama pull ${name}' (${there})`, {
      isFatal: true,
    });
  } catch (cause) {
    signal.throwIfAborted();
    return new ModelError(`What answers at ${url} is not Ollama; set OLLAMA_HOST`, { isFatal: true, cause });
  }
}

/** An answer whose status is no success. */
class Refused extends Error {
  readonly answer: FailedAnswer;
  constructor(answer: FailedAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

const asIs = (answer: FailedAnswer) => new Refused(answer);

/** The server's version; undefined where it does not say. */
async function versionOf(server: Server, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await server.client(signal).version()).version;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** What /api/show says of a model by key, e.g. "general.parameter_count". */
function infoOf({ model_info }: ShowResponse): Readonly<Record<string, unknown>> {
  return (model_info as unknown as Readonly<Record<string, unknown>> | null | undefined) ?? {};
}

/** Parameters in billions; undefined where the server does not say. */
function sizeOf(shown: ShowResponse): number | undefined {
  const parameters = infoOf(shown)["general.parameter_count"];
  if (typeof parameters === "number" && parameters > 0) return parameters / 1e9;
  const [, number, unit] = /^([\d.]+)\s*([KMBT]?)$/i.exec(shown.details?.parameter_size?.trim() ?? "") ?? [];
  const scale = { K: 1e-6, M: 1e-3, B: 1, T: 1e3, "": 1e-9 }[unit?.toUpperCase() ?? ""] ?? Number.NaN;
  const size = Number(number) * scale;
  return size > 0 ? size : undefined;
}

/** Most tokens that the model was trained to read. */
function trainedContext(shown: ShowResponse): number | undefined {
  const info = infoOf(shown);
  const tokens = info[`${String(info["general.architecture"])}.context_length`];
  return typeof tokens === "number" && tokens > 0 ? tokens : undefined;
}

async function generate(
  name: string,
  options: OllamaOptions,
  server: Server,
  room: OllamaContext,
  request: ModelRequest,
): Promise<ModelResponse> {
  const { signal } = request;
  const answer = new Answer();
  const ending: Ending = {};
  const sentTokens = room.tokens;
  try {
    signal?.throwIfAborted();
    answer.text = ""; // from here on the server may be working
    const refuse = (failed: FailedAnswer) =>
      room.refused(failed, request, sentTokens) ?? refusal(failed, name, server);
    const parts = await server.client(signal, refuse, ending).chat(chatRequest(name, options, room, request));
    for await (const part of parts) answer.add(part);
  } catch (error) {
    if (signal?.aborted) throw stopped(answer.text, error);
    throw failureOf(ending.error ?? error, answer, server);
  }
  const { text = "", end } = answer;
  const inputTokens = room.inputTokens(end?.prompt_eval_count);
  room.checkWhole(request, { inputTokens, sentTokens, partialText: text });
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
  /** Undefined while nothing was sent. */
  text: string | undefined;
  /** The last part, which has the counts. */
  end: ChatResponse | undefined;
  #last = "";
  /** How often the last part came in a row. */
  repeats = 0;

  add(part: ChatResponse): void {
    const { content = "", thinking = "" } = part.message ?? {};
    this.text = (this.text ?? "") + content;
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

function failureOf(error: unknown, answer: Answer, server: Server): ModelError {
  const { text = "" } = answer;
  const { secrets } = server;
  const known = modelErrorIn(error);
  if (known !== undefined) return known;
  if (error instanceof BadLine) {
    return error.reported === undefined
      ? malformed(text, error.line, secrets)
      : reportedError(error.reported, text, secrets);
  }
  if (networkCode(error) !== undefined) {
    return connectionFailure(error, { url: server.host, partialText: answer.text });
  }
  if (error instanceof Error && /^Did not receive done/.test(error.message)) {
    if (answer.repeats < mostRepeats) return cutShort(text);
    return new ModelError("Ollama stopped the answer because the model repeats itself", {
      partialText: text,
    });
  }
  return new ModelError(error instanceof Error ? plain(error.message, secrets) : String(error), {
    partialText: answer.text,
    cause: error,
  });
}

/** Says that the server refused a call. */
function refusal(answer: FailedAnswer, name: string, server: Server): ModelError {
  const { status, body } = answer;
  const { secrets } = server;
  const isCloud = new URL(server.host).hostname === "ollama.com";
  if (status === 404) return statusFailure(answer, { secrets, fix: `run 'ollama pull ${name}'` });
  if (status === 401 || status === 403) {
    return statusFailure(answer, { secrets, fix: isCloud ? "set OLLAMA_API_KEY" : "run 'ollama signin'" });
  }
  // These come with status 400 or 500, and every call will meet them.
  const isFatal = /more system memory|does not support (?:chat|thinking)/.test(serverMessage(body));
  return statusFailure(answer, isFatal ? { secrets, isFatal } : { secrets });
}
