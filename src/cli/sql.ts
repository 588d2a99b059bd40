/** `allele sql`: asks the store with SQL, read-only. */
import { UsageError } from "../core/index.ts";
import { openToRead, type Statement } from "../store/index.ts";
import { exitCode } from "./exit-code.ts";
import { harmless, table } from "./text.ts";

/** Formats of the answer. */
export type SqlFormat = "table" | "csv" | "json";

/** Most rows that a table shows. */
const mostTableRows = 1000;
/** Most characters of a cell that a table shows. */
const mostCellCharacters = 60;

/** Runs one query and prints its rows; csv and json are written row by row. */
export async function sql(
  path: string,
  query: string,
  options: { readonly format: SqlFormat },
): Promise<number> {
  const store = openToRead(path);
  try {
    let statement: Statement<[], unknown[]>;
    try {
      statement = store.prepare<[], unknown[]>(query);
    } catch (error) {
      throw new UsageError(
        `The query is not valid: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (!statement.reader)
      throw new UsageError("The query returns no rows; expected a SELECT (the store is read-only)");
    const columns = statement.columns().map(({ name }) => name);
    const rows = statement.raw().iterate() as IterableIterator<unknown[]>;
    try {
      if (options.format === "csv") await writeCsv(columns, rows);
      else if (options.format === "json") await writeJson(columns, rows);
      else writeTable(columns, rows);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "SQLITE_READONLY") {
        throw new UsageError("The query would change the store; expected a SELECT (the store is read-only)");
      }
      throw error;
    }
  } finally {
    store.close();
  }
  return exitCode.done;
}

function writeTable(columns: readonly string[], rows: Iterable<unknown[]>): void {
  const shown: string[][] = [];
  let isCut = false;
  const isNumber = columns.map(() => true);
  for (const row of rows) {
    if (shown.length === mostTableRows) {
      isCut = true;
      break;
    }
    for (const [index, value] of row.entries()) {
      if (value !== null && typeof value !== "number") isNumber[index] = false;
    }
    shown.push(row.map(cell));
  }
  console.log(table([[...columns], ...shown], isNumber));
  const count = `${shown.length} row${shown.length === 1 ? "" : "s"}`;
  console.log(isCut ? `(the first ${count}; --format csv or json gives all)` : `(${count})`);
}

function cell(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(7)));
  const text = harmless(plain(value)).replace(/\n/g, "\\n").replace(/\t/g, "\\t");
  return text.length > mostCellCharacters ? `${text.slice(0, mostCellCharacters - 3)}...` : text;
}

/** Blobs as hexadecimal, everything else as it is. */
function plain(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value ?? "");
}

async function writeCsv(columns: readonly string[], rows: Iterable<unknown[]>): Promise<void> {
  const quote = (value: unknown) => {
    const text = plain(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  await write(`${columns.map(quote).join(",")}\n`);
  for (const row of rows) await write(`${row.map(quote).join(",")}\n`);
}

async function writeJson(columns: readonly string[], rows: Iterable<unknown[]>): Promise<void> {
  let separator = "[\n";
  for (const row of rows) {
    const entries = columns.map((name, index) => {
      const value = row[index];
      return [name, value instanceof Uint8Array ? plain(value) : value];
    });
    await write(`${separator}${JSON.stringify(Object.fromEntries(entries))}`);
    separator = ",\n";
  }
  await write(separator === "[\n" ? "[]\n" : "\n]\n");
}

/** Writes to standard output and waits while it is full. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
