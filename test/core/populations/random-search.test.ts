import { expect, it } from "vitest";
import { randomSearch } from "../../../src/core/populations/random-search.ts";
import { ofFitness } from "../fixtures.ts";
import { ask } from "./play.ts";

it("random search gives the initial solution again and again and learns nothing, in generations of those in flight", () => {
  const initial = ofFitness(0);
  const state = randomSearch().start(initial);
  for (let round = 0; round < 20; round++) {
    const generation = round <= 9 ? 1 : 2; // ten are in flight
    expect(ask(state, 2, 3)).toEqual({ parents: [initial, initial], generation });
    if (round > 8) expect(state.tell(ofFitness(round))).toBe(false);
  }
  expect(randomSearch()).toMatchObject({ name: "random", parameters: {} });
});
