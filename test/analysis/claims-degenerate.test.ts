/** Growth where runs hardly vary, as those of the paper's Table 1: what is left is what is not noise. */
import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { compareStrategies, type RunRow } from "../../src/analysis/index.ts";
import { perCallDegree } from "../../src/analysis/polynomial-degree.ts";
import { runRow, sequential, simulateRuns } from "./simulate.ts";

const doubling = Array.from({ length: 13 }, (_, i) => 2 ** (i + 1) - 1);

/** Calls that are the same in every run, or differ by a per mille. */
function nearlyExact(calls: (k: number) => number, sizes: readonly number[]): RunRow[] {
  return sizes.flatMap((size) =>
    [-1, 0, 1].map((off, seed) => {
      const base = calls(size);
      return runRow({ strategy: "s", size, seed, calls: base + Math.round((off * base) / 1000) });
    }),
  );
}

function growthOf(runs: readonly RunRow[]) {
  const [first] = compareStrategies(runs, { costModel: "calls" }).strategies;
  if (!first) throw new Error("expected a strategy");
  return first.growth;
}

describe("calls without noise", () => {
  it.each([
    ["1", () => 64, [2, 3, 5, 9, 17, 33, 64]],
    ["k", (k: number) => k, [1, 2, 4, 8, 16]],
    ["k", (k: number) => k + 1, [1, 2, 4, 8, 16]],
    ["k^2", (k: number) => (k * (k + 1)) / 2, [2, 4, 8, 16, 32, 64]],
    ["b^k", (k: number) => 2 ** k, [1, 2, 3, 4, 5, 6, 7, 8]],
  ] as const)("have class %s, which is conclusive", (name, calls, sizes) => {
    expect(growthOf(nearlyExact(calls, sizes))).toMatchObject({ verdict: "conclusive", class: name });
  });

  it("that go up in steps have the class of which these are near, not one that meets the last step", () => {
    // Votes for each of k steps: a lead of log(k / failure) / log(1 / r), rounded up (arXiv 2511.09030).
    const votes = (k: number) => k * Math.ceil(Math.log(k / 1e-4) / Math.log(9));
    const growth = growthOf(nearlyExact(votes, doubling));
    expect(growth).toMatchObject({ verdict: "conclusive", class: "k log k" });
    // The steps are no noise: beside it, the class is off by up to a tenth, and this is no fit.
    expect(growth.lackOfFit?.p).toBeLessThan(1e-6);
    expect(Math.abs(growth.lackOfFit?.worstMisfit ?? 1)).toBeLessThan(0.1);
  });

  it("that are far from every class have none, and a best guess that all sizes have a say in", () => {
    const votes = (k: number) => k * Math.ceil(Math.log(k / 1e-4) / Math.log(400));
    const growth = growthOf(nearlyExact(votes, doubling));
    expect(growth).toMatchObject({ verdict: "inconclusive", class: "k log k" });
    expect(growth.reasons[0]).toMatch(/^no candidate class fits/);
  });
});

describe("calls that were stopped, and whose sizes differ by more than their noise", () => {
  it("are not taken for an exponential, which the spread of the sizes as noise of the runs would make them", () => {
    const sizes = [2, 4, 8, 16, 32, 64];
    const random = seedrandom.alea("stopped");
    const classes = Array.from({ length: 10 }, (_, study) => {
      const runs = sizes.flatMap((size, at) => {
        const mean = 10 * size * ((at + study) % 2 === 0 ? 1.06 : 0.94);
        return Array.from({ length: 200 }, (_, seed) => {
          const needed = Math.round((mean / 5) * sumOf(5, () => -Math.log(1 - random())));
          const calls = Math.max(1, Math.min(needed, 610)); // a half of the runs of the largest size
          return runRow({ strategy: "s", size, seed, calls, isSolved: needed <= 610 });
        });
      });
      return growthOf(runs).class;
    });
    expect(classes).toEqual(classes.map(() => "k"));
  });
});

function sumOf(count: number, term: () => number): number {
  return Array.from({ length: count }, term).reduce((sum, value) => sum + value, 0);
}

describe("tokens per call of many kinds of task", () => {
  const sizes = Array.from({ length: 63 }, (_, i) => i + 2);

  /** 64 tasks of the first k of 64 kinds, whose mean tokens differ by `spread`, three runs a size. */
  function kinds(random: () => number, spread: number) {
    const normal = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
    const means = Array.from({ length: 64 }, () => 100 * (1 + spread * normal()));
    return sizes.flatMap((k) => {
      const mean =
        Array.from({ length: 64 }, (_, i) => means[i % k] ?? 0).reduce((sum, one) => sum + one) / 64;
      return [1, 2, 3].map(() => ({ size: k, calls: 64, mean: mean * (1 + 0.006 * normal()) }));
    });
  }

  it.each([0.01, 0.03, 0.3])("that differ by a share of %d are not taken for growth with k", (spread) => {
    const random = seedrandom.alea(`kinds ${spread}`);
    const found = Array.from({ length: 100 }, () => perCallDegree(kinds(random, spread)));
    // In 1,000 repetitions 0, 0 and 12 were: at most 5 of 100 but for a chance of 1 in 200.
    expect(found.filter(({ degree, isConcave }) => degree > 0 && !isConcave).length).toBeLessThanOrEqual(5);
  });

  it("grow where they do, beside the same differences", () => {
    const random = seedrandom.alea("kinds and growth");
    const growing = kinds(random, 0.03).map((one) => ({ ...one, mean: one.mean + one.size }));
    expect(perCallDegree(growing)).toMatchObject({ degree: 1, isConcave: false });
  });

  it("that fall towards a bound have degree 0, not that of the parabola through them", () => {
    const falling = [8, 12, 16, 24, 32, 48].flatMap((size) =>
      [0.99, 1, 1.01].map((noise) => ({ size, calls: size, mean: (1 + 16 / size) * noise })),
    );
    expect(perCallDegree(falling).degree).toBe(0);
  });
});

describe("a class that is a guess since the tokens per call grow more slowly than a line", () => {
  const sizes = [4, 8, 16, 32, 64, 128];
  const runs = (strategy: string, calls: (k: number) => number, output: (k: number) => number) =>
    simulateRuns({
      ...{ strategy, sizes, seeds: () => 10, randomSeed: strategy },
      sampler: (k, random) => calls(k) * sequential(1, random) + sequential(k, random),
      tokens: (k) => ({ input: 50, output: Math.round(output(k)) }),
    });
  const separation = (...all: RunRow[][]) =>
    compareStrategies(all.flat(), { costModel: "linear" }).separations[0];

  it("separates from nothing, on either side", () => {
    const square = runs(
      "square",
      (k) => k * k,
      () => 50,
    );
    const line = runs(
      "line",
      () => 0,
      () => 50,
    );
    const root = runs(
      "root",
      () => 0,
      (k) => 400 * Math.sqrt(k),
    );
    expect(separation(square, line)).toMatchObject({ verdict: "separates", costlier: "square" });
    expect(separation(root, line)).toMatchObject({ verdict: "grows in range", costlier: "root" });
    const dear = square.map((run) => runRow({ ...run, calls: 100 * run.applications }));
    expect(separation(dear, line)?.verdict).toBe("separates");
    expect(separation(dear, root)?.verdict).toBe("grows in range");
  });
});
