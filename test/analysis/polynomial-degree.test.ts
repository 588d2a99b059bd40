import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { perCallDegree } from "../../src/analysis/polynomial-degree.ts";
import { toEight } from "./simulate.ts";

/** Ten runs a size whose means per call scatter by 20 % over the root of the number of calls. */
function noisy(polynomial: (k: number) => number) {
  const random = seedrandom.alea("tokens per call");
  return toEight.flatMap((size) =>
    Array.from({ length: 10 }, () => {
      const calls = 1 + Math.floor(random() * 2 ** size * 2);
      // A uniform variable on [-1, 1] times the root of 3 has standard deviation 1.
      const noise = (0.2 * Math.sqrt(3) * (2 * random() - 1)) / Math.sqrt(calls);
      return { size, calls, mean: polynomial(size) * (1 + noise) };
    }),
  );
}

describe("the degree of a quantity per call", () => {
  it("is found for constants, lines and squares under noise", () => {
    const degrees = [() => 300, (k: number) => 50 * k, (k: number) => 20 * k * k + 30].map(
      (polynomial) => perCallDegree(noisy(polynomial)).degree,
    );
    expect(degrees).toEqual([0, 1, 2]);
  });

  it("sees a term in k below a prompt constant, and reports its share at the largest size", () => {
    // 50 k beside 500: 400 of 900 tokens at k = 8.
    const exact = toEight.map((size) => ({ size, calls: 5, mean: 500 + 50 * size }));
    const { degree, leadShare, largestMisfit } = perCallDegree(exact);
    expect(degree).toBe(1);
    expect(leadShare).toBeCloseTo(400 / 900, 9);
    expect(largestMisfit).toBeLessThan(1e-9);
  });

  it("sees a term of some percent below a long prompt where the sizes follow it, and not where they drift", () => {
    // 50 k beside 10,000: 3.8 % at k = 8.
    const exact = toEight.map((size) => ({ size, calls: 5, mean: 10_000 + 50 * size }));
    expect(perCallDegree(exact)).toMatchObject({ degree: 1, isConcave: false });
    const rough = exact.map((one) => ({ ...one, mean: one.mean * (one.size % 2 === 0 ? 1.01 : 0.99) }));
    expect(perCallDegree(rough).degree).toBe(0);
  });

  it("does not miss what grows manifold because sizes differ besides", () => {
    // Alternately a quarter above and below: texts of other lengths.
    const differing = (quantity: (k: number) => number) =>
      [2, 4, 8, 16, 32, 64].map((size, i) => ({
        ...{ size, calls: 50 },
        mean: quantity(size) * (i % 2 === 0 ? 1.25 : 0.8),
      }));
    expect(perCallDegree(differing((k) => 50 * k)).degree).toBe(1);
    expect(perCallDegree(differing((k) => 50 * k * k)).degree).toBe(2);
    expect(perCallDegree(differing(() => 500)).degree).toBe(0);
  });

  it("does not take a falling quantity for growth", () => {
    expect(perCallDegree(toEight.map((size) => ({ size, calls: 5, mean: 900 - 50 * size }))).degree).toBe(0);
  });

  it("reports how far the quantity is from a polynomial", () => {
    const mixed = toEight.map((size) => ({ size, calls: 5, mean: size % 2 === 0 ? 100 : 300 }));
    expect(perCallDegree(mixed).largestMisfit).toBeGreaterThan(0.5);
  });

  it("is marked where the quantity grows more slowly than a line, and nowhere else", () => {
    const sizes = [4, 8, 12, 16, 24, 32];
    const isConcave = (quantity: (k: number) => number) =>
      perCallDegree(sizes.map((size) => ({ size, calls: 50, mean: quantity(size) }))).isConcave;
    const slower = [
      (k: number) => 70 - 100 / k,
      (k: number) => 40 + 10 * Math.log(k),
      (k: number) => 20 * k ** 0.5,
    ];
    expect(slower.map(isConcave)).toEqual([true, true, true]);
    const others = [
      (k: number) => 40 + 3 * k,
      (k: number) => 9 * k * k + 30,
      () => 5,
      (k: number) => k * Math.log(k),
    ];
    expect(others.map(isConcave)).toEqual([false, false, false, false]);
    expect(perCallDegree(noisy((k) => 500 + 50 * k)).isConcave).toBe(false);
  });

  it("is zero when there is nothing to measure", () => {
    const nothing = { degree: 0, leadShare: 1, largestMisfit: 0, isConcave: false };
    expect(perCallDegree([])).toEqual(nothing);
    expect(perCallDegree([{ size: 2, calls: 3, mean: 0 }])).toEqual(nothing);
    expect(perCallDegree([{ size: 2, calls: 3, mean: 8 }])).toMatchObject({ degree: 0, leadShare: 1 });
  });
});
