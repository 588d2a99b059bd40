/** Text for a terminal: numbers, tables, wrapping, colour. */
import { styleText } from "node:util";

/** Writes a number in at most five characters where it can: 12, 3.4, 1,024, 56.7k, 8.9M. */
export function number(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  for (const [limit, unit] of [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ] as const) {
    const scaled = value / (unit === "k" ? 1e3 : limit);
    if (size >= limit)
      return scaled.toFixed(Math.abs(scaled) < 9.995 ? 2 : Math.abs(scaled) < 99.95 ? 1 : 0) + unit;
  }
  if (Number.isInteger(value) || size >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
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

/** Makes text of candidates and models harmless for a terminal: control characters become visible escapes. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Lays rows out in columns; `right` aligned ones hold numbers. The first row is the heading. */
export function table(rows: readonly (readonly string[])[], right: readonly boolean[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return right[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? paint("dim", line) : line)).join("\n");
}

/** Breaks text at spaces so that no line is longer than the width, with an indent before each line. */
export function wrap(text: string, indent: string, width = terminalWidth()): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join("\n");
}

/** Columns of the terminal, at most 100; 80 where there is none. */
export function terminalWidth(): number {
  return Math.min(100, process.stdout.columns ?? 80);
}

/** Styles text when standard output shows colours (NO_COLOR is honoured). */
export function paint(style: Parameters<typeof styleText>[0], text: string): string {
  const isColoured = process.stdout.isTTY === true && process.stdout.hasColors();
  return isColoured ? styleText(style, text) : text;
}
