/**
 * Exact expectations on the coupled-blocks problem when every block is wrong at the start and a fresh block
 * makes each of the q + 1 tests that hear of it accept with probability p. For global mutation it is p^-k:
 * `globalTheory` of blocks.
 */
import { UsageError } from "../../src/core/index.ts";
import { type BlocksSetting, type BlocksTheory, expectation, readSetting } from "../blocks/theory.ts";

/** The setting of an expectation. */
export interface CoupledBlocksSetting extends BlocksSetting {
  /** q: blocks after it that a block's correctness depends on. Default 2. */
  readonly q?: number;
}

/** Most blocks whose 2^k states are gone through. */
const mostBlocks = 20;

/**
 * Local mutation of a uniformly random block, where only a better solution is accepted: the hitting time of a
 * Markov chain on the sets of correct blocks. A mutation of block b draws the tests of b - q..b afresh, and the
 * chain moves where more blocks are correct than before. Throws a UsageError above 20 blocks; the time
 * grows as k 2^(k + q).
 */
export function coupledRandomTheory(setting: CoupledBlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  const { q = 2 } = setting;
  return (k) => {
    if (k > mostBlocks) {
      throw new UsageError(
        `coupledRandomTheory is exact up to ${mostBlocks} blocks, got ${k}; leave it out beyond`,
      );
    }
    const reach = Math.min(q, k - 1);
    const tests = Array.from({ length: k }, (_, block) =>
      Array.from({ length: reach + 1 }, (_, back) => 1 << ((block - back + k) % k)).reduce(
        (all, one) => all | one,
      ),
    );
    const chance = Array.from(
      { length: reach + 2 },
      (_, right) => p ** right * (1 - p) ** (reach + 1 - right),
    );
    const times = new Float64Array(2 ** k);
    for (const state of statesByCount(k)) {
      const correct = bitCount(state);
      let [improved, later] = [0, 0];
      for (const mask of tests) {
        const kept = state & ~mask;
        const least = correct - bitCount(kept);
        for (let drawn = mask; drawn > 0; drawn = (drawn - 1) & mask) {
          const count = bitCount(drawn);
          if (count <= least) continue;
          improved += chance[count] ?? 0;
          later += (chance[count] ?? 0) * (times[kept | drawn] ?? 0);
        }
      }
      if (improved > 0) times[state] = (k + later) / improved; // each block is drawn with probability 1 / k
    }
    return expectation(times[0] ?? 0, oneCall(1));
  };
}

/** All sets of k blocks, those with more blocks first. */
function statesByCount(k: number): Uint32Array {
  const counts = Uint8Array.from({ length: 2 ** k }, (_, state) => bitCount(state));
  return Uint32Array.from({ length: 2 ** k }, (_, state) => state).sort(
    (a, b) => (counts[b] ?? 0) - (counts[a] ?? 0),
  );
}

function bitCount(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count += 1;
  return count;
}
