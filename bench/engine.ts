/**
 * The engine's speed: stored candidates per second of one run with the simulated model on one thread, as a
 * ratio to inserting the very same rows with better-sqlite3 alone, in the same process, alternating; and
 * whether the time per candidate stays flat. Run with `npm run bench`.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globalRewrite } from "../operators/global-rewrite.ts";
import { localRewrite } from "../operators/local-rewrite.ts";
import { blocks } from "../problems/blocks/problem.ts";
import { defineCampaign } from "../src/campaign.ts";
import type { Operator } from "../src/core/index.ts";
import { simulated } from "../src/llm/simulated.ts";
import { countTokens } from "../src/llm/tokenizer.ts";
import { runCampaign } from "../src/run-campaign.ts";
import { Database, migrations, openToRead, type Statement, Store } from "../src/store/index.ts";

const candidates = Number(process.argv[2] ?? 100_000);
const rounds = Number(process.argv[3] ?? 3);
const folder = mkdtempSync(join(tmpdir(), "allele-bench-"));

countTokens("loads the table of the encoding, which is no part of what is measured");

/** Wall time at which the run had stored so many candidates, in ms from its start. */
interface EngineTimes {
  readonly totalMs: number;
  readonly at: ReadonlyMap<number, number>;
}

/** One run that cannot reach its target (p is tiny) and so stores `candidates` candidates. */
async function runEngine(path: string, operator: Operator, size: number): Promise<EngineTimes> {
  const campaign = defineCampaign({
    name: "bench",
    problem: blocks({ successProbability: 1e-9 }),
    models: { mutator: simulated() },
    strategies: { bench: { operators: [operator] } },
    sizes: [size],
    seeds: 1,
    prompt: "compact",
    runBudget: { evaluations: candidates + 1 },
  });
  const store = new Store(path);
  const marks = new Set([1000, 10_000, candidates]);
  const at = new Map<number, number>();
  const startedAt = performance.now();
  await runCampaign(campaign, {
    store,
    signal: new AbortController().signal,
    onProgress: ({ applications }) => {
      if (marks.has(applications)) at.set(applications, performance.now() - startedAt);
    },
  });
  store.close();
  return { totalMs: performance.now() - startedAt, at };
}

/** One row to insert. */
interface Step {
  readonly table: string;
  readonly row: readonly unknown[];
}

/** All rows of a store in the order of their candidates, an allele or a prompt before its first use. */
function readSteps(source: string): { readonly heads: Step[]; readonly byCandidate: Step[][] } {
  const store = openToRead(source);
  const all = (table: string) =>
    store.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().all() as unknown[][];
  const heads = ["campaign", "run", "component", "model"].flatMap((table) =>
    all(table).map((row) => ({ table, row })),
  );
  const byCandidate = new Map<unknown, Step[]>();
  for (const row of all("candidate")) byCandidate.set(row[0], [{ table: "candidate", row }]);
  const alleles = new Map(all("allele").map((row) => [row[0], row]));
  for (const row of all("candidate_change")) {
    const allele = alleles.get(row[2]);
    if (allele !== undefined) byCandidate.get(row[0])?.push({ table: "allele", row: allele });
    alleles.delete(row[2]);
    byCandidate.get(row[0])?.push({ table: "candidate_change", row });
  }
  for (const row of all("evaluation")) byCandidate.get(row[0])?.push({ table: "evaluation", row });
  const prompts = new Map(all("prompt").map((row) => [row[0], row]));
  for (const row of all("llm_call")) {
    const promptId = row.at(-1);
    const prompt = prompts.get(promptId);
    if (prompt !== undefined) byCandidate.get(row[2])?.push({ table: "prompt", row: prompt });
    prompts.delete(promptId);
    byCandidate.get(row[2])?.push({ table: "llm_call", row });
  }
  store.close();
  return { heads, byCandidate: [...byCandidate.values()] };
}

/** Inserts the same rows into a new file with better-sqlite3 alone, 1,000 candidates a transaction; returns ms. */
function insertRaw({ heads, byCandidate }: ReturnType<typeof readSteps>, path: string): number {
  const store = new Database(path);
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"])
    store.pragma(pragma);
  for (const migration of migrations) store.exec(migration);
  const statements = new Map<string, Statement>();
  const insert = ({ table, row }: Step) => {
    let statement = statements.get(table);
    if (statement === undefined) {
      statement = store.prepare(`INSERT INTO ${table} VALUES (${row.map(() => "?").join(",")})`);
      statements.set(table, statement);
    }
    statement.run(...row);
  };
  store.pragma("foreign_keys = OFF"); // a run names its solving candidate before that is inserted
  for (const step of heads) insert(step);
  store.pragma("foreign_keys = ON");
  const startedAt = performance.now();
  store.exec("BEGIN");
  for (const [index, steps] of byCandidate.entries()) {
    for (const step of steps) insert(step);
    if (index % 1000 === 999) store.exec("COMMIT; BEGIN");
  }
  store.exec("COMMIT");
  const ms = performance.now() - startedAt;
  store.close();
  return ms;
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const cases = [
  { name: "local-rewrite, k = 8", operator: localRewrite({ schedule: "random" }), size: 8 },
  { name: "local-rewrite, k = 100", operator: localRewrite({ schedule: "random" }), size: 100 },
  { name: "global-rewrite, k = 8", operator: globalRewrite(), size: 8 },
];
console.log(
  `${candidates} candidates a run, median of ${rounds} alternating rounds, Node ${process.version}`,
);
const results = [];
try {
  for (const { name, operator, size } of cases) {
    const engine: EngineTimes[] = [];
    const raw: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const path = join(folder, `${size}-${round}.sqlite`);
      engine.push(await runEngine(path, operator, size));
      raw.push(insertRaw(readSteps(path), `${path}.raw`));
      bytes = statSync(path).size / candidates;
      for (const file of [path, `${path}.raw`]) rmSync(file);
    }
    const perCandidate = (from: number, to: number) =>
      median(engine.map(({ at }) => ((at.get(to) ?? 0) - (at.get(from) ?? 0)) / (to - from))) * 1000;
    const engineRate = candidates / (median(engine.map(({ totalMs }) => totalMs)) / 1000);
    const rawRate = candidates / (median(raw) / 1000);
    results.push({
      case: name,
      "engine, candidates/s": Math.round(engineRate),
      "raw inserts, candidates/s": Math.round(rawRate),
      ratio: Number(median(engine.map(({ totalMs }, round) => (raw[round] ?? 0) / totalMs)).toFixed(2)),
      "us each, 1k to 10k": Number(perCandidate(1000, 10_000).toFixed(1)),
      "us each, 10k to the end": Number(perCandidate(10_000, candidates).toFixed(1)),
      "bytes each": Math.round(bytes),
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(results);
console.log(JSON.stringify(results));
