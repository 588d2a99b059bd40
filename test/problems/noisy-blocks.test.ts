import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { blocks } from "../../problems/blocks/problem.ts";
import { globalTheory } from "../../problems/blocks/theory.ts";
import { type NoisyBlocksOptions, noisyBlocks } from "../../problems/noisy-blocks/problem.ts";
import { applyChanges } from "../../src/core/index.ts";
import { genomeWith, line } from "./blocks/lines.ts";
import { applicationsOf, expectMean, geometric, runsOf, scoreOf } from "./blocks/measure.ts";

const make = (size: number, options: NoisyBlocksOptions = {}, seed = 1) =>
  noisyBlocks(options).instance({ size, seed });
const texts = fc.array(line, { minLength: 1, maxLength: 8 });

/** The noise of 2,000 solutions, in standard deviations. */
function errorsOf(noise: number): readonly number[] {
  const instance = make(10, { noise });
  return Array.from({ length: 2000 }, (_, trial) => {
    const genome = applyChanges(instance.components, new Map([[trial % 10, `text ${trial}\n`]]));
    const { fitness, metrics } = scoreOf(instance, genome);
    return (fitness - metrics!.right!) / noise;
  });
}

describe("noisy-blocks", () => {
  it("without noise is the blocks problem: same blocks, same scores, same target", () => {
    fc.assert(
      fc.property(texts, fc.nat(3), (all, repeat) => {
        const request = { size: all.length, seed: 1 };
        const plain = blocks().instance(request);
        const genome = applyChanges(plain.components, new Map(all.map((text, index) => [index, text])));
        const { fitness, improvable } = scoreOf(plain, genome);
        const metrics = { right: fitness };
        const told = make(all.length, { noise: 0, tellWhich: true });
        expect(told.components).toEqual(plain.components);
        expect(told.target).toBe(plain.target);
        expect(scoreOf(told, genome, repeat)).toEqual({ status: "ok", fitness, improvable, metrics });
        const mute = make(all.length, { noise: 0 });
        expect(scoreOf(mute, genome, repeat)).toEqual({ status: "ok", fitness, metrics });
      }),
      { seed: 1 },
    );
  });

  it("adds noise of mean 0 and the standard deviation asked for, with the tails of a normal law", () => {
    const errors = errorsOf(0.7);
    expectMean(errors, 0, 1);
    const squares = errors.map((error) => error ** 2);
    expectMean(squares, 1, 2); // fourth moment 3
    for (const [bound, share] of [
      [1, 0.3173],
      [2, 0.0455],
    ] as const) {
      const beyond = errors.map((error) => (Math.abs(error) > bound ? 1 : 0));
      expectMean(beyond, share, share * (1 - share));
    }
    expect(errorsOf(3)).toEqual(errors.map((error) => expect.closeTo(error, 9)));
  });

  it("gives the same solution the same score, and another one for another text, repeat, seed or key", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(9), fc.nat(99), (k, repeat, seed) => {
        const instance = make(k, {}, seed);
        const genome = instance.components;
        const { fitness } = scoreOf(instance, genome, repeat);
        const copies = genome.map((component) => ({ ...component, name: "other" }));
        expect(scoreOf(instance, genome, repeat).fitness).toBe(fitness);
        expect(scoreOf(make(k, {}, seed), copies, repeat).fitness).toBe(fitness);
        const changed = applyChanges(genome, new Map([[k - 1, `other\n`]]));
        const others = [
          scoreOf(instance, changed, repeat),
          scoreOf(instance, genome, repeat + 1),
          scoreOf(make(k, {}, seed + 1), genome, repeat),
          scoreOf(make(k, { instanceKey: "other" }, seed), genome, repeat),
        ];
        for (const other of others) expect(other.fitness).not.toBe(fitness);
      }),
      { seed: 2 },
    );
  });

  it("has a target that no luck but only a correct solution reaches, which it then has exactly", () => {
    const noise = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        noise,
        fc.nat(9),
        (isRight, noise, repeat) => {
          const instance = make(isRight.length, { noise });
          const { fitness, metrics } = scoreOf(instance, genomeWith(isRight), repeat);
          expect(metrics).toEqual({ right: isRight.filter(Boolean).length });
          if (isRight.every(Boolean)) expect(fitness).toBe(instance.target);
          else expect(fitness).toBeLessThan(instance.target);
          expect(Number.isInteger(instance.target)).toBe(true);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  it("keeps its options as parameters, passes repeats on, and checks", () => {
    expect(noisyBlocks({ repeats: 5 }).parameters).toEqual({
      ...{ tokensPerBlock: 8, successProbability: 0.5, instanceKey: "allele", start: "wrong" },
      ...{ noise: 1, repeats: 5, tellWhich: false },
    });
    expect(make(3, { repeats: 5 }).repeats).toBe(5);
    expect(noisyBlocks().structure).toBe("Components independent, noisy scores");
    expect(() => noisyBlocks({ noise: -1 })).toThrow("noisy-blocks: noise must be a number from 0 to 1000");
    expect(() => noisyBlocks({ repeats: 0 })).toThrow("noisy-blocks: repeats must be a whole number");
    expect(() => noisyBlocks({ tellWhich: 0 } as never)).toThrow(
      "noisy-blocks: tellWhich must be true or false",
    );
  });
});

describe("runs of the engine on noisy-blocks", () => {
  it("without noise go as on the blocks problem, candidate by candidate", async () => {
    const [noisy, plain] = await Promise.all(
      [noisyBlocks({ noise: 0, tellWhich: true }), blocks()].map(async (problem) => {
        const operator = localRewrite({ schedule: "sequential" });
        const same = { ...problem, name: "same" };
        const all = await runsOf({ problem: same, size: 6, operator, seeds: 3 });
        return all.map(({ candidates }) =>
          candidates.map(({ status, candidate, evaluation }) => {
            if (evaluation?.status !== "ok") throw new Error("expected a score");
            return { status, candidate, fitness: evaluation.fitness, improvable: evaluation.improvable };
          }),
        );
      }),
    );
    expect(noisy).toEqual(plain);
  });

  it("take p^-k for the whole, whatever the noise, and end with a solution that is correct", async () => {
    for (const [noise, repeats] of [
      [0.5, 3],
      [5, 1],
    ] as const) {
      const problem = noisyBlocks({ noise, repeats });
      const cell = { problem, size: 4, operator: globalRewrite(), seeds: 60 };
      expectMean(await applicationsOf(cell), globalTheory()(4).applications, geometric(0.5 ** 4));
      const runs = await runsOf({ ...cell, seeds: 5 });
      for (const { candidates } of runs) {
        const last = candidates.at(-1)?.evaluation;
        expect(last).toMatchObject({ fitness: 4 + Math.ceil(8 * noise), metrics: { right: 4 } });
        expect(last?.status === "ok" && last.repeats).toEqual(
          repeats === 1 ? undefined : { count: 3, standardError: 0 },
        );
      }
    }
  });
});
