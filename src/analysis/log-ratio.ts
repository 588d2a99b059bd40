/** The logarithm of the ratio of two strategies' means, size by size, and how it changes with size. */
import type { Estimate } from "./call-growth.ts";
import type { RatioRow } from "./comparison.ts";
import type { CellMean } from "./mean-estimate.ts";
import { fisherUpper, studentQuantile } from "./numeric/distributions.ts";
import { type LeastSquares, weightedLeastSquares } from "./numeric/linear.ts";

/** The log ratio of two means at one size. */
export interface LogRatio {
  readonly size: number;
  readonly value: number;
  readonly variance: number | undefined;
}

/** Significance level at which the line is taken for an approximation. */
const MISFIT_LEVEL = 0.001;

/** The log ratio at each size at which both have a solved run. */
export function logRatios(above: readonly CellMean[], below: readonly CellMean[]): readonly LogRatio[] {
  return above.flatMap((cell): LogRatio[] => {
    const other = below.find((one) => one.size === cell.size);
    if (!other) return [];
    const isKnown = cell.logVariance !== undefined && other.logVariance !== undefined;
    const variance = isKnown ? (cell.logVariance ?? 0) + (other.logVariance ?? 0) : undefined;
    return [{ size: cell.size, value: cell.logMean - other.logMean, variance }];
  });
}

/** Solved runs minus sizes of both strategies, at the sizes of the ratios. */
export function degreesOfFreedom(
  above: readonly CellMean[],
  below: readonly CellMean[],
  ratios: readonly LogRatio[],
): number {
  const shared = new Set(ratios.map((one) => one.size));
  return [...above, ...below]
    .filter((cell) => shared.has(cell.size))
    .reduce((sum, cell) => sum + cell.solved - 1, 0);
}

/**
 * Slope of the log ratio, less an offset, on a function of size: weighted by inverse variances, its t interval
 * widened where the ratios scatter more than their variances explain. Where they do so beyond doubt, the scatter
 * is one of the sizes: it is added to the variances, so that no size without noise decides alone, and known no
 * better than so many sizes tell it.
 */
export function regress(
  ratios: readonly LogRatio[],
  degrees: number,
  regressor: (size: number) => number,
  offset: (size: number) => number,
): Estimate | undefined {
  if (ratios.length < 3 || degrees < 1) return undefined;
  if (ratios.some((one) => one.variance === undefined)) return undefined;
  const design = ratios.map(({ size }) => [1, regressor(size)]);
  const response = ratios.map(({ size, value }) => value - offset(size));
  const fitWith = (spread: number) =>
    weightedLeastSquares(
      design,
      response,
      ratios.map(({ variance = 1 }) => 1 / (variance + spread)),
    );
  const free = ratios.length - 2;
  const noisy = fitWith(0);
  if (!noisy) return undefined;
  const isRough = fisherUpper(noisy.residual / free, free, Math.max(2, degrees)) < MISFIT_LEVEL;
  const fit = isRough ? (withSpread(fitWith, response, free) ?? noisy) : noisy;
  const inflation = Math.sqrt(Math.max(1, fit.residual / free));
  const quantile = studentQuantile(0.975, isRough ? Math.min(free, degrees) : degrees);
  const margin = quantile * Math.sqrt(fit.covariance[1]?.[1] ?? 0) * inflation;
  const value = fit.coefficients[1] ?? 0;
  return { value, low: value - margin, high: value + margin };
}

/** The fit with the variance of the sizes that makes its residual what chance has it (Paule and Mandel 1982). */
function withSpread(
  fitWith: (spread: number) => LeastSquares | undefined,
  response: readonly number[],
  free: number,
): LeastSquares | undefined {
  let [low, high] = [0, Math.max(...response.map((value) => value ** 2), 1e-12) * response.length];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if ((fitWith(middle)?.residual ?? 0) > free) low = middle;
    else high = middle;
  }
  return fitWith(high);
}

/** The ratio with its interval, which is built on the log scale. */
export function toRatioRow({ size, value, variance }: LogRatio, degrees: number): RatioRow {
  const isKnown = variance !== undefined && degrees >= 1;
  const margin = isKnown ? studentQuantile(0.975, degrees) * Math.sqrt(variance) : Number.NaN;
  const low = Math.exp(value - margin);
  const high = Math.exp(value + margin);
  const isKnownInterval = Number.isFinite(low) && Number.isFinite(high);
  return {
    size,
    ratio: Math.exp(value),
    low: isKnownInterval ? low : undefined,
    high: isKnownInterval ? high : undefined,
  };
}
