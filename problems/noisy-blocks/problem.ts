/**
 * Noisy blocks: independent blocks whose score carries Gaussian noise (OneMax with additive posterior noise:
 * Gießen and Kötzing 2016, with blocks in the place of bits).
 */
import {
  checkBetween,
  checkWhole,
  defineProblem,
  type Evaluation,
  type Genome,
  type Problem,
  rngFrom,
} from "../../src/core/index.ts";
import {
  checkSwitch,
  type HashedBlocksOptions,
  hashedBlocks,
  perComponent,
} from "../blocks/hashed-blocks.ts";

/** Options of noisy-blocks; the size of an instance is k, the number of blocks. */
export interface NoisyBlocksOptions extends HashedBlocksOptions {
  /** Standard deviation of the noise of one evaluation, in blocks; from 0 to 1000. Default 1. */
  readonly noise?: number;
  /** How often a solution is evaluated; its fitness is the mean, with noise / sqrt(repeats). Default 1. */
  readonly repeats?: number;
  /** Whether evaluations name the wrong blocks as improvable, free of noise. Default false. */
  readonly tellWhich?: boolean;
}

/**
 * Makes the noisy-blocks problem. Fitness is the number of correct blocks plus noise; the metric `right` is that
 * number without noise. The noise depends on the instance's key, the run's seed, the texts and the number of the
 * repeat alone: the same solution has the same score whenever it is evaluated in a run.
 *
 * A run is solved by a truly correct solution only, never by luck: the target is k + ceil(8 noise), which is the
 * fitness of the solution with k correct blocks, and out of reach of noise for any other. That solution ends the
 * run, so that this leap never steers a search.
 *
 * Without noise it is `blocks`: with `noise: 0` (and `tellWhich: true`) scores are the same. Global mutation takes
 * p^-k expected applications whatever the noise, since each is solved by a fresh solution alone. For others no exact
 * form is known. What is: the (1+1) EA fails on OneMax once noise is strong enough, while populations and
 * resampling cope (Gießen and Kötzing, "Robustness of populations in stochastic environments", Algorithmica 75,
 * 2016). There a parent is evaluated anew in each generation; here it keeps its score, so that a lucky one has to
 * be beaten.
 */
export function noisyBlocks(options: NoisyBlocksOptions = {}): Problem {
  const made = hashedBlocks("noisy-blocks", options, ["noise", "repeats", "tellWhich"]);
  const noise = checkBetween("noisy-blocks: noise", options.noise ?? 1, 0, 1000);
  const repeats = checkWhole("noisy-blocks: repeats", options.repeats ?? 1, 1);
  const tellWhich = checkSwitch("noisy-blocks: tellWhich", options.tellWhich ?? false);
  const { instanceKey, successProbability } = made.parameters;
  return defineProblem({
    name: "noisy-blocks",
    description: "k independent blocks; the number of correct ones is told with Gaussian noise",
    parameters: { ...made.parameters, noise, repeats, tellWhich },
    structure: "Components independent, noisy scores",
    instance({ size, seed }) {
      const components = made.components(size);
      const numberOf = perComponent(size, made.numberOf);
      const target = size + Math.ceil(8 * noise);
      return {
        components,
        target,
        repeats,
        statement:
          `${made.intro(size)}A hidden test accepts or refuses each block, whatever the others are. The score is the ` +
          `number of accepted blocks, measured with random errors of standard deviation ${noise}. Find a line for ` +
          "every block that its test accepts.",
        evaluate(genome: Genome, _signal: AbortSignal, repeat: number): Evaluation {
          const improvable: number[] = [];
          let sum = 0; // stands for all texts together
          for (const [index, component] of genome.entries()) {
            const number = numberOf(index, component);
            sum += number;
            if (number >= successProbability) improvable.push(index);
          }
          const right = size - improvable.length;
          const error = noise === 0 ? 0 : noise * gaussian(rngFrom(instanceKey, "noise", seed, repeat, sum));
          const fitness = right === size ? target : right + error;
          return { status: "ok", fitness, metrics: { right }, ...(tellWhich ? { improvable } : {}) };
        },
      };
    },
  });
}

/** A standard normal number, by Box and Muller (1958); below 6.7 in size, as the generator has 32 bits. */
function gaussian(rng: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
