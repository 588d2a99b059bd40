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
  type ModelRequest,
  parametersOf,
  type Rng,
  randomIndex,
  words,
} from "../core/index.ts";
import {
  type PromptPart,
  simulatedKeys,
  simulatedModel,
  type SimulatedOptions as TextOptions,
} from "./simulated-text.ts";

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
  const rewrite = (parts: readonly PromptPart[], rng: Rng, request: ModelRequest) =>
    parts.map(({ name, text }) => {
      const isEmpty = name !== undefined && text.trim() === "";
      return isEmpty ? newLine(name, wordCount, rng, request) : randomWords(text, wordCount, rng);
    });
  const note = (count: number, rng: Rng) => randomWords("w ".repeat(count).trimEnd(), wordCount, rng);
  return simulatedModel({ kind, parameters: parametersOf({ vocabulary }), rewrite, note }, shared);
}

/** Words of a line that nothing says the length of. */
const usualWords = 8;
/** Most words of a line, whatever a prompt asks for. */
const mostWords = 1000;

/** A line of random words in the place of nothing: as long as the component's spec says, else any spec. */
function newLine(name: string, wordCount: number, rng: Rng, { messages }: ModelRequest): string {
  const prompt = messages.at(-1)?.text ?? "";
  const own = prompt.split("\n").find((line) => line.startsWith(`- ${name}: `));
  const asked = lineOfWords.exec(own ?? "")?.[1] ?? lineOfWords.exec(prompt)?.[1];
  const count = Math.min(asked === undefined ? usualWords : Number(asked), mostWords);
  return `${randomWords("w ".repeat(count).trimEnd(), wordCount, rng)}\n`;
}
const lineOfWords = /\ba line of (\d+) (?:\w+ )?words?\b/;

/** Puts a random word, of the first so many, in the place of every word and keeps the white space. */
function randomWords(text: string, wordCount: number, rng: Rng): string {
  return text.replace(/\S+/g, () => words[randomIndex(rng, wordCount)] ?? "");
}
