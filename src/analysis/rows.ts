/** The rows that analysis reads: one per run, with the cost of each model role. Values only. */

/** One run as read from the store, its cost counted up to the target or, if that was missed, to the end. */
export interface RunRow {
  readonly strategy: string;
  /** Size `k` of the problem, a number of at least 1; runs of other sizes are ignored and counted as such. */
  readonly size: number;
  readonly seed: number;
  /** Whether the target was met. If not, the run is censored: its true cost exceeds what was spent. */
  readonly isSolved: boolean;
  /** Applications of operators, that is proposals, the rejected ones included; 0 if none was needed. */
  readonly applications: number;
  /** Cost along the longest chain of dependent calls, in primitives times model size. */
  readonly criticalPathCost: number;
  /** One entry per model role that the run used; a role that is absent made no call. */
  readonly roles: readonly RoleCost[];
}

/** What one model role spent in one run; sums over its calls unless said otherwise. */
export interface RoleCost {
  readonly role: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Mean over the calls of the size `m` of the model. */
  readonly modelSize: number;
  /** Sum of `m (t n + t (t - 1) / 2)`, Meyerson & Qiu 2025, Def. 2.2 summed over one completion. */
  readonly primitiveCost: number;
  /** Sum of `m (n + t)`. */
  readonly linearCost: number;
  /** US dollars; undefined when the price of any call is unknown. */
  readonly usd: number | undefined;
}

/**
 * How calls are weighted: `primitives` by `m (t n + t (t - 1) / 2)`, `linear` by `m (n + t)`, `calls` by one
 * each, `usd` by their price.
 */
export type CostModel = "primitives" | "linear" | "calls" | "usd";

/** Exact means from theory for one strategy at one size, where a campaign declares them. */
export interface TheoryRow {
  readonly strategy: string;
  readonly size: number;
  /** Expected applications to the target. */
  readonly applications: number;
  /** Expected primitive cost to the target; undefined where theory gives none. */
  readonly primitiveCost: number | undefined;
}

/** The cost of one role under a cost model; undefined when its price is unknown. */
export function roleCost(role: RoleCost, costModel: CostModel): number | undefined {
  switch (costModel) {
    case "primitives":
      return role.primitiveCost;
    case "linear":
      return role.linearCost;
    case "calls":
      return role.calls;
    case "usd":
      return role.usd;
  }
}

/** The cost of a whole run under a cost model; undefined when the price of any role is unknown. */
export function runCost(run: RunRow, costModel: CostModel): number | undefined {
  let total = 0;
  for (const role of run.roles) {
    const cost = roleCost(role, costModel);
    if (cost === undefined) return undefined;
    total += cost;
  }
  return total;
}

/** All model calls of a run. */
export function runCalls(run: RunRow): number {
  return run.roles.reduce((sum, role) => sum + role.calls, 0);
}
