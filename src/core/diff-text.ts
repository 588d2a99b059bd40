/**
 * The components of a solution as lines, in which blocks find their place and change it. Finding one takes
 * time in proportion to its length, but for lines that come again and again, where the work is bounded.
 */
import type { Component } from "./component.ts";
import { onlyLineBreak } from "./line-break.ts";

/** Lines that are the same but for white space around them. */
interface Kin {
  /** In the order in which they came; also those that are gone. */
  readonly lines: Line[];
  /** How many are not gone. */
  count: number;
}

/** A line without its line break, cut into the white space before its key, the key, and that behind it. */
class LineParts {
  readonly raw: string;
  readonly key: string;
  /** None in a blank line. */
  readonly indent: string;
  readonly tail: string;

  constructor(raw: string) {
    const key = raw.trim();
    const start = key === "" ? 0 : raw.length - raw.trimStart().length;
    this.raw = raw;
    this.key = key;
    this.indent = start === 0 ? "" : raw.slice(0, start);
    this.tail = start + key.length === raw.length ? "" : raw.slice(start + key.length);
  }
}

/** A line of a component, or the place before its first line, which has no kin. */
class Line extends LineParts {
  readonly place: number;
  readonly kin: Kin | undefined;
  readonly lineBreak: string;
  previous: Line | undefined;
  next: Line | undefined;
  isGone = false;

  constructor(raw: string, lineBreak: string, place: number, kin?: Kin) {
    super(raw);
    this.place = place;
    this.kin = kin;
    this.lineBreak = lineBreak;
  }
}

/** White space by which all lines of a text lie further right than those of a block, or further left. */
interface Shift {
  readonly more: string;
  readonly less: string;
}

/** Where lines were found. */
export interface Match {
  readonly place: number;
  readonly first: object;
  readonly shift: Shift;
}

/** What came of a search; `places` are two of the components that hold the lines, or the same one twice. */
export type Found =
  | { readonly status: "none" }
  | { readonly status: "exhausted" }
  | { readonly status: "one"; readonly match: Match }
  | { readonly status: "several"; readonly places: readonly [number, number] };

interface Candidate extends Match {
  readonly first: Line;
  /** 0: exact; 1: other white space at ends of lines; 2: other indentation. */
  readonly level: number;
}

const none: Shift = { more: "", less: "" };

/** The texts of a solution while blocks are applied to it. */
export class DiffText {
  readonly #components: readonly Component[];
  readonly #heads: Line[];
  readonly #kin = new Map<string, Kin>();
  readonly #changed = new Set<number>();
  /** Comparisons of lines that are left. */
  #work: number;

  constructor(components: readonly Component[], mostWork: number) {
    this.#components = components;
    this.#work = mostWork;
    this.#heads = components.map(({ text }, place) => {
      const head = new Line("", "", place);
      let last = head;
      const lines = text.split("\n");
      const ending = lines.pop() ?? "";
      for (const line of lines) {
        const isPair = line.endsWith("\r");
        last = this.#insert(last, isPair ? line.slice(0, -1) : line, isPair ? "\r\n" : "\n");
      }
      if (ending !== "") this.#insert(last, ending, "");
      return head;
    });
  }

  /** The components that were changed, ascending. */
  get changed(): readonly number[] {
    return [...this.#changed].sort((a, b) => a - b);
  }

  /** Whether a component has nothing but white space. */
  isBlank(place: number): boolean {
    for (let line = this.#heads[place]?.next; line !== undefined; line = line.next) {
      if (line.key !== "") return false;
    }
    return true;
  }

  /**
   * Finds lines, of which one at least is not blank, in one component or in all. Exact lines come before those
   * that differ at their ends, and these before lines that all lie further right or left by the same.
   */
  find(search: readonly string[], place: number | undefined, canShift: boolean): Found {
    const wanted = search.map((line) => new LineParts(line));
    const kins: Kin[] = [];
    let anchor = -1;
    for (const [at, { key }] of wanted.entries()) {
      const kin = this.#kin.get(key);
      if (kin === undefined || kin.count === 0) return { status: "none" };
      kins.push(kin);
      if (key !== "" && (anchor < 0 || kin.count < (kins[anchor]?.count ?? 0))) anchor = at;
    }
    let best: Candidate | undefined;
    let second: Candidate | undefined;
    for (const line of kins[anchor]?.lines ?? []) {
      if (--this.#work < 0) return { status: "exhausted" };
      if (line.isGone || (place !== undefined && line.place !== place)) continue;
      const candidate = this.#matchAt(line, anchor, wanted, kins);
      if (candidate === undefined || (candidate.level === 2 && !canShift)) continue;
      if (best === undefined || candidate.level < best.level) [best, second] = [candidate, undefined];
      else if (candidate.level === best.level) second ??= candidate;
      if (second?.level === 0) break;
    }
    if (this.#work < 0) return { status: "exhausted" };
    if (best === undefined) return { status: "none" };
    if (second !== undefined) return { status: "several", places: [best.place, second.place] };
    return { status: "one", match: best };
  }

  #matchAt(
    line: Line,
    anchor: number,
    wanted: readonly LineParts[],
    kins: readonly Kin[],
  ): Candidate | undefined {
    let first = line;
    for (let at = anchor - 1; at >= 0; at--) {
      const previous = first.previous;
      this.#work--;
      if (previous === undefined || previous.kin !== kins[at]) return undefined;
      first = previous;
    }
    let level = 0;
    let shift: Shift | undefined;
    let here: Line | undefined = first;
    for (const [at, { key, indent, tail }] of wanted.entries()) {
      if (here === undefined || here.kin !== kins[at]) return undefined;
      this.#work -= 1 + ((here.indent.length + here.tail.length + indent.length) >> 5);
      if (here.tail !== tail) level = Math.max(level, 1);
      if (key !== "") {
        shift ??= shiftOf(here.indent, indent);
        if (shift === undefined || here.indent + shift.less !== shift.more + indent) return undefined;
      }
      here = here.next;
    }
    if (shift !== undefined && shift.more + shift.less !== "") level = 2;
    return { place: line.place, first, shift: shift ?? none, level };
  }

  /**
   * Puts lines in the place of those that were found; lines at both ends that are the same in both stay as
   * the text has them. False where a new line has not the indentation that all others have too much of.
   */
  replace(match: Match, search: readonly string[], replace: readonly string[]): boolean {
    const shortest = Math.min(search.length, replace.length);
    let above = 0;
    while (above < shortest && search[above] === replace[above]) above++;
    let below = 0;
    while (below < shortest - above && search.at(-1 - below) === replace.at(-1 - below)) below++;
    const { more, less } = match.shift;
    const fresh = replace.slice(above, replace.length - below);
    if (less !== "" && fresh.some((line) => line.trim() !== "" && !line.startsWith(less))) return false;
    const shifted = fresh.map((line) => (line.trim() === "" ? line : more + line.slice(less.length)));
    let before = (match.first as Line).previous;
    for (let count = 0; count < above; count++) before = before?.next;
    if (before === undefined) return true;
    this.#splice(before, search.length - above - below, shifted);
    return true;
  }

  /** Gives a component other lines altogether. */
  replaceAll(place: number, lines: readonly string[]): void {
    const head = this.#heads[place];
    if (head !== undefined) this.#splice(head, Number.POSITIVE_INFINITY, lines);
  }

  /** The text of a component as it is now. */
  textOf(place: number): string {
    const usual = this.#lineBreakOf(place);
    const pieces: string[] = [];
    for (let line = this.#heads[place]?.next; line !== undefined; line = line.next) {
      pieces.push(line.raw, line.lineBreak === "" && line.next !== undefined ? usual : line.lineBreak);
    }
    return pieces.join("");
  }

  #lineBreakOf(place: number): string {
    return onlyLineBreak(this.#components[place]?.text ?? "") === "\r\n" ? "\r\n" : "\n";
  }

  #splice(before: Line, count: number, lines: readonly string[]): void {
    this.#changed.add(before.place);
    for (let left = count; left > 0 && before.next !== undefined; left--) {
      const gone: Line = before.next;
      gone.isGone = true;
      if (gone.kin !== undefined) gone.kin.count--;
      before.next = gone.next;
      if (gone.next !== undefined) gone.next.previous = before;
    }
    const lineBreak = lines.length === 0 ? "" : this.#lineBreakOf(before.place);
    let last = before;
    for (const line of lines) last = this.#insert(last, line, lineBreak);
  }

  #insert(before: Line, raw: string, lineBreak: string): Line {
    const key = raw.trim();
    let kin = this.#kin.get(key);
    if (kin === undefined) {
      kin = { lines: [], count: 0 };
      this.#kin.set(key, kin);
    }
    const line = new Line(raw, lineBreak, before.place, kin);
    line.previous = before;
    line.next = before.next;
    if (before.next !== undefined) before.next.previous = line;
    before.next = line;
    kin.lines.push(line);
    kin.count++;
    return line;
  }
}

/** How the indentation of a text differs from that of a block; undefined where neither begins the other. */
function shiftOf(text: string, block: string): Shift | undefined {
  if (text.endsWith(block)) return { more: text.slice(0, text.length - block.length), less: "" };
  if (block.endsWith(text)) return { more: "", less: block.slice(0, block.length - text.length) };
  return undefined;
}
