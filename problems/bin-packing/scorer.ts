/** Scores online bin packing heuristics: an instance is handed out item by item. Runs outside the sandbox. */
import type { CandidateProgram, Scorer } from "../../src/core/index.ts";
import { Bins } from "./bins.ts";

/** One sequence of items, with what its packing is compared to. */
export interface PackingInstance {
  readonly items: readonly number[];
  /** Lower bound L2 on the number of bins. */
  readonly bound: number;
  /** Bins that best fit uses. */
  readonly bestFit: number;
}

/** What the scorer knows. */
export interface BinPackingData {
  readonly capacity: number;
  readonly instances: readonly PackingInstance[];
  /** Fitness to reach. */
  readonly target: number;
}

const score: Scorer<BinPackingData> = async ({ candidate, data: { capacity, instances, target } }) => {
  let excess = 0;
  let excessOfBestFit = 0;
  let totalBins = 0;
  const lines: string[] = [];
  for (const [index, { items, bound, bestFit }] of instances.entries()) {
    const used = await pack(candidate, items, capacity);
    if (typeof used === "string") return { status: "failed", reason: "invalid", feedback: used };
    totalBins += used;
    excess += percentAbove(used, bound) / instances.length;
    excessOfBestFit += percentAbove(bestFit, bound) / instances.length;
    if (index < mostLines) lines.push(`${used} bins (bound ${bound}, best fit ${bestFit})`);
  }
  return {
    status: "ok",
    fitness: 0 - excess, // not -0
    metrics: { excessPercent: excess, bestFitExcessPercent: excessOfBestFit, bins: totalBins },
    feedback:
      `${excess.toFixed(3)} % more bins than the lower bound; wanted: ${(-target).toFixed(3)} %; best fit: ` +
      `${excessOfBestFit.toFixed(3)} %. By instance: ${lines.join("; ")}.`,
  };
};
export default score;

/** Instances that the feedback names. */
const mostLines = 10;

function percentAbove(used: number, bound: number): number {
  return (100 * (used - bound)) / bound;
}

/** Number of bins that the candidate uses, or what is wrong with its answer. */
async function pack(
  candidate: CandidateProgram,
  items: readonly number[],
  capacity: number,
): Promise<number | string> {
  const bins = new Bins(capacity);
  for (const item of items) {
    const fitting = bins.fitting(item);
    const left = fitting.map((index) => bins.left(index));
    const answer = await candidate.call("priority", item, left);
    const problem = checkPriorities(answer, left.length);
    if (problem !== undefined) {
      const call = `priority(${item}, [${left.slice(0, 20).join(", ")}${left.length > 20 ? ", ..." : ""}])`;
      return `${call} must return a list of ${left.length} finite numbers; got ${problem}`;
    }
    bins.put(item, fitting[indexOfFirstLargest(answer as number[])] ?? bins.count);
  }
  return bins.count;
}

function checkPriorities(answer: unknown, count: number): string | undefined {
  if (!Array.isArray(answer)) return show(answer);
  if (answer.length !== count) return `a list of ${answer.length}`;
  const bad = answer.findIndex((one) => !Number.isFinite(one));
  return bad < 0 ? undefined : `${show(answer[bad])} at index ${bad}`;
}

function indexOfFirstLargest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? value) ? index : best), 0);
}

function show(value: unknown): string {
  return (typeof value === "number" ? String(value) : String(JSON.stringify(value))).slice(0, 80);
}
