import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Rng, randomIndex, rngFrom, weightedIndex } from "../../src/core/index.ts";

const draw = (rng: Rng, count: number) => Array.from({ length: count }, () => rng());

/** How often each of `cells` outcomes came in `count` draws. */
function tally(count: number, cells: number, next: () => number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (let i = 0; i < count; i++) {
    const cell = next();
    counts[cell] = (counts[cell] ?? Number.NaN) + 1;
  }
  return counts;
}

/** A count of `n` draws of probability p is binomial: variance n p (1 - p). The tolerance is 4 standard errors. */
function expectShares(counts: readonly number[], shares: readonly number[]) {
  const n = counts.reduce((sum, count) => sum + count, 0);
  expect(counts.length).toBe(shares.length);
  for (const [cell, p] of shares.entries()) {
    expect(Math.abs(counts[cell]! - n * p)).toBeLessThanOrEqual(4 * Math.sqrt(n * p * (1 - p)));
  }
}

describe("rngFrom", () => {
  it("gives the same numbers for the same key and others for another key", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (a, b, i) => {
        expect(draw(rngFrom(a, i), 5)).toEqual(draw(rngFrom(a, i), 5));
        if (a !== b) expect(draw(rngFrom(a, i), 5)).not.toEqual(draw(rngFrom(b, i), 5));
        expect(draw(rngFrom(a, i), 5)).not.toEqual(draw(rngFrom(a, i + 1), 5));
      }),
      { seed: 1 },
    );
  });

  it("has first numbers that are uniform in [0, 1) over the consecutive keys of a run's candidates", () => {
    const tenths = tally(
      20_000,
      10,
      (
        (i) => () =>
          Math.floor(10 * rngFrom("run/8/1", i++)())
      )(0),
    );
    expectShares(tenths, new Array(10).fill(0.1));
  });

  it.each([2, 4, 8])(
    "makes the keys of a run independent: a coupon collector of %i coupons needs k H_k draws",
    (k) => {
      // The first numbers of keys run/1, run/2, ... until each of k cells was hit: a sum of geometric numbers of
      // chance w / k, w = 1..k, with mean k H_k and variance sum (1 - w/k) / (w/k)^2. 4 standard errors.
      const runs = 5000;
      let draws = 0;
      for (let run = 1; run <= runs; run++) {
        const left = new Set(Array.from({ length: k }, (_, cell) => cell));
        for (let i = 1; left.size > 0; i++, draws++) left.delete(randomIndex(rngFrom("run", k, run, i), k));
      }
      const chances = Array.from({ length: k }, (_, w) => (w + 1) / k);
      const mean = chances.reduce((sum, chance) => sum + 1 / chance, 0);
      const variance = chances.reduce((sum, chance) => sum + (1 - chance) / chance ** 2, 0);
      expect(Math.abs(draws / runs - mean)).toBeLessThan(4 * Math.sqrt(variance / runs));
    },
  );

  it("makes neighbouring keys uncorrelated, and neighbouring numbers of one generator too", () => {
    // The correlation of n independent pairs has standard error 1 / sqrt(n).
    const rng = rngFrom("one");
    const sequences = [Array.from({ length: 20_001 }, (_, i) => rngFrom("run/8/1", i)()), draw(rng, 20_001)];
    for (const numbers of sequences) {
      const products = numbers.slice(1).map((value, i) => (value - 0.5) * (numbers[i]! - 0.5) * 12);
      const correlation = products.reduce((sum, value) => sum + value, 0) / products.length;
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(products.length));
    }
  });
});

describe("randomIndex", () => {
  it("is uniform over 0..count-1", () => {
    const rng = rngFrom("uniform");
    expectShares(
      tally(20_000, 7, () => randomIndex(rng, 7)),
      new Array(7).fill(1 / 7),
    );
  });
});

describe("weightedIndex", () => {
  it("draws each index as often as its weight says, and one of weight 0 never", () => {
    const weights = [0, 3, 0, 1, 6, 0];
    const rng = rngFrom("weights");
    expectShares(
      tally(20_000, 6, () => weightedIndex(rng, weights)),
      weights.map((weight) => weight / 10),
    );
  });

  it("always gives an index of positive weight, also at the ends of the generator's range", () => {
    const weight = fc.oneof(fc.constantFrom(0, 0.1, 0.7), fc.double({ min: 0, max: 1e6, noNaN: true }));
    const weights = fc
      .array(weight, { minLength: 1, maxLength: 8 })
      .filter((all) => all.some((one) => one > 0));
    const number = fc.oneof(
      fc.constantFrom(0, 1 - 2 ** -53),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    );
    fc.assert(
      fc.property(weights, number, (all, value) => {
        expect(all[weightedIndex(() => value, all)]).toBeGreaterThan(0);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });
});
