/** Lists of campaigns, and the short form of a comparison: rankings. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { compareStrategies } from "../../src/analysis/index.ts";
import { compare } from "../../src/cli/compare.ts";
import { comparisonText } from "../../src/cli/comparison-text.ts";
import { loadCampaign } from "../../src/cli/load-campaign.ts";
import { overrideList } from "../../src/cli/overrides.ts";
import { rankingMarkdown } from "../../src/cli/ranking-page.ts";
import { ecdfRows, roundBudgets } from "../../src/cli/ranking-text.ts";
import { run } from "../../src/cli/run.ts";
import { namedTable } from "../../src/cli/text.ts";
import { blocks, defineCampaign, localRewrite, simulated, UsageError } from "../../src/index.ts";
import { Database } from "../../src/store/index.ts";
import { runRow } from "../analysis/simulate.ts";
import { query } from "../store/tables.ts";
import { allele, temporaryFolder } from "./allele.ts";

/** A script of two campaigns; the model of the second one is paid, so that it can be replayed. */
function list(seeds = 4): { path: string; store: string } {
  const folder = temporaryFolder();
  const path = join(folder, "bench.ts");
  writeFileSync(
    path,
    `import { blocks, defineCampaign, globalRewrite, localRewrite, simulated } from "allele";
    const paid = { ...simulated(), name: "paid", isDeterministic: false };
    const local = { operators: [localRewrite({ schedule: "sequential" })] };
    const shared = { problem: blocks({ tokensPerBlock: 4 }), seeds: ${seeds} };
    export default [
      defineCampaign({ ...shared, name: "first", models: { mutator: simulated() }, sizes: [1, 4],
        strategies: { local, "global|rewrite": { operators: [globalRewrite()] } } }),
      defineCampaign({ ...shared, name: "second", models: { mutator: paid }, sizes: [2], strategies: { local } }),
    ];`,
  );
  return { path, store: join(folder, "s.sqlite") };
}

/** What a command prints in this process. */
async function printed(command: () => unknown): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text: string) => void lines.push(text));
  await command();
  log.mockRestore();
  return lines.join("\n");
}

describe("allele run with a list of campaigns", () => {
  it("carries them out into one store and prints their rankings, which compare and replay repeat", async () => {
    const { path, store } = list(10);
    const outcome = await allele(["run", path, "--store", store]);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr.split("\n").filter((line) => line.startsWith("Campaign"))).toEqual([
      "Campaign 1 of 2: 'first' on problem 'blocks'",
      "Campaign 2 of 2: 'second' on problem 'blocks'",
    ]);
    const rankings = outcome.stdout.slice(0, outcome.stdout.indexOf("\nStore: "));
    expect(rankings).toContain("Ranking at k = 4, cost in LLM primitives");
    expect(rankings).toContain(
      "Components independent: only local was run, so there is nothing to compare it\n  with:",
    );
    expect(rankings).not.toContain("Separation");
    const again = await allele(["compare", store, "--ranking"]);
    expect(again).toEqual({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/^Problem 'blocks', campaign 1/),
    });
    expect(again.stdout.trim()).toBe(rankings.trim());
    expect(again.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);

    // The problem's structure comes from the store; a campaign of a name that is there already takes its place.
    await allele(["run", path, "--store", store, "--seeds", "3", "--json"]);
    const copy = join(temporaryFolder(), "copy.sqlite");
    const replayed = ["run", path, "--store", copy, "--replay", store, "--seeds", "3"];
    const replay = await allele(replayed);
    expect(replay.code).toBe(0);
    for (const id of [3, 4])
      expect(replay.stderr).toContain(`every row equals that of campaign ${id} of ${store}`);
    await expect(run(path, { store: copy, replay: store, replayCampaign: 1 })).rejects.toThrow(
      "--replay-campaign is for a script of one campaign; those of a list are found by their names",
    );

    const edit = new Database(store);
    edit.exec(
      `UPDATE campaign SET config = json_set(config, '$.problem.structure', 'Components independent')`,
    );
    edit.close();
    const { campaigns } = JSON.parse(
      await printed(() => compare(store, { cost: "primitives", ranking: true, json: true })),
    );
    const seen = campaigns.map(({ campaign, structure, comparison }: never) => [
      (campaign as { id: number }).id,
      structure,
      (comparison as { recommendation: string[] }).recommendation[0]?.split(" ").slice(0, 3).join(" "),
    ]);
    expect(seen).toEqual([
      [3, "Components independent", expect.stringMatching(/^Components independent: (take|nothing)$/)],
      [4, "Components independent", "Components independent: only"],
    ]);
    const options = { cost: "primitives", ranking: true, markdown: true, campaign: 1 } as const;
    const markdown = await printed(() => compare(store, options));
    const lines = markdown.split("\n");
    expect(lines[0]).toBe(`Made by \`npx allele compare ${store} --campaign 1 --ranking --markdown\`.`);
    expect(lines).toContain("## blocks: Components independent");
    expect(lines.filter((line) => line.startsWith("| global\\|rewrite | "))).toHaveLength(2);
    expect(markdown).toMatch(/\n\*\*Components independent: take local: .*\*\*$/);
    expect(() => compare(store, { cost: "primitives", markdown: true })).toThrow(
      "write --ranking --markdown",
    );
  });

  it("prints one plan or one comparison of each as JSON, and goes on after a budget, with its exit code", async () => {
    const { path, store } = list();
    const planned = await printed(() => run(path, { store, dryRun: true, json: true, seeds: 7 }));
    const plans = JSON.parse(planned).campaigns;
    expect(plans.map(({ campaign, seeds }: Record<string, unknown>) => [campaign, seeds])).toEqual([
      ["first", 7],
      ["second", 7],
    ]);
    const outcome = await allele(["run", path, "--store", store, "--json", "--max-calls", "12"]);
    expect(outcome.code).toBe(3);
    const { campaigns } = JSON.parse(outcome.stdout);
    expect(
      campaigns.map((one: { campaign: { name: string; status: string } }) => one.campaign),
    ).toMatchObject([
      { name: "first", status: "budget" },
      { name: "second", status: expect.stringMatching(/done|budget/) },
    ]);
    // Limits hold for each of them.
    const spent =
      "SELECT r.campaign_id AS id, count(*) AS calls FROM llm_call k JOIN candidate c ON c.id = k.candidate_id " +
      "JOIN run r ON r.id = c.run_id GROUP BY 1 ORDER BY 1";
    expect(query(store, spent)).toEqual([
      { id: 1, calls: 12 },
      { id: 2, calls: expect.any(Number) },
    ]);
  });

  it("ends all of them on Ctrl-C", async () => {
    const { path, store } = list(100_000);
    const outcome = await allele(["run", path, "--store", store], (child) => {
      const wait = setInterval(() => {
        try {
          const reader = new Database(store, { readonly: true });
          const done = reader.prepare("SELECT count(*) FROM run WHERE status = 'done'").pluck().get();
          reader.close();
          if (Number(done) > 5) {
            clearInterval(wait);
            child.kill("SIGINT");
          }
        } catch {} // the store is not there yet
      }, 20);
      child.on("exit", () => clearInterval(wait));
    });
    expect([outcome.code, outcome.stdout]).toEqual([
      130,
      expect.stringContaining("Interrupted; shown is what was done"),
    ]);
    expect(outcome.stdout).toContain("Problem 'blocks', campaign 1 'first', interrupted");
    expect(query(store, "SELECT name, status FROM campaign")).toEqual([
      { name: "first", status: "interrupted" },
    ]);
  });
});

describe("a list", () => {
  it.each([
    ["[]", "exports an empty list; expected campaigns"],
    ["[one, 7]", "entry 2 of its list is no campaign; write [defineCampaign({ ... }), ...]"],
    ["[one, one]", "lists two campaigns named 'c'; names must differ"],
    ["7", "must contain 'export default defineCampaign({ ... })', or a list of such, and does not"],
  ])("that is %s is refused in one clear sentence", async (text, message) => {
    const path = join(temporaryFolder(), "list.ts");
    writeFileSync(path, `const one = { name: "c", problem: {}, strategies: [] };\nexport default ${text};`);
    await expect(loadCampaign(path)).rejects.toThrow(message);
  });

  const base = blocks();
  const campaign = (name: string, problem: Parameters<typeof defineCampaign>[0]["problem"]) =>
    defineCampaign({
      ...{ name, problem, models: { mutator: simulated() }, sizes: [4], seeds: 2 },
      strategies: { local: { operators: [localRewrite()] } },
    });
  const even = {
    ...base,
    instance(request: { size: number; seed: number }) {
      if (request.size % 2 === 1) throw new UsageError(`needs an even size, got ${request.size}`);
      return base.instance(request);
    },
  };
  const sizesOf = (list: ReturnType<typeof overrideList>) =>
    list.campaigns.map(({ name, strategies }) => [name, strategies[0]?.sizes]);

  it("takes sizes where they fit and leaves out campaigns that have none of them", () => {
    const all = [campaign("any", base), campaign("even", even)];
    const some = overrideList(all, { sizes: [2, 3] });
    expect(sizesOf(some)).toEqual([
      ["any", [2, 3]],
      ["even", [2]],
    ]);
    expect(some.notes).toEqual(["campaign 'even' leaves out k = 3: needs an even size, got 3"]);
    expect(sizesOf(overrideList(all, { sizes: [3] }))).toEqual([["any", [3]]]);
    expect(sizesOf(overrideList(all, { seeds: 3 }))).toEqual([
      ["any", [4]],
      ["even", [4]],
    ]);
    expect(() => overrideList([campaign("even", even)], { sizes: [2, 3] })).toThrow(
      "No campaign of the list has the size 3: campaign 'even' leaves out k = 3: needs an even size, got 3",
    );
  });

  it("takes models for roles that one of its campaigns has, and refuses others", () => {
    const all = [campaign("one", base), campaign("two", base)];
    const { campaigns } = overrideList(all, { model: { mutator: ["simulated-chooser"] } });
    expect(campaigns.map(({ strategies }) => strategies[0]?.modelsAt(2).mutator)).toMatchObject([
      { name: "simulated-chooser" },
      { name: "simulated-chooser" },
    ]);
    expect(() => overrideList(all, { model: { judge: ["simulated"] } as never })).toThrow(
      "No campaign has the role judge; used are: mutator",
    );
  });
});

describe("the page of a comparison", () => {
  const runs = (strategy: string, factor: number) =>
    [1, 2, 3, 4, 5, 6].map((seed) => runRow({ strategy, size: 2, seed, calls: factor * (9 + seed) }));

  it("ranks two strategies between separations and chart, and says nothing of one", () => {
    const two = comparisonText(
      compareStrategies([...runs("a", 1), ...runs("b", 9)], { costModel: "calls" }),
      false,
    );
    expect(two.match(/^(Separation|Ranking|Recommendation|Mean cost)/gm)).toEqual([
      ...["Separation", "Ranking", "Recommendation", "Mean cost"],
    ]);
    expect(two).toMatch(/^b +112 \[\S+ \S+\] +9\.00 {2}- +6\/6 +yes$/m);
    const one = comparisonText(compareStrategies(runs("a", 1), { costModel: "calls" }), true);
    expect(one).not.toContain("Recommendation");
    expect(one).toContain("Share of runs at the target at k = 2, by cost in calls");
  });

  it("shows in Markdown whatever a name holds", () => {
    const comparison = compareStrategies([...runs("a|b", 1), ...runs("*c*[x](y)<b>\n", 9)], {
      costModel: "calls",
    });
    const campaign = {
      id: 1,
      name: "n_",
      problem: "p`",
      promptMode: "compact",
      status: "budget",
      createdAt: "",
    };
    const compared = { comparison, structure: undefined, leftOut: 0, notes: ["so it is"] };
    const options = { cost: "calls", target: { share: 0.9 } } as const;
    const text = rankingMarkdown("a `b`.sqlite", options, [{ campaign, compared }]);
    const lines = text.split("\n");
    expect(lines[0]).toBe(
      "Made by ``npx allele compare 'a `b`.sqlite' --cost calls --target 90% --ranking --markdown``.",
    );
    expect(lines.slice(2, 7)).toEqual([
      "## p\\`",
      "",
      "Campaign n\\_, compact prompts, budget.",
      "",
      "Note: so it is.",
    ]);
    const cells = lines.filter((line) => line.startsWith("| \\*c")).map((line) => line.split(" | ")[0]);
    expect(cells).toEqual(["| \\*c\\*[x\\](y)\\<b>\\\\n", "| \\*c\\*[x\\](y)\\<b>\\\\n"]);
  });
});

describe("a table of shares", () => {
  it("has round costs, about evenly spaced, from the first solved run to the last", () => {
    expect(roundBudgets([1200, 90_000])).toEqual([
      ...[2000, 3000, 5000, 10_000, 20_000, 30_000, 50_000, 100_000],
    ]);
    expect(roundBudgets([100])).toEqual([100]);
    expect(roundBudgets([0, 0])).toEqual([0]);
    expect(roundBudgets([0.0002, 0.0003])).toEqual([0.0002, 0.0003]);
    expect(roundBudgets([1, 5000])).toEqual([1, 10, 100, 1000, 10_000]);
    for (const high of [1e12, 1e200, 5e300]) {
      const budgets = roundBudgets([3, high]);
      expect(budgets.length).toBeGreaterThan(4);
      expect(budgets.length).toBeLessThan(9);
      expect(budgets.at(-1)).toBeGreaterThanOrEqual(high);
    }
  });

  it("rounds no share to none or all, and has a dash beyond what was seen", () => {
    const many = Array.from({ length: 400 }, (_, seed) =>
      runRow({ strategy: "a", size: 2, seed, calls: seed === 0 ? 10 : 30 }),
    );
    const missed = [20, 10].map((calls, seed) =>
      runRow({ strategy: "b", size: 2, seed, calls, isSolved: seed === 1 }),
    );
    const { ecdf } = compareStrategies([...many, ...missed], { costModel: "calls" });
    expect(ecdfRows(ecdf)).toEqual([
      ["strategy", "10", "15", "20", "30"],
      ["b", "50 %", "50 %", "50 %", "-"],
      ["a", "1 %", "1 %", "1 %", "100 %"],
    ]);
    expect(ecdfRows([])).toEqual([]);
  });

  it("breaks long names over lines where it were wider than the terminal", () => {
    const rows = [
      ["name", "x".repeat(50)],
      ["a-name-of-many-parts-that-is-long", "1"],
      [`${"y".repeat(30)} z`, "2"],
    ];
    expect(namedTable(rows, [false, true]).split("\n")).toEqual([
      `name${" ".repeat(24)}  ${"x".repeat(50)}`,
      `a-name-of-many-parts-that-  ${"1".padStart(52)}`,
      "is-long",
      `${"y".repeat(28)}  ${"2".padStart(50)}`,
      "yy z",
    ]);
  });
});
