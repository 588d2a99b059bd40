import { describe, expect, it } from "vitest";
import {
  commaSelection,
  greedy,
  islands,
  mapElites,
  novel,
  type Population,
  pareto,
  plusSelection,
  restarting,
  steadyState,
} from "../../src/core/index.ts";
import { plugins } from "../../src/plugins.ts";
import { ContractBreach, populationContract } from "../../src/testing/index.ts";
import { brokenPopulations } from "./broken-populations.ts";

const builtIn: Readonly<Record<string, () => Population>> = {
  ...plugins.populations,
  "greedy with five offspring": () => greedy({ offspring: 5, acceptTies: true }),
  "mu-plus-lambda of two": () => plusSelection({ parents: 2, offspring: 3 }),
  "mu-comma-lambda of two": () => commaSelection({ parents: 2, offspring: 3 }),
  "steady-state by power law": () => steadyState({ size: 5, selection: "power-law" }),
  "steady-state by fitness": () => steadyState({ size: 5, selection: "fitness-proportional" }),
  "map-elites of one cell": () => mapElites({ measures: [{ name: "length", bins: 1 }] }),
  "pareto with samples": () => pareto({ size: 20, sample: 4 }),
  "islands of generations": () => islands(plusSelection({ parents: 2, offspring: 3 }), { migrateEvery: 5 }),
  "islands that are reset": () =>
    islands(mapElites(), { count: 3, migrateEvery: 2, migrants: 3, topology: "random", resetEvery: 3 }),
  "islands of islands": () => islands(islands(greedy(), { count: 2, migrateEvery: 3 }), { migrateEvery: 1 }),
  restarting: () => restarting(greedy({ offspring: 3 }), { after: 20 }),
  novel: () => novel(steadyState({ size: 5 }), { minDistance: 0.3 }),
  "novel, restarting islands": () => novel(restarting(islands(pareto({ size: 5 })), { after: 30 })),
};

describe.each(Object.entries(builtIn))("%s", (_name, make) => {
  for (const { name, run } of populationContract(make)) it(name, run);
});

describe("populations that read metrics", () => {
  const metrics = ["speed", "memory"];
  const measures = metrics.map((name) => ({ name, low: 0, high: 1, bins: 4 }));
  for (const { name, run } of populationContract(() => mapElites({ measures }), { metrics }))
    it(`map-elites ${name}`, run);
  const goals = { speed: "max", memory: "min" } as const;
  for (const { name, run } of populationContract(() => pareto({ metrics: goals }), { metrics }))
    it(`pareto ${name}`, run);
});

describe("the contract of populations", () => {
  it.each(Object.entries(brokenPopulations))("tells of one that %s", async (_what, [make, check]) => {
    const broken = populationContract(make).find(({ name }) => name === check);
    const error = await broken?.run().then(
      () => "it passes",
      (reason: unknown) => reason,
    );
    if (error instanceof ContractBreach) expect(error.message).toMatch(/^expected .+, got /s);
    else expect(error).toEqual(new Error("too many")); // what a population throws is shown as it is
  });

  it("has no check that cannot fail, and none twice", () => {
    const names = populationContract(greedy).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(Object.values(brokenPopulations).map(([, check]) => check))).toEqual(new Set(names));
  });
});
