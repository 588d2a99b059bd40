import type { EvaluatedCandidate } from "../candidate.ts";
import { randomIndex } from "../rng.ts";
import type { Drawable } from "./make-ask.ts";

/** Members in a list, of which a place is the position. */
export function drawableList(members: readonly EvaluatedCandidate[]): Drawable {
  return {
    get size() {
      return members.length;
    },
    draw: (rng) => randomIndex(rng, members.length),
    at: (index) => index,
    member: (place) => members[place] as EvaluatedCandidate,
  };
}
