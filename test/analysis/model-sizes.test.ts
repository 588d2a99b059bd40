import { describe, expect, it } from "vitest";
import { modelSizes, type RunRow } from "../../src/analysis/index.ts";
import { runRow } from "./simulate.ts";

/** A run whose roles make calls of 50 tokens in and out, with models of these sizes: 3725 m a call. */
function run(
  strategy: string,
  size: number,
  roles: Record<string, { calls: number; m: number }>,
  isSolved = true,
) {
  const row = runRow({ strategy, size, calls: 1, isSolved });
  const made = Object.entries(roles).map(([role, { calls, m }]) => {
    const [one] = runRow({ strategy, size, calls, role }).roles;
    return { ...one!, modelSize: m, primitiveCost: m * one!.primitiveCost };
  });
  return { ...row, roles: made } satisfies RunRow;
}
const call = 3725;

describe("one model for all roles", () => {
  it("costs what the calls cost with the largest model of the campaign, at the largest size that all have solved", () => {
    const runs = [
      run("split", 4, { qa: { calls: 8, m: 1 }, developer: { calls: 2, m: 10 } }),
      run("split", 4, { qa: { calls: 4, m: 1 }, developer: { calls: 2, m: 10 } }),
      run("split", 8, { qa: { calls: 99, m: 1 }, developer: { calls: 9, m: 10 } }),
      run("small", 4, { qa: { calls: 1, m: 1 }, developer: { calls: 1, m: 2 } }),
      run("large", 4, { qa: { calls: 3, m: 10 }, developer: { calls: 3, m: 10 } }),
      run("alone", 4, { mutator: { calls: 3, m: 1 } }),
      run("never", 4, { qa: { calls: 3, m: 500 } }, false),
    ];
    expect(modelSizes(runs)).toEqual({
      ...{ size: 4, largest: 10 },
      rows: [
        {
          strategy: "split",
          roles: [
            { role: "qa", modelSize: 1, cost: 6 * call },
            { role: "developer", modelSize: 10, cost: 20 * call },
          ],
          ...{ cost: 26 * call, oneModelCost: 80 * call },
        },
        {
          strategy: "small",
          roles: [
            { role: "qa", modelSize: 1, cost: call },
            { role: "developer", modelSize: 2, cost: 2 * call },
          ],
          ...{ cost: 3 * call, oneModelCost: 20 * call },
        },
      ],
    });
  });

  it("is no question where all have the same size, one role, or nothing was solved", () => {
    const same = { qa: { calls: 1, m: 3 }, developer: { calls: 1, m: 3 } };
    expect(modelSizes([run("a", 2, same)])).toBeUndefined();
    expect(
      modelSizes([run("a", 2, { qa: { calls: 1, m: 1 } }), run("b", 2, { qa: { calls: 1, m: 9 } })]),
    ).toBeUndefined();
    expect(
      modelSizes([run("a", 2, { qa: { calls: 1, m: 1 }, developer: { calls: 1, m: 9 } }, false)]),
    ).toBeUndefined();
    expect(modelSizes([])).toBeUndefined();
    const silent = run("a", 2, { qa: { calls: 1, m: 1 }, developer: { calls: 1, m: 9 } });
    const free = { ...silent, roles: silent.roles.map((role) => ({ ...role, primitiveCost: 0 })) };
    expect(modelSizes([free])).toBeUndefined();
  });
});
