/**
 * Exact expectations on the trap-blocks problem when every block is wrong at the start, a fresh block is
 * correct with probability p, and only a better solution is accepted. Then each group is either solved or has
 * no correct block at all: a correct block more costs 1 until the group is complete, and a mutation that
 * completes one group pays 1 for it, less 1 for each correct block in other groups.
 */
import { UsageError } from "../../src/core/index.ts";
import { type BlocksSetting, type BlocksTheory, expectation, readSetting } from "../blocks/theory.ts";

/** The setting of an expectation. */
export interface TrapBlocksSetting extends BlocksSetting {
  /** g: blocks of a group. Default 4. */
  readonly g?: number;
}

/** The setting of mutation of a window. */
export interface TrapWindowSetting extends TrapBlocksSetting {
  /** r: blocks of the window, from g to 2 g - 1. Default g. */
  readonly window?: number;
}

/** Mutation of all blocks of one group that is not solved: a sum of k / g geometrics, mean (k / g) / p^g. */
export function trapGroupTheory(setting: TrapBlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  const { g = 4 } = setting;
  return (k) => expectation(k / g / p ** g, oneCall(g));
}

/**
 * Mutation of g improvable blocks drawn at random, `adaptiveLocality({ rate: "fixed", count: g, choose: "anywhere" })`:
 * while u groups are not solved, u of the C(u g, g) sets of blocks are one of them, which becomes correct with
 * probability p^g: the sum of C(u g, g) / (u p^g).
 */
export function trapAnywhereTheory(setting: TrapBlocksSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  const { g = 4 } = setting;
  return (k) => {
    let applications = 0;
    for (let unsolved = 1; unsolved <= k / g; unsolved++) {
      let sets = 1;
      for (let i = 1; i <= g; i++) sets *= (unsolved * g - g + i) / i;
      applications += sets / (unsolved * p ** g);
    }
    return expectation(applications, oneCall(g));
  };
}

/**
 * Mutation of r improvable blocks in a row, `adaptiveLocality({ rate: "fixed", count: r })`: from a uniformly random
 * one on, in a circle, or of all of them where there are fewer; groups are adjacent. While u > 1 groups are not
 * solved, r - g + 1 of g places hold one of them whole; that one must become correct and the r - g others stay
 * wrong: a chance of (r - g + 1) p^g (1 - p)^(r - g) / g. The last group is always held: p^g. With r = g the mean
 * is ((k / g - 1) g + 1) / p^g.
 */
export function trapWindowTheory(setting: TrapWindowSetting = {}): BlocksTheory {
  const { p, oneCall } = readSetting(setting);
  const { g = 4 } = setting;
  const { window = g } = setting;
  if (window < g || window >= 2 * g) {
    throw new UsageError(`trapWindowTheory: window must be from g = ${g} to ${2 * g - 1}, got ${window}`);
  }
  const chance = ((window - g + 1) * p ** g * (1 - p) ** (window - g)) / g;
  return (k) => {
    const [many, last] = [(k / g - 1) / chance, p ** -g];
    return { applications: many + last, primitiveCost: many * oneCall(window) + last * oneCall(g) };
  };
}
