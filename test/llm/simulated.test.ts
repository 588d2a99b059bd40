import fc from "fast-check";
import { countTokens as o200kCount } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { blocks } from "../../problems/blocks/problem.ts";
import {
  applyChanges,
  type Genome,
  type Instance,
  type ModelRequest,
  type PromptMode,
  readCompact,
  readTagged,
  words,
  writeCompact,
  writeTagged,
} from "../../src/core/index.ts";
import { simulated } from "../../src/llm/simulated.ts";
import { genomeOf } from "../core/fixtures.ts";
import { score } from "../score.ts";

const ask = (text: string, seed?: number, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", text }],
  ...(seed === undefined ? {} : { seed }),
  ...more,
});
/** Tokens of a text; what looks like a special token is text. */
const tokensOf = (text: string) => o200kCount(text, { disallowedSpecial: new Set() });

const modes = {
  compact: { write: writeCompact, read: readCompact },
  normal: { write: writeTagged, read: readTagged },
} as const satisfies Record<PromptMode, unknown>;

const prompt = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc
    .array(fc.constantFrom(...words, "\n", "  ", "\t", "<|endoftext|>", "é", "🧬"), { maxLength: 30 })
    .map((pieces) => pieces.join(" ")),
  fc
    .array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 4 })
    .map((texts) => writeTagged(genomeOf(...texts), [...texts.keys()])),
);
const seed = fc.nat({ max: 2 ** 31 - 1 });

describe("the simulated model", () => {
  it("gives the same answer to the same request, and another one to another seed", async () => {
    await fc.assert(
      fc.asyncProperty(prompt, seed, async (text, s) => {
        const [one, again] = [simulated(), simulated()];
        expect(await one.generate(ask(text, s))).toEqual(await again.generate(ask(text, s)));
        const answers = await Promise.all(
          [s, s + 1, s + 2].map((other) => one.generate(ask("a b c d e f", other))),
        );
        expect(new Set(answers.map((answer) => answer.text)).size).toBe(3);
      }),
      { seed: 1 },
    );
  });

  it("ignores the seed at temperature 0, where the prompt alone decides", async () => {
    const model = simulated({ malformedRate: 0.3 });
    const greedy = (text: string, s?: number) => model.generate(ask(text, s, { temperature: 0 }));
    await fc.assert(
      fc.asyncProperty(prompt, seed, seed, async (text, s, t) => {
        expect(await greedy(text, s)).toEqual(await greedy(text, t));
        expect(await greedy(text, s)).toEqual(await greedy(text));
      }),
      { seed: 2 },
    );
    const texts = await Promise.all(
      words.slice(0, 40).map(async (word) => (await greedy(`${word} b c d`)).text),
    );
    expect(new Set(texts).size).toBeGreaterThan(20); // other prompts, other answers, the empty malformed ones aside
  });

  it("answers with random words of the list in the shape of the text it was shown", async () => {
    const shape = (text: string) => text.replace(/\S+/g, "w");
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60 }), seed, async (text, s) => {
        fc.pre(!text.includes("<component"));
        const answer = await simulated().generate(ask(text, s));
        expect(shape(answer.text)).toBe(shape(text));
        for (const word of answer.text.match(/\S+/g) ?? []) expect(words).toContain(word);
      }),
      { seed: 3 },
    );
  });

  it("counts the tokens of its whole request and of its answer as the tokenizer does", async () => {
    await fc.assert(
      fc.asyncProperty(prompt, prompt, seed, async (system, text, s) => {
        const messages = [
          { role: "user", text: "first turn" },
          { role: "assistant", text: "second turn" },
          { role: "user", text },
        ] as const;
        const answer = await simulated().generate({ system, messages, seed: s });
        expect(answer.inputTokens).toBe(tokensOf(system) + 2 + 2 + tokensOf(text)); // "first turn": 2 tokens
        expect(answer.outputTokens).toBe(tokensOf(answer.text));
        expect(answer.stopReason).toBe("stop");
      }),
      { seed: 4 },
    );
  });

  it("draws each word of the list equally often", async () => {
    // Binomial counts: n = 64,000 draws, p = 1/256; 4.5 standard errors, since 256 counts are looked at.
    const counts = new Map<string, number>();
    for (let s = 0; s < 64; s++) {
      const { text } = await simulated().generate(ask("w ".repeat(1000), s));
      for (const word of text.trim().split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    expect(counts.size).toBe(256);
    const worst = Math.max(...[...counts.values()].map((count) => Math.abs(count - 250)));
    expect(worst).toBeLessThan(4.5 * Math.sqrt(64_000 * (1 / 256) * (255 / 256)));
  });
});

describe("the limits of a request", () => {
  it("cut the answer at maxTokens, and the stop reason says so", async () => {
    await fc.assert(
      fc.asyncProperty(prompt, seed, fc.nat({ max: 40 }), async (text, s, maxTokens) => {
        const whole = await simulated().generate(ask(text, s));
        const cut = await simulated().generate(ask(text, s, { maxTokens }));
        if (tokensOf(whole.text) <= maxTokens) {
          expect(cut).toEqual(whole);
        } else {
          expect(cut.stopReason).toBe("length");
          expect(cut.outputTokens).toBe(maxTokens);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
    const lines = "a b c d e f g\n".repeat(4);
    const whole = await simulated().generate(ask(lines, 7));
    const cut = await simulated().generate(ask(lines, 7, { maxTokens: 11 }));
    expect(whole.text.startsWith(cut.text)).toBe(true);
    expect(tokensOf(cut.text)).toBe(11);
  });

  it("cut an answer that repeats what looks like a special token, here in a component's name", async () => {
    const text = writeTagged([{ name: "<|endoftext|>", text: "one two three\n" }], [0]);
    const cut = await simulated().generate(ask(text, 1, { maxTokens: 12 }));
    expect(cut.text.startsWith('<component name="<|endoftext|>')).toBe(true);
    expect([cut.stopReason, cut.outputTokens, tokensOf(cut.text)]).toEqual(["length", 12, 12]);
  });

  it("end the answer before the first stop text that occurs in it", async () => {
    const whole = await simulated().generate(ask("a b c d\ne f g h\n", 7));
    const third = whole.text.split(/\s/)[2]!;
    const stopped = await simulated().generate(
      ask("a b c d\ne f g h\n", 7, { stop: ["\n", third, "absent"] }),
    );
    const text = whole.text.slice(0, whole.text.indexOf(third));
    expect(stopped).toEqual({ ...whole, text, outputTokens: tokensOf(text), stopReason: "stop" });
  });
});

describe.each(["compact", "normal"] as const)("in %s prompt mode", (mode) => {
  const { write, read } = modes[mode];
  const answers = async (malformedRate: number, genome: Genome, count: number) => {
    const model = simulated({ malformedRate });
    const indexes = [...genome.keys()];
    const text = write(genome, indexes);
    const proposals = [];
    for (let s = 0; s < count; s++)
      proposals.push(read((await model.generate(ask(text, s))).text, genome, indexes));
    return proposals;
  };

  it.each([1, 3])(
    "spoils its declared share of answers on %i blocks, and the reader rejects exactly those",
    async (k) => {
      // Binomial: n = 4000, p = 0.2; 4 standard errors.
      const genome = genomeOf(...new Array<string>(k).fill("one two three\n"));
      const proposals = await answers(0.2, genome, 4000);
      const bad = proposals.filter(({ status }) => status === "rejected").length;
      expect(Math.abs(bad - 800)).toBeLessThan(4 * Math.sqrt(4000 * 0.2 * 0.8));
      expect((await answers(0, genome, 200)).map(({ status }) => status)).toEqual(
        new Array(200).fill("proposed"),
      );
      expect((await answers(1, genome, 200)).map(({ status }) => status)).toEqual(
        new Array(200).fill("rejected"),
      );
    },
  );

  it.each([0.2, 0.5, 0.9])(
    "makes a fresh block correct with probability %d, whatever it was shown",
    async (p) => {
      // Independent draws: 4 standard errors of a binomial of n = 6000 draws of probability p. A second key
      // makes an instance whose tests know nothing of the first: both accept a block with probability p^2.
      const k = 20;
      const here = blocks({ successProbability: p }).instance({ size: k, seed: 1 });
      const elsewhere = blocks({ successProbability: p, instanceKey: "elsewhere" }).instance({
        size: k,
        seed: 1,
      });
      const right = (instance: Instance, genome: Genome) => {
        const evaluation = score(instance, genome);
        if (evaluation instanceof Promise || evaluation.status !== "ok") throw new Error("expected a score");
        const wrong = new Set(evaluation.improvable);
        return [...genome.keys()].filter((index) => !wrong.has(index));
      };
      const indexes = Array.from({ length: k }, (_, index) => index);
      const model = simulated();
      const counts = { fresh: 0, both: 0, afterRight: 0, wasRight: 0 };
      let genome: Genome = here.components;
      const draws = 300;
      for (let s = 0; s < draws; s++) {
        const before = new Set(right(here, genome));
        const proposal = read((await model.generate(ask(write(genome, indexes), s))).text, genome, indexes);
        if (proposal.status === "rejected") throw new Error(proposal.reason);
        genome = applyChanges(genome, proposal.changes);
        const now = right(here, genome);
        const there = new Set(right(elsewhere, genome));
        counts.fresh += now.length;
        counts.both += now.filter((index) => there.has(index)).length;
        counts.wasRight += before.size;
        counts.afterRight += now.filter((index) => before.has(index)).length;
      }
      const expectShare = (count: number, n: number, share: number) =>
        expect(Math.abs(count - n * share)).toBeLessThan(4 * Math.sqrt(n * share * (1 - share)));
      expectShare(counts.fresh, draws * k, p);
      expectShare(counts.both, draws * k, p * p);
      expectShare(counts.afterRight, counts.wasRight, p);
    },
  );
});

describe("the simulated latency", () => {
  it("is the constant part, plus a part for each token read and each token written", async () => {
    // Each part alone makes the call last at least 30 ms: 10 tokens are read, as many written.
    const text = "a b c d e f g h i\n";
    for (const latency of [{ perCallMs: 30 }, { perInputTokenMs: 3 }, { perOutputTokenMs: 3 }]) {
      const started = performance.now();
      const answer = await simulated({ latency }).generate(ask(text, 1));
      expect([answer.inputTokens, answer.outputTokens]).toEqual([10, 10]);
      expect(performance.now() - started).toBeGreaterThan(28.9); // a timer may fire up to 1 ms early
    }
  });

  it("ends at once when the signal is aborted during it, and before it when aborted already", async () => {
    const controller = new AbortController();
    const model = simulated({ latency: { perCallMs: 3_600_000 } });
    const pending = model.generate(ask("a", 1, { signal: controller.signal }));
    setImmediate(() => controller.abort());
    await expect(pending).rejects.toMatchObject({ name: "AbortError" });
    const reason = new Error("stopped by a test");
    await expect(simulated().generate(ask("a", 1, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
  });
});

describe("a simulated model of few words", () => {
  /** The blocks that are correct in at least one of many answers. */
  const solvedBy = async (vocabulary: number, instance: Instance, answers: number) => {
    const model = simulated({ vocabulary });
    const indexes = [...instance.components.keys()];
    const text = writeCompact(instance.components, indexes);
    const solved = new Set<number>();
    for (let s = 0; s < answers; s++) {
      const proposal = readCompact((await model.generate(ask(text, s))).text, instance.components, indexes);
      if (proposal.status === "rejected") throw new Error(proposal.reason);
      for (const index of right(instance, applyChanges(instance.components, proposal.changes)))
        solved.add(index);
    }
    return solved;
  };
  const right = (instance: Instance, genome: Genome) => {
    const evaluation = score(instance, genome);
    if (evaluation instanceof Promise || evaluation.status !== "ok") throw new Error("expected a score");
    const wrong = new Set(evaluation.improvable);
    return [...genome.keys()].filter((index) => !wrong.has(index));
  };

  it("writes with the first words of the list, each equally often", async () => {
    // Multinomial counts: n = 8000 draws, p = 1/8, 4 standard errors.
    const counts = new Map<string, number>();
    const { text } = await simulated({ vocabulary: 8 }).generate(ask("w ".repeat(8000), 1));
    for (const word of text.trim().split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
    expect(new Set(counts.keys())).toEqual(new Set(words.slice(0, 8)));
    for (const count of counts.values())
      expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt((8000 * 7) / 64));
  });

  it("solves the blocks of which some text of its words is correct, and never any other", async () => {
    // Blocks of w = 2 words, p = 0.1. v = 4 words make 16 texts, at least one of which is correct for a share
    // of 1 - 0.9^16 = 0.81 of the blocks: 4 standard errors of a binomial of n = 400. Each of 300 answers is one
    // of the 16 texts, so that all are tried but for a chance of 16 (15/16)^300 = 6e-8 a block.
    const k = 400;
    const instance = blocks({ tokensPerBlock: 3, successProbability: 0.1 }).instance({ size: k, seed: 1 });
    const known = words.slice(0, 4);
    const solvable = new Set<number>();
    for (const text of known.flatMap((first) => known.map((second) => `${first} ${second}\n`))) {
      for (const index of right(
        instance,
        instance.components.map((component) => ({ ...component, text })),
      ))
        solvable.add(index);
    }
    const share = 1 - 0.9 ** 16;
    expect(Math.abs(solvable.size - k * share)).toBeLessThan(4 * Math.sqrt(k * share * (1 - share)));
    expect(await solvedBy(4, instance, 300)).toEqual(solvable);
    const byMore = await solvedBy(12, instance, 300); // 144 texts
    expect(byMore.size).toBeGreaterThan(solvable.size);
  });

  it("knows at least one word and at most all, and says how many it was given", () => {
    expect(simulated({ vocabulary: 256 }).parameters).toEqual({ vocabulary: 256, malformedRate: 0 });
    expect(() => simulated({ vocabulary: 0 })).toThrow(
      "simulated: vocabulary must be a whole number of at least 1, got 0",
    );
    expect(() => simulated({ vocabulary: 257 })).toThrow(
      "simulated: vocabulary must be a number from 1 to 256, got 257",
    );
  });

  it("answers as one that knows all words when it is given all", async () => {
    const request = ask("a b c d e f g\n", 5);
    expect(await simulated({ vocabulary: 256 }).generate(request)).toEqual(
      await simulated().generate(request),
    );
  });
});

describe("the options of the simulated model", () => {
  it("say what it is, and are checked", () => {
    const { generate: _generate, ...model } = simulated({ name: "tiny", size: 0.5 });
    expect(model).toEqual({
      name: "tiny",
      provider: "simulated",
      size: 0.5,
      isDeterministic: true,
      parameters: { malformedRate: 0 },
    });
    expect(() => simulated({ size: 0 })).toThrow("simulated: size must be a number from");
    expect(() => simulated({ malformedRate: 1.1 })).toThrow(
      "simulated: malformedRate must be a number from 0 to 1, got 1.1",
    );
    expect(() => simulated({ temperature: 1 } as never)).toThrow(
      "simulated: option 'temperature' is unknown",
    );
  });
});
