/** The choice of another option, for components that are set to one of a few. */
import type { Rng } from "../../core/index.ts";
import type { PromptPart } from "../simulated-text.ts";
import { pick } from "./code-edit.ts";
import { type PromptVocabulary, unquoted } from "./prompt-vocabulary.ts";

/**
 * Draws another option for a component that is nothing but an option of a list in the prompt (`one of: a, b,
 * c`, or quoted texts with commas between them), each of the others equally likely; white space and quotes
 * stay. Where several lists hold it, the one whose line begins with the component's name counts
 * (`- loader: one of: ...`), else the last. Undefined where no list holds it.
 */
export function otherOption(
  { name, text }: PromptPart,
  vocabulary: PromptVocabulary,
  rng: Rng,
): string | undefined {
  const present = unquoted(text.trim());
  if (present === "" || present.includes("\n") || name === undefined) return undefined;
  const options = vocabulary.optionsOf(present, name);
  if (options === undefined) return undefined;
  const option =
    pick(
      rng,
      options.filter((other) => other !== present),
    ) ?? present;
  return text.replace(present, () => option);
}
