/**
 * Finds the components in an answer. Knows tags, thinking and where a turn ends; what a component may hold is
 * not its business. Takes time linear in the answer's length.
 */
import { wholeFence } from "./answer-fence.ts";
import { readOpening, TagSearch } from "./answer-tags.ts";
import {
  mayHoldThinking,
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
  const placeOf = placesByName(shown);
  const spellings = [tag, `C${tag.slice(1)}`, tag.toUpperCase()];
  const searches: TagSearch[] = [];
  let at = answer.charCodeAt(0) === 0xfeff ? 1 : 0; // a byte order mark
  let start = at;
  let pieceStart = at;
  let end = answer.length;
  const pieces: string[] = [];
  let parts: AnsweredPart[] = [];
  let unnamed: string[] = [];
  let otherName: string | undefined;
  let hasTags = false;
  let openOthers = 0;
  let fault: Fault | undefined;

  const fail = (reason: string, isUnfinished = false) => {
    fault ??= { reason, isUnfinished };
  };
  /** What came before was thinking. */
  const startAnew = (from: number) => {
    at = start = pieceStart = from;
    pieces.length = 0;
    parts = [];
    unnamed = [];
    otherName = fault = undefined;
    hasTags = false;
    openOthers = 0;
  };

  for (;;) {
    token.lastIndex = at;
    const found = token.exec(answer);
    if (found === null) break;
    at = found.index + found[0].length;
    const word = found[2];
    if (word === undefined) {
      if (found[4] !== undefined) {
        startAnew(at);
        continue;
      }
      pieces.push(answer.slice(pieceStart, found.index));
      pieceStart = end = found.index;
      if (found[3] === undefined) break; // the turn is over
      endOfThinking.lastIndex = at;
      if (endOfThinking.exec(answer) === null) {
        fail("the answer was cut while thinking", true);
        break;
      }
      at = pieceStart = endOfThinking.lastIndex;
      end = answer.length;
      if (!hasTags) start = at;
      continue;
    }
    hasTags = true;
    const spelling = spellings.indexOf(word);
    if (spelling < 0) continue;
    if (found[1] !== undefined) {
      if (openOthers > 0) openOthers--;
      else if (parts.length > 0) fail(`the answer has more than one </${word}> for a component`);
      continue;
    }
    const opening = readOpening(answer, at);
    if (opening === undefined) continue;
    at = opening.end;
    const place = firstPlace(opening.names, placeOf);
    const component = place === undefined ? undefined : shown[place];
    if (component === undefined) otherName ??= opening.names[0];
    if (opening.isSelfClosing) {
      if (component !== undefined) fail(`component ${component.name} has no text: its tag closes itself`);
      continue;
    }
    const search = searches[spelling] ?? new TagSearch(answer, word);
    searches[spelling] = search;
    const closing = search.closingFrom(at);
    const limit = Math.min(closing, search.openingFrom(at), answer.length);
    const body = withoutEmphasis(answer.slice(at, limit), answer, found.index);
    const thinking = thinkingOf(body, component);
    if (typeof thinking === "object") {
      startAnew(at + thinking.endedAt);
      continue;
    }
    const isClosed = limit === closing;
    if (component === undefined || place === undefined) {
      // Tags are also talked about, and put around others.
      if (!isClosed) openOthers++;
      else {
        if (opening.names.length === 0) unnamed.push(body);
        at = search.behind(closing);
      }
      continue;
    }
    if (thinking === "first") fail(`component ${component.name} begins with thinking`);
    // The end of a code fence shows where the component ends, too.
    if (!isClosed && (wholeFence(body) === undefined || (isCut && limit === answer.length))) {
      fail(`component ${component.name} does not end with </${tag}>`, true);
    }
    parts.push({ place, body });
    at = isClosed ? search.behind(closing) : limit;
  }
  if (!hasTags && pieceStart < end) pieces.push(answer.slice(pieceStart, end));
  return { parts, unnamed, otherName, hasTags, fault, start, text: pieces.join("\n") };
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
    if (body.includes(opening) || mayHoldThinking(body)) return undefined;
    parts.push({ place: parts.length, body });
    at = end + closing.length;
    if (answer[at] === "\n") at++;
  }
  return at === answer.length ? parts : undefined;
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

type PlaceOf = (name: string) => number | undefined;

function placesByName(shown: readonly Component[]): PlaceOf {
  if (shown.length === 1) return (name) => (name === shown[0]?.name ? 0 : undefined);
  const places = new Map(shown.map(({ name }, place) => [name, place]));
  return (name) => places.get(name);
}

function firstPlace(names: readonly string[], placeOf: PlaceOf): number | undefined {
  for (const name of names) {
    const place = placeOf(name);
    if (place !== undefined) return place;
  }
  return undefined;
}
