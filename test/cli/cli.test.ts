import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Database } from "../../src/store/index.ts";
import { allele, temporaryFolder } from "./allele.ts";

const quickStart = "runs/global-vs-local.ts";

/** A campaign script in a temporary folder. */
function script(folder: string, body: string): string {
  const path = join(folder, "campaign.ts");
  writeFileSync(
    path,
    `import { blocks, defineCampaign, globalRewrite, localRewrite, simulated } from "allele";\n${body}`,
  );
  return path;
}

const small = `export default defineCampaign({
  name: "small",
  problem: blocks({ tokensPerBlock: 4 }),
  models: { mutator: simulated({ malformedRate: 0.2 }) },
  strategies: { local: { operators: [localRewrite()] }, global: { operators: ["global-rewrite"] } },
  sizes: [1, 2, 3],
  seeds: 4,
});`;

describe("allele run", () => {
  it("carries a campaign out, prints the comparison, and leaves a store to look at", async () => {
    const folder = temporaryFolder();
    const run = await allele(["run", script(folder, small)]);
    const store = join(folder, "out", "campaign.sqlite");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain("global over local");
    expect(run.stdout).toContain("campaign.sqlite");
    expect(run.stdout).toContain("a growth class needs 5 such");

    const shown = await allele(["show", store]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain("Campaign 1 'small' on problem 'blocks': done");
    const one = await allele(["show", store, "1", "--json"]);
    const { run: row, best } = JSON.parse(one.stdout);
    expect(row).toMatchObject({
      id: 1,
      strategy: "local",
      size: 1,
      seed: 1,
      isSolved: true,
      stopReason: "target",
    });
    expect(best.components).toHaveLength(1);
    expect((await allele(["show", store, "24"])).stdout).toContain("Best solution");
  });

  it("adds a second campaign to the same store, and compare takes the latest or the one named", async () => {
    const folder = temporaryFolder();
    const path = script(folder, small);
    const store = join(folder, "s.sqlite");
    await allele(["run", path, "--store", store]);
    await allele(["run", path, "--store", store, "--sizes", "4", "--seeds", "2"]);
    const sizes = async (...options: string[]) => {
      const { stdout } = await allele(["compare", store, "--json", ...options]);
      return JSON.parse(stdout).comparison.strategies[0].sizes.map(({ size, runs }: never) => [size, runs]);
    };
    expect(await sizes()).toEqual([[4, 2]]);
    expect(await sizes("--campaign", "1")).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
    ]);
  });

  it("prints its plan and writes nothing with --dry-run", async () => {
    const folder = temporaryFolder();
    const run = await allele(["run", quickStart, "--dry-run", "--store", join(folder, "none.sqlite")]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("global: global-rewrite, greedy, mutator = simulated:simulated");
    expect(run.stdout).toContain("10 (1,024)");
    expect((await allele(["show", join(folder, "none.sqlite")])).stderr).toContain("does not exist");
  });

  it("never exceeds --max-calls and says with exit code 3 that the budget ended it", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    const run = await allele(["run", quickStart, "--store", store, "--max-calls", "50", "--json"]);
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout).campaign.status).toBe("budget");
    const { stdout } = await allele(["sql", store, "SELECT count(*) AS calls FROM llm_call", "--json"]);
    expect(JSON.parse(stdout)).toEqual([{ calls: 50 }]);
  });

  it("never exceeds --max-cost", async () => {
    const store = join(temporaryFolder(), "s.sqlite");
    const run = await allele(["run", quickStart, "--store", store, "--max-cost", "5000"]);
    expect(run.code).toBe(3);
    expect(run.stdout).toContain("Stopped by the campaign's budget");
    const { stdout } = await allele([
      "sql",
      store,
      "SELECT sum(primitive_cost) AS cost FROM call_cost",
      "--json",
    ]);
    const [{ cost }] = JSON.parse(stdout);
    expect(cost).toBeLessThanOrEqual(5000);
    expect(cost).toBeGreaterThan(4000);
  });

  it("ends cleanly on Ctrl-C: exit code 130, a whole store, and what was finished", async () => {
    const store = join(temporaryFolder(), "s.sqlite");
    const run = await allele(["run", quickStart, "--store", store, "--seeds", "1000"], (child) => {
      const wait = setInterval(() => {
        try {
          const reader = new Database(store, { readonly: true });
          const { done } = reader
            .prepare("SELECT count(*) AS done FROM run WHERE status = 'done'")
            .get() as never;
          reader.close();
          if (done > 5) {
            clearInterval(wait);
            child.kill("SIGINT");
          }
        } catch {} // the store is not there yet
      }, 20);
      child.on("exit", () => clearInterval(wait));
    });
    expect(run.code).toBe(130);
    expect(run.stdout).toContain("Interrupted");
    const reader = new Database(store, { readonly: true });
    expect(reader.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(reader.pragma("foreign_key_check")).toEqual([]);
    expect(reader.prepare("SELECT status FROM campaign").pluck().get()).toBe("interrupted");
    expect(reader.prepare("SELECT count(*) FROM run WHERE status = 'running'").pluck().get()).toBe(0);
    reader.close();
  });

  it("gives the same rows under --concurrency 4, ids and times aside", async () => {
    const folder = temporaryFolder();
    const path = script(folder, small);
    const query =
      "SELECT r.strategy, r.size, r.seed, c.sequence, c.status, t.text FROM candidate c JOIN run r ON r.id = c.run_id " +
      "LEFT JOIN candidate_text t ON t.candidate_id = c.id ORDER BY 1, 2, 3, 4, t.component_index";
    const rows = async (concurrency: string) => {
      const store = join(folder, `${concurrency}.sqlite`);
      await allele(["run", path, "--store", store, "--concurrency", concurrency]);
      return (await allele(["sql", store, query, "--format", "csv"])).stdout;
    };
    const one = await rows("1");
    expect(one.split("\n").length).toBeGreaterThan(50);
    expect(await rows("4")).toBe(one);
  });
});

describe("allele compare", () => {
  it("knows the other cost models and other targets", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store]);
    expect((await allele(["compare", store, "--cost", "linear"])).stdout).toContain("linear price");
    expect((await allele(["compare", store, "--cost", "usd"])).stdout).toContain("US dollars");
    const cost = async (...options: string[]) => {
      const { stdout } = await allele(["compare", store, "--json", "--cost", "calls", ...options]);
      const { strategies } = JSON.parse(stdout).comparison;
      return strategies[0].sizes[2].cost.mean as number;
    };
    // At size 3 the target is 3 blocks; two thirds of it is 2.
    expect(await cost("--target", "2")).toBeLessThan(await cost());
    expect(await cost("--target", "66%")).toBe(await cost("--target", "2"));
    expect(await cost("--target", "3")).toBe(await cost());
  });
});

describe("allele sql", () => {
  it("prints tables, CSV and JSON, and nothing that could steer a terminal", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store, "--sizes", "1"]);
    const query = `SELECT 1 AS a, 'x"y,' || char(10) AS b, char(27) || '[31mred' AS c, NULL AS d, x'ff' AS e`;
    const outcome = async (...options: string[]) => (await allele(["sql", store, query, ...options])).stdout;
    expect(await outcome("--format", "csv")).toBe('a,b,c,d,e\n1,"x""y,\n",\u001b[31mred,,ff\n');
    expect(JSON.parse(await outcome("--json"))).toEqual([
      { a: 1, b: 'x"y,\n', c: "\u001b[31mred", d: null, e: "ff" },
    ]);
    const table = await outcome();
    expect(table).toContain('x"y,\\n');
    expect(table).toContain("\\u001b[31mred");
    expect(table).not.toContain("\u001b");
  });

  it("cannot change the store", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store, "--sizes", "1"]);
    const before = readFileSync(store);
    for (const query of [
      "DELETE FROM run",
      "DELETE FROM run RETURNING id",
      "PRAGMA user_version = 9",
      "DROP VIEW run_cost",
    ]) {
      const outcome = await allele(["sql", store, query]);
      expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining("read-only")]);
    }
    expect(readFileSync(store).equals(before)).toBe(true);
  });
});

describe("allele list", () => {
  it("lists every kind of plugin", async () => {
    const { stdout } = await allele(["list", "--json"]);
    const names = Object.fromEntries(
      Object.entries(JSON.parse(stdout) as Record<string, { name: string; description: string }[]>).map(
        ([group, rows]) => [group, rows.map(({ name }) => name)],
      ),
    );
    expect(names).toEqual({
      problems: ["blocks"],
      operators: ["global-rewrite", "local-rewrite"],
      populations: ["greedy"],
      schedules: ["sequential", "round-robin", "random"],
      models: ["simulated"],
    });
    expect((await allele(["list"])).stdout).toContain(
      "global-rewrite  the model writes every component anew",
    );
  });
});

describe("bad input", () => {
  const base = { problem: "blocks()", operators: "[localRewrite()]", sizes: "[1]", rest: "" };
  const campaign = (change: Partial<typeof base>) => {
    const { problem, operators, sizes, rest } = { ...base, ...change };
    return `export default defineCampaign({ name: "c", problem: ${problem}, models: { mutator: simulated() },
      strategies: { a: { operators: ${operators} } }, sizes: ${sizes}, seeds: 1, ${rest} });`;
  };

  it.each([
    [
      "an unknown operator",
      campaign({ operators: '["crosover"]' }),
      "Operator 'crosover' is unknown; known: global-rewrite, local-rewrite",
    ],
    ["an unknown problem", campaign({ problem: '"bloks"' }), "Problem 'bloks' is unknown; known: blocks"],
    ["size 0", campaign({ sizes: "[0]" }), "Strategy 'a': sizes must be a whole number of at least 1, got 0"],
    ["no sizes", campaign({ sizes: "[]" }), "must list at least one size"],
    [
      "a negative budget",
      campaign({ rest: "budget: { calls: -1 }" }),
      "Campaign: budget: calls must be a whole number of at least 0, got -1",
    ],
    [
      "a misspelt key",
      campaign({ rest: "budgets: {}" }),
      "option 'budgets' is unknown; known: name, problem",
    ],
    ["a missing model", campaign({ rest: "models: {}" }), "needs a model for role mutator"],
    ["a wrong option", campaign({ problem: "blocks({ p: 0.5 })" }), "blocks: option 'p' is unknown"],
    ["no campaign", "export const nothing = 1;", "must contain 'export default defineCampaign"],
    ["broken TypeScript", "export default defineCampaign({", "cannot be loaded"],
  ])("%s in a campaign is one clear sentence and exit code 2", async (_what, body, message) => {
    const outcome = await allele(["run", script(temporaryFolder(), body)]);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect(outcome.code).toBe(2);
  });

  it.each([
    [["run", "missing.ts"], "Campaign 'missing.ts' does not exist"],
    [["run", quickStart, "--sizes", "0"], "--sizes expects a whole number of at least 1, got '0'"],
    [["run", quickStart, "--seeds", "x"], "--seeds expects a whole number of at least 1, got 'x'"],
    [["run", quickStart, "--max-calls", "-5"], "--max-calls expects a whole number of at least 0, got '-5'"],
    [["run", quickStart, "--max-cost=-1"], "--max-cost expects a number of at least 0, got '-1'"],
    [["compare", "missing.sqlite"], "Store 'missing.sqlite' does not exist"],
    [["compare", "src"], "Store 'src' is a directory; expected a file"],
    [["compare", "x", "--cost", "euro"], "--cost expects one of primitives, linear, calls, usd, got 'euro'"],
    [["sql", "x", "SELECT 1", "--format", "xml"], "Allowed choices are table, csv, json"],
    [["run"], "missing required argument 'campaign'"],
    [["fly"], "unknown command 'fly'"],
    [["list", "--wat"], "unknown option '--wat'"],
  ])("allele %j says what is wrong with exit code 2", async (args, message) => {
    const outcome = await allele(args);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect(outcome.stdout).toBe("");
    expect(outcome.code).toBe(2);
  });

  it("a file that is no store, or one of a newer version, is refused with exit code 1 and left alone", async () => {
    const folder = temporaryFolder();
    const foreign = join(folder, "foreign.sqlite");
    const other = new Database(foreign);
    other.exec("CREATE TABLE t (a)");
    other.close();
    const newer = join(folder, "newer.sqlite");
    await allele(["run", script(folder, small), "--store", newer, "--sizes", "1"]);
    const edit = new Database(newer);
    edit.pragma("user_version = 99");
    edit.pragma("journal_mode = DELETE");
    edit.close();
    const text = join(folder, "text.sqlite");
    writeFileSync(text, "this is no database, whatever its name says ".repeat(10));
    for (const [file, message] of [
      [foreign, "is a SQLite file but no Allele store"],
      [newer, "install a newer Allele"],
      [text, "is no SQLite file"],
    ] as const) {
      const before = readFileSync(file);
      for (const args of [
        ["compare", file],
        ["show", file],
        ["run", join(folder, "campaign.ts"), "--store", file],
      ]) {
        const outcome = await allele(args);
        expect([outcome.code, outcome.stderr]).toEqual([1, expect.stringContaining(message)]);
        expect(outcome.stderr).not.toMatch(/^\s+at /m);
      }
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });

  it("a run or campaign that is not in the store is named, with those that are", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store, "--sizes", "1"]);
    expect((await allele(["show", store, "999"])).stderr).toContain("it holds runs 1 to 8");
    expect((await allele(["compare", store, "--campaign", "7"])).stderr).toContain("it holds 1");
  });
});
