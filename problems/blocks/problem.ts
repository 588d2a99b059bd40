/**
 * Blocks: k independent components of l tokens each (the paper's section 3.3). A block is correct with
 * probability exactly p, whatever the others are.
 */
import { defineProblem, type Evaluation, type Genome, type Problem } from "../../src/core/index.ts";
import { type HashedBlocksOptions, hashedBlocks, perComponent } from "./hashed-blocks.ts";

/** Options of the blocks problem; the size of an instance is k, the number of blocks. */
export type BlocksOptions = HashedBlocksOptions;

/**
 * Makes the blocks problem. Fitness is the number of correct blocks; the target is all of them. Evaluations
 * name the wrong blocks as improvable. Expected applications are exact (theory.ts): p^-k for global
 * mutation, k / p for local mutation in sequence (Meyerson and Qiu, ICML 2025, equations 12 and 13), and
 * k H_k / p for a random block, as of coupons to collect.
 */
export function blocks(options: BlocksOptions = {}): Problem {
  const made = hashedBlocks("blocks", options);
  return defineProblem({
    name: "blocks",
    description: "k independent blocks of l tokens; a fresh block is correct with probability p",
    parameters: { ...made.parameters },
    structure: "Components independent",
    instance({ size }) {
      const components = made.components(size);
      const isRight = perComponent(size, made.isRight);
      return {
        components,
        target: size,
        statement:
          `${made.intro(size)}A hidden test accepts or refuses each block, whatever the others are. ` +
          "Find a line for every block that its test accepts.",
        evaluate(genome: Genome): Evaluation {
          const improvable: number[] = [];
          for (const [index, component] of genome.entries()) {
            if (!isRight(index, component)) improvable.push(index);
          }
          return { status: "ok", fitness: size - improvable.length, improvable };
        },
      };
    },
  });
}
