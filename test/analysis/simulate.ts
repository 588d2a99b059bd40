/** Seeded runs of strategies whose growth is known exactly, as rows. Block success probability 1/2. */
import seedrandom from "seedrandom";
import { toCells } from "../../src/analysis/cell.ts";
import type { RunRow } from "../../src/analysis/index.ts";

export type Random = () => number;
/** Draws the number of applications to target at size k. */
export type CountSampler = (k: number, random: Random) => number;

export function geometric(random: Random, success: number): number {
  return success >= 1 ? 1 : Math.max(1, Math.ceil(Math.log(1 - random()) / Math.log1p(-success)));
}

function sumOver(from: number, to: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += term(i);
  return sum;
}

/** Mean 2^k. */
export const global: CountSampler = (k, random) => geometric(random, 0.5 ** k);
/** Mean 2k. */
export const sequential: CountSampler = (k, random) => sumOver(1, k, () => geometric(random, 0.5));
/** Mean 2 k H_k. */
export const uniform: CountSampler = (k, random) => sumOver(1, k, (i) => geometric(random, (0.5 * i) / k));
/** The same, each block right at the start with probability 1/2. */
export const uniformHalf: CountSampler = (k, random) => {
  const wrong = sumOver(1, k, () => (random() < 0.5 ? 1 : 0));
  return Math.max(
    1,
    sumOver(1, wrong, (i) => geometric(random, (0.5 * i) / k)),
  );
};
/** Mean 2. */
export const constant: CountSampler = (_, random) => geometric(random, 0.5);

export const toEight = [1, 2, 3, 4, 5, 6, 7, 8];
export const geo6 = [2, 4, 8, 16, 32, 64];
export const geo8 = [...geo6, 128, 256];
/** Seeds so that every size costs about the same, at least 10 and at most 200. */
export const equalCost = (k: number) => Math.min(200, 10 * 2 ** (8 - k));

export interface SimulationOptions {
  readonly strategy: string;
  readonly sampler: CountSampler;
  readonly sizes: readonly number[];
  readonly seeds: (k: number) => number;
  /** Calls after which a run is stopped unsolved. */
  readonly cap?: number;
  /** Input and output tokens of a call; 50 each when omitted. */
  readonly tokens?: (k: number) => { readonly input: number; readonly output: number };
  readonly randomSeed: string;
}

export function simulateRuns(options: SimulationOptions): RunRow[] {
  const random = seedrandom.alea(options.randomSeed);
  const tokens = options.tokens ?? (() => ({ input: 50, output: 50 }));
  return options.sizes.flatMap((size) =>
    Array.from({ length: options.seeds(size) }, (_, seed) => {
      const needed = options.sampler(size, random);
      const calls = Math.min(needed, options.cap ?? needed);
      return runRow({ ...options, size, seed, calls, isSolved: needed <= calls, ...tokens(size) });
    }),
  );
}

/** A run with one role whose calls are all alike. */
export function runRow(run: {
  readonly strategy: string;
  readonly size: number;
  readonly seed?: number;
  readonly calls: number;
  readonly isSolved?: boolean;
  readonly input?: number;
  readonly output?: number;
  readonly role?: string;
  readonly usd?: number;
}): RunRow {
  const { calls, input = 50, output = 50 } = run;
  const primitiveCost = calls * (output * input + (output * (output - 1)) / 2);
  return {
    strategy: run.strategy,
    size: run.size,
    seed: run.seed ?? 0,
    isSolved: run.isSolved ?? true,
    applications: calls,
    criticalPathCost: primitiveCost,
    roles: [
      {
        role: run.role ?? "mutator",
        calls,
        inputTokens: calls * input,
        outputTokens: calls * output,
        modelSize: 1,
        primitiveCost,
        linearCost: calls * (input + output),
        usd: run.usd,
      },
    ],
  };
}

/** Cells of gamma variables of an integer shape, as sums of exponentials. */
export function gammaCells(
  sizes: readonly number[],
  seeds: number,
  mean: (k: number) => number,
  shape: number,
  cap = 1e9,
) {
  const random = seedrandom.alea("gamma cells");
  return toCells(
    sizes.flatMap((size) =>
      Array.from({ length: seeds }, () => {
        let sum = 0;
        for (let i = 0; i < shape; i++) sum -= Math.log(1 - random());
        const value = (sum * mean(size)) / shape;
        return { size, value: Math.min(value, cap), isCensored: value > cap };
      }),
    ),
  );
}
