import { describe, expect, it } from "vitest";
import { ensemble, rngFrom } from "../../src/core/index.ts";
import { scripted } from "../scripted-model.ts";

const small = scripted([], { name: "small" });
const large = scripted([], { name: "large", size: 10 });
const context = { operator: "local-rewrite", component: 0 };

describe("the ensemble", () => {
  it("draws each model in proportion to its weight, 1 where none is given", () => {
    // Multinomial counts: n = 20,000 draws, 4.5 standard errors of each.
    const choice = ensemble([small, { model: large, weight: 0.5 }, { model: "simulated", weight: 2.5 }]);
    expect(choice.name).toBe("ensemble");
    expect(choice.parameters).toEqual({ weights: "1, 0.5, 2.5" });
    expect(choice.models).toEqual([small, large, "simulated"]);
    const state = choice.start([1, 10, 1]);
    const rng = rngFrom("ensemble");
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 20_000; draw++) counts[state.pick(context, rng)]! += 1;
    for (const [index, share] of [1 / 4, 1 / 8, 5 / 8].entries()) {
      const error = 4.5 * Math.sqrt(20_000 * share * (1 - share));
      expect(Math.abs(counts[index]! - 20_000 * share)).toBeLessThan(error);
    }
  });

  it("depends on the candidate's generator alone", () => {
    const [one, other] = [ensemble([small, large]).start([1, 10]), ensemble([small, large]).start([1, 10])];
    one.tell({ ...context, picked: 0, isImproved: true, primitiveCost: 1 });
    for (let candidate = 0; candidate < 50; candidate++) {
      expect(one.pick(context, rngFrom(candidate))).toBe(other.pick(context, rngFrom(candidate)));
    }
  });

  it("may be of one model", () => {
    expect(ensemble(["simulated"]).start([1]).pick(context, rngFrom("one"))).toBe(0);
  });

  it("says what is wrong with its models", () => {
    expect(() => ensemble([])).toThrow(
      "ensemble needs a list of models, got an empty one; write ensemble([small, large])",
    );
    expect(() => ensemble(small as never)).toThrow("ensemble needs a list of models, got no list");
    expect(() => ensemble([small, { model: large, weight: 0 }])).toThrow(
      "ensemble: weight of model 2 must be a number from",
    );
    expect(() => ensemble([{ model: large, weight: 1, wieght: 2 } as never])).toThrow(
      "ensemble: model 1: option 'wieght' is unknown; known: model, weight",
    );
  });
});
