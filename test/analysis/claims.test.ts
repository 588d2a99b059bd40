import { describe, expect, it } from "vitest";
import { type ClaimToCheck, checkClaim, type RunRow } from "../../src/analysis/index.ts";
import { constant, equalCost, geo6, global, runRow, sequential, simulateRuns, toEight } from "./simulate.ts";

const claim: ClaimToCheck = { optimistic: "above", optimized: "below", improvement: "k", exact: [] };
const seeds = [1, 2, 3];

/** A role whose calls all cost m (t n + t (t - 1) / 2), Def. 2.2. */
function role(name: string, calls: number, [modelSize, input, output]: readonly [number, number, number]) {
  return {
    ...{ role: name, calls, inputTokens: calls * input, outputTokens: calls * output, modelSize },
    primitiveCost: calls * modelSize * (output * input + (output * (output - 1)) / 2),
    linearCost: calls * modelSize * (input + output),
    usd: undefined,
  };
}

function rows(strategy: string, sizes: readonly number[], roles: (k: number) => RunRow["roles"]): RunRow[] {
  const row = { strategy, isSolved: true, applications: 1, criticalPathCost: 1 };
  return sizes.flatMap((size) => seeds.map((seed) => ({ ...row, size, seed, roles: roles(size) })));
}

const globalRuns = simulateRuns({
  ...{ strategy: "above", sampler: global, sizes: toEight, seeds: equalCost, randomSeed: "claims 1" },
  tokens: (k) => ({ input: 50 * k, output: 50 * k }),
});
const localRuns = simulateRuns({
  ...{ strategy: "below", sampler: sequential, sizes: [...toEight, 16, 32, 64] },
  ...{ seeds: () => 20, randomSeed: "claims 2" },
});
const evolution = [...globalRuns, ...localRuns];

describe("a claim on runs that all cost the same", () => {
  // Routing, equations (1) to (3): 64 queries at every size, a generalist of size k, a delegator that reads 20 tokens.
  const stream = Array.from({ length: 21 }, (_, i) => 3 * i + 3);
  const routing = [
    ...rows("above", stream, (k) => [role("generalist", 64, [k, 110, 3])]),
    ...rows("below", stream, () => [role("delegator", 64, [1, 20, 2]), role("specialist", 64, [1, 110, 3])]),
  ];
  const exact = stream.map((k) => ({ size: k, ratio: (k * 333) / (41 + 333) }));

  it("is held with the exact ratio at every size, and deviates from a wrong one by as much as that is wrong", () => {
    const checked = checkClaim(routing, { ...claim, exact }, "primitives");
    expect(checked).toMatchObject({ verdict: "held", reasons: [], ratioClass: "k", base: undefined });
    expect(checked.slope?.value).toBeCloseTo(1, 6);
    expect(checked.rows.map(({ size }) => size)).toEqual(stream);
    for (const { ratio, exact: theory, deviation } of checked.rows) {
      expect(ratio / (theory ?? 0)).toBeCloseTo(1, 9);
      expect(deviation).toBeCloseTo(0, 9);
    }
    const wrong = exact.map(({ size, ratio }) => ({ size, ratio: size === 9 ? ratio / 0.8 : ratio }));
    const { worst } = checkClaim(routing, { ...claim, exact: wrong }, "primitives");
    expect(worst?.size).toBe(9);
    expect(worst?.deviation).toBeCloseTo(-0.2, 9);
    expect(JSON.parse(JSON.stringify(checked))).toEqual(checked);
  });

  it("is open where the ratio goes as claimed, and only a role that costs little says otherwise", () => {
    // In normal prompts the delegator's list of specialists grows with k: 20 + 2 k tokens against 1100.
    const listed = [
      ...rows("above", stream, (k) => [role("generalist", 64, [k, 1100, 3])]),
      ...rows("below", stream, (k) => [
        role("delegator", 64, [1, 20 + 2 * k, 2]),
        role("specialist", 64, [1, 1100, 3]),
      ]),
    ];
    const checked = checkClaim(listed, claim, "primitives");
    expect(checked).toMatchObject({ verdict: "open", ratioClass: "1" });
    expect(checked.reasons[0]).toMatch(
      /^the ratio goes as k\^0\.9\d* .* as claimed, but the fastest growing roles/,
    );
    const constant = checkClaim(listed, { ...claim, improvement: "1" }, "primitives");
    expect(constant).toMatchObject({ verdict: "open" }); // since it still changes
  });

  it("is not held where another class is conclusive, and open under a cost that is not known", () => {
    const square = checkClaim(routing, { ...claim, improvement: "k^2" }, "primitives");
    expect([square.verdict, square.reasons]).toEqual([
      "not held",
      ["the classes of both strategies give a ratio of Θ(k)"],
    ]);
    expect(checkClaim(routing, claim, "calls")).toMatchObject({ verdict: "not held", ratioClass: "1" });
    const one = { ...claim, improvement: "1" };
    expect(checkClaim(routing, one, "calls")).toMatchObject({ verdict: "held", reasons: [] });
    const priceless = checkClaim(routing, claim, "usd");
    expect(priceless).toMatchObject({ verdict: "open", rows: [], worst: undefined, ratioClass: undefined });
    expect(priceless.reasons[0]).toMatch(/^above: the price in US dollars is unknown for 63 of 63 runs/);
  });

  it("is open where the model grows as a root: the ratio does as well, whatever class the sizes are near", () => {
    const root = rows("above", stream, (k) => [role("generalist", 64, [Math.sqrt(k), 110, 3])]);
    const below = routing.filter(({ strategy }) => strategy === "below");
    const checked = checkClaim([...root, ...below], claim, "primitives");
    expect(checked.verdict).toBe("open");
    expect(checked.reasons).toEqual([
      "above: the size of the model grows more slowly than a power of k, so that the class is an upper bound at best",
    ]);
  });

  it("of a constant factor is open while the ratio falls, though the classes are the same", () => {
    const sizes = [1, 2, 4, 8, 16, 32];
    const calls = (strategy: string, first: number) =>
      rows(strategy, sizes, (k) => [role("mutator", k + first, [1, 10, 10])]);
    const one = { ...claim, improvement: "1" };
    const falling = checkClaim([...calls("above", 8), ...calls("below", 0)], one, "calls");
    expect([falling.verdict, falling.ratioClass]).toEqual(["open", "1"]);
    expect(falling.reasons[0]).toMatch(
      /^the ratio still changes on the sizes measured \(as a power of k: k\^-0/,
    );
    const near = checkClaim([...calls("above", 0.1), ...calls("below", 0)], one, "calls");
    expect(near.slope?.high).toBeLessThan(0);
    expect(near.verdict).toBe("held");
  });

  it("holds of a ratio that falls as well", () => {
    const turned = { ...claim, optimistic: "below", optimized: "above", improvement: "1 / k" };
    expect(checkClaim(routing, turned, "primitives")).toMatchObject({ verdict: "held", ratioClass: "1 / k" });
  });

  // Debugging, equations (5) and (9): for each of b bugs the developer reads all that was said and writes n tokens,
  // against one function of l = 70 tokens.
  const conversation = (k: number, b: number) => {
    const n = 70 * k;
    return [role("qa", b + 1, [1, n * (b / 2 + 1), 3]), role("developer", b, [10, (n * (b + 1)) / 2, n])];
  };
  const focused = (k: number, b: number) => [role("qa", k, [1, 70, 2]), role("developer", b, [10, 73, 70])];

  it("counts the calls of one role alone: k^2 in the functions at fixed bugs, k in the bugs at fixed functions", () => {
    const developer = { ...claim, improvement: "k^2", role: "developer" };
    const functions = [8, 12, 16, 24, 32, 48];
    const byFunctions = [
      ...rows("above", functions, (k) => conversation(k, 4)),
      ...rows("below", functions, (k) => focused(k, 4)),
    ];
    const checked = checkClaim(byFunctions, developer, "primitives");
    expect(checked).toMatchObject({ verdict: "held", ratioClass: "k^2" });
    // Of all roles, quality assurance outgrows the focused developer: one call for each function.
    expect(checkClaim(byFunctions, claim, "primitives")).toMatchObject({ verdict: "held", ratioClass: "k" });

    const bugs = [1, 2, 4, 8, 16];
    const byBugs = [
      ...rows("above", bugs, (b) => conversation(32, b)),
      ...rows("below", bugs, (b) => focused(32, b)),
    ];
    const inBugs = checkClaim(byBugs, { ...claim, role: "developer" }, "primitives");
    expect(inBugs).toMatchObject({ verdict: "held", ratioClass: "k" });
    // (b + 1) / 2 histories grow more slowly than b at first: the class is not the power of the range.
    expect(inBugs.slope?.high).toBeLessThan(1);
  });
});

describe("a claim of an exponential", () => {
  it("is held if the base of the ratio holds the one claimed, equation (14)", () => {
    const checked = checkClaim(evolution, { ...claim, improvement: "2^k k" }, "primitives");
    expect(checked).toMatchObject({ verdict: "held", ratioClass: "b^k k", isRatioClassConclusive: true });
    expect(checked.base?.low).toBeLessThan(2);
    expect(checked.base?.high).toBeGreaterThan(2);
    expect(checkClaim(evolution, { ...claim, improvement: "b^k k" }, "primitives").verdict).toBe("held");
  });

  it("is not held with another base, another factor, or none", () => {
    const verdicts = ["3^k k", "2^k", "k^2"].map((improvement) => {
      const { verdict, reasons } = checkClaim(evolution, { ...claim, improvement }, "primitives");
      return [verdict, reasons.join()];
    });
    expect(verdicts).toEqual([
      ["not held", expect.stringMatching(/^the base of the ratio is .*, which does not hold 3$/)],
      ["not held", "the classes of both strategies give a ratio of Θ(b^k k)"],
      ["not held", "the classes of both strategies give a ratio of Θ(b^k k)"],
    ]);
  });
});

describe("a claim that the runs do not settle", () => {
  const open = (runs: readonly RunRow[], more: Partial<ClaimToCheck> = {}) => {
    const { verdict, reasons, isRatioClassConclusive } = checkClaim(
      runs,
      { ...claim, ...more },
      "primitives",
    );
    expect([verdict, isRatioClassConclusive]).toEqual(["open", false]);
    return reasons.join("; ");
  };

  it("is open, with the reasons of the strategy that is inconclusive", () => {
    const few = globalRuns.filter(({ size }) => size > 4);
    const reasons = open([...few, ...localRuns], { improvement: "2^k k" });
    expect(reasons).toMatch(/^above: 4 sizes have a solved run and at least 3 runs; a growth class needs 5/);
    expect(reasons).not.toContain("below:");
  });

  it("is open where a strategy was not run, or a role made no call", () => {
    expect(open(globalRuns)).toBe("below was not run");
    expect(open(evolution, { role: "judge" })).toBe(
      "role judge made no call in above; role judge made no call in below",
    );
  });

  it("is open where no size has solved runs of both, though each class is known", () => {
    const sizes = [1, 2, 4, 8, 16, 32];
    const linear = (strategy: string, size: number) =>
      [9, 10, 11].map((calls, seed) => runRow({ strategy, size, seed, calls: calls * size }));
    const apart = [
      ...sizes.flatMap((size) => linear("above", size)),
      ...sizes.flatMap((size) => linear("below", 3 * size + 30)),
    ];
    const checked = checkClaim(apart, { ...claim, improvement: "1" }, "calls");
    expect([checked.verdict, checked.rows]).toEqual(["open", []]);
    expect(checked.reasons.join()).toContain("no size has a solved run of both strategies");
  });

  it("is open where the classes say that the ratio grows, and the sizes do not show it", () => {
    // Two calls on average at every size; the model of one grows by a hundredth with each k.
    const noisy = (strategy: string, modelSize: (k: number) => number) =>
      simulateRuns({
        ...{ strategy, sampler: constant, sizes: geo6, seeds: () => 10, randomSeed: `noisy ${strategy}` },
      }).map(
        (run): RunRow => ({
          ...run,
          roles: [role("mutator", run.applications, [modelSize(run.size), 10, 10])],
        }),
      );
    const checked = checkClaim(
      [...noisy("above", (k) => 1 + k / 100), ...noisy("below", () => 1)],
      claim,
      "primitives",
    );
    expect([checked.verdict, checked.ratioClass]).toEqual(["open", "k"]);
    expect(checked.reasons[0]).toMatch(
      /^the ratio is not shown to grow on the sizes measured \(as a power of k/,
    );
  });
});
