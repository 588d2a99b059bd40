import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adaptiveLocality } from "../../operators/adaptive-locality.ts";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { blocks } from "../../problems/blocks/problem.ts";
import { globalTheory } from "../../problems/blocks/theory.ts";
import { type TrapBlocksOptions, trapBlocks } from "../../problems/trap-blocks/problem.ts";
import { trapAnywhereTheory, trapGroupTheory, trapWindowTheory } from "../../problems/trap-blocks/theory.ts";
import { applyChanges, defineOperator, greedy, proposed, randomIndex } from "../../src/core/index.ts";
import { genomeWith, line } from "./blocks/lines.ts";
import { applicationsOf, expectMean, geometric, runsOf, scoreOf } from "./blocks/measure.ts";

const make = (size: number, options: TrapBlocksOptions = {}, seed = 1) =>
  trapBlocks(options).instance({ size, seed });

/** The groups, found from outside: with all blocks but one correct, those of its group can improve. */
function groupsOf(size: number, options: TrapBlocksOptions): readonly (readonly number[])[] {
  const { g: _g, groups: _groups, ...shared } = options;
  const instance = make(size, options);
  const found = Array.from({ length: size }, (_, wrong) => {
    const isRight = new Array<boolean>(size).fill(true).with(wrong, false);
    return scoreOf(instance, genomeWith(isRight, shared)).improvable ?? [];
  });
  for (const [index, group] of found.entries()) {
    expect(group).toContain(index);
    for (const member of group) expect(found[member]).toEqual(group);
  }
  return found;
}

const setting = fc
  .record({ g: fc.integer({ min: 2, max: 4 }), count: fc.integer({ min: 1, max: 4 }) })
  .chain(({ g, count }) =>
    fc.record({
      ...{ g: fc.constant(g), groups: fc.constantFrom("adjacent", "scattered") },
      isRight: fc.array(fc.boolean(), { minLength: g * count, maxLength: g * count }),
    }),
  );

describe("trap-blocks", () => {
  it("scores g for a group that is all correct, else g - 1 less its correct blocks, and names the blocks of the others", () => {
    fc.assert(
      fc.property(setting, ({ g, groups, isRight }) => {
        const k = isRight.length;
        const instance = make(k, { g, groups });
        const groupOf = groupsOf(k, { g, groups });
        const correct = groupOf.map((group) => group.filter((index) => isRight[index]).length);
        // Each of the g blocks of a group brings a share of what it scores.
        const fitness = correct.reduce((sum, c) => sum + (c === g ? g : g - 1 - c) / g, 0);
        const improvable = [...correct.keys()].filter((index) => correct[index] !== g);
        const score = scoreOf(instance, genomeWith(isRight));
        expect(score).toEqual({ status: "ok", fitness: expect.closeTo(fitness, 9), improvable });
        expect(Number.isInteger(score.fitness)).toBe(true);
        expect(score.fitness === instance.target).toBe(isRight.every(Boolean));
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it("has groups of g blocks in a row, or scattered by the key alone", () => {
    const adjacent = groupsOf(12, { g: 4 });
    expect(adjacent[5]).toEqual([4, 5, 6, 7]);
    const scattered = groupsOf(12, { g: 4, groups: "scattered" });
    expect(scattered.map((group) => group.length)).toEqual(new Array(12).fill(4));
    expect(scattered).not.toEqual(adjacent);
    expect(groupsOf(12, { g: 4, groups: "scattered", instanceKey: "other" })).not.toEqual(scattered);
    const genome = genomeWith(adjacent.map((_, index) => scattered[0]!.includes(index)));
    for (const seed of [1, 2]) {
      expect(scoreOf(make(12, { groups: "scattered" }, seed), genome).fitness).toBe(4 + 3 + 3);
    }
  });

  it("starts from the blocks of the blocks problem, in the deceptive local optimum", () => {
    const instance = make(12, { g: 3 });
    expect(instance.components).toEqual(blocks().instance({ size: 12, seed: 1 }).components);
    expect(scoreOf(instance, instance.components).fitness).toBe(4 * 2);
    expect(instance.target).toBe(12);
  });

  it("is improved by no change of less than a whole group where each group is all correct or all wrong", () => {
    const changed = fc.uniqueArray(fc.tuple(fc.nat(11), fc.boolean()), { selector: ([index]) => index });
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), changed, (isSolved, changes) => {
        const isRight = Array.from({ length: 12 }, (_, index) => isSolved[Math.floor(index / 4)]!);
        const next = [...isRight];
        for (const [index, right] of changes) next[index] = right;
        const instance = make(12);
        const [before, after] = [isRight, next].map((one) => scoreOf(instance, genomeWith(one)).fitness);
        const solves = isSolved.filter((was, at) => !was && next.slice(4 * at, 4 * at + 4).every(Boolean));
        if (solves.length === 0) expect(after).toBeLessThanOrEqual(before!);
        // Four blocks improve it only where they are one group that is not solved.
        if (changes.length === 4 && after! > before!) {
          expect(new Set(changes.map(([index]) => Math.floor(index / 4))).size).toBe(1);
        }
        const wrongMore = changes.length === 1 && next.join() !== isRight.join();
        if (wrongMore) expect(after).toBeLessThan(before!);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("is at the start improved by no text of any one block", () => {
    fc.assert(
      fc.property(fc.nat(7), line, (index, text) => {
        const instance = make(8);
        const { fitness } = scoreOf(instance, applyChanges(instance.components, new Map([[index, text]])));
        const isRight = scoreOf(
          blocks().instance({ size: 8, seed: 1 }),
          applyChanges(instance.components, new Map([[index, text]])),
        ).fitness;
        expect(fitness).toBe(6 - isRight);
      }),
      { seed: 3 },
    );
  });

  it("keeps its options as parameters, and checks them and the size", () => {
    expect(trapBlocks({ groups: "scattered" }).parameters).toEqual({
      ...{ tokensPerBlock: 8, successProbability: 0.5, instanceKey: "allele", start: "wrong" },
      ...{ g: 4, groups: "scattered" },
    });
    expect(trapBlocks({ g: 3 }).structure).toBe("Components coupled in deceptive groups of 3");
    expect(() => trapBlocks({ g: 1 })).toThrow("trap-blocks: g must be a whole number of at least 2, got 1");
    expect(() => trapBlocks({ groups: "mixed" } as never)).toThrow(
      'trap-blocks: groups must be "adjacent" or "scattered", got mixed',
    );
    expect(() => make(10)).toThrow(
      "trap-blocks: size must be a multiple of g = 4, got 10; nearest: 8 and 12",
    );
    expect(() => make(3)).toThrow("trap-blocks: size must be a multiple of g = 4, got 3; nearest: 4");
  });
});

/** Rewrites the blocks of one group of three that is not solved. */
const groupRewrite = defineOperator({
  name: "group-rewrite",
  scope: "global",
  roles: ["mutator"],
  async propose({ parents: [{ candidate, evaluation }], models, rng }) {
    const list = (evaluation.status === "ok" && evaluation.improvable) || [];
    const first = 3 * randomIndex(rng, list.length / 3);
    const indexes = list.slice(first, first + 3);
    const text = indexes.map((index) => candidate.genome[index]!.text).join("");
    const answer = await models.mutator.generate({ messages: [{ role: "user", text }] });
    const lines = answer.text.split(/(?<=\n)/);
    return proposed(new Map(indexes.map((index, at) => [index, lines[at]!])));
  },
});

describe("runs of the engine on trap-blocks", () => {
  const p = 0.5;
  /** Solves a number of groups, each with its chance. */
  const variance = (chances: readonly number[]) =>
    chances.reduce((sum, chance) => sum + geometric(chance), 0);

  it.each(["sequential", "random"] as const)(
    "of one block at a time (%s) never improve, ties accepted or not",
    async (schedule) => {
      for (const acceptTies of [false, true]) {
        const operator = localRewrite({ schedule });
        const population = greedy({ acceptTies });
        const cell = { problem: trapBlocks(), size: 8, operator, population, seeds: 2, stopAfter: 200 };
        const results = (await runsOf(cell)).map(({ result }) => result);
        expect(results.map(({ bestFitness }) => bestFitness)).toEqual([6, 6]);
        expect(results.map(({ applications }) => applications)).toEqual([200, 200]);
      }
    },
  );

  it("of whole groups take (k / g) / p^g applications", async () => {
    const cell = { problem: trapBlocks({ g: 3 }), size: 9, operator: groupRewrite, seeds: 60 };
    const { applications } = trapGroupTheory({ g: 3 })(9);
    expect(applications).toBe(3 * 8);
    expectMean(await applicationsOf(cell), applications, variance([1 / 8, 1 / 8, 1 / 8]));
  });

  it.each([3, 4, 5])(
    "of %i blocks in a row take, for groups of 3, the applications of theory",
    async (window) => {
      const cell = {
        problem: trapBlocks({ g: 3 }),
        size: 9,
        operator: adaptiveLocality({ rate: "fixed", count: window }),
        seeds: 60,
      };
      const chance = ((window - 2) * p ** 3 * (1 - p) ** (window - 3)) / 3;
      const { applications } = trapWindowTheory({ g: 3, window })(9);
      expect(applications).toBe(2 / chance + 8);
      expectMean(await applicationsOf(cell), applications, variance([chance, chance, 1 / 8]));
    },
  );

  it.each(["adjacent", "scattered"] as const)(
    "of g blocks anywhere take what theory says, for %s groups",
    async (groups) => {
      const operator = adaptiveLocality({ rate: "fixed", count: 2, choose: "anywhere" });
      const cell = { problem: trapBlocks({ g: 2, groups }), size: 6, operator, seeds: 60 };
      const { applications } = trapAnywhereTheory({ g: 2 })(6);
      expect(applications).toBeCloseTo(4 * (1 + 6 / 2 + 15 / 3), 9);
      expectMean(await applicationsOf(cell), applications, variance([1 / 4, 1 / 12, 1 / 20]));
    },
  );

  it("of the whole take p^-k", async () => {
    const cell = { problem: trapBlocks({ g: 2 }), size: 4, operator: globalRewrite(), seeds: 60 };
    expectMean(await applicationsOf(cell), globalTheory()(4).applications, geometric(p ** 4));
  });
});

describe("the theory of trap-blocks", () => {
  it("for g blocks in a row is ((k / g - 1) g + 1) / p^g, whatever p", () => {
    for (const [k, g, successProbability] of [
      [8, 4, 0.5],
      [12, 3, 0.2],
      [2, 2, 0.9],
    ] as const) {
      const { applications } = trapWindowTheory({ g, successProbability })(k);
      expect(applications).toBeCloseTo(((k / g - 1) * g + 1) / successProbability ** g, 8);
    }
  });

  it("costs as many blocks as an application rewrites", () => {
    const oneCall = (n: number) => n * n + (n * (n - 1)) / 2;
    expect(trapGroupTheory({ g: 2, tokensPerBlock: 5 })(4)).toEqual({
      ...{ applications: 8, primitiveCost: 8 * oneCall(10) },
    });
    // While both groups are there 4 applications of 3 blocks in the mean, then 4 of the 2 blocks that are left.
    expect(trapWindowTheory({ g: 2, window: 3, tokensPerBlock: 5 })(4)).toEqual({
      ...{ applications: 8 + 4, primitiveCost: 8 * oneCall(15) + 4 * oneCall(10) },
    });
  });

  it("knows windows from g to 2 g - 1", () => {
    expect(() => trapWindowTheory({ window: 8 })).toThrow("window must be from g = 4 to 7, got 8");
    expect(() => trapWindowTheory({ window: 3 })).toThrow("window must be from g = 4 to 7, got 3");
  });
});
