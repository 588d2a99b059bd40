import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { blocks } from "../../problems/blocks/problem.ts";
import { globalTheory, randomTheory } from "../../problems/blocks/theory.ts";
import { type CoupledBlocksOptions, coupledBlocks } from "../../problems/coupled-blocks/problem.ts";
import { coupledRandomTheory } from "../../problems/coupled-blocks/theory.ts";
import { applyChanges } from "../../src/core/index.ts";
import { line } from "./blocks/lines.ts";
import { applicationsOf, expectMean, geometric, hittingTime, scoreOf } from "./blocks/measure.ts";

const make = (size: number, options: CoupledBlocksOptions = {}, seed = 1) =>
  coupledBlocks(options).instance({ size, seed });
const texts = fc.array(line, { minLength: 1, maxLength: 9 });
const reach = fc.integer({ min: 0, max: 4 });

describe("coupled-blocks", () => {
  it("with q = 0 is the blocks problem: same blocks, same scores", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom("wrong", "fresh"), (all, start) => {
        const request = { size: all.length, seed: 1 };
        const [coupled, plain] = [make(all.length, { q: 0, start }), blocks({ start }).instance(request)];
        expect(coupled.components).toEqual(plain.components);
        expect(coupled.target).toBe(plain.target);
        const genome = applyChanges(plain.components, new Map(all.map((text, index) => [index, text])));
        expect(scoreOf(coupled, genome)).toEqual(scoreOf(plain, genome));
      }),
      { seed: 1 },
    );
    expect(coupledBlocks({ q: 0 }).structure).toBe(blocks().structure);
  });

  it("starts with every block wrong, for any k, q, p and key, and all can improve", () => {
    const setting = fc.record({
      ...{ q: reach, instanceKey: fc.string({ maxLength: 5 }) },
      successProbability: fc.double({ min: 0.05, max: 0.7, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), setting, (k, options) => {
        const instance = make(k, options);
        const improvable = Array.from({ length: k }, (_, index) => index);
        expect(scoreOf(instance, instance.components)).toEqual({ status: "ok", fitness: 0, improvable });
      }),
      { seed: 2 },
    );
  });

  it.each([0.2, 0.5])("has fresh blocks that are each correct with probability %d", (successProbability) => {
    // Binomial: the tests of different neighbourhoods are independent; n = 3000.
    const correct: number[] = [];
    for (let instanceKey = 0; instanceKey < 100; instanceKey++) {
      const instance = make(30, { start: "fresh", successProbability, instanceKey: `${instanceKey}` });
      correct.push(scoreOf(instance, instance.components).fitness);
    }
    expectMean(correct, 30 * successProbability, 30 * successProbability * (1 - successProbability));
  });

  it.each([
    [0, 6],
    [1, 6],
    [3, 6],
    [5, 6],
    [8, 6],
  ])("with q = %i of %i blocks tests as many blocks anew, and itself, when one changes", (q, k) => {
    // The change of each test is -1, 0 or 1 with variance 2 p (1 - p) = 1/2 and is independent of others; the
    // square of a sum of n such has mean n / 2 and fourth moment n / 2 + 3 n (n - 1) / 4.
    const n = Math.min(q, k - 1) + 1;
    const squares = Array.from({ length: 1000 }, (_, trial) => {
      const instance = make(k, { q, start: "fresh", instanceKey: `${trial}` });
      const changed = applyChanges(instance.components, new Map([[trial % k, `other ${trial}\n`]]));
      return (scoreOf(instance, changed).fitness - scoreOf(instance, instance.components).fitness) ** 2;
    });
    expectMean(squares, n / 2, n / 2 + (3 * n * (n - 1)) / 4 - n ** 2 / 4);
  });

  it("names blocks as improvable without leaving out any that can raise the score", () => {
    fc.assert(
      fc.property(texts, reach, fc.nat(8), line, (all, q, at, text) => {
        const instance = make(all.length, { q });
        const genome = applyChanges(instance.components, new Map(all.map((one, index) => [index, one])));
        const index = at % all.length;
        const before = scoreOf(instance, genome);
        const after = scoreOf(instance, applyChanges(genome, new Map([[index, text]])));
        expect(Math.abs(after.fitness - before.fitness)).toBeLessThanOrEqual(q + 1);
        if (!before.improvable!.includes(index)) expect(after.fitness).toBeLessThanOrEqual(before.fitness);
        expect(before.improvable!.length === 0).toBe(before.fitness === all.length);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("scores texts alone: not what was scored before, nor the seed, nor which objects are shared", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.tuple(fc.nat(8), line), { maxLength: 30 }), (all, changes) => {
        const used = make(all.length);
        let genome = used.components;
        for (const [at, text] of changes) {
          genome = applyChanges(genome, new Map([[at % all.length, text]]));
          const fresh = genome.map((component) => ({ ...component, name: "other" }));
          expect(scoreOf(used, genome)).toEqual(scoreOf(make(all.length, {}, 2), fresh));
        }
      }),
      { seed: 4 },
    );
  });

  it("keeps its options as parameters, names its structure, and checks", () => {
    expect(coupledBlocks().parameters).toEqual({
      ...{ tokensPerBlock: 8, successProbability: 0.5, instanceKey: "allele", start: "wrong" },
      q: 2,
    });
    expect([0, 1, 3].map((q) => coupledBlocks({ q }).structure)).toEqual([
      "Components independent",
      "Each component coupled with its neighbour",
      "Each component coupled with its 3 neighbours",
    ]);
    expect(() => coupledBlocks({ q: -1 })).toThrow("coupled-blocks: q must be a whole number of at least 0");
    expect(() => make(8, { q: 4, successProbability: 0.99 })).toThrow("coupled-blocks: found no wrong text");
  });
});

/** Mean and variance on the correctness of every block, where only a better solution is accepted. */
function coupledChain(k: number, q: number, p: number) {
  return hittingTime(
    new Array<boolean>(k).fill(false),
    (state) =>
      state.flatMap((_, block) => {
        let drawn: [boolean[], number][] = [[state, 1 / k]];
        for (let back = 0; back <= Math.min(q, k - 1); back++) {
          const test = (block - back + k) % k;
          drawn = drawn.flatMap(([to, chance]) => [
            [to.with(test, true), chance * p],
            [to.with(test, false), chance * (1 - p)],
          ]);
        }
        const count = (one: boolean[]) => one.filter(Boolean).length;
        return drawn.map(([to, chance]) => [count(to) > count(state) ? to : state, chance] as const);
      }),
    (state) => state.every(Boolean),
  );
}

describe("the theory of coupled-blocks", () => {
  it("is that of independent blocks for q = 0", () => {
    for (const k of [1, 2, 7, 12]) {
      const exact = randomTheory()(k);
      const { applications, primitiveCost } = coupledRandomTheory({ q: 0 })(k);
      expect(applications / exact.applications).toBeCloseTo(1, 10);
      expect(primitiveCost / exact.primitiveCost).toBeCloseTo(1, 10);
    }
  });

  it.each([
    [1, 2, 0.5],
    [2, 1, 0.5],
    [4, 1, 0.3],
    [5, 2, 0.5],
    [3, 5, 0.6],
  ])(
    "for k = %i, q = %i, p = %d is the mean of the exact distribution on the sets of correct blocks",
    (k, q, p) => {
      const { applications } = coupledRandomTheory({ q, successProbability: p })(k);
      expect(applications / coupledChain(k, q, p).mean).toBeCloseTo(1, 8);
    },
  );

  it("is at most k H_k / p^(q + 1)", () => {
    for (const q of [0, 1, 2, 3]) {
      for (const p of [0.2, 0.5, 0.8]) {
        for (const k of [4, 8, 12]) {
          const bound = randomTheory({ successProbability: p ** (q + 1) })(k).applications;
          const { applications } = coupledRandomTheory({ q, successProbability: p })(k);
          expect(applications).toBeLessThanOrEqual(bound * (1 + 1e-12));
        }
      }
    }
  });

  it("says where it ends", () => {
    expect(() => coupledRandomTheory()(21)).toThrow("exact up to 20 blocks, got 21");
  });
});

describe("runs of the engine on coupled-blocks", () => {
  it.each([
    [1, 0.5],
    [2, 0.3],
  ])("with q = %i and p = %d take, for a random block, the applications of the exact chain", async (q, p) => {
    const problem = coupledBlocks({ q, successProbability: p });
    const operator = localRewrite({ schedule: "random" });
    const { mean, variance } = coupledChain(5, q, p);
    expectMean(await applicationsOf({ problem, size: 5, operator, seeds: 80 }), mean, variance);
  });

  it("take p^-k for the whole", async () => {
    const cell = { problem: coupledBlocks(), size: 5, operator: globalRewrite(), seeds: 60 };
    expectMean(await applicationsOf(cell), globalTheory()(5).applications, geometric(0.5 ** 5));
  });
});
