/** The greedy population: one incumbent, replaced when an offspring is better. */
import { type EvaluatedCandidate, fitnessOf } from "./candidate.ts";
import { checkKeys, checkWhole } from "./errors.ts";
import { definePopulation, type Population } from "./population.ts";

/** Options of the greedy population. */
export interface GreedyOptions {
  /** Lambda: offspring per generation, at least 1. Default 1. */
  readonly offspring?: number;
  /** Whether an offspring as good as its parent replaces it. Default false, as in the paper's algorithm. */
  readonly acceptTies?: boolean;
}

/**
 * Makes a (1+lambda) population: each generation has `offspring` children of the incumbent, the best of
 * them replaces it when it is better. With one offspring it is the (1+1) scheme.
 */
export function greedy(options: GreedyOptions = {}): Population {
  checkKeys("greedy", options, ["offspring", "acceptTies"]);
  const offspring = checkWhole("greedy: offspring", options.offspring ?? 1, 1);
  const acceptTies = options.acceptTies ?? false;
  return definePopulation({
    name: "greedy",
    description: "one incumbent; the best of lambda offspring replaces it when it is better",
    parameters: { offspring, acceptTies },
    start(initial) {
      let incumbent: EvaluatedCandidate = initial;
      let best: EvaluatedCandidate = initial; // of this generation, the incumbent included
      let generation = 1;
      let asked = 0;
      let told = 0;
      return {
        ask(_rng, parentCount) {
          if (asked === offspring) return undefined;
          asked += 1;
          const others = Array.from({ length: parentCount - 1 }, () => incumbent);
          return { parents: [incumbent, ...others], generation };
        },
        tell(result) {
          told += 1;
          let isAccepted = false;
          if (result !== undefined) {
            const gain = fitnessOf(result.evaluation) - fitnessOf(best.evaluation);
            isAccepted = gain > 0 || (acceptTies && gain === 0);
            if (isAccepted) best = result;
          }
          if (told === offspring) {
            incumbent = best;
            generation += 1;
            asked = told = 0;
          }
          return isAccepted;
        },
      };
    },
  });
}
