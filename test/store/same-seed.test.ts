import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "./children/child.ts";
import { makeFolder, removeFolder, temporaryFolder } from "./folder.ts";
import { query, readTables } from "./tables.ts";
import { runInto, varietyCampaign } from "./variety.ts";

/** A folder with the store of the campaign, run once, that the tests below read. */
let folder = "";
let path = "";
beforeAll(async () => {
  folder = makeFolder();
  path = join(folder, "store.sqlite");
  await runInto(path, varietyCampaign());
});
afterAll(() => removeFolder(folder));

describe("a campaign of deterministic models", () => {
  it("writes the same rows again in the same process and in another one", async () => {
    const [again, elsewhere] = ["again", "elsewhere"].map((name) =>
      join(temporaryFolder(), `${name}.sqlite`),
    );
    const child = startChild("run-variety.ts", elsewhere!);
    await runInto(again!, varietyCampaign());
    expect(await child.ended()).toEqual({ code: 0, signal: null });

    const tables = readTables(path);
    expect(readTables(again!)).toEqual(tables);
    expect(readTables(elsewhere!)).toEqual(tables);
    // Sameness means little unless the campaign left a bit of everything.
    for (const [name, rows] of Object.entries(tables)) expect(rows.length, name).toBeGreaterThan(0);
    const kinds = query(path, "SELECT DISTINCT status FROM candidate ORDER BY 1").map(({ status }) => status);
    expect(kinds).toEqual(["accepted", "discarded", "initial", "rejected"]);
    const some = (sql: string) => expect(query(path, sql).length, sql).toBeGreaterThan(0);
    some("SELECT 1 FROM candidate WHERE second_parent_id IS NOT NULL");
    some("SELECT 1 FROM evaluation WHERE fail_reason = 'crash'");
    some("SELECT 1 FROM evaluation WHERE metrics IS NOT NULL AND feedback IS NOT NULL");
    some("SELECT 1 FROM candidate GROUP BY run_id, generation HAVING count(*) = 4");
  });

  it("writes other rows for another seed", () => {
    const runs = query(
      path,
      `SELECT r.strategy, r.size, r.seed, group_concat(h.allele_id) AS alleles
       FROM run r JOIN candidate c ON c.run_id = r.id JOIN candidate_change h ON h.candidate_id = c.id
       WHERE c.sequence > 0 GROUP BY r.id`,
    );
    expect(runs.length).toBe(16);
    expect(new Set(runs.map(({ alleles }) => alleles)).size).toBe(16);
  });

  it("numbers candidates in ask order, also where answers overtake each other", () => {
    const candidates = query(path, "SELECT run_id, sequence FROM candidate ORDER BY id");
    const inOrder = query(path, "SELECT run_id, sequence FROM candidate ORDER BY run_id, sequence");
    expect(candidates).toEqual(inOrder);
  });
});

describe("the tables of a store", () => {
  it("are all strict, and every id that points elsewhere is a foreign key", () => {
    const tables = query(
      path,
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'",
    );
    const own = tables.filter(({ name }) => !String(name).startsWith("sqlite_"));
    expect(own).toHaveLength(12);
    expect(own.filter(({ strict }) => strict !== 1)).toEqual([]);
    const loose = query(
      path,
      `SELECT l.name, x.name AS "column" FROM pragma_table_list l, pragma_table_info(l.name) x
       WHERE l.type = 'table' AND l.schema = 'main' AND x.name LIKE '%\\_id' ESCAPE '\\'
         AND NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(l.name) f WHERE f."from" = x.name)`,
    );
    expect(loose).toEqual([]);
  });

  it("keep each text once, also when the same campaign runs again in the same store", async () => {
    const before = readTables(path);
    expect(await runInto(path, varietyCampaign())).toBe(2);
    const after = readTables(path);

    expect(after.allele).toEqual(before.allele);
    expect(after.prompt).toEqual(before.prompt);
    expect(after.model).toEqual(before.model);
    expect(after.candidate).toHaveLength(2 * before.candidate!.length);
    expect(query(path, "SELECT 1 FROM allele GROUP BY text HAVING count(*) > 1")).toEqual([]);
    // The second campaign has the same texts, candidate by candidate.
    const texts = (campaign: number) =>
      query(
        path,
        `SELECT r.strategy, r.size, r.seed, c.sequence, c.status, h.component_index, h.allele_id
         FROM run r JOIN candidate c ON c.run_id = r.id JOIN candidate_change h ON h.candidate_id = c.id
         WHERE r.campaign_id = ? ORDER BY c.id, h.component_index`,
        campaign,
      );
    expect(texts(2)).toEqual(texts(1));
  });

  it("pass SQLite's own checks of foreign keys and integrity", () => {
    expect(query(path, "PRAGMA foreign_key_check")).toEqual([]);
    expect(query(path, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });
});
