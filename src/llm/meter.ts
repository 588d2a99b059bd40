/**
 * The meter: wraps a model so that every try of every call waits for its turn, is budgeted before it starts and
 * recorded when it ends, and is repeated where that may help.
 */
import {
  AlleleError,
  abortable,
  type Budget,
  CallChain,
  type CallRecord,
  type CallUse,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type Reservation,
  type Role,
  UsageError,
  usualOutputTokens,
} from "../core/index.ts";
import type { Limiter } from "./limiter.ts";
import { longestRetryAfterMs, retry } from "./retry.ts";
import { countRequestTokens, countTokens, mostRequestTokens } from "./tokenizer.ts";

/** What the meter needs beside the model. */
export interface MeterOptions {
  readonly role: Role;
  /** The seed for the next request that names none: a whole number from 0 to 2^31 - 1. */
  nextSeed(): number;
  /** All of them must have room for a call. */
  readonly budgets: readonly Budget[];
  /** Whose turn it is, shared by all who call this model; undefined: everyone's. */
  readonly limiter?: Limiter | undefined;
  /** The calls of the candidate so far; undefined: this one stands alone. */
  readonly chain?: CallChain | undefined;
  /** Called once for each try, before its answer is given to anyone. */
  record(call: CallRecord): void;
  readonly signal: AbortSignal;
  /** Called when a call failed and is tried again after so many milliseconds. */
  onWait?: ((ms: number, error: ModelError) => void) | undefined;
}

/** What a deterministic model costs that has no price. */
const free = { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 };
const defaultRetries = 4;
const defaultRetryDelayMs = 1000;
const defaultTimeoutMs = 600_000;
/** How long an adapter may take, after an abort, to say what had come of the answer. */
const graceMs = 250;

/** Wraps a model; the wrapped `generate` throws ModelError, BudgetExhausted or the signal's reason. */
export function meter(model: Model, options: MeterOptions): Model {
  if (!(model.size > 0)) {
    throw new UsageError(
      `The size m of model '${model.name}' is not known yet: call 'await model.prepare(...)' first, or give size`,
    );
  }
  const generate = (asked: ModelRequest): Promise<ModelResponse> => {
    const seeded = { ...asked, seed: asked.seed ?? options.nextSeed() };
    // A deterministic model would fail again in the same way.
    const turn = { options, behind: options.chain?.cost ?? 0 };
    return model.isDeterministic ? tryInTurn(model, seeded, 1, turn) : tryAgain(model, seeded, turn);
  };
  return { ...model, generate };
}

/** One call: its options, and what its next try has to wait for. */
interface Turn {
  readonly options: MeterOptions;
  /** Cost in primitives of the chain of calls before it. */
  behind: number;
}

function tryAgain(model: Model, asked: ModelRequest, turn: Turn): Promise<ModelResponse> {
  const { retries = defaultRetries, retryDelayMs = defaultRetryDelayMs } = model.calls ?? {};
  const { options } = turn;
  const { signal } = options;
  return retry((attempt) => tryInTurn(model, asked, attempt, turn), {
    retries,
    delayMs: retryDelayMs,
    signal,
    ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
  });
}

function tryInTurn(model: Model, asked: ModelRequest, attempt: number, turn: Turn): Promise<ModelResponse> {
  const { limiter } = turn.options;
  return limiter === undefined
    ? tryOnce(model, asked, attempt, turn)
    : tryWithin(limiter, model, asked, attempt, turn);
}

async function tryWithin(
  limiter: Limiter,
  model: Model,
  asked: ModelRequest,
  attempt: number,
  turn: Turn,
): Promise<ModelResponse> {
  const { signal } = turn.options;
  const isRated = model.calls?.tokensPerMinute !== undefined;
  const leave = await limiter.enter(isRated ? likelyTokens(model, asked) : 0, signal);
  let used = 0;
  const count = (tokens: number) => {
    used = tokens;
  };
  try {
    return await tryOnce(model, asked, attempt, turn, count);
  } catch (error) {
    // For longer, nobody waits: each call is to say so, not to stand in line.
    const { retryAfterMs = 0 } = error instanceof ModelError ? error : {};
    if (retryAfterMs > 0 && retryAfterMs <= longestRetryAfterMs) limiter.pause(retryAfterMs);
    throw error;
  } finally {
    leave(used);
  }
}

function likelyTokens(model: Model, asked: ModelRequest): number {
  const inputTokens = countRequestTokens(asked);
  return inputTokens + (asked.maxTokens ?? model.maxTokens ?? usualOutputTokens(inputTokens));
}

async function tryOnce(
  model: Model,
  asked: ModelRequest,
  attempt: number,
  turn: Turn,
  countTokensUsed?: (tokens: number) => void,
): Promise<ModelResponse> {
  const { options } = turn;
  const { role } = options;
  const { system, messages, temperature, seed, stop } = asked;
  const { reservations, maxTokens } = await reserve(model, asked, options);
  const request: ModelRequest = {
    system,
    messages: [...messages], // an operator may go on with its own list
    maxTokens,
    temperature,
    seed,
    stop,
    signal: options.signal,
  };
  const startedAt = performance.now();
  let response: ModelResponse;
  try {
    response = await (model.isDeterministic
      ? model.generate(request)
      : answerInTime(model, request, options));
    // A plugin may answer anything.
    if (typeof response?.text !== "string") throw new ModelError("answered no text", { partialText: "" });
  } catch (cause) {
    if (cause instanceof AlleleError && !(cause instanceof ModelError)) {
      for (const reservation of reservations) reservation.cancel(); // no model was called
      throw cause;
    }
    const latencyMs = performance.now() - startedAt;
    const error = cause instanceof Error ? cause.message : String(cause);
    const failure = cause instanceof ModelError ? cause : undefined;
    const use = useOf(request, failure?.partialText);
    for (const reservation of reservations) reservation.settle(use);
    const chainCost = endTry(turn, model, use);
    countTokensUsed?.((use?.inputTokens ?? 0) + (use?.outputTokens ?? 0));
    options.record({
      ...{ role, model, request, text: failure?.partialText, chainCost, latencyMs, attempt, error },
      ...{ inputTokens: use?.inputTokens, outputTokens: use?.outputTokens, isEstimated: use !== undefined },
      outcome: options.signal.aborted ? "aborted" : "error",
    });
    options.signal.throwIfAborted();
    const { isRetryable, isFatal, retryAfterMs, partialText } = failure ?? {};
    throw new ModelError(`Model '${model.name}' of provider ${model.provider} failed: ${error}`, {
      ...{ isRetryable: isRetryable ?? false, isFatal: isFatal ?? false, retryAfterMs, partialText, cause },
    });
  }
  const latencyMs = performance.now() - startedAt;
  const { text, stopReason } = response;
  const isEstimated = !isCount(response.inputTokens) || !isCount(response.outputTokens);
  const inputTokens = isCount(response.inputTokens) ? response.inputTokens : countRequestTokens(request);
  const outputTokens = isCount(response.outputTokens) ? response.outputTokens : countTokens(text);
  const outcome = stopReason === "stop" ? "ok" : stopReason === "length" ? "length" : "other";
  const use = { inputTokens, outputTokens };
  for (const reservation of reservations) reservation.settle(use);
  const chainCost = endTry(turn, model, use);
  countTokensUsed?.(inputTokens + outputTokens);
  // Written out: the engine makes one of these for every candidate.
  options.record({
    role,
    model,
    request,
    text,
    inputTokens,
    outputTokens,
    isEstimated,
    chainCost,
    latencyMs,
    attempt,
    outcome,
    error: undefined,
  });
  return response;
}

/** Takes a try that ended; returns the cost of the chain of calls up to it. */
function endTry(turn: Turn, model: Model, use: Partial<CallUse> = {}): number {
  const { chain = new CallChain() } = turn.options;
  turn.behind = chain.end(model.size, use, turn.behind);
  return turn.behind;
}

/** Whether a provider gave a number that can be counted with: NaN would end every budget's arithmetic. */
function isCount(tokens: number | undefined): tokens is number {
  return Number.isSafeInteger(tokens) && Number(tokens) >= 0;
}

/** What a failed call used: its prompt and what had come of the answer; undefined when it is not billed. */
function useOf(request: ModelRequest, partialText: string | undefined) {
  if (partialText === undefined) return undefined;
  return { inputTokens: countRequestTokens(request), outputTokens: countTokens(partialText) };
}

/** Waits for the answer no longer than the model's time limit and the run's signal allow. */
async function answerInTime(
  model: Model,
  request: ModelRequest,
  options: MeterOptions,
): Promise<ModelResponse> {
  const timeoutMs = model.calls?.timeoutMs ?? defaultTimeoutMs;
  const own = new AbortController();
  const stop = () => own.abort(options.signal.reason);
  if (options.signal.aborted) stop();
  options.signal.addEventListener("abort", stop, { once: true });
  const late = new ModelError(`no answer within ${timeoutMs / 1000} s`, { isRetryable: true });
  const timer = setTimeout(() => own.abort(late), timeoutMs);
  try {
    const answer = Promise.resolve(model.generate({ ...request, signal: own.signal }));
    try {
      return await abortable(answer, own.signal);
    } catch (error) {
      if (!own.signal.aborted) throw error;
      const partialText = await partialOf(answer);
      if (typeof partialText === "object") return partialText; // the answer came after all, and was paid for
      throw own.signal.reason === late
        ? new ModelError(late.message, { isRetryable: true, partialText })
        : new ModelError("aborted", { partialText });
    }
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", stop);
  }
}

/** What had come of an answer that was aborted, as far as the adapter says so in time; or the whole answer. */
async function partialOf(answer: Promise<ModelResponse>): Promise<ModelResponse | string | undefined> {
  const grace = new AbortController();
  // Not AbortSignal.timeout, with which the process may end before the call is recorded.
  const timer = setTimeout(() => grace.abort(), graceMs);
  try {
    return await abortable(answer, grace.signal);
  } catch (error) {
    // Whoever does not say has been sent the prompt.
    return error instanceof ModelError ? error.partialText : "";
  } finally {
    clearTimeout(timer);
  }
}

/** Sets room aside in every budget; the smallest of their token limits and the asked one is to be sent. */
async function reserve(model: Model, asked: ModelRequest, { budgets, signal }: MeterOptions) {
  const reservations: Reservation[] = [];
  const limit = asked.maxTokens ?? model.maxTokens;
  let maxTokens = limit;
  try {
    const isLimited = budgets.some((budget) => budget.isCostLimited);
    const count = model.isDeterministic ? countRequestTokens : mostRequestTokens;
    const inputTokens = isLimited ? count(asked) : 0;
    const need = {
      modelSize: model.size,
      price: model.price ?? (model.isDeterministic ? free : undefined),
      inputTokens,
      maxTokens: limit,
    };
    for (const budget of budgets) {
      const room = budget.reserve(need, signal);
      const reservation = room instanceof Promise ? await room : room;
      reservations.push(reservation);
      maxTokens = least(maxTokens, reservation.maxTokens);
    }
    signal.throwIfAborted();
  } catch (error) {
    for (const reservation of reservations) reservation.cancel();
    throw error;
  }
  return { reservations, maxTokens };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
