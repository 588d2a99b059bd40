import { describe, expect, it } from "vitest";
import {
  applyChanges,
  type Genome,
  type Model,
  readCompact,
  readTagged,
  writeCompact,
  writeTagged,
} from "../../src/core/index.ts";
import { simulatedChooser } from "../../src/llm/simulated-chooser.ts";
import { simulatedProgrammer } from "../../src/llm/simulated-programmer.ts";

const loaders = ["csv_reader", "json_reader", "xml_reader", "parquet_reader", "sql_reader"];
const steps = ["normalize", "standardize", "minmax", "scale", "none"];

/** The texts that components become, one genome for each seed from 0. */
async function answers(about: string, genome: Genome, count: number, model: Model): Promise<Genome[]> {
  const indexes = [...genome.keys()];
  const text = `${about}\n\n${writeTagged(genome, indexes)}`;
  const genomes: Genome[] = [];
  for (let seed = 0; seed < count; seed++) {
    const answer = await model.generate({ messages: [{ role: "user", text }], seed });
    const proposal = readTagged(answer.text, genome, indexes);
    if (proposal.status === "rejected") throw new Error(proposal.reason);
    genomes.push(applyChanges(genome, proposal.changes));
  }
  return genomes;
}

/** Pearson's chi-square of counts against equal shares. */
function chiSquare(texts: readonly string[], options: readonly string[]): number {
  const expected = texts.length / options.length;
  expect(new Set(texts)).toEqual(new Set(options));
  const squares = options.map((option) => (texts.filter((text) => text === option).length - expected) ** 2);
  return squares.reduce((sum, square) => sum + square, 0) / expected;
}
/** The value that chi-square with 3 degrees of freedom exceeds with probability 1e-4. */
const worst = 21.1;

describe.each([
  ["simulated chooser", simulatedChooser()],
  ["simulated programmer", simulatedProgrammer()],
  // A single word is no code: neither edits nor slips reach it.
  ["simulated programmer with wild options", simulatedProgrammer({ edits: 20, errorRate: 1 })],
])("an option of a list in the prompt, to the %s", (_, model) => {
  it("becomes each of the other options equally often", async () => {
    const genome = [{ name: "loader", text: "json_reader\n" }];
    const about = `Four modules.\n\nWhat the component must do: one of: ${loaders.join(", ")}`;
    const texts = (await answers(about, genome, 8000, model)).map(([component]) => component!.text);
    expect(
      chiSquare(texts, ["csv_reader\n", "xml_reader\n", "parquet_reader\n", "sql_reader\n"]),
    ).toBeLessThan(worst);
  });

  it("may have spaces and points, in a list that a sentence ends", async () => {
    const texts = await answers("It is one of: a b, c, 1.5, d.", [{ name: "x", text: "  c" }], 4000, model);
    expect(
      chiSquare(
        texts.map(([component]) => component!.text),
        ["  a b", "  1.5", "  d"],
      ),
    ).toBeLessThan(18.4); // 2 degrees
  });

  it("is drawn anew and independently beside others, each from the list that its name heads", async () => {
    const genome = [
      { name: "first", text: "none\n" },
      { name: "second", text: "none\n" },
    ];
    const about = `Choose.\n- first: one of: none, x, y\n- second: one of: none, z, w`;
    const pairs = (await answers(about, genome, 8000, model)).map((both) =>
      both.map(({ text }) => text).join(""),
    );
    expect(chiSquare(pairs, ["x\nz\n", "x\nw\n", "y\nz\n", "y\nw\n"])).toBeLessThan(worst);
  });

  it("keeps its quotes, and knows lists of quoted texts", async () => {
    const texts = await answers(
      `loader: ['${loaders.join("', '")}']`,
      [{ name: "c", text: "'xml_reader'" }],
      300,
      model,
    );
    expect(new Set(texts.map(([component]) => component!.text))).toEqual(
      new Set(loaders.filter((loader) => loader !== "xml_reader").map((loader) => `'${loader}'`)),
    );
  });

  it("stays what it is where the list has no other option", async () => {
    const [genome] = await answers("one of: a", [{ name: "c", text: "a\n" }], 1, model);
    expect(genome![0]!.text).toBe("a\n");
  });

  it("takes four tries in the mean where one of five is right and the present one is wrong", async () => {
    // 4 modules: the sum of 4 geometric numbers with p = 1/4, mean 16, variance 4 (1 - p) / p^2 = 48; 300
    // runs, 4 standard errors.
    const about = `What the component must do: one of: ${steps.join(", ")}`;
    let tries = 0;
    let seed = 0;
    const runs = 300;
    for (let solved = 0; solved < 4 * runs; solved++) {
      for (let text = "none\n"; text !== "scale\n"; tries++) {
        const prompt = `${about}\n\n${writeTagged([{ name: "m", text }], [0])}`;
        const answer = await model.generate({ messages: [{ role: "user", text: prompt }], seed: seed++ });
        const proposal = readTagged(answer.text, [{ name: "m", text }], [0]);
        if (proposal.status === "rejected") throw new Error(proposal.reason);
        text = proposal.changes.get(0)!;
      }
    }
    expect(Math.abs(tries / runs - 16)).toBeLessThan(4 * Math.sqrt(48 / runs));
  });
});

describe("a literal in code", () => {
  it("mostly becomes another option of its list, and a key stays", async () => {
    // Else half of the edits draw from the 11 other literals of the prompt, of which 4 are in the list.
    // Binomial: n = 3000 edits of the one literal that is no key; 4 standard errors.
    const share = 0.9 + 0.1 * 0.5 * (4 / 11);
    const about = `- loader: ['${loaders.join("', '")}']\n- step: ['${steps.join("', '")}']`;
    const line = "    'loader': 'csv_reader',  # Try 'others'\n";
    const one = simulatedProgrammer({ edits: 1, errorRate: 0 });
    const texts = (await answers(about, [{ name: "line", text: line }], 3000, one)).map(([c]) => c!.text);
    const listed = texts.filter((text) =>
      loaders.some((loader) => text === line.replace("csv_reader", loader)),
    );
    for (const text of texts) expect(text).toMatch(/^ {4}'loader': '[^']*', {2}# Try 'others'\n$/);
    expect(Math.abs(listed.length - 3000 * share)).toBeLessThan(4 * Math.sqrt(3000 * share * (1 - share)));
  });
});

describe("the simulated chooser where no list holds what a component is", () => {
  const model = simulatedChooser();

  it("swaps each word for another one that the components shown have, and keeps white space", async () => {
    const genome = ["red\n", "  green  blue\n"].map((text, index) => ({ name: `c${index}`, text }));
    const others = await answers("Not one of: yellow, black", genome, 200, model);
    const texts = others.map(([one, two]) => one!.text + two!.text);
    const expected = ["green", "blue"].flatMap((a) =>
      ["red", "blue"].flatMap((b) => ["red", "green"].map((c) => `${a}\n  ${b}  ${c}\n`)),
    );
    expect(new Set(texts)).toEqual(new Set(expected));
  });

  it("keeps to the lines of a prompt without tags, and a lone word stays", async () => {
    const genome = loaders.map((text) => ({ name: text, text }));
    const indexes = [...genome.keys()];
    for (let seed = 0; seed < 50; seed++) {
      const request = { messages: [{ role: "user", text: writeCompact(genome, indexes) }], seed } as const;
      const proposal = readCompact((await model.generate(request)).text, genome, indexes);
      if (proposal.status === "rejected") throw new Error(proposal.reason);
      for (const [index, text] of proposal.changes) {
        expect(loaders.filter((_, other) => other !== index)).toContain(text);
      }
    }
    const alone = await model.generate({ messages: [{ role: "user", text: "csv_reader\n" }], seed: 1 });
    expect(alone.text).toBe("csv_reader\n");
  });

  it("answers by the prompt alone at temperature 0, and spoils its declared share", async () => {
    // Binomial: n = 2000, p = 0.2; 4 standard errors.
    const genome = [{ name: "c", text: "b\n" }];
    const text = `one of: a, b, c\n\n${writeTagged(genome, [0])}`;
    const messages = [{ role: "user", text }] as const;
    const greedy = (seed: number) => model.generate({ messages, seed, temperature: 0 });
    expect(await greedy(1)).toEqual(await greedy(2));
    const spoilt = simulatedChooser({ malformedRate: 0.2 });
    let rejected = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const answer = await spoilt.generate({ messages, seed });
      if (readTagged(answer.text, genome, [0]).status === "rejected") rejected++;
    }
    expect(Math.abs(rejected - 400)).toBeLessThan(4 * Math.sqrt(2000 * 0.2 * 0.8));
  });

  it("says what it is, and checks its options", () => {
    const { generate: _generate, ...rest } = simulatedChooser({ size: 3 });
    expect(rest).toEqual({
      name: "simulated-chooser",
      provider: "simulated",
      size: 3,
      isDeterministic: true,
      parameters: { malformedRate: 0 },
    });
    expect(() => simulatedChooser({ memory: "none" } as never)).toThrow(
      "simulated-chooser: option 'memory' is unknown",
    );
  });
});
