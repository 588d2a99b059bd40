/**
 * Makes the text of a component of what an answer holds for it, and says what is wrong with it. Whatever the
 * original has itself is right.
 */
import { type Fence, findFences, isBlank, mayHoldFence, wholeFence } from "./answer-fence.ts";
import { areRelated, contradicts, isCodeLanguage, isPlainText } from "./answer-language.ts";
import type { Component, Genome } from "./component.ts";
import { findLeftOut } from "./left-out.ts";
import { endLine, lineFeed, onlyLineBreak } from "./line-break.ts";

/** The text of a component, or why there is none. */
export type Read = { readonly text: string } | { readonly reason: string };

/** Most characters of a component. */
const longestText = 1_000_000;

/** Reads what stands between the tags of a component. */
export function readBody(body: string, component: Component, genome: Genome): Read {
  // Room for what is taken off.
  if (body.length > 2 * longestText) return { reason: describeLength(body, component) };
  const text = withoutEdges(body, component.text);
  if (endLine(text) === endLine(component.text)) return { text: component.text };
  const inner = withoutFence(withoutCharacterData(text, component.text), component);
  return "reason" in inner ? inner : finish(inner.text, component, genome);
}

/** Reads the content of the one code fence of an answer without tags. */
export function readFence(text: string, fence: Fence, component: Component, genome: Genome): Read {
  const wrong = describeLanguage(fence.language, component);
  if (wrong !== undefined) return { reason: wrong };
  return finish(text.slice(fence.contentStart, fence.contentEnd), component, genome);
}

function finish(inner: string, component: Component, genome: Genome): Read {
  const unnamed = withoutLanguageLine(inner, component);
  if ("reason" in unnamed) return unnamed;
  const text = likeOriginal(withoutMarkers(unnamed.text, component.text), component, genome);
  const reason = text === component.text ? undefined : describeFault(text, component);
  return reason === undefined ? { text } : { reason };
}

/** Says what is wrong with a new text; undefined where nothing is known to be. */
function describeFault(text: string, component: Component): string | undefined {
  const fault = findFault(text, component) ?? describeEscapes(text, component);
  if (fault !== undefined) return fault;
  const leftOut = findLeftOut(text, component);
  return leftOut === undefined ? undefined : `the answer leaves out code: ${shorten(leftOut)}`;
}

/** Says why a text cannot be a component whatever the prompt mode; undefined where it can. */
export function findFault(text: string, component: Component): string | undefined {
  return text.length > longestText ? describeLength(text, component) : describeControl(text, component);
}

function describeLength({ length }: string, { name }: Component): string {
  return `component ${name} has ${length} characters, more than ${longestText}`;
}

/** Cheap: a text without it has no control character but white space. */
const unusual = /[^\t-\r -~\xa0-\uffff]/;
/** Control characters that no text needs. U+0085 is a line break. */
const unwanted = /(?![\t\n\f\r\x85])\p{Cc}/u;

function describeControl(text: string, { name, text: original }: Component): string | undefined {
  if (!unusual.test(text) && !text.includes("\v")) return undefined;
  const found = unwanted.exec(text)?.[0];
  if (found === undefined || unwanted.test(original)) return undefined;
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `component ${name} holds the control character U+${code}`;
}

/** Says that a text was written for another medium: as JSON, or with escapes in place of characters. */
function describeEscapes(text: string, component: Component): string | undefined {
  const { name, text: original } = component;
  if (/^\s*\{\s*"/.test(text) && looksLikeJson(text) && !mayBeJson(component)) {
    return "the answer is JSON, expected the text of the component";
  }
  const lineBreak = text.indexOf("\n");
  if ((lineBreak < 0 || lineBreak === text.length - 1) && text.includes("\\n")) {
    if (original.trimEnd().includes("\n") && !original.includes("\\n")) {
      return `component ${name} has \\n in place of line breaks`;
    }
  }
  if (text.includes("&") && /&(?:lt|gt|amp);/.test(text) && !/[<>]|&(?!(?:lt|gt|amp|quot|#39);)/.test(text)) {
    if (/[<>&]/.test(original) && !/&(?:lt|gt|amp);/.test(original)) {
      return `component ${name} is HTML-escaped`;
    }
  }
  return undefined;
}

/** Whether a component may well be written in JSON. */
export function mayBeJson({ text, language = "" }: Component): boolean {
  return /^\s*[[{]/.test(text) || areRelated(language, "json");
}

/** Whether a text is an object or a list in JSON, as far as its first and last characters show. */
export function looksLikeJson(text: string, from = 0): boolean {
  jsonStart.lastIndex = from;
  return jsonStart.test(text) && /[}\]]$/.test(text.slice(-200).replace(/\s*(?:```|~~~)?\s*$/, ""));
}
const jsonStart = /\s*(?:[`~]{3}\w*\s*)?(?:\{\s*"|\[\s*[{"])/y;

/** Takes off the rest of the tags' lines and a byte order mark. */
function withoutEdges(body: string, original: string): string {
  let start = 0;
  while (isBlankWithin(body, start)) start++;
  if (body[start] === "\r") start++;
  start = body[start] === "\n" ? start + 1 : 0;
  if (body.charCodeAt(start) === 0xfeff && original.charCodeAt(0) !== 0xfeff) start++;
  let end = body.length;
  while (end > start && isBlankWithin(body, end - 1)) end--;
  if (body[end - 1] !== "\n") end = body.length;
  return body.slice(start, end);
}

function isBlankWithin(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}

/** Takes off XML's mark of text that is no markup, unless the original has it. */
function withoutCharacterData(text: string, original: string): string {
  if (!text.includes("<![CDATA[") || original.includes("<![CDATA[")) return text;
  const found = /^\s*<!\[CDATA\[(.*)\]\]>\s*$/s.exec(text)?.[1];
  return found === undefined || found.includes("]]>") ? text : withoutEdges(found, original);
}

/** Takes off the code fence around a text, unless the original has one or it is part of the text. */
function withoutFence(text: string, component: Component): Read {
  if (!mayHoldFence(text)) return { text };
  const fences = findFences(text);
  const [first] = fences;
  const { name, language, text: original } = component;
  if (first === undefined || wholeFence(original) !== undefined) return { text };
  const isPlain = isPlainText(language) === true;
  const startsWithIt = isBlank(text, 0, first.start);
  const take = (start: number, end: number): Read => {
    const reason = describeLanguage(first.language, component);
    return reason === undefined ? { text: text.slice(start, end) } : { reason };
  };
  if (wholeFence(text, fences) !== undefined) {
    // A text may well be one code block, the more so where the original has some.
    const isContent = first.language === "" ? mayHoldFence(original) : isCodeLanguage(first.language);
    if (isPlain && isContent) return { text };
    return take(first.contentStart, first.contentEnd);
  }
  if (isPlain) {
    // Markdown in a fence of its own: fences in it look like its end.
    const last = lastLineStart(text);
    const isWrapped = startsWithIt && /^(?:markdown|md)$/.test(first.language) && last >= first.contentStart;
    return isWrapped && /^\s*(?:```|~~~)\s*$/.test(text.slice(last))
      ? take(first.contentStart, last)
      : { text };
  }
  if (mayHoldFence(original)) return { text };
  if (fences.length === 1 && !first.isClosed) {
    const endsWithIt = first.language === "" && isBlank(text, first.contentStart, text.length);
    if (startsWithIt && endsWithIt) return { reason: `component ${name} has a code fence for its text` };
    if (startsWithIt) return take(first.contentStart, text.length);
    if (endsWithIt) return take(0, first.start);
  }
  if (language !== undefined && isCodeLanguage(language)) {
    return { reason: `component ${name} mixes text and code fences` };
  }
  return { text };
}

/** Where the last line of a text starts that is not blank. */
function lastLineStart(text: string): number {
  return text.lastIndexOf("\n", text.trimEnd().length - 1) + 1;
}

/** Says that a fence's language is not the component's; undefined where it may be. */
function describeLanguage(given: string, { language }: Component): string | undefined {
  if (given === "") return undefined;
  if (language === undefined || !areRelated(language, "diff")) {
    if (areRelated(given, "diff")) return "answered with a diff, expected the whole text";
  }
  if (language === undefined) return undefined;
  const isWrong = isPlainText(language) ? isCodeLanguage(given) : contradicts(given, language);
  return isWrong ? `answered in ${given}, expected ${language}` : undefined;
}

/** Takes off a first line that is the name of the language and nothing else. */
function withoutLanguageLine(text: string, { language, text: original }: Component): Read {
  if (language === undefined || !isCodeLanguage(language)) return { text };
  const end = text.indexOf("\n");
  if (end < 2 || end > 20) return { text };
  const line = text.slice(0, end).trim();
  if (line.length < 2 || !isCodeLanguage(line) || original.trimStart().startsWith(line)) return { text };
  if (areRelated(line, language)) {
    return text.length - end > 1 && !isBlank(text, end, text.length)
      ? { text: text.slice(end + 1) }
      : { text };
  }
  // A short name, or any name in a shell, may well be code.
  if (line.length < 4 || areRelated(language, "shell")) return { text };
  return { reason: `answered in ${line}, expected ${language}` };
}

const markerComment =
  /^\s*(?:\/{2,}|#+|--+|;+|%+|!+|\{?\/\*+|\(\*+|<!--+|\{-|\.\.|'|""")\s*EVOLVE-BLOCK-(START|END)(?![\w-])/;

/** Takes off the marker lines of a block, which models copy from the file around it. */
function withoutMarkers(text: string, original: string): string {
  if (!text.includes("EVOLVE-BLOCK-") || original.includes("EVOLVE-BLOCK-")) return text;
  const firstBreak = text.indexOf("\n", text.length - text.trimStart().length);
  const last = lastLineStart(text);
  if (firstBreak < 0 || last <= firstBreak) return text;
  const isMarked =
    markerComment.exec(text.slice(0, firstBreak))?.[1] === "START" &&
    markerComment.exec(text.slice(last))?.[1] === "END";
  return isMarked ? text.slice(firstBreak + 1, last) : text;
}

/** Gives a new text the line breaks of the original: of the same kind, and one at its end where that has one. */
export function likeOriginal(text: string, { text: original, file }: Component, genome: Genome): string {
  let ended = text;
  if (original.endsWith("\n")) ended = endLine(text);
  else if (text.endsWith("\n")) {
    const isPair = text.endsWith("\r\n") && !original.endsWith("\r");
    ended = text.slice(0, isPair ? -2 : -1);
  }
  if (!ended.includes("\r") && !original.includes("\r") && original.includes("\n")) return ended;
  if (!ended.includes("\n")) return ended;
  const model = /[\r\n]/.test(original)
    ? original
    : genome.find((other) => other.file === file && /[\r\n]/.test(other.text))?.text;
  const lineBreak = model === undefined ? undefined : onlyLineBreak(model);
  if (lineBreak !== "\n" && lineBreak !== "\r\n") return ended;
  return ended.replace(lineFeed, lineBreak);
}

/** A text on one line, cut to a length that a reason may have. */
export function shorten(text: string): string {
  const line = text.slice(0, 200).replace(/\s+/g, " ").trim();
  return line.length <= 80 ? line.toWellFormed() : `${line.slice(0, 79).toWellFormed()}…`;
}
