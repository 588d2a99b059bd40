/** Scores constructive tour heuristics: the tour is built and measured here, outside the sandbox. */
import type { CandidateProgram, Scorer } from "../../src/core/index.ts";
import { type City, stepLengths } from "./cities.ts";

/** Cities, with what a tour through them is compared to. */
export interface TourInstance {
  readonly cities: readonly City[];
  /** Held-Karp lower bound on the length of a tour. */
  readonly bound: number;
  /** Length of the nearest neighbour tour from city 0. */
  readonly nearestNeighbour: number;
}

/** What the scorer knows. */
export interface TspData {
  readonly instances: readonly TourInstance[];
  /** Fitness to reach. */
  readonly target: number;
}

const score: Scorer<TspData> = async ({ candidate, data: { instances, target } }) => {
  let excess = 0;
  let excessOfNearest = 0;
  let wayHome = 0;
  let longestStep = 0;
  const lines: string[] = [];
  for (const [index, { cities, bound, nearestNeighbour }] of instances.entries()) {
    const tour = await build(candidate, cities);
    if (typeof tour === "string") return { status: "failed", reason: "invalid", feedback: tour };
    const lengths = stepLengths(cities, tour);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    excess += percentAbove(total, bound) / instances.length;
    excessOfNearest += percentAbove(nearestNeighbour, bound) / instances.length;
    wayHome += (100 * (lengths.at(-1) ?? 0)) / total / instances.length;
    longestStep += (100 * Math.max(...lengths)) / total / instances.length;
    if (index < mostLines) lines.push(`${total.toFixed(3)} (bound ${bound.toFixed(3)})`);
  }
  return {
    status: "ok",
    fitness: 0 - excess, // not -0
    metrics: { excessPercent: excess, nearestNeighbourExcessPercent: excessOfNearest },
    feedback:
      `Tours are ${excess.toFixed(2)} % longer than the lower bound; wanted: ${(-target).toFixed(2)} %; nearest ` +
      `neighbour: ${excessOfNearest.toFixed(2)} %. The last step, back to the first city, takes ` +
      `${wayHome.toFixed(1)} % of a tour, the longest step ${longestStep.toFixed(1)} %. ` +
      `Lengths: ${lines.join("; ")}.`,
  };
};
export default score;

/** Instances that the feedback names. */
const mostLines = 10;

function percentAbove(length: number, bound: number): number {
  return (100 * (length - bound)) / bound;
}

/** The candidate's tour through all cities, or what is wrong with its answer. */
async function build(candidate: CandidateProgram, cities: readonly City[]): Promise<number[] | string> {
  const unvisited = new Set(cities.keys());
  const first = await candidate.call("begin", cities);
  if (typeof first !== "number" || !unvisited.delete(first)) {
    return `the first city must be a whole number from 0 to ${cities.length - 1}; got ${show(first)}`;
  }
  const tour = [first];
  let current = first;
  while (unvisited.size > 1) {
    const next = await candidate.call("next", current, [...unvisited]);
    if (typeof next !== "number" || !unvisited.delete(next)) {
      const wrong = typeof next === "number" && tour.includes(next) ? ", a city visited before" : "";
      return `after ${tour.length} cities, the next one must be an unvisited city; got ${show(next)}${wrong}`;
    }
    tour.push(next);
    current = next;
  }
  return [...tour, ...unvisited];
}

function show(value: unknown): string {
  return (typeof value === "number" ? String(value) : String(JSON.stringify(value))).slice(0, 80);
}
