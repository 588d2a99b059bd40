/**
 * Leading blocks: blocks in a fixed order, of which each pays only when it and all before it are correct
 * (LeadingOnes: Rudolph 1997; Droste, Jansen and Wegener 2002, with blocks in the place of bits).
 */

import { defineProblem, type Evaluation, type Genome, type Problem } from "../../src/core/index.ts";
import {
  checkSwitch,
  type HashedBlocksOptions,
  hashedBlocks,
  perComponent,
} from "../blocks/hashed-blocks.ts";

/** Options of leading-blocks; the size of an instance is k, the number of blocks. */
export interface LeadingBlocksOptions extends HashedBlocksOptions {
  /**
   * Whether evaluations name the first wrong block, the only one that can improve the score, as improvable.
   * Default false: nothing but the score is told, and a schedule has to find that block.
   */
  readonly tellWhich?: boolean;
}

/**
 * Makes the leading-blocks problem. Fitness is the number of correct blocks before the first wrong one; the
 * target is k. A block behind the first wrong one changes nothing, whatever its text.
 *
 * Expected applications from k wrong blocks, where only a better solution is accepted (exact, theory.ts): k / p
 * for local mutation in sequence, the least for one block at a time (an application brings a correct text with
 * probability p, and k are needed); k^2 / p for a random block; p^-k for global mutation. Where a solution as good
 * is accepted as well, blocks behind the first wrong one drift to be correct with probability p each, and a random
 * block needs (1 - p) k^2 / p + O(k). Both follow the quadratic law of the (1+1) EA on LeadingOnes (Droste, Jansen
 * and Wegener, Theoretical Computer Science 276, 2002); its best mutation rates are in Böttcher, Doerr and Neumann
 * (PPSN XI, 2010).
 */
export function leadingBlocks(options: LeadingBlocksOptions = {}): Problem {
  const made = hashedBlocks("leading-blocks", options, ["tellWhich"]);
  const tellWhich = checkSwitch("leading-blocks: tellWhich", options.tellWhich ?? false);
  return defineProblem({
    name: "leading-blocks",
    description: "k blocks in order; a block counts only when it and all before it are correct",
    parameters: { ...made.parameters, tellWhich },
    structure: "Components in a fixed order, each paying only when all before it are right",
    instance({ size }) {
      const components = made.components(size);
      const isRight = perComponent(size, made.isRight);
      return {
        components,
        target: size,
        statement:
          `${made.intro(size)}A hidden test accepts or refuses each block. The score is the number of blocks, from ` +
          "the first one on, before the first that is refused; blocks after that one do not count. Find a line for " +
          "every block that its test accepts.",
        evaluate(genome: Genome): Evaluation {
          const wrong = genome.findIndex((component, index) => !isRight(index, component));
          const fitness = wrong === -1 ? size : wrong;
          if (!tellWhich) return { status: "ok", fitness };
          return { status: "ok", fitness, improvable: wrong === -1 ? [] : [wrong] };
        },
      };
    },
  });
}
