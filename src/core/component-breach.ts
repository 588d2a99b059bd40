/**
 * What the text of a component may hold, and how a new text is fitted to its place. Text only, no parser:
 * what needs one is in `decompose`.
 */
import type { Component } from "./component.ts";
import { anyLineBreak, lineFeed, onlyLineBreak } from "./line-break.ts";

const markers = ["EVOLVE-BLOCK-START", "EVOLVE-BLOCK-END"];

/**
 * Says why a text may not take the place of a component of a file: it holds a marker, which would move the
 * border between the component and the fixed text. Undefined where it may.
 */
export function findBreach(component: Component, text: string): string | undefined {
  if (component.file === undefined) return undefined;
  const marker = markers.find((word) => text.includes(word));
  if (marker === undefined) return undefined;
  return `component ${component.name} may not contain ${marker}: the marker lines are fixed`;
}

/** Kinds of components that are whole lines of their file. */
const wholeLines: ReadonlySet<string | undefined> = new Set(["block", "lines", "file"]);
/** Kinds of components that begin and end within lines. */
const withinLines: ReadonlySet<string | undefined> = new Set(["function", "method", "statement"]);

/**
 * Fits a new text to the place of a component of a file. It takes over the line break that the original uses,
 * where that is only one kind. Whole lines end with a line break exactly when the original does, so that the
 * fixed line below stays a line of its own (an empty text stays empty); other pieces lose the white space
 * around them. Texts of components that belong to no file stay as they are.
 */
export function fitText(text: string, original: string, component: Component): string {
  if (component.file === undefined) return text;
  const only = onlyLineBreak(original);
  // A lone \r may be meant as part of a line, unless it is what the original ends its lines with.
  const converted = only === undefined ? text : text.replace(only === "\r" ? anyLineBreak : lineFeed, only);
  if (withinLines.has(component.kind)) return converted.trim();
  if (!wholeLines.has(component.kind) || converted === "") return converted;
  const last = /(?:\r\n|\n|\r)$/.exec(original)?.[0];
  // A lookbehind keeps a long run of line breaks from being read again from each of its characters.
  if (last === undefined) return original === "" ? converted : converted.replace(/(?<![\r\n])[\r\n]+$/, "");
  if (converted.endsWith("\n")) return converted;
  return last === "\r" && converted.endsWith("\r") ? converted : converted.replace(/(?<!\r)\r+$/, "") + last;
}
