/** An Ollama server: how it is reached, which models it has, and what it says of them. */
import type { Ollama, ShowResponse } from "ollama";
import { ModelError, type PrepareContext } from "../core/index.ts";
import { type FailedAnswer, networkCode, plain, serverMessage, statusFailure } from "./http-failure.ts";
import { type Ending, ollamaFetch } from "./ollama-fetch.ts";
import { readOllamaHost, shownHost } from "./ollama-host.ts";

/** A server that was asked for. */
export interface OllamaServer {
  readonly host: string;
  readonly headers: Record<string, string>;
  readonly secrets: readonly string[];
  /** A client whose requests end with a signal. */
  client(signal: AbortSignal | undefined, refuse?: (answer: FailedAnswer) => Error, ending?: Ending): Ollama;
}

/** Finds the server: its address, and the key that belongs to it. */
export async function findServer(
  given: string | undefined,
  { environment }: PrepareContext,
): Promise<OllamaServer> {
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

async function modelsOf(server: OllamaServer, signal: AbortSignal): Promise<readonly string[]> {
  const { models } = await server.client(signal).list();
  return models.map(({ name }) => name);
}

/** Asks what a model is; throws a ModelError that says how to get the server or the model. */
export async function showModel(
  name: string,
  server: OllamaServer,
  signal: AbortSignal,
): Promise<ShowResponse> {
  const url = shownHost(server.host);
  try {
    return await server.client(signal, asIs).show({ model: name });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refused && error.answer.status === 404) throw await isMissing(name, server, signal);
    if (error instanceof Refused) throw refusal(error.answer, name, server);
    if (error instanceof ModelError && error.isFatal) throw error; // no secure connection
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

async function isMissing(name: string, server: OllamaServer, signal: AbortSignal): Promise<ModelError> {
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
export async function versionOf(server: OllamaServer, signal: AbortSignal): Promise<string | undefined> {
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
export function sizeOf(shown: ShowResponse): number | undefined {
  const parameters = infoOf(shown)["general.parameter_count"];
  if (typeof parameters === "number" && parameters > 0) return parameters / 1e9;
  const [, number, unit] = /^([\d.]+)\s*([KMBT]?)$/i.exec(shown.details?.parameter_size?.trim() ?? "") ?? [];
  const scale = { K: 1e-6, M: 1e-3, B: 1, T: 1e3, "": 1e-9 }[unit?.toUpperCase() ?? ""] ?? Number.NaN;
  const size = Number(number) * scale;
  return size > 0 ? size : undefined;
}

/** Most tokens that the model was trained to read. */
export function trainedContext(shown: ShowResponse): number | undefined {
  const info = infoOf(shown);
  const tokens = info[`${String(info["general.architecture"])}.context_length`];
  return typeof tokens === "number" && tokens > 0 ? tokens : undefined;
}

/** Says that the server refused a call. */
export function refusal(answer: FailedAnswer, name: string, server: OllamaServer): ModelError {
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
