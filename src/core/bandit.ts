/** The bandit: learns, for each operator, which model brings the most improvements for its cost. */
import { Arms } from "./arms.ts";
import { checkBetween, checkKeys } from "./errors.ts";
import type { Model } from "./model.ts";
import { checkModels, type ModelChoice } from "./model-choice.ts";

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
        const arms = operators.get(operator) ?? new Arms(sizes, { discount });
        operators.set(operator, arms);
        return arms;
      };
      return {
        pick: ({ operator }, rng) => armsOf(operator).pick(rng),
        tell: ({ operator, picked, isImproved, primitiveCost }) =>
          // A candidate without a cost, such as one whose call failed, tells nothing of the cost.
          armsOf(operator).tell(picked, isImproved, primitiveCost > 0 ? primitiveCost : undefined),
      };
    },
  };
}
