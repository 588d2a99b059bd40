import { describe, expect, it } from "vitest";
import { greedy } from "../../../src/core/populations/greedy.ts";
import { ofFitness } from "../fixtures.ts";
import { ask, crashed, tellAll } from "./play.ts";

describe("what the greedy population shows and takes beside children", () => {
  it("shows the last 16 former incumbents, the last one first, and no parent", () => {
    const members = Array.from({ length: 20 }, (_, fitness) => ofFitness(fitness));
    const state = greedy().start(members[0]!);
    expect(ask(state, 1, 3)).toEqual({ parents: [members[0]], generation: 1, inspirations: [] });
    state.tell(undefined);
    for (const member of members.slice(1)) {
      tellAll(state, [ofFitness(-1)]);
      tellAll(state, [member]);
    }
    const shown = ask(state, 2, 100);
    expect(shown.parents).toEqual([members[19], members[19]]);
    expect(shown.inspirations).toEqual(members.slice(3, 19).reverse());
    state.tell(undefined);
    expect(ask(state, 1, 2).inspirations).toEqual([members[18], members[17]]);
  });

  it("shows no candidate twice when the same one is incumbent again", () => {
    const [one, other] = [ofFitness(0), ofFitness(0)];
    const state = greedy({ acceptTies: true }).start(one);
    for (const member of [other, one, other]) state.immigrate?.(member);
    for (const member of [one, other]) {
      tellAll(state, [undefined]);
      state.immigrate?.(member);
    }
    expect(ask(state, 1, 5)).toMatchObject({ parents: [other], inspirations: [one] });
  });

  it("takes an immigrant that is better: at once between generations, within one when it ends", () => {
    const [initial, first, second] = [ofFitness(0), ofFitness(1), ofFitness(2)];
    const state = greedy({ offspring: 2 }).start(initial);
    state.immigrate?.(ofFitness(-1));
    state.immigrate?.(crashed());
    expect(ask(state)).toEqual({ parents: [initial], generation: 1 });
    state.immigrate?.(first);
    expect(ask(state)).toEqual({ parents: [initial], generation: 1 });
    expect([ofFitness(0.5), undefined].map((result) => state.tell(result))).toEqual([false, false]);
    state.immigrate?.({ ...second, candidate: { ...second.candidate, generation: 6 } });
    expect(ask(state)).toMatchObject({ parents: [{ evaluation: second.evaluation }], generation: 7 });
  });
});
