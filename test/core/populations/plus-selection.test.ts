import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EvaluatedCandidate, fitnessOf, rngFrom } from "../../../src/core/index.ts";
import { plusSelection } from "../../../src/core/populations/plus-selection.ts";
import { ofFitness } from "../fixtures.ts";
import { ask, crashed, fits, tellAll } from "./play.ts";

/** All parents of the next generation: asks with two parents show one, the other and all inspirations. */
function membersOf(population: ReturnType<ReturnType<typeof plusSelection>["start"]>) {
  const { parents, inspirations = [] } = ask(population, 1, 100);
  return new Set([...parents, ...inspirations]);
}

describe("the (mu+lambda) population", () => {
  it("gives lambda children, waits for all results, and goes on with the best mu of parents and children", () => {
    const initial = ofFitness(2);
    const state = plusSelection({ parents: 2, offspring: 3 }).start(initial);
    for (let child = 0; child < 3; child++) {
      expect(ask(state, 1, 4)).toEqual({ parents: [initial], generation: 1, inspirations: [] });
    }
    const rng = rngFrom("waits");
    expect(state.ask(rng, 1)).toBeUndefined();
    const [one, three, four] = [1, 3, 4].map((fitness) => ofFitness(fitness));
    // Fills up; takes the place of 1; takes that of the initial solution.
    expect([one, three, four].map((result) => state.tell(result))).toEqual([true, true, true]);
    expect(membersOf(state)).toEqual(new Set([three, four]));
  });

  it("draws all children of a generation from its parents, also from those that lost their place", () => {
    const [initial, other] = [ofFitness(1), ofFitness(1)];
    const state = plusSelection({ parents: 2, offspring: 40 }).start(initial);
    tellAll(state, [other, ...Array<undefined>(39).fill(undefined)]);
    const parents = new Set<EvaluatedCandidate>();
    for (let child = 0; child < 40; child++) {
      const asked = ask(state, 2, 3, rngFrom("frozen", child));
      expect(asked).toEqual({ parents: asked.parents, generation: 2, inspirations: [] });
      expect(new Set(asked.parents)).toEqual(new Set([initial, other]));
      parents.add(asked.parents[0]);
      state.tell(ofFitness(2 + child));
    }
    expect(parents).toEqual(new Set([initial, other]));
    expect(ask(state).generation).toBe(3);
  });

  it("keeps the newer of equals", () => {
    const state = plusSelection({ parents: 2, offspring: 2 }).start(ofFitness(1));
    const [first, second, third] = [ofFitness(1), ofFitness(1), ofFitness(1)];
    expect(tellAll(state, [first, second])).toEqual([true, true]);
    expect(membersOf(state)).toEqual(new Set([first, second]));
    state.tell(undefined);
    expect([ask(state), state.tell(third)]).toMatchObject([{ generation: 2 }, true]);
    expect(membersOf(state)).toEqual(new Set([second, third]));
  });

  it("lets neither failures nor rejected proposals in, and drops a failed initial solution first", () => {
    const failed = crashed();
    const state = plusSelection({ parents: 1, offspring: 2 }).start(failed);
    expect(tellAll(state, [crashed(), undefined])).toEqual([false, false]);
    expect(membersOf(state)).toEqual(new Set([failed]));
    const low = ofFitness(-1e300);
    state.tell(undefined);
    ask(state);
    expect(state.tell(low)).toBe(true);
    expect(membersOf(state)).toEqual(new Set([low]));
  });

  it("draws parents uniformly and both different", () => {
    const members = [1, 2, 3, 4].map((fitness) => ofFitness(fitness));
    const state = plusSelection({ parents: 4, offspring: 12_003 }).start(members[0]!);
    tellAll(state, [...members.slice(1), ...Array<undefined>(12_000).fill(undefined)]);
    const rng = rngFrom("uniform");
    const counts = Array<number>(16).fill(0);
    for (let draw = 0; draw < 12_000; draw++) {
      const [one, other] = ask(state, 2, 0, rng).parents.map((parent) => members.indexOf(parent));
      counts[4 * one! + other!]! += 1;
    }
    const expected = counts.map((_, pair) => (pair % 5 === 0 ? 0 : 1 / 12));
    expect(counts).toSatisfy((drawn: number[]) => fits(drawn, expected));
  });

  it("ends each generation with exactly the best mu, and answers tell with who was among them so far", () => {
    const result = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }).map((fitness) => ofFitness(fitness)) },
      { weight: 1, arbitrary: fc.constant(undefined).map(() => crashed()) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    const sizes = fc.record({
      parents: fc.integer({ min: 1, max: 6 }),
      offspring: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(sizes, fc.array(result, { maxLength: 40 }), (options, results) => {
        const initial = ofFitness(2);
        const state = plusSelection(options).start(initial);
        // The model sorts: best first, of equals the newer first.
        let best = [initial];
        const add = (one: EvaluatedCandidate) => {
          const index = best.findIndex(
            ({ evaluation }) => fitnessOf(evaluation) <= fitnessOf(one.evaluation),
          );
          best.splice(index === -1 ? best.length : index, 0, one);
          best = best.slice(0, options.parents);
          return best.includes(one);
        };
        for (let from = 0; from + options.offspring <= results.length; from += options.offspring) {
          expect(membersOf(state)).toEqual(new Set(best));
          for (let child = 1; child < options.offspring; child++) ask(state);
          for (const one of results.slice(from, from + options.offspring)) {
            expect(state.tell(one)).toBe(one?.evaluation.status === "ok" && add(one));
          }
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("takes immigrants: between generations for the next one, within one for the one after", () => {
    const [initial, immigrant, second] = [ofFitness(1), ofFitness(2), ofFitness(3)];
    const state = plusSelection({ parents: 1, offspring: 1 }).start(initial);
    state.immigrate?.(immigrant);
    expect(ask(state)).toEqual({ parents: [immigrant], generation: 1 });
    state.immigrate?.({ ...second, candidate: { ...second.candidate, generation: 5 } });
    state.tell(undefined);
    expect(ask(state)).toMatchObject({ parents: [{ candidate: { generation: 5 } }], generation: 6 });
  });

  it("shows what it was made with and rejects impossible numbers", () => {
    expect(plusSelection()).toMatchObject({
      name: "mu-plus-lambda",
      parameters: { parents: 5, offspring: 5 },
    });
    expect(() => plusSelection({ parents: 0 })).toThrow("mu-plus-lambda: parents must be a whole number");
    expect(() => plusSelection({ offspring: 1.5 })).toThrow(
      "mu-plus-lambda: offspring must be a whole number",
    );
    expect(() => plusSelection({ mu: 1 } as never)).toThrow("mu-plus-lambda: option 'mu' is unknown");
  });
});
