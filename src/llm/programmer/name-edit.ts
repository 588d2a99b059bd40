/** Puts another name of the same role, seen in the code or in the prompt, in the place of one. */
import { type CodeEdit, pick, setText } from "./code-edit.ts";
import type { NameRole, NameUse } from "./name-uses.ts";
import type { PromptVocabulary } from "./prompt-vocabulary.ts";

/** How much likelier a name is changed where it is used than where a variable is declared. */
const useWeight = 4;

/** Replaces a name by another one of its role; now and then by one that only the prompt shows. */
export const nameEdit: CodeEdit = {
  weight: 4,
  sites(_tokens, { names, vocabulary }) {
    const sites: number[] = [];
    const known = new Map<NameRole, ReadonlySet<string>>();
    for (const { index, text, role, isDeclared } of names()) {
      if (isDeclared && role !== "variable") continue;
      const candidates = known.get(role) ?? new Set([...own(names(), role), ...told(vocabulary, role)]);
      known.set(role, candidates);
      if (candidates.size - (candidates.has(text) ? 1 : 0) === 0) continue;
      for (let count = 0; count < (isDeclared ? 1 : useWeight); count++) sites.push(index);
    }
    return sites;
  },
  apply(tokens, site, rng, { names, vocabulary }) {
    const use = names().find(({ index }) => index === site);
    if (use === undefined) return;
    const here = own(names(), use.role);
    const foreign = told(vocabulary, use.role).filter((name) => !here.has(name));
    here.delete(use.text);
    const isForeign = here.size === 0 || (foreign.length > 0 && rng() < 0.1);
    const name = pick(rng, isForeign ? foreign : [...here]);
    if (name !== undefined) setText(tokens, site, name);
  },
};

/** Names of a role in the code; not those of the functions that it declares. */
function own(uses: readonly NameUse[], role: NameRole): Set<string> {
  const known = uses.filter((use) => use.role === role && !(role === "function" && use.isDeclared));
  return new Set(known.map(({ text }) => text));
}

/** Names of a role in the words about the code. */
function told(vocabulary: PromptVocabulary, role: NameRole): readonly string[] {
  if (role === "variable") return vocabulary.variables();
  return role === "function" ? vocabulary.functions() : [];
}
