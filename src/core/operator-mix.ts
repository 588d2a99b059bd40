/** Operator mixes: which of a strategy's operators makes the next candidate. */
import { Arms } from "./arms.ts";
import { checkBetween, checkKeys } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import { type Rng, weightedIndex } from "./rng.ts";

/** What became of a candidate. */
export interface MixOutcome {
  /** Index of the operator that made it. */
  readonly picked: number;
  /** True when its fitness is above that of its parents. */
  readonly isImproved: boolean;
  /** Primitive cost of its calls; undefined where calls failed before they cost anything. */
  readonly primitiveCost: number | undefined;
}

/** The state of a mix in one run. */
export interface OperatorMixState {
  /** Index of the operator for the next candidate, one of those that may be. */
  pick(mayBe: (index: number) => boolean, rng: Rng): number;
  tell(outcome: MixOutcome): void;
}

/** A way to choose between operators, started anew for each run. */
export interface OperatorMix {
  readonly name: string;
  readonly parameters: Parameters;
  /** `weights`: one for each operator, above 0. */
  start(weights: readonly number[]): OperatorMixState;
}

/** Draws each operator with probability proportional to its weight. */
export const byWeight: OperatorMix = {
  name: "weights",
  parameters: {},
  start: (weights) => ({
    pick: (mayBe, rng) =>
      weightedIndex(
        rng,
        weights.map((weight, index) => (mayBe(index) ? weight : 0)),
      ),
    tell: () => {},
  }),
};

/** Options of the bandit over operators. */
export interface OperatorBanditOptions {
  /** What the outcome before counts for when the next one comes, from 0 to 1; default 0.98. */
  readonly discount?: number;
  /**
   * No operator counts as cheaper than this share of the mean cost of all, from 0 to 1; default 0.2. One that
   * calls no model would else be the best bargain however rarely it helps, and each candidate is evaluated.
   */
  readonly leastCostShare?: number;
}

/**
 * Learns which operator brings the most improvements for its cost, by the Thompson sampling that `bandit` uses
 * for models. Weights say what operators are expected to cost at first: the larger the weight, the cheaper.
 */
export function operatorBandit(options: OperatorBanditOptions = {}): OperatorMix {
  checkKeys("operatorBandit", options, ["discount", "leastCostShare"]);
  const discount = checkBetween("operatorBandit: discount", options.discount ?? 0.98, 0, 1);
  const leastCostShare = checkBetween("operatorBandit: leastCostShare", options.leastCostShare ?? 0.2, 0, 1);
  return {
    name: "bandit",
    parameters: { discount, leastCostShare },
    start(weights) {
      const arms = new Arms(
        weights.map((weight) => 1 / weight),
        { discount, leastCostShare },
      );
      return {
        pick: (mayBe, rng) => arms.pick(rng, mayBe),
        tell: ({ picked, isImproved, primitiveCost }) => arms.tell(picked, isImproved, primitiveCost),
      };
    },
  };
}

/** The mixes by name. */
export const operatorMixes = { weights: byWeight, bandit: operatorBandit() } as const;

/** Name of a built-in mix. */
export type OperatorMixName = keyof typeof operatorMixes;
