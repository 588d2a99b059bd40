import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { greedy, type Instance, proposed } from "../../src/core/index.ts";
import { operatorOf, run, sums } from "./fixtures.ts";

/** All offspring of a generation propose the same solution; the later ones reach the evaluator first. */
const sameText = operatorOf("local", async ({ parents, component, rng }) => {
  const [{ candidate }] = parents;
  await sleep(Math.floor(rng() * 20));
  return proposed(new Map([[component, `${Number(candidate.genome[component]?.text) + 1}\n`]]));
});

/** Sums, scored by a promise; screened by the number of components. */
function slowSums(): Instance {
  const instance = sums(1);
  let asked = 0;
  return {
    ...instance,
    screens: [{ evaluate: async (genome) => ({ status: "ok", fitness: genome.length }), atLeast: 1 }],
    evaluate: async (genome) => ({
      status: "ok",
      fitness: Number(genome[0]?.text),
      metrics: { asked: ++asked },
    }),
  };
}

describe("a solution that an earlier candidate of the run had", () => {
  it("is cached for the later candidates in ask order, whichever was evaluated first, at no time", async () => {
    const { candidates } = await run({
      ...{ instance: slowSums(), population: greedy({ offspring: 4 }), operator: sameText },
      ...{ inFlight: 4, stopAfter: 12 },
    });
    const rows = candidates.slice(1, 9);
    expect(rows.map(({ isCached = false }) => isCached)).toEqual([
      false,
      true,
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
    for (const { isCached, evaluationMs, screens } of rows) {
      if (isCached) expect([evaluationMs, screens?.map(({ wallMs }) => wallMs)]).toEqual([0, [0]]);
    }
    // The initial solution and one for each generation.
    expect(rows.map(({ evaluation }) => evaluation)).toMatchObject(
      [2, 2, 2, 2, 3, 3, 3, 3].map((asked) => ({ metrics: { asked } })),
    );
  });

  it("does not count as an evaluation, and the search ends when it brings nothing new any more", async () => {
    const same = operatorOf("local", ({ component }) => proposed(new Map([[component, "1\n"]])));
    const stuck: Instance = { ...slowSums(), evaluate: async () => ({ status: "ok", fitness: 0 }) };
    const { candidates, result } = await run({
      ...{ instance: stuck, operator: same, limits: { evaluations: 3 }, stopAfter: 20_000 },
    });
    expect(result).toMatchObject({
      stopReason: "budget",
      detail: "10000 candidates in a row without a new solution",
    });
    expect(candidates).toHaveLength(10_002);
  });
});
