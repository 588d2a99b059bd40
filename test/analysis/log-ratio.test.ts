import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { regress } from "../../src/analysis/log-ratio.ts";
import { geo6 } from "./simulate.ts";

describe("the slope of a ratio whose sizes differ by more than their noise", () => {
  it("lies in its interval in 95 % of studies, though only six sizes tell how much they differ", () => {
    const random = seedrandom.alea("ratios");
    // The sum of twelve uniform variables has variance 1.
    const normal = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
    const studies = Array.from({ length: 400 }, () => {
      const ratios = geo6.map((size) => ({ size, value: Math.log(size) + 0.1 * normal(), variance: 1e-6 }));
      return regress(ratios, 100, Math.log, () => 0);
    });
    const holding = studies.filter((slope) => slope && slope.low <= 1 && slope.high >= 1);
    // 380 are expected, with a standard deviation of 4.4; the normal quantile would give 345.
    expect(Math.abs(holding.length - 380)).toBeLessThanOrEqual(13);
  });

  it("is not widened for what their noise explains", () => {
    const ratios = geo6.map((size) => ({ size, value: Math.log(size), variance: 0.01 }));
    const slope = regress(ratios, 100, Math.log, () => 0);
    // Half-width: t(100) 0.1 / sqrt(sum of squared deviations of log k), 17.5 (log 2)^2.
    expect(slope?.value).toBeCloseTo(1, 9);
    expect((slope?.high ?? 0) - 1).toBeCloseTo((1.98397 * 0.1) / (Math.sqrt(17.5) * Math.LN2), 5);
  });
});
