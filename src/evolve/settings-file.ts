/** Reading YAML and JSON settings: data only, no tags that make objects, aliases bounded. */
import { readFileSync, statSync } from "node:fs";
import { parseDocument } from "yaml";
import { checkBetween, checkWhole, UsageError } from "../core/index.ts";

/** The values of a settings file, or none where there is no file. */
export interface Settings {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a settings file whose top is a mapping. The peers' files follow YAML 1.1, as PyYAML does, where `yes`
 * is true and the last of two equal keys wins; ours follow 1.2. Throws a UsageError with line and column.
 */
export function readSettings(path: string, file: string, version: "1.1" | "1.2"): Settings {
  if (statSync(path).size > 1_000_000) throw new UsageError(`${path} is larger than 1 MB; expected settings`);
  const text = readFileSync(path, "utf8");
  const document = version === "1.1" ? parseLikePython(text) : parseDocument(text, { logLevel: "silent" });
  // Warnings are tags that the schema does not know, such as !!python/object.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const [at] = problem.linePos ?? [];
    const place = at === undefined ? "" : `:${at.line}:${at.col}`;
    const [message = ""] = problem.message.split("\n");
    const reason = message.replace(/ at line \d+, column \d+:?$/, "").trim();
    throw new UsageError(`${path}${place}: ${reason}; expected valid YAML`);
  }
  const values = toData(path, () => document.toJS({ maxAliasCount: 100 }));
  if (values === null) return { file, values: {} };
  if (!isMapping(values))
    throw new UsageError(`${path} must hold a mapping of settings, got ${kind(values)}`);
  return { file, values };
}

/** Parses what PyYAML takes: equal keys, and quoted texts whose later lines are not indented. */
function parseLikePython(text: string): ReturnType<typeof parseDocument> {
  const document = parseDocument(text, { version: "1.1", uniqueKeys: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error?.code !== "MISSING_CHAR") return document;
  const start = error.pos[0] - 1;
  const quoted = /^(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*')/.exec(text.slice(start))?.[0];
  if (!quoted?.includes("\n") || quoted.includes(`\n${indentation}`)) return document;
  const indented = quoted.replace(/\n/g, `\n${indentation}`);
  return parseLikePython(`${text.slice(0, start)}${indented}${text.slice(start + quoted.length)}`);
}

/** Deeper than any settings; at the start of a line of a quoted text, spaces mean nothing. */
const indentation = " ".repeat(64);

function toData(path: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UsageError(`${path}: ${error.message}; write the repeated parts out`);
  }
}

/** Whether a value is a mapping of the file, not a list, a date, or bytes. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The value at a dotted path; undefined where there is none, or null. */
export function valueAt({ values }: Settings, path: string): unknown {
  let value: unknown = values;
  for (const key of path.split(".")) {
    if (!isMapping(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value ?? undefined;
}

/** A number from `low` to `high`, if there is one. */
export function numberAt(settings: Settings, path: string, low: number, high: number): number | undefined {
  const value = valueAt(settings, path);
  return value === undefined ? undefined : checkBetween(`${settings.file}: ${path}`, value, low, high);
}

/** A whole number of at least `least`, if there is one. */
export function wholeAt(settings: Settings, path: string, least: number): number | undefined {
  const value = valueAt(settings, path);
  return value === undefined ? undefined : checkWhole(`${settings.file}: ${path}`, value, least);
}

/** A text, if there is one. */
export function textAt(settings: Settings, path: string): string | undefined {
  const value = valueAt(settings, path);
  if (value === undefined || typeof value === "string") return value;
  throw new UsageError(`${settings.file}: ${path} must be a text, got ${kind(value)}`);
}

/** True or false, if it is there. */
export function flagAt(settings: Settings, path: string): boolean | undefined {
  const value = valueAt(settings, path);
  if (value === undefined || typeof value === "boolean") return value;
  throw new UsageError(`${settings.file}: ${path} must be true or false, got ${kind(value)}`);
}

/** A list, if there is one, each item read by `item`, which is told where it stands. */
export function listAt<T>(
  settings: Settings,
  path: string,
  item: (value: unknown, where: string) => T,
): readonly T[] | undefined {
  const value = valueAt(settings, path);
  if (value === undefined) return undefined;
  if (!Array.isArray(value))
    throw new UsageError(`${settings.file}: ${path} must be a list, got ${kind(value)}`);
  return value.map((entry: unknown, index) => item(entry, `${settings.file}: ${path}[${index}]`));
}

/** An item of a list that must be a text. */
export function textItem(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  throw new UsageError(`${where} must be a text, got ${kind(value)}`);
}

/** An item of a list that must be a finite number. */
export function numberItem(value: unknown, where: string): number {
  return checkBetween(where, value, -Number.MAX_VALUE, Number.MAX_VALUE);
}

/** A value in few words, for a message. */
export function kind(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a mapping" : JSON.stringify(value);
}

/** The dotted paths of all values, in the file's order; lists count as one value. */
export function leafPaths(values: Readonly<Record<string, unknown>>, prefix = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isMapping(value) && Object.keys(value).length > 0
      ? leafPaths(value, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}
