/**
 * Whether what a campaign claims of two of its strategies is what its runs say: by how much the optimized one is
 * cheaper at each size, beside the exact value, and how that ratio grows.
 */
import type { Estimate } from "./call-growth.ts";
import type { RatioRow } from "./comparison.ts";
import { type AnalysedStrategy, analyseStrategy, usableRuns } from "./contender.ts";
import {
  formatGrowthClass,
  type GrowthClass,
  isSameClass,
  outgrows,
  parseGrowthClass,
  polynomialClass,
} from "./growth-class.ts";
import { degreesOfFreedom, logRatios, regress, toRatioRow } from "./log-ratio.ts";
import { type RatioClass, ratioClassOf } from "./ratio-class.ts";
import type { CostModel, RunRow } from "./rows.ts";
import { estimateText } from "./text.ts";

/** Factor by which a ratio claimed to be constant may change over the sizes: a term of a fifth at one end of them. */
const LARGEST_CHANGE = 1.25;

/** A claim: the cost of one strategy over that of another grows as so. */
export interface ClaimToCheck {
  /** The strategy that costs more. */
  readonly optimistic: string;
  readonly optimized: string;
  /** Class of the ratio, such as `k`, `2^k k` or `1` for a constant factor. */
  readonly improvement: string;
  /** Counts the calls of this role alone; undefined: of all. */
  readonly role?: string | undefined;
  /** The exact ratio where theory gives one. */
  readonly exact: readonly { readonly size: number; readonly ratio: number }[];
}

/**
 * `held`: the class of the ratio is conclusive and the one claimed. `not held`: it is conclusive and another one.
 * `open`: the runs do not settle it.
 */
export type ClaimVerdict = "held" | "not held" | "open";

/** The ratio of two mean costs at one size, beside the exact one. */
export interface ClaimRow extends RatioRow {
  readonly exact: number | undefined;
  /** Measured over exact, minus 1; undefined without an exact ratio. */
  readonly deviation: number | undefined;
}

/** What the runs say of a claim. Every value survives JSON. */
export interface CheckedClaim {
  readonly verdict: ClaimVerdict;
  /** Sentences that say why it is not held, or open; empty when it is held. */
  readonly reasons: readonly string[];
  /** Each size at which both strategies have a solved run, ascending. */
  readonly rows: readonly ClaimRow[];
  /** The row that deviates most; undefined without exact ratios. */
  readonly worst: { readonly size: number; readonly deviation: number } | undefined;
  /** Class of the ratio: the quotient of the best classes of both; undefined where one of them is not known. */
  readonly ratioClass: string | undefined;
  /** Whether the classes of both strategies are conclusive, so that the class of the ratio is. */
  readonly isRatioClassConclusive: boolean;
  /** Base of the ratio where its class is exponential. */
  readonly base: Estimate | undefined;
  /** The power of `k` that best describes the ratio on the sizes measured; undefined with fewer than three. */
  readonly slope: Estimate | undefined;
}

/** Checks a claim on the runs of a campaign. */
export function checkClaim(runs: readonly RunRow[], claim: ClaimToCheck, costModel: CostModel): CheckedClaim {
  const own = usableRuns(runs).map((run) => ofRole(run, claim.role));
  const analyse = (strategy: string) =>
    analyseStrategy(
      strategy,
      own.filter((run) => run.strategy === strategy),
      costModel,
    );
  const above = analyse(claim.optimistic);
  const below = analyse(claim.optimized);
  const ratios = logRatios(above.costs, below.costs);
  const degrees = degreesOfFreedom(above.costs, below.costs, ratios);
  const rows = ratios.map((one): ClaimRow => {
    const row = toRatioRow(one, degrees);
    const exact = claim.exact.find(({ size }) => size === one.size)?.ratio;
    const deviation = exact === undefined ? Number.NaN : row.ratio / exact - 1;
    return { ...row, exact, deviation: Number.isFinite(deviation) ? deviation : undefined };
  });
  const [best, other] = [above.total.products[0], below.total.products[0]];
  const ratio = best && other && ratioClassOf(best, other);
  const slope = regress(ratios, degrees, Math.log, () => 0);
  return {
    ...judge(claim, { above, below, rows, ratio, slope }),
    rows,
    worst: worstOf(rows),
    ratioClass: ratio && formatGrowthClass(ratio.growthClass),
    isRatioClassConclusive: ratio !== undefined && isConclusive(above) && isConclusive(below),
    base: ratio?.base,
    slope,
  };
}

/** A run of which only one role's calls count. */
function ofRole(run: RunRow, role: string | undefined): RunRow {
  return role === undefined ? run : { ...run, roles: run.roles.filter((one) => one.role === role) };
}

interface Evidence {
  readonly above: AnalysedStrategy;
  readonly below: AnalysedStrategy;
  readonly rows: readonly ClaimRow[];
  readonly ratio: RatioClass | undefined;
  readonly slope: Estimate | undefined;
}

function judge(claim: ClaimToCheck, evidence: Evidence): Pick<CheckedClaim, "verdict" | "reasons"> {
  const claimed = parseGrowthClass(claim.improvement);
  const open = whyOpen(claim, evidence);
  const { ratio, slope } = evidence;
  if (open.length > 0 || !ratio) return { verdict: "open", reasons: open };
  if (!claimed) return { verdict: "open", reasons: [`'${claim.improvement}' is no growth class`] };
  const found = formatGrowthClass(ratio.growthClass);
  if (!isSameClass(ratio.growthClass, claimed.growthClass)) {
    const isAsMeasured = slope && isNearer(slope.value, claimed.growthClass, ratio.growthClass);
    if (!isAsMeasured) {
      return { verdict: "not held", reasons: [`the classes of both strategies give a ratio of Θ(${found})`] };
    }
    const reason =
      `the ratio goes as k^${estimateText(slope)} on the sizes measured, as claimed, but the fastest growing roles of ` +
      `both strategies, however little they cost there, give Θ(${found})`;
    return { verdict: "open", reasons: [reason] };
  }
  const { base } = ratio;
  if (base && claimed.base !== undefined && !(base.low <= claimed.base && claimed.base <= base.high)) {
    const reason = `the base of the ratio is ${estimateText(base)}, which does not hold ${claimed.base}`;
    return { verdict: "not held", reasons: [reason] };
  }
  const power = slope ? ` (as a power of k: k^${estimateText(slope)})` : "";
  const isGrowth = outgrows(claimed.growthClass, polynomialClass(0));
  if (isGrowth && !(slope && slope.low > 0 && (!base || base.low > 1))) {
    return { verdict: "open", reasons: [`the ratio is not shown to grow on the sizes measured${power}`] };
  }
  if (isSameClass(claimed.growthClass, polynomialClass(0)) && isChanging(slope, evidence.rows)) {
    return { verdict: "open", reasons: [`the ratio still changes on the sizes measured${power}`] };
  }
  return { verdict: "held", reasons: [] };
}

/** Whether a power of k is nearer to that of one class than to that of another. */
function isNearer(power: number, one: GrowthClass, other: GrowthClass): boolean {
  if (one.isExponential || other.isExponential) return false;
  return Math.abs(power - one.powerOfK) < Math.abs(power - other.powerOfK);
}

/** Whether a ratio grows or falls over the sizes beyond its noise, and by as much as matters. */
function isChanging(slope: Estimate | undefined, rows: readonly ClaimRow[]): boolean {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!slope || !first || !last || (slope.low <= 0 && slope.high >= 0)) return false;
  return Math.abs(slope.value) * Math.log(last.size / first.size) > Math.log(LARGEST_CHANGE);
}

/** Why nothing can be said of the class of the ratio, whatever is claimed; empty where it can. */
function whyOpen({ role }: ClaimToCheck, { above, below, rows, ratio }: Evidence): readonly string[] {
  const sides = [above, below];
  const absent = sides.filter(({ runs }) => runs.length === 0);
  if (absent.length > 0) return absent.map(({ strategy }) => `${strategy} was not run`);
  const silent = sides.filter(({ runs }) => runs.every((run) => run.roles.length === 0));
  if (role !== undefined && silent.length > 0) {
    return silent.map(({ strategy }) => `role ${role} made no call in ${strategy}`);
  }
  const reasons = sides.flatMap(({ strategy, total: { report } }) =>
    report.verdict === "conclusive" ? [] : report.reasons.map((reason) => `${strategy}: ${reason}`),
  );
  if (reasons.length > 0) return reasons;
  if (rows.length === 0) return ["no size has a solved run of both strategies"];
  return ratio ? [] : ["the base of the ratio cannot be estimated from the sizes that both were run at"];
}

function isConclusive({ total }: AnalysedStrategy): boolean {
  return total.report.verdict === "conclusive";
}

function worstOf(rows: readonly ClaimRow[]): CheckedClaim["worst"] {
  let worst: CheckedClaim["worst"];
  for (const { size, deviation } of rows) {
    if (deviation === undefined || Math.abs(deviation) <= (worst ? Math.abs(worst.deviation) : -1)) continue;
    worst = { size, deviation };
  }
  return worst;
}
