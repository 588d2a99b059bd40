/**
 * Finds the components in an answer. Knows tags, thinking and where a turn ends; what a component may hold is
 * not its business. Takes time linear in the answer's length.
 */
import { wholeFence } from "./answer-fence.ts";
import { meaningsOf, readOpening, TagSearch } from "./answer-tags.ts";
import {
  isQuoted,
  type Thinking,
  thinkingEnd,
  thinkingIn,
  thinkingStart,
  turnEnd,
} from "./answer-thinking.ts";
import type { Component } from "./component.ts";
import { tagLike } from "./component-tag.ts";

/** What an answer holds. */
export interface AnswerParts {
  /** The components that were asked for, in the order of the answer. */
  readonly parts: readonly AnsweredPart[];
  /** Texts between tags without any name. */
  readonly unnamed: readonly string[];
  /** The first name of a component that was not asked for. */
  readonly otherName: string | undefined;
  readonly hasTags: boolean;
  /** Why the answer cannot be relied on, whatever else it holds. */
  readonly fault: Fault | undefined;
  /** Where it starts: behind thinking. */
  readonly start: number;
  /** All outside thinking, where it has no tags. */
  readonly text: string;
}

/** A component that was asked for, as it stands in an answer. */
export interface AnsweredPart {
  /** Its place among those asked for. */
  readonly place: number;
  /** All between its tags. */
  readonly body: string;
}

/** Why an answer cannot be read; `isUnfinished` where it seems to lack its end. */
export interface Fault {
  readonly reason: string;
  readonly isUnfinished: boolean;
}

const token = new RegExp(`${tagLike.source}|(${thinkingStart})|(${thinkingEnd})|(?:${turnEnd})`, "gi");
const endOfThinking = new RegExp(thinkingEnd, "gi");

/** Finds the parts of an answer to a prompt that showed these components between these tags. */
export function findParts(
  answer: string,
  shown: readonly Component[],
  tag: string,
  isCut: boolean,
): AnswerParts {
  return new AnswerScan(answer, shown, tag, isCut).run();
}

/** One way through an answer, from its start to its end. */
class AnswerScan {
  readonly #answer: string;
  readonly #shown: readonly Component[];
  readonly #tag: string;
  readonly #isCut: boolean;
  readonly #placeOf: (name: string) => number | undefined;
  /** The tag as it was shown, and in capitals. */
  readonly #spellings: readonly string[];
  readonly #searches: (TagSearch | undefined)[] = [];
  #at: number;
  /** Where the answer starts, and where the text outside thinking goes on. */
  #start: number;
  #pieceStart: number;
  #pieces: string[] = [];
  #parts: AnsweredPart[] = [];
  #unnamed: string[] = [];
  #otherName: string | undefined;
  #hasTags = false;
  /** How many tags are open that are not looked into. */
  #openOthers = 0;
  #fault: Fault | undefined;

  constructor(answer: string, shown: readonly Component[], tag: string, isCut: boolean) {
    this.#answer = answer;
    this.#shown = shown;
    this.#tag = tag;
    this.#isCut = isCut;
    this.#placeOf = placesByName(shown);
    this.#spellings = [tag, `C${tag.slice(1)}`, tag.toUpperCase()];
    this.#at = this.#start = this.#pieceStart = answer.charCodeAt(0) === 0xfeff ? 1 : 0; // a byte order mark
  }

  run(): AnswerParts {
    let end = this.#answer.length;
    for (;;) {
      token.lastIndex = this.#at;
      const found = token.exec(this.#answer);
      if (found === null) break;
      const [all, slash, word, startsThinking, endsThinking] = found;
      this.#at = found.index + all.length;
      if (word !== undefined) {
        this.#hasTags = true;
        const spelling = this.#spellings.indexOf(word);
        if (spelling < 0) continue;
        if (slash === undefined) this.#open(spelling, found.index);
        else this.#close(word);
      } else if (isQuoted(this.#answer, found.index, this.#at)) continue;
      else if (endsThinking !== undefined) this.#startAnew(this.#at);
      else if (startsThinking === undefined || !this.#skipThinking(found.index)) {
        end = found.index; // the turn is over, or was cut
        break;
      }
    }
    if (!this.#hasTags) this.#pieces.push(this.#answer.slice(this.#pieceStart, end));
    return {
      parts: this.#parts,
      unnamed: this.#unnamed,
      otherName: this.#otherName,
      hasTags: this.#hasTags,
      fault: this.#fault,
      start: this.#start,
      text: this.#pieces.join("\n"),
    };
  }

  #fail(reason: string, isUnfinished = false): void {
    this.#fault ??= { reason, isUnfinished };
  }

  /** What came before was thinking: only what comes now counts. */
  #startAnew(from: number): void {
    this.#at = this.#start = this.#pieceStart = from;
    this.#pieces = [];
    this.#parts = [];
    this.#unnamed = [];
    this.#otherName = this.#fault = undefined;
    this.#hasTags = false;
    this.#openOthers = 0;
  }

  /** Goes on behind the end of thinking; false where there is none. */
  #skipThinking(from: number): boolean {
    endOfThinking.lastIndex = this.#at;
    let found: RegExpExecArray | null;
    do found = endOfThinking.exec(this.#answer);
    while (found !== null && isQuoted(this.#answer, found.index, endOfThinking.lastIndex));
    if (found === null) {
      this.#fail("the answer was cut while thinking");
      return false;
    }
    this.#pieces.push(this.#answer.slice(this.#pieceStart, from));
    this.#at = this.#pieceStart = endOfThinking.lastIndex;
    if (!this.#hasTags) this.#start = this.#at;
    return true;
  }

  /** A closing tag that ends no component. */
  #close(word: string): void {
    if (this.#openOthers > 0) this.#openOthers--;
    else if (this.#parts.length + this.#unnamed.length > 0) {
      this.#fail(`the answer has more than one </${word}> for a component`);
    }
  }

  #open(spelling: number, tagStart: number): void {
    const answer = this.#answer;
    const opening = readOpening(answer, this.#at);
    if (opening === undefined) return;
    this.#at = opening.end;
    const place = placeNamed(opening.name, this.#placeOf);
    const component = place === undefined ? undefined : this.#shown[place];
    if (opening.isSelfClosing) {
      if (component !== undefined) {
        this.#fail(`component ${component.name} has no text: its tag closes itself`);
      }
      return;
    }
    const search = this.#searchFor(spelling);
    const closing = search.closingFrom(opening.end);
    const limit = Math.min(closing, search.openingFrom(opening.end), answer.length);
    const isClosed = limit === closing;
    const inner = answer.slice(opening.end, limit);
    const thinking = thinkingOf(inner, component);
    if (typeof thinking === "object") {
      this.#startAnew(opening.end + thinking.endedAt);
      return;
    }
    const body = withoutEmphasis(inner, answer, tagStart);
    if (
      isClosed &&
      component !== undefined &&
      isTalk(inner, component, answer.slice(this.#start, tagStart))
    ) {
      this.#at = search.behind(closing);
      return;
    }
    if (component === undefined || place === undefined) {
      this.#otherName ??= opening.name;
      // Tags are also talked about, and put around others.
      if (!isClosed) this.#openOthers++;
      else {
        if (opening.name === undefined) this.#unnamed.push(body);
        this.#at = search.behind(closing);
      }
      return;
    }
    if (thinking === "first") this.#fail(`component ${component.name} begins with thinking`);
    const isEnded = isClosed || this.#endsByFence(body, limit);
    if (!isEnded || !this.#isWhole(spelling, opening.end, limit)) {
      this.#fail(`component ${component.name} does not end with </${this.#tag}>`, true);
    }
    this.#parts.push({ place, body });
    this.#at = isClosed ? search.behind(closing) : limit;
  }

  #searchFor(spelling: number): TagSearch {
    const search = this.#searches[spelling] ?? new TagSearch(this.#answer, this.#spellings[spelling] ?? "");
    this.#searches[spelling] = search;
    return search;
  }

  /** Between capitals, the tag as it was shown would be a part of the text, which is never meant. */
  #isWhole(spelling: number, start: number, end: number): boolean {
    if (spelling === 0) return true;
    const shown = this.#searchFor(0);
    return shown.closingFrom(start) >= end && shown.openingFrom(start) >= end;
  }

  /** The end of a code fence shows where a component ends, too. */
  #endsByFence(body: string, limit: number): boolean {
    return wholeFence(body) !== undefined && !(this.#isCut && limit === this.#answer.length);
  }
}

/** Reads an answer that keeps to its form to the letter, which needs no search; undefined for any other. */
export function readExact(
  answer: string,
  shown: readonly Component[],
  tag: string,
): AnsweredPart[] | undefined {
  const [opening, closing] = [`<${tag}`, `</${tag}>`];
  const parts: AnsweredPart[] = [];
  let at = 0;
  for (const { name } of shown) {
    const head = `${opening} name=${JSON.stringify(name)}>`;
    if (!answer.startsWith(head, at)) return undefined;
    const start = at + head.length;
    const end = answer.indexOf(closing, start);
    if (end < 0) return undefined;
    const body = answer.slice(start, end);
    if (body.includes(opening) || thinkingIn(body) !== "none") return undefined;
    parts.push({ place: parts.length, body });
    at = end + closing.length;
    if (answer[at] === "\n") at++;
  }
  return at === answer.length ? parts : undefined;
}

const behindWord = /[\p{L}\p{N},:.][ \t"'`*(]{0,4}$/u;

/** Whether tags within a sentence are only talked about: "between <component ...> and </component>". */
function isTalk(body: string, component: Component, before: string): boolean {
  if (body.includes("\n") || !component.text.trimEnd().includes("\n")) return false;
  return behindWord.test(before.slice(-12));
}

/** Takes off marks such as ** that stand outside the tags as well: the tags were set off, not the text. */
function withoutEmphasis(body: string, answer: string, tagStart: number): string {
  const mark = answer[tagStart - 1];
  if (mark !== "*" && mark !== "`") return body;
  const marks = answer[tagStart - 2] === mark ? mark.repeat(2) : mark;
  return body.startsWith(marks) && body.endsWith(marks) ? body.slice(marks.length, -marks.length) : body;
}

/** What thinking a component holds that its original does not. */
function thinkingOf(body: string, component: Component | undefined): Thinking {
  const thinking = thinkingIn(body);
  return thinking === "none" || component === undefined || thinkingIn(component.text) === "none"
    ? thinking
    : "none";
}

function placesByName(shown: readonly Component[]): (name: string) => number | undefined {
  if (shown.length === 1) return (name) => (name === shown[0]?.name ? 0 : undefined);
  const places = new Map(shown.map(({ name }, place) => [name, place]));
  return (name) => places.get(name);
}

function placeNamed(
  value: string | undefined,
  placeOf: (name: string) => number | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  for (const name of meaningsOf(value)) {
    const place = placeOf(name);
    if (place !== undefined) return place;
  }
  return undefined;
}
