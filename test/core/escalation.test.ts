import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escalation, type ModelChoiceState, rngFrom } from "../../src/core/index.ts";

const rng = rngFrom("escalation");
const names = ["a", "b", "c"];

function start(models: number, after?: number): ModelChoiceState {
  const choice = escalation(names.slice(0, models), after === undefined ? {} : { after });
  return choice.start([1, 10, 100].slice(0, models));
}

/** Picks and tells once; returns the model that was picked. */
function step(state: ModelChoiceState, isImproved: boolean, component = 0, operator = "local"): number {
  const picked = state.pick({ operator, component }, rng);
  state.tell({ operator, component, picked, isImproved, primitiveCost: 1 });
  return picked;
}

/** Steps as in a text: "." fails, "+" improves; returns the models that were picked. */
const steps = (state: ModelChoiceState, outcomes: string) =>
  [...outcomes].map((outcome) => step(state, outcome === "+")).join("");

describe("escalation", () => {
  it("goes to the next model after so many failures in a row, 3 if not told", () => {
    expect(steps(start(3), "......")).toBe("000111");
    expect(steps(start(3, 1), "...")).toBe("012");
    expect(steps(start(2, 2), "....")).toBe("0011");
  });

  it("goes back to the first model after an improvement, and counts anew", () => {
    expect(steps(start(3, 2), "..+..+.+...")).toBe("00100100001");
  });

  it("starts again from the first model when the last one has failed as often", () => {
    expect(steps(start(2, 3), ".............")).toBe("0001110001110");
    expect(steps(start(1, 2), ".....")).toBe("00000");
  });

  it("keeps components and operators apart", () => {
    const state = start(2, 2);
    expect([step(state, false, 0), step(state, false, 1), step(state, false, 0, "other")]).toEqual([0, 0, 0]);
    expect([step(state, false, 0), step(state, false, 1)]).toEqual([0, 0]);
    expect([step(state, true, 0), step(state, false, 1), step(state, false, 0, "other")]).toEqual([1, 1, 0]);
    expect([step(state, false, 0), step(state, false, 1), step(state, true, 0, "other")]).toEqual([0, 1, 1]);
  });

  it("does not count a failure of a smaller model, picked before, against the larger one", () => {
    const state = start(3, 2);
    const inFlight = Array.from({ length: 6 }, () => state.pick({ operator: "local", component: 0 }, rng));
    expect(inFlight).toEqual([0, 0, 0, 0, 0, 0]);
    const tell = (picked: number, isImproved: boolean) =>
      state.tell({ operator: "local", component: 0, picked, isImproved, primitiveCost: 1 });
    for (const picked of inFlight) tell(picked, false);
    expect(steps(state, "..")).toBe("11"); // two failures of its own
    tell(1, false); // late: the turn has passed on
    expect(steps(state, ".")).toBe("2");
    tell(0, true); // a late improvement by the small model
    tell(2, false);
    expect(steps(state, "...")).toBe("001");
  });

  it("gives a larger model no more turns than the one before it, whatever happens", () => {
    const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(outcomes, fc.integer({ min: 1, max: 4 }), (improved, after) => {
        const state = start(3, after);
        const counts = [0, 0, 0];
        for (const isImproved of improved) counts[step(state, isImproved)]! += 1;
        expect(counts[1]).toBeLessThanOrEqual(counts[0]!);
        expect(counts[2]).toBeLessThanOrEqual(counts[1]!);
      }),
      { seed: 1 },
    );
  });

  it("is made with a list of models and a whole number of failures", () => {
    const { name, parameters, models } = escalation(["a", "b"], { after: 5 });
    expect({ name, parameters, models }).toEqual({
      name: "escalation",
      parameters: { after: 5 },
      models: ["a", "b"],
    });
    expect(() => escalation([])).toThrow("escalation needs a list of models, got an empty one");
    expect(() => escalation(["a"], { after: 0 })).toThrow(
      "escalation: after must be a whole number of at least 1, got 0",
    );
    expect(() => escalation(["a"], { patience: 1 } as never)).toThrow("option 'patience' is unknown");
  });
});

describe("the cost of one component", () => {
  /**
   * Mean and variance of what one component costs, when model i improves it with probability p_i at cost c_i,
   * by the recursion over the picks of one cycle, from its end: with x the cost from here on and y that from
   * the next pick on, E x = c + q E y and E x^2 = c^2 + 2 c q E y + q E y^2. Both are affine in the moments
   * at the start of the next cycle, which are those at the start of this one.
   */
  function moments(after: number, models: readonly { readonly p: number; readonly c: number }[]) {
    let first = { constant: 0, cycle: 1 }; // E x = constant + cycle * E(start)
    let second = { constant: 0, mean: 0, cycle: 1 }; // E x^2 = constant + mean * E(start) + cycle * E(start^2)
    for (const { p, c } of models.toReversed()) {
      const q = 1 - p;
      for (let turn = 0; turn < after; turn++) {
        second = {
          constant: c * c + 2 * c * q * first.constant + q * second.constant,
          mean: 2 * c * q * first.cycle + q * second.mean,
          cycle: q * second.cycle,
        };
        first = { constant: c + q * first.constant, cycle: q * first.cycle };
      }
    }
    const mean = first.constant / (1 - first.cycle);
    const square = (second.constant + second.mean * mean) / (1 - second.cycle);
    return { mean, variance: square - mean ** 2 };
  }

  /**
   * Closed form for a small and a large model: a cycle has (1 - q1^a) / p1 picks of the small one on average,
   * with probability q1^a then (1 - q2^a) / p2 of the large one, and is followed by another with (q1 q2)^a.
   */
  function meanCost(a: number, [small, large]: readonly { readonly p: number; readonly c: number }[]) {
    const turns = (p: number) => (p === 0 ? a : (1 - (1 - p) ** a) / p);
    const fails = (p: number) => (1 - p) ** a;
    const oneCycle = small!.c * turns(small!.p) + fails(small!.p) * large!.c * turns(large!.p);
    return oneCycle / (1 - fails(small!.p) * fails(large!.p));
  }

  it.each([
    { after: 3, p1: 0.3, p2: 0.8 },
    { after: 3, p1: 0, p2: 0.5 },
    { after: 1, p1: 0.1, p2: 0.2 },
    { after: 5, p1: 0.05, p2: 0.05 },
    { after: 2, p1: 0.4, p2: 0 },
  ])("is that of its closed form (after $after, p1 = $p1, p2 = $p2)", ({ after, p1, p2 }) => {
    // n = 3000 components, 4 standard errors of the exact variance.
    const models = [
      { p: p1, c: 1 },
      { p: p2, c: 10 },
    ];
    const { mean, variance } = moments(after, models);
    expect(meanCost(after, models)).toBeCloseTo(mean, 9);
    const state = start(2, after);
    const draws = rngFrom("cost", after, p1, p2);
    let cost = 0;
    for (let component = 0; component < 3000; component++) {
      for (let isImproved = false; !isImproved; ) {
        const picked = state.pick({ operator: "local", component }, rng);
        const { p, c } = models[picked]!;
        isImproved = draws() < p;
        cost += c;
        state.tell({ operator: "local", component, picked, isImproved, primitiveCost: c });
      }
    }
    expect(Math.abs(cost / 3000 - mean)).toBeLessThan(4 * Math.sqrt(variance / 3000));
  });
});
