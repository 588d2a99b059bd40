/** Checks that what an evaluator returns is an evaluation: evaluators are not type-checked. */
import type { Evaluation, FailureReason } from "../core/index.ts";

const failureReasons: readonly FailureReason[] = [
  "syntax",
  "timeout",
  "memory",
  "crash",
  "invalid",
  "forbidden",
];

/** Says in what an evaluator's result is no evaluation; undefined when it is one. */
export function findFault(result: Evaluation, componentCount: number): string | undefined {
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
  const { fitness, metrics, improvable, componentFeedback } = result;
  if (!Number.isFinite(fitness)) return `expected a finite fitness, got ${String(fitness)}`;
  for (const [name, value] of Object.entries(metrics ?? {})) {
    if (!Number.isFinite(value)) return `expected metric ${name} to be a finite number, got ${String(value)}`;
  }
  const isIndex = (index: unknown) =>
    Number.isInteger(index) && Number(index) >= 0 && Number(index) < componentCount;
  for (const [index, text] of Object.entries(componentFeedback ?? {})) {
    if (!isIndex(Number(index)) || typeof text !== "string") {
      return `expected component indexes and texts in componentFeedback, got ${index}: ${typeof text}`;
    }
  }
  if (improvable === undefined) return undefined;
  if (!Array.isArray(improvable)) return `expected improvable to be a list, got ${typeof improvable}`;
  const odd = improvable.find((index) => !isIndex(index));
  return odd === undefined ? undefined : `expected component indexes in improvable, got ${String(odd)}`;
}
