/** Finds the blocks that EVOLVE-BLOCK-START and EVOLVE-BLOCK-END comments mark in a file of any language. */
import { UsageError } from "../core/errors.ts";
import type { SourceFile } from "../core/layout.ts";
import { lineSpans, type Span } from "./lines.ts";

/** The text between two marker lines; it starts and ends at line borders. */
export interface Block extends Span {
  /** Unique in its file. */
  readonly name: string;
}

const opener =
  /^(?:\/{2,}!?|\{?\/\*+!?|#+|--+|;+|%+|!+|'{1,3}|"{2,3}|\(\*+|<!--+|\{-|\.\.|⍝|(?:@?rem|c|dnl|nb\.)(?=\s))\s*$/i;
const closer = /\s*(?:\*+\/\}?|\*+\)|--+>|-\}|'{3}|"{2,3})?\s*$/;

interface Marker {
  readonly word: string;
  readonly name: string;
}

/** Reads a line that is a comment with a marker and nothing else. */
function readMarker(line: string): Marker | undefined {
  const at = line.indexOf("EVOLVE-BLOCK-");
  if (at < 0) return undefined;
  // The byte order mark counts as white space, for a marker on the first line.
  const head = line.slice(0, at).trimStart();
  const [, word, rest = ""] = /^EVOLVE-BLOCK-(START|END)(?![\w-])(.*)$/s.exec(line.slice(at)) ?? [];
  if (word === undefined || !opener.test(head)) return undefined;
  if (head.startsWith("'") && !head.startsWith("'''") && rest.includes("'")) return undefined; // a string
  return { word, name: rest.replace(closer, "").replace(/^:/, "").trim().replace(/\s+/g, " ") };
}

/**
 * The marked blocks of a file, in order; none where it has no markers. Throws a UsageError that names file
 * and line where markers do not pair up or two blocks have one name.
 */
export function findBlocks({ path, text }: SourceFile): Block[] {
  if (!text.includes("EVOLVE-BLOCK-")) return [];
  const blocks: (Span & { name: string; line: number })[] = [];
  let open: { start: number; name: string; line: number } | undefined;
  for (const [index, span] of lineSpans(text).entries()) {
    const marker = readMarker(text.slice(span.start, span.end));
    if (marker === undefined) continue;
    const line = index + 1;
    if (marker.word === "START") {
      if (open !== undefined) {
        throw new UsageError(
          `${path}:${line}: EVOLVE-BLOCK-START inside the block that starts at line ${open.line}; ` +
            "blocks do not nest: add EVOLVE-BLOCK-END above",
        );
      }
      open = { start: span.end, name: marker.name, line };
    } else {
      if (open === undefined) {
        throw new UsageError(`${path}:${line}: EVOLVE-BLOCK-END without EVOLVE-BLOCK-START above`);
      }
      blocks.push({ ...open, end: span.start });
      open = undefined;
    }
  }
  if (open !== undefined) {
    throw new UsageError(`${path}:${open.line}: EVOLVE-BLOCK-START without EVOLVE-BLOCK-END below`);
  }
  return named(path, blocks);
}

function named(path: string, blocks: readonly (Span & { name: string; line: number })[]): Block[] {
  const given = new Set<string>();
  for (const { name, line } of blocks) {
    if (name !== "" && given.has(name)) {
      throw new UsageError(`${path}:${line}: a second block is named '${name}'; names must differ in a file`);
    }
    given.add(name);
  }
  let count = 0;
  return blocks.map(({ name, start, end }) => {
    if (name !== "") return { name, start, end };
    do count += 1;
    while (given.has(`block-${count}`));
    return { name: `block-${count}`, start, end };
  });
}
