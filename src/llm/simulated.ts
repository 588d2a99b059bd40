/**
 * The simulated model: a seeded stochastic text generator that costs nothing. What it can do is rewrite text:
 * it answers with random words in the shape of the text it was shown, with declared rates of error, and with
 * real token counts.
 */
import { checkKeys, type Model, type Rng, randomIndex, words } from "../core/index.ts";
import { type SimulatedOptions, simulatedKeys, simulatedModel } from "./simulated-text.ts";

export type { SimulatedLatency, SimulatedOptions } from "./simulated-text.ts";

/** Makes a simulated model that answers with random words. */
export function simulated(options: SimulatedOptions = {}): Model {
  checkKeys("simulated", options, simulatedKeys);
  const rewrite = (parts: readonly { readonly text: string }[], rng: Rng) =>
    parts.map(({ text }) => randomWords(text, rng));
  return simulatedModel({ kind: "simulated", rewrite }, options);
}

/** Puts a random word in the place of every word and keeps the white space. */
function randomWords(text: string, rng: Rng): string {
  return text.replace(/\S+/g, () => words[randomIndex(rng, words.length)] ?? "");
}
