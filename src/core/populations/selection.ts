/** Selections: which members of a steady-state population become parents. */
import type { EvaluatedCandidate } from "../candidate.ts";
import { checkBetween, checkWhole, UsageError } from "../errors.ts";
import type { Parameters } from "../parameters.ts";
import type { Rng } from "../rng.ts";
import { drawPlace } from "./make-ask.ts";
import { PowerLaw } from "./power-law.ts";
import type { RankedList } from "./ranked-list.ts";

export type SelectionName = "tournament" | "power-law" | "fitness-proportional";

/** Which selection, and its parameter. */
export interface SelectionOptions {
  /** Default "tournament". */
  readonly selection?: SelectionName;
  /** Of "tournament": how many members meet, at least 1 (which is no selection at all). Default 2. */
  readonly tournamentSize?: number;
  /** Of "power-law": from 0 (uniform) upwards; the larger, the greedier. Default 1. */
  readonly exponent?: number;
}

/**
 * Draws the places of `count` different members, at most as many as there are; the second one is drawn as the
 * first one was, from the others.
 */
export type Select = (members: RankedList<EvaluatedCandidate>, rng: Rng, count: number) => number[];

/** A selection ready to use. `start` makes the one of a run. */
export interface Selection {
  readonly parameters: Parameters;
  start(): Select;
}

/** Draws after which fitness-proportional selection takes the fittest. */
const mostDraws = 1000;

/**
 * Reads which selection is meant. Throws UsageError for an unknown one and for a parameter of another one.
 *
 * - `tournament`: the fittest of `tournamentSize` members drawn uniformly, with replacement; the first drawn of equals.
 * - `power-law`: the member of rank r (from 1, the best) with probability proportional to r^-exponent, as in
 *   ShinkaEvolve (Lange, Imajuku and Cetin 2025, arXiv:2509.19349). Of equals the newer ranks first.
 * - `fitness-proportional`: with probability proportional to what its fitness is above that of the worst member,
 *   which is never drawn unless all are equal; by stochastic acceptance (Lipowski and Lipowska 2012, Physica A 391).
 *   Where one member is so far above all others that 1,000 draws are not accepted, it is taken. While the
 *   worst is a failed initial solution, all others are drawn uniformly.
 */
export function checkSelection(where: string, options: SelectionOptions): Selection {
  const { selection = "tournament", tournamentSize, exponent } = options;
  if (selection !== "tournament" && selection !== "power-law" && selection !== "fitness-proportional") {
    const known = "tournament, power-law, fitness-proportional";
    throw new UsageError(`${where}: selection '${String(selection)}' is unknown; known: ${known}`);
  }
  if (tournamentSize !== undefined && selection !== "tournament") {
    throw new UsageError(`${where}: tournamentSize needs selection "tournament", got "${selection}"`);
  }
  if (exponent !== undefined && selection !== "power-law") {
    throw new UsageError(`${where}: exponent needs selection "power-law", got "${selection}"`);
  }
  if (selection === "tournament") {
    const size = checkWhole(`${where}: tournamentSize`, tournamentSize ?? 2, 1);
    return { parameters: { selection, tournamentSize: size }, start: () => tournament(size) };
  }
  if (selection === "power-law") {
    const power = checkBetween(`${where}: exponent`, exponent ?? 1, 0, 100);
    return { parameters: { selection, exponent: power }, start: () => powerLaw(power) };
  }
  return { parameters: { selection }, start: () => fitnessProportional };
}

function tournament(size: number): Select {
  return (members, rng, count) => {
    const chosen: number[] = [];
    while (chosen.length < count) {
      let best = drawPlace(members, rng, chosen);
      for (let met = 1; met < size; met++) {
        const other = drawPlace(members, rng, chosen);
        if (members.isFitter(other, best)) best = other;
      }
      chosen.push(best);
    }
    return chosen;
  };
}

function powerLaw(exponent: number): Select {
  const ranks = new PowerLaw(exponent);
  return (members, rng, count) => {
    const taken: number[] = []; // ranks from 0, ascending
    const chosen: number[] = [];
    while (chosen.length < count) {
      let rank = ranks.draw(rng, members.size - taken.length) - 1;
      let index = 0;
      for (; index < taken.length && (taken[index] ?? 0) <= rank; index++) rank += 1;
      taken.splice(index, 0, rank);
      chosen.push(members.at(rank));
    }
    return chosen;
  };
}

const fitnessProportional: Select = (members, rng, count) => {
  const chosen: number[] = [];
  while (chosen.length < count) chosen.push(drawProportional(members, rng, chosen));
  return chosen;
};

function drawProportional(
  members: RankedList<EvaluatedCandidate>,
  rng: Rng,
  taken: readonly number[],
): number {
  let best = 0; // rank of the fittest member that is not taken
  while (taken.includes(members.at(best))) best += 1;
  const fittest = members.at(best);
  const lowest = members.worstFitness;
  const range = members.fitness(fittest) - lowest;
  if (!(range > 0)) return drawPlace(members, rng, taken);
  for (let draws = 0; draws < mostDraws; draws++) {
    const place = drawPlace(members, rng, taken);
    // An infinite range: the worst failed, or the numbers are too large to subtract.
    const least = range < Number.POSITIVE_INFINITY ? lowest + rng() * range : lowest;
    if (members.isAbove(place, least)) return place;
  }
  return fittest;
}
