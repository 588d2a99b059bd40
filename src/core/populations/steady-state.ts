/** The steady-state population: each child takes the place of the worst member when it is better. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole } from "../errors.ts";
import { definePopulation, type Population } from "../population.ts";
import { AsynchronousGenerations } from "./asynchronous-generations.ts";
import { makeAsk } from "./make-ask.ts";
import { RankedList } from "./ranked-list.ts";
import { checkSelection, type SelectionOptions } from "./selection.ts";

/** Options of the steady-state population; those of its selection are flat among them. */
export interface SteadyStateOptions extends SelectionOptions {
  /** Most members, at least 1. Default 50. */
  readonly size?: number;
  /**
   * Whether a child as good as the worst member takes its place, that of the oldest such. Default true: on a
   * plateau the population can then drift (Jansen and Wegener 2001, "Evolutionary algorithms - how to cope with
   * plateaus of constant fitness").
   */
  readonly acceptTies?: boolean;
}

/**
 * Makes a population that never waits for results. It is filled up with whatever evaluates well; from then on
 * a child takes the place of the worst member (the oldest of equals) when it is better.
 */
export function steadyState(options: SteadyStateOptions = {}): Population {
  const keys = ["size", "selection", "tournamentSize", "exponent", "acceptTies"];
  checkKeys("steady-state", options, keys);
  const size = checkWhole("steady-state: size", options.size ?? 50, 1);
  const acceptTies = options.acceptTies ?? true;
  const selection = checkSelection("steady-state", options);
  return definePopulation({
    name: "steady-state",
    description: "each child takes the place of the worst member when it is better",
    parameters: { size, ...selection.parameters, acceptTies },
    start(initial) {
      const generations = new AsynchronousGenerations();
      const members = new RankedList<EvaluatedCandidate>();
      const select = selection.start();
      members.insert(fitnessOf(initial.evaluation), initial);

      const enter = (member: EvaluatedCandidate): boolean => {
        if (member.evaluation.status !== "ok") return false;
        const { fitness } = member.evaluation;
        if (members.size === size) {
          const worst = members.worstFitness;
          if (fitness < worst || (fitness === worst && !acceptTies)) return false;
          members.removeWorst();
        }
        members.insert(fitness, member);
        return true;
      };
      return {
        ask(rng, parentCount, inspirationCount) {
          const places = select(members, rng, Math.min(parentCount, members.size));
          return makeAsk(members, places, generations.ask(), rng, parentCount, inspirationCount);
        },
        tell(result) {
          generations.tell();
          return result !== undefined && enter(result);
        },
        immigrate(member) {
          generations.immigrate(member.candidate.generation);
          enter(member);
        },
      };
    },
  });
}
