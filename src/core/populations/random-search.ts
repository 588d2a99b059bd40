/** Random search: what is reached without learning from any result. */
import { definePopulation, type Population } from "../population.ts";

/**
 * Makes the baseline that learns nothing: every candidate is a child of the initial solution, and nothing enters.
 * All candidates are of generation 1, as none depends on another.
 */
export function randomSearch(): Population {
  return definePopulation({
    name: "random",
    description: "every candidate is a child of the initial solution: the baseline that learns nothing",
    start: (initial) => ({
      ask: (_rng, parentCount) => ({
        parents: [initial, ...Array.from({ length: parentCount - 1 }, () => initial)],
        generation: 1,
      }),
      tell: () => false,
    }),
  });
}
