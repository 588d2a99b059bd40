/** Code fences in an answer, by the rules of CommonMark, and the languages that they name. */
import { isCodeLanguage } from "./answer-language.ts";

/** A code fence, by UTF-16 offsets. */
export interface Fence {
  /** Start of the line that opens it. */
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  /** End of the line that closes it, its line break aside; of the text, where none does. */
  readonly end: number;
  /** The language on its first line, lower case; "" where there is none. */
  readonly language: string;
  readonly isClosed: boolean;
}

/** Whether a text may have a code fence. */
export function mayHoldFence(text: string): boolean {
  return text.includes("```") || text.includes("~~~");
}

/** All code fences of a text, in order; the last may stay open. Takes time linear in the text's length. */
export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: (Pick<Fence, "start" | "contentStart" | "language"> & { readonly mark: string }) | undefined;
  const next = { "`": text.indexOf("```"), "~": text.indexOf("~~~") };
  for (let at = 0; at < text.length; ) {
    for (const mark of ["`", "~"] as const) {
      if (next[mark] >= 0 && next[mark] < at) next[mark] = text.indexOf(mark.repeat(3), at);
    }
    const mark = next["~"] < 0 || (next["`"] >= 0 && next["`"] < next["~"]) ? "`" : "~";
    const found = next[mark];
    if (found < 0) break;
    const start = text.lastIndexOf("\n", found) + 1;
    const lineEnd = text.indexOf("\n", found);
    const end = lineEnd < 0 ? text.length : lineEnd;
    at = end + 1;
    if (!isBlank(text, start, found)) continue;
    let afterMarks = found;
    while (text[afterMarks] === mark) afterMarks++;
    const marks = text.slice(found, afterMarks);
    const info = text.slice(afterMarks, end).trim();
    if (open === undefined) {
      const language = languageOfInfo(info);
      if (language !== undefined) {
        open = { start, contentStart: Math.min(end + 1, text.length), language, mark: marks };
      }
    } else if (info === "" && marks.startsWith(open.mark)) {
      const { start: fenceStart, contentStart, language } = open;
      fences.push({ start: fenceStart, contentStart, contentEnd: start, end, language, isClosed: true });
      open = undefined;
    }
  }
  if (open !== undefined) {
    const { start, contentStart, language } = open;
    fences.push({
      ...{ start, contentStart, contentEnd: text.length, end: text.length, language, isClosed: false },
    });
  }
  return fences;
}

/** Whether a stretch of a text is white space. */
export function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && !(code >= 0x09 && code <= 0x0d) && code !== 0xfeff) return false;
  }
  return true;
}

/** The only fence of a text of one closed fence and white space; undefined for any other text. */
export function wholeFence(text: string, fences = findFences(text)): Fence | undefined {
  const [only, second] = fences;
  if (only === undefined || second !== undefined || !only.isClosed) return undefined;
  return isBlank(text, 0, only.start) && isBlank(text, only.end, text.length) ? only : undefined;
}

const firstWord = /^\{?\s*\.?(?:language-|lang-|lang=)?([\w+#.-]*)\}?(?:[\s:,{](.*))?$/;
/** What may follow a word that names no known language: an attribute, options in braces, a path. */
const attribute = /^(?:[\w.-]+=\S+|\{[^{}]*\}|[\w./\\-]*\.\w+)$/;

/** The language on the first line of a fence; undefined where the line reads as something else, e.g. as code. */
function languageOfInfo(info: string): string | undefined {
  if (info === "") return "";
  if (info.length > 200 || info.includes("`")) return undefined;
  const [, word, rest = ""] = firstWord.exec(info) ?? [];
  if (word === undefined) return undefined;
  const isNamed = isCodeLanguage(word) || rest.split(/\s+/).every((one) => one === "" || attribute.test(one));
  return isNamed ? word.toLowerCase() : undefined;
}
