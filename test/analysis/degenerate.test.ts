import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CostModel, compareStrategies, type RunRow } from "../../src/analysis/index.ts";

const costModels: readonly CostModel[] = ["primitives", "linear", "calls", "usd"];
const amount = fc.oneof(fc.nat(3), fc.nat(500), fc.constant(7), fc.constant(1e9));

const role = fc.record({
  role: fc.constantFrom("mutator", "judge"),
  calls: amount,
  inputTokens: amount,
  outputTokens: amount,
  modelSize: fc.constantFrom(0, 1, 8, 70),
  primitiveCost: amount,
  linearCost: amount,
  usd: fc.oneof(
    { weight: 5, arbitrary: fc.double({ min: 0, max: 9, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
});

const run: fc.Arbitrary<RunRow> = fc.record({
  strategy: fc.constantFrom("a", "b"),
  size: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(1, 64, 1000, 2.5)),
  seed: fc.nat(9),
  isSolved: fc.boolean(),
  applications: amount,
  criticalPathCost: amount,
  roles: fc.uniqueArray(role, { selector: (one) => one.role, maxLength: 2 }),
});

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(numbersIn);
}

function expectPlain(runs: readonly RunRow[], costModel: CostModel): void {
  const comparison = compareStrategies(runs, {
    costModel,
    theory: [{ strategy: "a", size: 2, applications: 4, primitiveCost: undefined }],
  });
  expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  expect(numbersIn(comparison).filter((value) => !Number.isFinite(value))).toEqual([]);
  for (const { growth } of comparison.strategies) {
    expect(growth.reasons.length > 0).toBe(growth.verdict !== "conclusive");
    if (growth.class !== undefined) expect(growth.plausible[0]?.class).toBe(growth.class);
  }
  const { strategies, ranking, recommendation } = comparison;
  expect(ranking?.rows.length ?? 0).toBe(strategies.length);
  expect([0, 1, 2, 3].slice(strategies.length === 0 ? 0 : 1)).toContain(recommendation.length);
  for (const sentence of recommendation) expect(sentence).toMatch(/^[A-Za-z].*\.$/);
}

describe("any rows", () => {
  it("give finite numbers that survive JSON, and a reason for every verdict that is not conclusive", () => {
    fc.assert(fc.property(fc.array(run, { maxLength: 40 }), fc.constantFrom(...costModels), expectPlain), {
      seed: 11,
      numRuns: 150,
    });
  });

  it("do so when sizes are replicated, so that classes are compared", () => {
    // The same few runs at six sizes, in every mixture of solved and censored.
    const group = fc.array(run, { minLength: 2, maxLength: 5 });
    const replicated = fc
      .array(group, { minLength: 4, maxLength: 7 })
      .map((groups) =>
        groups.flatMap((members, i) => members.map((one) => ({ ...one, size: 2 ** i, strategy: "a" }))),
      );
    fc.assert(fc.property(replicated, fc.constantFrom(...costModels), expectPlain), {
      seed: 12,
      numRuns: 40,
    });
  });

  it("of no runs give an empty comparison", () => {
    expect(compareStrategies([], { costModel: "calls" })).toEqual({
      costModel: "calls",
      ignoredRuns: 0,
      strategies: [],
      separations: [],
      ranking: undefined,
      ecdf: [],
      recommendation: [],
    });
  });
});

describe("rows of one kind", () => {
  const sizes = [1, 2, 4, 8, 16, 32];
  const rows = (make: (size: number, seed: number) => { calls: number; isSolved?: boolean }, seeds = 3) =>
    ["a", "b"].flatMap((strategy) =>
      sizes.flatMap((size) =>
        Array.from({ length: seeds }, (_, seed): RunRow => {
          const { calls, isSolved = true } = make(size, seed);
          const cost = {
            inputTokens: calls,
            outputTokens: calls,
            modelSize: 1,
            primitiveCost: calls,
            linearCost: calls,
          };
          const roles = [{ role: "mutator", calls, ...cost, usd: calls }];
          return { strategy, size, seed, isSolved, applications: calls, criticalPathCost: calls, roles };
        }),
      ),
    );

  for (const [name, runs] of [
    ["constant cost", rows(() => ({ calls: 5 }))],
    ["deterministic cost", rows((size) => ({ calls: size * size }))],
    ["one seed each", rows((size) => ({ calls: 3 * size }), 1)],
    ["nothing solved", rows(() => ({ calls: 9, isSolved: false }))],
    ["nothing spent", rows(() => ({ calls: 0 }))],
    ["nothing spent and nothing solved", rows(() => ({ calls: 0, isSolved: false }))],
    ["only the smallest size solved", rows((size, seed) => ({ calls: 5 + seed, isSolved: size === 1 }))],
    ["one run solved a size", rows((size, seed) => ({ calls: 5 * size, isSolved: seed === 0 }))],
    [
      "deterministic, censored below the mean",
      rows((size, seed) => ({ calls: seed === 0 ? size : 5 * size, isSolved: seed > 0 })),
    ],
    ["enormous cost", rows((size, seed) => ({ calls: 1e15 * size + seed }))],
    ["super-exponential cost", rows((size, seed) => ({ calls: Math.min(1e200, size ** size * (1 + seed)) }))],
    ["falling cost", rows((size, seed) => ({ calls: Math.ceil(1000 / size) + seed }))],
  ] as const) {
    it(`(${name}) give plain finite results`, () => {
      for (const costModel of costModels) expectPlain(runs, costModel);
    });
  }

  it("of one size give a table and no class", () => {
    const comparison = compareStrategies(
      rows(() => ({ calls: 4 })).filter((one) => one.size === 8),
      { costModel: "calls" },
    );
    expect(comparison.strategies[0]?.sizes).toHaveLength(1);
    expect(comparison.strategies[0]?.growth).toMatchObject({ verdict: "inconclusive", class: undefined });
  });
});
