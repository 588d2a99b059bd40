/** What a kind of task is, and what the kinds draw their material with. */
import { type Rng, randomIndex, words } from "../../../src/core/index.ts";

/** What one query is about, with the answer as its maker knows it. */
export interface Task {
  /** The one line of material, without its label. */
  readonly given: string;
  /** In normal form: single spaces, digits without separators; three tokens in all kinds. */
  readonly answer: string;
}

/**
 * A kind of task: real work on text. `make` draws a task together with its answer; `solve` works the answer out
 * from the material alone, by another way wherever there is one.
 */
export interface Kind {
  /** What a delegator answers. */
  readonly name: string;
  /** What is wanted, in words, for the first line of a query; no two kinds have the same. */
  readonly wanted: string;
  /** What the line of material begins with. */
  readonly label: string;
  /** Mean number of tokens of the material beyond one for each word and each three digits; default 0. */
  readonly extraTokens?: number;
  make(rng: Rng): Task;
  /** Undefined where the material is none of this kind. */
  solve(given: string): string | undefined;
}

/** A whole number, uniform from `least` to `most`. */
export function drawWhole(rng: Rng, least: number, most: number): number {
  return least + randomIndex(rng, most - least + 1);
}

/** A number of 7 or 8 digits: three tokens. */
export function drawLong(rng: Rng): number {
  return drawWhole(rng, 1_000_000, 40_000_000);
}

/** So many values, one after the other. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** So many different words of the list, or of another one. */
export function drawWords(rng: Rng, count: number, from: readonly string[] = words): string[] {
  return shuffled(from, rng).slice(0, count);
}

/** The same values in random order (Fisher and Yates). */
export function shuffled<T>(all: readonly T[], rng: Rng): T[] {
  const mixed = [...all];
  for (let last = mixed.length - 1; last > 0; last--) {
    const at = randomIndex(rng, last + 1);
    const value = mixed[at] as T;
    mixed[at] = mixed[last] as T;
    mixed[last] = value;
  }
  return mixed;
}

/** The words of a line. */
export function wordsOf(line: string): string[] {
  return line.match(/[A-Za-z]+/g) ?? [];
}

/** The whole numbers of a line. */
export function numbersOf(line: string): number[] {
  return (line.match(/\d+/g) ?? []).map(Number);
}

/** By the alphabet: all words are plain lower case. */
export function byAlphabet(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Upwards. */
export function bySize(a: number, b: number): number {
  return a - b;
}
