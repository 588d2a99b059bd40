/** Lines of a text. A line ends with \n, \r\n or \r, which belong to it; the last may end with none. */

/** A stretch of a text, by UTF-16 offsets; `end` is the first one after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The lines from one offset to another, both at the start of a line. */
export function lineSpans(text: string, from = 0, to = text.length): Span[] {
  const spans: Span[] = [];
  const pattern = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+/y;
  for (let start = from; start < to; start = pattern.lastIndex) {
    pattern.lastIndex = start;
    pattern.test(text);
    spans.push({ start, end: pattern.lastIndex });
  }
  return spans;
}

/** Where an offset lies, for messages: `path:line:column`, both from 1, the column in UTF-16 units. */
export function placeOf(path: string, text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = (before.match(/\r\n|\n|\r/g)?.length ?? 0) + 1;
  return `${path}:${line}:${offset - before.search(/[^\r\n]*$/) + 1}`;
}
