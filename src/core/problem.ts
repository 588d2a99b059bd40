/** Problems: what is to be solved, at which size, and how a solution is scored. */
import type { Evaluation } from "./candidate.ts";
import type { Component, Genome } from "./component.ts";
import { checkKeys, UsageError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";

/** One problem of a given size. */
export interface Instance {
  /** The initial solution. */
  readonly components: readonly Component[];
  /** The task in words, for the model. */
  readonly statement: string;
  /** The fitness at which the instance counts as solved. */
  readonly target: number;
  /** Scores a solution; the same solution always gets the same evaluation. */
  evaluate(genome: Genome, signal: AbortSignal): Evaluation | Promise<Evaluation>;
}

/** A problem plugin. */
export interface Problem {
  readonly name: string;
  /** One line for `allele list`. */
  readonly description: string;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters: Parameters;
  /** Makes the instance of a size (a whole number of at least 1) for one run's seed. */
  instance(request: { readonly size: number; readonly seed: number }): Instance;
}

/** Checks a problem and makes it a plugin. */
export function defineProblem(
  problem: Omit<Problem, "description" | "parameters"> & Partial<Problem>,
): Problem {
  if (!problem.name) throw new UsageError('A problem needs a name, got none; add name: "my-problem"');
  checkKeys(`Problem '${problem.name}'`, problem, ["name", "description", "parameters", "instance"]);
  return Object.freeze({ description: "", parameters: {}, ...problem });
}

/** Checks what a problem made: at least one component, no two of one name, a target that is a number. */
export function checkInstance(problem: string, { components, target }: Instance): void {
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
}
