/** Opens store files: checks that the file is a store of a version we know and brings it up to date. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError, UsageError } from "../core/index.ts";
import { applicationId, migrations } from "./schema.ts";
import { type Connection, Database } from "./sqlite.ts";

/** Opens an existing store to read from. */
export function openToRead(path: string): Connection {
  if (!existsSync(path)) {
    throw new UsageError(
      `Store '${path}' does not exist; 'allele run CAMPAIGN.ts --store ${path}' makes one`,
    );
  }
  if (!statSync(path).isFile())
    throw new UsageError(`Store '${path}' is no regular file; expected a SQLite file`);
  return guard(path, () => {
    const connection = new Database(path, { readonly: true });
    try {
      const version = checkVersion(path, connection);
      if (version < migrations.length) {
        throw new StoreError(
          `Store '${path}' has schema version ${version}, expected ${migrations.length}; ` +
            "run 'allele run' on it once to bring it up to date",
        );
      }
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  });
}

/** Opens a store to write to, making the file and bringing its schema up to date where needed. */
export function openToWrite(path: string): Connection {
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new UsageError(`Store '${path}' is no regular file; expected a SQLite file`);
  }
  return guard(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const connection = new Database(path);
    try {
      checkVersion(path, connection); // before anything is written
      connection.pragma("journal_mode = WAL");
      connection.pragma("synchronous = FULL");
      connection.pragma("foreign_keys = ON");
      connection.pragma("cache_size = -65536");
      const bringUpToDate = connection.transaction(() => {
        for (const migration of migrations.slice(checkVersion(path, connection))) connection.exec(migration);
        connection.pragma(`application_id = ${applicationId}`);
        connection.pragma(`user_version = ${migrations.length}`);
      });
      bringUpToDate.immediate(); // one of several processes that make the same store
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  });
}

/** The schema version of a store; 0 for a database that holds nothing yet. */
function checkVersion(path: string, connection: Connection): number {
  const id = connection.pragma("application_id", { simple: true });
  const isEmpty = connection.prepare("SELECT 1 FROM sqlite_schema").get() === undefined;
  if (id === 0 && isEmpty) return 0;
  if (id !== applicationId) {
    throw new StoreError(`'${path}' is a SQLite file but no Allele store; choose another file`);
  }
  const version = Number(connection.pragma("user_version", { simple: true }));
  if (version > migrations.length) {
    throw new StoreError(
      `Store '${path}' has schema version ${version}, this Allele knows up to ${migrations.length}; ` +
        "install a newer Allele",
    );
  }
  return version;
}

/** Turns SQLite's errors on opening into ours. */
function guard<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw toStoreError(path, error);
  }
}

/** Says in our words what SQLite or the file system could not do; passes other errors on. */
export function toStoreError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  if (code === "SQLITE_NOTADB") return new StoreError(`'${path}' is no SQLite file; choose another file`);
  if (code.startsWith("SQLITE_CORRUPT"))
    return new StoreError(`Store '${path}' is damaged: ${error.message}`);
  if (code.startsWith("SQLITE_BUSY")) {
    return new StoreError(
      `Store '${path}' is being written by another process; wait for it or choose another file`,
    );
  }
  if (code.startsWith("SQLITE_READONLY") || code === "EACCES" || code === "EROFS") {
    return new StoreError(
      `Store '${path}' or its folder cannot be written (${error.message}); SQLite keeps two files beside it, ` +
        "also to read: make the folder writable or copy the store",
    );
  }
  if (code.startsWith("SQLITE_IOERR")) {
    return new StoreError(
      `Store '${path}' met an error of the disk: ${error.message}; what was committed is safe`,
    );
  }
  if (code.startsWith("SQLITE_FULL") || code === "ENOSPC") {
    return new StoreError(`No room left on the disk for store '${path}'; what was committed is safe`);
  }
  if (code.startsWith("SQLITE_CANTOPEN") || code === "ENOTDIR" || code === "EEXIST") {
    return new StoreError(`Store '${path}' cannot be opened: ${error.message}`);
  }
  return error;
}
