/**
 * What all adapters share: options, their checks, and getting ready. An adapter itself says how to connect
 * and how to turn one request into one answer; it neither retries, nor waits for its turn, nor counts money.
 */
import {
  type CallPolicy,
  checkBetween,
  checkKeys,
  checkWhole,
  longestTimerMs,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type Parameters,
  type PrepareContext,
  parametersOf,
  UsageError,
  type UsdPrice,
} from "../core/index.ts";

/** Options of every adapter. */
export interface AdapterOptions extends CallPolicy {
  /** m of Def. 2.2; default: what the server or file says, else 1. */
  readonly size?: number;
  /** What tokens cost; needed for a budget in US dollars. */
  readonly price?: UsdPrice;
  /** Most output tokens of a request that names none; default: the model's own limit. */
  readonly maxTokens?: number;
  /** Sampling temperature of requests that name none; default: the model's own. */
  readonly temperature?: number;
  /** Names of the tasks that it performs reliably (Def. 2.3), for operators that pick among models by it. */
  readonly capabilities?: readonly string[];
}

/** The keys of `AdapterOptions`, for `checkKeys`. */
const adapterKeys: readonly (keyof AdapterOptions)[] = [
  ...(["size", "price", "maxTokens", "temperature", "retries", "retryDelayMs", "timeoutMs"] as const),
  ...(["concurrency", "requestsPerMinute", "tokensPerMinute", "capabilities"] as const),
];

/** A model that is ready. */
export interface Connection {
  /** m as the server or the file says it; undefined where neither does. */
  readonly size?: number | undefined;
  generate(request: ModelRequest): Promise<ModelResponse>;
  close?(): Promise<void>;
}

/** What is particular to one adapter. */
export interface Adapter<O extends AdapterOptions> {
  readonly provider: string;
  readonly name: string;
  readonly options: O;
  /** Keys of options beside those of `AdapterOptions`. */
  readonly keys?: readonly string[];
  /** Parameters to keep with the campaign, beside those of `AdapterOptions`. Never a secret. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Calls in flight where the user sets no limit. */
  readonly concurrency: number;
  /** Whether only `connect` can tell the size. */
  readonly asksForSize?: boolean;
  /** Throws a ModelError that says how to mend it. */
  connect(context: PrepareContext): Promise<Connection>;
}

/** Makes a model of an adapter. It connects in `prepare`, or at its first call. */
export function adapt<O extends AdapterOptions>(adapter: Adapter<O>): Model {
  const { provider, name, options } = adapter;
  const where = `${provider} model '${name}'`;
  if (typeof name !== "string" || name === "")
    throw new UsageError(`${provider}: expected the name of a model`);
  checkKeys(where, options, [...adapterKeys, ...(adapter.keys ?? [])]);
  checkNumbers(where, options);
  if (options.size !== undefined) checkSize(where, options.size);
  checkPolicy(where, options);
  const { size, price, maxTokens, temperature, ...rest } = options;
  const { retries, retryDelayMs, timeoutMs, requestsPerMinute, tokensPerMinute, capabilities } = rest;
  const limits = { retries, retryDelayMs, timeoutMs, requestsPerMinute, tokensPerMinute };
  const calls: CallPolicy = {
    concurrency: rest.concurrency ?? adapter.concurrency,
    ...(parametersOf(limits) as CallPolicy),
  };
  const parameters: Parameters = parametersOf({ ...adapter.parameters, temperature, maxTokens });
  const withDefaults = (request: ModelRequest): ModelRequest => ({
    ...request,
    maxTokens: request.maxTokens ?? maxTokens,
    temperature: request.temperature ?? temperature,
  });
  const fixed = {
    name,
    provider,
    isDeterministic: false,
    parameters,
    calls,
    ...(price === undefined ? {} : { price }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(capabilities === undefined ? {} : { capabilities: checkCapabilities(where, capabilities) }),
  };
  const ready = async (context: PrepareContext): Promise<Model> => {
    const connection = await adapter.connect(context);
    return Object.freeze({
      ...fixed,
      size: size ?? connection.size ?? 1,
      generate: async (request: ModelRequest) => connection.generate(withDefaults(request)),
      ...(connection.close === undefined ? {} : { close: () => connection.close?.() ?? Promise.resolve() }),
    });
  };
  let lazily: Promise<Model> | undefined;
  return Object.freeze({
    ...fixed,
    size: size ?? (adapter.asksForSize ? Number.NaN : 1),
    prepare: ready,
    generate: async (request: ModelRequest) => {
      lazily ??= ready({ environment: {}, signal: request.signal ?? new AbortController().signal });
      lazily.catch(() => {
        lazily = undefined; // the next call tries again
      });
      return (await lazily).generate(request);
    },
    close: async () => (await lazily?.catch(() => undefined))?.close?.(),
  });
}

/** Checks the numbers that an adapter's options and a model have in common. */
function checkNumbers(
  where: string,
  { price, maxTokens, temperature }: Pick<Model, "price" | "maxTokens" | "temperature">,
): void {
  if (maxTokens !== undefined) checkWhole(`${where}: maxTokens`, maxTokens, 1);
  if (temperature !== undefined) checkBetween(`${where}: temperature`, temperature, 0, 100);
  if (price !== undefined) checkPrice(`${where}: price`, price);
}

function checkSize(where: string, size: number): void {
  checkBetween(`${where}: size`, size, Number.MIN_VALUE, Number.MAX_VALUE);
}

/** Checks a price that a user gave. */
export function checkPrice(where: string, price: UsdPrice): UsdPrice {
  checkKeys(where, price, ["usdPerMillionInputTokens", "usdPerMillionOutputTokens", "asOf"]);
  for (const key of ["usdPerMillionInputTokens", "usdPerMillionOutputTokens"] as const) {
    checkBetween(`${where}.${key}`, price[key], 0, Number.MAX_VALUE);
  }
  if (price.asOf !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(price.asOf)) {
    throw new UsageError(`${where}.asOf must be a date such as 2026-11-22, got ${String(price.asOf)}`);
  }
  return price;
}

/** Checks a call policy that a user gave. */
function checkPolicy(where: string, policy: CallPolicy): void {
  const { retries, retryDelayMs, timeoutMs, concurrency, requestsPerMinute, tokensPerMinute } = policy;
  if (retries !== undefined) checkWhole(`${where}: retries`, retries, 0);
  if (retryDelayMs !== undefined) checkBetween(`${where}: retryDelayMs`, retryDelayMs, 0, 600_000);
  if (timeoutMs !== undefined) checkBetween(`${where}: timeoutMs`, timeoutMs, 1, longestTimerMs);
  if (concurrency !== undefined) checkWhole(`${where}: concurrency`, concurrency, 1);
  if (requestsPerMinute !== undefined) checkWhole(`${where}: requestsPerMinute`, requestsPerMinute, 1);
  if (tokensPerMinute !== undefined) checkWhole(`${where}: tokensPerMinute`, tokensPerMinute, 1);
}

/** Checks a model that a user gave, of whatever origin. */
export function checkModel(where: string, model: Model): Model {
  const { name, provider, size, isDeterministic, generate, calls, capabilities, voting } = model;
  const wrong =
    typeof name !== "string" || name === ""
      ? "a name"
      : typeof provider !== "string" || provider === ""
        ? "a provider"
        : typeof generate !== "function"
          ? "a function generate(request)"
          : typeof isDeterministic !== "boolean"
            ? "isDeterministic, true or false"
            : undefined;
  if (wrong !== undefined) {
    const made = Array.isArray(model) ? "a list; for several models write ensemble([...])" : "none";
    throw new UsageError(`${where} needs ${wrong}, got ${made}`);
  }
  const whose = `${where} '${name}'`;
  // NaN: only prepare can tell.
  if (!Number.isNaN(size)) checkSize(whose, size);
  checkNumbers(whose, model);
  if (calls !== undefined) checkPolicy(whose, calls);
  if (capabilities !== undefined) checkCapabilities(whose, capabilities);
  if (voting !== undefined) {
    checkWhole(`${whose}: voting.lead`, voting.lead, 1);
    checkWhole(`${whose}: voting.mostCalls`, voting.mostCalls, voting.lead);
  }
  return model;
}

/** Imports an optional package; where it is missing, says how to install it. */
export async function importPeer<T>(
  load: () => Promise<T>,
  { name, need, install }: { readonly name: string; readonly need: string; readonly install: string },
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (isMissing(cause, name)) {
      throw new ModelError(`${need} needs the package ${name}, which is not installed; run: ${install}`, {
        isFatal: true,
        cause,
      });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(`Package ${name} cannot be loaded: ${reason}`, { isFatal: true, cause });
  }
}

/** Whether an error says that this very package is not installed. */
export function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const isAbout = error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
  return isAbout && error.message.includes(`'${name}'`);
}

/** Rejects what is no list of names. */
function checkCapabilities(where: string, names: unknown): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === "string" && name !== "")) return names;
  throw new UsageError(`${where}: capabilities must be a list of names, got ${JSON.stringify(names)}`);
}
