import { describe, expect, it } from "vitest";
import { makeCodeBase } from "../../../problems/repair/code-base.ts";
import { type RepairOptions, repair } from "../../../problems/repair/problem.ts";
import { neededBy } from "../../../problems/repair/trusted.ts";
import { applyChanges, composeFiles, type Instance } from "../../../src/core/index.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";
import { dataOf, scoreGenome } from "./program.ts";

const make = (size: number, seed = 1, options: RepairOptions = {}) =>
  repair(options).instance({ size, seed });

/** What an instance is, without its functions. */
const plain = ({ accept: _accept, ...instance }: Instance) => instance;

/** The code base that an instance of the default options is made from. */
const codeBaseOf = (size: number, seed: number, bugCount = Math.max(1, Math.round(size / 4))) =>
  makeCodeBase({ functionCount: size, bugCount, functionsPerFile: 20, seed });

/** The correct text of each component of an instance, by index. */
function repairsOf(instance: Instance, size: number, seed: number): Map<number, string> {
  const repairs = new Map<number, string>();
  for (const { original, file } of codeBaseOf(size, seed).functions) {
    const index = instance.components.findIndex(({ name }) => name === `${file}:${original.name}`);
    repairs.set(index, original.source);
  }
  return repairs;
}

describe("a repair instance", () => {
  it("has k functions as components, each with its comment and head, in files of 20", () => {
    const { components, layout, target } = make(45);
    expect(target).toBe(45);
    expect(components).toHaveLength(45);
    for (const { name, text, spec, signature, kind, language, file } of components) {
      const [, called] = name.split(":");
      expect(text).toMatch(new RegExp(`^function ${called}\\([^]*\\}$`));
      expect(signature).toBe(text.slice(0, text.indexOf(") {") + 1));
      expect(spec).toMatch(/^\S[\s\S]*\.\n\nfunction \w+\(.*\)$/);
      expect({ kind, language, name }).toEqual({
        kind: "function",
        language: "javascript",
        name: `${file}:${called}`,
      });
    }
    expect(layout?.map(({ path }) => path)).toEqual([
      ...["index.js", "functions-1.js", "functions-2.js", "functions-3.js"],
    ]);
    expect(composeFiles(layout ?? [], components)).toEqual(codeBaseOf(45, 1).files);
  });

  it("is the same for the same seed and another one for another seed", () => {
    expect(plain(make(30, 7))).toEqual(plain(make(30, 7)));
    const [one, other] = [make(30, 7), make(30, 8)].map(({ components }) =>
      components.map(({ name }) => name),
    );
    expect(one).not.toEqual(other);
  });

  it("says what to do in few words, of one function or many", () => {
    expect(countTokens(make(200).statement)).toBeLessThan(120);
    expect(make(200).statement).toMatch(/^Some of 200 JavaScript functions have a bug/);
    expect(make(1).statement).toMatch(/^The JavaScript function has a bug/);
  });

  it("keeps answers to functions of the same name, and cuts the export off", () => {
    const { accept, components } = make(4);
    const { text } = components[0]!;
    expect(accept!(0, `export ${text}`)).toEqual({ text });
    expect(accept!(0, components[1]!.text)).toHaveProperty("reason");
    expect(accept!(0, `${text}\nfunction more() {}`)).toHaveProperty("reason");
  });
});

describe("the fitness of a code base", () => {
  it("is k when every function is correct, for any size and seed", async () => {
    for (const [size, seed] of [
      [1, 1],
      [7, 2],
      [60, 3],
      [200, 4],
    ] as const) {
      const instance = make(size, seed);
      const repaired = applyChanges(instance.components, repairsOf(instance, size, seed));
      expect(await scoreGenome(instance, repaired)).toMatchObject({ status: "ok", fitness: size });
    }
  });

  it("is k minus the functions that fail at the start: all with a bug, and else only those that need one", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const instance = make(24, seed);
      const { functions } = codeBaseOf(24, seed);
      const wrong = functions.filter(({ bug }) => bug !== undefined);
      expect(wrong).toHaveLength(6);
      const evaluation = await scoreGenome(instance);
      if (evaluation.status !== "ok") throw new Error("expected a score");
      const failing = new Set(
        evaluation.improvable!.map((index) => instance.components[index]!.name.split(":")[1]),
      );
      expect(evaluation.fitness).toBe(24 - failing.size);
      for (const { original } of wrong) expect(failing).toContain(original.name);
      const affected = functions.filter(({ original }) =>
        [...neededBy(original)].some((needed) => wrong.some((one) => one.original === needed)),
      );
      expect(affected.map(({ original }) => original.name)).toEqual(expect.arrayContaining([...failing]));
    }
  });

  it("grows by one for each bug repaired, where no function calls another", async () => {
    const size = 8;
    const seed = [...Array(50).keys()].find((one) =>
      codeBaseOf(size, one, 4).functions.every(({ original }) => original.uses.length === 0),
    )!;
    const instance = make(size, seed, { bugs: 4 });
    const repairs = repairsOf(instance, size, seed);
    let genome = instance.components;
    const fitness: number[] = [];
    for (const [index, text] of repairs) {
      const isWrong = genome[index]!.text !== text;
      genome = applyChanges(genome, new Map([[index, text]]));
      const evaluation = await scoreGenome(instance, genome);
      if (isWrong && evaluation.status === "ok") fitness.push(evaluation.fitness);
    }
    expect(fitness).toEqual([5, 6, 7, 8]);
  });
});

describe("the options of repair", () => {
  it("set the number of bugs, the files, and whether the evaluation tells which functions fail", async () => {
    const options = { bugs: 3, functionsPerFile: 5, tellWhich: false, timeoutMs: 900 };
    expect(repair(options).parameters).toEqual(options);
    expect(repair().parameters).toEqual({ functionsPerFile: 20, tellWhich: true, timeoutMs: 5000 });
    const instance = make(10, 1, options);
    expect(instance.layout).toHaveLength(3);
    expect(instance.evaluate).toMatchObject({ kind: "sandbox", timeoutMs: 900, entry: "index.js" });
    expect(dataOf(instance).tellWhich).toBe(false);
    expect(await scoreGenome(instance)).toEqual({
      ...{ status: "ok", fitness: 7, metrics: { passed: 7, failed: 3 } },
      feedback: "7 of 10 functions pass all their unit tests.",
    });
  });

  it("are checked", () => {
    expect(() => repair({ bug: 1 } as never)).toThrow("repair: option 'bug' is unknown");
    expect(() => repair({ bugs: 0 })).toThrow("repair: bugs must be a whole number of at least 1, got 0");
    expect(() => make(2, 1, { bugs: 3 })).toThrow(
      "repair: 3 bugs need at least as many functions, got size 2",
    );
    expect(() => make(0)).toThrow("repair: size must be a whole number of at least 1, got 0");
  });
});
