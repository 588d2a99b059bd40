import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import quickStart from "../../runs/global-vs-local.ts";
import {
  type Component,
  defineCampaign,
  defineOperator,
  linearCost,
  migrations,
  overrideCampaign,
  primitiveCost,
  randomTheory,
  rejected,
  simulated,
} from "../../src/index.ts";
import { score } from "../score.ts";
import { makeFolder, removeFolder, temporaryFolder } from "../store/folder.ts";
import { query, type Row } from "../store/tables.ts";
import { runInto, varietyCampaign } from "../store/variety.ts";

const page = readFileSync(new URL("../../docs/sql.md", import.meta.url), "utf8");

/** The queries of the page by number: "### 1. Title", a sentence, and a block of SQL. */
const queries = new Map(
  [...page.matchAll(/^### (\d+)\. (.+)\n\n(.+)\n\n```sql\n([\s\S]*?)```$/gm)].map(
    ([, number, title = "", sentence = "", sql = ""]) => [Number(number), { title, sentence, sql }] as const,
  ),
);

/** The query that reads a prompt, beside its table. */
const [, promptQuery = ""] = /^### prompt\n[\s\S]*?```sql\n([\s\S]*?)```$/m.exec(page) ?? [];

/** The quick start's campaign, at few sizes and seeds. */
const campaign = overrideCampaign(quickStart, { sizes: [1, 2, 3, 4], seeds: 12 });
const strategies = ["global", "local-random", "local-sequential"];

let folder = "";
let path = "";
/** Another store, with rejected and failed candidates. */
let other = "";
beforeAll(async () => {
  folder = makeFolder();
  path = join(folder, "quick-start.sqlite");
  await runInto(path, overrideCampaign(quickStart, { sizes: [2], seeds: 1 })); // an earlier campaign to be left out
  await runInto(path, campaign);
  other = join(folder, "variety.sqlite");
  await runInto(other, varietyCampaign());
});
afterAll(() => removeFolder(folder));

const ask = (number: number, store = path) => query(store, queries.get(number)?.sql ?? "SELECT 'missing'");
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** A call of the latest campaign with what is needed to add costs up by hand. */
interface Call {
  readonly runId: number;
  readonly strategy: string;
  readonly size: number;
  readonly sequence: number;
  readonly modelSize: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** All calls of the latest campaign, from the tables alone. */
const rawCalls = () =>
  query(
    path,
    `SELECT r.id AS runId, r.strategy, r.size, c.sequence, m.size AS modelSize, k.input_tokens AS inputTokens,
       k.output_tokens AS outputTokens
     FROM run r JOIN candidate c ON c.run_id = r.id JOIN llm_call k ON k.candidate_id = c.id
     JOIN model m ON m.id = k.model_id WHERE r.campaign_id = 2 ORDER BY k.id`,
  ) as unknown as readonly Call[];

/** The calls of each run of a strategy and size; every run is solved by its last candidate. */
function callsByRun(strategy: unknown, size: unknown): readonly (readonly Call[])[] {
  const runs = query(
    path,
    "SELECT id FROM run WHERE campaign_id = 2 AND is_solved AND strategy = ? AND size = ?",
    strategy,
    size,
  );
  const calls = rawCalls();
  return runs.map(({ id }) => calls.filter(({ runId }) => runId === id));
}

/** Number of the last run, and what the tables say of its candidates. */
function lastRun() {
  const [run] = query(path, "SELECT * FROM run ORDER BY id DESC LIMIT 1");
  const candidates = query(
    path,
    `SELECT c.*, e.fitness FROM candidate c JOIN evaluation e ON e.candidate_id = c.id
     WHERE c.run_id = ? ORDER BY c.sequence`,
    run?.id,
  );
  return { run: run as Row, candidates, calls: rawCalls().filter(({ runId }) => runId === run?.id) };
}

describe("docs/sql.md", () => {
  it("documents every table and view with all its columns in order, and no other", () => {
    const headings = [...page.matchAll(/^### ([a-z_]+)\n([\s\S]*?)(?=^##)/gm)];
    const documented = headings.map(([, name, text = ""]) => ({
      name,
      columns: [...text.matchAll(/^\| `([a-z_]+)` \| \S/gm)].map(([, column]) => column),
    }));
    documented.sort((a, b) => String(a.name).localeCompare(String(b.name), "en"));
    const existing = query(
      path,
      `SELECT s.name, json_group_array(x.name) AS columns FROM sqlite_schema s, pragma_table_info(s.name) x
       WHERE s.type IN ('table', 'view') GROUP BY s.name`,
    );
    expect(documented).toEqual(
      existing.map(({ name, columns }) => ({ name, columns: JSON.parse(String(columns)) })),
    );
    expect(page).toContain(`the version of the schema, now ${migrations.length}.`);
  });

  it("has ten queries, each with a title, one sentence and a block of SQL, and one that reads a prompt", () => {
    expect([...queries.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(page.match(/```sql/g)).toHaveLength(11);
    for (const { sentence } of queries.values()) expect(sentence).toMatch(/^[A-Z][^.]*(\d\.\d+[^.]*)*\.$/);
  });

  it.each([...queries].map(([number, { title }]) => [number, title] as const))(
    "gives rows on any store for query %i, %s",
    (number) => {
      expect(ask(number).length).toBeGreaterThan(0);
      expect(ask(number, other).length).toBeGreaterThan(0);
    },
  );
});

describe("the query of docs/sql.md that reads a prompt", () => {
  it("gives what the latest call was sent, message by message", async () => {
    const store = join(temporaryFolder(), "prompts.sqlite");
    const messages = [
      { role: "user", text: 'Which is "right"?\n' },
      { role: "assistant", text: "naïve" },
      { role: "user", text: "Why?" },
    ] as const;
    const asking = defineOperator({
      ...{ name: "asking", scope: "global", roles: ["mutator"] },
      async propose({ models }) {
        await models.mutator.generate({ messages: [{ role: "user", text: "first" }] });
        await models.mutator.generate({ system: "Be brief.", messages });
        return rejected("two calls are all it does");
      },
    });
    const strategies = { only: { operators: [asking], models: { mutator: simulated() } } };
    const once = { sizes: [1], seeds: 1, runBudget: { calls: 2 } };
    await runInto(store, defineCampaign({ name: "one", problem: "blocks", strategies, ...once }));
    expect(query(store, promptQuery)).toEqual(
      messages.map((message) => ({ call_id: 2, system: "Be brief.", ...message })),
    );
  });
});

describe("the queries of docs/sql.md, on the store of the quick start, agree with the tables:", () => {
  it("1. cost to target, beside theory", () => {
    const rows = ask(1);
    expect(rows.map(({ strategy, size }) => [strategy, size])).toEqual(
      strategies.flatMap((strategy) => [1, 2, 3, 4].map((size) => [strategy, size])),
    );
    for (const row of rows) {
      const runs = callsByRun(row.strategy, row.size);
      expect(row).toMatchObject({ runs: 12, solved: 12 });
      expect(row.mean_applications).toBeCloseTo(mean(runs.map((calls) => calls.length)), 9);
      expect(row.mean_primitive_cost).toBeCloseTo(
        mean(runs.map((calls) => sum(calls.map(primitiveCost)))),
        6,
      );
      expect(row.mean_linear_cost).toBeCloseTo(mean(runs.map((calls) => sum(calls.map(linearCost)))), 6);
    }
    // Coupon collector with p = 1/2: 4 blocks take 4 (1/4 + 1/3 + 1/2 + 1) / (1/2) = 50/3 applications; a call
    // of 8 tokens costs 8 * 8 + 8 * 7 / 2 = 92.
    const random = rows.find(({ strategy, size }) => strategy === "local-random" && size === 4);
    expect(random?.theory_applications).toBeCloseTo(50 / 3, 9);
    expect(random?.theory_applications).toBe(randomTheory()(4).applications);
    expect(random?.ratio_to_theory).toBeCloseTo(Number(random?.mean_primitive_cost) / ((50 / 3) * 92), 9);
  });

  it("2. quantiles of the cost to target", () => {
    const rows = ask(2);
    expect(rows).toHaveLength(12);
    for (const { strategy, size, ...row } of rows) {
      const costs = callsByRun(strategy, size).map((calls) => sum(calls.map(primitiveCost)));
      costs.sort((a, b) => a - b);
      // The smallest cost that at least a share q of the 12 runs do not exceed: ranks 2, 6 and 11.
      expect(row).toEqual({ runs: 12, quantile_10: costs[1], median: costs[5], quantile_90: costs[10] });
    }
  });

  it("2. a quantile that falls on a run that missed the target is NULL", async () => {
    const store = join(temporaryFolder(), "censored.sqlite");
    const budget = { runBudget: { calls: 6 } };
    await runInto(store, { ...overrideCampaign(quickStart, { sizes: [4], seeds: 12 }), ...budget });
    const rows = ask(2, store);
    for (const { strategy, median, quantile_10, quantile_90 } of rows) {
      const [{ solved } = { solved: 0 }] = query(
        store,
        "SELECT sum(is_solved) AS solved FROM run WHERE strategy = ?",
        strategy,
      );
      expect(Number(solved)).toBeLessThan(11);
      expect(quantile_90).toBeNull();
      expect(median === null).toBe(Number(solved) < 6);
      expect(quantile_10 === null).toBe(Number(solved) < 2);
    }
    expect(rows.some(({ quantile_10 }) => quantile_10 !== null)).toBe(true);
  });

  it("3. best so far against cost", () => {
    const { candidates, calls } = lastRun();
    const records = candidates.filter(({ fitness }, index) =>
      candidates.slice(0, index).every((before) => Number(before.fitness) < Number(fitness)),
    );
    expect(ask(3)).toEqual(
      records.map(({ sequence, fitness }) => {
        const before = calls.filter((call) => call.sequence <= Number(sequence));
        return {
          ...{ sequence, fitness, calls: before.length },
          primitive_cost: sum(before.map(primitiveCost)),
          linear_cost: sum(before.map(linearCost)),
        };
      }),
    );
    expect(records.at(-1)?.fitness).toBe(4);
  });

  it("4. which operators pay off", () => {
    const calls = rawCalls();
    const expected = strategies.map((strategy) => {
      const own = calls.filter((call) => call.strategy === strategy);
      const cost = sum(own.map(primitiveCost));
      const [{ accepted } = { accepted: 0 }] = query(
        path,
        `SELECT count(*) AS accepted FROM candidate c JOIN run r ON r.id = c.run_id
         WHERE r.campaign_id = 2 AND r.strategy = ? AND c.status = 'accepted'`,
        strategy,
      );
      return {
        ...{ strategy, operator: strategy === "global" ? "global-rewrite" : "local-rewrite" },
        ...{ candidates: own.length, accepted, discarded: own.length - Number(accepted), rejected: 0 },
        accepted_share: expect.closeTo(Number(accepted) / own.length, 12),
        primitive_cost_per_accepted: expect.closeTo(cost / Number(accepted), 6),
      };
    });
    expect(ask(4)).toEqual(expected);
  });

  it("5. calls by role and model", () => {
    const calls = rawCalls();
    expect(ask(5)).toEqual([
      {
        ...{ role: "mutator", model: "simulated", provider: "simulated", size: 1, calls: calls.length },
        ...{ failed_calls: 0, input_tokens: sum(calls.map(({ inputTokens }) => inputTokens)) },
        output_tokens: sum(calls.map(({ outputTokens }) => outputTokens)),
        primitive_cost: sum(calls.map(primitiveCost)),
        ...{ usd: null, mean_latency_ms: expect.any(Number) },
      },
    ]);
  });

  it("6. why candidates were rejected or failed", () => {
    const candidates = query(
      other,
      `SELECT r.strategy, c.id, c.operator, c.status, c.reject_reason FROM candidate c
       JOIN run r ON r.id = c.run_id WHERE c.sequence > 0`,
    );
    const evaluations = query(other, "SELECT candidate_id, fail_reason FROM evaluation");
    const failures = new Map(evaluations.map(({ candidate_id, fail_reason }) => [candidate_id, fail_reason]));
    const counts = new Map<string, number>();
    for (const { strategy, id, operator, status, reject_reason } of candidates) {
      const reason = reject_reason ?? failures.get(id) ?? null;
      const key = JSON.stringify({ strategy, operator, status, reason });
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const found = ask(6, other).map(({ candidates, ...row }) => [JSON.stringify(row), candidates]);
    expect(new Map(found as [string, number][])).toEqual(counts);
    expect(found).toHaveLength(counts.size);
    const reasons = ask(6, other).map(({ reason }) => reason);
    expect(reasons).toContain("crash");
    expect(reasons).toContain("the answer lacks component block-1");
  });

  it("7. lineage of the best candidate", () => {
    const { candidates } = lastRun();
    const best = candidates.find(({ fitness }) => fitness === 4);
    const line: Row[] = [];
    for (let at = best; at !== undefined; at = candidates.find(({ id }) => id === at?.parent_id)) {
      const { id, sequence, operator, status, fitness } = at;
      line.push({ depth: line.length, ancestor_id: id, sequence, operator, status, fitness });
    }
    expect(ask(7)).toEqual(line.reverse());
    // Every block is wrong at the start, and a local operator mends one at a time.
    expect(line.map(({ fitness }) => fitness)).toEqual([0, 1, 2, 3, 4]);
  });

  it("8. the full text of the best candidate scores what the store says", async () => {
    const { run, candidates } = lastRun();
    const instance = campaign.problem.instance({ size: Number(run.size), seed: Number(run.seed) });
    const rows = ask(8);
    const genome = rows.map(({ name, text }): Component => ({ name: String(name), text: String(text) }));
    expect(genome.map(({ name }) => name)).toEqual(["block-1", "block-2", "block-3", "block-4"]);
    const evaluation = await score(instance, genome);
    const stored = Math.max(...candidates.map(({ fitness }) => Number(fitness)));
    expect(evaluation).toMatchObject({ status: "ok", fitness: stored });
    expect(stored).toBe(run.best_fitness);
    // The initial solution scores 0: the evaluator does look at the text.
    const initial = await score(instance, instance.components);
    expect(initial).toMatchObject({ fitness: 0 });
  });

  it("9. which component was changed when", () => {
    const { run, candidates } = lastRun();
    const changes = query(path, "SELECT * FROM candidate_change ORDER BY candidate_id, component_index");
    const expected = candidates
      .filter(({ sequence }) => Number(sequence) > 0)
      .flatMap(({ id, sequence, generation, operator, status, fitness }) =>
        changes
          .filter(({ candidate_id }) => candidate_id === id)
          .map(({ component_index }) => ({
            ...{ sequence, generation, operator },
            component: `block-${Number(component_index) + 1}`,
            ...{ status, fitness },
          })),
      );
    expect(ask(9)).toEqual(expected);
    expect(expected).toHaveLength(candidates.length - 1); // a local operator changes one component each time
    expect(run.strategy).toBe("local-random");
  });

  it("10. cost under your own price", () => {
    const rows = ask(10);
    expect(rows).toHaveLength(12);
    for (const { strategy, size, ...row } of rows) {
      const money = callsByRun(strategy, size).map((calls) =>
        sum(calls.map(({ inputTokens, outputTokens }) => (inputTokens * 0.15 + outputTokens * 0.6) / 1e6)),
      );
      expect(row).toEqual({
        ...{ runs: 12, mean_usd: expect.closeTo(mean(money), 12) },
        greatest_usd: expect.closeTo(Math.max(...money), 12),
      });
    }
  });
});
