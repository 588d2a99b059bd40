/** Makes an off-by-one error, or mends one: adds `+ 1` or `- 1` at the end of an expression, or drops it. */
import { type CodeEdit, mark, oneSpace } from "./code-edit.ts";
import { type CodeToken, isOperand } from "./code-tokens.ts";
import { isBinary, nextIndex, nextOnLine, previousIndex } from "./token-walk.ts";

const comparisons = new Set(["<", "<=", ">", ">=", "==", "===", "!=", "!=="]);
const ends = new Set([")", "]", ";", ",", ...comparisons]);
const statements = new Set(["if", "while", "for", "elif", "else", "switch", "case", "def", "function"]);

/** Adds or drops a step of one. */
export const stepEdit: CodeEdit = {
  weight: 4,
  sites(tokens, { names }) {
    const sites: number[] = [];
    for (const { index, role, isDeclared } of names()) {
      if (!isDeclared && (role === "variable" || role === "member") && isEnd(tokens, index))
        sites.push(index);
    }
    for (const [index, { kind, text }] of tokens.entries()) {
      if (kind !== "mark") continue;
      if ((text === ")" || text === "]") && ends.has(nextOnLine(tokens, index))) sites.push(index);
      if (isStep(tokens, index)) sites.push(index);
    }
    return sites;
  },
  apply(tokens, site, rng) {
    if (isStep(tokens, site)) {
      const from = previousIndex(tokens, site) + 1;
      tokens.splice(from, nextIndex(tokens, site) + 1 - from);
    } else {
      const sign = mark(rng() < 0.5 ? "+" : "-");
      tokens.splice(site + 1, 0, oneSpace, sign, oneSpace, { kind: "number", text: "1" });
    }
  },
};

/** Whether an operator and the number after it are `+ 1` or `- 1`, on one line. */
function isStep(tokens: readonly CodeToken[], index: number): boolean {
  const text = tokens[index]?.text;
  if ((text !== "+" && text !== "-") || !isBinary(tokens, index)) return false;
  const number = nextIndex(tokens, index);
  if (tokens[number]?.text !== "1" || nextOnLine(tokens, index) !== "1") return false;
  const from = previousIndex(tokens, index) + 1;
  return (
    !/[*/%]/.test(nextOnLine(tokens, number)) &&
    tokens.slice(from, index).every((token) => token.kind === "space" && token.text !== "\n")
  );
}

/** Whether a name ends an expression to which a step can be added. */
function isEnd(tokens: readonly CodeToken[], index: number): boolean {
  const after = nextOnLine(tokens, index);
  if (ends.has(after)) return true;
  const before = tokens[previousIndex(tokens, index)];
  if (after === ":") return before?.text === "[" || comparisons.has(before?.text ?? "");
  // At the end of a line it must follow something that is not itself the end of a line or a statement's head.
  return after === "\n" && before !== undefined && !isOperand(before) && !statements.has(before.text);
}
