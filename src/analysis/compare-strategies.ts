/** The top of analysis: from the rows of all runs to the comparison of strategies. */
import type { Comparison, LogRankRow, Separation } from "./comparison.ts";
import { analyseStrategy, usableRuns } from "./contender.ts";
import { ecdfOf } from "./ecdf.ts";
import { rank } from "./ranking.ts";
import { recommend } from "./recommendation.ts";
import { type CostModel, type RunRow, runCost, type TheoryRow } from "./rows.ts";
import { separate } from "./separation.ts";
import { holmAdjust, logRankTest, type SurvivalTime } from "./survival.ts";

/** What to compare by. */
export interface CompareOptions {
  readonly costModel: CostModel;
  /** Exact means to show beside the measured ones; none when omitted. */
  readonly theory?: readonly TheoryRow[];
  /** How the components of the problem depend on each other, for the recommendation; unknown when omitted. */
  readonly structure?: string | undefined;
}

/**
 * Compares strategies by how their cost to target grows with the size of the problem: a table of means per
 * size, a growth class with verdict for each strategy, for each pair whether one outgrows the other, and at the
 * largest size that compares them a ranking with a recommendation. Never throws on rows of any number or
 * balance; what cannot be said is undefined, with a reason. The same rows in the same order give the same result.
 */
export function compareStrategies(runs: readonly RunRow[], options: CompareOptions): Comparison {
  const { costModel, theory = [], structure } = options;
  const usable = usableRuns(runs);
  const byStrategy = new Map<string, RunRow[]>();
  for (const run of usable) {
    const group = byStrategy.get(run.strategy);
    if (group) group.push(run);
    else byStrategy.set(run.strategy, [run]);
  }

  const analyses = [...byStrategy].map(([strategy, group]) =>
    analyseStrategy(
      strategy,
      group,
      costModel,
      theory.filter((row) => row.strategy === strategy),
    ),
  );
  const pairs = analyses.flatMap((left, i) => analyses.slice(i + 1).map((right) => ({ left, right })));
  const separations = withLogRank(
    pairs.map(({ left, right }) => ({
      separation: separate(left, right),
      tests: logRankTests(left.runs, right.runs, costModel),
    })),
  );
  const strategies = analyses.map(({ strategy, runs: own, table, total }) => ({
    strategy,
    sizes: table.rows,
    growth: total.report,
    runs: own,
  }));
  const ranking = rank(strategies, separations, costModel);
  const ranked = ranking?.rows.filter(
    ({ standing }) => standing !== "not run" && standing !== "cost unknown",
  );
  return {
    costModel,
    ignoredRuns: runs.length - usable.length,
    strategies: strategies.map(({ runs: _, ...strategy }) => strategy),
    separations,
    ranking,
    ecdf: (ranked ?? []).map(({ strategy }) => {
      const size = ranking?.size ?? 0;
      return ecdfOf(strategy, size, timesAt(byStrategy.get(strategy) ?? [], size, costModel));
    }),
    recommendation: recommend({ ranking, separations, costModel, structure }),
  };
}

/** What the runs at a size cost, in the form that survival analysis takes. */
function timesAt(runs: readonly RunRow[], size: number, costModel: CostModel): readonly SurvivalTime[] {
  return runs
    .filter((run) => run.size === size)
    .map((run) => ({ value: runCost(run, costModel) ?? 0, isCensored: !run.isSolved }));
}

/** Log-rank p-values at each shared size where they exist. */
function logRankTests(
  left: readonly RunRow[],
  right: readonly RunRow[],
  costModel: CostModel,
): readonly { readonly size: number; readonly p: number }[] {
  if ([...left, ...right].some((run) => runCost(run, costModel) === undefined)) return [];
  const sizes = [...new Set(left.map((run) => run.size))].sort((one, other) => one - other);
  return sizes.flatMap((size) => {
    const p = logRankTest(timesAt(left, size, costModel), timesAt(right, size, costModel));
    return p === undefined ? [] : [{ size, p }];
  });
}

/** Corrects the tests of all pairs together and hands each pair its own. */
function withLogRank(
  pairs: readonly {
    readonly separation: Omit<Separation, "logRank">;
    readonly tests: readonly { readonly size: number; readonly p: number }[];
  }[],
): readonly Separation[] {
  const adjusted = holmAdjust(pairs.flatMap((pair) => pair.tests.map((test) => test.p)));
  let next = 0;
  return pairs.map(({ separation, tests }) => {
    const logRank = tests.map((test): LogRankRow => ({ ...test, adjustedP: adjusted[next++] ?? 1 }));
    return { ...separation, logRank };
  });
}
