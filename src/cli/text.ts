/**
 * Text for a terminal: numbers, tables, wrapping, colour. Names and messages of campaigns, plugins, models and
 * candidates are hostile until they went through here: tables, `wrap` and `harmless` let no control through.
 */
import { relative, resolve } from "node:path";
import { styleText } from "node:util";
import { numberText } from "../analysis/text.ts";

/** A note as a sentence of its own. */
export function noteText(note: string): string {
  return `Note: ${note}${/[.?!]$/.test(note) ? "" : "."}`;
}

/** Writes a number in few characters: 12, 3.40, 1,024, 56.7k, 8.90M; a dash where there is none. */
export function number(value: number | undefined): string {
  return value === undefined ? "-" : numberText(value);
}

/** Writes a number with two digits behind the point, zero without a sign. */
export function twoDigits(value: number): string {
  return value.toFixed(2).replace(/^-(?=[0.]*$)/, "");
}

/** Writes milliseconds for a person: 850 ms, 12 s, 3 min 20 s, 2 h 5 min. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// Control characters but tab and line break, and the marks and overrides that change the direction of text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Makes text harmless for a terminal: what could steer it becomes a visible escape. Tabs and line breaks stay. */
export function harmless(text: string): string {
  return text.replace(harmful, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The same for text that must stay on one line: tabs and line breaks become visible too. */
export function harmlessLine(text: string): string {
  return harmless(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** Lays rows out in columns; `right` aligned ones hold numbers. */
export function columns(rows: readonly (readonly string[])[], right: readonly boolean[] = []): string {
  const cells = rows.map((row) => row.map(harmlessLine));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const pad = (cell: string, column: number) =>
    right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return cells.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

/** Lays rows out in columns under a heading, which is the first row. */
export function table(rows: readonly (readonly string[])[], right: readonly boolean[] = []): string {
  const [head = "", ...lines] = columns(rows, right).split("\n");
  return [paint("dim", head), ...lines].join("\n");
}

/** Fewest characters that a column of names gets. */
const leastNameWidth = 8;

/**
 * The same for rows that begin with a name of anybody's choice: where the table were wider than the terminal,
 * long names go over several lines.
 */
export function namedTable(rows: readonly (readonly string[])[], right: readonly boolean[]): string {
  const others = right.slice(1).map((_, index) => {
    return Math.max(...rows.map((row) => harmlessLine(row[index + 1] ?? "").length));
  });
  const room = Math.max(leastNameWidth, terminalWidth() - others.reduce((sum, width) => sum + width + 2, 0));
  const broken = rows.flatMap(([name = "", ...cells]) => {
    return breakName(harmlessLine(name), room).map((line, index) => [
      line,
      ...cells.map((cell) => (index === 0 ? cell : "")),
    ]);
  });
  return table(broken, right);
}

/**
 * The same for cells of several lines, each broken where it is wider than its column may be; the heading, the first
 * row, as well.
 */
export function brokenTable(
  rows: readonly (readonly (string | readonly string[])[])[],
  widths: readonly number[],
  right: readonly boolean[],
): string {
  const laidOut = rows.map((row) => {
    const cells = row.map((cell, column) =>
      (typeof cell === "string" ? [cell] : cell).flatMap((line) =>
        breakName(harmlessLine(line), widths[column] ?? terminalWidth()),
      ),
    );
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ""));
  });
  const headHeight = laidOut[0]?.length ?? 0;
  return columns(laidOut.flat(), right)
    .split("\n")
    .map((line, index) => (index < headHeight ? paint("dim", line) : line))
    .join("\n");
}

/** Breaks a name after spaces and hyphens where that suffices, and anywhere where it does not. */
function breakName(name: string, width: number): readonly string[] {
  const lines = [""];
  for (const part of name.split(/(?<=[ -])/)) {
    for (let rest = part; rest !== ""; ) {
      const line = lines.at(-1) ?? "";
      if (line.length + rest.trimEnd().length <= width) {
        lines[lines.length - 1] = line + rest;
        rest = "";
      } else if (line === "") {
        lines[lines.length - 1] = rest.slice(0, width);
        rest = rest.slice(width);
      } else lines.push("");
    }
  }
  return lines.map((line) => line.trimEnd());
}

type Style = Parameters<typeof styleText>[0];

/** A piece of text in a style. */
export interface Styled {
  readonly text: string;
  readonly style: Style | undefined;
}

/** How `wrap` lays lines out. */
export interface WrapOptions {
  /** Before every line but the first; default: the same as before the first. */
  readonly hanging?: string;
  /** Most characters of a line; default: the terminal's. */
  readonly width?: number;
}

/**
 * Breaks text at spaces so that no line is longer than the width, with an indent before each line; words that
 * are longer themselves are cut. A no-break space (U+00A0) keeps two words together and is written as a space.
 */
export function wrap(text: string | readonly (string | Styled)[], indent: string, options: WrapOptions = {}) {
  const { hanging = indent, width = terminalWidth() } = options;
  const lines: Styled[][] = [];
  let line: Styled[] = [];
  for (const word of toWords(text, Math.max(1, width - Math.max(indent.length, hanging.length)))) {
    const before = lines.length === 0 ? indent : hanging;
    if (line.length > 0 && before.length + length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = word;
    } else if (line.length === 0) line = word;
    else {
      const style = line.at(-1)?.style;
      line = [...line, { text: " ", style: style === word[0]?.style ? style : undefined }, ...word];
    }
  }
  return [...lines, line]
    .map((pieces, index) => (index === 0 ? indent : hanging) + merge(pieces).map(show).join(""))
    .join("\n");
}

/** Writes text in bold, wrapped at the terminal's width. */
export function heading(text: string): string {
  return wrap([{ text, style: "bold" }], "");
}

/** The words of a text, each as pieces of one style, none longer than `longest`. */
function toWords(text: string | readonly (string | Styled)[], longest: number): readonly Styled[][] {
  const words: Styled[][] = [[]];
  for (const part of typeof text === "string" ? [text] : text) {
    const { text: raw, style } = typeof part === "string" ? { text: part, style: undefined } : part;
    for (const [index, piece] of harmless(raw)
      .split(/[ \t\n]+/)
      .entries()) {
      if (index > 0) words.push([]);
      for (const character of piece) {
        if (length(words.at(-1) ?? []) + character.length > longest) words.push([]);
        words.at(-1)?.push({ text: character === "\u00a0" ? " " : character, style });
      }
    }
  }
  return words.filter((word) => word.length > 0).map((word) => [...merge(word)]);
}

function length(pieces: readonly Styled[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

function merge(pieces: readonly Styled[]): readonly Styled[] {
  const merged: Styled[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last !== undefined && last.style === piece.style) {
      merged[merged.length - 1] = { ...last, text: last.text + piece.text };
    } else merged.push(piece);
  }
  return merged;
}

function show({ text, style }: Styled): string {
  return style === undefined ? text : paint(style, text);
}

/** Columns of the terminal, at most 100; 80 where there is none. */
export function terminalWidth(): number {
  return Math.min(100, process.stdout.columns || 80);
}

/** Styles text when standard output shows colours (NO_COLOR is honoured). The text must be harmless already. */
export function paint(style: Style, text: string): string {
  const isColoured = process.stdout.isTTY === true && process.stdout.hasColors();
  return isColoured ? styleText(style, text) : text;
}

/** A path as a reader here would write it: relative where it lies below the current folder. */
export function shownPath(path: string): string {
  const inside = relative("", path);
  return inside.startsWith("..") ? resolve(path) : inside;
}

/** Quotes a word for a POSIX shell, where it needs that. */
export function shellWord(text: string): string {
  const word = text.startsWith("-") ? `./${text}` : text;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
