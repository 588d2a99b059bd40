import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { number } from "../../src/cli/text.ts";
import { Database } from "../../src/store/index.ts";
import { version } from "../../src/version.ts";
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
    expect(run.stdout).toContain("global: global-rewrite, greedy, mutator = simulated");
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

describe("what to try next after allele run", () => {
  /** The commands on the page, read as a shell reads them. */
  const commands = (page: string) =>
    [...page.matchAll(/^ {2}npx allele (.*)$/gm)].map(([, line = ""]) => {
      const shell = spawnSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
      return shell.stdout.trimEnd().split("\n");
    });

  it("works as it stands, also with spaces and quotes in the path", async () => {
    const folder = join(temporaryFolder(), "it's my folder");
    mkdirSync(folder);
    const store = join(folder, "a store.sqlite");
    const { stdout } = await allele(["run", script(folder, small), "--store", store]);
    expect(stdout).toContain(`Store: ${store}`);
    const found = commands(stdout);
    expect(found.map(([command]) => command)).toEqual(["compare", "show", "sql"]);
    for (const command of found) {
      expect(command[1]).toBe(store);
      expect(await allele(command)).toMatchObject({ code: 0, stderr: "" });
    }
  });

  it("asks for the largest size that was really run, of this campaign alone", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store]);
    // Ten calls do not suffice for size 20 of any strategy: the order is by strategy, then by size.
    const options = ["--store", store, "--sizes", "1,2,20", "--seeds", "1", "--max-calls", "10"];
    const { stdout, code } = await allele(["run", script(folder, small), ...options]);
    expect(code).toBe(3);
    const { comparison } = JSON.parse((await allele(["compare", store, "--json"])).stdout);
    const sizes = comparison.strategies.flatMap((one: { sizes: { size: number }[] }) =>
      one.sizes.map(({ size }) => size),
    );
    const largest = Math.max(...sizes);
    const query = commands(stdout).at(-1)?.[2] ?? "";
    expect(query).toBe(
      `SELECT strategy, solved, mean_primitive_cost FROM cost_to_target WHERE campaign_id = 2 AND size = ${largest}`,
    );
    const rows = JSON.parse((await allele(["sql", store, query, "--json"])).stdout);
    const ran = comparison.strategies
      .filter((one: { sizes: { size: number }[] }) => one.sizes.some(({ size }) => size === largest))
      .map(({ strategy }: { strategy: string }) => strategy);
    expect(rows.map(({ strategy }: { strategy: string }) => strategy)).toEqual(ran.sort());
  });

  it("says that nothing was finished where the budget allows nothing", async () => {
    const folder = temporaryFolder();
    const { stdout, code } = await allele(["run", script(folder, small), "--max-calls", "0"]);
    expect(code).toBe(3);
    expect(stdout).toContain("No run was finished within the budget: nothing to compare.");
    expect(stdout).not.toContain("Growth");
    expect(commands(stdout).at(-1)?.[2]).toBe(
      "SELECT strategy, solved, mean_primitive_cost FROM cost_to_target WHERE campaign_id = 1",
    );
  });
});

describe("allele show --json", () => {
  it("leaves out what is not known", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store, "--sizes", "1", "--seeds", "1"]);
    const edit = new Database(store);
    edit.exec("UPDATE run SET status = 'running', stop_reason = NULL, wall_ms = NULL, best_fitness = NULL");
    edit.close();
    for (const args of [
      ["show", store],
      ["show", store, "1"],
    ]) {
      const { stdout } = await allele([...args, "--json"]);
      expect(stdout).not.toContain("null");
      const { run, runs = [run] } = JSON.parse(stdout);
      expect(Object.keys(runs[0])).toEqual([
        ...["id", "strategy", "size", "seed", "isSolved", "target", "applications", "calls", "primitiveCost"],
      ]);
    }
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
      return strategies[0].sizes.find(({ size }: { size: number }) => size === 3).cost.mean as number;
    };
    // At size 3 the target is 3 blocks; two thirds of it is 2.
    expect(await cost("--target", "2")).toBeLessThan(await cost());
    expect(await cost("--target", "66%")).toBe(await cost("--target", "2"));
    expect(await cost("--target", "3")).toBe(await cost());
  });
});

describe("allele compare --target", () => {
  it("leaves out runs that their own smaller target ended, and says how many", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store]);
    // The target at size k is k blocks right: of 4 runs at each size of two strategies, sizes 1 and 2 end below 3.
    const { stdout } = await allele(["compare", store, "--target", "3", "--json"]);
    const { leftOut, comparison } = JSON.parse(stdout);
    expect(leftOut).toBe(16);
    const sizes = comparison.strategies.map(
      (one: { sizes: { size: number; runs: number; solved: number }[] }) =>
        one.sizes.map(({ size, runs, solved }) => [size, runs, solved]),
    );
    expect(sizes).toEqual([[[3, 4, 4]], [[3, 4, 4]]]);
    const page = await allele(["compare", store, "--target", "3"]);
    expect(page.stdout).toContain("16 runs are left out: they stopped at their own targets");
    const beyond = await allele(["compare", store, "--target", "4"]);
    expect(beyond.stdout).toContain("24 runs are left out");
    expect(beyond.stdout).toContain("No run is left to compare.");
    const own = await allele(["compare", store, "--target", "100%"]);
    expect(own.stdout).not.toContain("left out");
    expect(JSON.parse((await allele(["compare", store, "--json"])).stdout).leftOut).toBe(0);
  });

  it("refuses a share where a run's target is not above 0, and takes a fitness there", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    // Fitness counts what is missing: 0 is the best, and the first answer has it.
    const body = `import { defineProblem } from "allele";
      const missing = defineProblem({ name: "missing", instance: ({ size }) => ({
        components: [{ name: "a", text: "x" }], statement: "Write.", target: 0,
        evaluate: (genome) => ({ status: "ok", fitness: genome[0].text === "x" ? -size : 0 }) }) });
      export default defineCampaign({ name: "m", problem: missing, models: { mutator: simulated() },
        strategies: { a: { operators: [localRewrite()] } }, sizes: [1, 2], seeds: 2 });`;
    expect(await allele(["run", script(folder, body), "--store", store])).toMatchObject({ code: 0 });
    const share = await allele(["compare", store, "--target", "90%"]);
    expect([share.code, share.stdout]).toEqual([2, ""]);
    expect(share.stderr).toBe(
      "allele: A share of the target needs targets above 0, and campaign 1 has the target 0 at size 1; " +
        "name a fitness instead, e.g. --target 0\n",
    );
    expect(await allele(["compare", store, "--target", "-1"])).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("allele compare --describe", () => {
  it("adds success rates, expected run time, quantiles and log-rank tests, which are absent without it", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store]);
    const plain = (await allele(["compare", store, "--cost", "calls"])).stdout;
    const described = (await allele(["compare", store, "--cost", "calls", "--describe"])).stdout;
    const begin = described.indexOf("\nCost to target, in calls");
    const end = described.indexOf("\nGrowth with size k");
    expect(described.slice(0, begin) + described.slice(end)).toBe(plain);
    const { comparison } = JSON.parse((await allele(["compare", store, "--cost", "calls", "--json"])).stdout);
    const [local] = comparison.strategies;
    const [{ expectedRunTime, quantiles }] = local.sizes;
    const row =
      described
        .slice(begin)
        .split("\n")
        .find((line) => /^1 /.test(line.trim())) ?? "";
    expect(row.trim().split(/ {2,}/)).toEqual([
      "1",
      "100 %",
      ...[expectedRunTime, quantiles.q10, quantiles.median, quantiles.q90].map(number),
    ]);
    const { size, adjustedP } = comparison.separations[0].logRank.at(-1);
    expect(size).toBe(3);
    expect(described.slice(begin, end).replace(/\s+/g, " ")).toContain(
      `at k = 3 ${adjustedP < 0.05 ? "their costs differ" : "no difference in cost is shown"} (p = ${adjustedP.toFixed(3)}`,
    );
  });
});

describe("a campaign that goes wrong", () => {
  const failing = `import { defineProblem } from "allele";
const problem = defineProblem({
  name: "failing",
  instance: () => ({
    components: [{ name: "only", text: "a b\\n" }],
    statement: "s",
    target: 1,
    evaluate(genome) {
      if (genome[0].text === "a b\\n") return { status: "ok", fitness: 0 };
      throw new Error("boom");
    },
  }),
});
export default defineCampaign({ name: "failing", problem, models: { mutator: simulated() },
  strategies: { local: { operators: [localRewrite()] } }, sizes: [1], seeds: 1, runBudget: { calls: 30 } });`;

  it("says that the evaluations failed, and why, on its page and in show", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    const run = await allele(["run", script(folder, failing), "--store", store]);
    const page = run.stdout.replace(/\s+/g, " ");
    expect(page).toContain(
      "local: 30 of 30 candidates came to nothing; the commonest reason: evaluation failed (crash): boom.",
    );
    const { stdout } = await allele(["show", store, "1"]);
    expect(stdout).toContain("discarded: evaluation failed (crash): boom  30");
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

  it.each([
    ["SELECT ?", "it has parameters such as ?"],
    ["SELECT 1; SELECT 2", "more than one statement"],
    ["SELECT json_extract('{', '$.a')", "malformed JSON"],
    ["SELECT abs(-9223372036854775807 - 1)", "integer overflow"],
    ["SELECT * FROM runs", "no such table: runs"],
    ["SELEC 1", "syntax error"],
  ])("%s is a mistake in the query: one sentence and exit code 2", async (query, reason) => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store, "--sizes", "1", "--seeds", "1"]);
    const outcome = await allele(["sql", store, query]);
    expect(outcome.stderr).toMatch(/^allele: The query cannot be answered: .*\n$/);
    expect(outcome.stderr).toContain(reason);
    expect(outcome.code).toBe(2);
  });

  it("says that a damaged store is one, which is no mistake in the query", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store]);
    const bytes = readFileSync(store);
    writeFileSync(store, bytes.fill(0xff, 3 * 4096)); // the header and the schema stay
    const outcome = await allele(["sql", store, "SELECT * FROM run_cost"]);
    expect([outcome.code, outcome.stderr]).toEqual([1, expect.stringContaining("is damaged")]);
  });

  it("refuses two columns of one name as JSON, and prints them as a table", async () => {
    const folder = temporaryFolder();
    const store = join(folder, "s.sqlite");
    await allele(["run", script(folder, small), "--store", store, "--sizes", "1", "--seeds", "1"]);
    const outcome = await allele(["sql", store, "SELECT 1 AS a, 2 AS b, 3 AS a", "--json"]);
    expect(outcome).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "allele: The query has two columns named 'a', and JSON keeps one of a name; name them apart with AS\n",
    });
    expect((await allele(["sql", store, "SELECT 1 AS a, 2 AS a", "--format", "csv"])).stdout).toBe(
      "a,a\n1,2\n",
    );
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
      problems: [
        ...[
          "bin-packing",
          "blocks",
          "circle-packing",
          "coupled-blocks",
          "debugging",
          "function-minimization",
        ],
        ...["hanoi", "k-module", "leading-blocks", "noisy-blocks", "repair", "routing", "trap-blocks"],
        "tsp-construct",
      ],
      operators: [
        ...[
          "adaptive-locality",
          "component-crossover",
          "conversation-debug",
          "focused-debug",
          "from-scratch",
        ],
        ...["generalist", "global-diff", "global-rewrite", "llm-crossover", "local-rewrite", "reflect"],
        ...["repair", "route-to-specialist", "step-by-step"],
      ],
      populations: [
        ...["greedy", "islands", "map-elites", "mu-comma-lambda", "mu-plus-lambda", "pareto", "random"],
        "steady-state",
      ],
      schedules: ["sequential", "round-robin", "random", "credit"],
      choices: ["ensemble([a, b])", "bandit([a, b])", "escalation([a, b])", "voting(a)"],
      models: [
        ...["simulated", "simulated-chooser", "simulated-programmer", "simulatedCapable()", "ollama:NAME"],
        "openai:NAME@URL",
        ...["ai-sdk:PROVIDER:NAME", "gguf:FILE", "onnx:FOLDER-OR-HUB-ID"],
      ],
    });
    expect((await allele(["list"])).stdout).toContain(
      "global-rewrite       the model writes every component anew",
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
      "Operator 'crosover' is unknown; known: adaptive-locality, component-crossover, conversation-debug, ",
    ],
    [
      "an unknown problem",
      campaign({ problem: '"bloks"' }),
      "Problem 'bloks' is unknown; known: bin-packing, blocks, ",
    ],
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
    [["compare", "src"], "Store 'src' is no regular file; expected a SQLite file"],
    [["compare", "x", "--cost", "euro"], "--cost expects one of primitives, linear, calls, usd, got 'euro'"],
    ...["%", " %", "", "0%", "-5%", "x%", "9x", "Infinity"].map((target): [string[], string] => [
      ["compare", "x", "--target", target],
      `--target expects a fitness such as 7, or a share above 0 such as 90%, got '${target}'`,
    ]),
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

describe("the built command", () => {
  it.skipIf(process.platform === "win32")("can be executed as it is, as npx does", () => {
    const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
    expect(execFileSync(main, ["--version"], { encoding: "utf8" })).toBe(`${version}\n`);
  });
});
