import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openToRead, Store } from "../../src/index.ts";
import { startChild, startChildOnFullDisk } from "./children/child.ts";
import { makeFolder, removeFolder } from "./folder.ts";
import { query } from "./tables.ts";

let folder = "";
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => removeFolder(folder));

/** A store's path that no other test has: these tests run side by side, as they mostly wait. */
let stores = 0;
const newPath = () => join(folder, `${++stores}.sqlite`);

const names = (path: string) => query(path, "SELECT name FROM campaign ORDER BY id").map(({ name }) => name);

describe.concurrent("a store that another process is writing", () => {
  it("refuses to be opened or written with one clear error, and can be read meanwhile", async () => {
    const path = newPath();
    new Store(path).close();
    const early = startChild("write-campaign.ts", path, "open");
    expect(await early.nextLine()).toBe("ready");
    const other = startChild("hold-lock.ts", path);
    expect(await other.nextLine()).toBe("locked");

    // Both wait for SQLite's busy timeout of 5 s, at the same time.
    early.process.stdin?.end();
    const late = startChild("write-campaign.ts", path);
    expect(names(path)).toEqual([]); // the other's row is not committed, and does not block
    const busy = `StoreError: Store '${path}' is being written by another process; wait for it or choose another file`;
    expect(await Promise.all([early.nextLine(), late.nextLine()])).toEqual([busy, busy]);
    expect(names(path)).toEqual([]);

    other.process.stdin?.end();
    expect(await other.nextLine()).toBe("committed");
    expect(names(path)).toEqual(["other"]);
    new Store(path).close(); // it can be written again
    const ends = await Promise.all([early, late, other].map((child) => child.ended()));
    expect(ends).toEqual(Array(3).fill({ code: 0, signal: null }));
  });
});

describe.concurrent("a store that another process is making", () => {
  it("is waited for and then used", async () => {
    const path = newPath();
    const other = startChild("make-slowly.ts", path);
    expect(await other.nextLine()).toBe("making");
    new Store(path).close();
    expect(names(path)).toEqual([]);
    expect(await other.ended()).toEqual({ code: 0, signal: null });
  });
});

describe.concurrent("a store on a disk without room", () => {
  it.each([
    ["while candidates are written", "busy"],
    ["when the timer commits and nobody waits for it", "idle"],
  ])("gives one clear error and keeps what was committed: %s", async (_when, how) => {
    const path = newPath();
    const child = startChildOnFullDisk("fill-disk.ts", path, how);
    expect(await child.nextLine()).toBe(
      `StoreError: Store '${path}' met an error of the disk: disk I/O error; what was committed is safe`,
    );
    expect(await child.ended()).toEqual({ code: 0, signal: null });
    expect(query(path, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const rows = query(path, "SELECT sequence FROM candidate ORDER BY id");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(rows.map((_, sequence) => ({ sequence })));
  });
});

describe("a reader", () => {
  it("is not blocked by a transaction under way, and sees its rows once they are committed", () => {
    const path = newPath();
    const store = new Store(path, { batchMs: 60_000 });
    const campaign = { name: "c", problem: "none", promptMode: "normal", config: {} } as const;
    const campaignId = store.addCampaign({ ...campaign, alleleVersion: "0", createdAt: "" });
    const reader = openToRead(path);
    const count = reader.prepare<[], number>("SELECT count(*) FROM run").pluck();
    const run = { campaignId, strategy: "s", size: 1, target: 1, genome: [], startedAt: "" };
    store.startRun({ ...run, seed: 1 });
    expect(count.get()).toBe(0);
    store.commit();
    expect(count.get()).toBe(1);

    // A reader in the middle of a query keeps its view and does not stop the writer.
    const rows = reader.prepare<[], { seed: number }>("SELECT seed FROM run").iterate();
    expect(rows.next().value).toEqual({ seed: 1 });
    store.startRun({ ...run, seed: 2 });
    store.commit();
    expect(rows.next().done).toBe(true);
    expect(count.get()).toBe(2);
    reader.close();
    store.close();
  });

  it("cannot write", () => {
    const path = newPath();
    new Store(path).close();
    const reader = openToRead(path);
    expect(() => reader.exec("DELETE FROM campaign")).toThrow("readonly");
    reader.close();
  });
});
