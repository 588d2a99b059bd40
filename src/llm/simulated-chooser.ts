/**
 * The simulated chooser: a seeded stochastic text model without memory for problems whose components are each
 * set to one of the options that the prompt lists. Like `simulated` it sees the prompt alone.
 */
import { checkKeys, type Model, type ModelRequest, type Rng } from "../core/index.ts";
import { pick } from "./programmer/code-edit.ts";
import { otherOption } from "./programmer/other-option.ts";
import { promptVocabulary } from "./programmer/prompt-vocabulary.ts";
import { type PromptPart, type SimulatedOptions, simulatedKeys, simulatedModel } from "./simulated-text.ts";

/** Options of a simulated chooser. */
export type SimulatedChooserOptions = SimulatedOptions;

/**
 * Makes a simulated chooser: it answers each component with another of its options, as `otherOption` draws
 * it. Where the prompt lists none, each word becomes another word that the components shown have.
 */
export function simulatedChooser(options: SimulatedChooserOptions = {}): Model {
  const kind = "simulated-chooser";
  checkKeys(kind, options, simulatedKeys);
  const rewrite = (parts: readonly PromptPart[], rng: Rng, request: ModelRequest): string[] => {
    const vocabulary = promptVocabulary(request);
    const words = [...new Set(parts.flatMap(({ text }) => text.match(/\S+/g) ?? []))];
    const otherWord = (word: string) =>
      pick(
        rng,
        words.filter((other) => other !== word),
      ) ?? word;
    return parts.map((part) => otherOption(part, vocabulary, rng) ?? part.text.replace(/\S+/g, otherWord));
  };
  return simulatedModel({ kind, rewrite }, options);
}
