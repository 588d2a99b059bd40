/** Measures how many applications a strategy takes to the target, by runs of the real engine with a free model. */
import { expect } from "vitest";
import {
  type Evaluation,
  type Genome,
  greedy,
  type Instance,
  type Model,
  type Operator,
  type Population,
  type Problem,
  type PromptMode,
} from "../../../src/core/index.ts";
import { simulated } from "../../../src/llm/simulated.ts";
import { run } from "../../engine/fixtures.ts";

/** A strategy at a size, over seeds 1, 2, ... */
export interface Cell {
  readonly problem: Problem;
  readonly size: number;
  readonly operator: Operator;
  readonly seeds: number;
  /** Default: greedy(). */
  readonly population?: Population;
  /** Default: simulated(). */
  readonly model?: Model;
  /** Default: compact. */
  readonly promptMode?: PromptMode;
  /** Applications after which a run is given up. Default 100,000. */
  readonly stopAfter?: number;
}

/** The score of a genome; problems made of blocks answer at once and never fail. */
export function scoreOf(instance: Instance, genome: Genome, repeat = 0): Evaluation & { status: "ok" } {
  if (typeof instance.evaluate !== "function") throw new Error("expected a function");
  const evaluation = instance.evaluate(genome, new AbortController().signal, repeat);
  if (evaluation instanceof Promise || evaluation.status !== "ok") throw new Error("expected a score");
  return evaluation;
}

/** Every run, with all that it recorded. */
export function runsOf({ problem, size, seeds, model = simulated(), stopAfter = 100_000, ...rest }: Cell) {
  const { operator, population = greedy(), promptMode = "compact" } = rest;
  return Promise.all(
    Array.from({ length: seeds }, (_, index) =>
      run({
        key: `${problem.name}/${size}/${index + 1}`,
        instance: problem.instance({ size, seed: index + 1 }),
        ...{ operator, population, models: { mutator: model }, promptMode, stopAfter },
      }),
    ),
  );
}

/** The applications of every run; all must reach the target. */
export async function applicationsOf(cell: Cell): Promise<readonly number[]> {
  const results = (await runsOf(cell)).map(({ result }) => result);
  expect(results.map(({ stopReason }) => stopReason)).toEqual(results.map(() => "target"));
  return results.map(({ applications }) => applications);
}

/** Expects the mean of independent values to be within 4 standard errors of the exact one. */
export function expectMean(values: readonly number[], mean: number, variance: number): void {
  const measured = values.reduce((sum, value) => sum + value, 0) / values.length;
  const standardError = Math.sqrt(variance / values.length);
  expect(Math.abs(measured - mean) / standardError).toBeLessThan(4);
}

/** The variance of a geometric number of success probability `chance`. */
export const geometric = (chance: number) => (1 - chance) / chance ** 2;

/** Exact mean and variance of the number of steps of a Markov chain from the first state to the end. */
export function hittingTime<State>(
  first: State,
  steps: (state: State) => readonly (readonly [State, number])[],
  isEnd: (state: State) => boolean,
): { readonly mean: number; readonly variance: number } {
  const known = new Map<string, readonly (readonly [string, State, number])[]>();
  let shares = new Map([[JSON.stringify(first), { state: first, share: 1 }]]);
  let [mean, square] = [0, 0];
  for (let time = 0; ; time++) {
    let unfinished = 0;
    const next: typeof shares = new Map();
    for (const [key, { state, share }] of shares) {
      if (isEnd(state)) continue;
      unfinished += share;
      let moves = known.get(key);
      if (moves === undefined) {
        moves = steps(state).map(([to, chance]) => [JSON.stringify(to), to, chance]);
        known.set(key, moves);
      }
      for (const [toKey, to, chance] of moves) {
        const there = next.get(toKey);
        if (there === undefined) next.set(toKey, { state: to, share: share * chance });
        else there.share += share * chance;
      }
    }
    mean += unfinished; // E[T] = sum P(T > t), E[T^2] = sum (2 t + 1) P(T > t)
    square += (2 * time + 1) * unfinished;
    if (unfinished < 1e-13) return { mean, variance: square - mean ** 2 };
    shares = next;
  }
}
