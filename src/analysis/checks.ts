/** Whether the best class deserves belief: lack of fit against pure error, and prediction of held-out sizes. */
import { type Cell, cellLikelihood, cellMaximum, hasSolved, type SolvedCell } from "./cell.ts";
import { type ClassFit, logMeanCovariance } from "./class-fit.ts";
import { fisherUpper, studentQuantile } from "./numeric/distributions.ts";
import { dot, solveSymmetric } from "./numeric/linear.ts";
import type { RankedClass } from "./rank-classes.ts";
import type { ShapeModel } from "./shape.ts";

/** Share of the solved sizes, the largest ones, that the challenge holds out. */
const HELD_OUT_SHARE = 0.25;

/** Misfits below this share are not held against a class, however significant. */
const SMALLEST_MISFIT = 0.1;

/** A test of the class against the means of the sizes, judged by the spread within sizes. */
export interface LackOfFit {
  /** Twice the log likelihood that the class loses to one free mean per size. */
  readonly deviance: number;
  readonly degreesOfFreedom: number;
  /** Probability of so large a deviance if the class were right. */
  readonly p: number;
  readonly worstSize: number;
  /** Observed mean over fitted mean, minus 1, at the worst size. */
  readonly worstMisfit: number;
}

/** Whether a class is so far off somewhere that it is no approximation, whatever the noise. */
export function isFarOff({ worstMisfit }: LackOfFit): boolean {
  return Math.abs(Math.log1p(worstMisfit)) > SMALLEST_MISFIT;
}

/** F test of the deviance with pure-error degrees of freedom. */
export function testLackOfFit(
  cells: readonly Cell[],
  shapeModel: ShapeModel,
  fit: ClassFit,
  pureErrorDegrees: number,
): LackOfFit {
  const solved = cells.filter(hasSolved);
  let saturated = 0; // one free mean per size; sizes without a success reach likelihood 1
  // Not that of the fit, which may have been weighted by wider shapes.
  const fitted = cells.reduce((sum, cell) => {
    return sum + cellLikelihood(cell, fit.logMean(cell.size), shapeModel.shapeOf(cell)).logLikelihood;
  }, 0);
  let worstSize = solved[0]?.size ?? 0;
  let worst = 0;
  for (const cell of solved) {
    const shape = shapeModel.shapeOf(cell);
    const logMean = cellMaximum(cell, shape);
    saturated += cellLikelihood(cell, logMean, shape).logLikelihood;
    const residual = logMean - fit.logMean(cell.size);
    if (Math.abs(residual) > Math.abs(worst)) {
      worst = residual;
      worstSize = cell.size;
    }
  }
  const deviance = Math.max(0, 2 * (saturated - fitted));
  const free = solved.length - fit.parameters.length;
  const degreesOfFreedom = Math.max(1, free);
  const p = free > 0 ? fisherUpper(deviance / degreesOfFreedom, degreesOfFreedom, pureErrorDegrees) : 1;
  return { deviance, degreesOfFreedom, p, worstSize, worstMisfit: Math.expm1(worst) };
}

/** How well the class, fitted without the largest sizes, predicts them. */
export interface Challenge {
  /** Probability of so large joint errors if the class were right. */
  readonly p: number;
  readonly rows: readonly ChallengeRow[];
}

/** One held-out size. */
export interface ChallengeRow {
  readonly size: number;
  readonly observed: number;
  readonly predicted: number;
  /** Bounds that hold the observed mean in 95 % of repetitions if the class is right. */
  readonly low: number;
  readonly high: number;
  /** Log of observed over predicted, in standard errors. */
  readonly z: number;
}

/**
 * Refits the class without the largest quarter of the solved sizes and predicts their means, as in the
 * empirical scaling analysis of Mu and Hoos, but with a joint F test on the prediction errors and their
 * covariance. Undefined when too few sizes remain.
 */
export function challengeClass(
  cells: readonly Cell[],
  shapeModel: ShapeModel,
  ranked: RankedClass,
  pureErrorDegrees: number,
): Challenge | undefined {
  const solved = cells.filter(hasSolved);
  const heldOutCount = Math.max(1, Math.round(solved.length * HELD_OUT_SHARE));
  const support = solved.slice(0, solved.length - heldOutCount);
  const heldOut = solved.slice(solved.length - heldOutCount);
  if (support.length < ranked.fit.parameters.length + 2) return undefined;
  const fit = ranked.refit(support, support.map(shapeModel.shapeOf));
  if (!fit) return undefined;

  const critical = studentQuantile(0.975, pureErrorDegrees);
  const errors: number[] = [];
  const covariance = heldOut.map((cell) =>
    heldOut.map((other) => logMeanCovariance(fit, cell.size, other.size)),
  );
  const rows = heldOut.map((cell: SolvedCell, i): ChallengeRow => {
    const shape = shapeModel.shapeOf(cell);
    const observed = cellMaximum(cell, shape);
    const predicted = fit.logMean(cell.size);
    const own = covariance[i] ?? [];
    own[i] = (own[i] ?? 0) + 1 / cellLikelihood(cell, observed, shape).information;
    const standardError = Math.sqrt(own[i] ?? 0);
    errors.push(observed - predicted);
    return {
      size: cell.size,
      observed: Math.exp(observed),
      predicted: Math.exp(predicted),
      low: Math.exp(predicted - critical * standardError),
      high: Math.exp(predicted + critical * standardError),
      z: (observed - predicted) / standardError,
    };
  });
  const solution = solveSymmetric(covariance, errors);
  if (!solution) return undefined;
  // A steep class fitted to few sizes may predict beyond the range of numbers: no prediction, no challenge.
  if (rows.some((row) => !Number.isFinite(row.high) || !Number.isFinite(row.z))) return undefined;
  const distance = Math.max(0, dot(errors, solution.values));
  return { p: fisherUpper(distance / heldOutCount, heldOutCount, pureErrorDegrees), rows };
}
