/**
 * The simulated model: a seeded stochastic text generator that costs nothing. What it can do is rewrite text:
 * it answers with random words in the shape of the text it was shown, with declared rates of error, and with
 * real token counts.
 */
import {
  checkBetween,
  checkKeys,
  checkWhole,
  type Model,
  parametersOf,
  type Rng,
  randomIndex,
  words,
} from "../core/index.ts";
import { simulatedKeys, simulatedModel, type SimulatedOptions as TextOptions } from "./simulated-text.ts";

export type { SimulatedLatency } from "./simulated-text.ts";

/** Options of a simulated model. */
export interface SimulatedOptions extends TextOptions {
  /**
   * v: how many words of the list it knows, the first ones, from 1 to 256; default all. It is the model's
   * ability: it can write v^w texts of w words, and all that a model with fewer words can. On `blocks`, where
   * each text is correct with probability p, it can solve a share of 1 - (1 - p)^(v^w) of the blocks at all,
   * and a block of which c of its texts are correct with probability c / v^w at each try.
   */
  readonly vocabulary?: number;
}

/** Makes a simulated model that answers with random words. */
export function simulated(options: SimulatedOptions = {}): Model {
  const kind = "simulated";
  checkKeys(kind, options, [...simulatedKeys, "vocabulary"]);
  const { vocabulary, ...shared } = options;
  const wordCount = checkWhole(`${kind}: vocabulary`, vocabulary ?? words.length, 1);
  checkBetween(`${kind}: vocabulary`, wordCount, 1, words.length);
  const rewrite = (parts: readonly { readonly text: string }[], rng: Rng) =>
    parts.map(({ text }) => randomWords(text, wordCount, rng));
  return simulatedModel({ kind, parameters: parametersOf({ vocabulary }), rewrite }, shared);
}

/** Puts a random word, of the first so many, in the place of every word and keeps the white space. */
function randomWords(text: string, wordCount: number, rng: Rng): string {
  return text.replace(/\S+/g, () => words[randomIndex(rng, wordCount)] ?? "");
}
