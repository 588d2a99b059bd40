/** `allele sql`: asks the store with SQL, read-only. */
import { UsageError } from "../core/index.ts";
import { type Connection, openToRead, type Statement, toStoreError } from "../store/index.ts";
import { exitCode } from "./exit-code.ts";
import { harmlessLine, table } from "./text.ts";

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
    const statement = prepare(store, path, query);
    const columns = statement.columns().map(({ name }) => name);
    const rows = answers(statement, path);
    if (options.format === "csv") await writeCsv(columns, rows);
    else if (options.format === "json") await writeJson(columns, rows);
    else writeTable(columns, rows);
  } finally {
    store.close();
  }
  return exitCode.done;
}

function prepare(store: Connection, path: string, query: string): Statement<[], unknown[]> {
  let statement: Statement<[], unknown[]>;
  try {
    statement = store.prepare<[], unknown[]>(query);
  } catch (error) {
    throw toQueryError(path, error);
  }
  if (!statement.reader)
    throw new UsageError("The query returns no rows; expected a SELECT (the store is read-only)");
  return statement;
}

/** The rows as they come; many mistakes in a query show only then. */
function* answers(statement: Statement<[], unknown[]>, path: string): Generator<unknown[]> {
  try {
    yield* statement.raw().iterate() as IterableIterator<unknown[]>;
  } catch (error) {
    throw toQueryError(path, error);
  }
}

/** What the file, the disk or another process is to blame for; anything else is a mistake in the query. */
const storeCodes = /^SQLITE_(BUSY|CANTOPEN|CORRUPT|FULL|IOERR|LOCKED|NOMEM|NOTADB|PROTOCOL)/;

function toQueryError(path: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (storeCodes.test(code)) return toStoreError(path, error);
  if (code.startsWith("SQLITE_READONLY")) {
    return new UsageError("The query would change the store; expected a SELECT (the store is read-only)");
  }
  const reason = /parameter values/.test(error.message)
    ? "it has parameters such as ?; write the values themselves"
    : error.message;
  return new UsageError(`The query cannot be answered: ${reason}`, { cause: error });
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
  const text = harmlessLine(plain(value));
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
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UsageError(
      `The query has two columns named '${twice}', and JSON keeps one of a name; name them apart with AS`,
    );
  }
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
