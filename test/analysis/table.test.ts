import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { compareStrategies } from "../../src/analysis/index.ts";
import { estimateMeans, toMeanEstimate } from "../../src/analysis/mean-estimate.ts";
import { geometric, global, runRow, sequential, simulateRuns, toEight } from "./simulate.ts";

describe("the table of sizes", () => {
  const runs = simulateRuns({
    strategy: "global",
    sampler: global,
    sizes: toEight,
    seeds: () => 30,
    randomSeed: "table",
  });
  const theory = toEight.map((size) => ({
    strategy: "global",
    size,
    applications: 2 ** size,
    primitiveCost: undefined,
  }));
  const [strategy] = compareStrategies(runs, { costModel: "linear", theory }).strategies;
  const rows = strategy?.sizes ?? [];

  it("holds plain means, success rates and ERT when every run is solved", () => {
    for (const row of rows) {
      const values = runs.filter((run) => run.size === row.size).map((run) => run.applications);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(row).toMatchObject({ runs: 30, solved: 30, successRate: 1 });
      expect(row.applications?.mean).toBeCloseTo(mean, 9);
      expect(row.cost?.mean).toBeCloseTo(100 * mean, 6);
      expect(row.primitiveCost?.mean).toBeCloseTo(3725 * mean, 6); // 50 * 50 + 50 * 49 / 2
      expect(row.expectedRunTime).toBeCloseTo(100 * mean, 6);
    }
  });

  it("measures the distance from theory in standard errors", () => {
    for (const row of rows) {
      expect(row.theory?.applications).toBe(2 ** row.size);
      expect(Math.abs(row.theory?.z ?? 99)).toBeLessThan(3.5);
    }
    const wrong = theory.map((row) => ({ ...row, applications: row.applications * 3 }));
    const [off] = compareStrategies(runs, { costModel: "linear", theory: wrong }).strategies;
    // A third of the claimed mean with a relative standard error of 1 / sqrt(30): z near -11.
    for (const row of off?.sizes ?? []) expect(row.theory?.z).toBeLessThan(-3.5);
  });

  it("leaves theory out where none was declared", () => {
    const [bare] = compareStrategies(runs, { costModel: "linear" }).strategies;
    expect(bare?.sizes.every((row) => row.theory === undefined)).toBe(true);
  });

  it("has 95 % intervals that hold the true mean in about 95 % of repetitions, and are never negative", () => {
    const random = seedrandom.alea("coverage");
    let held = 0;
    let total = 0;
    for (let repetition = 0; repetition < 150; repetition++) {
      const observations = [3, 4, 5, 6].flatMap((size) =>
        Array.from({ length: 8 }, () => ({ size, value: geometric(random, 0.5 ** size), isCensored: false })),
      );
      for (const cell of estimateMeans(observations)) {
        const { low = Number.NaN, high = Number.NaN } = toMeanEstimate(cell);
        expect(low).toBeGreaterThan(0);
        total++;
        if (low <= 2 ** cell.size && 2 ** cell.size <= high) held++;
      }
    }
    // 600 intervals, standard error 0.9 points at 95 %.
    expect(held / total).toBeGreaterThan(0.92);
    expect(held / total).toBeLessThan(0.98);
  });

  it("gives no interval for a single run, and one for its neighbours", () => {
    const some = [
      ...[3, 5, 4].map((calls, seed) => runRow({ strategy: "s", size: 2, seed, calls })),
      runRow({ strategy: "s", size: 4, calls: 9 }),
    ];
    const [first] = compareStrategies(some, { costModel: "calls" }).strategies;
    expect(first?.sizes[1]?.cost).toEqual({ mean: expect.closeTo(9, 9), low: undefined, high: undefined });
    expect(first?.sizes[0]?.cost?.low).toBeGreaterThan(0);
  });

  it("gives no mean but a success rate where nothing was solved", () => {
    const some = [3, 5].map((calls, seed) =>
      runRow({ strategy: "s", size: 2, seed, calls, isSolved: false }),
    );
    const [first] = compareStrategies(some, { costModel: "calls" }).strategies;
    expect(first?.sizes).toEqual([
      {
        size: 2,
        runs: 2,
        solved: 0,
        successRate: 0,
        quantiles: { q10: undefined, median: undefined, q90: undefined },
      },
    ]);
  });

  it("gives the cost in dollars where all prices are known, 0 where all calls were free", () => {
    const local = simulateRuns({
      strategy: "l",
      sampler: sequential,
      sizes: [2, 3],
      seeds: () => 4,
      randomSeed: "usd",
    });
    const costs = (usd: number | undefined) =>
      compareStrategies(
        local.map((run) => ({ ...run, roles: run.roles.map((role) => ({ ...role, usd })) })),
        { costModel: "usd" },
      ).strategies[0]?.sizes.map((row) => row.cost?.mean);
    expect(costs(undefined)).toEqual([undefined, undefined]);
    expect(costs(0)).toEqual([0, 0]);
    for (const cost of costs(0.25) ?? []) expect(cost).toBeCloseTo(0.25, 9);
  });

  it("counts runs of impossible sizes as ignored", () => {
    const odd = [0, -3, Number.NaN, Number.POSITIVE_INFINITY, 2].map((size) =>
      runRow({ strategy: "s", size, calls: 3 }),
    );
    const comparison = compareStrategies(odd, { costModel: "calls" });
    expect(comparison.ignoredRuns).toBe(4);
    expect(comparison.strategies[0]?.sizes.map((row) => row.size)).toEqual([2]);
  });
});
