import { describe, expect, it } from "vitest";
import { compareStrategies, type RunRow } from "../../src/analysis/index.ts";
import {
  equalCost,
  geo6,
  geo8,
  global,
  runRow,
  sequential,
  simulateRuns,
  toEight,
  uniform,
  uniformHalf,
} from "./simulate.ts";

const globalRuns = simulateRuns({
  strategy: "global",
  sampler: global,
  sizes: toEight,
  seeds: equalCost,
  tokens: (k) => ({ input: 50 * k, output: 50 * k }),
  randomSeed: "separation global",
});
const localRuns = simulateRuns({
  strategy: "local",
  sampler: sequential,
  sizes: [...toEight, 16, 32],
  seeds: () => 20,
  randomSeed: "separation local",
});

function separate(runs: readonly RunRow[], costModel: "primitives" | "calls" | "usd" = "primitives") {
  const [separation] = compareStrategies(runs, { costModel }).separations;
  if (!separation) throw new Error("expected a pair");
  return separation;
}

describe("the separation of two strategies", () => {
  it("shows that global mutation outgrows local mutation by b^k k, with a base that holds 2", () => {
    const separation = separate([...localRuns, ...globalRuns]);
    expect(separation).toMatchObject({ costlier: "global", cheaper: "local", verdict: "separates" });
    expect(separation.ratioClass).toBe("b^k k");
    expect(separation.base?.low).toBeLessThan(2);
    expect(separation.base?.high).toBeGreaterThan(2);
    expect(separation.holds).toEqual(["2^k k"]);
    expect(separation.sentence).toMatch(/base of the ratio \S+ \[\S+ \S+\] \(holds 2\^k k\); /);
    expect(separation.slope?.low).toBeGreaterThan(0);
    // Exact ratio at k = 8: 2^8 calls of 400 by 400 tokens over 16 of 50 by 50, Def. 2.2.
    const exact = (256 * (400 * 400 + 200 * 399)) / (16 * (50 * 50 + 25 * 49));
    const last = separation.ratios.at(-1);
    expect(last?.size).toBe(8);
    expect(last?.low).toBeLessThan(exact);
    expect(last?.high).toBeGreaterThan(exact);
    expect(separation.sentence).toMatch(
      /^global over local: separates on k in \[1, 8\]; .*b\^k k, base of the ratio .*times the cost at k = 8\.$/,
    );
  });

  it("has a base that prompt constants do not bias", () => {
    const global1000 = globalRuns.map((run) =>
      runRow({ ...run, calls: run.applications, input: 1000 + 50 * run.size, output: 50 * run.size }),
    );
    const local1000 = localRuns.map((run) => runRow({ ...run, calls: run.applications, input: 1050 }));
    const separation = separate([...global1000, ...local1000]);
    expect(separation).toMatchObject({
      verdict: "separates",
      ratioClass: "b^k k",
      isRatioClassConclusive: true,
    });
    expect(separation.base?.low).toBeLessThan(2);
    expect(separation.base?.high).toBeGreaterThan(2);
  });

  it("is smaller by the tokens when calls are counted alike", () => {
    expect(separate([...globalRuns, ...localRuns], "calls").ratioClass).toBe("b^k / k");
  });

  it("is not claimed for strategies of equal class whose ratio moves by lower-order terms", () => {
    // Both k log k; the ratio rises from 3/4 towards 1, and its slope is significant.
    const half = simulateRuns({
      strategy: "half",
      sampler: uniformHalf,
      sizes: geo8,
      seeds: () => 50,
      randomSeed: "h",
    });
    const full = simulateRuns({
      strategy: "full",
      sampler: uniform,
      sizes: geo8,
      seeds: () => 50,
      randomSeed: "f",
    });
    const scaled = half.map((run) => runRow({ ...run, calls: run.applications * 2 }));
    const separation = separate([...scaled, ...full]);
    expect(separation).toMatchObject({ costlier: "half", verdict: "grows in range", ratioClass: undefined });
    expect(separation.slope?.low).toBeGreaterThan(0);
    expect(separation.sentence).toContain("a separation of the growth classes is not shown");
  });

  it("is not claimed while one plausible class of the costlier is no faster than the cheaper's", () => {
    const random = simulateRuns({
      strategy: "random",
      sampler: uniform,
      sizes: toEight,
      seeds: () => 10,
      randomSeed: "d4",
    });
    const comparison = compareStrategies([...random, ...localRuns], { costModel: "calls" });
    const [plausible] = comparison.strategies.map(({ growth }) => growth.plausible.map((one) => one.class));
    expect(plausible).toContain("k");
    expect(plausible?.[0]).toBe("k log k");
    expect(comparison.separations[0]).toMatchObject({ costlier: "random", verdict: "grows in range" });
  });

  it("is not claimed for two strategies that are the same", () => {
    const twin = simulateRuns({
      strategy: "twin",
      sampler: sequential,
      sizes: geo6,
      seeds: () => 20,
      randomSeed: "t",
    });
    const other = simulateRuns({
      strategy: "other",
      sampler: sequential,
      sizes: geo6,
      seeds: () => 20,
      randomSeed: "o",
    });
    expect(separate([...twin, ...other])).toMatchObject({ verdict: "not shown", ratioClass: undefined });
  });

  it("between two exponentials is decided by the base of their ratio", () => {
    const fifth: typeof global = (k, random) => global(k * Math.log2(5), random);
    const steep = simulateRuns({
      strategy: "steep",
      sampler: fifth,
      sizes: toEight,
      seeds: equalCost,
      randomSeed: "5",
    });
    const plain = globalRuns.map((run) => runRow({ ...run, calls: run.applications }));
    const separation = separate([...plain, ...steep]);
    expect(separation).toMatchObject({ costlier: "steep", verdict: "separates" });
    expect(separation.base?.low).toBeLessThan(2.5);
    expect(separation.base?.high).toBeGreaterThan(2.5);
    expect(separation.holds).toEqual([]);
    expect(separation.ratioClass).toBe("b^k");
  });

  it("is not claimed for a costlier exponential with the smaller base, whose ratio falls", () => {
    const fifth: typeof global = (k, random) => global(k * Math.log2(5), random);
    const steep = simulateRuns({
      strategy: "steep",
      sampler: fifth,
      sizes: toEight,
      seeds: equalCost,
      randomSeed: "5",
    });
    const verbose = globalRuns.map((run) =>
      runRow({ ...run, calls: run.applications, input: 3000 * run.size, output: 3000 }),
    );
    const separation = separate([...verbose, ...steep]);
    expect(separation).toMatchObject({ costlier: "global", verdict: "not shown", ratioClass: undefined });
    expect(separation.sentence).toContain("and the ratio falls with k");
  });

  it("is not claimed where no candidate class fits, however plain the ratio", () => {
    // From k = 16 the local strategy falls into a trap that makes it 20 times as costly.
    const trapped = localRuns.map((run) => ({
      ...runRow({ ...run, calls: run.applications * (run.size < 16 ? 1 : 20) }),
      strategy: "trapped",
    }));
    const separation = separate([...trapped, ...localRuns]);
    expect(separation).toMatchObject({ costlier: "trapped", verdict: "grows in range" });
  });

  it("says that prices are unknown", () => {
    const separation = separate([...globalRuns, ...localRuns], "usd");
    expect(separation).toMatchObject({ verdict: "not shown", ratios: [], logRank: [] });
    expect(separation.sentence).toBe(
      "global over local: not comparable, because no cost to target is known for global and local.",
    );
  });

  it("says that strategies without a shared size cannot be compared", () => {
    const separation = separate([
      ...globalRuns.filter((run) => run.size < 4),
      ...localRuns.filter((run) => run.size >= 4),
    ]);
    expect(separation).toMatchObject({ verdict: "not shown", ratios: [] });
    expect(separation.sentence).toContain("no shared size has a solved run of both");
  });

  it("describes who is cheaper at each size by log-rank tests corrected over all pairs", () => {
    const third = localRuns.map((run) => ({ ...run, strategy: "copy" }));
    const comparison = compareStrategies([...globalRuns, ...localRuns, ...third], { costModel: "calls" });
    const [first, , same] = comparison.separations;
    expect(first?.logRank.map((row) => row.size)).toEqual(toEight);
    expect(first?.logRank.at(-1)?.adjustedP).toBeLessThan(0.01);
    for (const { p, adjustedP } of comparison.separations.flatMap((one) => one.logRank)) {
      expect(adjustedP).toBeGreaterThanOrEqual(p);
    }
    for (const { p } of same?.logRank ?? []) expect(p).toBeCloseTo(1, 9);
  });
});
