import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type EvaluatedCandidate,
  fitnessOf,
  greedy,
  type PopulationState,
  rngFrom,
} from "../../src/core/index.ts";
import { evaluated, ofFitness } from "./fixtures.ts";

const rng = rngFrom("greedy");
const crashed = () => evaluated({ status: "failed", reason: "crash" });

/** Asks for one candidate that must be granted. */
function ask(state: PopulationState, parentCount = 1) {
  const asked = state.ask(rng, parentCount);
  if (asked === undefined) throw new Error("expected parents, the population waits");
  return asked;
}

/** Asks and tells once; returns whether the result entered the population. */
function step(state: PopulationState, result: EvaluatedCandidate | undefined): boolean {
  ask(state);
  return state.tell(result);
}

describe("the (1+1) population", () => {
  it("accepts what is better than the incumbent and makes it the parent of the next generation", () => {
    const initial = ofFitness(3);
    const state = greedy().start(initial);
    expect(ask(state)).toEqual({ parents: [initial], generation: 1 });
    const worse = ofFitness(2);
    expect(state.tell(worse)).toBe(false);
    expect(ask(state)).toEqual({ parents: [initial], generation: 2 });
    const better = ofFitness(4);
    expect(state.tell(better)).toBe(true);
    expect(ask(state)).toEqual({ parents: [better], generation: 3 });
  });

  it("accepts an equal fitness only when told to", () => {
    const tie = ofFitness(3);
    const strict = greedy().start(ofFitness(3));
    expect(step(strict, tie)).toBe(false);
    expect(ask(strict).parents[0]).not.toBe(tie);
    const lenient = greedy({ acceptTies: true }).start(ofFitness(3));
    expect(step(lenient, tie)).toBe(true);
    expect(ask(lenient).parents[0]).toBe(tie);
  });

  it("never accepts a failed evaluation or a rejected proposal, and counts each as a generation", () => {
    const initial = ofFitness(Number.NEGATIVE_INFINITY);
    const state = greedy({ acceptTies: true }).start(initial);
    expect(step(state, crashed())).toBe(false);
    expect(step(state, undefined)).toBe(false);
    expect(ask(state)).toEqual({ parents: [initial], generation: 3 });
  });

  it("waits for the result of the candidate it was asked for", () => {
    const state = greedy().start(ofFitness(0));
    ask(state);
    expect(state.ask(rng, 1)).toBeUndefined();
    state.tell(undefined);
    expect(state.ask(rng, 1)).toBeDefined();
  });
});

describe("the (1+lambda) population", () => {
  it("gives lambda children of one incumbent, waits for all, then takes the best of them", () => {
    const initial = ofFitness(0);
    const state = greedy({ offspring: 3 }).start(initial);
    for (let child = 0; child < 3; child++) expect(ask(state)).toEqual({ parents: [initial], generation: 1 });
    expect(state.ask(rng, 1)).toBeUndefined();
    const best = ofFitness(2);
    expect(state.tell(ofFitness(1))).toBe(true);
    expect(state.tell(best)).toBe(true);
    expect(state.ask(rng, 1)).toBeUndefined();
    expect(state.tell(ofFitness(1))).toBe(false); // better than the incumbent, not than the best so far
    expect(ask(state)).toEqual({ parents: [best], generation: 2 });
  });

  it("gives as many parents as an operator needs, all of them the incumbent", () => {
    const initial = ofFitness(0);
    expect(ask(greedy().start(initial), 3).parents).toEqual([initial, initial, initial]);
  });

  it("answers tell with what happened: the incumbent is the last accepted result of each generation", () => {
    const result = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 6 }).map((fitness) => ofFitness(fitness)) },
      { weight: 1, arbitrary: fc.constant(undefined).map(() => crashed()) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    const options = fc.record({ offspring: fc.integer({ min: 1, max: 5 }), acceptTies: fc.boolean() });
    fc.assert(
      fc.property(options, fc.array(result, { maxLength: 60 }), ({ offspring, acceptTies }, results) => {
        let incumbent = ofFitness(2);
        const state = greedy({ offspring, acceptTies }).start(incumbent);
        for (
          let from = 0, generation = 1;
          from + offspring <= results.length;
          from += offspring, generation++
        ) {
          for (let child = 0; child < offspring; child++) {
            expect(ask(state)).toEqual({ parents: [incumbent], generation });
          }
          expect(state.ask(rng, 1)).toBeUndefined();
          const told = results.slice(from, from + offspring);
          const accepted = told.filter((one) => state.tell(one));
          // Independent of the running best: the greatest fitness of incumbent and children decides, the
          // earliest holder of it without ties, the latest with them.
          const rivals = [
            incumbent,
            ...told.filter((one) => one?.evaluation.status === "ok"),
          ] as EvaluatedCandidate[];
          const greatest = Math.max(...rivals.map((one) => fitnessOf(one.evaluation)));
          const holders = rivals.filter((one) => fitnessOf(one.evaluation) === greatest);
          const survivor = (acceptTies ? holders.at(-1) : holders[0])!;
          expect(accepted.at(-1) ?? incumbent).toBe(survivor);
          incumbent = survivor;
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("starts anew for each run and says what it was made with", () => {
    const population = greedy({ offspring: 2, acceptTies: true });
    population.start(ofFitness(0)).ask(rng, 1);
    expect(ask(population.start(ofFitness(0))).generation).toBe(1);
    expect(population.parameters).toEqual({ offspring: 2, acceptTies: true });
  });

  it("rejects unknown options and an impossible number of offspring", () => {
    expect(() => greedy({ lambda: 2 } as never)).toThrow(
      "greedy: option 'lambda' is unknown; known: offspring, acceptTies",
    );
    expect(() => greedy({ offspring: 0 })).toThrow(
      "greedy: offspring must be a whole number of at least 1, got 0",
    );
  });
});
