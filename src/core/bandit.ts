/** The bandit: learns, for each operator, which model brings the most improvements for its cost. */
import { drawBeta } from "./beta.ts";
import { checkBetween, checkKeys } from "./errors.ts";
import type { Model } from "./model.ts";
import { type ChoiceOutcome, checkModels, type ModelChoice } from "./model-choice.ts";
import type { Rng } from "./rng.ts";

/** Options of the bandit. */
export interface BanditOptions {
  /**
   * What the outcome before counts for when the next one comes, from 0 to 1; default 0.98, so that about the
   * last 50 outcomes of an operator count. 1 never forgets.
   */
  readonly discount?: number;
}

/**
 * Makes a choice by Thompson sampling for budgeted bandits (Xia, Li, Qin, Yu and Liu, IJCAI 2015): it draws
 * each model's rate of improvement from its posterior, Beta(1 + improvements, 1 + failures), divides it by
 * the model's mean primitive cost (the paper draws that too), and picks the largest ratio. Each model is tried
 * once first, the smallest first. Where improvements are too rare to tell the models apart, it picks each as
 * often as 1 / sqrt(cost).
 *
 * Old outcomes count less (Raj and Kalyani 2017, arXiv 1707.09727): when the small model has done what it can,
 * its rate falls and the choice moves on; a model that was not picked for long is uncertain again.
 *
 * A pick in flight counts as a failure until its outcome is told: most are, and so picks made before any
 * outcome is known spread over the models instead of all following the same few outcomes.
 */
export function bandit<M extends Model | string>(
  models: readonly M[],
  options: BanditOptions = {},
): ModelChoice<M> {
  checkKeys("bandit", options, ["discount"]);
  const discount = checkBetween("bandit: discount", options.discount ?? 0.98, 0, 1);
  return {
    name: "bandit",
    parameters: { discount },
    models: checkModels("bandit", models),
    start(sizes) {
      const operators = new Map<string, Arms>();
      const armsOf = (operator: string) => {
        const arms = operators.get(operator) ?? new Arms(sizes, discount);
        operators.set(operator, arms);
        return arms;
      };
      return {
        pick: ({ operator }, rng) => armsOf(operator).pick(rng),
        tell: (outcome) => armsOf(outcome.operator).tell(outcome),
      };
    },
  };
}

/** What is known of one model. */
interface Arm {
  readonly index: number;
  readonly size: number;
  isTried: boolean;
  inFlight: number;
  /** Discounted numbers of outcomes. */
  improvements: number;
  failures: number;
  /** Number of outcomes with a cost, and their discounted mean. */
  costs: number;
  meanCost: number;
}

/** What is known of all models as used by one operator. */
class Arms {
  readonly #arms: readonly Arm[];
  readonly #bySize: readonly Arm[];
  readonly #discount: number;

  constructor(sizes: readonly number[], discount: number) {
    const nothing = { isTried: false, inFlight: 0, improvements: 0, failures: 0, costs: 0, meanCost: 0 };
    this.#arms = sizes.map((size, index) => ({ index, size, ...nothing }));
    this.#bySize = [...this.#arms].sort((a, b) => a.size - b.size);
    this.#discount = discount;
  }

  pick(rng: Rng): number {
    const arm = this.#bySize.find(({ isTried }) => !isTried) ?? this.#drawBest(rng);
    arm.isTried = true;
    arm.inFlight += 1;
    return arm.index;
  }

  /**
   * An outcome without a cost, such as a failed call, counts as a failure and tells nothing of the cost: for
   * a model that is down, the ratio would grow with every failure.
   */
  tell({ picked, isImproved, primitiveCost }: ChoiceOutcome): void {
    for (const arm of this.#arms) {
      arm.improvements *= this.#discount;
      arm.failures *= this.#discount;
    }
    const arm = this.#arms[picked];
    if (arm === undefined) return;
    arm.inFlight -= 1;
    if (isImproved) arm.improvements += 1;
    else arm.failures += 1;
    if (primitiveCost > 0) {
      arm.costs += 1;
      arm.meanCost += (primitiveCost - arm.meanCost) * Math.max(1 / arm.costs, 1 - this.#discount);
    }
  }

  #drawBest(rng: Rng): Arm {
    const costPerSize = this.#costPerSize();
    const drawn = this.#arms.map((arm) => {
      const cost = arm.costs > 0 ? arm.meanCost : arm.size * costPerSize;
      return { arm, ratio: drawBeta(rng, 1 + arm.improvements, 1 + arm.failures + arm.inFlight) / cost };
    });
    return drawn.reduce((best, other) => (other.ratio > best.ratio ? other : best)).arm;
  }

  /** The cost of a call per unit of size, for models without a cost yet; 1 while there are no others. */
  #costPerSize(): number {
    const known = this.#arms.filter(({ costs }) => costs > 0);
    if (known.length === 0) return 1;
    return known.reduce((sum, { meanCost, size }) => sum + meanCost / size, 0) / known.length;
  }
}
