/** The ranking, the distribution of costs and the recommendation: as cells for any page, and for a terminal. */
import {
  type Comparison,
  type CostModel,
  type Ranking,
  type RankingRow,
  type StrategyEcdf,
  shareWithin,
} from "../analysis/index.ts";
import { heading, namedTable, number, wrap } from "./text.ts";

/** What each cost model counts. */
export const costNames = {
  primitives: "LLM primitives (Def. 2.2)",
  linear: "linear price m (n + t)",
  calls: "calls",
  usd: "US dollars",
} as const satisfies Record<CostModel, string>;

/** Most budgets in the table of shares. */
const mostBudgets = 8;

/** The ranking and the recommendation for a terminal; empty where there are not two strategies to rank. */
export function rankingText({ ranking, costModel, recommendation }: Comparison): readonly string[] {
  if (ranking === undefined || ranking.rows.length < 2) return [];
  return [
    `\n${heading(`Ranking at k = ${ranking.size}, cost in ${costNames[costModel]}`)}`,
    rankingTable(ranking),
    `\n${heading("Recommendation")}`,
    recommendationText(recommendation),
  ];
}

/** The table of a ranking for a terminal, with what its columns mean. */
export function rankingTable(ranking: Ranking): string {
  const head = ["strategy", "expected cost [95 %]", "x best", "growth", "solved", "differs"];
  const rows = ranking.rows.map((row) => [
    row.strategy,
    costCell(row),
    number(row.timesBest?.ratio),
    growthCell(row),
    solvedCell(row),
    row.isBest ? "best" : row.adjustedP === undefined ? "-" : row.isTied ? "no" : "yes",
  ]);
  const isRight = head.map((_, column) => column > 0 && column !== 3);
  return [namedTable([head, ...rows], isRight), ...legend(ranking).map((line) => wrap(line, "  "))].join(
    "\n",
  );
}

/** What a reader needs to know about the cells of this ranking. */
export function legend({ rows }: Ranking): readonly string[] {
  const isUncertain = rows.some(
    (row) => row.growth.class !== undefined && row.growth.verdict !== "conclusive",
  );
  const isBounded = rows.some((row) => row.standing === "never solved");
  return [
    ...(rows.some((row) => row.adjustedP !== undefined)
      ? ["differs: from the best, by a log-rank test at 5 %, corrected for all pairs."]
      : []),
    ...(isUncertain ? ["?: a best guess of the growth class."] : []),
    ...(isBounded ? [`at least: no run reached the target; cost of all runs / 3.`] : []),
  ];
}

/** The sentences of a recommendation, for a terminal. */
export function recommendationText(sentences: readonly string[]): string {
  return wrap(sentences.join(" "), "  ");
}

/** The expected cost of a strategy, or why there is none. */
export function costCell({ standing, cost, costAtLeast }: RankingRow): string {
  if (standing === "not run") return "not run";
  if (standing === "cost unknown") return "unknown";
  if (cost === undefined) return costAtLeast ? `at least ${number(costAtLeast)}` : "-";
  return intervalCell(cost.mean, cost);
}

/** A value with its interval where there is one. */
export function intervalCell(
  value: number,
  { low, high }: { readonly low: number | undefined; readonly high: number | undefined },
): string {
  return low === undefined || high === undefined
    ? number(value)
    : `${number(value)} [${number(low)}, ${number(high)}]`;
}

/** A growth class, with a question mark where it is a best guess. */
export function growthCell({ growth }: RankingRow): string {
  if (growth.class === undefined) return "-";
  return `Θ(${growth.class})${growth.verdict === "conclusive" ? "" : "?"}`;
}

/** Solved runs of all. */
export function solvedCell({ standing, solved, runs, largestRun }: RankingRow): string {
  if (standing !== "not run") return `${solved}/${runs}`;
  return largestRun === undefined ? "-" : `${largestRun.solved}/${largestRun.runs} at ${largestRun.size}`;
}

/** The share of runs at the target within round costs, the heading first; empty where there is nothing to show. */
export function ecdfRows(ecdf: readonly StrategyEcdf[]): readonly (readonly string[])[] {
  if (ecdf.every(({ steps }) => steps.length === 0)) return [];
  const budgets = roundBudgets(ecdf.flatMap(({ steps }) => steps.map(({ cost }) => cost)));
  return [
    ["strategy", ...budgets.map(budgetText)],
    ...ecdf.map((one) => [
      one.strategy,
      ...budgets.map((budget) => {
        const share = shareWithin(one, budget);
        return share === undefined ? "-" : shareText(share);
      }),
    ]),
  ];
}

/** A share in percent, in which 0 and 100 mean none and all. */
function shareText(share: number): string {
  if (share <= 0 || share >= 1) return `${100 * share} %`;
  return `${Math.min(99, Math.max(1, Math.round(100 * share)))} %`;
}

/** The same for a terminal, under a heading; empty where there is nothing to show. */
export function ecdfText({ ecdf, costModel }: Comparison): readonly string[] {
  const rows = ecdfRows(ecdf);
  const size = ecdf[0]?.size;
  if (rows.length === 0) return [];
  const isRight = rows[0]?.map((_, column) => column > 0) ?? [];
  return [
    `\n${heading(`Share of runs at the target at k = ${size}, by cost in ${costNames[costModel]}`)}`,
    namedTable(rows, isRight),
    ...(rows.flat().includes("-") ? [wrap("-: no run of the strategy went that far.", "  ")] : []),
  ];
}

/** Digits of round numbers within a decade, from dense to sparse. */
const ladders = [[1, 1.5, 2, 3, 5, 7], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]] as const;

/**
 * Round costs, about evenly spaced on a logarithmic scale, from the least at which a run may be at the target to
 * one at which all are that ever will be: the densest ladder that has at most `most` rungs there.
 */
export function roundBudgets(costs: readonly number[], most = mostBudgets): readonly number[] {
  const positive = costs.filter((cost) => cost > 0);
  if (positive.length === 0) return [0];
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  for (const digits of ladders) {
    const found = rungs(low, high, digits, 1);
    if (found.length <= most) return found;
  }
  // So many decades that some have to be left out.
  const decades = Math.log10(high / low);
  return rungs(low, high, [1], Math.ceil((decades + 1) / (most - 1)));
}

/** From the smallest rung of at least `low` to the smallest of at least `high`, every so many decades. */
function rungs(low: number, high: number, digits: readonly number[], decades: number): readonly number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; ; power += decades) {
    for (const digit of digits) {
      const rung = Number(`${digit}e${power}`);
      if (rung >= low) found.push(rung);
      if (rung >= high) return found;
    }
  }
}

/** A round number in few characters, such as 300, 10k or 1.5M. */
function budgetText(value: number): string {
  if (value > 0 && value < 1) return String(value);
  return number(value)
    .replace(/(\.\d*?)0+(?=\D|$)/, "$1")
    .replace(/\.(?=\D|$)/, "");
}
