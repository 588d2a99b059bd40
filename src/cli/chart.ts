/** A chart of cost against size for a terminal, both axes logarithmic. */
import { harmlessLine, number, paint, type Styled, wrap } from "./text.ts";

/** The points of one strategy: measured means, and a fitted curve through the same sizes. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
  readonly curve: readonly { readonly size: number; readonly value: number }[];
}

const marks = ["o", "x", "+", "*", "#", "@"];
const colours = ["red", "cyan", "yellow", "magenta", "green", "blue"] as const;

/** Draws the series: a letter-like mark for each measured mean, dots along the fitted curve. */
export function chart(
  series: readonly Series[],
  options: { readonly width: number; readonly height: number },
): string {
  const all = series.flatMap(({ points, curve }) => [...points, ...curve]).filter(({ value }) => value > 0);
  if (all.length === 0) return "";
  const labelWidth = 8;
  const columns = Math.max(20, options.width - labelWidth - 2);
  const rows = Math.max(4, options.height);
  const sizes = [...new Set(all.map(({ size }) => size))].sort((a, b) => a - b);
  const xs = scale(
    all.map(({ size }) => size),
    columns,
  );
  const ys = scale(
    all.map(({ value }) => value),
    rows,
  );
  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(" "));
  const put = (size: number, value: number, character: string) => {
    const row = grid[rows - 1 - ys.place(value)];
    if (row !== undefined) row[xs.place(size)] = character;
  };
  for (const [index, { curve }] of series.entries()) {
    for (const [at, from] of curve.entries()) {
      const to = curve[at + 1];
      if (to === undefined) continue;
      const steps = Math.max(1, xs.place(to.size) - xs.place(from.size));
      for (let step = 0; step <= steps; step++) {
        const share = step / steps;
        put(mix(from.size, to.size, share), mix(from.value, to.value, share), paint(colour(index), "."));
      }
    }
  }
  for (const [index, { points }] of series.entries()) {
    for (const { size, value } of points) put(size, value, paint(colour(index), mark(index)));
  }
  const labels = new Map([0, 1, 2, 3, 4].map((part) => [Math.round((part * (rows - 1)) / 4), part / 4]));
  const lines = grid.map((row, index) => {
    const share = labels.get(rows - 1 - index);
    const label = share === undefined ? "" : number(mix(ys.low, ys.high, share));
    return `${label.padStart(labelWidth)} |${row.join("")}`.trimEnd();
  });
  return [
    ...lines,
    `${" ".repeat(labelWidth)} +${"-".repeat(columns)}`,
    xAxis(sizes, xs, labelWidth, columns),
    legend(series, options.width),
  ].join("\n");
}

/** The marks with the names they stand for, as many on a line as fit. */
function legend(series: readonly Series[], width: number): string {
  const parts = series.flatMap(({ name }, index): (string | Styled)[] => {
    const entry = `\u00a0${harmlessLine(name).replaceAll(" ", "\u00a0")}${index < series.length - 1 ? "\u00a0\u00a0" : ""}`;
    return [{ text: mark(index), style: colour(index) }, `${entry} `];
  });
  return wrap(parts, "", { width })
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function xAxis(sizes: readonly number[], xs: Scale, labelWidth: number, columns: number): string {
  const line = new Array<string>(columns).fill(" ");
  const write = (text: string, at: number) => {
    for (const [offset, character] of [...text].entries()) line[at + offset] = character;
  };
  const last = String(sizes.at(-1) ?? "");
  let free = 0;
  for (const size of sizes.slice(0, -1)) {
    const text = String(size);
    const at = xs.place(size);
    if (at < free || at + text.length >= columns - last.length) continue;
    write(text, at);
    free = at + text.length + 1;
  }
  write(last, columns - last.length);
  return `${"k".padStart(labelWidth)}  ${line.join("").trimEnd()}`;
}

/** A logarithmic axis over whole cells. */
interface Scale {
  readonly low: number;
  readonly high: number;
  place(value: number): number;
}

function scale(values: readonly number[], cells: number): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = Math.log(high / low);
  return {
    low,
    high,
    place: (value) => (span === 0 ? 0 : Math.round((Math.log(value / low) / span) * (cells - 1))),
  };
}

/** The value at a share of the way from one to the other, on a logarithmic scale. */
function mix(from: number, to: number, share: number): number {
  return from * (to / from) ** share;
}

function mark(index: number): string {
  return marks[index % marks.length] ?? "o";
}

function colour(index: number) {
  return colours[index % colours.length] ?? "red";
}
