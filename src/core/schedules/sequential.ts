/** The schedule of the paper: one component at a time until it improves. */
import { checkKeys, checkWhole } from "../errors.ts";
import type { Schedule } from "../schedule.ts";
import { canImprove } from "./improvable.ts";

/** Options of the sequential schedule. */
export interface SequentialOptions {
  /** Failures in a row after which it leaves a component; default 50. */
  readonly patience?: number;
}

/**
 * Stays on a component until it improves, then goes to the next one, in a circle. It skips components that
 * the evaluator reports as unable to improve and leaves a component after `patience` failures in a row, so
 * it never stays forever on one that is already right (which the paper's pseudocode would do).
 */
export function sequential(options: SequentialOptions = {}): Schedule {
  checkKeys("sequential", options, ["patience"]);
  const patience = checkWhole("sequential: patience", options.patience ?? 50, 1);
  return {
    name: "sequential",
    parameters: { patience },
    start(componentCount) {
      let current = 0;
      let failures = 0;
      const advance = () => {
        current = (current + 1) % componentCount;
        failures = 0;
      };
      return {
        next(parent) {
          for (let skipped = 0; skipped < componentCount && !canImprove(parent, current); skipped++)
            advance();
          return [current];
        },
        tell({ components: [component], isImproved }) {
          if (component !== current) return; // proposed before the schedule moved on
          failures += 1;
          if (isImproved || failures >= patience) advance();
        },
      };
    },
  };
}
