/** What reaches a terminal: no line wider than it, no control of anybody but us. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { compareStrategies } from "../../src/analysis/index.ts";
import { chart } from "../../src/cli/chart.ts";
import { comparisonText } from "../../src/cli/comparison-text.ts";
import { list } from "../../src/cli/list.ts";
import { ProgressLine } from "../../src/cli/progress.ts";
import { harmless, number, shellWord, table, wrap } from "../../src/cli/text.ts";
import type { CampaignProgress } from "../../src/index.ts";
import { global, simulateRuns, toEight } from "../analysis/simulate.ts";
import { allele, temporaryFolder } from "./allele.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Lets `paint` believe, for the rest of a test, that standard output is a terminal with colours. */
function withColours(): void {
  const { isTTY, hasColors } = process.stdout;
  Object.assign(process.stdout, { isTTY: true, hasColors: () => true });
  onTestFinished(() => void Object.assign(process.stdout, { isTTY, hasColors }));
  vi.stubEnv("FORCE_COLOR", "1"); // the rest is for styleText, which looks for itself
  vi.stubEnv("NO_COLOR", undefined);
}

const steer = (name: string) => `${name}\u001b[31m\u009b2J\u202e\u200e\u200f\u061c\r\b\u0007`;
const shown = "\\u001b[31m\\u009b2J\\u202e\\u200e\\u200f\\u061c\\u000d\\u0008\\u0007";

describe("text for a terminal", () => {
  it("shows what could steer it as visible escapes", () => {
    expect(harmless(steer("a"))).toBe(`a${shown}`);
    expect(table([[steer("a"), "b\nc\td"]])).toBe(`a${shown}  b\\nc\\td`);
    expect(wrap(steer("a"), "  ")).toBe(`  a${shown}`);
    const series = { name: steer("a"), points: [{ size: 1, value: 2 }], curve: [] };
    expect(chart([series], { width: 80, height: 5 })).not.toMatch(steering);
  });

  it("keeps our own colours, and escapes those of others inside them", () => {
    withColours();
    expect(wrap([{ text: "\u001b[32mbold words", style: "bold" }, " and plain"], "  ")).toBe(
      "  \u001b[1m\\u001b[32mbold words\u001b[22m and plain",
    );
    expect(table([["a"], ["b\u001b[0m"]])).toBe("\u001b[2ma\u001b[22m\nb\\u001b[0m");
  });

  it("wraps styled text at its visible width, with a hanging indent, and cuts what has no space", () => {
    const words = [{ text: "aaaa bbbb", style: "bold" } as const, "bb cccc\u00a0dddd ", "e".repeat(25)];
    const lines = ["  aaaa bbbbbb", "    cccc dddd", `    ${"e".repeat(16)}`, `    ${"e".repeat(9)}`];
    expect(wrap(words, "  ", { hanging: "    ", width: 20 })).toBe(lines.join("\n"));
    withColours();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours
    const bare = wrap(words, "  ", { hanging: "    ", width: 20 }).replace(/\u001b\[\d+m/g, "");
    expect(bare).toBe(lines.join("\n"));
  });

  it("dims the heading of a table, and no plugin of a list", () => {
    withColours();
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
    list({});
    expect(printed.join("\n")).toContain("\u001b[1mproblems\u001b[22m");
    expect(printed.join("\n")).not.toContain("\u001b[2m");
  });

  it("writes numbers in one style", () => {
    const texts = [0, 12, 1.987, 14.82, 133.4, 1263.2, 9999, 12345, 2.5e6, 3e9, 0.0123, 1e-6];
    expect(texts.map(number)).toEqual([
      ...["0", "12", "1.99", "14.8", "133", "1,263", "9,999", "12.3k", "2.50M", "3.00G", "0.0123"],
      "1.0e-6",
    ]);
    expect([number(undefined), number(Number.NaN)]).toEqual(["-", "-"]);
  });

  it("quotes words for a shell where they need it", () => {
    expect(["a/b-1.sqlite", "a b", "it's", "-x", "$HOME"].map(shellWord)).toEqual([
      ...["a/b-1.sqlite", "'a b'", "'it'\\''s'", "./-x", "'$HOME'"],
    ]);
  });
});

/** Standard error as far as ProgressLine knows it; fails every write when nobody reads. */
function stream(isRead: boolean) {
  const written: string[] = [];
  const writable = new Writable({
    decodeStrings: false,
    autoDestroy: false,
    write(text: string, _encoding, done) {
      written.push(text);
      done(isRead ? null : Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  return { written, stderr: Object.assign(writable, { isTTY: true, columns: 300 }) as never };
}

const news: CampaignProgress = {
  ...{ kind: "candidate", strategy: steer("s"), size: 1, seed: 1, runsDone: 0, runsPlanned: 2 },
  ...{ applications: 3, primitiveCost: 4, usd: 0, remainingMs: undefined, result: undefined },
  run: { applications: 3, bestFitness: 0 },
};

describe("the progress line", () => {
  it("lets no name steer the terminal", () => {
    const { written, stderr } = stream(true);
    new ProgressLine(stderr).update(news);
    expect(written).toHaveLength(1);
    expect(written[0]?.startsWith("\r\u001b[2K0/2 runs")).toBe(true);
    expect(written[0]?.slice(5)).not.toMatch(steering);
    expect(written[0]).toContain(shown);
  });

  it("stops when nobody reads it", async () => {
    const { written, stderr } = stream(false);
    const progress = new ProgressLine(stderr);
    progress.update(news);
    await new Promise(setImmediate);
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000); // long enough to draw again
    progress.update(news);
    progress.end();
    expect(written).toHaveLength(1);
  });
});

/** A campaign script with the given names. */
function script(names: { campaign: string; strategies: readonly string[]; other: string; fails?: boolean }) {
  const folder = temporaryFolder();
  const path = join(folder, "campaign.ts");
  const { campaign, strategies, other, fails = false } = names;
  const text = `import { blocks, defineCampaign, defineOperator, localRewrite, ModelError, rejected, simulated } from "allele";
    const name = ${JSON.stringify(other)};
    const inner = simulated({ malformedRate: 0.2 });
    const model = { ...inner, name, price: { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 1 },
      async generate(request) { if (${fails}) throw new ModelError(name); return inner.generate(request); } };
    const rewrite = localRewrite();
    const operator = defineOperator({ ...rewrite, name,
      async propose(task) { return task.rng() < 0.1 ? rejected(name) : rewrite.propose(task); } });
    const problem = { ...blocks({ tokensPerBlock: 4 }), name };
    export default defineCampaign({ name: ${JSON.stringify(campaign)}, problem, models: { mutator: model },
      strategies: Object.fromEntries(${JSON.stringify(strategies)}.map((one) => [one, { operators: [operator],
        theory: (size) => ({ applications: 20 * size, primitiveCost: 500 * size }) }])),
      sizes: [1, 2, 3, 4, 6, 8], seeds: 6 });`;
  writeFileSync(path, text);
  return { path, store: join(folder, "s.sqlite") };
}

describe("a campaign whose names hold escape sequences", () => {
  it("cannot steer the terminal through any command", async () => {
    const names = { campaign: steer("c"), strategies: [steer("a"), steer("b")], other: steer("o") };
    const { path, store } = script(names);
    const outcomes = [await allele(["run", path, "--store", store])];
    expect(outcomes[0]).toMatchObject({ code: 0 });
    expect(outcomes[0]?.stdout).toContain(`Campaign 1 'c${shown}' on`);
    for (const args of [
      ["run", path, "--dry-run"],
      ["compare", store, "--describe"],
      ["show", store],
      ["show", store, "1"],
      ["sql", store, `SELECT name AS "${steer("column")}" FROM model`],
    ]) {
      outcomes.push(await allele(args));
      expect([args, outcomes.at(-1)?.code]).toEqual([args, 0]);
    }
    outcomes.push(await allele(["sql", store, `SELECT * FROM "${steer("t")}"`]));
    outcomes.push(await allele([steer("fly")]), await allele(["compare", steer("missing")]));
    for (const { stdout, stderr } of outcomes) {
      expect(stdout).not.toMatch(steering);
      expect(stderr).not.toMatch(steering);
    }
  });

  it("cannot steer it through the error of a model", async () => {
    const { path, store } = script({ campaign: "c", strategies: ["a"], other: steer("o"), fails: true });
    const { code, stdout, stderr } = await allele(["run", path, "--store", store]);
    expect(code).toBe(1);
    expect(stderr).toContain("allele: campaign 'c' stopped: run a k=1 seed 1:");
    expect(stderr).toContain(`failed: o${shown}`);
    expect(stderr).not.toMatch(steering);
    expect(stdout).not.toMatch(steering);
    expect((await allele(["show", store])).stdout).not.toMatch(steering);
  });
});

describe("the line on growth", () => {
  it.each([
    [
      5,
      "inconclusive",
      /inconclusive on k in \[1, 8\]; best guess Θ\(b\^k\), b = \S+ \[\S+ \S+\] \(holds 2\^k\) also/,
    ],
    [60, "conclusive", /Θ\(b\^k\), b = \S+ \[\S+ \S+\] \(holds 2\^k\), on k in \[1, 8\]/],
  ])("has no comma to spare with %i seeds, which are %s", (seeds, verdict, line) => {
    const randomSeed = "comma";
    const runs = simulateRuns({
      ...{ strategy: "global", sampler: global, sizes: toEight, seeds: () => seeds, randomSeed },
    });
    const comparison = compareStrategies(runs, { costModel: "calls" });
    expect(comparison.strategies[0]?.growth).toMatchObject({ verdict, holds: ["2^k"] });
    expect(comparisonText(comparison, false).replace(/\s+/g, " ")).toMatch(line);
  });
});

describe("a page of 80 columns", () => {
  it("has no longer line under any cost model, however long the names", async () => {
    const strategies = ["one", "two", "three"].map(
      (one) => `a strategy called ${one} ${"with-a-long-name-".repeat(6)}`,
    );
    const { path, store } = script({
      campaign: "campaign ".repeat(12),
      strategies,
      other: "name-".repeat(20),
    });
    const pages = [await allele(["run", path, "--store", store])];
    expect(pages[0]).toMatchObject({ code: 0 });
    for (const cost of ["primitives", "linear", "calls", "usd"]) {
      pages.push(await allele(["compare", store, "--cost", cost, "--describe"]));
      pages.push(await allele(["compare", store, "--cost", cost, "--target", "2"]));
    }
    pages.push(await allele(["run", path, "--dry-run"]));
    for (const { stdout, code } of pages) {
      expect(code).toBe(0);
      const lines = stdout.split("\n").filter((line) => !/npx allele|^Store: |^Nothing was run/.test(line));
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });
});

describe("a reader of standard error that goes away", () => {
  it("does not end the campaign", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "campaign.ts");
    // The problem itself writes to standard error, until twice nobody was there to read it.
    writeFileSync(
      path,
      `import { blocks, defineCampaign, localRewrite, simulated } from "allele";
      let failures = 0;
      process.stderr.prependListener("error", () => { failures += 1; });
      const base = blocks();
      const problem = { ...base, name: "noisy", instance(request) {
        const instance = base.instance(request);
        return { ...instance, async evaluate(genome, signal) {
          while (failures < 2) {
            process.stderr.write("noise\\n");
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
          return instance.evaluate(genome, signal);
        } };
      } };
      export default defineCampaign({ name: "noisy", problem, models: { mutator: simulated() },
        strategies: { local: { operators: [localRewrite()] } }, sizes: [2], seeds: 3 });`,
    );
    const store = join(folder, "s.sqlite");
    const run = await allele(["run", path, "--store", store, "--json"], (child) => {
      child.stderr?.once("data", () => child.stderr?.destroy());
    });
    expect(run.code).toBe(0);
    const { campaign, comparison } = JSON.parse(run.stdout);
    expect(campaign.status).toBe("done");
    expect(comparison.strategies[0].sizes[0]).toMatchObject({ runs: 3, solved: 3 });
  });
});
