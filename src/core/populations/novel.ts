/** Novelty: children that are almost copies are refused before their evaluation is paid for. */
import type { Candidate, EvaluatedCandidate } from "../candidate.ts";
import { checkBetween, checkKeys, checkWhole } from "../errors.ts";
import { definePopulation, type Population } from "../population.ts";
import { textDistance } from "../text-distance.ts";
import { innerParameters } from "./inner-parameters.ts";

/** Options of novelty. */
export interface NovelOptions {
  /** Least text distance from each solution compared with, from 0 (nothing is refused) to 1. Default 0.02. */
  readonly minDistance?: number;
  /** How many of the last solutions that entered a child is compared with, beside its parents. Default 20. */
  readonly among?: number;
}

/**
 * Makes a population that refuses a child of another one when its `textDistance` to a parent, or to one of the
 * last `among` solutions that entered (the initial one and immigrants included), is below `minDistance`. What a
 * child is compared with is settled when it is asked for.
 */
export function novel(population: Population, options: NovelOptions = {}): Population {
  checkKeys("novel", options, ["minDistance", "among"]);
  const minDistance = checkBetween("novel: minDistance", options.minDistance ?? 0.02, 0, 1);
  const among = checkWhole("novel: among", options.among ?? 20, 0);
  return definePopulation({
    name: "novel",
    description: "refuses children of another population that are almost copies, before their evaluation",
    parameters: { minDistance, among, ...innerParameters("novel", population) },
    start(initial) {
      const state = population.start(initial);
      // Never changed but replaced, so that what is asked keeps what it was given.
      let recent: readonly EvaluatedCandidate[] = [initial].slice(0, among);
      /** What entered since the generation began, whose candidates do not depend on each other's results. */
      let entered: EvaluatedCandidate[] = [];
      let generation = 0;
      const remember = (member: EvaluatedCandidate) => {
        entered.push(member);
        if (entered.length > among) entered.shift();
      };
      return {
        ask(rng, parentCount, inspirationCount) {
          const asked = state.ask(rng, parentCount, inspirationCount);
          if (asked === undefined) return undefined;
          if (asked.generation !== generation) {
            generation = asked.generation;
            if (entered.length > 0) recent = [...recent, ...entered].slice(-among);
            entered = [];
          }
          const known = recent;
          return {
            ...asked,
            refuse: (child) =>
              asked.refuse?.(child) ?? findCopy(child, [...asked.parents, ...known], minDistance),
          };
        },
        tell(result) {
          const isAccepted = state.tell(result);
          if (isAccepted && result !== undefined) remember(result);
          return isAccepted;
        },
        ...(state.immigrate === undefined
          ? {}
          : {
              immigrate(member: EvaluatedCandidate) {
                state.immigrate?.(member);
                remember(member);
              },
            }),
      };
    },
  });
}

/** Says which solution a child is too close to; undefined where there is none. */
function findCopy(
  { genome }: Candidate,
  known: readonly EvaluatedCandidate[],
  minDistance: number,
): string | undefined {
  for (const { candidate } of new Set(known)) {
    const distance = textDistance(genome, candidate.genome, minDistance);
    if (distance >= minDistance) continue;
    const shown = Math.floor(distance * 1e4) / 1e4;
    return `its distance ${shown} to candidate ${candidate.sequence} is below ${minDistance}`;
  }
  return undefined;
}
