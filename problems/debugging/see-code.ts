/** Finds functions in the text of a prompt, as a reader does: bare, or between the tags of components. */
import type { SeenPrompt } from "../../src/core/index.ts";
import { tokensOf } from "../repair/tokens.ts";

/** A function that a prompt shows. */
export interface SeenFunction {
  /** As it is called in the code. */
  readonly name: string;
  /** As the prompt calls it: by its tag where there is one. */
  readonly shownName: string;
  readonly text: string;
  /** What stands around it: its tags, or nothing. */
  readonly around: readonly [before: string, after: string];
}

/** The latest code of a prompt, with what was said of it. */
export interface SeenCode {
  readonly functions: readonly SeenFunction[];
  /** What follows upon the code; undefined where nothing does. */
  readonly report: string | undefined;
}

/** A component between its tags, as `writeTagged` writes it. */
const tagged = /(<(component(?:-x)*) name="((?:[^"\\]|\\.)*)">\n)([\s\S]*?)(<\/\2>)/g;
/** A function as the library has it: its closing brace stands at the start of a line. */
const bare = /^(?:export )?function \w+\([^\n]*\) \{\n[\s\S]*?\n\}$/gm;
const head = /\bfunction\s+([\w$]+)/;

/** Finds the latest code in a prompt, and the report on it: what is said behind it. Undefined where there is none. */
export function seeCode({ messages }: SeenPrompt): SeenCode | undefined {
  let said = "";
  for (const { text } of messages.toReversed()) {
    const functions = functionsIn(text);
    const last = functions.at(-1);
    if (last === undefined) {
      said = `${text}\n${said}`;
      continue;
    }
    const report = `${text.slice(last.end)}\n${said}`.trim();
    return { functions, report: report === "" ? undefined : report };
  }
  return undefined;
}

function functionsIn(text: string): (SeenFunction & { readonly end: number })[] {
  const shown = [...text.matchAll(tagged)].map((match) => {
    const [whole, opening = "", , shownName = "", inner = "", closing = ""] = match;
    const end = match.index + whole.length;
    const name = head.exec(inner)?.[1] ?? shownName;
    return { ...{ name, shownName, text: inner, end }, around: [opening, closing] as const };
  });
  if (shown.length > 0) return shown;
  return [...text.matchAll(bare)].map((match) => {
    const name = head.exec(match[0])?.[1] ?? "";
    const end = match.index + match[0].length;
    return { ...{ name, shownName: name, text: match[0], end }, around: ["", ""] as const };
  });
}

/** Writes functions as they were shown, one of them with another text. */
export function writeCode(
  { functions }: SeenCode,
  changed: SeenFunction | undefined = undefined,
  text = "",
): string {
  return functions
    .map((one) => {
      const written = one === changed ? text : one.text;
      return `${one.around[0]}${written.endsWith("\n") ? written : `${written}\n`}${one.around[1]}`;
    })
    .join(functions[0]?.around[0] === "" ? "" : "\n");
}

/** Whether two texts are the same code but for white space, comments that are not looked at aside. */
export function isSameCode(one: string, other: string): boolean {
  return one === other || keyOf(one) === keyOf(other);
}

/** The tokens of a text; the text itself where it is not the language of the library. */
function keyOf(text: string): string {
  try {
    const tokens = tokensOf(text.replace(/^\s*export\s+/, "")).filter(({ kind }) => kind !== "space");
    return tokens.map((token) => token.text).join("\n");
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
