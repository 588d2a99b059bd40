import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Component,
  type ModelRequest,
  readCompact,
  readTagged,
  writeCompact,
  writeTagged,
} from "../../src/core/index.ts";
import { codeTokens } from "../../src/llm/programmer/code-tokens.ts";
import { simulatedProgrammer } from "../../src/llm/simulated-programmer.ts";
import { countTokens } from "../../src/llm/tokenizer.ts";
import { samples } from "./programmer/samples.ts";

const ask = (text: string, seed?: number, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", text }],
  ...(seed === undefined ? {} : { seed }),
  ...more,
});
const model = simulatedProgrammer();
/** Exactly one edit, and no slip. */
const careful = simulatedProgrammer({ edits: 1, errorRate: 0 });

/** What a text becomes, for each seed from 0. */
async function rewrites(text: string, count: number, asked = model, about = ""): Promise<string[]> {
  const genome: Component[] = [{ name: "f", text }];
  const prompt = `${about}\n\n${writeTagged(genome, [0])}`;
  const texts: string[] = [];
  for (let seed = 0; seed < count; seed++) {
    const answer = await asked.generate(ask(prompt, seed));
    const proposal = readTagged(answer.text, genome, [0]);
    if (proposal.status === "rejected") throw new Error(proposal.reason);
    texts.push(proposal.changes.get(0)!);
  }
  return texts;
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const token of codeTokens(text)) {
    if (token.kind !== "mark") continue;
    if ("([{".includes(token.text)) open.push(token.text);
    else if (")]}".includes(token.text) && open.pop() !== "([{"[")]}".indexOf(token.text)]) return false;
  }
  return open.length === 0;
}

const code = fc.constantFrom(...Object.values(samples));
const seed = fc.nat({ max: 2 ** 31 - 1 });

describe("the simulated programmer", () => {
  it("gives the same answer to the same request; at temperature 0 the prompt alone decides", async () => {
    await fc.assert(
      fc.asyncProperty(code, seed, seed, async (text, s, t) => {
        const prompt = writeTagged([{ name: "f", text }], [0]);
        expect(await model.generate(ask(prompt, s))).toEqual(
          await simulatedProgrammer().generate(ask(prompt, s)),
        );
        expect(await model.generate(ask(prompt, s, { temperature: 0 }))).toEqual(
          await model.generate(ask(prompt, t, { temperature: 0 })),
        );
      }),
      { seed: 1, numRuns: 50 },
    );
    expect(new Set(await rewrites(samples.javascript, 100)).size).toBeGreaterThan(60);
  });

  it("answers each component that it is shown, under its name, with most of its code as it was", async () => {
    const genome = Object.entries(samples).map(([name, text]) => ({ name: `a "${name}"`, text }));
    const indexes = [...genome.keys()];
    for (let s = 0; s < 100; s++) {
      const answer = await careful.generate(ask(`Mend it.\n\n${writeTagged(genome, indexes)}`, s));
      const proposal = readTagged(answer.text, genome, indexes);
      if (proposal.status === "rejected") throw new Error(proposal.reason);
      for (const [index, text] of proposal.changes) {
        const before = new Set(genome[index]!.text.split("\n"));
        const fresh = text.split("\n").filter((line) => !before.has(line));
        expect(fresh.length).toBeLessThanOrEqual(1); // one edit changes one line
      }
      expect(answer.inputTokens).toBe(countTokens(`Mend it.\n\n${writeTagged(genome, indexes)}`));
      expect(answer.outputTokens).toBe(countTokens(answer.text));
    }
  });

  it("changes the code in nearly all answers", async () => {
    // An edit can undo another one, or move equal lines: measured, 0.4 to 2 % of answers change nothing.
    for (const text of Object.values(samples)) {
      const same = (await rewrites(text, 500)).filter((rewrite) => rewrite === text);
      expect(same.length).toBeLessThan(25);
    }
  });

  it("makes one edit and then a geometric number of more, 1.5 in the mean", async () => {
    // A line of 500 booleans: each edit flips one, and 2 edits seldom meet. 1 + geometric, p = 2/3: variance
    // (1 - p) / p^2 = 0.75; n = 3000; 4 standard errors.
    const line = `${"true ".repeat(500)}\n`;
    const flips = (await rewrites(line, 3000, simulatedProgrammer({ errorRate: 0 }))).map(
      (text) => text.split("false").length - 1,
    );
    const mean = flips.reduce((sum, count) => sum + count, 0) / flips.length;
    expect(Math.abs(mean - 1.5)).toBeLessThan(4 * Math.sqrt(0.75 / 3000));
  });

  it("draws kinds of edits by their weights and the square roots of their sites", async () => {
    // `x < 1 < 1`: 2 operators (weight 6), 2 numbers (7), and 1 name to which a step can be added (4).
    const texts = await rewrites("x < 1 < 1", 6000, careful);
    const operator = texts.filter((text) => /^x (?:<=?|>=?) 1 (?:<=?|>=?) 1$/.test(text)).length;
    const step = texts.filter((text) => /^x [+-] 1 < 1 < 1$/.test(text)).length;
    const number = texts.filter((text) => /^x < \S+ < \S+$/.test(text) && text !== "x < 1 < 1").length;
    const total = 6 * Math.SQRT2 + 7 * Math.SQRT2 + 4;
    const expectShare = (count: number, share: number) =>
      expect(Math.abs(count - 6000 * share)).toBeLessThan(4 * Math.sqrt(6000 * share * (1 - share)));
    expectShare(operator, (6 * Math.SQRT2) / total);
    expectShare(step, 4 / total);
    expectShare(number, (7 * Math.SQRT2) / total);
    expect(operator + step + number).toBe(6000);
  });

  it("takes no entries of an object for a list of options", async () => {
    const about = `- loader: ['csv', 'json', 'xml']\n\nFeedback: {'loader': 'json', 'step': 'norm', 'form': 'xml'}`;
    const texts = await rewrites("'loader': 'json',\n", 300, careful, about);
    const count = (value: string) => texts.filter((text) => text.includes(`: '${value}'`)).length;
    // Nine tenths of the edits of a listed literal go to the other two options alike.
    expect(count("csv") + count("xml")).toBeGreaterThan(150);
    expect(count("step")).toBeLessThan(10);
  });

  it("leaves comments, documentation and blank lines as they are", async () => {
    const comments = {
      javascript: ["/** Index of the wanted item, or -1. */"],
      python: ['    """Keep each value\'s size in [low, high]."""', "    # it isn't hard: 'min' and 'max'"],
      c: ["#include <stdio.h>"],
    };
    for (const [language, lines] of Object.entries(comments)) {
      const text = `${samples[language as keyof typeof comments]}\n\n# the end 1\n`;
      for (const rewrite of await rewrites(text, 400, simulatedProgrammer({ edits: 5, errorRate: 0 }))) {
        const kept = rewrite.split("\n").filter((line) => lines.includes(line));
        expect(kept).toEqual(lines);
        expect(rewrite.endsWith("\n\n\n# the end 1\n")).toBe(true);
      }
    }
  });

  it("keeps brackets balanced, but for its declared share of slips", async () => {
    for (const text of Object.values(samples)) {
      expect(isBalanced(text)).toBe(true);
      const share = async (errorRate: number, count: number) => {
        const texts = await rewrites(text, count, simulatedProgrammer({ edits: 3, errorRate }));
        return texts.filter((rewrite) => !isBalanced(rewrite)).length;
      };
      expect(await share(0, 300)).toBe(0);
      if (text === samples.typescript) continue; // its regular expression can hide a lost bracket from isBalanced
      expect(await share(1, 100)).toBe(100);
      // Binomial: n = 600, p = 0.3; 4 standard errors.
      expect(Math.abs((await share(0.3, 600)) - 180)).toBeLessThan(4 * Math.sqrt(600 * 0.3 * 0.7));
    }
  });

  it("returns text without anything to edit as it came", async () => {
    for (const text of ["", "\n", "# only a comment\n", "    }\n", "word"]) {
      expect(new Set(await rewrites(text, 20, careful))).toEqual(new Set([text]));
    }
  });

  it("rewrites the whole of a prompt without tags, and keeps its number of lines", async () => {
    const genome = Object.entries(samples).map(([name, text]) => ({ name, text }));
    const indexes = [...genome.keys()];
    const many = simulatedProgrammer({ edits: 20 });
    for (let s = 0; s < 100; s++) {
      const answer = await many.generate(ask(writeCompact(genome, indexes), s));
      expect(readCompact(answer.text, genome, indexes).status).toBe("proposed");
      expect(answer.text).not.toBe(writeCompact(genome, indexes));
    }
  });
});

const largest = `function largest(values) {
  let best = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] > best) best = values[i];
  }
  return best;
}
`;
const clamp = `function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}
`;
const lastIndex = `function lastIndexWhere(items, test) {
  for (let i = items.length - 1; i >= 0; i--) {
    if (test(items[i]) && !items[i].isHidden) return i;
  }
  return -1;
}
`;
const gcd = `def gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a
`;

describe("a bug of one token in a function of about 40 tokens", () => {
  it.each([
    ["another comparison", largest, "> best", "< best"],
    ["a wrong boundary", largest, "i < values", "i <= values"],
    ["another operator", gcd, "a % b", "a / b"],
    ["a lost step", lastIndex, "length - 1;", "length;"],
    ["a step too many", largest, "values[i] >", "values[i + 1] >"],
    ["a wrong constant", largest, "i = 1", "i = 2"],
    ["a constant that the spec tells", largest, "i = 1", "i = 77"],
    ["a wrong name", largest, "return best", "return values"],
    ["another wrong name", gcd, "return a", "return b"],
    ["min in place of max", clamp, "Math.max", "Math.min"],
    ["a negated condition", lastIndex, "if (test(", "if (!test("],
    ["a lost negation", lastIndex, "&& !items", "&& items"],
    ["or in place of and", lastIndex, "&&", "||"],
    ["a wrong direction", lastIndex, "i--", "i++"],
  ])("is mended by at least one answer in 150: %s", async (_, good, right, wrong) => {
    // The bound holds unless a binomial of n = 3000 falls 3 standard errors below its mean of 20; measured
    // rates are 1/10 to 1/120.
    const bad = good.replace(right, wrong);
    expect(bad).not.toBe(good);
    const about =
      "The functions are mended one by one; begin at 1.\nSignatures:\nrange(start, end), isPrime(n)";
    const mended = (await rewrites(bad, 3000, model, about)).filter((text) => text === good);
    expect(mended.length).toBeGreaterThan(20 - 3 * Math.sqrt(20));
  });
});

describe("the answers of the simulated programmer", () => {
  it("are cut at maxTokens and at stop texts, and a call ends with its signal", async () => {
    const prompt = writeTagged([{ name: "f", text: samples.javascript }], [0]);
    const whole = await model.generate(ask(prompt, 3));
    const cut = await model.generate(ask(prompt, 3, { maxTokens: 30 }));
    expect([cut.stopReason, cut.outputTokens]).toEqual(["length", 30]);
    expect(whole.text.startsWith(cut.text)).toBe(true);
    const stopped = await model.generate(ask(prompt, 3, { stop: ["while"] }));
    expect(stopped.text).toBe(whole.text.slice(0, whole.text.indexOf("while")));
    const reason = new Error("stopped by a test");
    await expect(model.generate(ask(prompt, 3, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });

  it("do not keep to the format in the declared share", async () => {
    // Binomial: n = 2000, p = 0.2; 4 standard errors.
    const genome = [{ name: "f", text: samples.c }];
    const spoilt = simulatedProgrammer({ malformedRate: 0.2 });
    let rejected = 0;
    for (let s = 0; s < 2000; s++) {
      const { text } = await spoilt.generate(ask(writeTagged(genome, [0]), s));
      if (readTagged(text, genome, [0]).status === "rejected") rejected++;
    }
    expect(Math.abs(rejected - 400)).toBeLessThan(4 * Math.sqrt(2000 * 0.2 * 0.8));
  });
});

describe("the options of the simulated programmer", () => {
  it("say what it is, and are checked", () => {
    const { generate: _generate, ...rest } = simulatedProgrammer({ size: 2, latency: { perCallMs: 1 } });
    expect(rest).toEqual({
      name: "simulated-programmer",
      provider: "simulated",
      size: 2,
      isDeterministic: true,
      parameters: { edits: 1.5, errorRate: 0.02, malformedRate: 0, perCallMs: 1 },
    });
    expect(() => simulatedProgrammer({ edits: 0.5 })).toThrow(
      "simulated-programmer: edits must be a number from 1 to 100, got 0.5",
    );
    expect(() => simulatedProgrammer({ errorRate: 2 })).toThrow(
      "errorRate must be a number from 0 to 1, got 2",
    );
    expect(() => simulatedProgrammer({ weights: 1 } as never)).toThrow(
      "simulated-programmer: option 'weights' is unknown",
    );
  });
});
