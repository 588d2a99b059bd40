/**
 * The growth of one model role's cost: the calls to target, which are noisy, and the cost per call, which is
 * almost free of noise, are fitted apart and multiplied. A fit to the total cost would be misled by every
 * constant part of a prompt, and a fit to the sum over roles by every cheap role.
 */
import { type CallGrowth, type Estimate, inferCallGrowth } from "./call-growth.ts";
import { type Cell, hasSolved, toCells } from "./cell.ts";
import type { CallsGrowth, RoleGrowth } from "./comparison.ts";
import { formatGrowthClass, type GrowthClass, timesPower } from "./growth-class.ts";
import { type CellMean, estimateMeans } from "./mean-estimate.ts";
import { type PerCallDegree, perCallDegree } from "./polynomial-degree.ts";
import { type CostModel, type RoleCost, type RunRow, roleCost } from "./rows.ts";
import { hasEnoughData, isHopeless, judgeCalls } from "./verdict.ts";

/** A class that is plausible for a cost: the class of the calls times the growth of the cost per call. */
export interface Product {
  readonly growthClass: GrowthClass;
  readonly callsClass: GrowthClass;
  /** Mean calls of the role at each size. */
  readonly callMeans: readonly CellMean[];
  /** Base of an exponential class; undefined for others. */
  readonly base: Estimate | undefined;
}

/** The growth of a role as reported, with what further inference needs. */
export interface RoleAnalysis {
  readonly report: RoleGrowth;
  readonly cells: readonly Cell[];
  readonly calls: CallGrowth | undefined;
  /** Plausible classes of the role's cost, the best first; empty without a fit. */
  readonly products: readonly Product[];
  /** Whether claims about the class may rest on the fits at all: of the calls, and of what a call costs. */
  readonly isTrustworthy: boolean;
  /** Fitted mean cost of the role at a size; undefined where unknown. */
  fittedCost(size: number): number | undefined;
  /** Runs in which the role made no call, each counted as one call. */
  readonly runsWithoutCall: number;
}

/** Analyses one role over all runs of a strategy. */
export function analyseRole(role: string, runs: readonly RunRow[], costModel: CostModel): RoleAnalysis {
  const costs = runs.map((run) => run.roles.find((one) => one.role === role));
  const observations = runs.map((run, i) => {
    const calls = costs[i]?.calls ?? 0;
    // The target was met before any call: a gamma variable has no zero, so this counts as one call.
    return { size: run.size, value: run.isSolved ? Math.max(1, calls) : calls, isCensored: !run.isSolved };
  });
  const cells = toCells(observations);
  const perCall = (measure: (cost: RoleCost) => number) =>
    perCallDegree(
      runs.flatMap((run, i) => {
        const cost = costs[i];
        if (!cost || cost.calls <= 0) return [];
        return [{ size: run.size, mean: measure(cost), calls: cost.calls }];
      }),
    );
  const inputTokens = perCall((cost) => cost.inputTokens / cost.calls);
  const outputTokens = perCall((cost) => cost.outputTokens / cost.calls);
  const modelSize = perCall((cost) => cost.modelSize);
  const usd = perCall((cost) => (cost.usd ?? 0) / cost.calls);
  const costDegree = degreeOfCost(costModel, { inputTokens, outputTokens, modelSize, usd });

  const calls = inferCallGrowth(cells);
  const judgement = judgeCalls(cells, calls);
  const slower = concaveParts(costModel, { inputTokens, outputTokens, modelSize, usd });
  const isGuess = slower.length > 0 && judgement.verdict === "conclusive";
  const callMeans = estimateMeans(observations);
  const productOf = (growthClass: GrowthClass) => timesPower(growthClass, costDegree);
  return {
    report: {
      role,
      verdict: isGuess ? "inconclusive" : judgement.verdict,
      class: calls && formatGrowthClass(productOf(calls.best.growthClass)),
      calls: calls && reportCalls(calls, cells),
      inputTokens,
      outputTokens,
      modelSize,
      costDegree,
      reasons: [...judgement.reasons, ...slower],
    },
    cells,
    calls,
    products: (calls?.ranked ?? [])
      .filter((one) => one.isPlausible)
      .map((one) => ({
        growthClass: productOf(one.growthClass),
        callsClass: one.growthClass,
        callMeans,
        base: calls?.baseOf(one),
      })),
    isTrustworthy: calls !== undefined && hasEnoughData(cells) && !isHopeless(calls) && slower.length === 0,
    fittedCost: (size) => {
      const perCallCost = meanCostPerCall(role, runs, size, costModel);
      return calls && perCallCost !== undefined
        ? Math.exp(calls.best.fit.logMean(size)) * perCallCost
        : undefined;
    },
    runsWithoutCall: costs.filter((cost, i) => runs[i]?.isSolved && (cost?.calls ?? 0) <= 0).length,
  };
}

/**
 * The degree in `k` of the cost of a call, from the degrees of its parts (Meyerson & Qiu 2025, Def. 2.2:
 * `m (t n + t (t - 1) / 2)`). The cost itself is not fitted: with a large prompt constant and noisy token
 * counts its leading term cannot be found, while that of each part can. A price in dollars is linear in the
 * tokens, so there the parts are not needed.
 */
function degreeOfCost(
  costModel: CostModel,
  parts: Readonly<Record<"inputTokens" | "outputTokens" | "modelSize" | "usd", PerCallDegree>>,
): number {
  const longest = Math.max(parts.inputTokens.degree, parts.outputTokens.degree);
  switch (costModel) {
    case "primitives":
      return parts.modelSize.degree + parts.outputTokens.degree + longest;
    case "linear":
      return parts.modelSize.degree + longest;
    case "calls":
      return 0;
    case "usd":
      return parts.usd.degree;
  }
}

/** Sentences on what a call's cost is made of and grows more slowly than its degree says. */
function concaveParts(
  costModel: CostModel,
  parts: Readonly<Record<"inputTokens" | "outputTokens" | "modelSize" | "usd", PerCallDegree>>,
): readonly string[] {
  const { inputTokens, outputTokens, modelSize, usd } = parts;
  const rest = "more slowly than a power of k, so that the class is an upper bound at best";
  const sentence = (name: string) => `the ${name} per call grow ${rest}`;
  if (costModel === "calls") return [];
  if (costModel === "usd") return usd.isConcave ? [sentence("US dollars")] : [];
  return [
    ...(inputTokens.isConcave ? [sentence("input tokens")] : []),
    ...(outputTokens.isConcave ? [sentence("output tokens")] : []),
    ...(modelSize.isConcave ? [`the size of the model grows ${rest}`] : []),
  ];
}

/** Mean cost of a call of a role at a size; undefined when it made none there or a price is unknown. */
function meanCostPerCall(
  role: string,
  runs: readonly RunRow[],
  size: number,
  costModel: CostModel,
): number | undefined {
  let total = 0;
  let calls = 0;
  for (const run of runs) {
    const cost = run.size === size ? run.roles.find((one) => one.role === role) : undefined;
    if (!cost) continue;
    const value = roleCost(cost, costModel);
    if (value === undefined) return undefined;
    total += value;
    calls += cost.calls;
  }
  return calls > 0 ? total / calls : undefined;
}

function reportCalls(growth: CallGrowth, cells: readonly Cell[]): CallsGrowth {
  const { best } = growth;
  return {
    class: formatGrowthClass(best.growthClass),
    weight: best.weight,
    base: growth.baseOf(best),
    localExponent: growth.localExponent,
    plausible: growth.ranked
      .filter((one) => one.isPlausible)
      .map((one) => ({
        class: formatGrowthClass(one.growthClass),
        weight: one.weight,
        base: growth.baseOf(one),
      })),
    exponentialWeight: growth.exponentialWeight,
    lackOfFit: growth.lackOfFit,
    challenge: growth.challenge,
    fitted: cells
      .filter(hasSolved)
      .map((cell) => ({ size: cell.size, mean: Math.exp(best.fit.logMean(cell.size)) })),
  };
}
