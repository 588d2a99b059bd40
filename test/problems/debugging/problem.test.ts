import { describe, expect, it } from "vitest";
import { type DebuggingOptions, debugging } from "../../../problems/debugging/problem.ts";
import { repair } from "../../../problems/repair/problem.ts";
import { applyChanges } from "../../../src/core/index.ts";
import { scoreInSandbox } from "../in-sandbox.ts";
import { dataOf, scoreGenome } from "../repair/program.ts";
import { made } from "./fixtures.ts";

describe("debugging", () => {
  it("is the code base of repair, whose tests do not tell which functions fail", async () => {
    const instance = debugging({ bugs: 3 }).instance({ size: 12, seed: 4 });
    const other = repair({ bugs: 3, tellWhich: false }).instance({ size: 12, seed: 4 });
    expect(instance.components).toEqual(other.components);
    expect(instance.layout).toEqual(other.layout);
    expect(instance).toMatchObject({ target: 12, statement: other.statement });
    expect(dataOf(instance)).toEqual(dataOf(other));
    const evaluation = await scoreGenome(instance);
    expect(evaluation).toEqual({
      ...{ status: "ok", fitness: 9, metrics: { passed: 9, failed: 3 } },
      feedback: "9 of 12 functions pass all their unit tests.",
    });
    expect(await scoreInSandbox(instance)).toEqual([evaluation]);
  });

  it("says with each function what it must do", () => {
    for (const { spec } of debugging().instance({ size: 20, seed: 1 }).components)
      expect(spec).toMatch(/^\S[\s\S]*\.\n\nfunction \w+\(.*\)$/);
  });

  it("has k functions for its size with b fixed, and b bugs for its size with k fixed", () => {
    expect(made({ bugs: 3 }, 10, 1)).toMatchObject({ wrong: { length: 3 }, placed: { length: 10 } });
    expect(made({}, 10, 1)).toMatchObject({ wrong: { length: 2 }, placed: { length: 10 } });
    expect(made({ functions: 10 }, 3, 1)).toMatchObject({ wrong: { length: 3 }, placed: { length: 10 } });
    const texts = ({ instance }: ReturnType<typeof made>) => instance.components.map(({ text }) => text);
    expect(texts(made({ functions: 10 }, 3, 1))).toEqual(texts(made({ bugs: 3 }, 10, 1)));
  });

  it("passes one test more, or as many, for each function that is put right in order, and all at the end", async () => {
    for (const [size, bugs, seed] of [
      [16, 16, 1],
      [24, 8, 2],
      [32, 32, 8],
    ] as const) {
      const { instance, wrong } = made({ bugs }, size, seed);
      let genome = instance.components;
      let fitness = -1;
      for (const { component, original } of wrong) {
        genome = applyChanges(genome, new Map([[component, original.source]]));
        const evaluation = await scoreGenome(instance, genome);
        if (evaluation.status !== "ok") throw new Error("expected a score");
        expect(evaluation.fitness).toBeGreaterThanOrEqual(fitness);
        fitness = evaluation.fitness;
      }
      expect(fitness).toBe(size);
    }
  });

  it("checks its options", () => {
    const options = { functions: 10, functionsPerFile: 5, timeoutMs: 900 };
    expect(debugging(options).parameters).toEqual(options);
    expect(debugging().parameters).toEqual({ bugs: 2, functionsPerFile: 20, timeoutMs: 5000 });
    expect(debugging(options).instance({ size: 2, seed: 1 }).evaluate).toMatchObject({ timeoutMs: 900 });
    expect(debugging(options).instance({ size: 2, seed: 1 }).layout).toHaveLength(3);
    const fails =
      (given: DebuggingOptions, size = 4) =>
      () =>
        debugging(given).instance({ size, seed: 1 });
    expect(fails({ bugs: 2, functions: 4 })).toThrow(
      "debugging: bugs or functions can be fixed, got bugs 2 and functions 4; leave out the one that is to be the size",
    );
    expect(fails({ bugs: 5 })).toThrow(
      "debugging: 5 bugs need at least as many functions, got 4; the size is the number of functions",
    );
    expect(fails({ functions: 3 })).toThrow(
      "debugging: 4 bugs need at least as many functions, got 3; the size is the number of bugs",
    );
    expect(fails({ bugs: 0 })).toThrow("debugging: bugs must be a whole number of at least 1, got 0");
    expect(fails({ functions: 0 })).toThrow(
      "debugging: functions must be a whole number of at least 1, got 0",
    );
    expect(fails({ bug: 1 } as never)).toThrow("debugging: option 'bug' is unknown");
    expect(fails({}, 0)).toThrow("debugging: size must be a whole number of at least 1, got 0");
  });
});
