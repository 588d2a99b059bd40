/** The schedule that learns which components repay the work on them. */
import { Arms } from "../arms.ts";
import { checkBetween, checkKeys } from "../errors.ts";
import type { Schedule } from "../schedule.ts";
import { improvableOf } from "./improvable.ts";

/** Options of the credit schedule. */
export interface CreditOptions {
  /**
   * What an outcome counts for after as many further ones as there are components, from 0 to 1; default 0.98,
   * so that about the last 50 outcomes of each component count where all are visited alike. 1 never forgets.
   */
  readonly discount?: number;
}

/**
 * Learns which component brings the most improvements for its primitive cost, by the Thompson sampling that
 * `bandit` uses for models. It visits each component once first, in order, and it skips components that the
 * evaluator reports as unable to improve. Its time is linear in the number of components.
 */
export function credit(options: CreditOptions = {}): Schedule {
  checkKeys("credit", options, ["discount"]);
  const discount = checkBetween("credit: discount", options.discount ?? 0.98, 0, 1);
  return {
    name: "credit",
    parameters: { discount },
    start(componentCount) {
      const sizes = new Array<number>(componentCount).fill(1);
      const arms = new Arms(sizes, { discount: discount ** (1 / componentCount) });
      return {
        next(parent, rng) {
          const mayBe = new Uint8Array(componentCount);
          for (const index of improvableOf(parent, componentCount)) mayBe[index] = 1;
          return [arms.pick(rng, (index) => mayBe[index] === 1)];
        },
        tell({ components: [component], isImproved, primitiveCost }) {
          if (component === undefined) return;
          // A candidate without a cost, such as one whose call failed, tells nothing of the cost.
          arms.tell(component, isImproved, primitiveCost > 0 ? primitiveCost : undefined);
        },
      };
    },
  };
}
