/**
 * The simulated programmer: a seeded stochastic text model that rewrites real code, in any language, by a few
 * random edits on its tokens. Like `simulated` it sees the prompt alone and remembers nothing. It stands in
 * for a real model where random words would never run.
 */
import {
  checkBetween,
  checkKeys,
  type Model,
  type ModelRequest,
  type Rng,
  randomIndex,
} from "../core/index.ts";
import { mutateCode, slip } from "./programmer/mutate-code.ts";
import { otherOption } from "./programmer/other-option.ts";
import { promptVocabulary } from "./programmer/prompt-vocabulary.ts";
import { type PromptPart, type SimulatedOptions, simulatedKeys, simulatedModel } from "./simulated-text.ts";

/** Options of a simulated programmer. */
export interface SimulatedProgrammerOptions extends SimulatedOptions {
  /** Mean number of edits of a component, from 1 to 100: one, and then geometric; default 1.5. */
  readonly edits?: number;
  /** Share of answers with code in which one component has a slip of syntax, from 0 to 1; default 0.02. */
  readonly errorRate?: number;
}

/**
 * Makes a simulated programmer. It answers each component that the prompt shows between tags (else the whole
 * prompt, line by line) with edits of these kinds: another operator, number, name or literal, a step of one
 * added or dropped, a condition negated, a line dropped, repeated or moved.
 *
 * A component that is nothing but an option of a list in the prompt becomes another one, as `otherOption`
 * draws it: it is no code.
 */
export function simulatedProgrammer(options: SimulatedProgrammerOptions = {}): Model {
  const kind = "simulated-programmer";
  checkKeys(kind, options, [...simulatedKeys, "edits", "errorRate"]);
  const { edits = 1.5, errorRate = 0.02 } = options;
  checkBetween(`${kind}: edits`, edits, 1, 100);
  checkBetween(`${kind}: errorRate`, errorRate, 0, 1);

  const rewrite = (parts: readonly PromptPart[], rng: Rng, request: ModelRequest): string[] => {
    const vocabulary = promptVocabulary(request);
    const code: number[] = [];
    const texts = parts.map((part, index) => {
      const choice = otherOption(part, vocabulary, rng);
      if (choice !== undefined) return choice;
      code.push(index);
      let count = 1;
      while (rng() >= 1 / edits) count++;
      return mutateCode(part.text, count, rng, { vocabulary, keepsLines: part.name === undefined });
    });
    if (code.length > 0 && rng() < errorRate) {
      const index = code[randomIndex(rng, code.length)] ?? 0;
      texts[index] = slip(texts[index] ?? "", rng);
    }
    return texts;
  };
  return simulatedModel({ kind, parameters: { edits, errorRate }, rewrite }, options);
}
