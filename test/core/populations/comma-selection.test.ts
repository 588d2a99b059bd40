import { describe, expect, it } from "vitest";
import { rngFrom } from "../../../src/core/index.ts";
import { commaSelection } from "../../../src/core/populations/comma-selection.ts";
import { ofFitness } from "../fixtures.ts";
import { ask, crashed, tellAll } from "./play.ts";

function membersOf(state: ReturnType<ReturnType<typeof commaSelection>["start"]>) {
  const { parents, inspirations = [] } = ask(state, 1, 100);
  return new Set([...parents, ...inspirations]);
}

describe("the (mu,lambda) population", () => {
  it("goes on with the best mu children, whatever the parents were", () => {
    const initial = ofFitness(100);
    const state = commaSelection({ parents: 2, offspring: 4 }).start(initial);
    for (let child = 0; child < 4; child++) expect(ask(state, 2).parents).toEqual([initial, initial]);
    expect(state.ask(rngFrom("waits"), 1)).toBeUndefined();
    const children = [3, 1, 0, 2].map((fitness) => ofFitness(fitness));
    expect(children.map((child) => state.tell(child))).toEqual([true, true, false, true]);
    expect(membersOf(state)).toEqual(new Set([children[0], children[3]]));
    expect(ask(state, 2).generation).toBe(2);
    expect(new Set(ask(state, 2).parents)).toEqual(new Set([children[0], children[3]]));
  });

  it("keeps the newer of equals", () => {
    const state = commaSelection({ parents: 1, offspring: 2 }).start(ofFitness(5));
    const [first, second] = [ofFitness(1), ofFitness(1)];
    expect(tellAll(state, [first, second])).toEqual([true, true]);
    expect(membersOf(state)).toEqual(new Set([second]));
  });

  it("fills up with the best old parents where too few children evaluate well", () => {
    const [initial, low, middle, high] = [ofFitness(9), ofFitness(1), ofFitness(2), ofFitness(3)];
    const state = commaSelection({ parents: 3, offspring: 3 }).start(initial);
    expect(tellAll(state, [low, middle, high])).toEqual([true, true, true]);
    expect(tellAll(state, [crashed(), undefined, crashed()])).toEqual([false, false, false]);
    expect(membersOf(state)).toEqual(new Set([low, middle, high]));
    const child = ofFitness(0);
    for (let rest = 0; rest < 2; rest++) ask(state);
    expect([child, undefined, undefined].map((result) => state.tell(result))).toEqual([true, false, false]);
    expect(membersOf(state)).toEqual(new Set([child, middle, high]));
  });

  it("begins with fewer parents where the first generation has too few", () => {
    const initial = ofFitness(9);
    const state = commaSelection({ parents: 3, offspring: 3 }).start(initial);
    const child = ofFitness(0);
    tellAll(state, [undefined, child, undefined]);
    expect(membersOf(state)).toEqual(new Set([initial, child]));
  });

  it("takes immigrants among the children", () => {
    const state = commaSelection({ parents: 2, offspring: 2 }).start(ofFitness(9));
    const [child, immigrant, other] = [ofFitness(0), ofFitness(3), ofFitness(4)];
    ask(state);
    state.immigrate?.(immigrant);
    ask(state);
    expect([child, undefined].map((result) => state.tell(result))).toEqual([true, false]);
    state.immigrate?.({ ...other, candidate: { ...other.candidate, generation: 4 } });
    const { parents, inspirations = [], generation } = ask(state, 1, 5);
    expect(new Set([...parents, ...inspirations].map(({ evaluation }) => evaluation))).toEqual(
      new Set([immigrant.evaluation, other.evaluation]),
    );
    expect(generation).toBe(5);
  });

  it("shows what it was made with and rejects impossible numbers", () => {
    expect(commaSelection()).toMatchObject({
      name: "mu-comma-lambda",
      parameters: { parents: 5, offspring: 35 },
    });
    expect(commaSelection({ parents: 2 }).parameters).toEqual({ parents: 2, offspring: 14 });
    expect(() => commaSelection({ parents: 3, offspring: 2 })).toThrow(
      "mu-comma-lambda: offspring must be at least as many as parents (3), got 2",
    );
    expect(() => commaSelection({ parents: 0 })).toThrow("mu-comma-lambda: parents must be a whole number");
    expect(() => commaSelection({ lambda: 1 } as never)).toThrow(
      "mu-comma-lambda: option 'lambda' is unknown",
    );
  });
});
