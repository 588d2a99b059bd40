/**
 * Values on their way to and from a candidate: JSON, with tags for numbers that are not finite, -0 and
 * undefined ({"@":"NaN"}; an object with a key "@" is wrapped). child.mjs holds the other half.
 */

/** A value as text; `isTagged` says whether it has tags. */
export interface WrittenValue {
  readonly isTagged: boolean;
  readonly text: string;
}

/** Writes a value; throws a TypeError for what is no plain data. */
export function writeValue(value: unknown): WrittenValue {
  const isTagged = needsTags(value, 0);
  return { isTagged, text: JSON.stringify(isTagged ? addTags(value) : value) };
}

/** Reads a value that hostile code has written; throws a SyntaxError or TypeError for anything else. */
export function readValue({ isTagged, text }: WrittenValue): unknown {
  const value: unknown = JSON.parse(text);
  // A key "__proto__" becomes a harmless own property here, and a trap for whoever copies the value.
  if (/__proto__|\\u/i.test(text)) refuseProto(value);
  return isTagged ? removeTags(value) : value;
}

const mostLevels = 1500;

function needsTags(value: unknown, depth: number): boolean {
  if (typeof value === "number") return !Number.isFinite(value) || Object.is(value, -0);
  if (value === undefined) return true;
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    throw new TypeError(`a ${typeof value} is no plain data`);
  }
  if (typeof value !== "object" || value === null) return false;
  if (depth > mostLevels) throw new TypeError("the value is circular, or nested too deep");
  if (ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) return value.some((one) => needsTags(one, depth + 1));
  return "@" in value || Object.values(value).some((one) => needsTags(one, depth + 1));
}

function addTags(value: unknown): unknown {
  if (value === undefined) return { "@": "undefined" };
  if (typeof value === "number") {
    if (Object.is(value, -0)) return { "@": "-0" };
    return Number.isFinite(value) ? value : { "@": String(value) };
  }
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, addTags);
  if (Array.isArray(value)) return Array.from(value, addTags); // also the holes
  const members = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, addTags(one)]));
  return "@" in value ? { "@": "object", value: members } : members;
}

function removeTags(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(removeTags);
  const tag: unknown = "@" in value ? value["@"] : "";
  switch (tag) {
    case "":
      return membersWithoutTags(value);
    case "undefined":
      return undefined;
    case "NaN":
    case "Infinity":
    case "-Infinity":
    case "-0":
      return Number(tag);
    case "object":
      if ("value" in value && typeof value.value === "object" && value.value !== null) {
        return membersWithoutTags(value.value);
      }
  }
  throw new TypeError("an unknown tag");
}

function membersWithoutTags(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, removeTags(one)]));
}

function refuseProto(value: unknown): void {
  const left = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__")) throw new TypeError("a key '__proto__'");
    for (const one of Object.values(next)) if (typeof one === "object") left.push(one);
  }
}
