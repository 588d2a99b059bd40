/** How the cost to target is distributed over the runs at one size, without a model of the costs. */
import { type SurvivalTime, survivalSteps } from "./survival.ts";

/**
 * The empirical distribution of one strategy's cost to target at one size: what COCO (Hansen and others,
 * arXiv 1605.03560) calls the runtime ECDF. Runs that missed the target count by Kaplan and Meier's estimate,
 * so that one with a small budget does not pass for one that would never have met it.
 */
export interface StrategyEcdf {
  readonly strategy: string;
  readonly size: number;
  readonly runs: number;
  /** By ascending cost; empty where no run met the target. */
  readonly steps: readonly EcdfStep[];
  /** Most that any run spent: of a larger cost nothing is known, unless all runs had met the target by then. */
  readonly observedTo: number;
}

/** A step of the distribution. */
export interface EcdfStep {
  /** Under the comparison's cost model. */
  readonly cost: number;
  /** Estimated share of runs that meet the target at no more than this cost, from 0 to 1. */
  readonly share: number;
}

/** The distribution of the given costs, one a run; at least one. */
export function ecdfOf(strategy: string, size: number, times: readonly SurvivalTime[]): StrategyEcdf {
  return {
    strategy,
    size,
    runs: times.length,
    steps: survivalSteps(times).map(({ value, surviving }) => ({ cost: value, share: 1 - surviving })),
    observedTo: Math.max(...times.map(({ value }) => value)),
  };
}

/** The share of runs at the target within a cost, from 0 to 1; undefined where no run went that far. */
export function shareWithin({ steps, observedTo }: StrategyEcdf, cost: number): number | undefined {
  const share = steps.findLast((step) => step.cost <= cost)?.share ?? 0;
  return cost > observedTo && share < 1 ? undefined : share;
}
