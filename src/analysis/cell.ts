/**
 * A cell: all runs of one strategy at one size, reduced to what the censored gamma likelihood needs.
 *
 * Model: the cost to target at size k is gamma distributed with mean `mu = exp(logMean)` and shape `alpha(k)`.
 * Unlike a fit of log costs this targets the arithmetic mean, which is what "expected cost" means.
 */
import { logGamma, logUpperGamma } from "./numeric/special.ts";

/** One run's cost; censored when the target was not met, so that the true cost exceeds the value. */
export interface Observation {
  readonly size: number;
  readonly value: number;
  readonly isCensored: boolean;
}

/** All observations at one size. */
export interface Cell {
  readonly size: number;
  readonly runs: number;
  /** Runs that met the target; the others are censored. */
  readonly solved: number;
  /** Mean cost of the solved runs; undefined without any. */
  readonly solvedMean: number | undefined;
  /** Total cost of all runs over the number of solved ones (ERT); undefined without any. */
  readonly expectedRunTime: number | undefined;
  readonly largest: number;
  /** Sum of `log(cost / solvedMean)` over solved runs, at most 0. */
  readonly logDeviation: number;
  /** Sum of `(cost / solvedMean - 1)^2` over solved runs. */
  readonly squaredDeviation: number;
  /** Distinct budgets at which runs were censored, with how many runs each. */
  readonly censored: readonly { readonly value: number; readonly count: number }[];
}

/** A cell with at least one solved run. */
export interface SolvedCell extends Cell {
  readonly solvedMean: number;
  readonly expectedRunTime: number;
}

/** Whether a cell has a solved run. */
export function hasSolved(cell: Cell): cell is SolvedCell {
  return cell.solved > 0;
}

/** Groups observations into cells by ascending size. Solved values must be positive. */
export function toCells(observations: readonly Observation[]): readonly Cell[] {
  const bySize = new Map<number, Observation[]>();
  for (const observation of observations) {
    const group = bySize.get(observation.size);
    if (group) group.push(observation);
    else bySize.set(observation.size, [observation]);
  }
  return [...bySize].sort(([left], [right]) => left - right).map(([size, group]) => toCell(size, group));
}

function toCell(size: number, group: readonly Observation[]): Cell {
  const values = group.filter((one) => !one.isCensored).map((one) => one.value);
  const solved = values.length;
  const total = group.reduce((sum, one) => sum + one.value, 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / solved;
  const counts = new Map<number, number>();
  for (const { isCensored, value } of group) {
    // A run that was stopped before it spent anything says nothing about the cost.
    if (isCensored && value > 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return {
    size,
    runs: group.length,
    solved,
    solvedMean: solved > 0 ? mean : undefined,
    expectedRunTime: solved > 0 ? total / solved : undefined,
    largest: group.reduce((largest, one) => Math.max(largest, one.value), 0),
    logDeviation: values.reduce((sum, value) => sum + Math.log(value / mean), 0),
    squaredDeviation: values.reduce((sum, value) => sum + (value / mean - 1) ** 2, 0),
    censored: [...counts].map(([value, count]) => ({ value, count })),
  };
}

/** The likelihood of a cell at one mean, as a function of the log mean. */
export interface CellLikelihood {
  readonly logLikelihood: number;
  /** First derivative with respect to the log mean. */
  readonly score: number;
  /** Negative second derivative with respect to the log mean. */
  readonly information: number;
}

/**
 * The censored gamma likelihood of a cell with mean `exp(logMean)` and the given shape, without the terms
 * that depend on neither. With `x = shape * budget / mean` and the hazard
 * `h = x^shape e^-x / (Gamma(shape) Q(shape, x))`, a censored run adds `log Q`, score `h` and information
 * `h (shape - x + h)`; solved runs add score `shape * sum(cost) / mean - shape * solved`.
 */
export function cellLikelihood(cell: Cell, logMean: number, shape: number): CellLikelihood {
  let logLikelihood = 0;
  let score = 0;
  let information = 0;
  if (cell.solvedMean !== undefined) {
    // Written around the cell's own mean, so that no digits are lost when the shape is very large.
    const offset = Math.log(cell.solvedMean) - logMean;
    logLikelihood =
      cell.solved * (shape * Math.log(shape) - shape - logGamma(shape)) +
      shape * (cell.logDeviation + cell.solved * (offset - Math.expm1(offset)));
    score = shape * cell.solved * Math.expm1(offset);
    information = shape * cell.solved * Math.exp(offset);
  }
  for (const { value, count } of cell.censored) {
    const x = (shape * value) / Math.exp(logMean);
    const logTail = logUpperGamma(shape, x);
    const hazard = Math.exp(shape * Math.log(x) - x - logGamma(shape) - logTail);
    logLikelihood += count * logTail;
    score += count * hazard;
    information += count * Math.max(0, hazard * (shape - x + hazard));
  }
  return { logLikelihood, score, information };
}

/**
 * The log mean that maximizes the likelihood of one cell: the arithmetic mean when nothing is censored,
 * otherwise by Newton's method from the ERT.
 */
export function cellMaximum(cell: SolvedCell, shape: number): number {
  if (cell.censored.length === 0) return Math.log(cell.solvedMean);
  let logMean = Math.log(cell.expectedRunTime);
  for (let iteration = 0; iteration < 50; iteration++) {
    const { score, information } = cellLikelihood(cell, logMean, shape);
    if (!(information > 1e-12)) break;
    const step = Math.max(-1, Math.min(1, score / information));
    logMean += step;
    if (Math.abs(step) < 1e-9) break;
  }
  return logMean;
}
