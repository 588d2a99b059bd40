/** From evidence on a role's calls to a verdict and the sentences that explain it. */
import type { CallGrowth } from "./call-growth.ts";
import type { Cell } from "./cell.ts";
import { isFarOff } from "./checks.ts";
import type { Verdict } from "./comparison.ts";
import { formatGrowthClass } from "./growth-class.ts";
import { intervalText, numberText, percentText } from "./text.ts";

/** Weight that the best class must hold. */
const CONCLUSIVE_WEIGHT = 0.9;
/** Weight at which exponential against polynomial is called settled. */
const SETTLED_KIND_WEIGHT = 0.95;
/** Significance level of the lack-of-fit test and of the challenge. */
const CHECK_LEVEL = 0.01;
/** Significance level at which a lack of fit withdraws even the plausible classes. */
const HOPELESS_LEVEL = 0.001;
/** Fewest sizes with a solved run, and fewest runs at each, to speak at all. */
const FEWEST_SIZES = 5;
const FEWEST_RUNS = 3;
/** Share of censored runs at the two largest sizes above which only a lower bound is known. */
const LARGEST_CENSORED_SHARE = 0.7;

/** A verdict with its reasons, which are empty when it is conclusive. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/** Judges the growth of one role's calls. */
export function judgeCalls(cells: readonly Cell[], growth: CallGrowth | undefined): Judgement {
  const tooLittle = lackOfData(cells);
  const lowerBound = censoringAtTop(cells);
  if (!growth || tooLittle || lowerBound) {
    const reasons = [tooLittle, lowerBound].filter((reason) => reason !== undefined);
    if (reasons.length === 0) reasons.push("no growth class could be fitted to these runs");
    return { verdict: lowerBound ? "lower bound only" : "inconclusive", reasons };
  }
  const reasons = [openClasses(cells, growth), misfit(growth), failedChallenge(growth)].filter(
    (reason) => reason !== undefined,
  );
  return { verdict: reasons.length === 0 ? "conclusive" : "inconclusive", reasons };
}

/**
 * Whether the fit is bad beyond doubt, so that not even the set of plausible classes means anything. Stricter
 * than the check of a verdict, because it withdraws claims that do not depend on the exact class.
 */
export function isHopeless(growth: CallGrowth): boolean {
  return isMisfit(growth, HOPELESS_LEVEL);
}

function isMisfit({ lackOfFit }: CallGrowth, level: number): boolean {
  return lackOfFit.p < level && isFarOff(lackOfFit);
}

/** Whether there are enough sizes and runs to compare growth classes. */
export function hasEnoughData(cells: readonly Cell[]): boolean {
  return lackOfData(cells) === undefined && censoringAtTop(cells) === undefined;
}

function lackOfData(cells: readonly Cell[]): string | undefined {
  const usable = cells.filter((cell) => cell.solved > 0 && cell.runs >= FEWEST_RUNS).length;
  if (usable >= FEWEST_SIZES) return undefined;
  const has = usable === 1 ? "1 size has" : `${usable} sizes have`;
  return (
    `${has} a solved run and at least ${FEWEST_RUNS} runs; a growth class needs ${FEWEST_SIZES} such sizes: ` +
    "add sizes or runs"
  );
}

function censoringAtTop(cells: readonly Cell[]): string | undefined {
  const top = cells.slice(-2);
  const runs = top.reduce((sum, cell) => sum + cell.runs, 0);
  const solved = top.reduce((sum, cell) => sum + cell.solved, 0);
  const share = 1 - solved / Math.max(1, runs);
  if (cells.length === 0 || share <= LARGEST_CENSORED_SHARE) return undefined;
  return (
    `${percentText(share)} of the runs at k = ${top.map((cell) => cell.size).join(" and ")} missed the target: ` +
    "the cost there is a lower bound only; raise the budget or leave out these sizes"
  );
}

function openClasses(cells: readonly Cell[], growth: CallGrowth): string | undefined {
  const { best, exponentialWeight } = growth;
  if (best.weight >= CONCLUSIVE_WEIGHT) return undefined;
  const open = growth.ranked.filter((one) => one.isPlausible);
  const names = open.map((one) => formatGrowthClass(one.growthClass)).join(", ");
  const isExponential = exponentialWeight >= 0.5;
  const kindWeight = isExponential ? exponentialWeight : 1 - exponentialWeight;
  const kind = isExponential ? "exponential" : "polynomial";
  const kindText =
    kindWeight >= SETTLED_KIND_WEIGHT
      ? `${kind} growth is settled (weight ${kindWeight.toFixed(2)}), but the class of the calls`
      : `not even the kind is settled (weight of ${kind} growth ${kindWeight.toFixed(2)}), and the class of the calls`;
  // Small sizes identify the factor beside an exponential; large ones tell polynomials apart.
  const middle = cells[Math.max(0, Math.ceil(cells.length / 2) - 1)]?.size ?? 1;
  const isFactorOpen = isExponential && kindWeight >= SETTLED_KIND_WEIGHT;
  const advice = isFactorOpen ? `add seeds at k <= ${middle}` : "add larger sizes or seeds";
  const leader = `weight of ${formatGrowthClass(best.growthClass)} ${best.weight.toFixed(2)}`;
  return `${kindText} is inconclusive between {${names}} (${leader}): ${advice}`;
}

function misfit(growth: CallGrowth): string | undefined {
  if (!isMisfit(growth, CHECK_LEVEL)) return undefined;
  const { p, worstSize, worstMisfit } = growth.lackOfFit;
  return (
    `no candidate class fits (lack-of-fit p = ${numberText(p)}): largest misfit at k = ${worstSize} ` +
    `(${percentText(worstMisfit, true)}); a mixed regime, a trap or heterogeneous seeds are suspected`
  );
}

function failedChallenge({ best, challenge }: CallGrowth): string | undefined {
  if (!challenge || challenge.p >= CHECK_LEVEL) return undefined;
  const worst = challenge.rows.reduce((left, right) => (Math.abs(right.z) > Math.abs(left.z) ? right : left));
  const direction = worst.z < 0 ? "over-estimates" : "under-estimates";
  return (
    `${formatGrowthClass(best.growthClass)}, fitted to the smaller sizes, ${direction} k = ${worst.size} ` +
    `(predicted ${numberText(worst.predicted)} ${intervalText(worst)} calls, ` +
    `observed ${numberText(worst.observed)}): do not extrapolate`
  );
}
