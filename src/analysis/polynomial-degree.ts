/** The degree in `k` of a quantity per call, such as its input tokens: almost noise-free, with an intercept. */
import { weightedLeastSquares } from "./numeric/linear.ts";

const LARGEST_DEGREE = 2;
/** A term counts only if its coefficient is this many standard errors above zero. */
const COEFFICIENT_T = 3;
/** ... and makes up this share of the quantity at the largest size: less is no growth that anybody has seen, */
const LEAD_SHARE = 0.05;
/** ... or, beside the constant part of a long prompt, this share, if no size is off by more than a part of it. */
const LEAD_SHARE_OF_EXACT = 0.01;
/** That part. Differences of kinds and texts, which drift, are seen in single sizes as well. */
const EXACT_MISFIT = 0.2;
/**
 * ... and raises the quantity over the sizes, on the scale of logarithms, by this many times the spread of the sizes
 * about the polynomial beyond their noise. Sizes whose calls are of other kinds or of other texts differ for reasons
 * of their own, and neighbours differ alike, so that a drift of theirs is significant by their noise although nothing
 * grows. (Of simulated kinds whose tokens differ by 30 %, 2 to 64 of them, 5 % pass, most of these as concave, and
 * 56 % would without this rule and the share.)
 */
const LEAD_OVER_SPREAD = 5;
/** ... and the quantity itself grows by at least this part of what the term alone does over the sizes. */
const GROWTH_OF_LEAD = 0.5;
/** Mean squared misfit, in units of the noise, above which a polynomial can lose to a slower function. */
const POOR_FIT = 3;
/** A slower function with less than this part of the polynomial's misfit is what the sizes follow. */
const CLEARLY_SLOWER = 0.25;
/** What grows more slowly than a line: towards a bound, as a logarithm, as a root. */
const SLOWER: readonly ((size: number) => number)[] = [(size) => -1 / size, Math.log, Math.sqrt];

/** What one run says about the quantity. */
export interface PerCallObservation {
  readonly size: number;
  /** Mean over the calls of the run. */
  readonly mean: number;
  /** Number of calls, at least 1. */
  readonly calls: number;
}

/** The polynomial that describes a quantity per call as a function of size. */
export interface PerCallDegree {
  /** Degree of the polynomial in `k`: 0, 1 or 2. */
  readonly degree: number;
  /**
   * Share of the leading term at the largest size, from 0 to 1: a small one means that the constant part, such
   * as the fixed part of a prompt, still dominates there. 1 for degree 0.
   */
  readonly leadShare: number;
  /** Largest relative distance of the measured means from the polynomial. */
  readonly largestMisfit: number;
  /**
   * Whether it grows more slowly than any power of `k`, towards a bound or as a root or logarithm, as the means
   * show beyond their noise. The degree then tells too much.
   */
  readonly isConcave: boolean;
}

/**
 * Finds the highest degree up to 2 whose leading coefficient is positive, significant and material, with
 * weights from the pooled variance between runs. Degree 0 when there is nothing to measure, and for a quantity
 * that falls.
 */
export function perCallDegree(observations: readonly PerCallObservation[]): PerCallDegree {
  const cells = pool(observations);
  if (cells.length === 0) return nothing;
  const [smallest, largest] = [cells[0]?.size ?? 1, cells[cells.length - 1]?.size ?? 1];
  const response = cells.map((cell) => cell.mean);
  const weights = cells.map((cell) => weightOf(cell) / cell.mean ** 2);
  let found: PerCallDegree | undefined;
  for (let degree = 0; degree <= LARGEST_DEGREE && (degree === 0 || degree < cells.length - 1); degree++) {
    const design = cells.map(({ size }) =>
      Array.from({ length: degree + 1 }, (_, power) => (size / largest) ** power),
    );
    const fit = weightedLeastSquares(design, response, weights);
    if (!fit) break;
    const inflation = Math.max(1, fit.residual / Math.max(1, cells.length - degree - 1));
    const standardError = Math.sqrt((fit.covariance[degree]?.[degree] ?? 0) * inflation);
    const lead = fit.coefficients[degree] ?? 0;
    const leadShare = lead / fit.coefficients.reduce((sum, value) => sum + value, 0);
    const degreesOfFreedom = cells.length - degree - 1;
    const fitted = design.map((row) => row.reduce((sum, x, j) => sum + x * (fit.coefficients[j] ?? 0), 0));
    const largestMisfit = Math.max(...cells.map((cell, i) => Math.abs((fitted[i] ?? 0) / cell.mean - 1)));
    const isPoor = degree > 0 && degreesOfFreedom > 0 && fit.residual > POOR_FIT * degreesOfFreedom;
    const slower = isPoor ? Math.min(...SLOWER.map(residualOf)) : Number.POSITIVE_INFINITY;
    if (degree > 0) {
      const isExact = largestMisfit <= EXACT_MISFIT * leadShare;
      const leastShare = isExact ? LEAD_SHARE_OF_EXACT : LEAD_SHARE;
      const isMaterial = lead / standardError > COEFFICIENT_T && leadShare >= leastShare;
      const gain = leadShare * (1 - (smallest / largest) ** degree);
      const isGrowth = growthOf(fit.coefficients) >= GROWTH_OF_LEAD * gain;
      const spread = spreadBeyondNoise(fit.residual, degreesOfFreedom, cells);
      const isDrift = -Math.log1p(-Math.min(1, gain)) < LEAD_OVER_SPREAD * spread;
      if (!isMaterial || !isGrowth || (isDrift && slower >= CLEARLY_SLOWER * fit.residual)) continue;
    }
    found = {
      degree,
      leadShare: Math.min(1, leadShare),
      largestMisfit,
      isConcave: slower < fit.residual,
    };
  }
  return found ?? nothing;

  /** Misfit of a constant and a multiple of a function that grows; infinite where that falls. */
  function residualOf(slower: (size: number) => number): number {
    const design = cells.map(({ size }) => [1, slower(size)]);
    const fit = weightedLeastSquares(design, response, weights);
    return fit !== undefined && (fit.coefficients[1] ?? 0) > 0 ? fit.residual : Number.POSITIVE_INFINITY;
  }

  /** How much of its value at the largest size a polynomial in `k / largest` has gained since the smallest. */
  function growthOf(coefficients: readonly number[]): number {
    const at = (x: number) => coefficients.reduce((sum, value, power) => sum + value * x ** power, 0);
    return 1 - at(smallest / largest) / at(1);
  }
}

/**
 * Relative standard deviation of the sizes about a fit beyond the noise of their means, by the estimate of
 * DerSimonian and Laird (1986) from the weighted sum of squares.
 */
function spreadBeyondNoise(residual: number, degreesOfFreedom: number, cells: readonly PooledCell[]): number {
  const weights = cells.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const scale = total - squares / total;
  return scale > 0 ? Math.sqrt(Math.max(0, residual - degreesOfFreedom) / scale) : 0;
}

/** One over the variance of a mean's relative error; none is known to better than one in a thousand. */
function weightOf({ relativeVariance }: PooledCell): number {
  return 1 / (relativeVariance + 1e-6);
}

/** What is said where there is nothing to measure. */
const nothing: PerCallDegree = { degree: 0, leadShare: 1, largestMisfit: 0, isConcave: false };

/** All runs of a size. */
interface PooledCell {
  readonly size: number;
  readonly mean: number;
  readonly relativeVariance: number;
}

/** Mean per call at each size, with the variance of its relative error from the pooled spread of the runs. */
function pool(observations: readonly PerCallObservation[]): readonly PooledCell[] {
  const bySize = new Map<number, { total: number; calls: number }>();
  for (const { size, mean, calls } of observations) {
    const sums = bySize.get(size) ?? { total: 0, calls: 0 };
    bySize.set(size, { total: sums.total + mean * calls, calls: sums.calls + calls });
  }
  const meanOf = ({ total, calls }: { total: number; calls: number }) => total / calls;
  const cells = [...bySize].filter(([, sums]) => sums.total > 0).sort(([left], [right]) => left - right);
  let squares = 0;
  let degreesOfFreedom = -cells.length;
  for (const { size, mean, calls } of observations) {
    const sums = bySize.get(size);
    if (!sums || sums.total <= 0) continue;
    squares += calls * (mean / meanOf(sums) - 1) ** 2;
    degreesOfFreedom += 1;
  }
  const variance = Math.max(1e-8, squares / Math.max(1, degreesOfFreedom));
  return cells.map(([size, sums]) => ({
    size,
    mean: meanOf(sums),
    relativeVariance: variance / sums.calls,
  }));
}
