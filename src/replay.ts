/** Replay: recorded answers in the place of models, so that a live run can be repeated without them, bit for bit. */
import { type CallRecord, type Model, ModelError, UsageError } from "./core/index.ts";
import { EndOfReplay, type RunReplay } from "./engine.ts";
import type { MeterOptions } from "./llm/meter.ts";
import type { RecordedCall, RunRecording } from "./store/index.ts";

/** Makes a run take its paid answers from a recording. */
export function replayOf(recording: RunRecording): RunReplay {
  return {
    lastSequence: recording.lastSequence,
    stop: { reason: recording.stopReason, detail: recording.stopDetail },
    isUnfinished: (sequence) => recording.isUnfinished(sequence),
    meter: (model, options, sequence) => replay(model, options, recording, sequence),
  };
}

/** In the place of the meter: what was recorded is recorded again, failures and repeated tries included. */
function replay(model: Model, options: MeterOptions, recording: RunRecording, sequence: number): Model {
  const { role, nextSeed, budgets } = options;
  return {
    ...model,
    async generate(asked) {
      const tries = recording.take(sequence, role, { ...asked, seed: asked.seed ?? nextSeed() });
      const last = tries?.at(-1);
      if (tries === undefined || last === undefined) throw whyNone(recording, role, sequence);
      for (const one of tries) {
        const { inputTokens, outputTokens } = one;
        if (inputTokens !== null && outputTokens !== null) {
          const need = { modelSize: model.size, price: model.price, inputTokens, maxTokens: outputTokens };
          for (const budget of budgets) budget.count(need, { inputTokens, outputTokens });
        }
        options.record(recordOf(model, role, one));
      }
      const { outcome, response, error } = last;
      if (outcome === "error" || outcome === "aborted") {
        if (recording.isUnfinished(sequence) && !recording.hasMore(sequence)) throw new EndOfReplay();
        throw new ModelError(`Model '${model.name}' of provider ${model.provider} failed: ${error ?? ""}`);
      }
      const { text = "", inputTokens, outputTokens } = recordOf(model, role, { ...last, response });
      const stopReason = outcome === "ok" ? "stop" : outcome;
      return { text, stopReason, inputTokens, outputTokens, raw: undefined };
    },
  };
}

function recordOf(model: Model, role: CallRecord["role"], recorded: RecordedCall): CallRecord {
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

/** A call that was not made then ends the run now as it did then; another request means another campaign. */
function whyNone(recording: RunRecording, role: CallRecord["role"], sequence: number): Error {
  if (recording.isUnfinished(sequence) && !recording.hasMore(sequence)) return new EndOfReplay();
  return new UsageError(
    `Candidate ${sequence} asks the ${role} for something that the recording does not hold: the campaign, its ` +
      "prompts or this Allele have changed since; replay with what it was recorded with",
  );
}
