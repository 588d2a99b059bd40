/** Which names code uses, and as what. */

import { type CodeToken, isKeyword } from "./code-tokens.ts";
import { nextIndex, nextOnLine, previousIndex } from "./token-walk.ts";

/** What a name is used as: a value, a function that is called, a member, or a member that is called. */
export type NameRole = "variable" | "function" | "member" | "method";

/** A name in code. */
export interface NameUse {
  readonly index: number;
  readonly text: string;
  readonly role: NameRole;
  /** Whether it is here made known, and not used: after a word such as `let`, as a key, or at its first place. */
  readonly isDeclared: boolean;
}

const declaring = new Set(
  "function def fn func class struct interface trait let const var mut import".split(" "),
);
const points = new Set([".", "?.", "::", "->"]);
const typeWords = new Set("number string str char byte long short object list dict".split(" "));

/** Finds the names of a program's own in its code, in order. */
export function nameUses(tokens: readonly CodeToken[]): NameUse[] {
  const uses: NameUse[] = [];
  const places = new Map<string, number>();
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "name" || isKeyword(text)) continue;
    const before = tokens[previousIndex(tokens, index)]?.text ?? "";
    const role = roleOf(tokens, index, before);
    if (role === undefined) continue;
    const isKey = nextOnLine(tokens, index) === ":" && /^[{,(]?$/.test(before);
    uses.push({ index, text, role, isDeclared: declaring.has(before) || isKey });
    if (role === "variable") places.set(text, (places.get(text) ?? 0) + 1);
  }
  // A variable's first place mostly declares it, in any language; one that occurs once is declared elsewhere.
  const met = new Set<string>();
  return uses.map((use) => {
    if (use.role !== "variable" || met.has(use.text)) return use;
    met.add(use.text);
    return (places.get(use.text) ?? 0) > 1 ? { ...use, isDeclared: true } : use;
  });
}

function roleOf(tokens: readonly CodeToken[], index: number, before: string): NameRole | undefined {
  const next = tokens[nextIndex(tokens, index)];
  const isCalled = nextOnLine(tokens, index) === "(";
  if (points.has(before)) return isCalled ? "method" : "member";
  if (isCalled) return "function";
  // A name before a name is a type, as in `Point a`; so is a word such as `number` after a colon.
  if (next?.kind === "name" && !isKeyword(next.text) && nextOnLine(tokens, index) === next.text)
    return undefined;
  const word = tokens[index]?.text ?? "";
  if (/^[A-Z]/.test(word) && points.has(next?.text ?? "")) return undefined; // a namespace, as in Math.min
  const isType = typeWords.has(word) && (before === ":" || before === "->" || before === "|");
  return isType ? undefined : "variable";
}
