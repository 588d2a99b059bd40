/** The strategies by expected cost at one size, and which of them the data tell apart from the best. */
import type { MeanEstimate, RatioRow, Separation, StrategyComparison, Verdict } from "./comparison.ts";
import { type CostModel, type RunRow, runCost } from "./rows.ts";
import { holmAdjust } from "./survival.ts";

/** Strategies whose test against the best has a larger corrected p-value are not told apart from it. */
const LEVEL = 0.05;

/**
 * No success in n trials bounds the rate of success by 3 / n with 95 % confidence (the rule of three: Hanley and
 * Lippman-Hand 1983; exactly, 3 is -ln 0.05 = 2.996).
 */
const RULE_OF_THREE = 3;

/** The strategies at one size, the best first. */
export interface Ranking {
  /** Largest size at which two strategies have a solved run; else the largest with any; else the largest run. */
  readonly size: number;
  readonly rows: readonly RankingRow[];
}

/**
 * `solved`: at least one run met the target, so that there is an expected cost. `never solved`: none did.
 * `cost unknown`: the price of a call is. `not run`: the strategy has no run at this size, as when theory or
 * pilot runs say that it is out of reach.
 */
export type Standing = "solved" | "never solved" | "cost unknown" | "not run";

/** One strategy of a ranking. */
export interface RankingRow {
  readonly strategy: string;
  readonly standing: Standing;
  /** Runs at this size, and those of them that met the target. */
  readonly runs: number;
  readonly solved: number;
  /** Solved over runs, from 0 to 1; undefined where there is no run. */
  readonly successRate: number | undefined;
  /** Of a strategy that was not run at this size: its runs at the largest size at which it was. */
  readonly largestRun: { readonly size: number; readonly runs: number; readonly solved: number } | undefined;
  /** Expected cost to target; undefined unless `solved`. */
  readonly cost: MeanEstimate | undefined;
  /**
   * Lower bound of the expected cost of a strategy that never met the target in runs that cost C in all: C / 3,
   * with 95 % confidence. It is that of trying again and again with this budget, or of going on where the time
   * to the target is exponential. Undefined for others.
   */
  readonly costAtLeast: number | undefined;
  /** Expected cost over that of the best; undefined where either has none, or the best costs nothing. */
  readonly timesBest: Omit<RatioRow, "size"> | undefined;
  readonly growth: {
    readonly verdict: Verdict;
    readonly class: string | undefined;
    readonly label: string | undefined;
  };
  readonly isBest: boolean;
  /** Of the log-rank test against the best; undefined for the best, and where no test is possible. */
  readonly p: number | undefined;
  /** Holm-corrected over the tests of all pairs at this size, since the best is chosen by the same data. */
  readonly adjustedP: number | undefined;
  /** Whether it was run at this size and is not told apart from the best at 5 %; false for the best. */
  readonly isTied: boolean;
}

/** What a ranking needs of one strategy. */
export interface RankedStrategy extends StrategyComparison {
  readonly runs: readonly RunRow[];
}

/** Ranks the strategies; undefined without any. `separations` are those of all pairs. */
export function rank(
  strategies: readonly RankedStrategy[],
  separations: readonly Separation[],
  costModel: CostModel,
): Ranking | undefined {
  const size = rankedSize(strategies);
  if (size === undefined) return undefined;
  const rows = strategies.map((strategy) => measure(strategy, size, costModel)).sort(byCost);
  const best = rows[0]?.standing === "solved" ? rows[0] : undefined;
  if (best === undefined) return { size, rows };
  const tests = testsAt(size, separations);
  return { size, rows: rows.map((row) => against(best, row, size, separations, tests)) };
}

function rankedSize(strategies: readonly StrategyComparison[]): number | undefined {
  const rows = strategies.flatMap(({ sizes }) => sizes);
  const largest = (kept: typeof rows, least: number) => {
    const sizes = [...new Set(kept.map(({ size }) => size))].sort((left, right) => right - left);
    return sizes.find((size) => kept.filter((row) => row.size === size).length >= least);
  };
  const known = rows.filter(({ cost }) => cost !== undefined);
  const solved = rows.filter((row) => row.solved > 0);
  return largest(known, 2) ?? largest(known, 1) ?? largest(solved, 1) ?? largest(rows, 1);
}

function measure(
  { strategy, sizes, growth, runs }: RankedStrategy,
  size: number,
  costModel: CostModel,
): RankingRow {
  const here = sizes.find((row) => row.size === size);
  const costs = runs.filter((run) => run.size === size).map((run) => runCost(run, costModel));
  const isKnown = runs.every((run) => runCost(run, costModel) !== undefined);
  const standing =
    here === undefined ? "not run" : !isKnown ? "cost unknown" : here.solved > 0 ? "solved" : "never solved";
  const last = here === undefined ? sizes.at(-1) : undefined;
  const total = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  return {
    strategy,
    standing,
    runs: here?.runs ?? 0,
    solved: here?.solved ?? 0,
    successRate: here?.successRate,
    largestRun: last && { size: last.size, runs: last.runs, solved: last.solved },
    cost: here?.cost,
    costAtLeast: standing === "never solved" ? total / RULE_OF_THREE : undefined,
    timesBest: undefined,
    growth: { verdict: growth.verdict, class: growth.class, label: growth.label },
    isBest: false,
    p: undefined,
    adjustedP: undefined,
    isTied: false,
  };
}

const order: readonly Standing[] = ["solved", "never solved", "cost unknown", "not run"];

/** Equals keep the order in which they first appear in the rows. */
function byCost(left: RankingRow, right: RankingRow): number {
  const standing = order.indexOf(left.standing) - order.indexOf(right.standing);
  const value = ({ cost, costAtLeast }: RankingRow) => cost?.mean ?? costAtLeast ?? 0;
  return standing || value(left) - value(right);
}

/** The test of one pair at the size of the ranking. */
interface PairTest {
  readonly names: readonly string[];
  readonly p: number;
  readonly adjustedP: number;
}

/** Corrects over all pairs: the best is known from the same runs, so that each of them could have been tested. */
function testsAt(size: number, separations: readonly Separation[]): readonly PairTest[] {
  const tests = separations.flatMap(({ costlier, cheaper, logRank }) =>
    logRank.filter((row) => row.size === size).map(({ p }) => ({ names: [costlier, cheaper], p })),
  );
  const adjusted = holmAdjust(tests.map(({ p }) => p));
  return tests.map((test, index) => ({ ...test, adjustedP: adjusted[index] ?? 1 }));
}

function against(
  best: RankingRow,
  row: RankingRow,
  size: number,
  separations: readonly Separation[],
  tests: readonly PairTest[],
): RankingRow {
  if (row === best) {
    return { ...row, isBest: true, timesBest: { ratio: 1, low: 1, high: 1 } };
  }
  const test = tests.find(({ names }) => names.includes(best.strategy) && names.includes(row.strategy));
  const isCompared = row.standing === "solved" || row.standing === "never solved";
  return {
    ...row,
    timesBest: ratioAt(size, row, best, separations),
    p: test?.p,
    adjustedP: test?.adjustedP,
    isTied: isCompared && !(test !== undefined && test.adjustedP < LEVEL),
  };
}

function ratioAt(
  size: number,
  above: RankingRow,
  below: RankingRow,
  separations: readonly Separation[],
): RankingRow["timesBest"] {
  const pair = findPair(separations, above.strategy, below.strategy);
  const row = pair?.ratios.find((one) => one.size === size);
  if (pair === undefined || row === undefined) return undefined;
  const { ratio, low, high } = row;
  if (pair.cheaper === below.strategy) return { ratio, low, high };
  const inverse = (value: number | undefined) => (value ? 1 / value : undefined);
  return { ratio: 1 / ratio, low: inverse(high), high: inverse(low) };
}

/** The separation of two strategies, whichever costs more. */
export function findPair(
  separations: readonly Separation[],
  one: string,
  other: string,
): Separation | undefined {
  return separations.find(
    ({ costlier, cheaper }) =>
      (costlier === one && cheaper === other) || (costlier === other && cheaper === one),
  );
}
