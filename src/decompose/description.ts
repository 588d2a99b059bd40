/** What a model reads about a function: its signature on one line, and its doc comment. */
import type { FoundFunction } from "./functions.ts";
import type { Span } from "./lines.ts";
import type { Syntax } from "./syntax.ts";

type Comment = Syntax["comments"][number];

/** Signature and doc comment of a function. */
export interface Description {
  /** The head of the function up to its body, on one line, without comments. */
  readonly signature: string;
  /** The text of the comment right above it, without comment syntax; undefined where there is none. */
  readonly doc: string | undefined;
}

/** Describes functions that are given in source order. */
export function describeFunctions(syntax: Syntax, functions: readonly FoundFunction[]): Description[] {
  const { text, comments } = syntax;
  return functions.map(({ head, holder }) => ({
    signature: oneLine(text, head, comments.slice(firstFrom(comments, head.start))),
    doc: docAbove(text, comments, holder),
  }));
}

/** Index of the first comment that starts at or behind an offset. */
function firstFrom(comments: readonly Comment[], offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.start ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function oneLine(text: string, { start, end }: Span, comments: readonly Comment[]): string {
  let line = "";
  let at = start;
  for (const comment of comments) {
    if (comment.start >= end) break;
    line += `${text.slice(at, comment.start)} `;
    at = comment.end;
  }
  return (line + text.slice(at, end)).replace(/\s+/g, " ").trim();
}

/** A block comment, or a run of line comments, that stands alone right above an offset. */
function docAbove(text: string, comments: readonly Comment[], offset: number): string | undefined {
  const lines: string[] = [];
  let below = offset;
  for (let index = firstFrom(comments, offset) - 1; index >= 0; index -= 1) {
    const comment = comments[index];
    if (comment === undefined) break;
    const isAbove = /^[^\S\r\n]*(?:\r\n|\n|\r)?[^\S\r\n]*$/.test(text.slice(comment.end, below));
    const isAlone = /(?:^|[\r\n])\s*$/.test(text.slice(Math.max(0, comment.start - 200), comment.start));
    if (!isAbove || !isAlone || comment.value.includes("EVOLVE-BLOCK-")) break;
    if (comment.type === "Block") {
      if (lines.length === 0) return blockText(comment.value);
      break;
    }
    lines.unshift(comment.value.replace(/^\/?[ \t]?/, "").trimEnd());
    below = comment.start;
  }
  return lines.join("\n").trim() || undefined;
}

function blockText(value: string): string | undefined {
  const lines = value
    .replace(/^\*+/, "")
    .split(/\r\n|\n|\r/)
    .map((line, index) => (index === 0 ? line : line.replace(/^\s*\*? ?/, "")).trimEnd());
  return lines.join("\n").trim() || undefined;
}
