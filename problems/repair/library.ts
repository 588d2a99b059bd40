/** The functions that a code base to repair is drawn from: written by hand, then families of any size. */
import { dates } from "./library/dates.ts";
import { families } from "./library/families.ts";
import { formats } from "./library/formats.ts";
import { lists } from "./library/lists.ts";
import { numbers } from "./library/numbers.ts";
import { records } from "./library/records.ts";
import { statistics } from "./library/statistics.ts";
import { tables } from "./library/tables.ts";
import { texts } from "./library/texts.ts";
import { identifiersOf } from "./tokens.ts";

/** A correct function. */
export interface LibraryFunction {
  readonly name: string;
  /** The doc comment, one line. */
  readonly comment: string;
  /** From `function` to the closing brace. */
  readonly source: string;
  /** Arguments of each unit test. */
  readonly calls: readonly (readonly unknown[])[];
  /** The other functions that it calls. */
  readonly uses: readonly LibraryFunction[];
}

/**
 * Reads functions: a doc comment of one line, the function with its closing brace at the start of a line, and
 * a line of argument lists as JSON, parted by commas. A function may call itself and those before it.
 */
export function parseLibrary(text: string, before: readonly LibraryFunction[] = []): LibraryFunction[] {
  const functions: LibraryFunction[] = [];
  const byName = new Map(before.map((one) => [one.name, one]));
  for (const match of text.matchAll(
    /^(\/\*\* .* \*\/)\n(function (\w+)\([\s\S]*?\n\})\n(\[.*\])$|^[^\n]+$/gm,
  )) {
    const [whole, comment, source, name, calls] = match;
    if (comment === undefined || source === undefined || name === undefined || calls === undefined) {
      throw new SyntaxError(`Expected comment, function, and argument lists, got: ${whole}`);
    }
    const uses: LibraryFunction[] = [];
    for (const identifier of identifiersOf(source)) {
      const used = byName.get(identifier);
      if (used !== undefined) uses.push(used);
    }
    const one = { name, comment, source, calls: JSON.parse(`[${calls}]`) as unknown[][], uses };
    functions.push(one);
    byName.set(name, one);
  }
  return functions;
}

const handWritten: LibraryFunction[] = [];
const grown: LibraryFunction[] = [];

/** At least so many functions, and at least 200; more add members of the families at the end. Each comes after those it uses. */
export function library(atLeast = 200): readonly LibraryFunction[] {
  if (grown.length === 0) {
    for (const text of [numbers, statistics, lists, texts, formats, dates, tables, records]) {
      handWritten.push(...parseLibrary(text, handWritten));
    }
    grown.push(...handWritten);
  }
  while (grown.length < Math.max(atLeast, 200)) {
    const member = (grown.length - handWritten.length) / families.length;
    for (const family of families) grown.push(...parseLibrary(family(member)));
  }
  // A prefix: what was asked for before must not change what is drawn now.
  const rounds = Math.ceil((Math.max(atLeast, 200) - handWritten.length) / families.length);
  return grown.slice(0, handWritten.length + rounds * families.length);
}
