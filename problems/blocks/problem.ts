/**
 * Blocks: k independent components of l tokens each (the paper's section 3.3). A block is correct when a
 * keyed hash of its text falls below p, so that any fresh text, of any model, is correct with probability
 * exactly p, independently of everything else.
 */
import { hash } from "node:crypto";
import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  defineProblem,
  type Evaluation,
  type Genome,
  type Problem,
  randomIndex,
  rngFrom,
  UsageError,
  words,
} from "../../src/core/index.ts";

/** Options of the blocks problem; the size of an instance is k, the number of blocks. */
export interface BlocksOptions {
  /** l: tokens of an initial block, the ending line break included; at least 3. Default 8. */
  readonly tokensPerBlock?: number;
  /** p: probability that a fresh text is correct, above 0 and below 1. Default 0.5. */
  readonly successProbability?: number;
  /** Which texts are correct; another key makes another instance. Default "allele". */
  readonly instanceKey?: string;
  /** `wrong`: every block is wrong at the start (default). `fresh`: each is correct with probability p. */
  readonly start?: "wrong" | "fresh";
}

/** Texts tried for a wrong block at the start. */
const mostTries = 10_000;
const tooEasy =
  'blocks: found no wrong text to start from; take a smaller successProbability or start: "fresh"';

/** Makes the blocks problem. Fitness is the number of correct blocks; the target is all of them. */
export function blocks(options: BlocksOptions = {}): Problem {
  checkKeys("blocks", options, ["tokensPerBlock", "successProbability", "instanceKey", "start"]);
  const { tokensPerBlock = 8, successProbability = 0.5, instanceKey = "allele", start = "wrong" } = options;
  checkWhole("blocks: tokensPerBlock", tokensPerBlock, 3);
  checkBetween("blocks: successProbability", successProbability, 1e-9, 1 - 1e-9);
  if (start !== "wrong" && start !== "fresh") {
    throw new UsageError(`blocks: start must be "wrong" or "fresh", got ${String(start)}`);
  }
  return defineProblem({
    name: "blocks",
    description: "k independent blocks of l tokens; a fresh block is correct with probability p",
    parameters: { tokensPerBlock, successProbability, instanceKey, start },
    instance({ size }) {
      checkWhole("blocks: size", size, 1);
      const isCorrect = (index: number, text: string) =>
        uniformHash(`${instanceKey}\n${index}\n${text}`) < successProbability;
      const components = Array.from({ length: size }, (_, index): Component => {
        const rng = rngFrom(instanceKey, size, index);
        let text = randomLine(rng, tokensPerBlock - 1);
        for (let tries = 1; start === "wrong" && isCorrect(index, text); tries++) {
          if (tries === mostTries) throw new UsageError(tooEasy);
          text = randomLine(rng, tokensPerBlock - 1);
        }
        const spec = `a line of ${tokensPerBlock - 1} words that a hidden test accepts`;
        return { name: `block-${index + 1}`, text, spec, kind: "block" };
      });
      return {
        components,
        target: size,
        statement:
          `A solution has ${size} blocks, each a line of ${tokensPerBlock - 1} English words. A hidden test accepts or ` +
          "refuses each block, whatever the others are. Find a line for every block that its test accepts.",
        evaluate: scorer(size, isCorrect),
      };
    },
  });
}

/** Scores genomes; a component that was scored before (shared with its parent) is not hashed again. */
function scorer(size: number, isCorrect: (index: number, text: string) => boolean) {
  const known = Array.from({ length: size }, () => new WeakMap<Component, boolean>());
  return (genome: Genome): Evaluation => {
    const improvable: number[] = [];
    for (const [index, component] of genome.entries()) {
      let correct = known[index]?.get(component);
      if (correct === undefined) {
        correct = isCorrect(index, component.text);
        known[index]?.set(component, correct);
      }
      if (!correct) improvable.push(index);
    }
    return { status: "ok", fitness: size - improvable.length, improvable };
  };
}

/** Maps a text to a number, uniform in [0, 1): the first 52 bits of its SHA-256. */
function uniformHash(text: string): number {
  return Number.parseInt(hash("sha256", text, "hex").slice(0, 13), 16) / 2 ** 52;
}

function randomLine(rng: () => number, wordCount: number): string {
  const line = Array.from({ length: wordCount }, () => words[randomIndex(rng, words.length)]);
  return `${line.join(" ")}\n`;
}
