/** Reads JavaScript and TypeScript with the parser. Offsets count UTF-16 units, as strings do. */
import { type Comment, type ParserOptions, type Program, parseSync, visitorKeys } from "oxc-parser";
import { UsageError } from "../core/errors.ts";
import { dialectOf } from "./language.ts";
import { placeOf } from "./lines.ts";
import { findDepthFault } from "./nesting.ts";

/** `commonjs` also reads scripts: top-level return, `await` as a name, HTML-like comments. */
export type Mode = "module" | "commonjs";

/** A file or fragment without syntax errors. */
export interface Syntax {
  readonly text: string;
  readonly mode: Mode;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** Why a text is not read, and the offset. */
export interface SyntaxFault {
  readonly message: string;
  readonly offset: number;
}

/** Parses a text in one mode. */
export function parseAs(path: string, text: string, mode: Mode): Syntax | SyntaxFault {
  const options: ParserOptions = { lang: dialectOf(path), sourceType: mode, preserveParens: false };
  const tooDeep = findDepthFault(path, text, options);
  if (tooDeep !== undefined) return tooDeep;
  const result = parseSync(path, text, options);
  const error = result.errors.find(({ severity }) => severity === "Error");
  if (error !== undefined) return { message: error.message, offset: error.labels[0]?.start ?? 0 };
  return { text, mode, program: result.program, comments: result.comments };
}

/** The modes that a file may be meant for, the likelier first. */
export function modesOf(path: string): readonly Mode[] {
  if (/\.m[jt]s$/i.test(path)) return ["module"];
  return /\.c[jt]s$/i.test(path) ? ["commonjs"] : ["module", "commonjs"];
}

/** Whether a script would read a text otherwise than a module: it may hold HTML-like comments. */
export function readsAsScript(path: string, text: string): boolean {
  return modesOf(path).includes("commonjs") && /<!--|-->/.test(text);
}

/** Parses a text in the first mode that reads it; the fault is that of the likeliest mode. */
export function parse(path: string, text: string): Syntax | SyntaxFault {
  let first: SyntaxFault | undefined;
  for (const mode of modesOf(path)) {
    const result = parseAs(path, text, mode);
    if (!isFault(result)) return result;
    first ??= result;
  }
  return first ?? { message: "no mode to parse in", offset: 0 };
}

/** Tells faults from syntax. */
export function isFault(result: Syntax | SyntaxFault): result is SyntaxFault {
  return "offset" in result;
}

/** Parses a file of the user's, or throws a UsageError that names file, line and column. */
export function parseFile(path: string, text: string): Syntax {
  const result = parse(path, text);
  if (isFault(result)) {
    throw new UsageError(
      `${placeOf(path, text, result.offset)}: ${result.message}; correct the syntax first`,
    );
  }
  return result;
}

/** Any node of the syntax tree, as far as a walk needs to know it. */
export interface AnyNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The direct children of a node, in source order of their fields. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  const children: AnyNode[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = fields[key];
    if (Array.isArray(value)) {
      for (const item of value) if (item !== null) children.push(item as AnyNode);
    } else if (value !== null && value !== undefined) children.push(value as AnyNode);
  }
  return children;
}
