/** Which strategy to take, in one to three sentences that claim no more than the ranking shows. */
import type { Separation } from "./comparison.ts";
import { outgrows, parseGrowthClass } from "./growth-class.ts";
import { findPair, type Ranking, type RankingRow } from "./ranking.ts";
import type { CostModel } from "./rows.ts";
import { intervalText, numberText } from "./text.ts";

/** Runs of a strategy below which what is said of it is called provisional. */
const FEWEST_RUNS = 5;

/** What a recommendation rests on. */
export interface Evidence {
  readonly ranking: Ranking | undefined;
  readonly separations: readonly Separation[];
  readonly costModel: CostModel;
  /** How the components depend on each other, in a few words, such as "Components independent". */
  readonly structure?: string | undefined;
}

/**
 * The recommendation: what to take and how much it costs, how the gap grows, and what failed. The first
 * sentence names the structure of the problem where it is known.
 */
export function recommend({ ranking, separations, costModel, structure }: Evidence): readonly string[] {
  if (ranking === undefined) return [];
  const best = ranking.rows.find(({ isBest }) => isBest);
  const [first, ...rest] =
    best === undefined ? [whyNothing(ranking, costModel)] : take(best, ranking, separations, costModel);
  const condition = structure?.trim().replace(/[.:\s]+$/, "");
  // The first word is always ours, so that it may change its case.
  const opening = condition ? `${condition}: ${first.charAt(0).toLowerCase()}${first.slice(1)}` : first;
  return [opening, ...rest];
}

/** What to say where no strategy has an expected cost. */
function whyNothing({ size, rows }: Ranking, costModel: CostModel): string {
  const unknown = rows.filter(({ standing }) => standing === "cost unknown");
  if (unknown.length > 0) {
    return `Nothing can be recommended, since no cost in ${units[costModel]} is known for ${list(unknown)}: declare the prices of the models, or compare under another cost model.`;
  }
  return `Nothing can be recommended, since no run reached the target, up to k = ${size}: raise the budget of a run or take smaller sizes.`;
}

function take(
  best: RankingRow,
  ranking: Ranking,
  separations: readonly Separation[],
  costModel: CostModel,
): [string, ...string[]] {
  const rivals = ranking.rows.filter(
    (row) => row !== best && (row.standing === "solved" || row.standing === "never solved"),
  );
  const tied = rivals.filter((row) => row.isTied && row.standing === "solved");
  const next = rivals.find((row) => !row.isTied && row.standing === "solved");
  const other = next ?? tied[0];
  const settled = other && settledGrowth(best, other, separations);
  // Of a tie the first sentence says already that the data do not suffice.
  const growth = settled ?? (next && openGrowth(best, next, separations));
  const left = leftOver(ranking);
  return [
    firstSentence({ best, tied, next, rivals, ranking, costModel }),
    ...(growth === undefined ? [] : [growth]),
    ...(left === undefined ? [] : [left]),
  ];
}

interface Outcome {
  readonly best: RankingRow;
  /** Solved ones that are not told apart from the best. */
  readonly tied: readonly RankingRow[];
  /** The cheapest solved one that is. */
  readonly next: RankingRow | undefined;
  /** All others that were run at this size and whose cost is known. */
  readonly rivals: readonly RankingRow[];
  readonly ranking: Ranking;
  readonly costModel: CostModel;
}

function firstSentence({ best, tied, next, rivals, ranking, costModel }: Outcome): string {
  const cost = costText(best, costModel);
  const at = `at k = ${ranking.size}`;
  if (ranking.rows.length === 1) {
    return `Only ${best.strategy} was run, so there is nothing to compare it with: ${cost} ${at}.`;
  }
  if (rivals.length === 0) {
    return `Take ${best.strategy}: ${cost} ${at}, where nothing else was run whose cost is known.`;
  }
  const which = tied.length > 0 ? "the next that differs" : "the next";
  const gap =
    next === undefined
      ? undefined
      : next.timesBest === undefined
        ? `; ${next.strategy}, ${which}, costs ${costText(next, costModel)}`
        : `, ${numberText(next.timesBest.ratio)} times less than ${next.strategy}, ${which}`;
  if (tied.length === 0) {
    return gap === undefined
      ? `Take ${best.strategy}, which alone reached the target ${at}: ${cost}.`
      : `Take ${best.strategy}: ${cost} ${at}${gap}.`;
  }
  if (gap === undefined) {
    return `Nothing tells ${list([best, ...tied])} apart ${at}: ${best.strategy} is the cheapest on average, with ${cost}, but the data do not suffice for a choice; add seeds or larger sizes.`;
  }
  return `Take ${best.strategy}: ${cost} ${at}${gap}; ${list([best, ...tied])} cannot be told apart here.`;
}

/** How the gap between the best and another grows; undefined where that is not known. */
function settledGrowth(
  best: RankingRow,
  other: RankingRow,
  separations: readonly Separation[],
): string | undefined {
  const pair = findPair(separations, best.strategy, other.strategy);
  const both = `${best.strategy} grows as ${thetaText(best)}, ${other.strategy} as ${thetaText(other)}`;
  const isCostlier = pair?.costlier === other.strategy;
  if (isCostlier && pair.verdict === "separates") return `${both}: the gap widens with k.`;
  const isFalling = isCostlier && pair.slope !== undefined && pair.slope.high < 0;
  if (isFalling || growsFaster(best, other)) {
    const isKnown = best.growth.class !== undefined && other.growth.class !== undefined;
    const narrows = `gap ${isKnown ? "" : `to ${other.strategy} `}narrows with k, so measure larger sizes before you rely on it there.`;
    return isKnown ? `${both}: the ${narrows}` : `The ${narrows}`;
  }
  // A class is that of the fastest growing role, however little it costs yet.
  if (pair?.verdict === "grows in range") return undefined;
  if (!isConclusive(best, other) || best.growth.class !== other.growth.class) return undefined;
  // Two exponentials of one class may differ in their bases.
  const isExponential = parseGrowthClass(best.growth.class ?? "")?.growthClass.isExponential ?? true;
  return isExponential ? undefined : `Both grow as ${thetaText(best)}: the gap is a constant factor.`;
}

/** What is missing to say how the gap grows. */
function openGrowth(best: RankingRow, other: RankingRow, separations: readonly Separation[]): string {
  const pair = findPair(separations, best.strategy, other.strategy);
  const fewest = Math.min(best.runs, other.runs);
  if (fewest < FEWEST_RUNS) {
    return `This is provisional: it rests on ${fewest} run${fewest === 1 ? "" : "s"} of a strategy; add seeds.`;
  }
  if (pair?.costlier === other.strategy && pair.verdict === "grows in range") {
    return `The gap to ${other.strategy} grows on the sizes measured; the growth classes do not settle how it goes on.`;
  }
  return `The data do not suffice to say how the gap to ${other.strategy} changes with k.`;
}

function isConclusive(...rows: readonly RankingRow[]): boolean {
  return rows.every(({ growth }) => growth.verdict === "conclusive");
}

function growsFaster(best: RankingRow, other: RankingRow): boolean {
  const [mine, theirs] = [best, other].map(({ growth }) => parseGrowthClass(growth.class ?? "")?.growthClass);
  return mine !== undefined && theirs !== undefined && isConclusive(best, other) && outgrows(mine, theirs);
}

/** A growth class, marked where it is a best guess. */
function thetaText({ growth }: RankingRow): string {
  return `Θ(${growth.class})${growth.verdict === "conclusive" ? "" : " (a best guess)"}`;
}

/** What never reached the target, and what was not run; undefined where there is nothing such. */
function leftOver({ size, rows }: Ranking): string | undefined {
  const never = rows.filter(({ standing }) => standing === "never solved");
  const isAlike = (one: RankingRow, other: RankingRow) =>
    one.runs === other.runs && one.isTied === other.isTied;
  const failed = never.flatMap((row, index) => {
    if (never.findIndex((other) => isAlike(row, other)) < index) return []; // said with the first of its kind
    const group = never.filter((other) => isAlike(row, other));
    const runs = `${row.runs} run${row.runs === 1 ? "" : "s"}${group.length > 1 ? " each" : ""}`;
    const few = row.isTied ? ", too few to tell from the best" : "";
    return [`${list(group)} never reached the target in ${runs}${few}`];
  });
  const isHopeless = ({ standing, largestRun }: RankingRow) =>
    standing === "not run" && largestRun !== undefined && largestRun.solved === 0;
  const hopeless = rows.filter(isHopeless);
  const smaller = [...new Set(hopeless.map(({ largestRun }) => largestRun?.size ?? 0))].sort((a, b) => a - b);
  const below = smaller.map((at) => {
    const group = hopeless.filter(({ largestRun }) => largestRun?.size === at);
    return `${list(group)} never reached the target at k = ${at} and ${group.length > 1 ? "were" : "was"} not run beyond`;
  });
  const notRun = rows.filter((row) => row.standing === "not run" && !isHopeless(row));
  const absent = notRun.map(({ strategy, growth }) => {
    const guess = growth.verdict === "conclusive" ? "" : ", a best guess";
    return { strategy: growth.class === undefined ? strategy : `${strategy} (Θ(${growth.class})${guess})` };
  });
  const were = absent.length > 1 ? "were" : "was";
  const parts = [
    ...failed,
    ...below,
    ...(absent.length > 0 ? [`${list(absent)} ${were} not run at k = ${size}`] : []),
  ];
  return parts.length > 0 ? `${parts.join("; ")}.` : undefined;
}

const units: Readonly<Record<CostModel, string>> = {
  primitives: "LLM primitives",
  linear: "linear price",
  calls: "calls",
  usd: "US dollars",
};

/** The expected cost of a solved row, with the runs that missed the target where there are any. */
function costText({ cost, runs, solved }: RankingRow, costModel: CostModel): string {
  const { mean = 0, low, high } = cost ?? {};
  const interval = low === undefined || high === undefined ? "" : ` ${intervalText({ low, high })}`;
  const isOneCall = costModel === "calls" && numberText(mean) === "1";
  const unit = isOneCall ? "call" : costModel === "linear" ? `in ${units.linear}` : units[costModel];
  const share = solved < runs ? ` (${solved} of ${runs} runs solved)` : "";
  return mean === 0
    ? `no cost in ${units[costModel]}${share}`
    : `${numberText(mean)}${interval} ${unit}${share}`;
}

/** Most names in a list. */
const MOST_NAMES = 5;

/** Names as in a sentence: `a`, `a and b`, `a, b and c`, and of many the first and how many others. */
function list(rows: readonly Pick<RankingRow, "strategy">[]): string {
  const names = rows.map(({ strategy }) => strategy);
  if (names.length > MOST_NAMES) {
    return `${names.slice(0, MOST_NAMES - 1).join(", ")} and ${names.length - MOST_NAMES + 1} others`;
  }
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}
