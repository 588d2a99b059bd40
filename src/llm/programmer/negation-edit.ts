/** Negates a condition, or drops a negation. */
import { type CodeEdit, mark, oneSpace } from "./code-edit.ts";
import { type CodeToken, isKeyword } from "./code-tokens.ts";
import { closingIndex, depthOf, isBinary, nextIndex, nextOnLine, previousIndex } from "./token-walk.ts";

const conditional = new Set(["if", "elif", "while", "until", "unless"]);
const joining = new Set(["&&", "||", "and", "or"]);
/** Before a call or a member, which may be a condition; a name alone seldom is. */
const giving = new Set(["return", "=>"]);
const wordy = new Set(["def", "elif", "not", "None", "True", "False", "and", "or"]);

const marks = new Set(["!", "(", "&&", "||", "=>"]);
const words = new Set([...conditional, "not", "and", "or", "return"]);

/** Negates what follows `if`, `while`, `&&`, `and`, `return`, ..., or takes a `!` or `not` away. */
export const negationEdit: CodeEdit = {
  weight: 2,
  sites(tokens) {
    const sites: number[] = [];
    for (const [index, { kind, text }] of tokens.entries()) {
      if (kind === "mark" ? !marks.has(text) : kind !== "name" || !words.has(text)) continue;
      const isConditional = conditional.has(text) && conditionOf(tokens, index) !== undefined;
      if (isConditional || isNegation(tokens, index) || isBeforeOperand(tokens, index)) sites.push(index);
    }
    return sites;
  },
  apply(tokens, site) {
    if (isNegation(tokens, site)) {
      tokens.splice(site, tokens[site]?.text === "not" && tokens[site + 1]?.kind === "space" ? 2 : 1);
      return;
    }
    const isWordy = tokens.some(({ kind, text }) => kind === "name" && wordy.has(text));
    const not: CodeToken[] = isWordy ? [{ kind: "name", text: "not" }, oneSpace] : [mark("!")];
    const condition = conditional.has(tokens[site]?.text ?? "") ? conditionOf(tokens, site) : undefined;
    if (condition === undefined) {
      tokens.splice(nextIndex(tokens, site), 0, ...not);
    } else {
      tokens.splice(condition.to, 0, mark(")"));
      tokens.splice(condition.from, 0, ...not, mark("("));
    }
  },
};

/** Whether a negation fits after `&&`, `and` or the bracket after `if`; after `return` only before a call or a member. */
function isBeforeOperand(tokens: readonly CodeToken[], index: number): boolean {
  const text = tokens[index]?.text ?? "";
  const operand = nextIndex(tokens, index);
  if (!startsOperand(tokens, operand) || nextOnLine(tokens, index) === "\n") return false;
  if (text === "(") return conditional.has(tokens[previousIndex(tokens, index)]?.text ?? "");
  if (giving.has(text)) return /^[.([]$/.test(nextOnLine(tokens, operand));
  return joining.has(text);
}

function isNegation(tokens: readonly CodeToken[], index: number): boolean {
  const token = tokens[index];
  const next = tokens[nextIndex(tokens, index)];
  if (token?.kind === "mark" && token.text === "!")
    return !isBinary(tokens, index) && startsOperand(tokens, index + 1);
  return token?.kind === "name" && token.text === "not" && next?.text !== "in";
}

function startsOperand(tokens: readonly CodeToken[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind === "name") return !isKeyword(token.text);
  return token?.kind === "mark" && (token.text === "(" || token.text === "[");
}

/** The tokens of the condition after `if`: within its brackets, or up to `:` or `{` on its line. */
function conditionOf(tokens: readonly CodeToken[], index: number) {
  const first = nextIndex(tokens, index);
  if (tokens[first]?.text === "(") {
    const close = closingIndex(tokens, first);
    const after = close < 0 ? "" : nextOnLine(tokens, close);
    const goesOn = after === ":" || /^(?:[-+*/%<>=!&|.?[]|and$|or$|not$|in$|is$)/.test(after);
    if (close > first + 1 && !goesOn) return { from: first + 1, to: close };
  }
  let depth = 0;
  for (let at = first; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.text === "\n" || token.kind === "fixed") return undefined;
    if (depth === 0 && at > first && (token.text === ":" || token.text === "{")) {
      return { from: first, to: tokens[at - 1]?.kind === "space" ? at - 1 : at };
    }
    depth += depthOf(token);
    if (depth < 0) return undefined;
  }
  return undefined;
}
