import jstat from "jstat";
import { describe, expect, it } from "vitest";
import {
  chiSquareUpper,
  fisherUpper,
  studentQuantile,
  studentUpper,
} from "../../src/analysis/numeric/distributions.ts";
import { solveSymmetric, weightedLeastSquares } from "../../src/analysis/numeric/linear.ts";
import { goldenSection, nelderMead } from "../../src/analysis/numeric/minimize.ts";
import {
  logGamma,
  logUpperGamma,
  logUpperNormal,
  regularizedBeta,
} from "../../src/analysis/numeric/special.ts";

const { jStat } = jstat;
/** What jstat's own incomplete beta and gamma functions reach; closed forms below check more digits. */
const JSTAT_ACCURACY = 5e-8;

function expectClose(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.max(1e-12, Math.abs(expected)));
}

describe("special functions", () => {
  it("log-gamma equals jstat on a grid, to twelve digits", () => {
    for (let x = 0.05; x < 500; x = x * 1.3 + 0.01) {
      expect(Math.abs(logGamma(x) - jStat.gammaln(x))).toBeLessThan(
        1e-11 * Math.max(1, Math.abs(logGamma(x))),
      );
    }
  });

  it("log-gamma meets its exact values and recurrence on both sides of the switch to Stirling's series", () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12);
    for (const x of [0.3, 1.7, 19.5, 20, 200, 1e5]) {
      expectClose(logGamma(x + 1) - logGamma(x), Math.log(x), 1e-9);
    }
  });

  it("the upper gamma tail equals one minus jstat's lower tail", () => {
    for (const shape of [0.1, 0.5, 1, 2.5, 10, 80, 300]) {
      for (const factor of [0.05, 0.3, 0.8, 1, 1.2, 1.7]) {
        const expected = 1 - jStat.lowRegGamma(shape, shape * factor);
        if (expected < 1e-6) continue; // jstat loses digits by subtraction there
        expectClose(Math.exp(logUpperGamma(shape, shape * factor)), expected, 1e-8);
      }
    }
  });

  it("the upper gamma tail of shape 1 is exponential, however far out", () => {
    for (const x of [0, 1e-9, 0.5, 5, 700, 5000]) expect(logUpperGamma(1, x)).toBeCloseTo(-x, 9);
  });

  it("the upper gamma tail of shape 3 equals its Poisson sum", () => {
    for (const x of [0.1, 2, 4, 9]) {
      expectClose(Math.exp(logUpperGamma(3, x)), Math.exp(-x) * (1 + x + (x * x) / 2), 1e-12);
    }
  });

  it("the upper gamma tail ends at infinity, and keeps what is no number", () => {
    for (const shape of [0.5, 3, 1e4]) {
      expect(logUpperGamma(shape, Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
      expect(logUpperGamma(shape, Number.NaN)).toBeNaN();
      expect(logUpperGamma(shape, 1e-300)).toBeCloseTo(0, 12);
    }
  });

  it("the expansion for large shapes continues the exact function on both sides of the mean", () => {
    // Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1) joins shape 500, exact, to shape 501, expanded.
    for (const x of [380, 430, 455, 495, 500, 505, 540, 560, 640, 900]) {
      const logStep = 500 * Math.log(x) - x - logGamma(501);
      const exact = logUpperGamma(500, x) + Math.log1p(Math.exp(logStep - logUpperGamma(500, x)));
      expect(Math.abs(logUpperGamma(501, x) - exact)).toBeLessThan(1e-8);
    }
  });

  it("the expansion for large shapes obeys the recurrence, however large the shape", () => {
    for (const shape of [1e3, 1e4, 1e6]) {
      for (const z of [-3, -0.5, 0, 0.7, 4]) {
        const x = shape + z * Math.sqrt(shape);
        const logStep = shape * Math.log(x) - x - logGamma(shape + 1);
        const step = Math.exp(logUpperGamma(shape + 1, x)) - Math.exp(logUpperGamma(shape, x));
        expect(Math.abs(step - Math.exp(logStep))).toBeLessThan(3e-9);
      }
    }
  });

  it("the normal tail equals jstat on both sides of zero", () => {
    for (const z of [-4, -1.3, -0.2, 0, 0.2, 1.3, 4]) {
      expectClose(Math.exp(logUpperNormal(z)), 1 - jStat.normal.cdf(z, 0, 1), 1e-7);
    }
  });

  it("the incomplete beta function equals jstat on a grid", () => {
    for (const a of [0.5, 1, 3, 20, 150]) {
      for (const b of [0.5, 1, 3, 20, 150]) {
        for (const x of [0.01, 0.2, 0.5, 0.8, 0.99]) {
          expect(Math.abs(regularizedBeta(x, a, b) - jStat.ibeta(x, a, b))).toBeLessThan(JSTAT_ACCURACY);
        }
      }
    }
  });

  it("the incomplete beta function equals its closed forms where it has one", () => {
    for (const x of [0.01, 0.2, 0.5, 0.8, 0.99]) {
      // The arcsine law, and the binomial tail of at least 2 successes in 4 trials.
      expectClose(regularizedBeta(x, 0.5, 0.5), (2 / Math.PI) * Math.asin(Math.sqrt(x)), 1e-12);
      const y = 1 - x;
      expectClose(regularizedBeta(x, 2, 3), 6 * x * x * y * y + 4 * x ** 3 * y + x ** 4, 1e-12);
    }
  });
});

describe("distributions", () => {
  it("tails equal jstat on a grid", () => {
    for (const degrees of [1, 2, 5, 17, 120, 1000]) {
      for (const x of [0.1, 0.7, 1.5, 2.5, 4]) {
        expect(Math.abs(studentUpper(x, degrees) - (1 - jStat.studentt.cdf(x, degrees)))).toBeLessThan(
          JSTAT_ACCURACY,
        );
        expect(Math.abs(chiSquareUpper(x, degrees) - (1 - jStat.chisquare.cdf(x, degrees)))).toBeLessThan(
          JSTAT_ACCURACY,
        );
        expect(Math.abs(fisherUpper(x, 3, degrees) - (1 - jStat.centralF.cdf(x, 3, degrees)))).toBeLessThan(
          JSTAT_ACCURACY,
        );
      }
    }
  });

  it("the t quantile equals the printed tables", () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062, 4);
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.228139, 6);
    expect(studentQuantile(0.975, 1e5)).toBeCloseTo(1.95999, 4);
    for (const degrees of [2, 7, 33]) {
      expectClose(studentQuantile(0.9, degrees), jStat.studentt.inv(0.9, degrees), 1e-7);
    }
  });
});

describe("tails in closed form", () => {
  it("Student's t with one and two degrees of freedom, chi-square and F with two", () => {
    for (const x of [0.1, 0.7, 1.5, 2.5, 40]) {
      expectClose(studentUpper(x, 1), 0.5 - Math.atan(x) / Math.PI, 1e-10); // Cauchy
      expectClose(studentUpper(x, 2), 0.5 - x / (2 * Math.sqrt(2 + x * x)), 1e-9);
      expectClose(chiSquareUpper(x, 2), Math.exp(-x / 2), 1e-12);
      expectClose(fisherUpper(x, 2, 10), (1 + x / 5) ** -5, 1e-12);
    }
  });
});

describe("linear algebra and minimization", () => {
  it("solves systems whose columns differ by many orders of magnitude", () => {
    const solution = solveSymmetric(
      [
        [4e12, 2e3],
        [2e3, 3e-5],
      ],
      [4e12 + 4e3, 2e3 + 6e-5],
    );
    expectClose(solution?.values[0] ?? 0, 1, 1e-8);
    expectClose(solution?.values[1] ?? 0, 2, 1e-8);
  });

  it("reports a singular system", () => {
    expect(
      solveSymmetric(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 1],
      ),
    ).toBeUndefined();
  });

  it("recovers a line exactly and weighs points as told", () => {
    const design = [0, 1, 2].map((x) => [1, x]);
    const exact = weightedLeastSquares(design, [1, 3, 5], [1, 7, 2]);
    expect(exact?.coefficients[0]).toBeCloseTo(1, 12);
    expect(exact?.coefficients[1]).toBeCloseTo(2, 12);
    expect(exact?.residual).toBeCloseTo(0, 12);
    // A constant fitted to 0 with weight 3 and 4 with weight 1 is their weighted mean.
    const constant = weightedLeastSquares([[1], [1]], [0, 4], [3, 1]);
    expect(constant?.coefficients[0]).toBeCloseTo(1, 12);
    expect(constant?.covariance[0]?.[0]).toBeCloseTo(1 / 4, 12);
  });

  it("finds the minimum of Rosenbrock's valley and of a parabola", () => {
    const valley = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const { point } = nelderMead(valley, [-1.2, 1], [0.5, 0.5], 400);
    expect(point[0]).toBeCloseTo(1, 2);
    expect(point[1]).toBeCloseTo(1, 2);
    expect(goldenSection((x) => (x - 0.3) ** 2, -3, 14, 1e-6)).toBeCloseTo(0.3, 5);
  });
});
