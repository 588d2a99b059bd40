/** The greedy population: one incumbent, replaced when an offspring is better. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole } from "../errors.ts";
import { definePopulation, type Population } from "../population.ts";
import { Generations } from "./generations.ts";

/** Options of the greedy population. */
export interface GreedyOptions {
  /** Lambda: offspring per generation, at least 1. Default 1. */
  readonly offspring?: number;
  /** Whether an offspring as good as its parent replaces it. Default false, as in the paper's algorithm. */
  readonly acceptTies?: boolean;
}

/** Most former incumbents that are kept to be shown. */
const mostFormer = 16;

/**
 * Makes a (1+lambda) population: each generation has `offspring` children of the incumbent, the best of
 * them replaces it when it is better. With one offspring it is the (1+1) scheme. Inspirations are the former
 * incumbents, the last one first, at most 16.
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
      let former: readonly EvaluatedCandidate[] = []; // the last one first
      const generations = new Generations(offspring);

      const begin = () => {
        generations.immigrate(best.candidate.generation);
        if (best === incumbent) return;
        former = [incumbent, ...former.filter((one) => one !== incumbent && one !== best)].slice(
          0,
          mostFormer,
        );
        incumbent = best;
      };
      const enter = ({ evaluation }: EvaluatedCandidate): boolean => {
        const gain = fitnessOf(evaluation) - fitnessOf(best.evaluation);
        return gain > 0 || (acceptTies && gain === 0);
      };
      return {
        ask(_rng, parentCount, inspirationCount = 0) {
          const generation = generations.ask(begin);
          if (generation === undefined) return undefined;
          const others = Array.from({ length: parentCount - 1 }, () => incumbent);
          const inspirations =
            inspirationCount === 0 ? {} : { inspirations: former.slice(0, inspirationCount) };
          return { parents: [incumbent, ...others], generation, ...inspirations };
        },
        tell(result) {
          generations.tell();
          if (result === undefined || !enter(result)) return false;
          best = result;
          return true;
        },
        immigrate(member) {
          if (enter(member)) best = member;
        },
      };
    },
  });
}
