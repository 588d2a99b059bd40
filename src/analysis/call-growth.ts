/** The growth of one noisy positive quantity, in practice the calls of one role, from cells to evidence. */
import { type Cell, cellLikelihood, cellMaximum, hasSolved } from "./cell.ts";
import { type Challenge, challengeClass, isFarOff, type LackOfFit, testLackOfFit } from "./checks.ts";
import { type ClassFit, fitPower } from "./class-fit.ts";
import { isSameClass } from "./growth-class.ts";
import { studentQuantile } from "./numeric/distributions.ts";
import { type RankedClass, rankClasses } from "./rank-classes.ts";
import { fitShape, type ShapeModel, widenShape } from "./shape.ts";

/** Fewest sizes with a success for which classes are compared at all. */
const FEWEST_SIZES = 4;

/** Significance level at which the best class is taken for an approximation. */
const MISFIT_LEVEL = 0.001;
/** Times that the spread about the best class is measured again with the class that it makes the best. */
const MISFIT_ROUNDS = 4;

/** An estimate with a 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** All that the data of one role say about how its calls grow. */
export interface CallGrowth {
  /** Candidate classes, best first; never empty. */
  readonly ranked: readonly RankedClass[];
  readonly best: RankedClass;
  /** Posterior weight of all exponential classes together, from 0 to 1. */
  readonly exponentialWeight: number;
  readonly lackOfFit: LackOfFit;
  readonly challenge: Challenge | undefined;
  /** Base `b` of a ranked exponential class; undefined for polynomial ones. */
  baseOf(ranked: RankedClass): Estimate | undefined;
  /** Exponent `a` of the power law `k^a` that fits best over the measured sizes. */
  readonly localExponent: Estimate | undefined;
  /** The best class when the smallest quarter of the sizes is left out; undefined with too few sizes. */
  readonly tail: { readonly best: RankedClass; readonly keepsBest: boolean } | undefined;
  readonly pooledShape: number;
}

/**
 * Infers the growth class. Undefined with fewer than four sizes that have a solved run, and when no size has
 * two, so that nothing is known about the spread.
 */
export function inferCallGrowth(cells: readonly Cell[]): CallGrowth | undefined {
  const solved = cells.filter(hasSolved);
  const pureError = pureErrorOf(solved);
  if (solved.length < FEWEST_SIZES || pureError < 1) return undefined;
  const noiseModel = fitShape(cells);
  if (!noiseModel) return undefined;
  const pureErrorDegrees = Math.max(2, pureError);
  const found = rankApproximately(cells, noiseModel, pureErrorDegrees);
  if (!found) return undefined;
  const { ranked, best, lackOfFit, shapeModel } = found;

  // A spread of the sizes is known no better than so many sizes tell it.
  const isWidened = shapeModel !== noiseModel;
  const degrees = isWidened ? Math.min(pureErrorDegrees, Math.max(1, solved.length - 2)) : pureErrorDegrees;
  const estimate = (fit: ClassFit) => slopeEstimate(cells, shapeModel, fit, degrees);
  const baseOf = (one: RankedClass): Estimate | undefined => {
    if (!one.growthClass.isExponential) return undefined;
    const { value, low, high } = estimate(one.fit);
    const base = { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
    return Number.isFinite(base.high) ? base : undefined;
  };
  const dropped = Math.max(1, Math.floor(solved.length / 4));
  const tailCells = solved.slice(dropped);
  const tailRanked =
    tailCells.length >= FEWEST_SIZES ? rankClasses(tailCells, tailCells.map(shapeModel.shapeOf)) : [];
  const tailBest = tailRanked[0];
  const inTail = tailRanked.find((one) => isSameClass(one.growthClass, best.growthClass));
  return {
    ranked,
    best,
    exponentialWeight: ranked
      .filter((one) => one.growthClass.isExponential)
      .reduce((sum, one) => sum + one.weight, 0),
    lackOfFit,
    challenge: challengeClass(cells, isFarOff(lackOfFit) ? noiseModel : shapeModel, best, pureErrorDegrees),
    baseOf,
    localExponent: localExponentWith(cells, shapeModel, degrees),
    tail: tailBest && { best: tailBest, keepsBest: inTail === tailBest || (inTail?.weight ?? 0) > 0.1 },
    pooledShape: shapeModel.pooledShape,
  };
}

/**
 * Ranks the classes by the noise of the runs or, where not even the best fits within it, with a spread of the
 * sizes about any class besides. Calls without noise follow no smooth class to the last digit (a number of votes
 * goes up in steps), and would otherwise settle on whichever class is nearest to the size with the least noise.
 * Not where runs were stopped: the likelihood of what they would have cost rests on the spread of single runs.
 */
function rankApproximately(cells: readonly Cell[], noiseModel: ShapeModel, pureErrorDegrees: number) {
  const isCensored = cells.some((cell) => cell.censored.length > 0);
  let shapeModel = noiseModel;
  let before: RankedClass | undefined;
  for (let round = 0; ; round++) {
    const ranked = rankClasses(cells, cells.map(shapeModel.shapeOf));
    const best = ranked[0];
    if (!best) return undefined;
    const lackOfFit = testLackOfFit(cells, noiseModel, best.fit, pureErrorDegrees);
    const isSettled = round > 1 && before && isSameClass(before.growthClass, best.growthClass);
    if (isCensored || lackOfFit.p >= MISFIT_LEVEL || isSettled || round === MISFIT_ROUNDS) {
      return { ranked, best, lackOfFit, shapeModel };
    }
    before = best;
    shapeModel = widenShape(noiseModel, spreadAbout(best.fit, cells, noiseModel));
  }
}

/** Relative variance of the sizes about a fit beyond their noise, such that the fit is as good as chance has it. */
function spreadAbout(fit: ClassFit, cells: readonly Cell[], noiseModel: ShapeModel): number {
  const parts = cells.filter(hasSolved).map((cell) => {
    const shape = noiseModel.shapeOf(cell);
    const logMean = cellMaximum(cell, shape);
    const { information } = cellLikelihood(cell, logMean, shape);
    return { square: (logMean - fit.logMean(cell.size)) ** 2, variance: 1 / Math.max(information, 1e-12) };
  });
  const target = Math.max(1, parts.length - fit.parameters.length);
  const excess = (spread: number) =>
    parts.reduce((sum, { square, variance }) => sum + square / (variance + spread), 0) - target;
  let [low, high] = [0, parts.reduce((sum, { square }) => sum + square, 0) / target];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The exponent `a` of the power law `k^a` that fits any cost best over its measured sizes. Undefined with fewer
 * than three sizes that have a solved run, or an unknown spread.
 */
export function inferLocalExponent(cells: readonly Cell[]): Estimate | undefined {
  const solved = cells.filter(hasSolved);
  const pureError = pureErrorOf(solved);
  const shapeModel = fitShape(cells);
  if (solved.length < 3 || pureError < 1 || !shapeModel) return undefined;
  return localExponentWith(cells, shapeModel, Math.max(2, pureError));
}

function localExponentWith(
  cells: readonly Cell[],
  shapeModel: ShapeModel,
  degrees: number,
): Estimate | undefined {
  const fit = fitPower(cells, cells.map(shapeModel.shapeOf));
  return fit && slopeEstimate(cells, shapeModel, fit, degrees);
}

/** The second parameter of a fit with its t interval, widened where the class fits worse than pure error. */
function slopeEstimate(
  cells: readonly Cell[],
  shapeModel: ShapeModel,
  fit: ClassFit,
  degrees: number,
): Estimate {
  const { deviance, degreesOfFreedom } = testLackOfFit(cells, shapeModel, fit, degrees);
  const inflation = Math.sqrt(Math.max(1, deviance / degreesOfFreedom));
  const standardError = Math.sqrt(fit.covariance[1]?.[1] ?? 0) * inflation;
  const margin = studentQuantile(0.975, degrees) * standardError;
  const value = fit.parameters[1] ?? 0;
  return { value, low: value - margin, high: value + margin };
}

/** Degrees of freedom of the spread within sizes. */
function pureErrorOf(solved: readonly Cell[]): number {
  return solved.reduce((sum, cell) => sum + cell.solved - 1, 0);
}
