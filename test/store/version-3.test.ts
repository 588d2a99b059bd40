import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  applicationId,
  blocks,
  type Campaign,
  defineCampaign,
  findDifference,
  localRewrite,
  type Model,
  migrations,
  openToRead,
  readCall,
  readRecording,
  runCampaign,
  Store,
  simulated,
} from "../../src/index.ts";
import { Database } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "./folder.ts";
import { query } from "./tables.ts";

/** A free model and one that stands for a paid one, and how often the paid one was called. */
function models() {
  const calls = { count: 0 };
  const inner = simulated({ name: "live", vocabulary: 4 });
  const live: Model = {
    ...inner,
    ...{ provider: "live", isDeterministic: false },
    generate(request) {
      calls.count += 1;
      return inner.generate(request);
    },
  };
  return { live, free: simulated({ name: "free", vocabulary: 4 }), calls };
}

const campaignOf = ({ live, free }: ReturnType<typeof models>): Campaign =>
  defineCampaign({
    ...{ name: "old", problem: blocks({ tokensPerBlock: 3 }), sizes: [2], seeds: 2 },
    strategies: {
      live: { operators: [localRewrite({ temperature: 0.7 })], models: { mutator: live } },
      free: { operators: [localRewrite()], models: { mutator: free } },
    },
    runBudget: { calls: 20 },
  });

async function carryOut(path: string, campaign: Campaign, recording?: ReturnType<typeof readRecording>) {
  const store = new Store(path);
  const signal = new AbortController().signal;
  await runCampaign(campaign, { store, signal, ...(recording === undefined ? {} : { recording }) });
  store.close();
}

/** Writes the campaigns of a store of today as version 3 did: whole requests for paid calls, no prompts, no notes. */
function writeVersion3(path: string, today: string): void {
  const store = new Database(path);
  for (const migration of migrations.slice(0, 3)) store.exec(migration);
  store.pragma(`application_id = ${applicationId}`);
  store.pragma("user_version = 3");
  store.pragma("foreign_keys = OFF"); // a run names its solving candidate
  store.exec(`ATTACH '${today}' AS today`);
  const tables = store
    .prepare<[], string>("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    .pluck()
    .all() as string[];
  for (const table of tables) {
    const columns = store
      .prepare(`SELECT name FROM pragma_table_info('${table}', 'main')`)
      .pluck()
      .all()
      .join();
    store.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM today.${table}`);
  }
  const requests = store
    .prepare<[], { id: number; prompt: string; request: string }>(
      `SELECT k.id, p.text AS prompt, k.request FROM today.llm_call k JOIN today.prompt p ON p.id = k.prompt_id
       WHERE k.request IS NOT NULL`,
    )
    .all();
  const write = store.prepare("UPDATE main.llm_call SET request = ? WHERE id = ?");
  for (const { id, prompt, request } of requests) {
    write.run(JSON.stringify({ ...JSON.parse(prompt), ...JSON.parse(request) }), id);
  }
  store.close();
}

describe("a store of version 3", () => {
  it("is brought up to date when it is written to, replays, and tells what paid calls sent", async () => {
    const folder = temporaryFolder();
    const [today, old, replayed] = ["today", "old", "replayed"].map((name) => join(folder, `${name}.sqlite`));
    const made = models();
    await carryOut(today!, campaignOf(made));
    writeVersion3(old!, today!);
    expect(() => openToRead(old!)).toThrow("has schema version 3, expected 5; run 'allele run' on it once");

    new Store(old!).close();
    expect(query(old!, "PRAGMA user_version")).toEqual([{ user_version: migrations.length }]);
    expect(query(old!, "PRAGMA foreign_key_check")).toEqual([]);
    expect(query(old!, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const summary = "SELECT * FROM operator_summary ORDER BY strategy";
    expect(query(old!, summary)).toEqual(query(today!, summary));

    const [then, now] = [openToRead(old!), openToRead(today!)];
    const ids = query(today!, "SELECT id, request IS NULL AS isFree FROM llm_call ORDER BY id");
    for (const { id, isFree } of ids) {
      const call = readCall(now, Number(id));
      expect(call.prompt).toBeDefined();
      expect(readCall(then, Number(id))).toEqual(isFree ? { ...call, prompt: undefined } : call);
    }
    expect(new Set(ids.map(({ isFree }) => isFree))).toEqual(new Set([0, 1]));

    const again = models();
    await carryOut(replayed!, campaignOf(again), readRecording(then, 1));
    expect(again.calls.count).toBe(0);
    const repeated = { store: openToRead(replayed!), campaignId: 1 };
    expect(findDifference({ store: then, campaignId: 1 }, repeated)).toBeUndefined();
    expect(findDifference({ store: now, campaignId: 1 }, repeated)).toBeUndefined();
    for (const { store } of [{ store: then }, { store: now }, repeated]) store.close();
  });

  it("takes further campaigns, which keep prompts", async () => {
    const folder = temporaryFolder();
    const [today, old] = [join(folder, "today.sqlite"), join(folder, "old.sqlite")];
    await carryOut(today, campaignOf(models()));
    writeVersion3(old, today);
    await carryOut(old, campaignOf(models()));
    const kept = `SELECT r.campaign_id AS campaign, count(*) = count(k.prompt_id) AS isKept, count(k.prompt_id) > 0 AS hasAny
      FROM llm_call k JOIN run r ON r.id = k.run_id GROUP BY r.campaign_id`;
    expect(query(old, kept)).toEqual([
      { campaign: 1, isKept: 0, hasAny: 0 },
      { campaign: 2, isKept: 1, hasAny: 1 },
    ]);
  });
});

describe("two campaigns", () => {
  it.each([
    ["a paid call's", "live"],
    ["a free call's", "free"],
  ])("differ where %s prompt does", async (_whose, strategy) => {
    const folder = temporaryFolder();
    const paths = [join(folder, "a.sqlite"), join(folder, "b.sqlite")] as const;
    for (const path of paths) await carryOut(path, campaignOf(models()));
    const compare = () => {
      const [first, second] = [openToRead(paths[0]), openToRead(paths[1])];
      const found = findDifference({ store: first, campaignId: 1 }, { store: second, campaignId: 1 });
      for (const store of [first, second]) store.close();
      return found;
    };
    expect(compare()).toBeUndefined();
    const edit = new Database(paths[1]);
    edit.exec(`INSERT INTO prompt (hash, text) VALUES (x'00', '{"messages":[]}');
      UPDATE llm_call SET prompt_id = (SELECT max(id) FROM prompt) WHERE id =
        (SELECT max(k.id) FROM llm_call k JOIN run r ON r.id = k.run_id WHERE r.strategy = '${strategy}')`);
    edit.close();
    expect(compare()).toMatch(strategy === "live" ? /^llm_call row \d+ was / : /^prompt row \d+ was /);
  });
});
