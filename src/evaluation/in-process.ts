/** Evaluates trusted problems in this process. */
import { abortable, type EvaluateFunction, type Evaluation, type Genome } from "../core/index.ts";
import { findFault } from "./check-evaluation.ts";

/**
 * Scores a genome. An evaluator that throws is a failed evaluation (`crash`), and so is one that returns no
 * evaluation (`invalid`). Answers at once when the evaluator does; else rejects with the signal's reason when
 * it is aborted first.
 */
export function evaluateInProcess(
  evaluate: EvaluateFunction,
  genome: Genome,
  signal: AbortSignal,
  repeat = 0,
): Evaluation | Promise<Evaluation> {
  const check = (evaluation: Evaluation): Evaluation => {
    const fault = findFault(evaluation, genome.length);
    return fault === undefined ? evaluation : { status: "failed", reason: "invalid", feedback: fault };
  };
  const fail = (error: unknown): Evaluation => {
    signal.throwIfAborted();
    const feedback = error instanceof Error ? error.message : String(error);
    return { status: "failed", reason: "crash", feedback };
  };
  try {
    const pending = evaluate(genome, signal, repeat);
    return pending instanceof Promise ? abortable(pending, signal).then(check, fail) : check(pending);
  } catch (error) {
    return fail(error);
  }
}
