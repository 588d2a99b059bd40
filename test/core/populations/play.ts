/** Steps that tests of populations share. */
import type { Ask, EvaluatedCandidate, PopulationState, Rng } from "../../../src/core/index.ts";
import { rngFrom } from "../../../src/core/index.ts";
import { evaluated } from "../fixtures.ts";

export const crashed = (): EvaluatedCandidate => evaluated({ status: "failed", reason: "crash" });

/** Asks for a candidate that must be granted. */
export function ask(
  state: PopulationState,
  parentCount = 1,
  inspirationCount?: number,
  rng: Rng = rngFrom("populations"),
): Ask {
  const asked = state.ask(rng, parentCount, inspirationCount);
  if (asked === undefined) throw new Error("expected parents, the population waits");
  return asked;
}

/** Asks once for each result, then tells them; returns which of them entered. */
export function tellAll(
  state: PopulationState,
  results: readonly (EvaluatedCandidate | undefined)[],
): boolean[] {
  for (const _ of results) ask(state);
  return results.map((result) => state.tell(result));
}

/** All members that are ever drawn as parents, by asking and rejecting; for populations that do not wait. */
export function parentsOf(state: PopulationState, draws = 300): Set<EvaluatedCandidate> {
  const rng = rngFrom("parents");
  const drawn = new Set<EvaluatedCandidate>();
  for (let draw = 0; draw < draws; draw++) {
    for (const parent of ask(state, 1, 0, rng).parents) drawn.add(parent);
    state.tell(undefined);
  }
  return drawn;
}

/**
 * Whether counts of independent draws fit the probabilities: the statistic of Pearson's chi-squared test is
 * below its mean plus five standard deviations (degrees of freedom f, variance 2 f).
 */
export function fits(counts: readonly number[], probabilities: readonly number[]): boolean {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  for (const [index, probability] of probabilities.entries()) {
    const count = counts[index] ?? 0;
    if (probability === 0 && count > 0) return false;
    if (probability > 0) statistic += (count - draws * probability) ** 2 / (draws * probability);
  }
  const freedom = probabilities.filter((probability) => probability > 0).length - 1;
  return statistic <= freedom + 5 * Math.sqrt(2 * freedom);
}
