/** All that the runs of one strategy say by themselves, before it is compared with others. */
import { inferLocalExponent } from "./call-growth.ts";
import { toCells } from "./cell.ts";
import { positiveObservations } from "./mean-estimate.ts";
import { type CostModel, type RunRow, runCalls, runCost, type TheoryRow } from "./rows.ts";
import type { Contender } from "./separation.ts";
import { type SizeTable, sizeTable } from "./size-table.ts";
import { analyseTotal } from "./total-growth.ts";

/** One strategy with its runs and what they say. */
export interface AnalysedStrategy extends Contender {
  readonly runs: readonly RunRow[];
  readonly table: SizeTable;
}

/** Runs that can be analysed: those whose size is a number of at least 1. */
export function usableRuns(runs: readonly RunRow[]): readonly RunRow[] {
  return runs.filter((run) => Number.isFinite(run.size) && run.size >= 1);
}

/** Analyses the usable runs of one strategy; `theory` holds rows of this strategy only. */
export function analyseStrategy(
  strategy: string,
  runs: readonly RunRow[],
  costModel: CostModel,
  theory: readonly TheoryRow[] = [],
): AnalysedStrategy {
  const table = sizeTable(runs, costModel, theory);
  const { costs } = table;
  const observations = positiveObservations(runs, (run) => runCost(run, costModel) ?? 0, runCalls);
  const localExponent = costs.length > 0 ? inferLocalExponent(toCells(observations)) : undefined;
  return {
    strategy,
    runs,
    table,
    costs,
    isFree: table.rows.some(({ cost }) => cost !== undefined) && costs.length === 0,
    total: analyseTotal(runs, costModel, localExponent),
  };
}

/** The sizes at which each strategy met the target. */
export function solvedSizes(runs: readonly RunRow[]): ReadonlyMap<string, ReadonlySet<number>> {
  const solved = new Map<string, Set<number>>();
  for (const { strategy, size, isSolved } of runs) {
    if (isSolved) solved.set(strategy, (solved.get(strategy) ?? new Set()).add(size));
  }
  return solved;
}

/** The largest number that is in every set or, where there is none, of those in most of them. */
export function largestShared(sets: readonly ReadonlySet<number>[]): number | undefined {
  const count = (size: number) => sets.filter((set) => set.has(size)).length;
  const all = [...new Set(sets.flatMap((set) => [...set]))];
  return all.sort((left, right) => count(right) - count(left) || right - left)[0];
}
