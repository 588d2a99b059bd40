/** Tags as models write them: those that they were shown, and the usual misspellings. */

/** An opening tag. */
export interface OpeningTag {
  /** Offset behind it. */
  readonly end: number;
  /** The value of its name; undefined where it has no attribute at all. */
  readonly name: string | undefined;
  readonly isSelfClosing: boolean;
}

/** Most characters of a tag that is not written exactly as shown. */
const longestTag = 1000;

/** Reads an opening tag from right behind its word; undefined where it is none. */
export function readOpening(text: string, at: number): OpeningTag | undefined {
  return readShown(text, at) ?? readOther(text.slice(at, at + longestTag), at);
}

const shownStart = ' name="';

/** The tag as prompts show it: one attribute, its value in JSON. */
function readShown(text: string, at: number): OpeningTag | undefined {
  if (!text.startsWith(shownStart, at)) return undefined;
  const start = at + shownStart.length;
  let end = text.indexOf('"', start);
  while (end >= 0 && isEscaped(text, end, start)) end = text.indexOf('"', end + 1);
  if (end < 0 || text[end + 1] !== ">") return undefined;
  return { end: end + 2, name: text.slice(start, end), isSelfClosing: false };
}

/** Whether an odd number of backslashes stands before an offset. */
function isEscaped(text: string, at: number, start: number): boolean {
  let from = at;
  while (from > start && text[from - 1] === "\\") from--;
  return (at - from) % 2 === 1;
}

const quoted = `"((?:[^"\\\\\\n]|\\\\.)*)"|'([^'\\n]*)'|[“”„]([^“”\\n]*)[“”]|&quot;((?:(?!&quot;)[^\\n<>])*)&quot;`;
/** An attribute; its value is in one of the groups from the second on. */
const attribute = new RegExp(
  `\\s*([^\\s=<>/"'&]+)(?:\\s*=\\s*(?:${quoted}|([^\\s<>"'“”]+?)(?=/?>|\\s)))?`,
  "y",
);
const tagEnd = /\s*(\/?)>/y;
/** A name whose own quotes were not escaped. */
const unescapedName = /^\s+name\s*=\s*["']([^<\n]*?)["']\s*>/i;

/** A tag spelt otherwise: quotes, spaces, other attributes. */
function readOther(head: string, at: number): OpeningTag | undefined {
  let offset = 0;
  let name: string | undefined;
  for (;;) {
    attribute.lastIndex = offset;
    const found = attribute.exec(head);
    if (found === null) break;
    offset = attribute.lastIndex;
    if (found[1]?.toLowerCase() === "name") name ??= found.slice(2).find((value) => value !== undefined);
  }
  tagEnd.lastIndex = offset;
  const end = tagEnd.exec(head);
  if (end === null) {
    const found = unescapedName.exec(head);
    if (found?.[1] === undefined) return undefined;
    return { end: at + found[0].length, name: found[1], isSelfClosing: false };
  }
  if (name === undefined && offset > 0) return undefined;
  return { end: at + tagEnd.lastIndex, name, isSelfClosing: end[1] === "/" };
}

const entities: Readonly<Record<string, string>> = {
  ...{ quot: '"', "#34": '"', "#x22": '"', apos: "'", "#39": "'", "#x27": "'" },
  ...{ lt: "<", gt: ">", amp: "&" },
};
const emphasis = /^(?:\*{1,3}|`+|_{1,2}|["'“”])(.+?)(?:\*{1,3}|`+|_{1,2}|["'“”])$/s;

/** What the value of a name may mean, the likeliest first: without escapes, as it is, without emphasis. */
export function* meaningsOf(value: string): Generator<string> {
  if (value.includes("\\")) yield* fromJson(value);
  yield value;
  const decoded = value.replace(/&(#?\w{2,4});/g, (whole, entity: string) => entities[entity] ?? whole);
  const plain = decoded.trim().replace(emphasis, "$1").trim();
  yield* [decoded, plain, plain.normalize("NFC")];
}

function fromJson(value: string): string[] {
  try {
    return [String(JSON.parse(`"${value}"`))];
  } catch {
    return []; // written by hand
  }
}

/** Finds the tags of one word. The places to look from never go back, so that each is found once. */
export class TagSearch {
  readonly #text: string;
  readonly #wordLength: number;
  /** What a tag begins with: opening, closing, closing with a space. */
  readonly #heads: readonly string[];
  /** The next place of each; infinity where there is none. */
  readonly #next = [-1, -1, -1];

  constructor(text: string, word: string) {
    this.#text = text;
    this.#wordLength = word.length;
    this.#heads = [`<${word}`, `</${word}`, ...(text.includes("</ ") ? [`</ ${word}`] : [])];
  }

  /** Where the next opening tag starts; infinity where there is none. */
  openingFrom(from: number): number {
    return this.#nextOf(0, from);
  }

  /** Where the next closing tag starts; infinity where there is none. */
  closingFrom(from: number): number {
    const closing = this.#nextOf(1, from);
    return this.#heads.length < 3 ? closing : Math.min(closing, this.#nextOf(2, from));
  }

  /** The offset behind a closing tag. */
  behind(closing: number): number {
    let at = closing + this.#wordLength + (this.#text[closing + 2] === " " ? 3 : 2);
    while (isSpace(this.#text, at)) at++;
    return this.#text[at] === ">" ? at + 1 : at;
  }

  #nextOf(which: number, from: number): number {
    const known = this.#next[which] ?? -1;
    if (known >= from) return known;
    const head = this.#heads[which] ?? "";
    let at = this.#text.indexOf(head, from);
    while (at >= 0 && !this.#endsWord(at + head.length)) at = this.#text.indexOf(head, at + head.length);
    const next = at < 0 ? Number.POSITIVE_INFINITY : at;
    this.#next[which] = next;
    return next;
  }

  #endsWord(at: number): boolean {
    const next = this.#text[at];
    return next === undefined || next === ">" || next === "/" || isSpace(this.#text, at);
  }
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
