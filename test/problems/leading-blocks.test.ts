import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { blocks } from "../../problems/blocks/problem.ts";
import { globalTheory } from "../../problems/blocks/theory.ts";
import { leadingBlocks } from "../../problems/leading-blocks/problem.ts";
import {
  leadingRandomTheory,
  leadingRandomTiesTheory,
  leadingSequentialTheory,
} from "../../problems/leading-blocks/theory.ts";
import { greedy, sequential } from "../../src/core/index.ts";
import { genomeWith } from "./blocks/lines.ts";
import { applicationsOf, expectMean, geometric, hittingTime, scoreOf } from "./blocks/measure.ts";

const p = 0.5;

describe("leading-blocks", () => {
  it("scores the correct blocks before the first wrong one, and tells which that is when asked to", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }), (isRight) => {
        const genome = genomeWith(isRight);
        const wrong = isRight.indexOf(false);
        const fitness = wrong === -1 ? isRight.length : wrong;
        const request = { size: isRight.length, seed: 1 };
        const [mute, telling] = [leadingBlocks(), leadingBlocks({ tellWhich: true })];
        const improvable = wrong === -1 ? [] : [wrong];
        expect(scoreOf(mute.instance(request), genome)).toEqual({ status: "ok", fitness });
        expect(scoreOf(telling.instance(request), genome)).toEqual({ status: "ok", fitness, improvable });
        expect(mute.instance(request).target).toBe(isRight.length);
      }),
      { seed: 1 },
    );
  });

  it("starts from the blocks of the blocks problem", () => {
    for (const start of ["wrong", "fresh"] as const) {
      const request = { size: 6, seed: 1 };
      const { components } = leadingBlocks({ start }).instance(request);
      expect(components).toEqual(blocks({ start }).instance(request).components);
    }
  });

  it("keeps its options as parameters, and checks them", () => {
    expect(leadingBlocks({ tellWhich: true }).parameters).toEqual({
      ...{ tokensPerBlock: 8, successProbability: 0.5, instanceKey: "allele", start: "wrong" },
      tellWhich: true,
    });
    expect(leadingBlocks().structure).toBe(
      "Components in a fixed order, each paying only when all before it are right",
    );
    expect(() => leadingBlocks({ tellWhich: 1 } as never)).toThrow(
      "leading-blocks: tellWhich must be true or false, got 1",
    );
    expect(() => leadingBlocks({ q: 1 } as never)).toThrow("leading-blocks: option 'q' is unknown");
    expect(() => leadingBlocks({ tokensPerBlock: 2 })).toThrow("leading-blocks: tokensPerBlock must be");
  });
});

describe("the theory of leading-blocks", () => {
  const probability = fc.constantFrom(0.2, 0.5, 0.9);
  const size = fc.integer({ min: 1, max: 4 });

  it("for a schedule of any patience is the hitting time of the chain on score, block at hand and failures", () => {
    fc.assert(
      fc.property(size, probability, fc.integer({ min: 1, max: 4 }), (k, p, patience) => {
        const { mean } = hittingTime(
          { right: 0, current: 0, failures: 0 },
          ({ right, current, failures }) => {
            const next = (current + 1) % k;
            const isOver = failures + 1 >= patience;
            const failed = { right, current: isOver ? next : current, failures: isOver ? 0 : failures + 1 };
            if (current !== right) return [[failed, 1]];
            return [[failed, 1 - p] as const, [{ right: right + 1, current: next, failures: 0 }, p] as const];
          },
          ({ right }) => right === k,
        );
        const { applications } = leadingSequentialTheory({ successProbability: p, patience })(k);
        expect(applications / mean).toBeCloseTo(1, 8);
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it("for a random block is k^2 / p, and k / p in sequence with patience without end", () => {
    expect(leadingRandomTheory()(8).applications).toBe(128);
    expect(leadingSequentialTheory({ patience: Number.POSITIVE_INFINITY })(8).applications).toBe(16);
    expect(leadingSequentialTheory()(8)).toMatchObject({ applications: expect.closeTo(16, 8) });
    expect(leadingRandomTheory({ tokensPerBlock: 3, modelSize: 2 })(1)).toEqual({
      applications: 2,
      primitiveCost: 2 * 2 * (9 + 3),
    });
  });

  it("for a random block with ties accepted is the hitting time of the chain on the state of every block", () => {
    fc.assert(
      fc.property(size, probability, (k, p) => {
        const { applications } = leadingRandomTiesTheory({ successProbability: p })(k);
        expect(applications / driftingChain(k, p).mean).toBeCloseTo(1, 8);
      }),
      { seed: 3, numRuns: 12 },
    );
  });

  it("with ties accepted stays between its bounds at any size: (1 - p) k^2 / p and k^2 / p", () => {
    for (const p of [0.1, 0.5, 0.95]) {
      for (const k of [1, 10, 100, 500]) {
        const { applications } = leadingRandomTiesTheory({ successProbability: p })(k);
        expect(applications).toBeGreaterThan(((1 - p) * k * k) / p);
        expect(applications).toBeLessThanOrEqual(((k * k) / p) * (1 + 1e-12));
      }
    }
  });
});

/** Mean and variance with ties accepted: blocks are untouched (and wrong), wrong, or right. */
function driftingChain(k: number, p: number) {
  return hittingTime(
    new Array<"untouched" | "wrong" | "right">(k).fill("untouched"),
    (state) => {
      const first = state.findIndex((one) => one !== "right");
      return state.flatMap((_, index) => [
        [state.with(index, "right"), p / k] as const,
        // A wrong text in the place of one that counts is worse, and not accepted.
        [index < first ? state : state.with(index, "wrong"), (1 - p) / k] as const,
      ]);
    },
    (state) => state.every((one) => one === "right"),
  );
}

describe("runs of the engine on leading-blocks", () => {
  const seeds = 60;
  const local = (schedule: "sequential" | "random") => localRewrite({ schedule });

  it.each([false, true])(
    "in sequence take k / p applications, told which block is wrong or not (%s)",
    async (tellWhich) => {
      const cell = { problem: leadingBlocks({ tellWhich }), size: 8, operator: local("sequential"), seeds };
      const { applications } = leadingSequentialTheory()(8);
      expectMean(await applicationsOf(cell), applications, 8 * geometric(p));
    },
  );

  it("in sequence with little patience take what theory says", async () => {
    const operator = localRewrite({ schedule: sequential({ patience: 2 }) });
    const cell = { problem: leadingBlocks(), size: 4, operator, seeds: 100 };
    // Of each block: 2 N + one or two tries, where N, the visits that fail, each of 2 applications and 6 at other
    // blocks, is geometric with q^2 = 1/4.
    const left = 1 / 4;
    const again = (8 ** 2 * left) / (1 - left) ** 2; // variance of 8 N
    const lastVisit = (2 / 3) * (1 / 3); // success at its first or second try
    const { applications } = leadingSequentialTheory({ patience: 2 })(4);
    expectMean(await applicationsOf(cell), applications, 4 * (again + lastVisit));
  });

  it("of a random block take k^2 / p", async () => {
    const cell = { problem: leadingBlocks(), size: 8, operator: local("random"), seeds };
    expectMean(await applicationsOf(cell), leadingRandomTheory()(8).applications, 8 * geometric(p / 8));
  });

  it("of a random block with ties accepted take what the exact chain says", async () => {
    const population = greedy({ acceptTies: true });
    const cell = { problem: leadingBlocks(), size: 5, operator: local("random"), population, seeds: 100 };
    const { mean, variance } = driftingChain(5, p);
    expect(leadingRandomTiesTheory()(5).applications).toBeCloseTo(mean, 8);
    expectMean(await applicationsOf(cell), mean, variance);
  });

  it("of the whole take p^-k", async () => {
    const cell = { problem: leadingBlocks(), size: 5, operator: globalRewrite(), seeds };
    expectMean(await applicationsOf(cell), globalTheory()(5).applications, geometric(p ** 5));
  });
});
