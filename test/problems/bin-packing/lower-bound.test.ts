import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestFitCount } from "../../../problems/bin-packing/bins.ts";
import { continuousBound, martelloTothBound } from "../../../problems/bin-packing/lower-bound.ts";

/** The least number of bins, by trying every bin in use and one new bin for each item. */
function fewestBins(items: readonly number[], capacity: number): number {
  const loads: number[] = [];
  let best = items.length;
  const place = (index: number) => {
    if (loads.length >= best) return;
    const item = items[index];
    if (item === undefined) {
      best = loads.length;
      return;
    }
    for (const [bin, load] of loads.entries()) {
      if (load + item > capacity) continue;
      loads[bin] = load + item;
      place(index + 1);
      loads[bin] = load;
    }
    loads.push(item);
    place(index + 1);
    loads.pop();
  };
  place(0);
  return best;
}

describe("the lower bound of Martello and Toth", () => {
  it.each<[string, number[], number, number]>([
    ["no item", [], 0, 0],
    ["one item", [1], 1, 1],
    ["items that fill bins in pairs", [50, 50, 30, 70], 2, 2],
    ["items above half", [51, 51, 51], 2, 3],
    // With a = 33: 70 alone, 60 with 40 to spare, and 50 + 3 * 33 = 149 need two more bins.
    ["large, middle and small ones", [70, 60, 50, 33, 33, 33, 11, 7, 3], 3, 4],
    // With a = 34: three of these do not share a bin, but 2 L2 counts them by size alone.
    ["items above a third", [34, 34, 34, 34, 34, 34], 3, 3],
  ])("is known for %s", (_, items, continuous, bound) => {
    expect(continuousBound(items, 100)).toBe(continuous);
    expect(martelloTothBound(items, 100)).toBe(bound);
  });

  it("lies between the continuous bound and the fewest bins, which best fit does not beat", () => {
    const items = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 });
    fc.assert(
      fc.property(items, (all) => {
        const bound = martelloTothBound(all, 20);
        const fewest = fewestBins(all, 20);
        expect(bound).toBeGreaterThanOrEqual(continuousBound(all, 20));
        expect(bound).toBeLessThanOrEqual(fewest);
        expect(bestFitCount(all, 20)).toBeGreaterThanOrEqual(fewest);
        // Its worst case ratio is 2/3 (Martello and Toth, theorem 8.2).
        expect(bound).toBeGreaterThanOrEqual((2 / 3) * fewest);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("is the most over all thresholds, not only over the sizes of items", () => {
    const bySums = (items: readonly number[], capacity: number) => {
      const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
      const values = Array.from({ length: Math.floor(capacity / 2) + 1 }, (_, a) => {
        const alone = items.filter((w) => w > capacity - a);
        const large = items.filter((w) => w <= capacity - a && w > capacity / 2);
        const small = items.filter((w) => w <= capacity / 2 && w >= a);
        const rest = sum(small) - (large.length * capacity - sum(large));
        return alone.length + large.length + Math.max(0, Math.ceil(rest / capacity));
      });
      return Math.max(...values);
    };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 31 }), { maxLength: 30 }),
        fc.constantFrom(31, 40),
        (items, capacity) => {
          expect(martelloTothBound(items, capacity)).toBe(bySums(items, capacity));
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });
});
