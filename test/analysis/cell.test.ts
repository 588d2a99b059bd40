import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellLikelihood, cellMaximum, hasSolved, toCells } from "../../src/analysis/cell.ts";
import { fitPure, fitTwoTerm } from "../../src/analysis/class-fit.ts";
import { exponentialClass, polynomialClass } from "../../src/analysis/growth-class.ts";
import { fitShape } from "../../src/analysis/shape.ts";
import { gammaCells } from "./simulate.ts";

const positive = fc.double({ min: 0.5, max: 200, noNaN: true });
const observation = fc.record({ size: fc.constant(3), value: positive, isCensored: fc.boolean() });

describe("the censored gamma likelihood of a cell", () => {
  it("has the score and information that its numerical derivatives give", () => {
    fc.assert(
      fc.property(
        fc.array(observation, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 1, max: 6, noNaN: true }),
        fc.double({ min: 0.2, max: 40, noNaN: true }),
        (observations, logMean, shape) => {
          const [cell] = toCells(observations);
          if (!cell) throw new Error("expected one cell");
          const at = (shift: number) => cellLikelihood(cell, logMean + shift, shape);
          const { score, information } = at(0);
          const h = 1e-5;
          const slope = (at(h).logLikelihood - at(-h).logLikelihood) / (2 * h);
          const curvature = -(at(h).score - at(-h).score) / (2 * h);
          const scale = shape * observations.length + Math.abs(score) + information;
          expect(Math.abs(score - slope)).toBeLessThan(1e-5 * scale);
          expect(Math.abs(information - curvature)).toBeLessThan(1e-5 * scale);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it("is the sum of the log densities and log tails, up to a term free of the mean and the shape", () => {
    // Shape 1 is the exponential distribution: log density -log mu - c / mu, log tail -B / mu.
    const [cell] = toCells([
      { size: 1, value: 2, isCensored: false },
      { size: 1, value: 5, isCensored: false },
      { size: 1, value: 4, isCensored: true },
    ]);
    if (!cell) throw new Error("expected one cell");
    const exact = (mean: number) => -2 * Math.log(mean) - 11 / mean;
    const difference = (mean: number) => cellLikelihood(cell, Math.log(mean), 1).logLikelihood - exact(mean);
    expect(difference(3)).toBeCloseTo(difference(17), 10);
  });

  it("is greatest at the arithmetic mean without censoring, and at the ERT for exponential costs", () => {
    const [plain] = toCells([1, 2, 9].map((value) => ({ size: 1, value, isCensored: false })));
    if (!plain || !hasSolved(plain)) throw new Error("expected a solved cell");
    expect(cellMaximum(plain, 2.7)).toBeCloseTo(Math.log(4), 12);
    const [censored] = toCells([1, 2, 9].map((value) => ({ size: 1, value, isCensored: value === 9 })));
    if (!censored || !hasSolved(censored)) throw new Error("expected a solved cell");
    // Exponential with censoring: the maximum is total cost over number solved, 12 / 2.
    expect(cellMaximum(censored, 1)).toBeCloseTo(Math.log(6), 8);
  });

  it("ignores runs that were stopped before they spent anything", () => {
    const [cell] = toCells([
      { size: 1, value: 3, isCensored: false },
      { size: 1, value: 0, isCensored: true },
    ]);
    if (!cell || !hasSolved(cell)) throw new Error("expected a solved cell");
    expect(cellMaximum(cell, 2)).toBeCloseTo(Math.log(3), 12);
  });
});

describe("fits", () => {
  const sizes = [2, 4, 8, 16, 32];

  it("recover the shape within three standard errors", () => {
    // The variance of log shape from N runs is about 2 / N for shape 4 (digamma' - 1/shape, times shape^2).
    const cells = gammaCells(sizes, 200, (k) => 3 * k, 4);
    const shapes = cells.map(fitShape(cells)?.shapeOf ?? (() => Number.NaN));
    for (const shape of shapes) expect(Math.abs(Math.log(shape / 4))).toBeLessThan(0.3);
    expect(Math.abs(Math.log(fitShape(cells)?.pooledShape ?? 0) - Math.log(4))).toBeLessThan(
      3 * Math.sqrt(2 / 1000),
    );
  });

  it("recover a mean that half of the runs at the largest size never reach", () => {
    // Linear mean 3 k, capped at 90: at k = 32 the mean is 96.
    const cells = gammaCells(sizes, 200, (k) => 3 * k, 4, 90);
    expect(cells.at(-1)?.solved).toBeLessThan(120);
    const shapes = cells.map(fitShape(cells)?.shapeOf ?? (() => Number.NaN));
    const fit = fitPure(polynomialClass(1), cells, shapes);
    const standardError = Math.sqrt(fit?.covariance[0]?.[0] ?? 0);
    expect(standardError).toBeLessThan(0.03);
    expect(Math.abs((fit?.parameters[0] ?? 0) - Math.log(3))).toBeLessThan(3 * standardError);
    // Counting the capped runs as solved would miss the mean at k = 32 by far more than that.
    const last = cells.at(-1);
    if (!last || !hasSolved(last)) throw new Error("expected a solved cell");
    const naive = (last.solvedMean * last.solved + 90 * (last.runs - last.solved)) / last.runs;
    expect(naive).toBeLessThan(85);
  });

  it("recover the base of an exponential", () => {
    const cells = gammaCells([1, 2, 3, 4, 5, 6, 7, 8], 100, (k) => 5 * 1.7 ** k, 1);
    const fit = fitPure(exponentialClass(), cells, new Array(8).fill(1));
    const error = Math.abs((fit?.parameters[1] ?? 0) - Math.log(1.7));
    expect(error).toBeLessThan(3 * Math.sqrt(fit?.covariance[1]?.[1] ?? 0));
    expect(error).toBeLessThan(0.06);
  });

  it("of two terms find both coefficients, also a negative second one, from exact means", () => {
    const exact = toCells(
      sizes.map((size) => ({ size, value: 2 * size * size - 1.5 * size, isCensored: false })),
    );
    const fit = fitTwoTerm(polynomialClass(2), polynomialClass(1), exact, new Array(5).fill(100));
    expect(fit?.parameters[0]).toBeCloseTo(2, 6);
    expect(fit?.parameters[1]).toBeCloseTo(-1.5, 5);
  });

  it("of two terms maximize the likelihood that they report, also under censoring", () => {
    const cells = gammaCells(sizes, 10, (k) => 3 * k * k + 20 * k, 4, 3000);
    const shapes = new Array<number>(5).fill(4);
    const fit = fitTwoTerm(polynomialClass(2), polynomialClass(1), cells, shapes);
    const [a = 0, b = 0] = fit?.parameters ?? [];
    const at = (first: number, second: number) =>
      cells.reduce((sum, cell) => {
        const mean = first * cell.size ** 2 + second * cell.size;
        return sum + cellLikelihood(cell, Math.log(mean), 4).logLikelihood;
      }, 0);
    expect(at(a, b)).toBeCloseTo(fit?.logLikelihood ?? 0, 8);
    for (const step of [-0.01, 0.01]) {
      expect(at(a * (1 + step), b)).toBeLessThan(at(a, b));
      expect(at(a, b * (1 + step))).toBeLessThan(at(a, b));
    }
  });
});
