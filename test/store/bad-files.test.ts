import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  AlleleError,
  listCampaigns,
  openToRead,
  Store,
  StoreError,
  toStoreError,
  UsageError,
} from "../../src/index.ts";
import { Database } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "./folder.ts";
import { query } from "./tables.ts";
import { runInto, varietyCampaign } from "./variety.ts";

const read = (path: string) => openToRead(path).close();
const write = (path: string) => new Store(path).close();

/** The error that an action throws. */
function errorOf(action: () => void): AlleleError {
  try {
    action();
  } catch (error) {
    if (error instanceof AlleleError) return error;
    throw error;
  }
  throw new Error("expected an error, got none");
}

/** Does something without the rights of the superuser, whom no file permission stops. */
function asOrdinaryUser<T>(action: () => T): T {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(65534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}

async function realStore(): Promise<string> {
  const path = join(temporaryFolder(), "store.sqlite");
  await runInto(path, varietyCampaign(1));
  return path;
}

/** Makes a SQLite file by statements. */
function sqliteFile(...statements: readonly string[]): string {
  const path = join(temporaryFolder(), "some.sqlite");
  const connection = new Database(path);
  for (const statement of statements) connection.exec(statement);
  connection.close();
  return path;
}

function textFile(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), "some.sqlite");
  writeFileSync(path, content);
  return path;
}

describe("a file that is missing", () => {
  it("is a user's mistake to read, and is not made", () => {
    const path = join(temporaryFolder(), "missing.sqlite");
    const error = errorOf(() => read(path));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(
      `Store '${path}' does not exist; 'allele run CAMPAIGN.ts --store ${path}' makes one`,
    );
    expect(existsSync(path)).toBe(false);
  });

  it("is made to write, with its folders", () => {
    const path = join(temporaryFolder(), "new", "folder", "store.sqlite");
    write(path);
    expect(readdirSync(join(path, ".."))).toEqual(["store.sqlite"]);
    expect(query(path, "SELECT count(*) AS campaigns FROM campaign")).toEqual([{ campaigns: 0 }]);
  });

  it("is made also where a process died before it wrote anything", () => {
    for (const path of [textFile(""), sqliteFile("PRAGMA journal_mode = WAL")]) {
      write(path);
      expect(query(path, "SELECT count(*) AS campaigns FROM campaign")).toEqual([{ campaigns: 0 }]);
    }
  });
});

describe("a file that is no store", () => {
  const noSqlite = (path: string) => `'${path}' is no SQLite file; choose another file`;
  const noStore = (path: string) => `'${path}' is a SQLite file but no Allele store; choose another file`;
  it.each([
    ["a short text", () => textFile("hello"), noSqlite],
    ["a long text", () => textFile("All work and no play.\n".repeat(1000)), noSqlite],
    [
      "random bytes",
      () => textFile(new Uint8Array(8192).map((_, index) => (index * 167 + 13) % 256)),
      noSqlite,
    ],
    ["another program's SQLite file", () => sqliteFile("CREATE TABLE note (text TEXT)"), noStore],
    [
      "an empty SQLite file that another program has marked as its own",
      () => sqliteFile("PRAGMA application_id = 7; PRAGMA user_version = 1"),
      noStore,
    ],
    [
      "a store of a newer version",
      () =>
        sqliteFile(
          "CREATE TABLE campaign (id)",
          `PRAGMA application_id = ${0x416c6c65}`,
          "PRAGMA user_version = 99",
        ),
      (path: string) =>
        `Store '${path}' has schema version 99, this Allele knows up to 5; install a newer Allele`,
    ],
  ])("gives one clear error and stays as it is: %s", (_what, make, message) => {
    const path = make();
    const before = readFileSync(path);
    for (const open of [read, write]) {
      const error = errorOf(() => open(path));
      expect(error).toBeInstanceOf(StoreError);
      expect(error.message).toBe(message(path));
    }
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(path, ".."))).toEqual(["some.sqlite"]);
  });

  it("gives one clear error and stays as it is: a directory", () => {
    const path = join(temporaryFolder(), "directory");
    mkdirSync(path);
    for (const open of [read, write]) {
      const error = errorOf(() => open(path));
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toBe(`Store '${path}' is no regular file; expected a SQLite file`);
    }
    expect(readdirSync(path)).toEqual([]);
  });

  it("gives one clear error: a path that leads through a file", () => {
    const file = textFile("hello");
    const error = errorOf(() => write(join(file, "store.sqlite")));
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toMatch(/^Store '.*some\.sqlite\/store\.sqlite' cannot be opened: /);
    expect(readFileSync(file, "utf8")).toBe("hello");
  });
});

describe("a store that is damaged", () => {
  it.each([
    [
      "cut in half",
      (path: string) => truncateSync(path, Math.floor(readFileSync(path).length / 8192) * 4096),
    ],
    ["cut inside its first page", (path: string) => truncateSync(path, 1000)],
    [
      "with a schema of zeros",
      (path: string) => {
        const content = readFileSync(path);
        writeFileSync(path, content.fill(0, 100, 4096));
      },
    ],
  ])("gives one clear error and stays as it is: %s", async (_what, damage) => {
    const path = await realStore();
    damage(path);
    const before = readFileSync(path);
    for (const open of [read, write]) {
      const error = errorOf(() => open(path));
      expect(error).toBeInstanceOf(StoreError);
      expect(error.message).toMatch(
        new RegExp(`^Store '${path}' is damaged: |^'${path}' is no SQLite file;`),
      );
    }
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("gives the same clear error when a query meets the damage later, and stays as it is", async () => {
    const path = await realStore();
    const [table] = query(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'campaign'");
    const start = (Number(table?.rootpage) - 1) * 4096;
    writeFileSync(path, readFileSync(path).fill(0x55, start, start + 4096));
    const before = readFileSync(path);
    const store = openToRead(path);
    const error = errorOf(() => {
      try {
        listCampaigns(store);
      } catch (cause) {
        throw toStoreError(path, cause);
      } finally {
        store.close();
      }
    });
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toMatch(/^Store '.*' is damaged: /);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("a store that may not be written", () => {
  it("can be read, gives one clear error to write, and stays as it is", async () => {
    const path = await realStore();
    const before = readFileSync(path);
    const campaigns = query(path, "SELECT name FROM campaign");
    chmodSync(path, 0o444);
    chmodSync(join(path, ".."), 0o777);
    asOrdinaryUser(() => {
      expect(query(path, "SELECT name FROM campaign")).toEqual(campaigns);
      const error = errorOf(() => write(path));
      expect(error).toBeInstanceOf(StoreError);
      expect(error.message).toMatch(new RegExp(`^Store '${path}' or its folder cannot be written `));
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("gives one clear error where its folder may not be written", () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    asOrdinaryUser(() => {
      const error = errorOf(() => write(join(folder, "store.sqlite")));
      expect(error).toBeInstanceOf(StoreError);
      expect(error.message).toMatch(/^Store '.*' cannot be opened: /);
      const deeper = errorOf(() => write(join(folder, "new", "store.sqlite")));
      expect(deeper).toBeInstanceOf(StoreError);
      expect(deeper.message).toMatch(/^Store '.*' or its folder cannot be written /);
    });
    expect(readdirSync(folder)).toEqual([]);
    chmodSync(folder, 0o755);
  });
});
