import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BlocksOptions, blocks } from "../../problems/blocks/problem.ts";
import { applyChanges, type Genome, words } from "../../src/core/index.ts";
import { countTokens } from "../../src/llm/tokenizer.ts";
import { score } from "../score.ts";

const make = (size: number, options: BlocksOptions = {}, seed = 1) =>
  blocks(options).instance({ size, seed });

/** The score of a genome; the blocks problem is synchronous and never fails. */
function scoreNow(instance: ReturnType<typeof make>, genome: Genome) {
  const evaluation = score(instance, genome);
  if (evaluation instanceof Promise || evaluation.status !== "ok") throw new Error("expected a score");
  return evaluation;
}

const line = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 10 })
  .map((all) => `${all.join(" ")}\n`);
const key = fc.string({ maxLength: 5 });
const probability = fc.double({ min: 0.05, max: 0.95, noNaN: true });

describe("blocks that start wrong", () => {
  it("are wrong every one, for any k, l, p and key, and all can improve", () => {
    const setting = fc.record({
      tokensPerBlock: fc.integer({ min: 3, max: 20 }),
      successProbability: probability,
      instanceKey: key,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), setting, (k, options) => {
        const instance = make(k, options);
        const improvable = Array.from({ length: k }, (_, index) => index);
        expect(scoreNow(instance, instance.components)).toEqual({ status: "ok", fitness: 0, improvable });
        expect(instance.target).toBe(k);
      }),
      { seed: 1 },
    );
  });

  it("are l tokens each, and k l tokens together, so that the cost formulae hold", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 3, max: 20 }), (k, l) => {
        const texts = make(k, { tokensPerBlock: l }).components.map(({ text }) => text);
        expect(texts.map(countTokens)).toEqual(new Array(k).fill(l));
        expect(countTokens(texts.join(""))).toBe(k * l);
      }),
      { seed: 2 },
    );
  });

  it("have distinct names in order, and say to the model what is wanted of them", () => {
    const { components, statement } = make(3, { tokensPerBlock: 5 });
    expect(components.map(({ text: _text, ...rest }) => rest)).toEqual(
      [1, 2, 3].map((n) => ({
        name: `block-${n}`,
        spec: "a line of 4 words that a hidden test accepts",
        kind: "block",
      })),
    );
    expect(statement).toMatch(/3 blocks, each a line of 4 English words/);
  });
});

describe("blocks that start fresh", () => {
  it.each([0.2, 0.5, 0.9])("are each correct with probability %d", (p) => {
    // Binomial: n = 6000 blocks of instances with other keys; 4 standard errors.
    let correct = 0;
    for (let instanceKey = 0; instanceKey < 100; instanceKey++) {
      const instance = make(60, { start: "fresh", successProbability: p, instanceKey: `${instanceKey}` });
      correct += scoreNow(instance, instance.components).fitness;
    }
    expect(Math.abs(correct - 6000 * p)).toBeLessThan(4 * Math.sqrt(6000 * p * (1 - p)));
  });
});

describe("the score of a solution", () => {
  it("is the number of correct blocks, and names exactly the others as improvable", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (texts) => {
        const instance = make(texts.length);
        const genome = applyChanges(instance.components, new Map(texts.map((text, index) => [index, text])));
        // One block at a time on the wrong start: alone it scores 1 when correct, else 0.
        const alone = texts.map(
          (text, index) =>
            scoreNow(instance, applyChanges(instance.components, new Map([[index, text]]))).fitness,
        );
        const improvable = [...alone.keys()].filter((index) => alone[index] === 0);
        expect(scoreNow(instance, genome)).toEqual({
          status: "ok",
          fitness: texts.length - improvable.length,
          improvable,
        });
      }),
      { seed: 3 },
    );
  });

  it("depends on the texts alone: not on names, on shared components, on what was scored before, or on the seed", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.nat(), (texts, seed) => {
        const used = make(texts.length, {}, 1);
        const genome = applyChanges(used.components, new Map(texts.map((text, index) => [index, text])));
        expect(scoreNow(used, used.components).fitness).toBeGreaterThanOrEqual(0); // now they are known
        const first = scoreNow(used, genome);
        expect(scoreNow(used, genome)).toEqual(first);
        const unused = make(texts.length, {}, seed);
        expect(
          scoreNow(
            unused,
            texts.map((text) => ({ name: "other", text, spec: "other" })),
          ),
        ).toEqual(first);
      }),
      { seed: 4 },
    );
  });

  it("tests each block by its place: the same component may be right in one place and wrong in another", () => {
    const instance = make(200);
    const component = instance.components[0]!;
    const { fitness, improvable } = scoreNow(instance, new Array(200).fill(component));
    // Binomial: n = 199 fresh places (it is wrong in its own), p = 1/2; 4 standard errors.
    expect(improvable).toContain(0);
    expect(Math.abs(fitness - 199 / 2)).toBeLessThan(4 * Math.sqrt(199 / 4));
  });
});

describe("the key of an instance", () => {
  it("decides everything: same key same instance, other key other texts and other tests", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        fc.pre(a !== b);
        const [one, again, other] = [a, a, b].map((instanceKey) => make(20, { instanceKey }));
        expect(again!.components).toEqual(one!.components);
        expect(other!.components).not.toEqual(one!.components);
        // 20 blocks wrong under one key are all wrong under an unrelated one with probability 2^-20 each time.
        expect(scoreNow(other!, one!.components).fitness).toBeGreaterThan(0);
        expect(scoreNow(again!, one!.components).fitness).toBe(0);
      }),
      { seed: 5 },
    );
  });
});

describe("the blocks of the default instance", () => {
  it("are these, whatever else changes: stores and documents quote them", () => {
    const { components, statement } = make(3);
    expect(components.map(({ text }) => text)).toEqual([
      "test final contact stand always every contact\n",
      "main data these work open little object\n",
      "year rest year message kind name custom\n",
    ]);
    expect(statement).toBe(
      "A solution has 3 blocks, each a line of 7 English words. A hidden test accepts or refuses each block, " +
        "whatever the others are. Find a line for every block that its test accepts.",
    );
    const accepted = words.slice(0, 12).map((word) => {
      const genome = applyChanges(components, new Map([0, 1, 2].map((index) => [index, `${word}\n`])));
      return scoreNow(make(3), genome).fitness;
    });
    expect(accepted).toEqual([2, 2, 2, 1, 1, 1, 2, 1, 0, 2, 2, 2]);
  });
});

describe("the options of blocks", () => {
  it("are kept as parameters, with their defaults", () => {
    expect(blocks().parameters).toEqual({
      ...{ tokensPerBlock: 8, successProbability: 0.5, instanceKey: "allele", start: "wrong" },
    });
  });

  it("leave the components independent", () => {
    expect(blocks().structure).toBe("Components independent");
  });

  it("are checked", () => {
    expect(() => blocks({ tokensPerBlock: 2 })).toThrow(
      "blocks: tokensPerBlock must be a whole number of at least 3, got 2",
    );
    expect(() => blocks({ successProbability: 0 })).toThrow(
      "blocks: successProbability must be a number from",
    );
    expect(() => blocks({ start: "right" } as never)).toThrow(
      'blocks: start must be "wrong" or "fresh", got right',
    );
    expect(() => blocks({ p: 1 } as never)).toThrow("blocks: option 'p' is unknown");
    expect(() => make(0)).toThrow("blocks: size must be a whole number of at least 1, got 0");
  });
});
