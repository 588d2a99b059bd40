import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { type CostModel, compareStrategies, holdsClass, type RunRow } from "../../src/analysis/index.ts";
import {
  constant,
  equalCost,
  geo6,
  geo8,
  global,
  runRow,
  sequential,
  simulateRuns,
  toEight,
  uniform,
} from "./simulate.ts";

function growthOf(runs: readonly RunRow[], costModel: CostModel = "calls") {
  const [strategy] = compareStrategies(runs, { costModel }).strategies;
  if (!strategy) throw new Error("expected a strategy");
  return strategy.growth;
}

const globalRuns = simulateRuns({
  strategy: "global",
  sampler: global,
  sizes: toEight,
  seeds: equalCost,
  randomSeed: "global",
});
const localRuns = simulateRuns({
  strategy: "local",
  sampler: sequential,
  sizes: geo6,
  seeds: () => 20,
  randomSeed: "local",
});

describe("the growth class of calls", () => {
  it("of global mutation is conclusively exponential with base 2", () => {
    const growth = growthOf(globalRuns);
    expect(growth).toMatchObject({
      verdict: "conclusive",
      class: "b^k",
      holds: ["2^k"],
      reasons: [],
      sizeRange: { low: 1, high: 8 },
    });
    expect(holdsClass(growth, "2^k")).toBe(true);
    expect(holdsClass(growth, "3^k")).toBe(false);
    expect(holdsClass(growth, "1.5^k")).toBe(false);
    expect(holdsClass(growth, "k^2")).toBe(false);
    expect(growth.exponentialWeight).toBeGreaterThan(0.99);
    expect(growth.label).toMatch(/^b\^k with b = [\d.]+ \[1\.\d+, 2(\.\d+)?\]$/);
  });

  it("of local mutation in sequence is conclusively linear, with a local exponent of 1", () => {
    const growth = growthOf(localRuns);
    expect(growth).toMatchObject({
      verdict: "conclusive",
      class: "k",
      label: "k",
      base: undefined,
      holds: [],
    });
    expect(growth.localExponent?.low).toBeLessThan(1);
    expect(growth.localExponent?.high).toBeGreaterThan(1);
    // Half-width 0.04 at 20 seeds is typical.
    expect((growth.localExponent?.high ?? 9) - (growth.localExponent?.low ?? 0)).toBeLessThan(0.16);
  });

  it("of local mutation at random blocks is conclusively k log k", () => {
    const runs = simulateRuns({
      strategy: "u",
      sampler: uniform,
      sizes: geo8,
      seeds: () => 20,
      randomSeed: "u",
    });
    expect(growthOf(runs)).toMatchObject({ verdict: "conclusive", class: "k log k" });
  });

  it("of a strategy that does not depend on size is conclusively constant", () => {
    const runs = simulateRuns({
      strategy: "c",
      sampler: constant,
      sizes: geo6,
      seeds: () => 20,
      randomSeed: "c",
    });
    expect(growthOf(runs)).toMatchObject({ verdict: "conclusive", class: "1" });
  });

  it("is the truth behind a budget that 90 % of the runs at the largest size exceed", () => {
    const runs = simulateRuns({
      strategy: "u",
      sampler: uniform,
      sizes: geo6,
      seeds: () => 40,
      cap: 450,
      randomSeed: "capped",
    });
    const growth = growthOf(runs);
    expect(growth).toMatchObject({ verdict: "conclusive", class: "k log k" });
    const [strategy] = compareStrategies(runs, { costModel: "calls" }).strategies;
    const last = strategy?.sizes.at(-1);
    expect(last?.successRate).toBeLessThan(0.3);
    // The exact mean is 2 k H_k = 607.2; the interval from censored runs holds it, above every observed cost.
    expect(last?.cost?.low).toBeLessThan(607.2);
    expect(last?.cost?.high).toBeGreaterThan(607.2);
    expect(last?.quantiles.median).toBeUndefined();
  });

  it("is lost when the sizes are shuffled among the runs, so the verdict can fail", () => {
    // Each run keeps its cost but takes the size of another.
    const shuffled = (runs: readonly RunRow[]) => {
      const random = seedrandom.alea("shuffle");
      const order = runs
        .map((run) => ({ size: run.size, at: random() }))
        .sort((one, other) => one.at - other.at);
      return runs.map((run, i) => ({ ...run, size: order[i]?.size ?? 1 }));
    };
    const local = growthOf(shuffled(localRuns));
    expect(holdsClass(local, "k")).toBe(false);
    expect(local.localExponent?.high).toBeLessThan(0.5);
    const everywhere = growthOf(shuffled(globalRuns));
    expect(holdsClass(everywhere, "2^k")).toBe(false);
    expect(everywhere.localExponent?.high).toBeLessThan(1);
  });

  it("of a deterministic strategy is exact", () => {
    const runs = geo6.flatMap((size) =>
      [0, 1, 2].map((seed) => runRow({ strategy: "d", size, seed, calls: 3 * size })),
    );
    const growth = growthOf(runs);
    expect(growth).toMatchObject({ verdict: "conclusive", class: "k" });
    expect(growth.fitted.at(-1)?.mean).toBeCloseTo(192, 3);
  });

  it("rests on the mean, so fitted means come close to the exact ones", () => {
    // Fitted with 20 seeds at six sizes, a line in k is known to about 1 / sqrt(2 * sum of k * 20) < 2 %.
    for (const { size, mean } of growthOf(localRuns).fitted)
      expect(Math.abs(mean / (2 * size) - 1)).toBeLessThan(0.06);
  });
});

describe("the growth class of a total cost", () => {
  const promptTokens = 1000;
  const overhead = simulateRuns({
    strategy: "global",
    sampler: global,
    sizes: toEight,
    seeds: equalCost,
    tokens: (k) => ({ input: promptTokens + 50 * k, output: 50 * k }),
    randomSeed: "overhead",
  });

  it("is found beneath a prompt constant by multiplying calls with tokens", () => {
    const growth = growthOf(overhead, "primitives");
    expect(growth).toMatchObject({ verdict: "conclusive", class: "b^k k^2" });
    expect(holdsClass(growth, "2^k k^2")).toBe(true);
    expect(growth.roles[0]).toMatchObject({
      costDegree: 2,
      inputTokens: { degree: 1 },
      outputTokens: { degree: 1 },
    });
    // 400 of 1400 prompt tokens depend on k at k = 8.
    expect(growth.roles[0]?.inputTokens.leadShare).toBeCloseTo(400 / 1400, 3);
    expect(growth.warnings.join()).toContain("only 29 % of the input tokens per call at k = 8");
  });

  it("depends on the cost model", () => {
    const classes = (["calls", "linear", "primitives"] as const).map(
      (model) => growthOf(overhead, model).class,
    );
    expect(classes).toEqual(["b^k", "b^k k", "b^k k^2"]);
  });

  it("is that of the fastest growing role, even where that role is cheap at every measured size", () => {
    // Table 1 of the paper, focused debugging at fixed b: k calls of QA at k l, a few costly ones of a developer.
    const debugging = simulateRuns({
      strategy: "focused",
      sampler: (_, random) => constant(1, random) + constant(1, random) + constant(1, random),
      sizes: [2, 4, 8, 16, 32],
      seeds: () => 20,
      tokens: () => ({ input: 500, output: 500 }),
      randomSeed: "debugging",
    }).map((run) => {
      const qa = runRow({
        strategy: "focused",
        size: run.size,
        calls: run.size,
        input: 50,
        output: 1,
        role: "qa",
      });
      return { ...run, roles: [...run.roles, ...qa.roles] };
    });
    const growth = growthOf(debugging, "primitives");
    expect(growth.roles.map(({ role, class: name }) => [role, name])).toEqual([
      ["mutator", "1"],
      ["qa", "k"],
    ]);
    expect(growth).toMatchObject({ verdict: "conclusive", class: "k", dominantRole: "qa" });
    expect(growth.plausible.map((one) => one.class)).toEqual(["k"]);
  });

  it("is that of the role with the larger base when two roles are exponential", () => {
    const runs = globalRuns.map((run, i) => {
      const random = seedrandom.alea(`judge ${i}`);
      const calls = global(run.size * Math.log2(3), random);
      const mutator = runRow({ ...run, calls: run.applications, input: 50 * run.size });
      const judge = runRow({ ...run, calls, role: "judge" });
      return { ...mutator, roles: [...mutator.roles, ...judge.roles] };
    });
    const growth = growthOf(runs, "primitives");
    expect(growth.roles.map((role) => role.class)).toEqual(["b^k k", "b^k"]);
    expect(growth).toMatchObject({ class: "b^k", dominantRole: "judge" });
    expect(holdsClass(growth, "3^k")).toBe(true);
  });

  it("counts input tokens that grow while the output stays short", () => {
    // One block is rewritten at a time, but the prompt shows all of them.
    const reading = simulateRuns({
      strategy: "reading",
      sampler: sequential,
      sizes: geo6,
      seeds: () => 20,
      tokens: (k) => ({ input: 50 * k, output: 50 }),
      randomSeed: "local",
    });
    const classes = (["calls", "linear", "primitives"] as const).map(
      (model) => growthOf(reading, model).class,
    );
    expect(classes).toEqual(["k", "k^2", "k^2"]);
  });

  it("multiplies in a model size that grows with the problem", () => {
    const routing = localRuns.map((run) => ({
      ...run,
      roles: run.roles.map((role) => ({
        ...role,
        modelSize: run.size,
        primitiveCost: role.primitiveCost * run.size,
      })),
    }));
    expect(growthOf(routing, "primitives")).toMatchObject({ verdict: "conclusive", class: "k^2" });
    expect(growthOf(routing, "linear").class).toBe("k^2");
    expect(growthOf(routing, "calls").class).toBe("k");
  });

  it("is reported with fitted means that add up the roles", () => {
    const [first] = compareStrategies(overhead, { costModel: "primitives" }).strategies;
    for (const [i, { size, mean }] of (first?.growth.fitted ?? []).entries()) {
      expect(first?.sizes[i]?.size).toBe(size);
      // Base and factor are known to a few percent each; the measured mean at k = 8 to 1 / sqrt(10).
      expect(Math.abs(Math.log(mean / (first?.sizes[i]?.cost?.mean ?? 0)))).toBeLessThan(1);
    }
    expect(first?.growth.fitted).toHaveLength(8);
  });
});

describe("verdicts that are not conclusive", () => {
  it("name the open classes, the settled kind, and what to add", () => {
    const few = simulateRuns({
      strategy: "g",
      sampler: global,
      sizes: toEight,
      seeds: () => 5,
      randomSeed: "few",
    });
    const growth = growthOf(few);
    expect(growth.verdict).toBe("inconclusive");
    expect(growth.plausible.length).toBeGreaterThan(1);
    expect(growth.reasons.join()).toMatch(/inconclusive between \{.*b\^k.*\} \(weight of .* 0\.\d\d\)/);
  });

  it("ask for more sizes when there are fewer than five", () => {
    const growth = growthOf(localRuns.filter((run) => run.size <= 16));
    expect(growth.verdict).toBe("inconclusive");
    expect(growth.class).toBeDefined();
    expect(growth.reasons[0]).toMatch(
      /^4 sizes have a solved run and at least 3 runs; a growth class needs 5/,
    );
  });

  it("give a lower bound only when the largest sizes are almost never solved", () => {
    const runs = simulateRuns({
      strategy: "g",
      sampler: global,
      sizes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      seeds: () => 20,
      cap: 64,
      randomSeed: "lower",
    });
    const growth = growthOf(runs);
    expect(growth.verdict).toBe("lower bound only");
    expect(growth.reasons[0]).toMatch(/^\d+ % of the runs at k = 9 and 10 missed the target/);
  });

  it("report a regime change as a lack of fit or a failed prediction", () => {
    const trap = localRuns.map((run) => (run.size < 32 ? run : scaled(run, 6)));
    const growth = growthOf(trap);
    expect(growth.verdict).toBe("inconclusive");
    expect(growth.reasons.join(" ")).toMatch(
      /no candidate class fits \(lack-of-fit p = .*largest misfit at k = /,
    );
    expect(growth.reasons.join(" ")).toMatch(
      /under-estimates k = \d+ \(predicted .* observed .*do not extrapolate/,
    );
  });

  it("say that prices are unknown, or that all calls were free", () => {
    const unknown = growthOf(localRuns, "usd");
    expect(unknown).toMatchObject({ verdict: "inconclusive", class: undefined, fitted: [], plausible: [] });
    expect(unknown.reasons).toEqual([
      "the price in US dollars is unknown for 120 of 120 runs: declare the prices of the models or compare under another cost model",
    ]);
    expect(growthOf(priced(localRuns, 0), "usd").reasons).toEqual([
      "every call was free, so there is no cost to grow",
    ]);
    expect(growthOf(priced(localRuns, 0.002), "usd")).toMatchObject({ verdict: "conclusive", class: "k" });
  });

  it("count a run without any call as one call, and say so", () => {
    const runs = localRuns.map((run, i) => (i % 20 === 0 && run.size === 2 ? scaled(run, 0) : run));
    expect(growthOf(runs).warnings).toContain("1 solved run made no call and counts as one call");
    expect(growthOf(runs).class).toBe("k");
  });

  it("say when no model call was recorded", () => {
    expect(growthOf(localRuns.map((run) => ({ ...run, roles: [] }))).reasons).toEqual([
      "no model call was recorded, so there is no cost to grow",
    ]);
  });

  it("warn of slow exponentials on a short range and of heavy tails", () => {
    const short = simulateRuns({
      strategy: "s",
      sampler: sequential,
      sizes: toEight,
      seeds: () => 20,
      randomSeed: "s",
    });
    // 2^(1/7) = 1.104
    expect(growthOf(short).warnings).toContain(
      "slow exponential growth, with b <= 1.10, cannot be excluded below k = 8",
    );
    const tails = localRuns.map((run, i) => (i % 20 === 5 ? scaled(run, 40) : run));
    expect(growthOf(tails).warnings.join()).toContain("heavy tailed");
  });
});

function scaled(run: RunRow, factor: number): RunRow {
  return runRow({ ...run, calls: run.applications * factor });
}

function priced(runs: readonly RunRow[], usdPerCall: number): RunRow[] {
  return runs.map((run) => runRow({ ...run, calls: run.applications, usd: run.applications * usdPerCall }));
}
