/** Evaluates trusted problems in this process. */
import { abortable, type Evaluation, type FailureReason, type Genome, type Instance } from "../core/index.ts";

const failureReasons: readonly FailureReason[] = [
  "syntax",
  "timeout",
  "memory",
  "crash",
  "invalid",
  "forbidden",
];

/**
 * Scores a genome. An evaluator that throws is a failed evaluation (`crash`), and so is one that returns no
 * evaluation (`invalid`). Throws the signal's reason when it is aborted first.
 */
export async function evaluateInProcess(
  instance: Instance,
  genome: Genome,
  signal: AbortSignal,
): Promise<Evaluation> {
  let evaluation: Evaluation;
  try {
    const pending = instance.evaluate(genome, signal);
    evaluation = pending instanceof Promise ? await abortable(pending, signal) : pending;
  } catch (error) {
    signal.throwIfAborted();
    const feedback = error instanceof Error ? error.message : String(error);
    return { status: "failed", reason: "crash", feedback };
  }
  const fault = findFault(evaluation, genome.length);
  return fault === undefined ? evaluation : { status: "failed", reason: "invalid", feedback: fault };
}

/** Says in what an evaluator's result is no evaluation; undefined when it is one. Evaluators are not type-checked. */
function findFault(result: Evaluation, componentCount: number): string | undefined {
  if (typeof result !== "object" || result === null) return `expected an evaluation, got ${String(result)}`;
  const { status, feedback } = result;
  if (feedback !== undefined && typeof feedback !== "string") {
    return `expected feedback to be text, got ${typeof feedback}`;
  }
  if (status === "failed") {
    if (failureReasons.includes(result.reason)) return undefined;
    return `expected one of the reasons ${failureReasons.join(", ")}, got ${String(result.reason)}`;
  }
  if (status !== "ok") return `expected status ok or failed, got ${String(status)}`;
  const { fitness, metrics, improvable } = result;
  if (!Number.isFinite(fitness)) return `expected a finite fitness, got ${String(fitness)}`;
  for (const [name, value] of Object.entries(metrics ?? {})) {
    if (!Number.isFinite(value)) return `expected metric ${name} to be a finite number, got ${String(value)}`;
  }
  if (improvable === undefined) return undefined;
  if (!Array.isArray(improvable)) return `expected improvable to be a list, got ${typeof improvable}`;
  const odd = improvable.find((index) => !Number.isInteger(index) || index < 0 || index >= componentCount);
  return odd === undefined ? undefined : `expected component indexes in improvable, got ${String(odd)}`;
}
