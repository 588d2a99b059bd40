/** Line breaks of texts: \n, \r\n or \r. */

/** A line break of any kind. */
export const anyLineBreak = /\r\n|\n|\r/g;

/** A line feed with all carriage returns before it; the lookbehind keeps long runs of them from taking long. */
export const lineFeed = /(?<!\r)\r*\n/g;

const kinds = [
  ["\r\n", /\r\n/],
  ["\n", /(?<!\r)\n/],
  ["\r", /\r(?!\n)/],
] as const;

/** The only kind of line break that a text uses; undefined where it has none or several. */
export function onlyLineBreak(text: string): "\r\n" | "\n" | "\r" | undefined {
  const [only, second] = kinds.filter(([, pattern]) => pattern.test(text));
  return second === undefined ? only?.[0] : undefined;
}

/** A text that ends with a line break, as texts are written into prompts. */
export function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
