/** Whole stores as plain values, to be compared. */
import { openToRead } from "../../src/index.ts";

/** Columns that hold times, which differ from one run to the next. */
const times = new Set(["created_at", "started_at", "wall_ms", "latency_ms"]);

/** A row of any table. */
export type Row = Readonly<Record<string, unknown>>;

/** All rows of all tables of a store, times aside. */
export function readTables(path: string): Readonly<Record<string, readonly Row[]>> {
  const store = openToRead(path);
  try {
    const names = store
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    return Object.fromEntries(
      names.map((name) => {
        const rows = store.prepare<[], Row>(`SELECT * FROM ${name}`).all();
        return [
          name,
          rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !times.has(column)))),
        ];
      }),
    );
  } finally {
    store.close();
  }
}

/** The rows of one query. */
export function query(path: string, sql: string, ...values: readonly unknown[]): readonly Row[] {
  const store = openToRead(path);
  try {
    return store.prepare<unknown[], Row>(sql).all(...values);
  } finally {
    store.close();
  }
}
