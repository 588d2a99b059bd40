import { describe, expect, it } from "vitest";
import { inferLocalExponent } from "../../src/analysis/call-growth.ts";
import { toCells } from "../../src/analysis/cell.ts";
import { challengeClass, testLackOfFit } from "../../src/analysis/checks.ts";
import { fitPure } from "../../src/analysis/class-fit.ts";
import { formatGrowthClass, polynomialClass } from "../../src/analysis/growth-class.ts";
import { studentQuantile } from "../../src/analysis/numeric/distributions.ts";
import { rankClasses } from "../../src/analysis/rank-classes.ts";
import { fitShape, widenShape } from "../../src/analysis/shape.ts";
import { gammaCells, geo6 } from "./simulate.ts";

describe("the shape", () => {
  it("is not biased by the mean that each size with three seeds costs", () => {
    // Plain maximum likelihood would give about 3/2 of the shape. From 400 spare degrees of freedom the log of
    // the shape is known to sqrt(2 / 400) = 0.07.
    const sizes = Array.from({ length: 200 }, (_, i) => i + 1);
    const pooled = fitShape(gammaCells(sizes, 3, (k) => k, 4))?.pooledShape ?? 0;
    expect(Math.abs(Math.log(pooled / 4))).toBeLessThan(0.21);
  });

  it("is not extrapolated below one where runs are censored", () => {
    // Relative spread grows with size: the trend reaches far below 1 at k = 64.
    const tight = gammaCells([1, 2], 40, () => 10, 64);
    const loose = gammaCells([4, 8], 40, () => 10, 1);
    const censored = toCells([2, 3, 500].map((value) => ({ size: 64, value, isCensored: value === 500 })));
    const cells = [...tight, ...loose, ...censored];
    const shapeModel = fitShape(cells);
    const last = cells.at(-1);
    if (!shapeModel || !last) throw new Error("expected a shape");
    expect(shapeModel.pooledShape).toBeGreaterThan(1);
    expect(shapeModel.shapeOf(last)).toBe(1);
  });
});

describe("the ranking of classes", () => {
  const cells = gammaCells(geo6, 20, (k) => 2 * k, 6);
  const ranked = rankClasses(cells, new Array(6).fill(6));

  it("uses the Bayesian information criterion with the number of solved runs", () => {
    for (const { criterion, fit } of ranked) {
      expect(criterion).toBeCloseTo(-2 * fit.logLikelihood + fit.parameters.length * Math.log(120), 9);
    }
    const [first, second] = ranked;
    const difference = (second?.criterion ?? 0) - (first?.criterion ?? 0);
    expect(Math.log((first?.weight ?? 0) / (second?.weight ?? 1))).toBeCloseTo(difference / 2, 6);
    expect(ranked.reduce((sum, one) => sum + one.weight, 0)).toBeCloseTo(1, 12);
  });

  it("finds a class beneath its lower-order term, which a single term would miss", () => {
    // k^2 + 6 k grows like k^1.6 over these sizes.
    const mixed = gammaCells(geo6, 100, (k) => k * k + 6 * k, 20);
    const [best] = rankClasses(mixed, new Array(6).fill(20));
    expect(best && formatGrowthClass(best.growthClass)).toBe("k^2");
    expect(best?.fit.parameters).toHaveLength(2);
    expect(best?.weight).toBeGreaterThan(0.9);
  });
});

describe("the challenge", () => {
  it("predicts with the errors of both the fit and the observation", () => {
    const cells = gammaCells(geo6, 20, (k) => 2 * k, 6);
    const shapeModel = { pooledShape: 6, shapeOf: () => 6 };
    const linear = rankClasses(cells, new Array(6).fill(6)).find(
      (one) => formatGrowthClass(one.growthClass) === "k",
    );
    if (linear?.fit.parameters.length !== 1) throw new Error("expected the pure linear class");
    const challenge = challengeClass(cells, shapeModel, linear, 100);
    // Two of six sizes are held out. A mean of S runs of shape 6 has log variance 1 / (6 S): the factor comes
    // from 80 runs, the observation from 20.
    const margin = studentQuantile(0.975, 100) * Math.sqrt(1 / (6 * 80) + 1 / (6 * 20));
    expect(challenge?.rows.map((row) => row.size)).toEqual([32, 64]);
    for (const row of challenge?.rows ?? []) {
      expect(Math.log(row.high / row.predicted)).toBeCloseTo(margin, 6);
      expect(Math.log(row.predicted / row.low)).toBeCloseTo(margin, 6);
    }
  });
});

describe("the lack of fit", () => {
  it("is judged by the noise of the runs, whatever shapes the class was fitted with", () => {
    const cells = gammaCells(geo6, 20, (k) => k * (Math.log2(k) % 2 === 0 ? 1.3 : 1 / 1.3), 100);
    const noise = fitShape(cells);
    if (!noise) throw new Error("expected a shape");
    const devianceWith = ({ shapeOf }: typeof noise) => {
      const fit = fitPure(polynomialClass(1), cells, cells.map(shapeOf));
      if (!fit) throw new Error("expected a fit");
      return testLackOfFit(cells, noise, fit, 114).deviance;
    };
    // No other line is likelier than the one fitted with these shapes.
    expect(devianceWith(widenShape(noise, 0.1))).toBeGreaterThanOrEqual(devianceWith(noise));
  });
});

describe("the interval of an exponent", () => {
  it("is widened where the means scatter more than the runs", () => {
    // Means alternate by a factor of 1.5 up and down around k, while runs at one size hardly differ.
    const zigzag = gammaCells(geo6, 20, (k) => k * (Math.log2(k) % 2 === 0 ? 1.5 : 1 / 1.5), 400);
    const exponent = inferLocalExponent(zigzag);
    expect(exponent?.low).toBeLessThan(1);
    expect(exponent?.high).toBeGreaterThan(1);
    // Unwidened its half-width would be 2 / sqrt(400 * 20 * 6 * var(log k)) < 0.01.
    expect((exponent?.high ?? 0) - (exponent?.low ?? 0)).toBeGreaterThan(0.2);
  });
});
