import { describe, expect, it } from "vitest";
import { drawBeta } from "../../src/core/beta.ts";
import { rngFrom } from "../../src/core/index.ts";

const draws = 20_000;

/** Distribution function of Beta(a, b) for whole a and b: at least a of a + b - 1 uniform draws are below x. */
function wholeCdf(a: number, b: number): (x: number) => number {
  const n = a + b - 1;
  return (x) => {
    let below = 0;
    let term = (1 - x) ** n; // C(n, j) x^j (1 - x)^(n - j)
    for (let j = 0; j < a; j++) {
      below += term;
      term *= ((n - j) / (j + 1)) * (x / (1 - x));
    }
    return 1 - below;
  };
}

/** Beta(3/2, 3/2) is Wigner's semicircle on [0, 1]. */
function semicircleCdf(x: number): number {
  const y = 2 * x - 1;
  return 1 / 2 + (y * Math.sqrt(1 - y * y) + Math.asin(y)) / Math.PI;
}

describe.each([
  { a: 1, b: 1, cdf: (x: number) => x },
  { a: 1, b: 51, cdf: (x: number) => 1 - (1 - x) ** 51 },
  { a: 2, b: 5, cdf: wholeCdf(2, 5) },
  { a: 30, b: 20, cdf: wholeCdf(30, 20) },
  { a: 1.5, b: 1.5, cdf: semicircleCdf },
])("draws of Beta($a, $b)", ({ a, b, cdf }) => {
  const rng = rngFrom("beta", a, b);
  const values = Array.from({ length: draws }, () => drawBeta(rng, a, b));
  const sum = a + b;
  const mean = a / sum;
  const variance = (a * b) / (sum ** 2 * (sum + 1));

  it("have its mean and variance", () => {
    // 4.5 standard errors; that of the variance follows from the excess kurtosis, which has a closed form.
    const excess = (6 * ((a - b) ** 2 * (sum + 1) - a * b * (sum + 2))) / (a * b * (sum + 2) * (sum + 3));
    const meanOf = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0) / draws;
    expect(Math.abs(meanOf(values) - mean)).toBeLessThan(4.5 * Math.sqrt(variance / draws));
    const spread = meanOf(values.map((value) => (value - mean) ** 2));
    expect(Math.abs(spread - variance)).toBeLessThan(4.5 * variance * Math.sqrt((excess + 2) / draws));
  });

  it("are below any value as often as its distribution function says", () => {
    // Binomial: 4.5 standard errors, since 17 points are looked at.
    const sd = Math.sqrt(variance);
    for (let step = -4; step <= 12; step++) {
      const x = mean + (step / 4) * sd;
      if (x <= 0 || x >= 1) continue;
      const p = cdf(x);
      const below = values.filter((value) => value < x).length;
      expect(Math.abs(below - draws * p)).toBeLessThan(4.5 * Math.sqrt(draws * p * (1 - p)) + 1e-9);
    }
  });
});
