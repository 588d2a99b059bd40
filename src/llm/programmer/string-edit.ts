/** Puts another text literal, seen in the prompt, in the place of one; mostly one of the same list. */
import type { Rng } from "../../core/index.ts";
import { type CodeEdit, pick, setText } from "./code-edit.ts";
import type { CodeToken } from "./code-tokens.ts";
import { unquoted } from "./prompt-vocabulary.ts";
import { previousIndex } from "./token-walk.ts";

/** How much likelier a literal is changed that stands in a list of options. */
const listedWeight = 4;

/** Share of edits beside lists that change one character of it and not the whole. */
const characterShare = 0.5;

/** Replaces a literal; one of a list of options becomes another of them nine times in ten. */
export const stringEdit: CodeEdit = {
  weight: 4,
  sites(tokens, { vocabulary }) {
    const sites: number[] = [];
    for (const [index, token] of tokens.entries()) {
      if (!isPlain(token) || isKey(tokens, index)) continue;
      const isListed = vocabulary.optionsOf(unquoted(token.text)) !== undefined;
      for (let count = 0; count < (isListed ? listedWeight : 1); count++) sites.push(index);
    }
    return sites;
  },
  apply(tokens, site, rng, { vocabulary }) {
    const text = tokens[site]?.text ?? "";
    const literal = unquoted(text);
    const options = rng() < 0.9 ? vocabulary.optionsOf(literal) : undefined;
    const others = (options ?? vocabulary.literals()).filter(
      (option) => option !== literal && !/["'`\\\n]/.test(option),
    );
    const isWhole = others.length > 0 && (options !== undefined || rng() >= characterShare);
    const changed = isWhole ? pick(rng, others) : changeCharacter(literal, vocabulary.literals(), rng);
    setText(tokens, site, text.charAt(0) + changed + text.charAt(0));
  },
};

/** Drops the first or last character, or adds one: a separator, or one that other literals have. */
function changeCharacter(literal: string, literals: readonly string[], rng: Rng): string {
  const way = rng();
  if (way < 0.3 && literal.length > 0 && !literal.includes("\\")) {
    return way < 0.1 ? literal.slice(1) : literal.slice(0, -1);
  }
  const characters = rng() < 0.5 ? separators : [...new Set(literals.join("").replace(/["'`\\]/g, ""))];
  const added = pick(rng, characters) ?? " ";
  return way < 0.5 ? added + literal : literal + added;
}

const separators = [..." ,.:;-_/"];

/** Whether a token is a literal without insertions such as `${a}`. */
function isPlain({ kind, text }: CodeToken): boolean {
  return kind === "string" && !text.includes("${");
}

/** Whether a literal is the key of an entry, as in `{"name": value}`. */
function isKey(tokens: readonly CodeToken[], index: number): boolean {
  const before = tokens[previousIndex(tokens, index)]?.text ?? "";
  return tokens[index + 1]?.text === ":" && /^[{,]?$/.test(before);
}
