/** Problems: what is to be solved, at which size, and how a solution is scored. */
import type { Component } from "./component.ts";
import { checkKeys, checkWhole, UsageError } from "./errors.ts";
import type { Layout } from "./layout.ts";
import type { Parameters } from "./parameters.ts";
import type { Scoring } from "./scoring.ts";

/** Decides on a new text for the component with this index: the form in which it is taken, or why it is not. */
export type Accept = (index: number, text: string) => { readonly text: string } | { readonly reason: string };

/** A cheap stage of evaluation that keeps hopeless solutions from the dear ones. */
export interface Screen {
  readonly evaluate: Scoring;
  /** The fitness, in this stage's own unit, below which a solution fails. */
  readonly atLeast: number;
}

/** One problem of a given size. */
export interface Instance {
  /** The initial solution. */
  readonly components: readonly Component[];
  /** The task in words, for the model. */
  readonly statement: string;
  /** The fitness at which the instance counts as solved. */
  readonly target: number;
  /** How the components make up files; undefined where they are no parts of files. */
  readonly layout?: Layout;
  /** What texts the components may have; undefined: any. */
  readonly accept?: Accept;
  /**
   * How a solution is scored: by a function in this process, by a scorer that calls the solution's code in a
   * sandbox (`sandboxed`), or by a command (`command`). Within a run, the same solution is scored once,
   * unless a function answers at once.
   */
  readonly evaluate: Scoring;
  /** Earlier, cheaper stages, in order. The initial solution goes through all of them. */
  readonly screens?: readonly Screen[];
  /** How often a solution is scored, where fitness is noisy; its fitness is the mean. Default 1. */
  readonly repeats?: number;
}

/** A problem plugin. */
export interface Problem {
  readonly name: string;
  /** One line for `allele list`. */
  readonly description: string;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters: Parameters;
  /** How the components depend on each other, in a few words, e.g. "Components independent"; undefined: unknown. */
  readonly structure?: string;
  /** Makes the instance of a size (a whole number of at least 1) for one run's seed. */
  instance(request: { readonly size: number; readonly seed: number }): Instance;
}

/** Checks a problem and makes it a plugin. */
export function defineProblem(
  problem: Omit<Problem, "description" | "parameters"> & Partial<Problem>,
): Problem {
  if (!problem.name) throw new UsageError('A problem needs a name, got none; add name: "my-problem"');
  checkKeys(`Problem '${problem.name}'`, problem, [
    "name",
    "description",
    "parameters",
    "structure",
    "instance",
  ]);
  return Object.freeze({ description: "", parameters: {}, ...problem });
}

/** Checks what a problem made: at least one component, no two of one name, a target that is a number. */
export function checkInstance(problem: string, { components, target, repeats = 1 }: Instance): void {
  if (components.length === 0)
    throw new UsageError(`Problem '${problem}' made a solution without components`);
  const names = new Set<string>();
  for (const { name } of components) {
    if (names.has(name)) {
      throw new UsageError(`Problem '${problem}' made two components named '${name}'; names must differ`);
    }
    names.add(name);
  }
  if (!Number.isFinite(target)) {
    throw new UsageError(`Problem '${problem}' made the target ${target}; expected a finite fitness`);
  }
  checkWhole(`Problem '${problem}': repeats`, repeats, 1);
}
