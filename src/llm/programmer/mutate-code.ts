/** Rewrites code by a few random edits on its tokens. */
import { type Rng, randomIndex, weightedIndex } from "../../core/index.ts";
import { type CodeEdit, type EditContext, pick } from "./code-edit.ts";
import { type CodeToken, codeTokens } from "./code-tokens.ts";
import { lineEdit } from "./line-edit.ts";
import { nameEdit } from "./name-edit.ts";
import { nameUses } from "./name-uses.ts";
import { negationEdit } from "./negation-edit.ts";
import { numberEdit } from "./number-edit.ts";
import { once } from "./once.ts";
import { operatorEdit } from "./operator-edit.ts";
import { stepEdit } from "./step-edit.ts";
import { stringEdit } from "./string-edit.ts";

const kinds: readonly CodeEdit[] = [
  operatorEdit,
  numberEdit,
  nameEdit,
  stepEdit,
  stringEdit,
  negationEdit,
  lineEdit,
];

/** Makes so many edits, or fewer where nothing is left to edit. */
export function mutateCode(
  text: string,
  count: number,
  rng: Rng,
  context: Omit<EditContext, "names">,
): string {
  const tokens = codeTokens(text);
  for (let made = 0; made < count; made++) {
    if (!editOnce(tokens, rng, context)) break;
  }
  return textOf(tokens);
}

/**
 * Draws a kind of edit and then a site. A kind's weight grows with the square root of its number of sites:
 * a rare operator is not drowned by many names, and a lone number does not take each second edit.
 */
function editOnce(tokens: CodeToken[], rng: Rng, fixed: Omit<EditContext, "names">): boolean {
  const context = { ...fixed, names: once(() => nameUses(tokens)) };
  const sites = kinds.map((kind) => kind.sites(tokens, context));
  const weights = kinds.map(({ weight }, index) => weight * Math.sqrt(sites[index]?.length ?? 0));
  if (weights.every((weight) => weight === 0)) return false;
  const drawn = weightedIndex(rng, weights);
  const site = pick(rng, sites[drawn] ?? []);
  if (site !== undefined) kinds[drawn]?.apply(tokens, site, rng, context);
  return true;
}

/** Makes a slip that no parser forgives: a bracket is lost, or, where there is none, one too many opened. */
export function slip(text: string, rng: Rng): string {
  const tokens = codeTokens(text);
  const brackets = tokens.flatMap(({ kind, text }, index) =>
    kind === "mark" && /^[()[\]{}]$/.test(text) ? [index] : [],
  );
  if (brackets.length > 0) {
    tokens.splice(brackets[randomIndex(rng, brackets.length)] ?? 0, 1);
  } else {
    const last = tokens.findLastIndex(({ kind }) => kind !== "space" && kind !== "fixed");
    tokens.splice(last + 1, 0, { kind: "mark", text: "(" });
  }
  return textOf(tokens);
}

function textOf(tokens: readonly CodeToken[]): string {
  return tokens.map(({ text }) => text).join("");
}
