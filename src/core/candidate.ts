/** What is tried, and what came of it. */
import type { Genome } from "./component.ts";

/** A solution that was proposed in a run. Immutable. */
export interface Candidate {
  /** Position in its run, from 0 (the initial solution). */
  readonly sequence: number;
  /** Number of rounds of tell before this candidate was asked for: 0 for the initial solution. */
  readonly generation: number;
  /** Sequence numbers of the parents: none for the initial solution; the first one is the base of the changes. */
  readonly parents: readonly number[];
  /** Name of the operator that proposed it. */
  readonly operator: string;
  /** Indexes of the components that differ from the first parent's, ascending. */
  readonly changed: readonly number[];
  readonly genome: Genome;
}

/** Why an evaluation failed. */
export type FailureReason = "syntax" | "timeout" | "memory" | "crash" | "invalid" | "forbidden";

/** Outcome of running a candidate: a bad candidate is a value, not an exception. */
export type Evaluation =
  | {
      readonly status: "ok";
      /** Higher is better. */
      readonly fitness: number;
      readonly metrics?: Readonly<Record<string, number>>;
      /** Text about the result, for the next prompt. */
      readonly feedback?: string;
      /** Indexes of the components that can still improve; undefined where the evaluator cannot know. */
      readonly improvable?: readonly number[];
      /** Text about single components, by index: what a local operator shows in place of `feedback`. */
      readonly componentFeedback?: Readonly<Record<number, string>>;
      /** Of a fitness that is the mean of several evaluations: how many, and its standard error. */
      readonly repeats?: { readonly count: number; readonly standardError: number };
    }
  | { readonly status: "failed"; readonly reason: FailureReason; readonly feedback?: string };

/** A candidate with its evaluation. */
export interface EvaluatedCandidate {
  readonly candidate: Candidate;
  readonly evaluation: Evaluation;
}

/** The fitness, or minus infinity for a failed evaluation. */
export function fitnessOf(evaluation: Evaluation): number {
  return evaluation.status === "ok" ? evaluation.fitness : Number.NEGATIVE_INFINITY;
}
