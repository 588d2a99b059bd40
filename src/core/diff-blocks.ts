/**
 * Finds SEARCH/REPLACE blocks in an answer. Knows markers, thinking, where a turn ends and the tags around
 * blocks; where a block belongs is not its business. Takes time linear in the answer's length.
 */
import { meaningsOf, readOpening } from "./answer-tags.ts";
import { shorten } from "./answer-text.ts";
import { isQuoted, thinkingEnd, thinkingIn, thinkingStart, turnEnd } from "./answer-thinking.ts";
import type { Component } from "./component.ts";
import { tagFor } from "./component-tag.ts";
import { dividerOf, endOf, type Marker, type Markers, readMarker } from "./diff-markers.ts";
import type { ModelResponse } from "./model.ts";

/** A block as it stands in an answer: lines without line breaks. */
export interface Block {
  /** From 1, in the order of the answer. */
  readonly number: number;
  readonly search: readonly string[];
  readonly replace: readonly string[];
  /** The component that the answer names for it. */
  readonly place: number | undefined;
  /** Whether only lines count that are the same but for white space at their ends. */
  readonly isExact: boolean;
}

/** What an answer holds. */
export interface AnswerBlocks {
  readonly blocks: readonly Block[];
  /** Texts between the tags of components that hold no block. */
  readonly whole: readonly { readonly place: number; readonly text: string }[];
  /** Why the answer cannot be relied on. */
  readonly fault: string | undefined;
  /** What to say of a line that looks like a marker and is none, where there is no block. */
  readonly misspelt: string | undefined;
}

/** What an answer lacks that was cut. */
export const wasCut = "the answer was cut at its token limit";

const outside = new RegExp(`(${thinkingStart})|(${thinkingEnd})|(?:${turnEnd})`, "gi");
/** Cheap: a line without it has none of these. */
const mayThink = /[<|◁[]|assistantfinal/;
const endOfThinking = new RegExp(thinkingEnd, "gi");
const endOfTurn = new RegExp(turnEnd, "i");
const fenceLine = /^[ \t]*(?:```|~~~)/;

/** Whether a line begins or ends a code fence. */
export function isFenceLine(line: string): boolean {
  return fenceLine.test(line);
}

/** Finds the blocks of an answer to a prompt that showed these components and asked for these markers. */
export function findBlocks(
  answer: string,
  shown: readonly Component[],
  markers: Markers,
  stopReason: ModelResponse["stopReason"],
): AnswerBlocks {
  return new BlockScan(answer, shown, markers, stopReason).run();
}

/** A block whose end has not come yet. */
interface OpenBlock {
  readonly signs: number;
  readonly label: string;
  /** Offset behind its first line. */
  readonly start: number;
  readonly lines: string[];
  readonly dividers: { readonly at: number; readonly signs: number }[];
  /** A line that looks like a marker and is none. */
  misspelt: string | undefined;
  readonly isInFence: boolean;
}

/** One way through an answer, from its start to its end. */
class BlockScan {
  readonly #answer: string;
  readonly #markers: Markers;
  readonly #stopReason: ModelResponse["stopReason"];
  readonly #tag: string;
  readonly #places: ReadonlyMap<string, number>;
  readonly #canThink: boolean;
  #at = 0;
  #open: OpenBlock | undefined;
  #blocks: Block[] = [];
  #whole: { place: number; text: string }[] = [];
  #fault: string | undefined;
  #misspelt: string | undefined;
  #isInFence = false;
  /** The tag that is open: its component, where its text starts, whether a block came since. */
  #tagged: { readonly place: number | undefined; readonly start: number; hasBlock: boolean } | undefined;

  constructor(
    answer: string,
    shown: readonly Component[],
    markers: Markers,
    stopReason: ModelResponse["stopReason"],
  ) {
    this.#answer = answer;
    this.#markers = markers;
    this.#stopReason = stopReason;
    this.#tag = tagFor(shown);
    this.#places = new Map(shown.map(({ name }, place) => [name, place]));
    this.#canThink = shown.every(({ text }) => thinkingIn(text) === "none");
    if (answer.charCodeAt(0) === 0xfeff) this.#at = 1; // a byte order mark
  }

  run(): AnswerBlocks {
    do this.#scan();
    while (this.#open !== undefined && this.#isThinking(this.#open, this.#answer.length));
    if (this.#open !== undefined) this.#finish(this.#open);
    if (this.#blocks.length > 0 && this.#misspelt !== undefined) this.#fail(this.#misspelt);
    return { blocks: this.#blocks, whole: this.#whole, fault: this.#fault, misspelt: this.#misspelt };
  }

  /** Goes through the lines that are left, or to the end of the turn. */
  #scan(): void {
    while (this.#at < this.#answer.length) {
      const start = this.#at;
      const lineFeed = this.#answer.indexOf("\n", start);
      const end = lineFeed < 0 ? this.#answer.length : lineFeed;
      this.#at = end + 1;
      const line = withoutReturns(this.#answer.slice(start, end));
      const marker = readMarker(line, this.#markers);
      const goesOn =
        this.#open === undefined
          ? this.#lookOutside(line, start, marker)
          : this.#lookInside(this.#open, line, start, marker);
      if (!goesOn) return;
    }
  }

  #fail(reason: string): void {
    this.#fault ??= reason;
  }

  /** What came before was thinking: only what comes now counts. */
  #startAnew(from: number): void {
    this.#at = from;
    this.#open = this.#tagged = this.#fault = this.#misspelt = undefined;
    this.#blocks = [];
    this.#whole = [];
    this.#isInFence = false;
  }

  /** Looks at a line that is in no block; false where nothing behind it counts. */
  #lookOutside(line: string, start: number, marker: Marker | undefined): boolean {
    if (marker !== undefined && !marker.isTalk) {
      const { kind, signs, label } = marker;
      if (kind === "search") {
        const open = { signs, label, start: this.#at, lines: [], dividers: [], misspelt: undefined };
        this.#open = { ...open, isInFence: this.#isInFence };
      } else if (kind === "replace") {
        this.#fail(`the answer has ${shorten(line)} without a block that it ends`);
      } else if (kind === "other") this.#misspelt ??= this.#describeMisspelt(line);
      return true;
    }
    if (isFenceLine(line)) this.#isInFence = !this.#isInFence;
    if (this.#lookAtTag(line, start)) return true;
    return !mayThink.test(line) || this.#lookAtThinking(line, start);
  }

  /** Looks for thinking and for the end of the turn; what comes behind thinking is looked at as a line. */
  #lookAtThinking(line: string, start: number): boolean {
    let behind = 0;
    outside.lastIndex = 0;
    for (let found = outside.exec(line); found !== null; found = outside.exec(line)) {
      const [all, startsThinking, endsThinking] = found;
      const end = found.index + all.length;
      if (isQuoted(line, found.index, end)) continue;
      if (endsThinking === undefined && startsThinking === undefined) return false; // the turn is over
      behind = end;
      if (endsThinking !== undefined) this.#startAnew(start + end);
      else if (!this.#skipThinking(start + end)) return false;
      else if (this.#at >= start + line.length) return true;
      else behind = this.#at - start;
      outside.lastIndex = behind;
    }
    if (behind > 0) this.#at = start + behind;
    return true;
  }

  /** Goes on behind the end of thinking; false where there is none. */
  #skipThinking(from: number): boolean {
    endOfThinking.lastIndex = from;
    let found: RegExpExecArray | null;
    do found = endOfThinking.exec(this.#answer);
    while (found !== null && isQuoted(this.#answer, found.index, endOfThinking.lastIndex));
    if (found === null) this.#fail("the answer was cut while thinking");
    else this.#at = endOfThinking.lastIndex;
    return found !== null;
  }

  /** Looks for the tag of a component, alone on its line. */
  #lookAtTag(line: string, start: number): boolean {
    const text = line.trim();
    if (!text.startsWith("<")) return false;
    if (text.startsWith(`</${this.#tag}`)) {
      const { place, start: from = 0, hasBlock } = this.#tagged ?? {};
      if (place !== undefined && hasBlock === false) {
        this.#whole.push({ place, text: this.#answer.slice(from, start) });
      }
      this.#tagged = undefined;
      return true;
    }
    const named = placeOfTag(text, this.#tag, this.#places);
    if (named === undefined) return false;
    this.#tagged = { place: named.place, start: this.#at, hasBlock: false };
    return true;
  }

  /** Looks at a line of a block; false where nothing behind it counts. */
  #lookInside(open: OpenBlock, line: string, start: number, marker: Marker | undefined): boolean {
    if (marker?.kind === "search") {
      if (this.#isThinking(open, start)) return true;
      this.#failOpen("does not end with", endOf(this.#markers));
      this.#open = undefined;
      return this.#lookOutside(line, start, marker);
    }
    if (marker?.kind === "replace") {
      if (this.#isThinking(open, start)) return true;
      this.#take(open, open.lines);
      this.#open = undefined;
      return !endOfTurn.test(marker.label);
    }
    if (marker?.kind === "divider") open.dividers.push({ at: open.lines.length, signs: marker.signs });
    if (marker?.kind === "other" && !this.#markers.isStrict) open.misspelt ??= line;
    open.lines.push(line);
    return true;
  }

  /** Whether what seemed to be in a block was thinking, of which the end has come: then starts anew. */
  #isThinking(open: OpenBlock, end: number): boolean {
    if (!this.#canThink) return false;
    const thinking = thinkingIn(this.#answer.slice(open.start, end));
    if (typeof thinking === "object") {
      this.#startAnew(open.start + thinking.endedAt);
      return true;
    }
    if (thinking !== "none") this.#failOpen("holds thinking");
    return false;
  }

  #failOpen(what: string, marker?: string): void {
    const number = this.#blocks.length + 1;
    this.#fail(`block ${number} ${what}${marker === undefined ? "" : ` ${marker}`}`);
  }

  /** Takes a block that has ended. */
  #take(open: OpenBlock, lines: readonly string[]): void {
    const divider = dividerOf(this.#markers);
    // Other texts have lines of these signs, too: one as long as the first marker is the one that is meant.
    const dividers = open.dividers.filter(({ at }) => at < lines.length);
    const same = dividers.filter(({ signs }) => signs === open.signs);
    const [only, second] = same.length > 0 ? same : dividers;
    if (open.misspelt !== undefined) this.#fail(this.#describeMisspelt(open.misspelt));
    if (only === undefined) this.#failOpen("lacks its line", divider);
    else if (second !== undefined) this.#failOpen("has more than one line", divider);
    if (this.#tagged !== undefined) this.#tagged.hasBlock = true;
    const at = only?.at ?? lines.length;
    const labelled = placeNamed(open.label, this.#places);
    const around = this.#tagged?.place;
    if (labelled !== undefined && around !== undefined && labelled !== around) {
      this.#failOpen("names two components");
    }
    this.#blocks.push({
      number: this.#blocks.length + 1,
      search: lines.slice(0, at),
      replace: lines.slice(at + 1),
      place: labelled ?? around,
      isExact: false,
    });
  }

  #describeMisspelt(line: string): string {
    const start = `${"<".repeat(this.#markers.length)} SEARCH`;
    return `the answer has ${shorten(line)}, expected ${start} and ${endOf(this.#markers)}`;
  }

  /**
   * Ends a block that has no end. It ends where the code fence around it does, else where the answer does, and
   * then without a blank line: behind one, models explain what they did.
   */
  #finish(open: OpenBlock): void {
    if (this.#stopReason === "length") {
      this.#fail(wasCut);
      return;
    }
    const { lines, dividers, isInFence } = open;
    const end = isInFence ? lines.findIndex((line) => bareFence.test(line)) : endOfText(lines, this.#tag);
    const text = lines.slice(0, Math.max(end, 0));
    const hasGap = !isInFence && text.some((line) => line.trim() === "");
    const isWhole = end >= 0 && !hasGap && !text.some(isFenceLine);
    if (dividers.length > 0 && (this.#stopReason !== "stop" || !isWhole)) {
      this.#failOpen("does not end with", endOf(this.#markers));
    } else this.#take(open, text);
  }
}

const bareFence = /^[ \t]*(?:```+|~~~+)[ \t]*$/;

/** How many lines there are before a closing tag, the end of the turn, and blank lines before these. */
function endOfText(lines: readonly string[], tag: string): number {
  const found = lines.findIndex((line) => {
    const text = line.trimStart();
    return text.startsWith(`</${tag}`) || (text.startsWith("<") && endOfTurn.exec(text)?.index === 0);
  });
  let end = found < 0 ? lines.length : found;
  while (end > 0 && lines[end - 1]?.trim() === "") end--;
  return end;
}

/** A line of the answer without the returns before its line feed. */
function withoutReturns(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  return line.slice(0, end);
}

/** The component of a tag that is all of a text; undefined where the text is no opening tag. */
export function placeOfTag(
  text: string,
  tag: string,
  places: ReadonlyMap<string, number>,
): { readonly place: number | undefined } | undefined {
  if (!text.startsWith(`<${tag}`)) return undefined;
  const opening = readOpening(text, tag.length + 1);
  if (opening?.name === undefined || opening.isSelfClosing || opening.end !== text.length) return undefined;
  return { place: placeNamed(opening.name, places) };
}

function placeNamed(value: string, places: ReadonlyMap<string, number>): number | undefined {
  for (const name of meaningsOf(value)) {
    const place = places.get(name);
    if (place !== undefined) return place;
  }
  return undefined;
}
