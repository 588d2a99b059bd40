import { describe, expect, it } from "vitest";
import { holmAdjust, logRankTest, survivalQuantile } from "../../src/analysis/survival.ts";

const met = (...values: number[]) => values.map((value) => ({ value, isCensored: false }));
const missed = (...values: number[]) => values.map((value) => ({ value, isCensored: true }));

describe("quantiles of a censored cost", () => {
  it("give the usual median without censoring", () => {
    expect(survivalQuantile(met(3, 1, 2), 0.5)).toBe(2);
    expect(survivalQuantile(met(4, 1, 3, 2), 0.5)).toBe(2.5);
    expect(survivalQuantile(met(7), 0.9)).toBe(7);
  });

  it("are unknown where censoring hides them", () => {
    const times = [...met(1, 2, 3), ...missed(5, 5, 5, 5)];
    expect(survivalQuantile(times, 0.1)).toBe(1);
    expect(survivalQuantile(times, 0.5)).toBeUndefined();
    expect(survivalQuantile([], 0.5)).toBeUndefined();
  });

  it("follow the Kaplan-Meier estimate when censoring comes early", () => {
    // Survival 4/5 after 1; 2 is censored; 4/5 * 2/3 after 3; 4/5 * 2/3 * 1/2 after 4.
    const times = [...met(1, 3, 4), ...missed(2, 9)];
    expect(survivalQuantile(times, 0.4)).toBe(3);
    expect(survivalQuantile(times, 0.5)).toBe(4);
    expect(survivalQuantile(times, 0.8)).toBeUndefined();
  });
});

describe("the log-rank test", () => {
  it("gives the published result for the remission times of Freireich et al. 1963", () => {
    // Chi-square 16.79 with variance 6.257: Kalbfleisch and Prentice, and R's survdiff on the same data.
    const treated = [
      ...met(6, 6, 6, 7, 10, 13, 16, 22, 23),
      ...missed(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
    ];
    const control = met(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23);
    const p = logRankTest(treated, control);
    expect(p).toBeCloseTo(4.17e-5, 6);
    expect(logRankTest(control, treated)).toBeCloseTo(p ?? 0, 12);
  });

  it("is undefined when nothing happened", () => {
    expect(logRankTest(missed(1, 2), missed(3))).toBeUndefined();
    expect(logRankTest([], [])).toBeUndefined();
  });
});

describe("Holm's correction", () => {
  it("multiplies the smallest p by all tests and never falls along the order", () => {
    // Holm 1979: 0.01 * 4, 0.02 * 3, 0.02 * 3 (kept), 0.9.
    const adjusted = holmAdjust([0.02, 0.9, 0.01, 0.025]);
    expect(adjusted.map((p) => Number(p.toFixed(10)))).toEqual([0.06, 0.9, 0.04, 0.06]);
    expect(holmAdjust([])).toEqual([]);
  });
});
