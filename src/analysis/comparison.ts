/**
 * What a comparison of strategies says, as plain data. Every value survives JSON; a field that is undefined is
 * absent there. `k` is the size of the problem. Intervals are 95 % confidence intervals.
 */
import type { Estimate } from "./call-growth.ts";
import type { Challenge, LackOfFit } from "./checks.ts";
import type { StrategyEcdf } from "./ecdf.ts";
import type { PerCallDegree } from "./polynomial-degree.ts";
import type { Ranking } from "./ranking.ts";
import type { CostModel } from "./rows.ts";

/** The result of comparing strategies under one cost model. */
export interface Comparison {
  readonly costModel: CostModel;
  /** Runs left out because their size is not a number of at least 1. */
  readonly ignoredRuns: number;
  /** In the order in which the strategies first appear in the rows. */
  readonly strategies: readonly StrategyComparison[];
  /** One entry per pair of strategies. */
  readonly separations: readonly Separation[];
  /** The strategies by expected cost at the largest size that compares them; undefined without any run. */
  readonly ranking: Ranking | undefined;
  /** How the cost to target is distributed at the size of the ranking, for each strategy run there at a known cost. */
  readonly ecdf: readonly StrategyEcdf[];
  /** One to three plain sentences on which strategy to take and how sure that is; empty without any run. */
  readonly recommendation: readonly string[];
}

/** One strategy: what was measured at each size, and how its cost grows. */
export interface StrategyComparison {
  readonly strategy: string;
  /** By ascending size. */
  readonly sizes: readonly SizeRow[];
  readonly growth: StrategyGrowth;
}

/**
 * A mean with its interval, from the censored gamma model with the spread pooled over sizes. Without censoring
 * the mean is the arithmetic mean. The interval is built on the log scale, so it never goes below zero.
 */
export interface MeanEstimate {
  readonly mean: number;
  /** Undefined with a single run, or where the spread is unknown. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** The runs of one strategy at one size. */
export interface SizeRow {
  readonly size: number;
  readonly runs: number;
  readonly solved: number;
  /** Solved over runs, from 0 to 1. */
  readonly successRate: number;
  /** Applications to target, at least 1 per solved run; undefined without a solved run, as all means here. */
  readonly applications: MeanEstimate | undefined;
  /** Cost to target under the comparison's cost model; also undefined when prices are unknown. */
  readonly cost: MeanEstimate | undefined;
  readonly primitiveCost: MeanEstimate | undefined;
  readonly criticalPathCost: MeanEstimate | undefined;
  /** Total cost of all runs over the number of solved ones (ERT); a description, not used for growth. */
  readonly expectedRunTime: number | undefined;
  /** Kaplan-Meier quantiles of the cost to target. */
  readonly quantiles: Quantiles;
  /** Theory's values beside the measured ones; undefined where none was declared. */
  readonly theory: TheoryCheck | undefined;
}

/** Quantiles of the cost to target; each undefined when censoring hides it. */
export interface Quantiles {
  readonly q10: number | undefined;
  readonly median: number | undefined;
  readonly q90: number | undefined;
}

/** A measured mean beside its exact value. */
export interface TheoryCheck {
  readonly applications: number;
  readonly primitiveCost: number | undefined;
  /** Measured minus exact mean applications, over the standard error; undefined where that is unknown. */
  readonly z: number | undefined;
}

/**
 * `conclusive`: one class holds nearly all weight, fits, and predicts the largest sizes. `inconclusive`: it does
 * not; the reasons say why. `lower bound only`: too few runs met the target at the largest sizes to say more
 * than that the cost is at least so large.
 */
export type Verdict = "conclusive" | "inconclusive" | "lower bound only";

/** A class that the data leave open. */
export interface PlausibleClass {
  readonly class: string;
  /** Base of an exponential class; undefined for others. */
  readonly base: Estimate | undefined;
}

/** The growth of a strategy's total cost: the fastest growing of its roles. */
export interface StrategyGrowth {
  readonly verdict: Verdict;
  /** Class such as `k log k` or `b^k k^2`; a best guess unless conclusive; undefined with too little data. */
  readonly class: string | undefined;
  /** The class with its base, such as `b^k k^2 with b = 1.99 [1.93, 2.05]`. */
  readonly label: string | undefined;
  /** Smallest and largest size with a solved run: the class is claimed on these sizes only. */
  readonly sizeRange: { readonly low: number; readonly high: number } | undefined;
  /** Base `b` when the class is exponential. */
  readonly base: Estimate | undefined;
  /** The class with each whole base from 2 to 10 that the interval of the base holds, such as `2^k k^2`. */
  readonly holds: readonly string[];
  /** Exponent of the power of `k` that best describes the total cost over the measured sizes. */
  readonly localExponent: Estimate | undefined;
  /** Every class that the data leave open for the total; the best one first. */
  readonly plausible: readonly PlausibleClass[];
  /** Posterior weight of exponential growth, from 0 to 1. */
  readonly exponentialWeight: number | undefined;
  /** The role that determines the class. */
  readonly dominantRole: string | undefined;
  /** Of the dominant role's calls. */
  readonly lackOfFit: LackOfFit | undefined;
  /** Of the dominant role's calls; undefined with too few sizes to hold any out. */
  readonly challenge: Challenge | undefined;
  readonly roles: readonly RoleGrowth[];
  /** Fitted mean total cost at each measured size, for drawing. */
  readonly fitted: readonly FittedMean[];
  /** Sentences that say why the verdict is not conclusive; empty when it is. */
  readonly reasons: readonly string[];
  /** Sentences on what to keep in mind, whatever the verdict. */
  readonly warnings: readonly string[];
}

/** A point of a fitted curve. */
export interface FittedMean {
  readonly size: number;
  readonly mean: number;
}

/** The growth of one role: its calls to target, times what a call costs. */
export interface RoleGrowth {
  readonly role: string;
  readonly verdict: Verdict;
  /** Class of the role's cost under the cost model: calls times cost per call. */
  readonly class: string | undefined;
  readonly calls: CallsGrowth | undefined;
  readonly inputTokens: PerCallDegree;
  readonly outputTokens: PerCallDegree;
  readonly modelSize: PerCallDegree;
  /** Degree in `k` of the cost per call under the cost model. */
  readonly costDegree: number;
  readonly reasons: readonly string[];
}

/** How a role's calls to target grow. */
export interface CallsGrowth {
  readonly class: string;
  /** Posterior weight of the class among the candidates, from 0 to 1. */
  readonly weight: number;
  readonly base: Estimate | undefined;
  readonly localExponent: Estimate | undefined;
  readonly plausible: readonly (PlausibleClass & { readonly weight: number })[];
  readonly exponentialWeight: number;
  readonly lackOfFit: LackOfFit;
  readonly challenge: Challenge | undefined;
  readonly fitted: readonly FittedMean[];
}

/**
 * `separates`: the ratio grows in the measured range, and every class that is plausible for the costlier
 * strategy outgrows every one of the cheaper. `grows in range`: only the first was shown. `not shown`: neither.
 */
export type SeparationVerdict = "separates" | "grows in range" | "not shown";

/** Two strategies, the one that costs more at the largest shared size over the other. */
export interface Separation {
  readonly costlier: string;
  readonly cheaper: string;
  readonly verdict: SeparationVerdict;
  /** Ratio of mean costs at each size where both have a solved run, by ascending size. */
  readonly ratios: readonly RatioRow[];
  /** Slope of the log ratio on `log k` over the shared sizes; undefined with fewer than three. */
  readonly slope: Estimate | undefined;
  /** Class of the ratio, such as `b^k k`: the quotient of the best classes; undefined where it does not grow. */
  readonly ratioClass: string | undefined;
  readonly ratioLabel: string | undefined;
  /** Whether the classes of both strategies are conclusive, so that the class of the ratio is. */
  readonly isRatioClassConclusive: boolean;
  /** Base of the ratio when an exponential is involved: from the ratio of the calls, given their classes. */
  readonly base: Estimate | undefined;
  /** The class of the ratio with each whole base from 2 to 10 that the interval of its base holds. */
  readonly holds: readonly string[];
  /** Log-rank tests of equal cost at each shared size: they tell who is cheaper there, nothing about growth. */
  readonly logRank: readonly LogRankRow[];
  readonly sentence: string;
}

/** The ratio of two mean costs at one size. */
export interface RatioRow {
  readonly size: number;
  readonly ratio: number;
  /** Undefined where the spread is unknown. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A two-sample log-rank test at one size. */
export interface LogRankRow {
  readonly size: number;
  readonly p: number;
  /** Holm-corrected over all tests of the comparison. */
  readonly adjustedP: number;
}
