import { describe, expect, it } from "vitest";
import { globalDiff } from "../../operators/global-diff.ts";
import {
  answerFormats,
  type Genome,
  type Model,
  type ModelRequest,
  type ModelResponse,
  readTagged,
  words,
  writeTagged,
} from "../../src/core/index.ts";
import { simulated } from "../../src/llm/simulated.ts";
import { simulatedProgrammer } from "../../src/llm/simulated-programmer.ts";
import { countTokens } from "../../src/llm/tokenizer.ts";
import { contextOf, evaluated, genomeOf } from "../core/fixtures.ts";
import { samples } from "./programmer/samples.ts";

/** Four standard errors of a binomial count. */
const nearly = (count: number, n: number, p: number) =>
  expect(Math.abs(count - n * p)).toBeLessThan(4 * Math.sqrt(n * p * (1 - p)));

/** What global-diff makes of the model's answer to one seed, and the answer. */
async function diff(model: Model, genome: Genome, seed: number) {
  const answers: ModelResponse[] = [];
  const seeded: Model = {
    ...model,
    async generate(request) {
      const answer = await model.generate({ ...request, seed });
      answers.push(answer);
      return answer;
    },
  };
  const parents = [evaluated({ status: "ok", fitness: 0 }, genome)] as const;
  const proposal = await globalDiff().propose(contextOf(seeded, { parents }));
  return { proposal, answer: answers[0]! };
}

const code: Genome = Object.entries(samples).map(([name, text]) => ({ name, text }));

describe("simulated models that are asked for blocks", () => {
  it("rewrite a component at random, each as likely, and with probability 1/4 one more", async () => {
    const genome = genomeOf("one two\n", "three four\n", "five six\n", "seven eight\n");
    const changed = [0, 0, 0, 0];
    let more = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const { proposal, answer } = await diff(simulated(), genome, seed);
      if (proposal.status !== "proposed") throw new Error(answer.text);
      const [first] = answer.text.split("\n", 2).slice(1);
      changed[genome.findIndex(({ text }) => text.trim() === first)]!++;
      if (proposal.changes.size > 1) more++;
      for (const text of proposal.changes.values()) {
        expect(text).toMatch(/^\w+ \w+\n$/);
        for (const word of text.trim().split(" ")) expect(words).toContain(word);
      }
      expect(answer.outputTokens).toBe(countTokens(answer.text));
    }
    for (const count of changed) nearly(count, 2000, 1 / 4);
    nearly(more, 2000, 1 / 4);
  });

  it("show the lines that change and no more than make them unique", async () => {
    for (let seed = 0; seed < 200; seed++) {
      const { proposal, answer } = await diff(simulatedProgrammer({ edits: 1, errorRate: 0 }), code, seed);
      if (proposal.status !== "proposed") {
        // Now and then an edit changes nothing.
        expect(proposal).toEqual({ status: "rejected", reason: "the answer's blocks change nothing" });
        continue;
      }
      for (const [index, text] of proposal.changes) {
        const before = new Set(code[index]!.text.split("\n"));
        // One edit changes one line; a line that moves or comes again is not fresh.
        expect(text.split("\n").filter((line) => !before.has(line)).length).toBeLessThanOrEqual(1);
      }
      const blocks = answer.text.split("SEARCH").length - 1;
      expect(blocks).toBe(proposal.changes.size);
    }
    const { answer } = await diff(simulatedProgrammer({ edits: 1, errorRate: 0 }), code, 1);
    const [longest] = [...code].sort((a, b) => b.text.length - a.text.length);
    expect(answer.text.length).toBeLessThan(longest!.text.length);
  });

  it("name the component whose lines others have, too, and fill the one that is empty", async () => {
    const twins = genomeOf("same same\n", "same same\n", "");
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { proposal, answer } = await diff(simulated(), twins, seed);
      if (proposal.status !== "proposed") throw new Error(`${proposal.status}: ${answer.text}`);
      for (const index of proposal.changes.keys()) seen.add(index);
    }
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });

  it("write the markers that the prompt asks for", async () => {
    const conflict = genomeOf("mine\n=======\nyours\n");
    const { proposal, answer } = await diff(simulated(), conflict, 1);
    expect(proposal.status).toBe("proposed");
    expect(answer.text).toContain("<<<<<<<< SEARCH\nmine\n=======\nyours\n========\n");
  });

  it.each([
    ["simulated", simulated],
    ["simulated-programmer", simulatedProgrammer],
  ] as const)(
    "spoil their declared share of answers, and the reader rejects exactly those: %s",
    async (_, make) => {
      const genome = _ === "simulated" ? genomeOf("one two three\n", "four five six\n") : code;
      const rejections = async (malformedRate: number, count: number) => {
        const reasons: string[] = [];
        for (let seed = 0; seed < count; seed++) {
          const { proposal } = await diff(make({ malformedRate }), genome, seed);
          if (proposal.status === "rejected") reasons.push(proposal.reason);
        }
        return reasons.filter((reason) => reason !== "the answer's blocks change nothing");
      };
      expect(await rejections(0, 100)).toEqual([]);
      const all = await rejections(1, 100);
      expect(all.length).toBe(100);
      const kinds = all.map(
        (reason) => /empty|no component|not in component|lacks its line/.exec(reason)?.[0],
      );
      for (const kind of ["empty", "no component", "lacks its line"]) expect(kinds).toContain(kind);
      expect(kinds).not.toContain(undefined);
      nearly((await rejections(0.2, 600)).length, 600, 0.2);
    },
  );

  it("answer at temperature 0 by the prompt alone, and end at their limits", async () => {
    const system = "Answer with SEARCH/REPLACE blocks:\n<<<<<<< SEARCH\nx";
    const messages = [{ role: "user", text: writeTagged(code, [0, 1]) }] as const;
    const ask = (more: Partial<ModelRequest>) =>
      simulatedProgrammer().generate({ system, messages, ...more });
    expect(await ask({ temperature: 0, seed: 1 })).toEqual(await ask({ temperature: 0, seed: 2 }));
    const cut = await ask({ seed: 1, maxTokens: 6 });
    expect([cut.stopReason, cut.outputTokens]).toEqual(["length", 6]);
  });
});

/** Texts that a model gives for components, by seed. */
async function rewritten(model: Model, genome: Genome, about: string, seed: number) {
  const indexes = [...genome.keys()];
  const text = `${about}\n\n${writeTagged(genome, indexes).replaceAll(">\n\n</", ">\n</")}`;
  const system = `Write.\n${answerFormats.several}`;
  const answer = await model.generate({ system, messages: [{ role: "user", text }], seed });
  const proposal = readTagged(answer.text, genome, indexes);
  if (proposal.status === "rejected") throw new Error(proposal.reason);
  return indexes.map((index) => proposal.changes.get(index)!);
}

describe("simulated models that are shown empty components", () => {
  const empty = genomeOf("", "\n", "x y\n");
  const wordsOf = async (about: string, seed = 1) =>
    (await rewritten(simulated(), empty, about, seed)).map((text) => text.trim().split(/\s+/).length);

  it("write a line of as many words as its spec says, else as any says, else 8", async () => {
    expect(await wordsOf("What each component must do: a line of 3 words that rhyme")).toEqual([3, 3, 2]);
    expect(await wordsOf("What they must do:\n- b: a line of 5 words\n- a: a line of 1 word")).toEqual([
      1, 5, 2,
    ]);
    expect(await wordsOf("A solution has 2 blocks, each a line of 7 English words.")).toEqual([7, 7, 2]);
    expect(await wordsOf("Write something.")).toEqual([8, 8, 2]);
  });

  it("write random words of the list, others for another seed", async () => {
    const [one] = await rewritten(simulated(), empty, "", 1);
    const [other] = await rewritten(simulated(), empty, "", 2);
    expect(one).not.toBe(other);
    for (const word of one!.trim().split(" ")) expect(words).toContain(word);
  });

  it("are left empty by a programmer, which has nothing to edit", async () => {
    const [a, b] = await rewritten(simulatedProgrammer(), empty, "Write code.", 1);
    expect([a, b]).toEqual(["", "\n"]);
  });
});

describe("simulated models that are shown a second solution", () => {
  const genome = genomeOf("one 1\n", "two 2\n", "three 3\n");
  const others = (names: readonly string[]) =>
    names.map((name) => `<other name="${name}">\nother ${name}\n</other>`).join("\n");

  it("give one of the two texts of a component, each as often, independently of the others", async () => {
    const about = `The other solution:\n${others(["b", "c", "a"])}`;
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++) {
      const texts = await rewritten(simulated(), genome, about, seed);
      const key = texts.map((text, index) => (text === genome[index]!.text ? "1" : "2")).join("");
      for (const [index, text] of texts.entries()) {
        expect([genome[index]!.text, `other ${genome[index]!.name}\n`]).toContain(text);
      }
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(8);
    for (const count of counts.values()) nearly(count, 2000, 1 / 8);
  });

  it("rewrite as usual what the other solution does not have", async () => {
    for (const model of [simulated(), simulatedProgrammer({ errorRate: 0 })]) {
      let same = 0;
      for (let seed = 0; seed < 50; seed++) {
        const [a, b, c] = await rewritten(model, genome, others(["b"]), seed);
        expect(["two 2\n", "other b\n"]).toContain(b);
        if (a === "one 1\n") same++;
        if (c === "three 3\n") same++;
      }
      // Of 100; some edits of a line so short change nothing.
      expect(same).toBeLessThan(40);
    }
  });

  it("rewrite the declared share of what they took", async () => {
    const model = simulated({ rewriteRate: 0.3 });
    let fresh = 0;
    for (let seed = 0; seed < 500; seed++) {
      const texts = await rewritten(model, genome, others(["a", "b", "c"]), seed);
      for (const [index, text] of texts.entries()) {
        if (text !== genome[index]!.text && !text.startsWith("other")) fresh++;
      }
    }
    nearly(fresh, 1500, 0.3);
    expect(model.parameters).toEqual({ malformedRate: 0, rewriteRate: 0.3 });
    expect(() => simulated({ rewriteRate: 2 })).toThrow(
      "simulated: rewriteRate must be a number from 0 to 1, got 2",
    );
  });

  it("do not keep to the format in the declared share", async () => {
    const model = simulated({ malformedRate: 1 });
    await expect(rewritten(model, genome, others(["a", "b", "c"]), 1)).rejects.toThrow("the answer");
  });
});

describe("simulated models that are asked for a note", () => {
  const ask = (model: Model, more: Partial<ModelRequest> = {}) =>
    model.generate({
      system: "You advise.\nWrite a note of at most 1000 characters.",
      messages: [{ role: "user", text: "Tried: swap(a, b) helped; cache failed." }],
      ...more,
    });

  it("write a few words: of the list, or of the prompt", async () => {
    const note = await ask(simulated(), { seed: 1 });
    expect(note.text.split(" ").length).toBe(16);
    for (const word of note.text.split(" ")) expect(words).toContain(word);
    const other = await ask(simulatedProgrammer(), { seed: 1 });
    for (const word of other.text.split(" "))
      expect(["Tried", "swap", "helped", "cache", "failed"]).toContain(word);
    expect((await ask(simulated(), { seed: 2 })).text).not.toBe(note.text);
  });

  it("keep within their tokens, and count them", async () => {
    for (const model of [simulated(), simulatedProgrammer()]) {
      for (const maxTokens of [0, 7, 100]) {
        const note = await ask(model, { seed: 3, maxTokens });
        expect(note.outputTokens).toBe(countTokens(note.text));
        expect(note.outputTokens).toBeLessThanOrEqual(maxTokens);
        expect([note.stopReason, note.text === ""]).toEqual(["stop", maxTokens === 0]);
      }
    }
  });

  it("write nothing in the declared share, and know few words where they have few", async () => {
    expect((await ask(simulated({ malformedRate: 1 }), { seed: 1 })).text).toBe("");
    const note = await ask(simulated({ vocabulary: 1 }), { seed: 1 });
    expect(new Set(note.text.split(" "))).toEqual(new Set([words[0]]));
  });
});
