/**
 * What the problems made of blocks share: random lines as blocks, and a keyed hash that gives each text at
 * each place a number, uniform in [0, 1). A block is right when its number falls below p, so that any fresh
 * text, of any model, is right with probability exactly p, independently of everything else.
 */
import { hash } from "node:crypto";
import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  randomIndex,
  rngFrom,
  UsageError,
  words,
} from "../../src/core/index.ts";

/** Options of a problem made of blocks; the size of an instance is k, the number of blocks. */
export interface HashedBlocksOptions {
  /** l: tokens of an initial block, the ending line break included; at least 3. Default 8. */
  readonly tokensPerBlock?: number;
  /** p: probability that a fresh text is correct, above 0 and below 1. Default 0.5. */
  readonly successProbability?: number;
  /** Which texts are correct; another key makes another instance. Default "allele". */
  readonly instanceKey?: string;
  /** `wrong`: every block is wrong at the start (default). `fresh`: each is correct with probability p. */
  readonly start?: "wrong" | "fresh";
}

/** Whether the block at a place, with a text, is right; `before` holds the texts of the blocks before it. */
export type IsRight = (index: number, text: string, before: readonly string[]) => boolean;

/** The checked options of a problem made of blocks, and what follows from them. */
export interface HashedBlocks {
  /** The options with their defaults. */
  readonly parameters: Required<HashedBlocksOptions>;
  /** The beginning of a statement: how many blocks there are, and what they are made of. */
  intro(size: number): string;
  /** Maps a text at a place to a number, uniform in [0, 1). */
  numberOf(index: number, text: string): number;
  /** Whether the number of a text at a place is below p. */
  isRight(index: number, text: string): boolean;
  /** The initial blocks; where they start wrong, a line is drawn again as long as `isRight` says so. */
  components(size: number, isRight?: IsRight): readonly Component[];
}

/** Texts tried for a wrong block at the start. */
const mostTries = 10_000;

/** Checks the options of the problem of this name; `others` are the keys of those that it alone has. */
export function hashedBlocks(
  problem: string,
  options: HashedBlocksOptions,
  others: readonly string[] = [],
): HashedBlocks {
  const keys = ["tokensPerBlock", "successProbability", "instanceKey", "start", ...others];
  checkKeys(problem, options, keys);
  const { tokensPerBlock = 8, successProbability = 0.5, instanceKey = "allele", start = "wrong" } = options;
  checkWhole(`${problem}: tokensPerBlock`, tokensPerBlock, 3);
  checkBetween(`${problem}: successProbability`, successProbability, 1e-9, 1 - 1e-9);
  if (start !== "wrong" && start !== "fresh") {
    throw new UsageError(`${problem}: start must be "wrong" or "fresh", got ${String(start)}`);
  }
  const wordCount = tokensPerBlock - 1;
  const numberOf = (index: number, text: string) => uniformHash(`${instanceKey}\n${index}\n${text}`);
  const isRightAlone = (index: number, text: string) => numberOf(index, text) < successProbability;
  return {
    parameters: { tokensPerBlock, successProbability, instanceKey, start },
    intro: (size) => `A solution has ${size} blocks, each a line of ${wordCount} English words. `,
    numberOf,
    isRight: isRightAlone,
    components(size, isRight = isRightAlone) {
      checkWhole(`${problem}: size`, size, 1);
      const before: string[] = [];
      return Array.from({ length: size }, (_, index): Component => {
        const rng = rngFrom(instanceKey, size, index);
        let text = randomLine(rng, wordCount);
        for (let tries = 1; start === "wrong" && isRight(index, text, before); tries++) {
          if (tries === mostTries) {
            throw new UsageError(
              `${problem}: found no wrong text to start from; take a smaller successProbability or start: "fresh"`,
            );
          }
          text = randomLine(rng, wordCount);
        }
        before.push(text);
        const spec = `a line of ${wordCount} words that a hidden test accepts`;
        return { name: `block-${index + 1}`, text, spec, kind: "block" };
      });
    },
  };
}

/**
 * The same function of a component at a place, computed once for each component object: candidates share
 * those that they did not change, so that scoring one hashes only what is new.
 */
export function perComponent<T extends number | boolean>(
  size: number,
  compute: (index: number, text: string) => T,
): (index: number, component: Component) => T {
  const known = Array.from({ length: size }, () => new WeakMap<Component, T>());
  return (index, component) => {
    let value = known[index]?.get(component);
    if (value === undefined) {
      value = compute(index, component.text);
      known[index]?.set(component, value);
    }
    return value;
  };
}

/** Rejects an option that is neither true nor false. */
export function checkSwitch(where: string, value: unknown): boolean {
  if (typeof value !== "boolean") {
    throw new UsageError(`${where} must be true or false, got ${String(value)}`);
  }
  return value;
}

/** Maps a text to a number, uniform in [0, 1): the first 52 bits of its SHA-256. */
function uniformHash(text: string): number {
  return Number.parseInt(hash("sha256", text, "hex").slice(0, 13), 16) / 2 ** 52;
}

function randomLine(rng: () => number, wordCount: number): string {
  const line = Array.from({ length: wordCount }, () => words[randomIndex(rng, words.length)]);
  return `${line.join(" ")}\n`;
}
