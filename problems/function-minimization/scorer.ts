/** Scores search algorithms: the functions are evaluated here, outside the sandbox, point by point. */
import type { CandidateProgram, Scorer } from "../../src/core/index.ts";
import { box, leastValue, type Objective, objectiveValue } from "./objective.ts";

/** A function, with the value that scores nothing. */
export interface MinimizationTask {
  readonly objective: Objective;
  /** Mean value at random points of the box: regret 1. */
  readonly reference: number;
}

/** What the scorer knows. */
export interface MinimizationData {
  readonly tasks: readonly MinimizationTask[];
  /** Evaluations of each function. */
  readonly budget: number;
  /** Fitness to reach. */
  readonly target: number;
}

const score: Scorer<MinimizationData> = async ({ candidate, data: { tasks, budget, target }, repeat }) => {
  let meanRegret = 0;
  let worstRegret = 0;
  const lines: string[] = [];
  for (const [index, { objective, reference }] of tasks.entries()) {
    const found = await search(candidate, objective, budget, repeat * tasks.length + index + 1);
    if (typeof found === "string") return { status: "failed", reason: "invalid", feedback: found };
    const least = leastValue(objective.minimizer.length);
    // Rounding may find a value below the least one by a few units in the last place.
    const regret = Math.max(0, (found.value - least) / (reference - least));
    meanRegret += regret / tasks.length;
    worstRegret = Math.max(worstRegret, regret);
    if (index < mostLines) {
      const away = Math.hypot(...found.point.map((one, i) => one - (objective.minimizer[i] ?? 0)));
      lines.push(
        `${found.value.toFixed(4)} (least ${least.toFixed(4)}), ${away.toFixed(3)} from the minimizer, found ` +
          `at evaluation ${found.at} of ${budget}`,
      );
    }
  }
  return {
    status: "ok",
    fitness: 1 - meanRegret,
    metrics: { meanRegret, worstRegret },
    feedback: `Mean regret ${meanRegret.toFixed(5)}; wanted: ${(1 - target).toFixed(5)}. Best values: ${lines.join("; ")}.`,
  };
};
export default score;

/** Functions that the feedback names. */
const mostLines = 10;

interface Found {
  readonly value: number;
  readonly point: readonly number[];
  /** Counts evaluations from 1. */
  readonly at: number;
}

/** The best point that the candidate finds, or what is wrong with its answer. */
async function search(
  candidate: CandidateProgram,
  objective: Objective,
  budget: number,
  seed: number,
): Promise<Found | string> {
  const dimension = objective.minimizer.length;
  await candidate.call("begin", dimension, box.low, box.high, budget, seed);
  let best: Found = { value: Number.POSITIVE_INFINITY, point: [], at: 0 };
  let value: number | null = null;
  for (let at = 1; at <= budget; at++) {
    const point = await candidate.call("propose", value);
    if (!isPoint(point, dimension)) {
      return (
        `point ${at} must be a list of ${dimension} numbers from ${box.low} to ${box.high} ` +
        `(numbers outside are moved to the border); got ${show(point)}`
      );
    }
    value = objectiveValue(objective, point);
    if (value < best.value) best = { value, point, at };
  }
  return best;
}

function isPoint(value: unknown, dimension: number): value is number[] {
  return (
    Array.isArray(value) &&
    value.length === dimension &&
    value.every((one) => typeof one === "number" && one >= box.low && one <= box.high)
  );
}

function show(value: unknown): string {
  // JSON has no word for numbers that are not finite.
  const text = JSON.stringify(value, (_, one) => (typeof one === "number" ? String(one) : one));
  return String(text).slice(0, 80);
}
