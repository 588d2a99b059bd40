import { describe, expect, it } from "vitest";
import { adaptiveLocality } from "../../operators/adaptive-locality.ts";
import { type LocalityOptions, locality, rejected, rngFrom } from "../../src/core/index.ts";
import { evaluated, genomeOf, ofFitness } from "../core/fixtures.ts";
import { propose, proposedTexts, system, tagged, user } from "./propose.ts";

const instructions = `You improve some components of a solution; the other components stay as they are.
You are shown the task, what these components must do, and their texts between tags.
Write a better version of each of them, so that they work together.`;

const parents = [
  evaluated({ status: "ok", fitness: 3, feedback: "slow" }, [
    { name: "a", text: "one\n", spec: "be first" },
    { name: "b", text: "two\n" },
    { name: "c", text: "three\n", spec: "be last" },
  ]),
] as const;
const score = "Score of this solution (higher is better): 3\nFeedback on this solution:\nslow";

describe("adaptive-locality", () => {
  it("shows the announced components alone, and proposes these", async () => {
    const line = {
      to: {
        system: system(instructions, "several"),
        messages: user(
          "The task.",
          "What the components must do:\n- a: be first\n- c: be last",
          score,
          `${tagged("a", "one\n")}\n${tagged("c", "three\n")}`,
        ),
        temperature: 0.5,
      },
      answer: `${tagged("a", "ONE\n")}\n${tagged("b", "TWO\n")}\n${tagged("c", "THREE\n")}`,
    };
    const operator = adaptiveLocality({ temperature: 0.5 });
    expect(await propose(operator, [line], { parents, components: [0, 2] })).toEqual(
      proposedTexts({ 0: "ONE\n", 2: "THREE\n" }),
    );
  });

  it("asks for one component as local-rewrite does", async () => {
    const line = {
      to: {
        system: system(instructions, "one"),
        messages: user("The task.", score, tagged("b", "two\n")),
      },
      answer: tagged("b", "TWO\n"),
    };
    expect(await propose(adaptiveLocality(), [line], { parents, components: [1] })).toEqual(
      proposedTexts({ 1: "TWO\n" }),
    );
  });

  it("sends the announced texts alone in compact mode", async () => {
    const line = { to: { messages: user("two\nthree\n") }, answer: "TWO\nTHREE\n" };
    const more = { parents, components: [1, 2], promptMode: "compact" } as const;
    expect(await propose(adaptiveLocality(), [line], more)).toEqual(
      proposedTexts({ 1: "TWO\n", 2: "THREE\n" }),
    );
  });

  it("rejects an answer that lacks one of them", async () => {
    expect(
      await propose(adaptiveLocality(), [tagged("a", "ONE\n")], { parents, components: [0, 1] }),
    ).toEqual(rejected("the answer lacks component b"));
  });

  it("is local, and its schedule carries its options", () => {
    const operator = adaptiveLocality({ rate: "fixed", count: 3, choose: "anywhere", inspirations: 2 });
    expect(operator).toMatchObject({
      ...{ name: "adaptive-locality", scope: "local", roles: ["mutator"], parentCount: 1 },
      ...{ parameters: { inspirations: 2 }, inspirationCount: 2, isCompactable: true },
      schedule: { name: "locality", parameters: { rate: "fixed", count: 3, choose: "anywhere" } },
    });
    const parametersOf = (options?: LocalityOptions) => locality(options).parameters;
    expect(parametersOf()).toEqual({ rate: "heavy-tailed", exponent: 1.5, choose: "adjacent" });
    expect(parametersOf({ rate: "fixed" })).toEqual({ rate: "fixed", count: 2, choose: "adjacent" });
    expect(parametersOf({ rate: "one-fifth" })).toEqual({ rate: "one-fifth", count: 1, choose: "adjacent" });
  });

  it("rejects options that it does not know or that mean nothing together", () => {
    const made = (options: object) => () => adaptiveLocality(options);
    expect(made({ schedule: "random" })).toThrow("adaptive-locality: option 'schedule' is unknown");
    expect(made({ rate: "slow" })).toThrow("Rate 'slow' is unknown; known: fixed, heavy-tailed, one-fifth");
    expect(made({ choose: "near" })).toThrow("Choice 'near' is unknown; known: adjacent, anywhere");
    expect(made({ rate: "fixed", count: 0 })).toThrow("locality: count must be a whole number of at least 1");
    expect(made({ exponent: -1 })).toThrow("locality: exponent must be a number from 0 to 100, got -1");
    expect(made({ count: 2 })).toThrow('locality: count has no meaning with rate "heavy-tailed"');
    expect(made({ rate: "one-fifth", exponent: 2 })).toThrow(
      'locality: exponent has no meaning with rate "one-fifth"',
    );
    expect(made({ rate: "fixed", exponent: 2 })).toThrow(
      'locality: exponent has no meaning with rate "fixed"',
    );
  });
});

/** What a schedule announces at first, so often, each time anew from the same generator. */
function announced(options: LocalityOptions, componentCount: number, picks: number, improvable?: number[]) {
  const state = locality(options).start(componentCount);
  const draws = rngFrom("announced");
  const parent = ofFitness(0, improvable);
  return Array.from({ length: picks }, () => state.next(parent, draws));
}

/** Checks frequencies of outcomes against exact probabilities: 4.5 standard errors of a binomial count. */
function expectFrequencies(outcomes: readonly string[], exact: Readonly<Record<string, number>>) {
  const counts = new Map<string, number>();
  for (const one of outcomes) counts.set(one, (counts.get(one) ?? 0) + 1);
  expect([...counts.keys()].filter((key) => !Object.hasOwn(exact, key))).toEqual([]);
  for (const [key, p] of Object.entries(exact)) {
    const tolerance = 4.5 * Math.sqrt((p * (1 - p)) / outcomes.length);
    expect(Math.abs((counts.get(key) ?? 0) / outcomes.length - p), key).toBeLessThanOrEqual(tolerance);
  }
}

describe("the number of components", () => {
  it("is the one given with a fixed rate, or all where there are fewer", () => {
    expect(announced({ rate: "fixed", count: 4 }, 3, 5)).toEqual(new Array(5).fill([0, 1, 2]));
    const counts = announced({ rate: "fixed", count: 4, choose: "anywhere" }, 9, 50).map((c) => c.length);
    expect(new Set(counts)).toEqual(new Set([4]));
  });

  it.each([1.5, 0, 3])("has the exact probabilities of the heavy tail with exponent %d", (exponent) => {
    const weights = [1, 2, 3, 4, 5, 6].map((r) => r ** -exponent);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const exact = Object.fromEntries(weights.map((weight, index) => [String(index + 1), weight / sum]));
    const counts = announced({ exponent }, 6, 8000).map((components) => String(components.length));
    expectFrequencies(counts, exact);
  });

  it("has a heavy tail that ends with the components that can improve", () => {
    const sum = 1 + 2 ** -1.5 + 3 ** -1.5;
    const exact = { 1: 1 / sum, 2: 2 ** -1.5 / sum, 3: 3 ** -1.5 / sum };
    const counts = announced({}, 50, 8000, [7, 11, 40]).map((components) => String(components.length));
    expectFrequencies(counts, exact);
  });

  it("grows by 1.5 with an improvement, falls by its fourth root without, between 1 and all", () => {
    // From r = 4 of 10: improvements give 6, 9, 10 (13.5 is too many); 5 failures 10 * 1.5^(-5/4) = 6.0240.
    const state = locality({ rate: "one-fifth", count: 4, choose: "anywhere" }).start(10);
    const tell = (isImproved: boolean) => state.tell({ components: [0], isImproved, primitiveCost: 1 });
    const draws = rngFrom("one-fifth");
    const meanOf = (picks: number) => {
      let sum = 0;
      for (let pick = 0; pick < picks; pick++) sum += state.next(ofFitness(0), draws).length;
      return sum / picks;
    };
    expect(meanOf(10)).toBe(4);
    tell(true);
    expect(meanOf(10)).toBe(6);
    tell(true);
    expect(meanOf(10)).toBe(9);
    tell(true);
    expect(meanOf(10)).toBe(10);
    for (let failure = 0; failure < 5; failure++) tell(false);
    // 6 or 7, the latter with probability q = 0.0240: a mean of r, known to 4.5 standard errors.
    const r = 10 * 1.5 ** -1.25;
    const q = r - 6;
    expect(Math.abs(meanOf(8000) - r)).toBeLessThan(4.5 * Math.sqrt((q * (1 - q)) / 8000));
    for (let failure = 0; failure < 100; failure++) tell(false);
    expect(meanOf(10)).toBe(1);
    tell(true); // 1.5: one or two, evenly
    expect(Math.abs(meanOf(8000) - 1.5)).toBeLessThan(4.5 * Math.sqrt(0.25 / 8000));
    for (let failure = 0; failure < 4; failure++) tell(false);
    expect(meanOf(1000)).toBeCloseTo(1, 10);
  });

  it("stays where one candidate in five improves", () => {
    // With success rates 0.9^r the balance is at r = ln 0.2 / ln 0.9 = 15.3. The mean of its logarithm: the
    // drift is 0 where 1 in 5 succeeds, and the curvature of the rate moves it by less than a fifth.
    const state = locality({ rate: "one-fifth" }).start(100);
    const [draws, chance] = [rngFrom("balance"), rngFrom("success")];
    let [logarithms, successes] = [0, 0];
    const steps = 8000;
    for (let step = 0; step < steps; step++) {
      const components = state.next(ofFitness(0), draws);
      const isImproved = chance() < 0.9 ** components.length;
      state.tell({ components, isImproved, primitiveCost: 1 });
      logarithms += Math.log(components.length);
      if (isImproved) successes += 1;
    }
    // r keeps within its bounds, which it hardly ever meets, and with it 1.5^(successes - failures / 4).
    expect(Math.abs(successes / steps - 0.2)).toBeLessThan((4 / 5) * (Math.log(100) / Math.log(1.5) / steps));
    expect(Math.abs(logarithms / steps - Math.log(15.3))).toBeLessThan(0.2);
  });

  it("starts anew for each run", () => {
    const schedule = locality({ rate: "one-fifth" });
    schedule.start(9).tell({ components: [0], isImproved: true, primitiveCost: 1 });
    const counts = Array.from({ length: 50 }, (_, run) =>
      schedule.start(9).next(ofFitness(0), rngFrom("anew", run)),
    );
    expect(new Set(counts.map((components) => components.length))).toEqual(new Set([1]));
  });
});

describe("the components", () => {
  it("follow each other around the circle, each start as likely", () => {
    const all = announced({ rate: "fixed", count: 3 }, 5, 10_000).map((components) => components.join());
    const exact = { "0,1,2": 0.2, "1,2,3": 0.2, "2,3,4": 0.2, "0,3,4": 0.2, "0,1,4": 0.2 };
    expectFrequencies(all, exact);
  });

  it("are any subset, each as likely, where they may be anywhere", () => {
    const all = announced({ rate: "fixed", count: 2, choose: "anywhere" }, 4, 10_000);
    const exact = { "0,1": 1 / 6, "0,2": 1 / 6, "0,3": 1 / 6, "1,2": 1 / 6, "1,3": 1 / 6, "2,3": 1 / 6 };
    expectFrequencies(
      all.map((components) => components.join()),
      exact,
    );
  });

  it("are those that can improve alone, next to each other among these", () => {
    const of = (choose: "adjacent" | "anywhere") =>
      announced({ rate: "fixed", choose }, 100, 6000, [90, 5, 30]).map((components) => components.join());
    const third = 1 / 3;
    expectFrequencies(of("adjacent"), { "5,30": third, "30,90": third, "5,90": third });
    expectFrequencies(of("anywhere"), { "5,30": third, "30,90": third, "5,90": third });
  });

  it("are of all where the evaluator says that none can improve", () => {
    const all = announced({ rate: "fixed", count: 1 }, 2, 2000, []).map((components) => components.join());
    expectFrequencies(all, { 0: 0.5, 1: 0.5 });
  });

  it("are the only one of a solution of one", () => {
    for (const rate of ["fixed", "heavy-tailed", "one-fifth"] as const) {
      const state = locality({ rate }).start(1);
      state.tell({ components: [0], isImproved: true, primitiveCost: 1 });
      expect(state.next(evaluated({ status: "ok", fitness: 0 }, genomeOf("x\n")), rngFrom("one"))).toEqual([
        0,
      ]);
    }
  });
});
