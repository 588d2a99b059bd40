/** Several evaluations of one solution as one. */
import type { Evaluation } from "../core/index.ts";

/**
 * The mean of repeated evaluations: fitness and metrics are means, with the number of repeats and the standard
 * error of the mean fitness (0 to infinity; from the sample variance); texts and indexes are those of the
 * first. The first failure stands for all. One evaluation stays as it is.
 */
export function meanEvaluation(all: readonly Evaluation[]): Evaluation {
  const [first] = all;
  if (first === undefined) throw new RangeError("Expected at least one evaluation");
  if (all.length === 1) return first;
  const fitnesses: number[] = [];
  const metrics = new Map<string, number[]>();
  for (const evaluation of all) {
    if (evaluation.status === "failed") return evaluation;
    fitnesses.push(evaluation.fitness);
    for (const [name, value] of Object.entries(evaluation.metrics ?? {})) {
      metrics.set(name, [...(metrics.get(name) ?? []), value]);
    }
  }
  const fitness = mean(fitnesses);
  const squares = fitnesses.reduce((sum, value) => sum + (value - fitness) ** 2, 0);
  const standardError = Math.sqrt(squares / (all.length - 1) / all.length);
  return {
    ...first,
    status: "ok",
    fitness,
    ...(metrics.size === 0
      ? {}
      : { metrics: Object.fromEntries([...metrics].map(([name, values]) => [name, mean(values)])) }),
    repeats: { count: all.length, standardError },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
