/**
 * Online bin packing: a priority function decides, item by item, which bin to use (Romera-Paredes et al.,
 * "Mathematical discoveries from program search with large language models", Nature 625, 2024).
 */
import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  defineProblem,
  moduleBeside,
  type Problem,
  pickKnown,
  sandboxed,
} from "../../src/core/index.ts";
import { decompose } from "../../src/decompose/index.ts";
import { bestFitCount } from "./bins.ts";
import { type Dataset, datasets, drawItems } from "./items.ts";
import { martelloTothBound } from "./lower-bound.ts";
import type { BinPackingData } from "./scorer.ts";
import { seed as text } from "./seed.ts";

/** Options of bin packing; the size of an instance is the number of items in each of its sequences. */
export interface BinPackingOptions {
  /** `weibull`: capacity 100, Weibull(45, 3). `or-library`: capacity 150, uniform 20..100. Default `weibull`. */
  readonly dataset?: Dataset;
  /** Number of item sequences, drawn from the run's seed. Default 5. */
  readonly sequences?: number;
  /**
   * Target: the share of best fit's excess over the bound that must go. Default 0.2; FunSearch reports 0.09
   * to 0.5 on OR-Library's sequences of 120 to 1000 items, and 0.83 on 5000 Weibull items.
   */
  readonly improvement?: number;
  /** Time for one solution. Default 10,000. */
  readonly timeoutMs?: number;
}

const blocks: Readonly<Record<string, Pick<Component, "signature" | "spec">>> = {
  score: {
    signature: "function score(item, left, capacity)",
    spec:
      "Returns a finite number, higher for better, for putting an item of this size into a bin that has the " +
      "space left (at least item) of its capacity; left equals capacity for an unused bin. All whole numbers.",
  },
  adjustment: {
    signature: "function adjust(scores, item, bins)",
    spec:
      "Returns as many finite numbers as there are scores, changed in view of all bins that the item fits in: " +
      "scores[i] belongs to the bin with space bins[i]. The item goes to the first of the highest.",
  },
};

/**
 * Makes the bin packing problem. Fitness is minus the mean excess over the lower bound L2, in percent: best
 * fit scores about -4 on long Weibull sequences, and nothing scores above 0.
 */
export function binPacking(options: BinPackingOptions = {}): Problem {
  checkKeys("bin-packing", options, ["dataset", "sequences", "improvement", "timeoutMs"]);
  const { dataset = "weibull", sequences = 5, improvement = 0.2, timeoutMs = 10_000 } = options;
  const { capacity } = pickKnown("bin-packing: dataset", dataset, datasets);
  checkWhole("bin-packing: sequences", sequences, 1);
  checkBetween("bin-packing: improvement", improvement, 0, 1);
  checkWhole("bin-packing: timeoutMs", timeoutMs, 1);
  return defineProblem({
    name: "bin-packing",
    description: "online bin packing by a priority function; excess over the L2 lower bound",
    parameters: { dataset, sequences, improvement, timeoutMs },
    instance({ size, seed }) {
      checkWhole("bin-packing: size", size, 1);
      const instances = Array.from({ length: sequences }, (_, index) => {
        const items = drawItems(dataset, size, seed, index);
        const bound = martelloTothBound(items, capacity);
        return { items, bound, bestFit: bestFitCount(items, capacity) };
      });
      const excess = instances.reduce((sum, { bestFit, bound }) => sum + (bestFit - bound) / bound, 0);
      const target = 0 - (1 - improvement) * 100 * (excess / sequences); // not -0
      const solution = decompose([{ path: "priority.js", text }]);
      const data: BinPackingData = { capacity, instances, target };
      return {
        ...solution,
        components: solution.components.map((one) => ({ ...one, ...blocks[one.name] })),
        target,
        statement: statementOf({ dataset, capacity, size, sequences, target }),
        evaluate: sandboxed({ scorer: moduleBeside(import.meta.url, "scorer"), data, timeoutMs }),
      };
    },
  });
}

const words = {
  weibull: "Weibull distributed with scale 45 and shape 3, rounded, from 1 to 100",
  "or-library": "uniform from 20 to 100",
};

interface Setting {
  readonly dataset: Dataset;
  readonly capacity: number;
  readonly size: number;
  readonly sequences: number;
  readonly target: number;
}

function statementOf({ dataset, capacity, size, sequences, target }: Setting): string {
  return `Online bin packing: write a rule that packs items into as few bins of capacity ${capacity} as possible. The items arrive one by one, ${size} in a sequence, in random order; each is put into a bin at once and stays there. Sizes are whole numbers, ${words[dataset]}.

The program exports priority(item, bins). It is called once for each item: bins lists the space left in every bin in use that the item fits in, oldest first, then, as its last entry, the capacity ${capacity} of a bin not yet in use. It returns one finite number per entry; the item goes to the first entry with the highest. It computes score(item, left, capacity) for each entry, then adjust(scores, item, bins). Only the functions score and adjust can be changed. The initial program is best fit.

Score: minus the mean excess over a lower bound on the number of bins, in percent, over ${sequences} sequences; higher is better. Target: ${target.toFixed(3)}.

Write plain JavaScript: no imports, no input or output, no timers, no promises. Random numbers are seeded: the same program always gets the same score.`;
}
