/** What tests of populations that never wait look at. */
import type { EvaluatedCandidate, PopulationState } from "../../../src/core/index.ts";
import { ask } from "./play.ts";

/** The same as the initial solution of a run. */
export function initially({ candidate, evaluation }: EvaluatedCandidate): EvaluatedCandidate {
  return { candidate: { ...candidate, sequence: 0 }, evaluation };
}

/** All members: a parent, and all others as inspirations. */
export function membersOf(state: PopulationState): Set<EvaluatedCandidate> {
  const { parents, inspirations = [] } = ask(state, 1, 1e6);
  state.tell(undefined);
  return new Set([...parents, ...inspirations]);
}
