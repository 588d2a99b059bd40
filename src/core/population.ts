/** Populations: who is a parent and who survives. Ask and tell, in memory, no clock. */
import type { Candidate, EvaluatedCandidate } from "./candidate.ts";
import { checkKeys, UsageError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import type { Rng } from "./rng.ts";

/** Parents for the next candidate. */
export interface Ask {
  /** As many as were asked for; different members where the population has so many. */
  readonly parents: readonly [EvaluatedCandidate, ...EvaluatedCandidate[]];
  /**
   * Candidates of one generation do not depend on each other's results; it never falls from one ask to the next.
   * A population that does not wait for results takes 1 + the largest generation told so far.
   */
  readonly generation: number;
  /** Other members for the prompt to show, none of them a parent, at most as many as asked for; default none. */
  readonly inspirations?: readonly EvaluatedCandidate[];
  /**
   * The part of a divided population that asks, e.g. an island; undefined: it is not divided. What is left over
   * from one part (a failed candidate to repair) is not given to another.
   */
  readonly home?: string;
  /**
   * Says why the child is not worth an evaluation; undefined where it is. It must depend on nothing that
   * happens after the ask.
   */
  refuse?(child: Candidate): string | undefined;
}

/** The state of a population in one run. */
export interface PopulationState {
  /**
   * Chooses parents, and up to `inspirationCount` other members; undefined while results of candidates already
   * asked for are awaited. May be called many times before their results come.
   */
  ask(rng: Rng, parentCount: number, inspirationCount?: number): Ask | undefined;
  /**
   * Takes the result of one candidate, in ask order; undefined stands for a rejected proposal.
   * Returns true when the candidate enters the population. A failed evaluation never does.
   */
  tell(result: EvaluatedCandidate | undefined): boolean;
  /**
   * Takes a member of another population that it did not ask for, e.g. a migrant between islands, as if it
   * had just been found; undefined where the population takes none.
   */
  immigrate?(member: EvaluatedCandidate): void;
}

/** A population plugin, started anew for each run from the initial solution. */
export interface Population {
  readonly name: string;
  /** One line for `allele list`. */
  readonly description: string;
  readonly parameters: Parameters;
  start(initial: EvaluatedCandidate): PopulationState;
}

/** Checks a population and makes it a plugin. */
export function definePopulation(
  population: Omit<Population, "description" | "parameters"> & Partial<Population>,
): Population {
  if (!population.name)
    throw new UsageError('A population needs a name, got none; add name: "my-population"');
  checkKeys(`Population '${population.name}'`, population, ["name", "description", "parameters", "start"]);
  if (typeof population.start !== "function") {
    throw new UsageError(
      `Population '${population.name}' needs a function start(initial), got ${typeof population.start}`,
    );
  }
  return Object.freeze({ description: "", parameters: {}, ...population });
}
