/** Draws of different members, and the answer to ask() that is made of them. */
import type { EvaluatedCandidate } from "../candidate.ts";
import type { Ask } from "../population.ts";
import { type Rng, randomIndex } from "../rng.ts";

/** Members that can be drawn. A `place` is a number that stands for one of them until they change. */
export interface Drawable {
  readonly size: number;
  /** The place of a member drawn uniformly; there is at least one. */
  draw(rng: Rng): number;
  /** The place of the member of an index, 0..size-1. */
  at(index: number): number;
  member(place: number): EvaluatedCandidate;
}

/** Draws uniformly the place of a member that is not among `taken`; there is at least one. */
export function drawPlace(members: Drawable, rng: Rng, taken: readonly number[]): number {
  if (members.size < 4 * taken.length) {
    const free: number[] = [];
    for (let index = 0; index < members.size; index++) {
      const place = members.at(index);
      if (!taken.includes(place)) free.push(place);
    }
    return free[randomIndex(rng, free.length)] ?? 0;
  }
  let place = members.draw(rng);
  while (taken.includes(place)) place = members.draw(rng); // at most one in four is taken
  return place;
}

/** Draws uniformly `count` different places, or all there are; those in `taken` stay at its start. */
export function drawPlaces(members: Drawable, rng: Rng, count: number, taken: number[] = []): number[] {
  const length = Math.min(taken.length + count, members.size);
  while (taken.length < length) taken.push(drawPlace(members, rng, taken));
  return taken;
}

/**
 * Makes the answer to ask(): the members at the places are the parents, over again where there are too few;
 * inspirations are drawn uniformly from the others.
 */
export function makeAsk(
  members: Drawable,
  places: number[],
  generation: number,
  rng: Rng,
  parentCount: number,
  inspirationCount = 0,
): Ask {
  const parent = (index: number) => members.member(places[index % places.length] ?? 0);
  // Literals: filling an array one by one is slower where members lie far apart in memory.
  const parents: Ask["parents"] =
    parentCount === 1
      ? [parent(0)]
      : [parent(0), parent(1), ...Array.from({ length: parentCount - 2 }, (_, index) => parent(index + 2))];
  const asked = { parents, generation };
  if (inspirationCount === 0) return asked;
  const shown = drawPlaces(members, rng, inspirationCount, places.slice()).slice(places.length);
  return { ...asked, inspirations: shown.map((place) => members.member(place)) };
}
