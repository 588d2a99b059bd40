/**
 * Random numbers. Every generator is derived from a text key, so that candidate i of a run draws the same
 * numbers whatever else happened before it (same seed, same run).
 */
import { hash } from "node:crypto";
import seedrandom from "seedrandom";

/** Draws the next number, uniform in [0, 1). */
export type Rng = () => number;

/**
 * Makes the generator that belongs to a key: the parts joined by "/". Alea, by Johannes Baagøe, whose first
 * numbers are far from independent for keys that differ in few characters; so its seed is the first 60 bits
 * of the key's SHA-256.
 */
export function rngFrom(...parts: readonly (string | number)[]): Rng {
  return seedrandom.alea(hash("sha256", parts.join("/"), "base64").slice(0, 10));
}

/** Draws a whole number, uniform in 0..count-1. */
export function randomIndex(rng: Rng, count: number): number {
  return Math.floor(rng() * count);
}

/** Draws an index with probability proportional to its weight; weights are at least 0 and not all 0. */
export function weightedIndex(rng: Rng, weights: readonly number[]): number {
  let left = rng() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}
