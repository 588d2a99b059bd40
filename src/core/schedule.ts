/** Schedules: which component a local operator works on next. */
import type { EvaluatedCandidate } from "./candidate.ts";
import { checkWhole } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import { type Rng, randomIndex } from "./rng.ts";

/** What became of one candidate that the operator proposed. */
export interface Outcome {
  readonly component: number;
  /** True when the candidate's fitness is above its parent's. */
  readonly isImproved: boolean;
}

/** The state of a schedule in one run. `next` is called for every candidate asked, in order, and `tell` with its outcome. */
export interface ScheduleState {
  next(parent: EvaluatedCandidate, rng: Rng): number;
  tell(outcome: Outcome): void;
}

/** A way to choose components, started anew for each run. */
export interface Schedule {
  readonly name: string;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters?: Parameters;
  start(componentCount: number): ScheduleState;
}

/** Whether a component can improve, as far as the parent's evaluation tells. */
function canImprove({ evaluation }: EvaluatedCandidate, component: number): boolean {
  if (evaluation.status !== "ok" || evaluation.improvable === undefined) return true;
  return evaluation.improvable.includes(component);
}

/**
 * Stays on a component until it improves, then goes to the next one, in a circle. It skips components that
 * the evaluator reports as unable to improve and leaves a component after `patience` failures in a row, so
 * it never stays forever on one that is already right (which the paper's pseudocode would do).
 */
export function sequential(options: { readonly patience?: number } = {}): Schedule {
  const patience = checkWhole("patience", options.patience ?? 50, 1);
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
          return current;
        },
        tell({ component, isImproved }) {
          if (component !== current) return; // proposed before the schedule moved on
          failures += 1;
          if (isImproved || failures >= patience) advance();
        },
      };
    },
  };
}

/** Visits the components in a circle, one candidate each, also those that are already right. */
export const roundRobin: Schedule = {
  name: "round-robin",
  start(componentCount) {
    let asked = 0;
    return { next: () => asked++ % componentCount, tell: () => {} };
  },
};

/** Draws a component uniformly at random for each candidate. */
export const random: Schedule = {
  name: "random",
  start: (componentCount) => ({ next: (_parent, rng) => randomIndex(rng, componentCount), tell: () => {} }),
};

/** The schedules by name. */
export const schedules = { sequential: sequential(), "round-robin": roundRobin, random } as const;

/** Name of a built-in schedule. */
export type ScheduleName = keyof typeof schedules;
