/** Schedules: which components a local operator works on next. */
import type { EvaluatedCandidate } from "./candidate.ts";
import type { Parameters } from "./parameters.ts";
import { type Rng, randomIndex } from "./rng.ts";
import { credit } from "./schedules/credit.ts";
import { sequential } from "./schedules/sequential.ts";

export { type LocalityOptions, locality } from "./locality.ts";
export { type CreditOptions, credit } from "./schedules/credit.ts";
export { canImprove, improvableOf } from "./schedules/improvable.ts";
export { type SequentialOptions, sequential } from "./schedules/sequential.ts";

/** What became of one candidate that the operator proposed. */
export interface Outcome {
  /** The components that were announced, as `next` chose them. */
  readonly components: readonly number[];
  /** True when the candidate's fitness is above its parent's. */
  readonly isImproved: boolean;
  /** Primitive cost of the candidate's calls. */
  readonly primitiveCost: number;
}

/** The state of a schedule in one run. `next` is called for every candidate asked, in order, and `tell` with its outcome. */
export interface ScheduleState {
  /** Chooses the components to change: at least one, each once. */
  next(parent: EvaluatedCandidate, rng: Rng): readonly [number, ...number[]];
  tell(outcome: Outcome): void;
}

/** A way to choose components, started anew for each run. */
export interface Schedule {
  readonly name: string;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters?: Parameters;
  start(componentCount: number): ScheduleState;
}

/** Visits the components in a circle, one candidate each, also those that are already right. */
export const roundRobin: Schedule = {
  name: "round-robin",
  start(componentCount) {
    let asked = 0;
    return { next: () => [asked++ % componentCount], tell: () => {} };
  },
};

/** Draws a component uniformly at random for each candidate. */
export const random: Schedule = {
  name: "random",
  start: (componentCount) => ({ next: (_parent, rng) => [randomIndex(rng, componentCount)], tell: () => {} }),
};

/** The schedules by name. */
export const schedules = {
  sequential: sequential(),
  "round-robin": roundRobin,
  random,
  credit: credit(),
} as const;

/** Name of a built-in schedule. */
export type ScheduleName = keyof typeof schedules;
