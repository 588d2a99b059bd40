/** What a kind of edit on code is. */
import { type Rng, randomIndex } from "../../core/index.ts";
import type { CodeToken } from "./code-tokens.ts";
import type { NameUse } from "./name-uses.ts";
import type { PromptVocabulary } from "./prompt-vocabulary.ts";

/** A kind of edit on tokens. */
export interface CodeEdit {
  /** How often it is made, relative to other kinds with as many sites. */
  readonly weight: number;
  /** Indexes of the tokens at which it can be made; an index given twice is twice as likely. */
  sites(tokens: readonly CodeToken[], context: EditContext): readonly number[];
  /** Makes the edit at one of these sites. */
  apply(tokens: CodeToken[], site: number, rng: Rng, context: EditContext): void;
}

/** What edits look at beside the tokens. */
export interface EditContext {
  /** The names of the code as it is now. */
  names(): readonly NameUse[];
  readonly vocabulary: PromptVocabulary;
  /** True where the answer must have as many lines as the text. */
  readonly keepsLines: boolean;
}

/** Puts another text in the place of a token's. */
export function setText(tokens: CodeToken[], at: number, text: string): void {
  const token = tokens[at];
  if (token !== undefined) tokens[at] = { kind: token.kind, text };
}

/** Draws one of the values, each equally likely; undefined where there is none. */
export function pick<T>(rng: Rng, values: readonly T[]): T | undefined {
  return values[randomIndex(rng, values.length)];
}

/** Makes a token of kind `mark`. */
export function mark(text: string): CodeToken {
  return { kind: "mark", text };
}

/** A single space. */
export const oneSpace: CodeToken = { kind: "space", text: " " };
