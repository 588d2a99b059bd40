/** Random items of the two families of instances that FunSearch was run on. */
import { randomIndex, rngFrom } from "../../src/core/index.ts";

/** Families of instances: the capacity of their bins, and how an item is drawn. */
export const datasets = {
  /** Weibull with scale 45 and shape 3, rounded and kept from 1 to 100 (Romera-Paredes et al., Nature 625, 2024). */
  weibull: {
    capacity: 100,
    draw: (rng: () => number) => {
      const size = Math.round(45 * (-Math.log(1 - rng())) ** (1 / 3));
      return Math.min(100, Math.max(1, size));
    },
  },
  /** Uniform on 20..100: class u of Falkenauer, OR-Library binpack1 to binpack4. */
  "or-library": { capacity: 150, draw: (rng: () => number) => 20 + randomIndex(rng, 81) },
} as const;

/** Name of a family. */
export type Dataset = keyof typeof datasets;

/** Draws the items of one instance, in the order in which they arrive. */
export function drawItems(dataset: Dataset, count: number, ...key: readonly (string | number)[]): number[] {
  const rng = rngFrom("bin-packing", dataset, count, ...key);
  return Array.from({ length: count }, () => datasets[dataset].draw(rng));
}
