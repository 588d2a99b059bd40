/**
 * Chooses the build of better-sqlite3 that this Node can run. Version 13 uses Node-API 10, which Node 20 lacks
 * (and crashes without); version 12 crashes in garbage collection on Node 24.19 and later. They have one
 * interface.
 */
import { createRequire } from "node:module";
import type BetterSqlite3 from "better-sqlite3";
import { StoreError } from "../core/index.ts";

/** An open SQLite connection. */
export type Connection = BetterSqlite3.Database;

/** A prepared statement. */
export type Statement<
  Parameters extends unknown[] | object = unknown[],
  Row = unknown,
> = BetterSqlite3.Statement<Parameters extends unknown[] ? Parameters : [Parameters], Row>;

/** What running a statement that returns no rows gives. */
export type Executed = BetterSqlite3.RunResult;

const build = Number(process.versions.napi) >= 10 ? "better-sqlite3-13" : "better-sqlite3";

/** The constructor of connections. */
export const Database: new (path: string, options?: BetterSqlite3.Options) => Connection = load();

function load() {
  try {
    return createRequire(import.meta.url)(build);
  } catch (cause) {
    const fix = "install Allele again with optional dependencies (npm install --include=optional)";
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new StoreError(`Package ${build} for Node ${process.version} cannot be loaded: ${fix}; ${reason}`, {
      cause,
    });
  }
}
