/** The meter: wraps a model so that every call is budgeted before it starts and recorded when it ends. */
import {
  abortable,
  type Budget,
  type CallRecord,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  primitiveCost,
  type Reservation,
  type Role,
} from "../core/index.ts";
import { countRequestTokens, countTokens } from "./tokenizer.ts";

/** What the meter needs beside the model. */
export interface MeterOptions {
  readonly role: Role;
  /** The seed for the next request that names none: a whole number from 0 to 2^31 - 1. */
  nextSeed(): number;
  /** All of them must have room for a call. */
  readonly budgets: readonly Budget[];
  /** Called once for each call, before its answer is given to anyone. */
  record(call: CallRecord): void;
  readonly signal: AbortSignal;
}

/** Wraps a model; the wrapped `generate` throws ModelError, BudgetExhausted or the signal's reason. */
export function meter(model: Model, options: MeterOptions): Model {
  return { ...model, generate: (request) => generate(model, request, options) };
}

async function generate(model: Model, asked: ModelRequest, options: MeterOptions): Promise<ModelResponse> {
  const { role, signal } = options;
  const { system, messages, temperature, stop } = asked;
  const seed = asked.seed ?? options.nextSeed();
  const { reservations, maxTokens } = await reserve(model, asked, options);
  const request: ModelRequest = { system, messages, maxTokens, temperature, seed, stop, signal };
  const settle = (cost: number) => {
    for (const reservation of reservations) reservation.settle(cost);
  };
  const startedAt = performance.now();
  const attempt = 1;
  let response: ModelResponse;
  try {
    const answer = model.generate(request);
    response = await (model.isDeterministic ? answer : abortable(answer, signal));
  } catch (cause) {
    settle(0);
    const latencyMs = performance.now() - startedAt;
    const error = cause instanceof Error ? cause.message : String(cause);
    const outcome = signal.aborted ? "aborted" : "error";
    const nothing = { text: undefined, inputTokens: undefined, outputTokens: undefined, isEstimated: false };
    options.record({ role, model, request, ...nothing, latencyMs, attempt, outcome, error });
    signal.throwIfAborted();
    throw new ModelError(`Model '${model.name}' of provider ${model.provider} failed: ${error}`, { cause });
  }
  const latencyMs = performance.now() - startedAt;
  const { text, stopReason } = response;
  const inputTokens = response.inputTokens ?? countRequestTokens(request);
  const outputTokens = response.outputTokens ?? countTokens(text);
  const isEstimated = response.inputTokens === undefined || response.outputTokens === undefined;
  const outcome = stopReason === "stop" ? "ok" : stopReason;
  settle(primitiveCost({ modelSize: model.size, inputTokens, outputTokens }));
  // Written out: the engine makes one of these for every candidate.
  options.record({
    role,
    model,
    request,
    text,
    inputTokens,
    outputTokens,
    isEstimated,
    latencyMs,
    attempt,
    outcome,
    error: undefined,
  });
  return response;
}

/** Sets room aside in every budget; the smallest of their token limits and the asked one is to be sent. */
async function reserve(model: Model, asked: ModelRequest, { budgets, signal }: MeterOptions) {
  const reservations: Reservation[] = [];
  let maxTokens = asked.maxTokens;
  try {
    const inputTokens = budgets.some((budget) => budget.isCostLimited) ? countRequestTokens(asked) : 0;
    const need = { modelSize: model.size, inputTokens, maxTokens: asked.maxTokens };
    for (const budget of budgets) {
      const room = budget.reserve(need);
      const reservation = room instanceof Promise ? await room : room;
      reservations.push(reservation);
      maxTokens = least(maxTokens, reservation.maxTokens);
    }
    signal.throwIfAborted(); // while it waited for room
  } catch (error) {
    for (const reservation of reservations) reservation.cancel();
    throw error;
  }
  return { reservations, maxTokens };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
