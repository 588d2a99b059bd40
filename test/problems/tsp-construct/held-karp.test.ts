import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type City,
  drawCities,
  nearestNeighbourTour,
  tourLength,
} from "../../../problems/tsp-construct/cities.ts";
import { heldKarpBound } from "../../../problems/tsp-construct/held-karp.ts";

/** Length of the shortest closed tour, by trying all orders. */
function shortestTour(cities: readonly City[]): number {
  let best = Number.POSITIVE_INFINITY;
  const extend = (tour: readonly number[], left: readonly number[]) => {
    if (left.length === 0) best = Math.min(best, tourLength(cities, tour));
    for (const city of left) {
      extend(
        [...tour, city],
        left.filter((one) => one !== city),
      );
    }
  };
  extend(
    [0],
    Array.from({ length: cities.length - 1 }, (_, index) => index + 1),
  );
  return best;
}

describe("the Held-Karp bound", () => {
  it("is never above the shortest tour, and mostly near it", () => {
    let total = 0;
    let totalBound = 0;
    for (let map = 0; map < 60; map++) {
      const cities = drawCities(3 + (map % 5), "brute force", map);
      const shortest = shortestTour(cities);
      const bound = heldKarpBound(cities);
      expect(bound).toBeLessThanOrEqual(shortest * (1 + 1e-12));
      total += shortest;
      totalBound += bound;
    }
    expect(totalBound / total).toBeGreaterThan(0.99);
  });

  it("is never above the shortest tour when cities lie on a grid, or on one another", () => {
    const place = fc.integer({ min: 0, max: 2 });
    const cities = fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(cities, (all) => {
        expect(heldKarpBound(all)).toBeLessThanOrEqual(shortestTour(all) + 1e-12);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it.each([3, 8, 30, 60])("is the length of the tour of %d cities on a circle", (count) => {
    const cities = Array.from({ length: count }, (_, index): City => {
      const angle = (2 * Math.PI * index) / count;
      return [Math.cos(angle), Math.sin(angle)];
    });
    // A regular polygon: n sides of 2 sin(pi / n)
    expect(heldKarpBound(cities)).toBeCloseTo(2 * count * Math.sin(Math.PI / count), 8);
  });

  it("is about a fifth below what nearest neighbour finds for 100 random cities", () => {
    // Johnson and McGeoch (Local Search in Combinatorial Optimization, 1997, table 1): 25.6 % above the bound
    // for random uniform cities, N = 100. One map has a standard deviation of about 5 %; 4 standard errors.
    const excess = Array.from({ length: 40 }, (_, map) => {
      const cities = drawCities(100, "published", map);
      return 100 * (tourLength(cities, nearestNeighbourTour(cities)) / heldKarpBound(cities) - 1);
    });
    const mean = excess.reduce((sum, one) => sum + one, 0) / excess.length;
    expect(Math.abs(mean - 25.6)).toBeLessThan((4 * 5) / Math.sqrt(40));
  });
});

describe("the nearest neighbour tour", () => {
  it("visits every city once, from city 0", () => {
    const tour = nearestNeighbourTour([
      [0, 0],
      [5, 0],
      [1, 0],
      [3, 0],
    ]);
    expect(tour).toEqual([0, 2, 3, 1]);
  });
});
