import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  diagonalMinimum,
  drawObjective,
  leastValue,
  type Objective,
  objectiveValue,
  pairMinimum,
  pairValue,
  sampleMean,
} from "../../../problems/function-minimization/objective.ts";
import { rngFrom } from "../../../src/core/index.ts";

const identity = (dimension: number) =>
  Array.from({ length: dimension }, (_, i) => Array.from({ length: dimension }, (_, j) => (i === j ? 1 : 0)));

describe("the function of two variables", () => {
  it("is least about -1.519 at (-1.704, 0.678), as OpenEvolve's example says", () => {
    const { x, y, value } = pairMinimum;
    expect([x, y, value].map((one) => Number(one.toFixed(3)))).toEqual([-1.704, 0.678, -1.519]);
    expect(pairValue(x, y)).toBeCloseTo(value, 14);
  });

  it("has no lower value anywhere in the plane", () => {
    // Outside of radius sqrt(20 (2 - 1.5186)) = 3.11 the bowl alone is too high; inside, a grid of 0.01: the
    // second derivatives are below 11 there, so that a value between grid points is at most 0.0006 lower.
    let least = Number.POSITIVE_INFINITY;
    for (let i = -320; i <= 320; i++) {
      for (let j = -320; j <= 320; j++) least = Math.min(least, pairValue(i / 100, j / 100));
    }
    expect(least).toBeGreaterThanOrEqual(pairMinimum.value);
    expect(least).toBeLessThan(pairMinimum.value + 0.0006);
  });

  it("has its least value on the diagonal at 2.167", () => {
    const { x, value } = diagonalMinimum;
    expect(pairValue(x, x)).toBeCloseTo(value, 14);
    let least = Number.POSITIVE_INFINITY;
    for (let i = -8000; i <= 8000; i++) least = Math.min(least, pairValue(i / 2000, i / 2000));
    expect(least).toBeGreaterThanOrEqual(value);
    expect(least).toBeLessThan(value + 1e-5);
  });
});

describe("an objective", () => {
  it("of two variables, neither shifted nor turned, is the function itself", () => {
    const plain: Objective = { minimizer: [pairMinimum.x, pairMinimum.y], rotation: identity(2) };
    for (const [x, y] of [
      [0, 0],
      [1, 2],
      [-4.5, 3.25],
    ] as const) {
      expect(objectiveValue(plain, [x, y])).toBeCloseTo(pairValue(x, y), 12);
    }
    expect(leastValue(2)).toBe(pairMinimum.value);
  });

  it("of three variables is the mean of a pair and of the last with itself", () => {
    const minimizer = [pairMinimum.x, pairMinimum.y, diagonalMinimum.x];
    const value = objectiveValue({ minimizer, rotation: identity(3) }, [1, 2, 3]);
    expect(value).toBeCloseTo((pairValue(1, 2) + pairValue(3, 3)) / 2, 12);
  });

  it("has the least value at its minimizer, inside the box, whatever its dimension and seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1000 }), (dimension, seed) => {
        const rng = rngFrom("test", dimension, seed);
        const objective = drawObjective(dimension, rng);
        expect(objective.minimizer.every((one) => one >= -4 && one <= 4)).toBe(true);
        const least = leastValue(dimension);
        expect(objectiveValue(objective, objective.minimizer)).toBeCloseTo(least, 13);
        for (let i = 0; i < 20; i++) {
          const point = objective.minimizer.map((one) => one + 10 ** (-4 * rng()) * (rng() - 0.5));
          expect(objectiveValue(objective, point)).toBeGreaterThanOrEqual(least - 1e-13);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("is turned by an orthogonal matrix: its rows are orthonormal", () => {
    const { rotation } = drawObjective(6, rngFrom("rows"));
    for (const [i, a] of rotation.entries()) {
      for (const [j, b] of rotation.entries()) {
        const product = a.reduce((sum, one, at) => sum + one * b[at]!, 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });

  it("of one variable has the mean over the box that an integral gives", () => {
    const objective = drawObjective(1, rngFrom("mean"));
    const steps = 100_000;
    let integral = 0;
    let square = 0;
    for (let i = 0; i < steps; i++) {
      const value = objectiveValue(objective, [-5 + (10 * (i + 0.5)) / steps]);
      integral += value / steps;
      square += (value * value) / steps;
    }
    const standardError = Math.sqrt((square - integral ** 2) / 2000);
    expect(Math.abs(sampleMean(objective, rngFrom("sample"), 2000) - integral)).toBeLessThan(
      4 * standardError,
    );
  });
});
