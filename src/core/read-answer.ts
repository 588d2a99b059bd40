/**
 * Reads components back from an answer, as models really write them. A slip is mended only where its meaning
 * is beyond doubt; everything else is a rejection that says what was wrong. No answer makes it throw, none
 * changes a component that was not asked for, and its time is linear in the answer's length.
 */
import { findFences, isBlank, mayHoldFence } from "./answer-fence.ts";
import { areRelated, contradicts } from "./answer-language.ts";
import { type AnsweredPart, type AnswerParts, findParts, readExact } from "./answer-parts.ts";
import {
  findFault,
  likeOriginal,
  looksLikeJson,
  mayBeJson,
  type Read,
  readBody,
  readFence,
  shorten,
} from "./answer-text.ts";
import type { Component, Genome } from "./component.ts";
import { pick, tagFor } from "./component-tag.ts";
import { endLine } from "./line-break.ts";
import type { ModelResponse } from "./model.ts";
import { proposed, type Rewrite, rejected } from "./operator.ts";

const wasCut = "the answer was cut at its token limit";

/**
 * Reads the answer to `writeTagged`: each of the components exactly once; any other component is ignored. Of
 * an answer that was cut, the components must be there as a whole. Where one component was asked for, an
 * answer without tags may give it as its only code fence.
 *
 * Taken off: thinking, a code fence around the whole of a component, the name of its language on its first
 * line, marker lines around it, unless the original has them. An empty component is a deletion.
 */
export function readTagged(
  answer: string,
  genome: Genome,
  indexes: readonly number[],
  stopReason: ModelResponse["stopReason"] = "stop",
): Rewrite {
  const shown = pick(genome, indexes);
  if (shown.length === 0) return proposed(new Map());
  const tag = tagFor(shown);
  const exact = readExact(answer, shown, tag);
  if (exact !== undefined) return readParts(exact, shown, genome, indexes, false);
  const isCut = stopReason === "length";
  const found = findParts(answer, shown, tag, isCut);
  if (found.fault !== undefined) {
    return rejected(found.fault.isUnfinished && isCut ? wasCut : found.fault.reason);
  }
  const misplaced = describeForm(answer, found, shown, tag);
  if (misplaced !== undefined) return rejected(misplaced);
  const parts = partsOf(found, shown);
  if (parts.length > 0) return readParts(parts, shown, genome, indexes, isCut);
  if (isCut) return rejected(wasCut);
  const read = readUntagged(found, shown, genome);
  return "reason" in read ? rejected(read.reason) : proposed(new Map([[indexes[0] ?? 0, read.text]]));
}

/** Reads the components that an answer gives. */
function readParts(
  parts: readonly AnsweredPart[],
  shown: readonly Component[],
  genome: Genome,
  indexes: readonly number[],
  isCut: boolean,
): Rewrite {
  const texts: (string | undefined)[] = [];
  for (const { place, body } of parts) {
    const component = shown[place];
    if (component === undefined) continue;
    const read = readBody(body, component, genome);
    if ("reason" in read) return rejected(read.reason);
    const known = texts[place];
    // Some repeat what they were shown before they answer.
    if (known !== undefined && known !== read.text && known !== component.text) {
      return rejected(`the answer gives component ${component.name} twice`);
    }
    texts[place] = read.text;
  }
  const changes = new Map<number, string>();
  for (const [place, index] of indexes.entries()) {
    const text = texts[place];
    if (text === undefined) {
      return rejected(isCut ? wasCut : `the answer lacks component ${shown[place]?.name}`);
    }
    changes.set(index, text);
  }
  return proposed(changes);
}

/** The components in an answer; where one was asked for, its tag needs no name. */
function partsOf(
  { parts, unnamed, otherName }: AnswerParts,
  shown: readonly Component[],
): readonly AnsweredPart[] {
  const [body, second] = unnamed;
  const isMeant = parts.length === 0 && shown.length === 1 && otherName === undefined;
  return isMeant && body !== undefined && second === undefined ? [{ place: 0, body }] : parts;
}

const toolCall =
  /\s*(?:<tool_calls?>|<function_calls?>|<function=|<\|tool|<\|python_tag\|>|\[TOOL_CALLS\]|functools\[)/y;

/** Says that an answer is of another form altogether; undefined where it is not. */
function describeForm(
  answer: string,
  { start, text, hasTags }: AnswerParts,
  shown: readonly Component[],
  tag: string,
): string | undefined {
  toolCall.lastIndex = start;
  if (toolCall.test(answer)) return "the answer calls a tool, expected text between tags";
  if (looksLikeJson(answer, start) && !shown.some(mayBeJson))
    return "the answer is JSON, expected text between tags";
  if (!hasTags && (text.includes(`&lt;${tag}`) || text.includes(`&lt;/${tag}`))) {
    return "the answer's tags are HTML-escaped";
  }
  return undefined;
}

const refusal =
  /^(?:I(?:['’]m| am) (?:very |really |so )?(?:sorry|unable)|Sorry|I (?:cannot|can['’]t|can not|won['’]t)|I apologi[sz]e|As an AI|Unfortunately, I)\b/i;

function describeNone(found: AnswerParts, shown: readonly Component[]): string {
  const { text, hasTags, otherName, start } = found;
  const [first, second] = shown;
  if (!hasTags) {
    const begin = text.trimStart().slice(0, 100);
    if (begin === "") return start > 1 ? "the answer ends after its thinking" : "the answer is empty";
    if (refusal.test(begin)) return "the answer is a refusal";
  } else if (otherName !== undefined && second === undefined) {
    return `the answer gives component ${shorten(otherName)} in place of ${first?.name}`;
  }
  return `the answer lacks component ${first?.name}`;
}

/** Reads an answer that gives no component between tags: the only one asked for may be in a code fence. */
function readUntagged(found: AnswerParts, shown: readonly Component[], genome: Genome): Read {
  const { text, hasTags } = found;
  const [component, second] = shown;
  const fences = hasTags || second !== undefined || !mayHoldFence(text) ? [] : findFences(text);
  const [first] = fences;
  if (component === undefined || first === undefined) return { reason: describeNone(found, shown) };
  if (fences.some(({ isClosed }) => !isClosed)) return { reason: "the answer's code fence does not end" };
  const { language } = component;
  const related = fences.filter((fence) => language !== undefined && areRelated(fence.language, language));
  const others = fences.filter((fence) => language !== undefined && contradicts(fence.language, language));
  const [only = first] = related;
  if (fences.length > 1 && (related.length !== 1 || others.length !== fences.length - 1)) {
    return { reason: `the answer has ${fences.length} code fences and no tags` };
  }
  const isNamed = language !== undefined && areRelated(only.language, language);
  if (mayHoldFence(component.text) && !isNamed) return { reason: describeNone(found, shown) };
  if (isBlank(text, only.contentStart, only.contentEnd))
    return { reason: "the answer's code fence is empty" };
  return readFence(text, only, component, genome);
}

/** Reads the answer to `writeCompact`: as many lines as were sent, each component keeping its number of lines. */
export function readCompact(
  answer: string,
  genome: Genome,
  indexes: readonly number[],
  stopReason: ModelResponse["stopReason"] = "stop",
): Rewrite {
  if (stopReason === "length") return rejected(wasCut);
  const shown = pick(genome, indexes);
  if (answer.trim() === "") return rejected("the answer is empty");
  const changes = new Map<number, string>();
  let at = startsWithMark(answer) && !startsWithMark(shown[0]?.text ?? "") ? 1 : 0;
  for (const [place, component] of shown.entries()) {
    const start = at;
    for (let lines = countLines(component.text); lines > 0; lines--) {
      if (at >= answer.length) return rejected(describeLines(answer, shown));
      at = lineEnd(answer, at);
    }
    const text = likeOriginal(endLine(answer.slice(start, at)), component, genome);
    const fault = text === component.text ? undefined : findFault(text, component);
    if (fault !== undefined) return rejected(fault);
    changes.set(indexes[place] ?? 0, text);
  }
  return at < answer.length ? rejected(describeLines(answer, shown)) : proposed(changes);
}

/** Whether a text starts with a byte order mark. */
function startsWithMark(text: string): boolean {
  return text.charCodeAt(0) === 0xfeff;
}

function describeLines(answer: string, shown: readonly Component[]): string {
  const expected = shown.reduce((lines, { text }) => lines + countLines(text), 0);
  return `expected ${expected} lines, got ${countLines(answer)}`;
}

/** The offset behind the line that starts at an offset. */
function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length + 1 : end + 1;
}

/** The number of lines of a text; the last may lack its line break. */
function countLines(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; lines++) at = lineEnd(text, at);
  return Math.max(lines, 1);
}
