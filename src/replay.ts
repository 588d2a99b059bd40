/** Replay: recorded answers in the place of models, so that a live run can be repeated without them, bit for bit. */
import {
  abortable,
  CallChain,
  type CallRecord,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  UsageError,
} from "./core/index.ts";
import { EndOfReplay, type RunReplay } from "./engine.ts";
import { type MeterOptions, meter } from "./llm/meter.ts";
import type { RecordedCall, RunRecording } from "./store/index.ts";

/** How long a call waits for those that ended before it: no longer, since a changed campaign may not make them. */
const patienceMs = 10_000;
/** The same for a call that is not in the recording: it may be one that a budget refused after its candidate failed. */
const unknownPatienceMs = 500;

/** Makes a run take its paid answers from a recording; `reuseAnswers` as in the run that was recorded. */
export function replayOf(recording: RunRecording, { reuseAnswers = false } = {}): RunReplay {
  const turns = new Turns();
  return {
    lastSequence: recording.lastSequence,
    stop: { reason: recording.stopReason, detail: recording.stopDetail },
    isUnfinished: (sequence) => recording.isUnfinished(sequence),
    hasPaid: recording.hasPaid,
    meter: (model, options, sequence) => ({
      ...model,
      async generate(asked) {
        let behind = options.chain?.cost ?? 0;
        if (model.isDeterministic) {
          const isOver = turns.ended(sequence) >= recording.callCount(sequence);
          return callFree(model, options, asked, { recording, sequence, isOver });
        }
        // At temperature 0, an answer that is used again has drawn no seed.
        const isSeedless = asked.temperature === 0;
        const request = isSeedless ? asked : { ...asked, seed: asked.seed ?? options.nextSeed() };
        const taken = recording.take(sequence, options.role, request);
        if (taken === undefined) {
          const reused = reuseAnswers ? recording.find(model, request)?.at(-1) : undefined;
          if (reused !== undefined && reused.outcome !== "aborted") return answerOf(model, reused);
          const isUnfinished = recording.isUnfinished(sequence);
          const ms = isUnfinished ? patienceMs : unknownPatienceMs;
          await turns.wait(sequence, recording.callCount(sequence), options.signal, ms);
          throw isUnfinished ? new EndOfReplay() : unknownCall(options.role, sequence);
        }
        const most = asked.maxTokens ?? model.maxTokens;
        const sent = taken.tries[0]?.request.maxTokens ?? Number.POSITIVE_INFINITY;
        if (most !== undefined && sent > most) throw unknownCall(options.role, sequence); // budgets only lower it
        if (isSeedless && asked.seed === undefined) options.nextSeed();
        await turns.wait(sequence, taken.place, options.signal);
        for (const one of taken.tries) behind = repeat(model, one, behind, options);
        turns.next(sequence);
        const last = taken.tries.at(-1);
        if (last === undefined || last.outcome === "aborted") throw new EndOfReplay();
        return answerOf(model, last);
      },
    }),
  };
}

/**
 * Lets the calls of a candidate end in the order in which they did: an operator that makes several at once may
 * take the first answer, or draw the seeds of what it asks next in that order.
 */
class Turns {
  /** By candidate, while calls of it are made. */
  readonly #turns = new Map<number, { ended: number; waiting: Map<number, (() => void)[]> }>();

  /** Waits until so many calls of a candidate have ended, or until it is likely that they never will. */
  async wait(sequence: number, place: number, signal: AbortSignal, ms = patienceMs): Promise<void> {
    await new Promise(setImmediate); // whoever got the answer before goes first, as do models that are free
    const turn = this.#turnOf(sequence);
    if (turn.ended >= place) return;
    let timer: NodeJS.Timeout | undefined;
    const woken = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      turn.waiting.set(place, [...(turn.waiting.get(place) ?? []), resolve]);
    });
    await abortable(woken, signal).finally(() => clearTimeout(timer));
    await new Promise(setImmediate);
  }

  /** A call of a candidate has ended. */
  next(sequence: number): void {
    const turn = this.#turnOf(sequence);
    turn.ended += 1;
    for (const wake of turn.waiting.get(turn.ended) ?? []) wake();
    turn.waiting.delete(turn.ended);
  }

  /** How many calls of a candidate have ended. */
  ended(sequence: number): number {
    return this.#turns.get(sequence)?.ended ?? 0;
  }

  #turnOf(sequence: number) {
    const turn = this.#turns.get(sequence) ?? { ended: 0, waiting: new Map<number, (() => void)[]>() };
    this.#turns.set(sequence, turn);
    return turn;
  }
}

interface FreeCallPlace {
  readonly recording: RunRecording;
  readonly sequence: number;
  /** Whether the candidate's paid calls have all ended. */
  readonly isOver: boolean;
}

/**
 * Calls a model that is free among paid ones, if it was called then: what budgets had left depended on which paid
 * calls were in flight.
 */
function callFree(
  model: Model,
  options: MeterOptions,
  asked: ModelRequest,
  { recording, sequence, isOver }: FreeCallPlace,
): Promise<ModelResponse> {
  const { role, budgets, record, nextSeed } = options;
  const then = recording.takeFree(sequence, role);
  if (then === undefined) {
    if (recording.isUnfinished(sequence) && isOver) throw new EndOfReplay();
    // Its answer was used again, or its candidate did not end: it left no row.
    return model.generate({ ...asked, seed: asked.seed ?? (asked.temperature === 0 ? 0 : nextSeed()) });
  }
  const counted = (call: CallRecord) => {
    const { inputTokens = 0, outputTokens = 0 } = call;
    const need = { modelSize: model.size, price: model.price, inputTokens, maxTokens: outputTokens };
    for (const budget of budgets) budget.count(need, { inputTokens, outputTokens });
    record(call);
  };
  const limit = then.outcome === "length" ? { maxTokens: then.outputTokens ?? undefined } : {};
  return meter(model, { ...options, budgets: [], record: counted }).generate({ ...asked, ...limit });
}

/** Records a try again and counts what it used; returns what lies behind the next try. */
function repeat(
  model: Model,
  one: RecordedCall,
  behind: number,
  { role, budgets, record, chain = new CallChain() }: MeterOptions,
): number {
  const { inputTokens, outputTokens } = one;
  if (inputTokens !== null && outputTokens !== null) {
    const need = { modelSize: model.size, price: model.price, inputTokens, maxTokens: outputTokens };
    for (const budget of budgets) budget.count(need, { inputTokens, outputTokens });
  }
  const use = { inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 };
  const chainCost = chain.end(model.size, use, behind);
  record({ ...recordOf(model, role, one), chainCost });
  return chainCost;
}

/** What the last try came to; throws its failure. */
function answerOf(model: Model, last: RecordedCall): ModelResponse {
  const { outcome, response, inputTokens, outputTokens, error } = last;
  if (outcome === "error" || outcome === "aborted") {
    throw new ModelError(`Model '${model.name}' of provider ${model.provider} failed: ${error ?? ""}`);
  }
  return {
    text: response ?? "",
    stopReason: outcome === "ok" ? "stop" : outcome,
    inputTokens: inputTokens ?? undefined,
    outputTokens: outputTokens ?? undefined,
    raw: undefined,
  };
}

function recordOf(
  model: Model,
  role: CallRecord["role"],
  recorded: RecordedCall,
): Omit<CallRecord, "chainCost"> {
  const { request, response, inputTokens, outputTokens, isEstimated, attempt, outcome, error } = recorded;
  return {
    ...{ role, model, request, attempt, outcome },
    text: response ?? undefined,
    inputTokens: inputTokens ?? undefined,
    outputTokens: outputTokens ?? undefined,
    isEstimated: isEstimated === 1,
    latencyMs: 0,
    error: error ?? undefined,
  };
}

/** Another request means another campaign. */
function unknownCall(role: CallRecord["role"], sequence: number): UsageError {
  return new UsageError(
    `Candidate ${sequence} asks the ${role} for something that the recording does not hold: the campaign, its ` +
      "prompts or this Allele have changed since; replay with what it was recorded with",
  );
}
