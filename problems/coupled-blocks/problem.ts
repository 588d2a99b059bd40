/**
 * Coupled blocks: whether a block is correct depends on its own text and on those of the q blocks after it,
 * in a circle (the NK landscapes of Kauffman and Levin 1987 and Kauffman and Weinberger 1989, with K = q
 * adjacent neighbours, payoffs of 0 or 1, and texts in the place of bits).
 */
import {
  checkWhole,
  defineProblem,
  type Evaluation,
  type Genome,
  type Problem,
} from "../../src/core/index.ts";
import { type HashedBlocksOptions, hashedBlocks } from "../blocks/hashed-blocks.ts";
import { perNeighbourhood } from "./neighbourhood.ts";

/** Options of coupled-blocks; the size of an instance is k, the number of blocks. */
export interface CoupledBlocksOptions extends HashedBlocksOptions {
  /** Blocks after it, in a circle, that a block's correctness depends on; all others where there are fewer. Default 2. */
  readonly q?: number;
}

/**
 * Makes the coupled-blocks problem. Fitness is the number of correct blocks; the target is all of them. With
 * `start: "wrong"` no block is correct at the start. A change of one block tests q + 1 blocks anew. Improvable
 * is a block when it or one of the q blocks before it is wrong: no other change can raise the score.
 *
 * With q = 0 it is `blocks`, exactly. The target is within reach: fresh texts make all correct with probability
 * p^k, which is also what global mutation pays for: p^-k expected applications. For local mutation no closed form
 * is known; for a random block, all wrong at the start, where only a better solution is accepted, theory.ts has the
 * exact expectation up to 20 blocks, and at most k H_k / p^(q+1) at any size: some block makes its q + 1 tests
 * right with probability p^(q+1), whatever the state. So there are no local optima as long as blocks have fresh
 * texts to try; with few texts per block, e.g. `simulated({ vocabulary: 2 })`, they are those of NK landscapes,
 * and the target may not exist.
 */
export function coupledBlocks(options: CoupledBlocksOptions = {}): Problem {
  const made = hashedBlocks("coupled-blocks", options, ["q"]);
  const q = checkWhole("coupled-blocks: q", options.q ?? 2, 0);
  return defineProblem({
    name: "coupled-blocks",
    description: "k blocks; whether one is correct depends on it and its q neighbours",
    parameters: { ...made.parameters, q },
    structure: q === 0 ? "Components independent" : `Each component coupled with its ${neighbours(q)}`,
    instance({ size }) {
      const reach = Math.min(q, size - 1);
      const isRight = (index: number, texts: readonly string[]) => made.isRight(index, joined(texts));
      const components = made.components(size, (index, text, before) => {
        // Whether any block is right whose test hears of this block last of all.
        const known = [...before, text];
        const heard = index === size - 1 ? reach : 0;
        for (let at = index - reach; at <= index - reach + heard; at++) {
          if (at < 0) continue;
          const texts = Array.from({ length: reach + 1 }, (_, step) => known[(at + step) % size] ?? "");
          if (isRight(at, texts)) return true;
        }
        return false;
      });
      const test = perNeighbourhood(size, reach, isRight);
      return {
        components,
        target: size,
        statement:
          `${made.intro(size)}A hidden test accepts or refuses each block; what it says depends on the block and on ` +
          `the ${neighbours(reach)} after it (the first block follows the last). Find lines such that every test accepts.`,
        evaluate(genome: Genome): Evaluation {
          const rights = genome.map((_, index) => test(index, genome));
          const improvable = new Set<number>();
          for (const [index, right] of rights.entries()) {
            for (let step = 0; !right && step <= reach; step++) improvable.add((index + step) % size);
          }
          const fitness = rights.filter(Boolean).length;
          return { status: "ok", fitness, improvable: [...improvable].sort((a, b) => a - b) };
        },
      };
    },
  });
}

function neighbours(count: number): string {
  return count === 1 ? "neighbour" : `${count} neighbours`;
}

/** Several texts as one, from which they can be read again; one text stays as it is. */
function joined(texts: readonly string[]): string {
  if (texts.length === 1) return texts.join("");
  return `${texts.map(({ length }) => length).join()}\n${texts.join("")}`;
}
