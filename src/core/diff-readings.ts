/**
 * The ways to read a block in which a model copied more than the text: tags, a code fence, line numbers, the
 * signs of a diff. Each is a slip whose meaning is beyond doubt, as long as what is left is found only once.
 */
import { isFenceLine, placeOfTag } from "./diff-blocks.ts";

/** The two sides of a block: lines without line breaks. */
export interface Sides {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/** A way to read a block. */
export interface Reading extends Sides {
  /** Whether its lines may be indented otherwise than those of the text, all alike. */
  readonly canShift: boolean;
}

/** The sides of a block without the tags of a component around them. */
export function withoutTagLines(
  sides: Sides,
  tag: string,
  places: ReadonlyMap<string, number>,
): Sides & { readonly place: number | undefined } {
  let place: number | undefined;
  const bare = (lines: readonly string[]) => {
    let [start, end] = edgesOf(lines);
    const tagged = placeOfTag(lines[start]?.trim() ?? "", tag, places);
    if (tagged !== undefined) {
      start++;
      place ??= tagged.place;
    }
    const isClosed = end > start && lines[end - 1]?.trim() === `</${tag}>`;
    if (isClosed) end--;
    return tagged === undefined && !isClosed ? lines : lines.slice(start, end);
  };
  const [search, replace] = [bare(sides.search), bare(sides.replace)];
  return { search, replace, place };
}

/** All readings of a block, the likeliest first. */
export function* readingsOf(sides: Sides): Generator<Reading> {
  yield { ...sides, canShift: true };
  const trimmed = { search: withoutBlankEdges(sides.search), replace: withoutBlankEdges(sides.replace) };
  if (trimmed.search.length < sides.search.length) yield { ...trimmed, canShift: true };
  const inner = withoutFences(trimmed);
  if (inner !== undefined) yield { ...inner, canShift: true };
  const plain = inner ?? trimmed;
  yield* withoutNumbers(plain);
  yield* withoutSigns(plain);
}

/** Where the lines start and end that are not blank. */
function edgesOf(lines: readonly string[]): [start: number, end: number] {
  let start = 0;
  while (start < lines.length && isBlank(lines[start])) start++;
  let end = lines.length;
  while (end > start && isBlank(lines[end - 1])) end--;
  return [start, end];
}

function withoutBlankEdges(lines: readonly string[]): readonly string[] {
  return lines.slice(...edgesOf(lines));
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === "";
}

/** Takes off a fence around each side, or around both at once. */
function withoutFences({ search, replace }: Sides): Sides | undefined {
  const [first = "", last = ""] = [search[0], replace.at(-1)];
  if (!isFenceLine(first)) return undefined;
  const bareSearch = fenced(search);
  if (bareSearch !== undefined) {
    const bareReplace = fenced(replace) ?? replace;
    return bareReplace.some(isFenceLine) ? undefined : { search: bareSearch, replace: bareReplace };
  }
  const around = { search: search.slice(1), replace: replace.slice(0, -1) };
  const isAround = isFenceLine(last) && ![...around.search, ...around.replace].some(isFenceLine);
  return isAround ? around : undefined;
}

/** The lines in the one fence that lines are; undefined where they are not. */
export function fenced(lines: readonly string[]): readonly string[] | undefined {
  const given = withoutBlankEdges(lines);
  const [first = "", last = ""] = [given[0], given.at(-1)];
  if (given.length < 2 || !isFenceLine(first) || !/^\s*(?:`{3,}|~{3,})\s*$/.test(last)) return undefined;
  const inner = given.slice(1, -1);
  return inner.some(isFenceLine) ? undefined : inner;
}

const numbered = /^[ \t]*(\d{1,7})(?:[ \t]?[:|→]|\t)/;

/** Takes off the numbers of lines, of one side or of both. */
function* withoutNumbers({ search, replace }: Sides): Generator<Reading> {
  const bareSearch = unnumbered(search);
  if (bareSearch === undefined) return;
  const bareReplace = unnumbered(replace);
  if (bareReplace === undefined && replace.some((line) => numbered.test(line))) return;
  yield { search: bareSearch, replace: bareReplace ?? replace, canShift: false };
  yield* withoutSpace(bareSearch, bareReplace ?? [], bareReplace ?? replace);
}

function unnumbered(lines: readonly string[]): readonly string[] | undefined {
  let last: number | undefined;
  const bare: string[] = [];
  for (const line of lines) {
    const found = numbered.exec(line);
    if (found === null) {
      if (!isBlank(line)) return undefined;
      if (last !== undefined) last++;
      bare.push("");
      continue;
    }
    const number = Number(found[1]);
    if (last !== undefined && number !== last + 1) return undefined;
    last = number;
    bare.push(line.slice(found[0].length));
  }
  return last === undefined ? undefined : bare;
}

/** Takes off the signs of a diff: "-" before what goes, "+" before what comes, a space before the rest. */
function* withoutSigns({ search, replace }: Sides): Generator<Reading> {
  const bareSearch = unsigned(search, "-");
  const bareReplace = replace.length === 0 ? [] : unsigned(replace, "+");
  if (bareSearch === undefined || bareReplace === undefined) return;
  yield { search: bareSearch, replace: bareReplace, canShift: false };
  yield* withoutSpace(bareSearch, bareReplace, bareReplace);
}

function unsigned(lines: readonly string[], sign: string): readonly string[] | undefined {
  const isSigned = lines.every((line) => isBlank(line) || line.startsWith(sign) || line.startsWith(" "));
  if (!isSigned || !lines.some((line) => line.startsWith(sign))) return undefined;
  return lines.map((line) => line.slice(1));
}

/** Takes off the space that stands before every line of both sides. */
function* withoutSpace(
  search: readonly string[],
  spaced: readonly string[],
  replace: readonly string[],
): Generator<Reading> {
  if (![...search, ...spaced].every((line) => isBlank(line) || line.startsWith(" "))) return;
  const bare = (lines: readonly string[]) => lines.map((line) => line.slice(1));
  yield { search: bare(search), replace: spaced.length === 0 ? replace : bare(replace), canShift: false };
}
