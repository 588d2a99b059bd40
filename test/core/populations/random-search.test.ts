import { expect, it } from "vitest";
import { randomSearch } from "../../../src/core/populations/random-search.ts";
import { ofFitness } from "../fixtures.ts";
import { ask } from "./play.ts";

it("random search gives the initial solution again and again and learns nothing, all in one generation", () => {
  const initial = ofFitness(0);
  const state = randomSearch().start(initial);
  for (let round = 0; round < 20; round++) {
    expect(ask(state, 2, 3)).toEqual({ parents: [initial, initial], generation: 1 });
    if (round > 8) expect(state.tell(ofFitness(round))).toBe(false);
  }
  expect(randomSearch()).toMatchObject({ name: "random", parameters: {} });
});
