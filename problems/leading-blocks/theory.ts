/**
 * Exact expectations on the leading-blocks problem when every block is wrong at the start and a fresh block is
 * correct with probability p, for one parent and one offspring (`greedy()`). For global mutation it is p^-k:
 * `globalTheory` of blocks.
 */
import { type BlocksSetting, type BlocksTheory, expectation, readSetting } from "../blocks/theory.ts";

/** The setting of local mutation in sequence. */
export interface LeadingSequentialSetting extends BlocksSetting {
  /**
   * Failures in a row after which the schedule leaves a block. Default 50, that of `sequential()`. Infinity
   * where evaluations name the first wrong block (`tellWhich`), which the schedule then never leaves.
   */
  readonly patience?: number;
}

/**
 * Local mutation in sequence: the block at hand is the first wrong one, so that k geometric numbers of
 * applications add up to k / p. A schedule of patience P leaves it after P failures, with probability q^P where
 * q = 1 - p, and fails P times at each of the k - 1 others before it is back: (k - 1) P q^P / (1 - q^P) more
 * for each block.
 */
export function leadingSequentialTheory(setting: LeadingSequentialSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  const { patience = 50 } = setting;
  const left = (1 - p) ** patience;
  const detour = left === 0 ? 0 : (patience * left) / (1 - left);
  return (k) => expectation(k * (1 / p + (k - 1) * detour), oneCall(1));
}

/**
 * Local mutation of a uniformly random block, where only a better solution is accepted: of the k blocks only the
 * first wrong one can improve the score, and those behind it stay wrong. k geometric numbers with success
 * probability p / k: k^2 / p.
 */
export function leadingRandomTheory(setting: BlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  return (k) => expectation((k * k) / p, oneCall(1));
}

/**
 * Local mutation of a uniformly random block, where a solution as good is accepted as well: blocks behind the
 * first wrong one are rewritten meanwhile, and are then correct with probability p.
 *
 * T(n, i) is the mean number of applications that are left when all blocks but the last n are correct and i of
 * these n, each as likely as the others, were never rewritten. The first of the n is such a one, and wrong, with
 * probability i / n; else it is correct with probability p. While a wrong one is at hand, k / p applications in
 * the mean, i untouched blocks become i - 1 before it is correct with probability i / (p + i), since one
 * application touches them with probability i / k and corrects it with probability p / k. Hence D(n, i), the
 * mean of T(n, .) when it is correct, D(n, i) = (p T(n, i) + i D(n, i - 1)) / (p + i), and, with W = k / p + D,
 * T(n, i) = (n - i) / n (p T(n - 1, i) + (1 - p) W(n - 1, i)) + i / n W(n - 1, i - 1). The mean is T(k, k).
 */
export function leadingRandomTiesTheory(setting: BlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  return (k) => {
    let left = [0]; // T(n, 0..n)
    for (let n = 1; n <= k; n++) {
      const wrong: number[] = []; // W(n - 1, 0..n-1)
      let later = 0;
      for (const [i, time] of left.entries()) {
        later = (p * time + i * later) / (p + i);
        wrong.push(k / p + later);
      }
      const at = (i: number) => p * (left[i] ?? 0) + (1 - p) * (wrong[i] ?? 0);
      left = Array.from({ length: n + 1 }, (_, i) => ((n - i) * at(i) + i * (wrong[i - 1] ?? 0)) / n);
    }
    return expectation(left[k] ?? 0, oneCall(1));
  };
}
