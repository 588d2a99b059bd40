/** Means of costs at each size, with intervals, from the censored gamma model. */
import { cellLikelihood, cellMaximum, hasSolved, type Observation, toCells } from "./cell.ts";
import type { MeanEstimate } from "./comparison.ts";
import { studentQuantile } from "./numeric/distributions.ts";
import type { RunRow } from "./rows.ts";
import { fitShape } from "./shape.ts";

/** The mean at one size on the log scale. */
export interface CellMean {
  readonly size: number;
  readonly runs: number;
  readonly solved: number;
  readonly logMean: number;
  /** Variance of `logMean`; undefined where no size has two solved runs to measure a spread. */
  readonly logVariance: number | undefined;
  /** Solved runs minus sizes, of all sizes together. */
  readonly degreesOfFreedom: number;
}

/** The mean at each size that has a solved run, by ascending size. */
export function estimateMeans(observations: readonly Observation[]): readonly CellMean[] {
  const cells = toCells(observations);
  const solved = cells.filter(hasSolved);
  const shapeModel = fitShape(cells);
  if (!shapeModel) return [];
  const degreesOfFreedom = solved.reduce((sum, cell) => sum + cell.solved - 1, 0);
  return solved.map((cell) => {
    const shape = shapeModel.shapeOf(cell);
    const logMean = cellMaximum(cell, shape);
    const { information } = cellLikelihood(cell, logMean, shape);
    const logVariance = degreesOfFreedom > 0 && information > 0 ? 1 / information : undefined;
    return { size: cell.size, runs: cell.runs, solved: cell.solved, logMean, logVariance, degreesOfFreedom };
  });
}

/** The mean and its t interval on the log scale; bounds are undefined for a single run. */
export function toMeanEstimate(cell: CellMean): MeanEstimate {
  const margin =
    cell.logVariance === undefined || cell.runs < 2
      ? Number.NaN
      : studentQuantile(0.975, cell.degreesOfFreedom) * Math.sqrt(cell.logVariance);
  const low = Math.exp(cell.logMean - margin);
  const high = Math.exp(cell.logMean + margin);
  const isKnown = Number.isFinite(low) && Number.isFinite(high);
  return {
    mean: Math.exp(cell.logMean),
    low: isKnown ? low : undefined,
    high: isKnown ? high : undefined,
  };
}

/**
 * Observations of a cost over runs, fit for a gamma model, which has no zeros. A run that met its target before
 * any call counts as one call, at the mean cost per call of its size. Sizes at which nothing cost anything are
 * left out.
 */
export function positiveObservations(
  runs: readonly RunRow[],
  measure: (run: RunRow) => number,
  callsOf: (run: RunRow) => number,
): readonly Observation[] {
  const sums = new Map<number, { value: number; calls: number }>();
  for (const run of runs) {
    const sum = sums.get(run.size) ?? { value: 0, calls: 0 };
    sums.set(run.size, { value: sum.value + measure(run), calls: sum.calls + callsOf(run) });
  }
  return runs.flatMap((run): Observation[] => {
    const { value = 0, calls = 0 } = sums.get(run.size) ?? {};
    const own = measure(run);
    if (value <= 0) return [];
    const isFree = own <= 0 && run.isSolved;
    return [{ size: run.size, value: isFree ? value / Math.max(1, calls) : own, isCensored: !run.isSolved }];
  });
}
