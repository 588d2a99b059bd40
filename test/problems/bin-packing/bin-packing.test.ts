import { describe, expect, it } from "vitest";
import { bestFitCount } from "../../../problems/bin-packing/bins.ts";
import { type Dataset, datasets, drawItems } from "../../../problems/bin-packing/items.ts";
import { martelloTothBound } from "../../../problems/bin-packing/lower-bound.ts";
import { type BinPackingOptions, binPacking } from "../../../problems/bin-packing/problem.ts";
import score, { type BinPackingData } from "../../../problems/bin-packing/scorer.ts";
import { seed as seedText } from "../../../problems/bin-packing/seed.ts";
import { composeFiles, type SandboxScoring } from "../../../src/core/index.ts";
import { scoreInSandbox } from "../in-sandbox.ts";
import { answering, plain, programFrom, programOf, withTexts } from "../program.ts";

const make = (size: number, options: BinPackingOptions = {}, seed = 1) =>
  binPacking(options).instance({ size, seed });
const dataOf = (instance: ReturnType<typeof make>) =>
  (instance.evaluate as SandboxScoring).data as BinPackingData;
const evaluate = (instance: ReturnType<typeof make>) =>
  score({ candidate: programFrom(instance), data: dataOf(instance), repeat: 0 });

/** Mean excess of best fit over L2, in percent, and its standard error. */
function bestFitExcess(dataset: Dataset, count: number, sequences: number) {
  const { capacity } = datasets[dataset];
  const all = Array.from({ length: sequences }, (_, index) => {
    const items = drawItems(dataset, count, "published", index);
    const bound = martelloTothBound(items, capacity);
    return (100 * (bestFitCount(items, capacity) - bound)) / bound;
  });
  const mean = all.reduce((sum, one) => sum + one, 0) / sequences;
  const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (sequences - 1);
  return { mean, variance };
}

describe("drawn items", () => {
  // Weibull(45, 3): mean 45 G(4/3) = 40.184, variance 45^2 (G(5/3) - G(4/3)^2) = 213.3; uniform on 20..100:
  // mean 60, variance (81^2 - 1) / 12. Rounding adds 1/12 to the first variance. 4 standard errors.
  it.each<[Dataset, number, number]>([
    ["weibull", 40.184, 213.3 + 1 / 12],
    ["or-library", 60, 6560 / 12],
  ])("of %s have the distribution's mean and variance", (dataset, mean, variance) => {
    const items = drawItems(dataset, 40_000, "moments");
    const sampleMean = items.reduce((sum, one) => sum + one, 0) / items.length;
    const sampleVariance = items.reduce((sum, one) => sum + (one - mean) ** 2, 0) / items.length;
    expect(Math.abs(sampleMean - mean)).toBeLessThan(4 * Math.sqrt(variance / items.length));
    // The variance of a sample variance is (kurtosis - 1) variance^2 / n, with a kurtosis below 3 for both.
    expect(Math.abs(sampleVariance / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / items.length));
    expect(items.every((one) => Number.isInteger(one) && one >= 1 && one <= 100)).toBe(true);
  });
});

describe("best fit", () => {
  it("takes the fullest bin that the item fits in", () => {
    expect(bestFitCount([5, 6, 4, 5], 10)).toBe(2); // 4 joins 6, where first fit joins 5

    expect(bestFitCount([4, 5, 5, 6], 10)).toBe(3); // 4 + 5 leaves 1: the second 5 and the 6 need bins
  });

  // Romera-Paredes et al. (Nature 625, 2024), table 1: excess of best fit over L2 in percent. The OR-Library
  // figures are means over 20 sequences, the Weibull ones over 5; so are these, drawn anew: 4 standard errors
  // of the difference of two such means.
  it.each<[Dataset, number, number, number]>([
    ["or-library", 120, 20, 5.81],
    ["or-library", 250, 20, 6.06],
    ["or-library", 500, 20, 5.37],
    ["or-library", 1000, 20, 4.94],
    ["weibull", 5000, 5, 3.98],
  ])(
    "needs as much more than the bound as published: %s, %d items",
    (dataset, count, sequences, published) => {
      const { mean, variance } = bestFitExcess(dataset, count, sequences);
      const tolerance = 4 * Math.sqrt((2 * variance) / sequences);
      expect(tolerance).toBeLessThan(2.5);
      expect(Math.abs(mean - published)).toBeLessThan(tolerance);
    },
  );
});

describe("the score of a heuristic", () => {
  const data: BinPackingData = {
    capacity: 10,
    target: 0,
    instances: [
      { items: [5, 6, 4, 5], bound: 2, bestFit: 2 },
      { items: [6, 6, 6], bound: 3, bestFit: 3 },
    ],
  };

  it("is minus the mean excess over the bound, with the first of equal priorities taken", async () => {
    // All priorities equal is first fit: 5 4 | 6 | 5, then 6 | 6 | 6.
    const candidate = programOf({ priority: (_item: number, bins: number[]) => bins.map(() => 0) });
    expect(await score({ candidate, data, repeat: 0 })).toEqual({
      status: "ok",
      fitness: -25,
      metrics: { excessPercent: 25, bestFitExcessPercent: 0, bins: 6 },
      feedback:
        "25.000 % more bins than the lower bound; wanted: 0.000 %; best fit: 0.000 %. " +
        "By instance: 3 bins (bound 2, best fit 2); 3 bins (bound 3, best fit 3).",
    });
  });

  it("comes from showing the candidate one item at a time, and an unused bin last", async () => {
    const shown: unknown[] = [];
    const priority = (item: number, bins: number[]) => {
      shown.push([item, bins]);
      return bins.map((left) => -left);
    };
    expect(await score({ candidate: programOf({ priority }), data, repeat: 0 })).toMatchObject({
      fitness: 0,
    });
    expect(shown).toEqual([
      [5, [10]],
      [6, [10]],
      [4, [5, 4, 10]],
      [5, [5, 10]],
      [6, [10]],
      [6, [10]],
      [6, [10]],
    ]);
  });

  it("is that of as many bins as items when every item gets its own", async () => {
    const priority = (_item: number, bins: number[]) => bins.map((_, i) => i);
    const evaluation = await score({ candidate: programOf({ priority }), data, repeat: 0 });
    expect(evaluation).toMatchObject({ fitness: -50, metrics: { bins: 7 } });
  });
});

describe("an answer that is no list of priorities", () => {
  const data: BinPackingData = {
    capacity: 100,
    target: 0,
    instances: [{ items: [50, 40], bound: 1, bestFit: 1 }],
  };
  it.each<[string, unknown, string]>([
    ["nothing", undefined, "got undefined"],
    ["a number", 3, "got 3"],
    ["a text", "x".repeat(1000), 'got "xxx'],
    ["an object", { 0: 1, length: 1 }, 'got {"0":1,"length":1}'],
    ["an empty list", [], "got a list of 0"],
    ["too long a list", [1, 2], "got a list of 2"],
    ["NaN", [Number.NaN], "got NaN at index 0"],
    ["infinity", [Number.POSITIVE_INFINITY], "got Infinity at index 0"],
    ["a text in the list", ["1"], 'got "1" at index 0'],
    ["a nested list", [[1]], "got [1] at index 0"],
    ["null in the list", [null], "got null at index 0"],
  ])("fails as invalid, with the call and what was expected: %s", async (_, answer, got) => {
    const evaluation = await score({ candidate: answering(answer), data, repeat: 0 });
    expect(evaluation).toMatchObject({ status: "failed", reason: "invalid" });
    expect(evaluation.feedback).toContain("priority(50, [100]) must return a list of 1 finite numbers; ");
    expect(evaluation.feedback).toContain(got);
    expect(evaluation.feedback!.length).toBeLessThan(200);
  });

  it("shows at most 20 bins", async () => {
    const items = Array.from({ length: 60 }, () => 1);
    const priority = (_item: number, bins: number[]) => (bins.length < 50 ? bins.map((_, i) => i) : "stop");
    const many = { ...data, instances: [{ items, bound: 1, bestFit: 1 }] };
    const evaluation = await score({ candidate: programOf({ priority }), data: many, repeat: 0 });
    expect(evaluation.feedback).toMatch(/^priority\(1, \[(99, ){20}\.\.\.\]\) must return a list of 50 /);
  });
});

describe("an instance of bin packing", () => {
  it.each<Dataset>(["weibull", "or-library"])("starts as best fit: %s", async (dataset) => {
    const instance = make(150, { dataset });
    const evaluation = await evaluate(instance);
    const { instances } = dataOf(instance);
    const bins = instances.reduce((sum, { bestFit }) => sum + bestFit, 0);
    expect(evaluation).toMatchObject({ status: "ok", metrics: { bins } });
    expect(instance.target).toBeCloseTo(0.8 * (evaluation as { fitness: number }).fitness, 10);
  });

  it("is solved by a rule that leaves no small gaps", async () => {
    const text = `function score(item, left) {
      const rest = left - item;
      if (rest <= 4) return 1000 - rest;
      return rest >= 20 ? -rest : -1000 - rest;
    }\n`;
    const instance = make(500);
    const evaluation = await evaluate(withTexts(instance, { score: text }));
    expect((evaluation as { fitness: number }).fitness).toBeGreaterThan(instance.target);
  });

  it("is the same for the same seed, and another one for another seed or sequence", () => {
    expect(plain(make(50, {}, 3))).toEqual(plain(make(50, {}, 3)));
    const sequences = [...dataOf(make(50, {}, 3)).instances, ...dataOf(make(50, {}, 4)).instances];
    expect(new Set(sequences.map(({ items }) => items.join())).size).toBe(10);
  });

  it("has two components, that make up the program with their fixed surroundings", () => {
    const { components, layout, statement } = make(50, { dataset: "or-library" });
    expect(components.map(({ name, signature }) => [name, signature])).toEqual([
      ["score", "function score(item, left, capacity)"],
      ["adjustment", "function adjust(scores, item, bins)"],
    ]);
    for (const { text, signature } of components) expect(text.startsWith(`${signature} {\n`)).toBe(true);
    expect(components.every(({ spec }) => spec !== undefined)).toBe(true);
    expect(composeFiles(layout!, components)).toEqual([{ path: "priority.js", text: seedText }]);
    expect(statement).toContain("capacity 150");
    expect(statement).toContain("uniform from 20 to 100");
  });

  it("scores in the sandbox what it scores outside, and refuses what the sandbox hands back", async () => {
    const wrong = withTexts(make(20), { adjustment: "const adjust = (scores) => scores.slice(1);\n" });
    const [bestFit, refused] = await scoreInSandbox(make(150), wrong);
    expect(bestFit).toEqual(await evaluate(make(150)));
    expect(refused).toMatchObject({
      reason: "invalid",
      feedback: expect.stringContaining("got a list of 0"),
    });
  });

  it("refuses options and sizes that make no sense", () => {
    expect(() => binPacking({ data: 1 } as object)).toThrow(/option 'data' is unknown/);
    expect(() => binPacking({ dataset: "normal" as Dataset })).toThrow(
      /dataset 'normal' is unknown; known: or-library, weibull/,
    );
    expect(() => binPacking({ improvement: 2 })).toThrow(/improvement must be a number from 0 to 1/);
    expect(() => make(0)).toThrow(/size must be a whole number/);
  });
});
