/**
 * Exact expectations on the blocks problem when every block is wrong at the start, a fresh block is correct
 * with probability p, and nothing else is paid for than the blocks themselves (Meyerson and Qiu, ICML 2025,
 * section 3.3). All growth is in k, the number of blocks.
 */
import { primitiveCost } from "../../src/core/index.ts";

/** The setting of an expectation. */
export interface BlocksSetting {
  /** p: probability that a fresh block is correct. Default 0.5. */
  readonly successProbability?: number;
  /** l: tokens of a block. Default 8. */
  readonly tokensPerBlock?: number;
  /** m: size of the model. Default 1. */
  readonly modelSize?: number;
}

/** Exact means of a strategy at one size. */
export interface BlocksExpectation {
  readonly applications: number;
  readonly primitiveCost: number;
}

/** Exact mean cost by number of blocks k. */
export type BlocksTheory = (k: number) => BlocksExpectation;

/**
 * Global mutation: geometric with success probability p^k, mean p^-k, equation (12). It holds on every problem
 * made of blocks, whatever the score of what is not solved: each application draws all blocks afresh.
 */
export function globalTheory(setting: BlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  return (k) => expectation(p ** -k, oneCall(k));
}

/** Local mutation in sequence: a sum of k geometrics, mean k / p, equation (13). */
export function sequentialTheory(setting: BlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  return (k) => expectation(k / p, oneCall(1));
}

/** Local mutation of a uniformly random block: coupon collector, mean k H_k / p. */
export function randomTheory(setting: BlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  return (k) => {
    let applications = 0;
    for (let wrong = 1; wrong <= k; wrong++) applications += k / (wrong * p);
    return expectation(applications, oneCall(1));
  };
}

/**
 * Local mutation in a circle, correct blocks included. Block j (1..k) with G_j tries is settled at
 * application (G_j - 1) k + j, and the last of these ends the run. With q = 1 - p, summing
 * P(not done after i applications) over i = r k + s: 1 - (1 - q^(r+1))^s (1 - q^r)^(k-s).
 */
export function roundRobinTheory(setting: BlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  const q = 1 - p;
  return (k) => {
    let applications = 0;
    for (let round = 0; ; round++) {
      let sum = 0;
      for (let done = 0; done < k; done++) {
        sum += 1 - (1 - q ** (round + 1)) ** done * (1 - q ** round) ** (k - done);
      }
      applications += sum;
      if (sum < 1e-12 * applications) return expectation(applications, oneCall(1));
    }
  };
}

/** The expectation of so many applications, each of this primitive cost. */
export function expectation(applications: number, costOfOne: number): BlocksExpectation {
  return { applications, primitiveCost: applications * costOfOne };
}

/** p, and the exact Def. 2.2 cost of one call that reads and writes a number of blocks. */
export function readSetting({ successProbability = 0.5, tokensPerBlock = 8, modelSize = 1 }: BlocksSetting) {
  const oneCall = (blockCount: number) => {
    const tokens = blockCount * tokensPerBlock;
    return primitiveCost({ modelSize, inputTokens: tokens, outputTokens: tokens });
  };
  return { p: successProbability, oneCall };
}
