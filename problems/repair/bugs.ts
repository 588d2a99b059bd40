/** Injects bugs: one token of a correct function becomes another, so that at least one of its unit tests fails. */
import { type Rng, randomIndex } from "../../src/core/index.ts";
import type { LibraryFunction } from "./library.ts";
import { isSameValue, showValue } from "./same-value.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { expectedOf, runTests } from "./trusted.ts";

/** Sorts of bugs that programmers make. */
export type BugKind = "comparison" | "arithmetic" | "logic" | "constant" | "text" | "method" | "name";

/** A change of one token. */
export interface Bug {
  readonly kind: BugKind;
  /** Index of the token. */
  readonly at: number;
  /** The new token; "" leaves it out. */
  readonly text: string;
}

const operators: Readonly<Record<string, readonly [BugKind, ...string[]]>> = {
  "<": ["comparison", "<=", ">"],
  "<=": ["comparison", "<", ">="],
  ">": ["comparison", ">=", "<"],
  ">=": ["comparison", ">", "<="],
  "===": ["comparison", "!=="],
  "!==": ["comparison", "==="],
  "+": ["arithmetic", "-"],
  "-": ["arithmetic", "+"],
  "*": ["arithmetic", "+", "/"],
  "/": ["arithmetic", "*"],
  "%": ["arithmetic", "/"],
  "**": ["arithmetic", "*"],
  "+=": ["arithmetic", "-="],
  "-=": ["arithmetic", "+="],
  "*=": ["arithmetic", "+="],
  "/=": ["arithmetic", "*="],
  "&&": ["logic", "||"],
  "||": ["logic", "&&"],
  "!": ["logic", ""],
};

const methodPairs: readonly (readonly [string, string])[] = [
  ["min", "max"],
  ["floor", "ceil"],
  ["push", "unshift"],
  ["pop", "shift"],
  ["some", "every"],
  ["startsWith", "endsWith"],
  ["indexOf", "lastIndexOf"],
  ["padStart", "padEnd"],
  ["toUpperCase", "toLowerCase"],
];
const methods = new Map(methodPairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

const noNames = new Set(
  (
    "break const continue else false for function if in let new null of return true typeof while " +
    "Array Infinity JSON Map Math Number Object Set String undefined"
  ).split(" "),
);

/** All changes of one token of the function's body, sensible or not. */
export function possibleBugs(source: string): Bug[] {
  const tokens = tokensOf(source);
  const body = tokens.findIndex(({ text }, index) => text === "{" && tokens[index - 2]?.text === ")");
  const names: string[] = []; // of variables, those met so far
  const bugs: Bug[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    const add = (bug: BugKind, replacement: string) => {
      if (at > body) bugs.push({ kind: bug, at, text: replacement });
    };
    if (kind === "operator") {
      const [bug, ...replacements] = operators[text] ?? [];
      if (bug !== undefined) for (const replacement of replacements) add(bug, replacement);
    } else if (kind === "number") {
      add("constant", String(Number(text) + 1));
      if (Number(text) > 0) add("constant", String(Number(text) - 1));
    } else if (kind === "string") {
      if (text.length > 2 && !text.includes("\\")) add("text", text.slice(0, -2) + text.slice(-1));
    } else if (kind === "word") {
      if (text === "true" || text === "false") add("logic", String(text === "false"));
      else if (tokens[at - 1]?.text === ".") {
        const other = methods.get(text);
        if (other !== undefined) add("method", other);
      } else if (isVariable(tokens, at)) {
        for (const name of names) if (name !== text) add("name", name);
        if (!names.includes(text)) names.push(text);
      }
    }
  }
  return bugs;
}

function isVariable(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1]?.text;
  return !noNames.has(tokens[at]?.text ?? "") && next !== "(" && next !== ":";
}

/** The source with a bug in it. */
export function applyBug(source: string, bug: Bug): string {
  return tokensOf(source)
    .map(({ text }, index) => (index === bug.at ? bug.text : text))
    .join("");
}

/** Whether a bug makes a unit test fail, and is of the sort that is worth a repair: it runs, ends, and stays small. */
export function isGoodBug(one: LibraryFunction, bug: Bug): boolean {
  const source = applyBug(one.source, bug);
  const expected = expectedOf(one);
  let outcomes: ReturnType<typeof runTests>;
  try {
    outcomes = runTests(one, source);
  } catch {
    return false; // does not compile
  }
  let failures = 0;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === "endless") return false;
    if (outcome.status === "threw") {
      if (isDull(outcome.error)) return false;
      failures += 1;
    } else {
      if (showValue(outcome.value, mostShown).length === mostShown) return false;
      if (!isSameValue(outcome.value, expected[index])) failures += 1;
    }
  }
  return failures > 0 && outcomes.some(({ status }) => status === "returned");
}

/** Whether an error is one that an editor shows at once, or an overflow. */
function isDull(error: unknown): boolean {
  if (error instanceof ReferenceError || error instanceof RangeError) return true;
  return String(error).includes("Assignment to constant");
}

/** Characters of a result; some bugs make it grow without end. */
const mostShown = 1000;

/** Draws a good bug: its sort first, then its place. Throws where the function has none, a mistake of the library. */
export function drawBug(one: LibraryFunction, rng: Rng): Bug {
  const byKind = new Map<BugKind, Bug[]>();
  for (const bug of possibleBugs(one.source)) byKind.set(bug.kind, [...(byKind.get(bug.kind) ?? []), bug]);
  while (byKind.size > 0) {
    const kinds = [...byKind.values()];
    const bugs = kinds[randomIndex(rng, kinds.length)] ?? [];
    const [bug] = bugs.splice(randomIndex(rng, bugs.length), 1);
    if (bug !== undefined && isGoodBug(one, bug)) return bug;
    for (const [kind, left] of byKind) if (left.length === 0) byKind.delete(kind);
  }
  throw new Error(`No single token of ${one.name} can be wrong so that its unit tests tell`);
}
