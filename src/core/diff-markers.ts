/**
 * The marker lines of SEARCH/REPLACE blocks. Writer and reader compute their length from the components shown,
 * so that no line of these reads as a marker.
 */
import type { Component } from "./component.ts";

/** How marker lines look in one prompt and its answer. */
export interface Markers {
  /** How many signs each has: 7, or more where the components have lines like it. */
  readonly length: number;
  /** Whether a marker must be written exactly so, since the components have lines that look like markers. */
  readonly isStrict: boolean;
}

const usualLength = 7;
const fewestSigns = 5;
const mostSigns = 9;

const markerLike =
  /^[ \t]*(?:(<{5,}|={5,}|>{5,})|-{5,}[ \t]{0,9}(?:SEARCH|ORIGINAL)|\+{5,}[ \t]{0,9}(?:REPLACE|UPDATED))/gim;

/** The markers for a prompt that shows these components. */
export function markersFor(shown: readonly Component[]): Markers {
  const used = new Set<number>();
  for (const { text } of shown) {
    if (!mayHoldMarker(text)) continue;
    for (const [, signs = ""] of text.matchAll(markerLike)) used.add(signs.length);
  }
  let length = usualLength;
  while (used.has(length)) length++;
  return { length, isStrict: used.size > 0 };
}

function mayHoldMarker(text: string): boolean {
  return ["=====", "<<<<<", ">>>>>", "-----", "+++++"].some((signs) => text.includes(signs));
}

/** The line that divides a block. */
export function dividerOf({ length }: Markers): string {
  return "=".repeat(length);
}

/** The line that ends a block. */
export function endOf({ length }: Markers): string {
  return `${">".repeat(length)} REPLACE`;
}

/** Writes a block of lines without line breaks; the last marker has none either. */
export function writeBlock(markers: Markers, search: readonly string[], replace: readonly string[]): string {
  const start = `${"<".repeat(markers.length)} SEARCH`;
  return [start, ...search, dividerOf(markers), ...replace, endOf(markers)].join("\n");
}

/** How to answer with blocks about these components, for the part `format` of a prompt. */
export function diffFormat(shown: readonly Component[]): string {
  return `Answer with SEARCH/REPLACE blocks, one for each change, and nothing else:
${writeBlock(markersFor(shown), ["text to find"], ["text to put in its place"])}
The text to find is one or more whole lines of one component, copied exactly, as many as it takes to
occur only once; the other lines stay as they are. Blocks apply in order. Where components have the same
lines, put the block between the tags of the one you mean.`;
}

/** A marker line; `other` looks like one and is none. */
export interface Marker {
  readonly kind: "search" | "divider" | "replace" | "other";
  readonly signs: number;
  /** What stands behind its word. */
  readonly label: string;
  /** Whether it may be a sentence about markers. */
  readonly isTalk: boolean;
}

/** Reads a marker line, also in the spellings that models use where nothing forbids them. */
export function readMarker(line: string, markers: Markers): Marker | undefined {
  let start = 0;
  while (line.charCodeAt(start) === 0x20 || line.charCodeAt(start) === 0x09) start++;
  const code = line.charCodeAt(start);
  if (!signCodes.has(code)) return undefined;
  let end = start + 1;
  while (line.charCodeAt(end) === code) end++;
  if (end === start + 1 && !"<>".includes(line.charAt(end))) return undefined;
  const sign = line.charAt(start);
  const signs = end - start;
  const rest = line.slice(end, end + 300).trim();
  const word = /^[a-z]*/i.exec(rest)?.[0] ?? "";
  const label = rest.slice(word.length).replace(/^[\s:>]+/, "");
  const isTalk = /\s/.test(label);
  const { length, isStrict } = markers;
  const isFitting = isStrict ? signs === length : signs >= fewestSigns && signs <= mostSigns;
  const kind = isFitting && !isTalk ? kindOf(sign, word.toUpperCase(), label, isStrict) : undefined;
  if (kind !== undefined) return { kind, signs, label, isTalk };
  return almost.test(line.slice(start, start + 50)) ? { kind: "other", signs, label, isTalk } : undefined;
}

const signCodes: ReadonlySet<number> = new Set(["<", "=", ">", "-", "+"].map((sign) => sign.charCodeAt(0)));
/** What no text begins a line with that is not meant as a marker. */
const almost = /^(?:[<>]{5}|[<>]{2,4}\s{0,3}(?:SEARCH|REPLACE)\b)/i;

function kindOf(sign: string, word: string, label: string, isStrict: boolean): Marker["kind"] | undefined {
  const isBare = word === "" && label === "";
  const isSearch = word === "SEARCH" || word === "ORIGINAL";
  const isReplace = word === "REPLACE" || word === "UPDATED";
  switch (sign) {
    case "=":
      return isBare ? "divider" : undefined;
    case "<":
      if (isSearch || isBare) return "search";
      return isReplace && !isStrict ? "replace" : undefined; // turned round
    case ">":
      return isReplace || isBare ? "replace" : undefined;
    case "-":
      return isSearch && !isStrict ? "search" : undefined;
    default:
      return isReplace && !isStrict ? "replace" : undefined;
  }
}
