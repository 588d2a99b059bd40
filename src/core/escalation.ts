/** Escalation: a small model first, a larger one for a component with which it has failed. */
import { checkKeys, checkWhole } from "./errors.ts";
import type { Model } from "./model.ts";
import { checkModels, type ModelChoice } from "./model-choice.ts";

/** Options of escalation. */
export interface EscalationOptions {
  /** Failures in a row on a component after which the next model has its turn, at least 1; default 3. */
  readonly after?: number;
}

/** Which model's turn it is, and how often in a row it has failed. */
interface Level {
  index: number;
  failures: number;
}

/**
 * Makes a choice that gives each component of each operator to the first model, after so many failures in a
 * row to the next one, and after an improvement to the first again: the smallest model that is able is the
 * right one (Meyerson and Qiu, ICML 2025, Def. 2.3), and which one that is shows in its failures alone.
 *
 * When the last model has failed as often, the first has its turn again. A component that is already right
 * fails with every model; if the last one stayed on it, each visit would cost the most there is.
 *
 * An improvement by whichever model leads back to the first. A failure counts only when it comes from the
 * model whose turn it is: not for a larger one where a smaller one was still in flight.
 */
export function escalation<M extends Model | string>(
  models: readonly M[],
  options: EscalationOptions = {},
): ModelChoice<M> {
  checkKeys("escalation", options, ["after"]);
  const after = checkWhole("escalation: after", options.after ?? 3, 1);
  return {
    name: "escalation",
    parameters: { after },
    models: checkModels("escalation", models),
    start(sizes) {
      const operators = new Map<string, Map<number, Level>>();
      const levelOf = (operator: string, component: number): Level => {
        const components = operators.get(operator) ?? new Map<number, Level>();
        operators.set(operator, components);
        const level = components.get(component) ?? { index: 0, failures: 0 };
        components.set(component, level);
        return level;
      };
      return {
        pick: ({ operator, component }) => levelOf(operator, component).index,
        tell({ operator, component, picked, isImproved }) {
          if (isImproved === undefined) return;
          const level = levelOf(operator, component);
          if (isImproved) {
            level.index = level.failures = 0;
          } else if (picked === level.index) {
            level.failures += 1;
            if (level.failures < after) return;
            level.index = (level.index + 1) % sizes.length;
            level.failures = 0;
          }
        },
      };
    },
  };
}
