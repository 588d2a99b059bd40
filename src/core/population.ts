/** Populations: who is a parent and who survives. Ask and tell, in memory, no clock. */
import type { EvaluatedCandidate } from "./candidate.ts";
import { checkKeys, UsageError } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import type { Rng } from "./rng.ts";

/** Parents for the next candidate. */
export interface Ask {
  readonly parents: readonly [EvaluatedCandidate, ...EvaluatedCandidate[]];
  /** Candidates of one generation do not depend on each other's results. */
  readonly generation: number;
}

/** The state of a population in one run. */
export interface PopulationState {
  /** Chooses parents, or undefined while results of candidates already asked for are awaited. */
  ask(rng: Rng, parentCount: number): Ask | undefined;
  /**
   * Takes the result of one candidate, in ask order; undefined stands for a rejected proposal.
   * Returns true when the candidate enters the population.
   */
  tell(result: EvaluatedCandidate | undefined): boolean;
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
  return Object.freeze({ description: "", parameters: {}, ...population });
}
