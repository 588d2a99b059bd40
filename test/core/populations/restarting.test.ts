import { describe, expect, it } from "vitest";
import { greedy, type Population } from "../../../src/core/index.ts";
import { novel } from "../../../src/core/populations/novel.ts";
import { plusSelection } from "../../../src/core/populations/plus-selection.ts";
import { randomSearch } from "../../../src/core/populations/random-search.ts";
import { restarting } from "../../../src/core/populations/restarting.ts";
import { steadyState } from "../../../src/core/populations/steady-state.ts";
import { ofFitness } from "../fixtures.ts";
import { ask, crashed, tellAll } from "./play.ts";

describe("restarts", () => {
  it("start anew from the initial solution after so many results in a row without a new best", () => {
    const initial = ofFitness(0);
    const state = restarting(greedy({ acceptTies: true }), { after: 3 }).start(initial);
    const step = (result: Parameters<typeof state.tell>[0]) => {
      const { parents, generation } = ask(state);
      return [parents[0], generation, state.tell(result)];
    };
    const [good, tie, best] = [ofFitness(5), ofFitness(5), ofFitness(6)];
    expect(step(undefined)).toEqual([initial, 1, false]);
    expect(step(crashed())).toEqual([initial, 2, false]);
    expect(step(good)).toEqual([initial, 3, true]);
    expect(step(tie)).toEqual([good, 4, true]); // no new best, though it enters
    expect(step(ofFitness(1))).toEqual([tie, 5, false]);
    expect(step(best)).toEqual([tie, 6, true]);
    for (const generation of [7, 8, 9])
      expect(step(ofFitness(6))).toEqual([expect.anything(), generation, true]);
    // What was best before the restart does not count.
    const low = ofFitness(1);
    expect(step(low)).toEqual([initial, 10, true]);
    expect(step(undefined)).toEqual([low, 11, false]);
  });

  it("ignore results of candidates that were asked for before", () => {
    const initial = ofFitness(0);
    const state = restarting(steadyState({ size: 5 }), { after: 2 }).start(initial);
    for (let candidate = 0; candidate < 5; candidate++) ask(state);
    expect([undefined, undefined].map((result) => state.tell(result))).toEqual([false, false]);
    expect(ask(state, 1, 9)).toEqual({ parents: [initial], generation: 2, inspirations: [], home: "2" });
    // Three are in flight from before; they neither enter nor lead to the next restart.
    for (const stale of [ofFitness(8), undefined, ofFitness(9)]) {
      expect(state.tell(stale)).toBe(false);
      expect(ask(state, 1, 9)).toEqual({ parents: [initial], generation: 2, inspirations: [], home: "2" });
    }
    const child = ofFitness(1);
    expect(state.tell(child)).toBe(true);
    expect(new Set([...ask(state, 2).parents])).toEqual(new Set([initial, child]));
  });

  it("do not wait for the rest of a generation that is given up", () => {
    const initial = ofFitness(0);
    const state = restarting(plusSelection({ parents: 1, offspring: 3 }), { after: 1 }).start(initial);
    for (let candidate = 0; candidate < 3; candidate++) expect(ask(state).generation).toBe(1);
    state.tell(undefined);
    for (let candidate = 0; candidate < 3; candidate++) expect(ask(state).generation).toBe(2);
    expect(tellAll(state, []).length).toBe(0);
  });

  it("let generations rise by one where the other population counts on from what it is told", () => {
    // Counts as if each result came from its own asks: 1 + the generation of the candidate told.
    const counting: Population = {
      ...randomSearch(),
      start: (initial) => {
        let generation = 1;
        return {
          ask: () => ({ parents: [initial], generation }),
          tell: (result) => {
            generation = (result?.candidate.generation ?? 0) + 1;
            return false;
          },
        };
      },
    };
    const state = restarting(counting, { after: 4 }).start(ofFitness(0));
    for (let generation = 1; generation < 40; generation++) {
      expect(ask(state).generation).toBe(generation);
      const { evaluation, candidate } = ofFitness(-1);
      state.tell({ evaluation, candidate: { ...candidate, generation } });
    }
  });

  it("pass immigrants on; a new best among them counts", () => {
    const [initial, immigrant] = [ofFitness(0), ofFitness(5)];
    const state = restarting(steadyState({ size: 1 }), { after: 2 }).start(initial);
    tellAll(state, [undefined]);
    state.immigrate?.({ ...immigrant, candidate: { ...immigrant.candidate, generation: 8 } });
    expect(ask(state)).toMatchObject({ parents: [{ evaluation: immigrant.evaluation }], generation: 9 });
    state.tell(ofFitness(4));
    expect(ask(state)).toMatchObject({ parents: [{ evaluation: immigrant.evaluation }], generation: 10 });
    state.tell(undefined);
    expect(ask(state)).toEqual({ parents: [initial], generation: 11, home: "2" });
    expect(restarting(randomSearch(), { after: 1 }).start(initial).immigrate).toBeUndefined();
  });

  it("show the population that they wrap, with its parameters, and pass its refusals on", () => {
    const population = restarting(novel(greedy(), { minDistance: 1 }), { after: 10 });
    expect([population.name, population.parameters]).toEqual([
      "restarting",
      {
        after: 10,
        population: "novel",
        "population.minDistance": 1,
        "population.among": 20,
        "population.population": "greedy",
        "population.population.offspring": 1,
        "population.population.acceptTies": false,
      },
    ]);
    const initial = ofFitness(0);
    expect(ask(population.start(initial)).refuse?.(initial.candidate)).toContain("its distance 0 ");
    expect(() => restarting(greedy(), { after: 0 })).toThrow("restarting: after must be a whole number");
    expect(() => restarting(greedy(), {} as never)).toThrow("restarting: after must be a whole number");
    expect(() => restarting(greedy(), { afters: 1 } as never)).toThrow(
      "restarting: option 'afters' is unknown",
    );
  });
});
