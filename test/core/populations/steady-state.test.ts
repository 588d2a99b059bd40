import { describe, expect, it } from "vitest";
import { rngFrom } from "../../../src/core/index.ts";
import { steadyState } from "../../../src/core/populations/steady-state.ts";
import { evaluated, ofFitness } from "../fixtures.ts";
import { ask, crashed, parentsOf, tellAll } from "./play.ts";

describe("the steady-state population", () => {
  it("takes whatever evaluates well until it is full, then what is better than the worst", () => {
    const [initial, low, high, better] = [3, 1, 5, 2].map((fitness) => ofFitness(fitness));
    const state = steadyState({ size: 3, tournamentSize: 1 }).start(initial!);
    expect(tellAll(state, [crashed(), undefined, low!, high!])).toEqual([false, false, true, true]);
    expect(parentsOf(state)).toEqual(new Set([initial, low, high]));
    expect(tellAll(state, [ofFitness(0.9), better!, ofFitness(1.5)])).toEqual([false, true, false]);
    expect(parentsOf(state)).toEqual(new Set([initial, better, high]));
  });

  it("lets a child as good as the worst take the place of the oldest such, unless told not to", () => {
    const [first, second, third] = [ofFitness(1), ofFitness(1), ofFitness(1)];
    const drifting = steadyState({ size: 2 }).start(first);
    expect(tellAll(drifting, [second, third])).toEqual([true, true]);
    expect(parentsOf(drifting)).toEqual(new Set([second, third]));
    const strict = steadyState({ size: 2, acceptTies: false }).start(first);
    expect(tellAll(strict, [second, third])).toEqual([true, false]);
    expect(parentsOf(strict)).toEqual(new Set([first, second]));
  });

  it("drops a failed initial solution first", () => {
    const failed = crashed();
    const state = steadyState({ size: 2 }).start(failed);
    expect(ask(state).parents).toEqual([failed]);
    const [bad, good] = [ofFitness(-1e308), ofFitness(0)];
    tellAll(state, [bad, good]);
    expect(parentsOf(state)).toEqual(new Set([bad, good]));
  });

  it("never waits, and gives 1 + the largest generation told so far", () => {
    const state = steadyState().start(ofFitness(0));
    const generations = () => ask(state).generation;
    expect([generations(), generations(), generations()]).toEqual([1, 1, 1]);
    state.tell(undefined);
    expect([generations(), generations()]).toEqual([2, 2]);
    state.tell(ofFitness(1));
    state.tell(ofFitness(1));
    expect(generations()).toBe(2);
    state.tell(undefined);
    expect(generations()).toBe(3);
    state.immigrate?.({ ...ofFitness(1), candidate: { ...ofFitness(1).candidate, generation: 7 } });
    expect(generations()).toBe(8);
    for (let result = 0; result < 3; result++) state.tell(undefined);
    expect(generations()).toBe(8);
    state.tell(undefined);
    expect(generations()).toBe(9);
  });

  it("gives different parents and other members as inspirations, as many as there are", () => {
    const initial = ofFitness(0);
    for (const selection of ["tournament", "power-law", "fitness-proportional"] as const) {
      const state = steadyState({ selection }).start(initial);
      expect(ask(state, 2, 3)).toMatchObject({ parents: [initial, initial], inspirations: [] });
      expect(ask(state, 2).inspirations).toBeUndefined();
      const others = [1, 1, 2, 50, 50].map((fitness) => ofFitness(fitness));
      tellAll(state, others);
      const rng = rngFrom("distinct", selection);
      const shown = new Set();
      for (let draw = 0; draw < 40; draw++) {
        for (const [parentCount, inspirationCount] of [
          [2, 3],
          [2, 9],
          [1, 5],
          [3, 0],
          [6, 6],
        ] as const) {
          const { parents, inspirations = [] } = ask(state, parentCount, inspirationCount, rng);
          const all = [...parents, ...inspirations];
          expect(parents.length).toBe(parentCount);
          expect(inspirations.length).toBe(Math.min(inspirationCount, 6 - parentCount));
          expect(new Set(all).size).toBe(all.length);
          for (const one of inspirations) shown.add(one);
        }
      }
      expect(shown).toEqual(new Set([initial, ...others]));
    }
  });

  it("takes immigrants as if just found", () => {
    const [initial, immigrant] = [ofFitness(1), ofFitness(2)];
    const state = steadyState({ size: 1 }).start(initial);
    state.immigrate?.(ofFitness(0));
    state.immigrate?.(crashed());
    expect(ask(state).parents).toEqual([initial]);
    state.immigrate?.(immigrant);
    expect(ask(state).parents).toEqual([immigrant]);
  });

  it("shows what it was made with, and rejects options that do not go together", () => {
    expect(steadyState().parameters).toEqual({
      size: 50,
      selection: "tournament",
      tournamentSize: 2,
      acceptTies: true,
    });
    expect(steadyState({ selection: "power-law", exponent: 2, size: 7 }).parameters).toEqual({
      ...{ size: 7, selection: "power-law", exponent: 2, acceptTies: true },
    });
    expect(() => steadyState({ selection: "rank" } as never)).toThrow(
      "steady-state: selection 'rank' is unknown; known: tournament, power-law, fitness-proportional",
    );
    expect(() => steadyState({ exponent: 1 })).toThrow(
      'steady-state: exponent needs selection "power-law", got "tournament"',
    );
    expect(() => steadyState({ selection: "power-law", tournamentSize: 3 })).toThrow(
      'steady-state: tournamentSize needs selection "tournament", got "power-law"',
    );
    expect(() => steadyState({ size: 0 })).toThrow("steady-state: size must be a whole number of at least 1");
    expect(() => steadyState({ mu: 1 } as never)).toThrow("steady-state: option 'mu' is unknown");
  });

  it("keeps the best solution for ever", () => {
    const rng = rngFrom("elitism");
    const state = steadyState({ size: 4 }).start(evaluated({ status: "ok", fitness: 0 }));
    let best = 0;
    for (let step = 0; step < 500; step++) {
      const fitness = Math.floor(rng() * 1000);
      tellAll(state, [ofFitness(fitness)]);
      best = Math.max(best, fitness);
    }
    const fitness = [...parentsOf(state)].map(({ evaluation }) =>
      evaluation.status === "ok" ? evaluation.fitness : 0,
    );
    expect(Math.max(...fitness)).toBe(best);
  });
});
