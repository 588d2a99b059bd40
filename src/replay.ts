/** Replay: recorded answers in the place of models, so that a live run can be repeated without them, bit for bit. */
import { abortable, type CallRecord, type Model, ModelError, UsageError } from "./core/index.ts";
import { EndOfReplay, type RunReplay } from "./engine.ts";
import type { MeterOptions } from "./llm/meter.ts";
import type { RecordedCall, RunRecording } from "./store/index.ts";

/** How long a call waits for those that ended before it: no longer, since a changed campaign may not make them. */
const patienceMs = 10_000;

/** Makes a run take its paid answers from a recording; `reuseAnswers` as in the run that was recorded. */
export function replayOf(recording: RunRecording, { reuseAnswers = false } = {}): RunReplay {
  const turns = new Turns();
  return {
    lastSequence: recording.lastSequence,
    stop: { reason: recording.stopReason, detail: recording.stopDetail },
    isUnfinished: (sequence) => recording.isUnfinished(sequence),
    meter: (model, options, sequence) => ({
      ...model,
      async generate(asked) {
        // At temperature 0, an answer that is used again has drawn no seed.
        const isSeedless = asked.temperature === 0;
        const request = isSeedless ? asked : { ...asked, seed: asked.seed ?? options.nextSeed() };
        const taken = recording.take(sequence, options.role, request);
        if (taken === undefined) {
          const reused = reuseAnswers ? recording.find(model, request)?.at(-1) : undefined;
          if (reused !== undefined && !recording.isUnfinished(sequence)) return answerOf(model, reused);
          await turns.wait(sequence, recording.callCount(sequence), options.signal);
          if (reused !== undefined && reused.outcome !== "aborted") return answerOf(model, reused);
          throw whyNone(recording, options.role, sequence);
        }
        if (isSeedless && asked.seed === undefined) options.nextSeed();
        await turns.wait(sequence, taken.place, options.signal);
        for (const one of taken.tries) repeat(model, one, options);
        turns.next(sequence);
        const last = taken.tries.at(-1);
        if (last?.outcome === "aborted") {
          await turns.wait(sequence, recording.callCount(sequence), options.signal);
          throw new EndOfReplay();
        }
        return answerOf(model, last);
      },
    }),
  };
}
