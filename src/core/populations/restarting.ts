/** Restarts: a population that begins again where it no longer gets better. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole } from "../errors.ts";
import { definePopulation, type Population } from "../population.ts";
import { innerParameters } from "./inner-parameters.ts";

/** Options of restarts. */
export interface RestartingOptions {
  /** Results in a row without a new best, rejected proposals included, after which it starts anew; at least 1. */
  readonly after: number;
}

/**
 * Makes a population that starts another one anew from the initial solution when `after` results in a row
 * brought nothing better than the best since it was last started. Results of candidates asked for before a restart
 * are ignored. Generations go on rising. What was found before is not lost: the store has it.
 */
export function restarting(population: Population, options: RestartingOptions): Population {
  checkKeys("restarting", options ?? {}, ["after"]);
  const after = checkWhole("restarting: after", options?.after, 1);
  return definePopulation({
    name: "restarting",
    description: "starts another population anew when it no longer gets better",
    parameters: { after, ...innerParameters("restarting", population) },
    start(initial) {
      let state = population.start(initial);
      let best = fitnessOf(initial.evaluation);
      let fruitless = 0;
      let inFlight = 0;
      /** Candidates in flight that were asked for before the last restart: their results come first. */
      let stale = 0;
      let generation = 0; // the last one given
      let starts = 1;
      let inner = 0; // the same as the other population counts, which begins anew with each start

      const isNewBest = ({ evaluation }: EvaluatedCandidate): boolean => {
        if (!(fitnessOf(evaluation) > best)) return false;
        best = fitnessOf(evaluation);
        return true;
      };
      return {
        ask(rng, parentCount, inspirationCount) {
          const asked = state.ask(rng, parentCount, inspirationCount);
          if (asked === undefined) return undefined;
          inFlight += 1;
          if (asked.generation !== inner) generation += 1;
          inner = asked.generation;
          return {
            ...asked,
            generation,
            home: asked.home === undefined ? `${starts}` : `${starts}/${asked.home}`,
          };
        },
        tell(result) {
          inFlight -= 1;
          if (stale > 0) {
            stale -= 1;
            return false;
          }
          const isAccepted = state.tell(result);
          fruitless = result !== undefined && isNewBest(result) ? 0 : fruitless + 1;
          if (fruitless === after) {
            state = population.start(initial);
            starts += 1;
            best = fitnessOf(initial.evaluation);
            fruitless = 0;
            stale = inFlight;
            inner = 0;
          }
          return isAccepted;
        },
        ...(state.immigrate === undefined
          ? {}
          : {
              immigrate(member: EvaluatedCandidate) {
                state.immigrate?.(member);
                if (isNewBest(member)) fruitless = 0;
                generation = Math.max(generation, member.candidate.generation);
                inner = 0;
              },
            }),
      };
    },
  });
}
