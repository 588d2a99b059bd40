/**
 * Trap blocks: groups of g blocks that pay only together and else lead away from the target (the deceptive
 * trap functions of Deb and Goldberg 1993, with blocks in the place of bits).
 */
import {
  checkWhole,
  defineProblem,
  type Evaluation,
  type Genome,
  type Problem,
  randomIndex,
  rngFrom,
  UsageError,
} from "../../src/core/index.ts";
import { type HashedBlocksOptions, hashedBlocks, perComponent } from "../blocks/hashed-blocks.ts";

/** Options of trap-blocks; the size of an instance is k, the number of blocks: a multiple of g. */
export interface TrapBlocksOptions extends HashedBlocksOptions {
  /** Blocks of a group; at least 2. Default 4. */
  readonly g?: number;
  /** `adjacent`: g blocks in a row are a group (default). `scattered`: the instance's key decides which are. */
  readonly groups?: "adjacent" | "scattered";
}

/**
 * Makes the trap-blocks problem. A group with c correct blocks pays g when c = g, else g - 1 - c; fitness is the
 * sum over the groups, and the target is k, all blocks correct. Evaluations name the blocks of all groups that
 * are not correct as improvable.
 *
 * k wrong blocks are a local optimum: a change of fewer than g blocks never improves them, so that mutation of
 * one block at a time never gets anywhere. A group is solved by g fresh blocks at once, with probability p^g.
 * Expected applications (exact, theory.ts): (k / g) / p^g for mutation of whole groups, ((k / g - 1) g + 1) / p^g for
 * mutation of g improvable blocks in a row where groups are adjacent, p^-k for global mutation. Source of the trap:
 * Deb and Goldberg, "Analyzing deception in trap functions", FOGA 2, 1993; a trap with its optimum at one end and
 * payoffs g and g - 1.
 */
export function trapBlocks(options: TrapBlocksOptions = {}): Problem {
  const made = hashedBlocks("trap-blocks", options, ["g", "groups"]);
  const { groups = "adjacent" } = options;
  const g = checkWhole("trap-blocks: g", options.g ?? 4, 2);
  if (groups !== "adjacent" && groups !== "scattered") {
    throw new UsageError(`trap-blocks: groups must be "adjacent" or "scattered", got ${String(groups)}`);
  }
  return defineProblem({
    name: "trap-blocks",
    description: "k blocks in groups of g, which pay only when all of a group are correct and mislead else",
    parameters: { ...made.parameters, g, groups },
    structure: `Components coupled in deceptive groups of ${g}`,
    instance({ size }) {
      checkWhole("trap-blocks: size", size, 1);
      if (size % g !== 0) throw new UsageError(noMultiple(size, g));
      const groupOf = places(size, groups === "scattered", made.parameters.instanceKey).map((place) =>
        Math.floor(place / g),
      );
      const components = made.components(size);
      const isRight = perComponent(size, made.isRight);
      return {
        components,
        target: size,
        statement:
          `${made.intro(size)}A hidden test accepts or refuses each block. The blocks form ${size / g} ` +
          `${groups} groups of ${g}. A group of which the tests accept all blocks scores ${g}; another one scores ` +
          `${g - 1} less the number of its accepted blocks. Find lines such that every test accepts.`,
        evaluate(genome: Genome): Evaluation {
          const right = new Array<number>(size / g).fill(0);
          for (const [index, component] of genome.entries()) {
            const group = groupOf[index] ?? 0;
            if (isRight(index, component)) right[group] = (right[group] ?? 0) + 1;
          }
          const fitness = right.reduce((sum, count) => sum + (count === g ? g : g - 1 - count), 0);
          const improvable = [...genome.keys()].filter((index) => right[groupOf[index] ?? 0] !== g);
          return { status: "ok", fitness, improvable };
        },
      };
    },
  });
}

/** The place of each block in the order in which groups are cut: its own, or a drawn one. */
function places(size: number, isScattered: boolean, instanceKey: string): readonly number[] {
  const order = Array.from({ length: size }, (_, index) => index);
  if (!isScattered) return order;
  const rng = rngFrom(instanceKey, size, "groups");
  for (let last = size - 1; last > 0; last--) {
    const other = randomIndex(rng, last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function noMultiple(size: number, g: number): string {
  const below = Math.floor(size / g) * g;
  const nearest = below === 0 ? `${g}` : `${below} and ${below + g}`;
  return `trap-blocks: size must be a multiple of g = ${g}, got ${size}; nearest: ${nearest}`;
}
