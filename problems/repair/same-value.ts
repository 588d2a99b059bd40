/** Compares and shows what functions return. Values may come from hostile code: work is bounded by the expected one. */

/** Whether a value is the expected one: plain data of the same shape, numbers within a billionth. */
export function isSameValue(value: unknown, expected: unknown): boolean {
  if (typeof expected === "number") {
    if (typeof value !== "number") return false;
    if (value === expected) return true; // infinities included
    return Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
  }
  if (typeof expected !== "object" || expected === null) return value === expected;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(expected)) {
    if (!Array.isArray(value) || value.length !== expected.length) return false;
    return expected.every((item, index) => isSameValue(value[index], item));
  }
  const keys = Object.keys(expected);
  if (Array.isArray(value) || Object.keys(value).length !== keys.length) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const expectedFields = expected as Readonly<Record<string, unknown>>;
  return keys.every((key) => Object.hasOwn(value, key) && isSameValue(fields[key], expectedFields[key]));
}

const mostItems = 12;
const mostDepth = 4;

/** Writes a value like JSON, in at most `most` characters; what is cut shows as "…". */
export function showValue(value: unknown, most: number): string {
  const text = write(value, most, mostDepth);
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

function write(value: unknown, most: number, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, most));
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === 0) return "…";
  const parts: string[] = [];
  let left = most;
  const isList = Array.isArray(value);
  for (const key of isList ? value.keys() : Object.keys(value)) {
    if (parts.length === mostItems || left <= 0) {
      parts.push("…");
      break;
    }
    const item = write((value as Readonly<Record<string | number, unknown>>)[key], left, depth - 1);
    const part = isList ? item : `${JSON.stringify(String(key).slice(0, most))}: ${item}`;
    parts.push(part);
    left -= part.length;
  }
  return isList ? `[${parts.join(", ")}]` : `{${parts.join(", ")}}`;
}
