/** How edits find their way among tokens. */
import { type CodeToken, isOperand } from "./code-tokens.ts";

/** Index of the next token that is neither white space nor fixed; the number of tokens if there is none. */
export function nextIndex(tokens: readonly CodeToken[], index: number): number {
  let at = index + 1;
  while (at < tokens.length && isSilent(tokens[at])) at++;
  return at;
}

/** Index of the token before that is neither white space nor fixed; -1 if there is none. */
export function previousIndex(tokens: readonly CodeToken[], index: number): number {
  let at = index - 1;
  while (at >= 0 && isSilent(tokens[at])) at--;
  return at;
}

function isSilent(token: CodeToken | undefined): boolean {
  return token?.kind === "space" || token?.kind === "fixed";
}

/** Text of the next token that counts on the same line; "\n" at the end of the line and of the text. */
export function nextOnLine(tokens: readonly CodeToken[], index: number): string {
  let at = index + 1;
  while (at < tokens.length && isSilent(tokens[at]) && !tokens[at]?.text.includes("\n")) at++;
  const token = tokens[at];
  return token === undefined || isSilent(token) ? "\n" : token.text;
}

/** Whether an operator has an operand on its left. */
export function isBinary(tokens: readonly CodeToken[], index: number): boolean {
  return isOperand(tokens[previousIndex(tokens, index)]);
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const closers = new Set(Object.values(closing));

/** How many brackets a token opens: 1, 0, or -1 for a closing one. */
export function depthOf({ kind, text }: CodeToken): number {
  if (kind !== "mark") return 0;
  return Object.hasOwn(closing, text) ? 1 : closers.has(text) ? -1 : 0;
}

/** Index of the bracket that closes the one at an index; -1 if none does. */
export function closingIndex(tokens: readonly CodeToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token !== undefined) depth += depthOf(token);
    if (depth === 0) return at;
  }
  return -1;
}
