/** Whether one strategy's cost outgrows another's, from the ratio in range and from the plausible classes. */
import type { Estimate } from "./call-growth.ts";
import type { RatioRow, Separation, SeparationVerdict } from "./comparison.ts";
import {
  formatGrowthClass,
  logPolynomialAt,
  outgrows,
  polynomialOrder,
  polynomialPart,
  quotientClass,
} from "./growth-class.ts";
import { heldClasses, heldText } from "./holds-class.ts";
import type { CellMean } from "./mean-estimate.ts";
import { studentQuantile } from "./numeric/distributions.ts";
import { weightedLeastSquares } from "./numeric/linear.ts";
import type { Product } from "./role-growth.ts";
import { estimateText, intervalText, labelText, numberText } from "./text.ts";
import type { TotalAnalysis } from "./total-growth.ts";

/** One strategy as the comparison of two needs it. */
export interface Contender {
  readonly strategy: string;
  readonly costs: readonly CellMean[];
  /** Whether what it cost is known and nothing, at all sizes: then `costs` is empty. */
  readonly isFree: boolean;
  readonly total: TotalAnalysis;
}

/** The log ratio of two means at one size. */
interface LogRatio {
  readonly size: number;
  readonly value: number;
  readonly variance: number | undefined;
}

/** Compares two strategies; the log-rank rows are filled in by the caller. */
export function separate(left: Contender, right: Contender): Omit<Separation, "logRank"> {
  const last = logRatios(left.costs, right.costs).at(-1);
  const [costlier, cheaper] = last && last.value < 0 ? [right, left] : [left, right];
  const ratios = logRatios(costlier.costs, cheaper.costs);
  const degrees = degreesOfFreedom(costlier.costs, cheaper.costs, ratios);
  const slope = regress(ratios, degrees, Math.log, () => 0);
  const isGrowing = slope !== undefined && slope.low > 0;

  const canTrust = costlier.total.isTrustworthy && cheaper.total.isTrustworthy;
  const doClassesSeparate =
    canTrust &&
    costlier.total.products.length > 0 &&
    cheaper.total.products.length > 0 &&
    costlier.total.products.every((above) =>
      cheaper.total.products.every((below) => productOutgrows(above, below)),
    );
  const verdict: SeparationVerdict = !isGrowing
    ? "not shown"
    : doClassesSeparate
      ? "separates"
      : "grows in range";

  const ratio = classOfRatio(costlier.total.products[0], cheaper.total.products[0]);
  const isRatioClassConclusive =
    costlier.total.report.verdict === "conclusive" && cheaper.total.report.verdict === "conclusive";
  const separation = {
    costlier: costlier.strategy,
    cheaper: cheaper.strategy,
    verdict,
    ratios: ratios.map((one) => toRatioRow(one, degrees)),
    slope,
    ratioClass: ratio?.name,
    ratioLabel: ratio && labelText(ratio.name, ratio.base),
    isRatioClassConclusive,
    base: ratio?.base,
    holds: heldClasses(ratio?.name, ratio?.base),
  };
  return { ...separation, sentence: sentence(separation, costlier, cheaper) };
}

function logRatios(above: readonly CellMean[], below: readonly CellMean[]): readonly LogRatio[] {
  return above.flatMap((cell): LogRatio[] => {
    const other = below.find((one) => one.size === cell.size);
    if (!other) return [];
    const isKnown = cell.logVariance !== undefined && other.logVariance !== undefined;
    const variance = isKnown ? (cell.logVariance ?? 0) + (other.logVariance ?? 0) : undefined;
    return [{ size: cell.size, value: cell.logMean - other.logMean, variance }];
  });
}

function degreesOfFreedom(
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
 * The base of the ratio of two costs, given their classes, from the ratio of the calls less the polynomial
 * part of its class. Tokens per call are polynomials and add nothing to the base, but their constant parts
 * would bias it if the ratio of the costs were used.
 */
function ratioBase(above: Product, below: Product): Estimate | undefined {
  const ratios = logRatios(above.callMeans, below.callMeans);
  const degrees = degreesOfFreedom(above.callMeans, below.callMeans, ratios);
  const rest = polynomialPart(quotientClass(above.callsClass, below.callsClass));
  const fit = regress(
    ratios,
    degrees,
    (size) => size,
    (size) => logPolynomialAt(rest, size),
  );
  if (!fit) return undefined;
  const base = { value: Math.exp(fit.value), low: Math.exp(fit.low), high: Math.exp(fit.high) };
  return Number.isFinite(base.high) ? base : undefined;
}

/**
 * Slope of the log ratio, less an offset, on a function of size: weighted by inverse variances, its t interval
 * widened where the ratios scatter more than their variances explain.
 */
function regress(
  ratios: readonly LogRatio[],
  degrees: number,
  regressor: (size: number) => number,
  offset: (size: number) => number,
): Estimate | undefined {
  if (ratios.length < 3 || degrees < 1) return undefined;
  if (ratios.some((one) => one.variance === undefined)) return undefined;
  const fit = weightedLeastSquares(
    ratios.map(({ size }) => [1, regressor(size)]),
    ratios.map(({ size, value }) => value - offset(size)),
    ratios.map(({ variance = 1 }) => 1 / variance),
  );
  if (!fit) return undefined;
  const inflation = Math.sqrt(Math.max(1, fit.residual / (ratios.length - 2)));
  const margin = studentQuantile(0.975, degrees) * Math.sqrt(fit.covariance[1]?.[1] ?? 0) * inflation;
  const value = fit.coefficients[1] ?? 0;
  return { value, low: value - margin, high: value + margin };
}

function toRatioRow({ size, value, variance }: LogRatio, degrees: number): RatioRow {
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

/** Of two exponentials the ratio decides: its base must exceed 1 whatever polynomial goes with it. */
function productOutgrows(above: Product, below: Product): boolean {
  if (!above.growthClass.isExponential || !below.growthClass.isExponential) {
    return outgrows(above.growthClass, below.growthClass);
  }
  return (ratioBase(above, below)?.low ?? 0) > 1;
}

/** The class of the ratio of the best classes; undefined where it is not known to grow. */
function classOfRatio(
  above: Product | undefined,
  below: Product | undefined,
): { readonly name: string; readonly base: Estimate | undefined } | undefined {
  if (!above || !below) return undefined;
  const quotient = quotientClass(above.growthClass, below.growthClass);
  if (quotient.isExponential) {
    if (!above.growthClass.isExponential) return undefined;
    const base = ratioBase(above, below);
    if (!base || base.high < 1) return undefined;
    if (!below.growthClass.isExponential || base.low > 1) return { name: formatGrowthClass(quotient), base };
    // Two exponentials whose ratio may have base 1: what is left is the polynomial part.
  }
  const polynomial = polynomialPart(quotient);
  const isGrowing = polynomialOrder(polynomial, { isExponential: false, powerOfK: 0, powerOfLog: 0 }) > 0;
  return isGrowing ? { name: formatGrowthClass(polynomial), base: undefined } : undefined;
}

function sentence(
  separation: Omit<Separation, "logRank" | "sentence">,
  costlier: Contender,
  cheaper: Contender,
): string {
  const { verdict, ratios, slope, ratioLabel, isRatioClassConclusive, base, holds } = separation;
  const names = `${separation.costlier} over ${separation.cheaper}`;
  const empty = [costlier, cheaper].filter((one) => one.costs.length === 0);
  if (empty.length > 0) {
    const known = (isFree: boolean) =>
      empty.filter((one) => one.isFree === isFree).map((one) => one.strategy);
    const why = [
      ...(known(true).length > 0 ? [`${known(true).join(" and ")} cost nothing`] : []),
      ...(known(false).length > 0 ? [`no cost to target is known for ${known(false).join(" and ")}`] : []),
    ];
    return `${names}: not comparable, because ${why.join(" and ")}.`;
  }
  const first = ratios[0];
  const last = ratios[ratios.length - 1];
  if (!first || !last) return `${names}: not comparable, because no shared size has a solved run of both.`;
  const { low, high } = last;
  const bounds = low === undefined || high === undefined ? "" : ` ${intervalText({ low, high })}`;
  const atLast = `${numberText(last.ratio)}${bounds} times the cost at k = ${last.size}`;
  const range = `k in [${first.size}, ${last.size}]`;
  if (verdict === "separates") {
    const theta = isRatioClassConclusive ? "ratio" : "best guess of the ratio";
    const shortLabel = base
      ? `${separation.ratioClass}, base of the ratio ${estimateText(base)}${heldText(holds)}`
      : ratioLabel;
    return `${names}: separates on ${range}; ${theta} ${shortLabel}; ${atLast}.`;
  }
  if (verdict === "grows in range") {
    const factor = numberText(last.ratio / first.ratio);
    return `${names}: the ratio grows by a factor of ${factor} on ${range}, but a separation of the growth classes is not shown; ${atLast}.`;
  }
  const falling = slope && slope.high < 0 ? ", and the ratio falls with k" : "";
  return `${names}: ${atLast}${falling}; growth of the ratio is not shown on ${range}.`;
}
