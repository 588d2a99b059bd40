/** Which growth classes explain the calls of a strategy, with Bayesian weights. */
import { type Cell, hasSolved } from "./cell.ts";
import { type ClassFit, fitPure, fitTwoTerm } from "./class-fit.ts";
import { exponentialClass, type GrowthClass, logPolynomialAt, polynomialClass } from "./growth-class.ts";

/** A class to consider, with the lower-order term of its two-term variant where it has one. */
interface Candidate {
  readonly growthClass: GrowthClass;
  readonly lower: GrowthClass | undefined;
}

/**
 * The classes considered for numbers of calls. A free power `k^a` is reported beside them but does not
 * compete, because it would win by its lower-order terms.
 */
const CANDIDATES: readonly Candidate[] = [
  { growthClass: polynomialClass(0), lower: undefined },
  { growthClass: polynomialClass(0, 1), lower: polynomialClass(0) },
  { growthClass: polynomialClass(1), lower: polynomialClass(0) },
  { growthClass: polynomialClass(1, 1), lower: polynomialClass(1) },
  { growthClass: polynomialClass(2), lower: polynomialClass(1) },
  { growthClass: polynomialClass(2, 1), lower: polynomialClass(2) },
  { growthClass: exponentialClass(0), lower: undefined },
  { growthClass: exponentialClass(1), lower: undefined },
];

/** A two-term variant counts only if its leading term is at least this many standard errors from zero. */
const LEADING_TERM_Z = 2;
/** ... and makes up at least this share of the mean at the largest size. */
const LEADING_TERM_SHARE = 0.2;
/** An exponential counts only if `log b` is this many standard errors above zero. */
const EXPONENT_Z = 2;
/** ... and `b^(kmax - kmin)` is at least this factor. */
const EXPONENTIAL_FACTOR = 2;
/** Classes within this difference of the information criterion stay plausible whatever their weight. */
const PLAUSIBLE_DIFFERENCE = 6;
const PLAUSIBLE_WEIGHT = 0.05;

/** One class with its best variant. */
export interface RankedClass {
  readonly growthClass: GrowthClass;
  readonly fit: ClassFit;
  /** Refits the same variant of the class to other cells. */
  readonly refit: (cells: readonly Cell[], shapes: readonly number[]) => ClassFit | undefined;
  /** `-2 log likelihood + parameters * log(solved runs)`, the best over the variants. */
  readonly criterion: number;
  /** Posterior weight among the candidates (Kass & Raftery 1995), from 0 to 1. */
  readonly weight: number;
  /** Whether the data leave the class open: weight above 0.05, or criterion within 6 of the best. */
  readonly isPlausible: boolean;
}

/** Ranks the candidate classes, best first; empty when none can be fitted. */
export function rankClasses(cells: readonly Cell[], shapes: readonly number[]): readonly RankedClass[] {
  const solvedRuns = cells.filter(hasSolved).reduce((sum, cell) => sum + cell.solved, 0);
  const penalty = Math.log(Math.max(1, solvedRuns));
  const found: Omit<RankedClass, "weight" | "isPlausible">[] = [];
  for (const { growthClass, lower } of CANDIDATES) {
    let best: (typeof found)[number] | undefined;
    for (const variant of variantsOf(growthClass, lower)) {
      const fit = variant.fit(cells, shapes);
      if (!fit || !Number.isFinite(fit.logLikelihood) || !variant.isNeeded(fit, cells)) continue;
      const criterion = -2 * fit.logLikelihood + penalty * fit.parameters.length;
      if (!best || criterion < best.criterion) best = { growthClass, fit, refit: variant.fit, criterion };
    }
    if (best) found.push(best);
  }
  found.sort((left, right) => left.criterion - right.criterion);
  const smallest = found[0]?.criterion ?? 0;
  const relative = found.map((one) => Math.exp(-(one.criterion - smallest) / 2));
  const total = relative.reduce((sum, value) => sum + value, 0);
  return found.map((one, i) => {
    const weight = (relative[i] ?? 0) / total;
    const isClose = one.criterion < smallest + PLAUSIBLE_DIFFERENCE;
    return { ...one, weight, isPlausible: weight > PLAUSIBLE_WEIGHT || isClose };
  });
}

/** A way to fit a class, and the screen that its fit must pass to compete. */
interface Variant {
  readonly fit: RankedClass["refit"];
  readonly isNeeded: (fit: ClassFit, cells: readonly Cell[]) => boolean;
}

function variantsOf(growthClass: GrowthClass, lower: GrowthClass | undefined): readonly Variant[] {
  const pure: Variant = {
    fit: (cells, shapes) => fitPure(growthClass, cells, shapes),
    isNeeded: growthClass.isExponential ? isExponentialNeeded : () => true,
  };
  if (!lower) return [pure];
  const twoTerm: Variant = {
    fit: (cells, shapes) => fitTwoTerm(growthClass, lower, cells, shapes),
    isNeeded: (fit, cells) => isLeadingTermNeeded(growthClass, fit, cells),
  };
  return [pure, twoTerm];
}

/**
 * Screens nested over-models: an exponential with a base near 1 imitates the class it is multiplied with, and
 * would take half its weight.
 */
function isExponentialNeeded(fit: ClassFit, cells: readonly Cell[]): boolean {
  const logBase = fit.parameters[1] ?? 0;
  const standardError = Math.sqrt(fit.covariance[1]?.[1] ?? 0);
  const range = largestSize(cells) - smallestSize(cells);
  return logBase / standardError > EXPONENT_Z && logBase * range >= Math.log(EXPONENTIAL_FACTOR);
}

/** Screens two-term variants whose leading term is not needed: they are the lower class in disguise. */
function isLeadingTermNeeded(growthClass: GrowthClass, fit: ClassFit, cells: readonly Cell[]): boolean {
  const leading = fit.parameters[0] ?? 0;
  const standardError = Math.sqrt(fit.covariance[0]?.[0] ?? 0);
  const size = largestSize(cells);
  const share = leading * Math.exp(logPolynomialAt(growthClass, size) - fit.logMean(size));
  return leading / standardError > LEADING_TERM_Z && share >= LEADING_TERM_SHARE;
}

function largestSize(cells: readonly Cell[]): number {
  return cells[cells.length - 1]?.size ?? 1;
}

function smallestSize(cells: readonly Cell[]): number {
  return cells[0]?.size ?? 1;
}
