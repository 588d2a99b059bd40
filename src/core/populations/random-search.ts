/** Random search: what is reached without learning from any result. */
import { definePopulation, type Population } from "../population.ts";
import { AsynchronousGenerations } from "./asynchronous-generations.ts";

/**
 * Makes the baseline that learns nothing: every candidate is a child of the initial solution, and nothing enters.
 * It waits for no result, yet what a run learns apart from its population (schedules, mixes, notes) goes on.
 */
export function randomSearch(): Population {
  return definePopulation({
    name: "random",
    description: "every candidate is a child of the initial solution: the baseline that learns nothing",
    start(initial) {
      const generations = new AsynchronousGenerations();
      return {
        ask: (_rng, parentCount) => ({
          parents: [initial, ...Array.from({ length: parentCount - 1 }, () => initial)],
          generation: generations.ask(),
        }),
        tell() {
          generations.tell();
          return false;
        },
      };
    },
  });
}
