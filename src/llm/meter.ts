/** The meter: wraps a model so that every call is budgeted before it starts and recorded when it ends. */
import {
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
  const { role, budgets, record, signal } = options;
  let request: ModelRequest = { ...asked, seed: asked.seed ?? options.nextSeed(), signal };
  const reservations: Reservation[] = [];
  const settle = (cost: number) => {
    for (const reservation of reservations.splice(0)) reservation.settle(cost);
  };
  try {
    const inputTokens = budgets.some((budget) => budget.isCostLimited) ? countRequestTokens(request) : 0;
    for (const budget of budgets) {
      const need = { modelSize: model.size, inputTokens, maxTokens: request.maxTokens };
      const reservation = await budget.reserve(need);
      reservations.push(reservation);
      if (reservation.maxTokens !== undefined) request = { ...request, maxTokens: reservation.maxTokens };
    }
  } catch (error) {
    settle(0);
    throw error;
  }
  const started = performance.now();
  const call = { role, model, request, attempt: 1 };
  let response: ModelResponse;
  try {
    response = await model.generate(request);
  } catch (error) {
    settle(0);
    const message = error instanceof Error ? error.message : String(error);
    record({
      ...call,
      text: undefined,
      inputTokens: undefined,
      outputTokens: undefined,
      isEstimated: false,
      latencyMs: performance.now() - started,
      outcome: signal.aborted ? "aborted" : "error",
      error: message,
    });
    signal.throwIfAborted();
    throw new ModelError(`Model '${model.name}' of provider ${model.provider} failed: ${message}`, {
      cause: error,
    });
  }
  const inputTokens = response.inputTokens ?? countRequestTokens(request);
  const outputTokens = response.outputTokens ?? countTokens(response.text);
  settle(primitiveCost({ modelSize: model.size, inputTokens, outputTokens }));
  record({
    ...call,
    text: response.text,
    inputTokens,
    outputTokens,
    isEstimated: response.inputTokens === undefined || response.outputTokens === undefined,
    latencyMs: performance.now() - started,
    outcome: response.stopReason === "stop" ? "ok" : response.stopReason,
    error: undefined,
  });
  return response;
}
