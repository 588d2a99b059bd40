/** What campaigns claim of their strategies beside what was measured, and what several workers would save. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { compare } from "../../src/cli/compare.ts";
import { loadCampaign } from "../../src/cli/load-campaign.ts";
import { run } from "../../src/cli/run.ts";
import { table1 } from "../../src/cli/table1.ts";
import {
  blocks,
  type CampaignDefinition,
  type Claim,
  Database,
  defineCampaign,
  describeCampaign,
  globalRewrite,
  localRewrite,
  openToRead,
  readClaims,
  simulated,
  UsageError,
} from "../../src/index.ts";
import { query } from "../store/tables.ts";
import { temporaryFolder } from "./allele.ts";

/** What a command prints in this process. */
async function printed(command: () => unknown): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text: string) => void lines.push(text));
  onTestFinished(() => log.mockRestore());
  await command();
  log.mockRestore();
  return lines.join("\n");
}

/**
 * A campaign whose runs all cost the same: every fresh line of 4 tokens is right, so that global rewriting costs one
 * call of 4 k tokens in and out, and local rewriting k calls of 4.
 */
function script(campaigns: string): { path: string; store: string } {
  const folder = temporaryFolder();
  const path = join(folder, "claims.ts");
  writeFileSync(
    path,
    `import { defineCampaign, defineOperator, defineProblem, globalRewrite, globalTheory, localRewrite, proposed,
      schedules, sequentialTheory, simulated } from "allele";
    const setting = { tokensPerBlock: 4, successProbability: 1 };
    const first = "water table apple\\n";
    const problem = defineProblem({
      name: "other-lines",
      instance: ({ size }) => ({
        components: Array.from({ length: size }, (_, i) => ({ name: "line-" + (i + 1), text: first })),
        statement: "Write other lines.",
        target: size,
        evaluate: (genome) => {
          const improvable = genome.flatMap(({ text }, i) => (text === first ? [i] : []));
          return { status: "ok", fitness: size - improvable.length, improvable };
        },
      }),
    });
    const shared = {
      problem, prompt: "compact", models: { mutator: simulated() }, sizes: [1, 2, 4, 8, 16, 32], seeds: 3,
      strategies: {
        whole: { operators: [globalRewrite()], theory: globalTheory(setting) },
        parts: { operators: [localRewrite({ schedule: "sequential" })], theory: sequentialTheory(setting) },
      },
    };
    ${campaigns}`,
  );
  return { path, store: join(folder, "s.sqlite") };
}

/** Def. 2.2: 4 k tokens in and out once, over 4 and 4 k times. */
const exactRatio = (k: number) => (16 * k * k + 2 * k * (4 * k - 1)) / (22 * k);

const three = `const claim = { optimistic: "whole", optimized: "parts" };
  export default [
    defineCampaign({ ...shared, name: "theory", claims: [{ ...claim, improvement: "k" }] }),
    defineCampaign({ ...shared, name: "own-ratio", sizes: [1, 2, 4, 8, 16], claims: [
      { ...claim, improvement: "k", paper: "k l", role: "mutator", ratio: (k) => k },
      { ...claim, improvement: "k^2" },
    ] }),
    defineCampaign({ ...shared, name: "silent", sizes: [2] }),
  ];`;

const one = `export default defineCampaign({ ...shared, name: "theory", claims: [
    { optimistic: "whole", optimized: "parts", improvement: "k" },
  ] });`;

describe("allele table1", () => {
  it("shows what a list of campaigns claims beside what was measured, as its run does", async () => {
    const { path, store } = script(three);
    const atEnd = await printed(() => run(path, { store }));
    expect(atEnd).toContain("Claims nothing, and is compared by 'allele compare': silent (--campaign 3)");
    const page = await printed(() => table1(store, { cost: "primitives" }));
    const [claims = "", parallel = ""] = page.split("\nEach call waited");
    expect(claims).toMatch(
      /^What the strategies claim to save, measured; cost in LLM primitives \(Def. 2.2\)\n/,
    );
    expect(atEnd).toContain(page.trim());
    expect(atEnd).toContain(`table1 ${store} --describe`);
    const lines = claims.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const tables = lines.map((line) => line.trim().split(/ {2,}/));
    expect(tables.filter(([first]) => first === "theory" || first === "own-ratio")).toEqual([
      ["theory", "whole", "parts", "k", "Θ(k)", "held"],
      ["own-ratio", "whole", "parts", "k l", "Θ(k)", "held"],
      ["own-ratio", "whole", "parts", "k^2", "Θ(k)", "not held"],
      ["theory", "1", ...["measured", "exact", "off", "worst off"].map(() => expect.any(String))],
    ]);
    expect(claims).toContain("(mutator)");
    expect(claims).toContain("here: what the claim comes to");
    expect(parallel.replace(/\s+/g, " ")).toBe(
      " for the one before (W = D), so that more workers would save nothing, in: theory, own-ratio, silent.",
    );

    const json = JSON.parse(await printed(() => table1(store, { cost: "primitives", json: true })));
    expect(json).toMatchObject({ store, costModel: "primitives" });
    const [theory, ownRatio] = json.claims;
    expect(theory).toMatchObject({
      campaign: { name: "theory", status: "done" },
      ...{ optimistic: "whole", optimized: "parts", improvement: "k", verdict: "held", reasons: [] },
      rows: [1, 2, 4, 8, 16, 32].map((size) => ({
        size,
        ratio: expect.closeTo(exactRatio(size), 9),
        exact: expect.closeTo(exactRatio(size), 5),
      })),
    });
    expect(Math.abs(theory.worst.deviation)).toBeLessThan(1e-6);
    expect(ownRatio).toMatchObject({ paper: "k l", role: "mutator", worst: { size: 16 } });
    expect(ownRatio.worst.deviation).toBeCloseTo(exactRatio(16) / 16 - 1, 6);
    expect(json.parallel).toEqual(
      [32, 16, 2].map((size) =>
        expect.objectContaining({ size, rows: [expect.anything(), expect.anything()] }),
      ),
    );

    // Of each name the newest campaign that is done counts; theory's ratios are those of primitives.
    await printed(() => run(path, { store, sizes: [1, 2] }));
    const again = await printed(() => table1(store, { cost: "calls", describe: true }));
    expect(again.replace(/\s+/g, " ")).toContain(
      "theory, whole over parts: open, because whole: 2 sizes have a solved run and at least 3 runs;",
    );
    expect(again).toContain("Claims and exact ratios are of LLM primitives");
    expect(again.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("prints the same as tables for a document, with every size if asked to", async () => {
    const { path, store } = script(one);
    await printed(() => run(path, { store, sizes: [2, 4, 8] }));
    const options = { cost: "primitives", markdown: true } as const;
    const text = await printed(() => table1(store, options));
    expect(text).toMatch(/^Made by `npx allele table1 \S+ --markdown`\.\n/);
    expect(text).toMatch(
      /\| theory \| whole \| parts \| k \| k = 2: 2\.09.* \(2\.09\) \| k = 4: .* \| open \|/,
    );
    expect(text).not.toContain("### theory: whole over parts");
    const all = await printed(() => table1(store, { ...options, describe: true }));
    expect(all).toContain("--describe --markdown`");
    expect(all).toMatch(
      /### theory: whole over parts\n\n\| k \| measured \[95 %\] \| exact \| off \|\n.*\n\| 2 \|/,
    );
    expect(() => table1(store, { ...options, json: true })).toThrow(UsageError);
  });

  it("says in one sentence that nothing is claimed, and still what workers would save", async () => {
    const { path, store } = script(
      `export default defineCampaign({ ...shared, name: "silent", sizes: [2] });`,
    );
    await printed(() => run(path, { store }));
    const page = (await printed(() => table1(store, { cost: "primitives" }))).replace(/\s+/g, " ");
    expect(page).toMatch(/^No campaign of this store makes a claim on its strategies; .* in: silent\.$/);
    expect(await printed(() => compare(store, { cost: "primitives" }))).not.toContain("W = D");
  });
});

describe("calls made side by side", () => {
  it("are a critical path of one of them, and a speed-up with several workers, in compare as well", async () => {
    // Four equal calls at once for each block: W / D is 4 exactly, and 1 where each waits for the one before.
    const { path, store } = script(`
      const asker = (name, isAtOnce) => defineOperator({
        name, scope: "local", roles: ["mutator"], schedule: schedules.sequential, isCompactable: true,
        async propose({ parents, component, models }) {
          const text = parents[0].candidate.genome[component].text;
          const ask = () => models.mutator.generate({ messages: [{ role: "user", text }], temperature: 0 });
          const answers = [];
          if (isAtOnce) answers.push(...await Promise.all([ask(), ask(), ask(), ask()]));
          else for (let i = 0; i < 4; i++) answers.push(await ask());
          return proposed(new Map([[component, answers[0].text]]));
        },
      });
      export default defineCampaign({ ...shared, name: "side by side", sizes: [2, 3], strategies: {
        "at-once": { operators: [asker("at-once", true)] },
        "in-turn": { operators: [asker("in-turn", false)] },
      } });`);
    await printed(() => run(path, { store }));
    const page = await printed(() => compare(store, { cost: "calls", parallel: true }));
    const rows = page
      .slice(page.indexOf("Parallel cost"))
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/));
    const work = query(store, "SELECT avg(primitive_cost) AS work FROM run_cost WHERE size = 3")[0]?.work;
    expect(work).toBe(12 * (4 * 4 + 6));
    expect(rows.slice(1, 5)).toEqual([
      ["W", "D", "W / D", "p = 2", "p = 4", "p = 8", "p = 16"],
      ["side by side, k = 3"],
      ["at-once", "264", "66.0", "4.00", "1.6-2.0", "2.3-4.0", "2.9-4.0", "3.4-4.0"],
      ["in-turn", "264", "264", "1", "1.0", "1.0", "1.0", "1.0"],
    ]);
    const { parallel } = JSON.parse(await printed(() => compare(store, { cost: "calls", json: true })));
    expect(parallel.rows[0]).toMatchObject({
      ...{ strategy: "at-once", work: expect.closeTo(264), criticalPath: expect.closeTo(66) },
      ...{ parallelism: expect.closeTo(4), speedUps: [{ workers: 2 }, {}, {}, {}] },
    });
  });
});

describe("the claims of a campaign", () => {
  const definition: CampaignDefinition = {
    ...{ name: "c", problem: blocks(), models: { mutator: simulated() }, sizes: [1, 2, 4], seeds: 1 },
    strategies: {
      global: { operators: [globalRewrite()], sizes: [1, 2] },
      local: { operators: [localRewrite()] },
    },
  };
  const claim: Claim = { optimistic: "global", optimized: "local", improvement: "2^k k" };
  const define = (one: unknown) => defineCampaign({ ...definition, claims: [one as Claim] });

  it("are refused with what was expected", () => {
    const wrong: readonly (readonly [object, string])[] = [
      [
        { ...claim, optimistic: "globl" },
        "claim 1: optimistic: strategy 'globl' is unknown; known: global, local",
      ],
      [{ ...claim, optimized: "global" }, "claim 1 compares 'global' with itself; expected two strategies"],
      [
        { ...claim, improvement: "k!" },
        "claim 1: improvement must be a growth class such as k, k^2, k log k, 2^k k",
      ],
      [{ ...claim, improvment: "k" }, "claim 1: option 'improvment' is unknown"],
      [{ ...claim, role: "devloper" }, "claim 1: role must be one of mutator, qa, developer"],
      [{ ...claim, role: "qa" }, "claim 1: strategy 'global' has no role qa; used are: mutator"],
      [{ ...claim, ratio: 4 }, "claim 1: ratio must be a function of the size, got 4"],
      [{ ...claim, paper: 4 }, 'claim 1: paper must be a text such as "b k^2", got 4'],
    ];
    for (const [given, message] of wrong) {
      expect(() => define(given)).toThrow(UsageError);
      expect(() => define(given)).toThrow(message);
    }
    expect(() => defineCampaign({ ...definition, claims: claim as never })).toThrow("claims must be a list");
    expect(() => describeCampaign(define({ ...claim, ratio: () => Number.NaN }))).toThrow(
      "claim 1: ratio(1) must be a number above 0, got NaN",
    );
  });

  it("are kept with the results, their exact ratios at the sizes that both strategies have", () => {
    const described = describeCampaign(define({ ...claim, ratio: (k: number) => 2 ** k * k }));
    const exact = [
      { size: 1, ratio: 2 },
      { size: 2, ratio: 8 },
    ];
    expect(described).toMatchObject({ claims: [{ ...claim, exact }] });
    expect(JSON.parse(JSON.stringify(described)).claims).toEqual([{ ...claim, exact }]);
    expect(describeCampaign(defineCampaign(definition))).not.toHaveProperty("claims");
  });

  it("are read from a store as far as they are claims: a file is anybody's", async () => {
    const { path, store } = script(one);
    await printed(() => run(path, { store, sizes: [1] }));
    const read = openToRead(store);
    onTestFinished(() => {
      read.close();
    });
    expect(readClaims(read, 1)).toEqual([
      {
        ...{ optimistic: "whole", optimized: "parts", improvement: "k", paper: undefined, role: undefined },
        exact: [{ size: 1, ratio: 1 }],
      },
    ]);
    const file = new Database(store);
    onTestFinished(() => {
      file.close();
    });
    const given = [
      { optimistic: 1 },
      null,
      "k",
      { ...claim, exact: [{ size: "x" }] },
      { ...claim, exact: 3 },
      claim,
    ];
    const set = file.prepare(
      "UPDATE campaign SET config = json_set(config, '$.claims', json(?)) WHERE id = 1",
    );
    set.run(JSON.stringify(given));
    expect(readClaims(read, 1)).toEqual([{ ...claim, paper: undefined, role: undefined, exact: [] }]);
    set.run(
      JSON.stringify([{ ...claim, exact: [{ size: 1, ratio: 2 }] }]).replace('"ratio":2', '"ratio":2e999'),
    );
    expect(readClaims(read, 1)).toEqual([]);
    set.run('"k"');
    expect(readClaims(read, 1)).toEqual([]);
  });
});

describe("runs/table-1.ts", () => {
  it("holds the three rows of the paper's table as claims, and what errors cost", async () => {
    const list = await loadCampaign("runs/table-1.ts");
    if (!("map" in list)) throw new Error("expected a list");
    const claims = list.flatMap(({ name, claims: all }) =>
      all.map(({ improvement, paper = improvement }) => `${name}: ${paper}`),
    );
    expect(claims).toContain("global-vs-local: 2^k k");
    expect(list.map(({ name }) => name)).toEqual([
      ...["routing", "debugging-b2", "debugging-b4", "debugging-b8", "debugging-k32", "global-vs-local"],
      ...["voting", "hanoi", "parallel-queries", "parallel-votes"],
    ]);
  });
});
