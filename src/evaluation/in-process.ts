/** Evaluates trusted problems in this process. */
import type { Evaluation, Genome, Instance } from "../core/index.ts";

/** Scores a genome; an evaluator that throws, or a fitness that is no number, is a failed evaluation. */
export async function evaluateInProcess(
  instance: Instance,
  genome: Genome,
  signal: AbortSignal,
): Promise<Evaluation> {
  try {
    const pending = instance.evaluate(genome, signal);
    const evaluation = pending instanceof Promise ? await pending : pending;
    if (evaluation.status === "ok" && !Number.isFinite(evaluation.fitness)) {
      const feedback = `expected a finite fitness, got ${String(evaluation.fitness)}`;
      return { status: "failed", reason: "invalid", feedback };
    }
    return evaluation;
  } catch (error) {
    signal.throwIfAborted();
    const feedback = error instanceof Error ? error.message : String(error);
    return { status: "failed", reason: "crash", feedback };
  }
}
