import { describe, expect, it } from "vitest";
import { leastValue, objectiveValue } from "../../../problems/function-minimization/objective.ts";
import {
  type FunctionMinimizationOptions,
  functionMinimization,
} from "../../../problems/function-minimization/problem.ts";
import score, { type MinimizationData } from "../../../problems/function-minimization/scorer.ts";
import { seed as seedText } from "../../../problems/function-minimization/seed.ts";
import { composeFiles, type SandboxScoring } from "../../../src/core/index.ts";
import { scoreInSandbox } from "../in-sandbox.ts";
import { answering, plain, programFrom, programOf, withTexts } from "../program.ts";

const make = (size: number, options: FunctionMinimizationOptions = {}, seed = 1) =>
  functionMinimization(options).instance({ size, seed });
const dataOf = (instance: ReturnType<typeof make>) =>
  (instance.evaluate as SandboxScoring).data as MinimizationData;
const evaluate = (instance: ReturnType<typeof make>, repeat = 0) =>
  score({ candidate: programFrom(instance), data: dataOf(instance), repeat });

describe("the score of a search", () => {
  const data = dataOf(make(2, { functions: 3, evaluationsPerDimension: 2 }));

  it("is 1 when every minimum is found", async () => {
    let at = -1;
    const candidate = programOf({
      begin: () => {
        at += 1;
      },
      propose: (value: number | null) => (value === null ? [0, 0] : data.tasks[at]!.objective.minimizer),
    });
    const evaluation = await score({ candidate, data, repeat: 0 });
    expect(evaluation).toMatchObject({ status: "ok", fitness: expect.closeTo(1, 12) });
    expect(evaluation.feedback).toContain(
      "-1.5187 (least -1.5187), 0.000 from the minimizer, found at evaluation 2 of 4",
    );
  });

  it("is 1 less the mean share of the way from the minimum to the average value", async () => {
    const evaluation = await score({ candidate: answering([0, 0]), data, repeat: 0 });
    const regrets = data.tasks.map(
      ({ objective, reference }) =>
        (objectiveValue(objective, [0, 0]) - leastValue(2)) / (reference - leastValue(2)),
    );
    const mean = regrets.reduce((sum, one) => sum + one, 0) / 3;
    expect(evaluation).toMatchObject({
      status: "ok",
      fitness: expect.closeTo(1 - mean, 12),
      metrics: {
        meanRegret: expect.closeTo(mean, 12),
        worstRegret: expect.closeTo(Math.max(...regrets), 12),
      },
    });
  });

  it("comes from asking point by point, each time telling the value of the last", async () => {
    const told: unknown[] = [];
    const candidate = programOf({
      begin: (...task: number[]) => {
        told.push(task);
      },
      propose: (value: number | null) => {
        told.push(value);
        return [1, -1];
      },
    });
    await score({ candidate, data, repeat: 2 });
    const value = (task: number) => objectiveValue(data.tasks[task]!.objective, [1, -1]);
    const oneTask = (task: number) => [
      [2, -5, 5, 4, 2 * 3 + task + 1],
      null,
      ...[1, 2, 3].map(() => value(task)),
    ];
    expect(told).toEqual([0, 1, 2].flatMap(oneTask));
  });
});

describe("an answer that is no point", () => {
  const data = dataOf(make(2, { functions: 1, evaluationsPerDimension: 1 }));
  it.each<[string, unknown, string]>([
    ["nothing", undefined, "got undefined"],
    ["null", null, "got null"],
    ["a number", 1, 'got "1"'],
    ["a text", "x".repeat(1000), 'got "xxx'],
    ["an object", { 0: 1, 1: 1, length: 2 }, 'got {"0":"1"'],
    ["too few coordinates", [1], 'got ["1"]'],
    ["too many coordinates", [1, 2, 3], 'got ["1","2","3"]'],
    ["NaN", [Number.NaN, 0], 'got ["NaN","0"]'],
    ["infinity", [0, Number.NEGATIVE_INFINITY], 'got ["0","-Infinity"]'],
    ["a huge number", [0, 1e308], 'got ["0","1e+308"]'],
    ["a coordinate just outside", [0, 5.000001], 'got ["0","5.000001"]'],
    ["texts", ["0", "0"], 'got ["0","0"]'],
    ["nested lists", [[0], [0]], 'got [["0"],["0"]]'],
  ])("fails as invalid, with what was expected: %s", async (_, answer, got) => {
    const evaluation = await score({ candidate: answering(answer), data, repeat: 0 });
    expect(evaluation).toMatchObject({ status: "failed", reason: "invalid" });
    expect(evaluation.feedback).toContain("point 1 must be a list of 2 numbers from -5 to 5 ");
    expect(evaluation.feedback).toContain(got);
    expect(evaluation.feedback!.length).toBeLessThan(220);
  });
});

describe("an instance of function minimization", () => {
  it.each([1, 2, 3, 10])(
    "starts with a search that beats an average point and misses the target: %d variables",
    async (size) => {
      const instance = make(size);
      const evaluation = (await evaluate(instance)) as { fitness: number };
      expect(evaluation.fitness).toBeGreaterThan(0.5);
      expect(evaluation.fitness).toBeLessThan(size === 1 ? 1 : instance.target);
      expect(await evaluate(instance)).toEqual(evaluation);
      expect(await evaluate(instance, 1)).not.toEqual(evaluation);
    },
  );

  it("is solved by smaller and smaller steps after a look around", async () => {
    const texts = {
      decision: "function wantsExploit(history, task) {\n  return history.length > 0.5 * task.budget;\n}\n",
      exploit: `function exploit(best, history, task, random) {
        const left = 2 - (2 * history.length) / task.budget;
        return best.point.map((x) => x + 4 * left ** 3 * (random() - 0.5));
      }\n`,
    };
    const instance = make(2, { evaluationsPerDimension: 400 });
    const evaluation = await evaluate(withTexts(instance, texts));
    expect((evaluation as { fitness: number }).fitness).toBeGreaterThan(instance.target);
  });

  it("moves points outside the box to its border", async () => {
    const explore = "const explore = (history, task) => Array.from({ length: task.dimension }, () => 1e9);\n";
    const exploit = "const exploit = (best) => best.point.map(() => -Infinity);\n";
    expect(await evaluate(withTexts(make(2), { explore, exploit }))).toMatchObject({ status: "ok" });
  });

  it("is the same for the same seed, and has other functions for another seed", () => {
    expect(plain(make(3, {}, 3))).toEqual(plain(make(3, {}, 3)));
    const tasks = [...dataOf(make(3, {}, 3)).tasks, ...dataOf(make(3, {}, 4)).tasks];
    expect(new Set(tasks.map(({ objective }) => objective.minimizer.join())).size).toBe(10);
  });

  it("has three components, that make up the program with their fixed surroundings", () => {
    const { components, layout, statement, target } = make(1, { target: 0.9 });
    expect(components.map(({ name, signature }) => [name, signature])).toEqual([
      ["decision", "function wantsExploit(history, task, random)"],
      ["explore", "function explore(history, task, random)"],
      ["exploit", "function exploit(best, history, task, random)"],
    ]);
    for (const { text, signature } of components) expect(text.startsWith(`${signature} {\n`)).toBe(true);
    expect(components.every(({ spec }) => spec !== undefined)).toBe(true);
    expect(composeFiles(layout!, components)).toEqual([{ path: "search.js", text: seedText }]);
    expect(target).toBe(0.9);
    expect(statement).toContain("of 1 variable, each from -5 to 5");
    expect(statement).toContain("evaluated 100 times");
  });

  it("scores in the sandbox what it scores outside, and refuses what the sandbox hands back", async () => {
    const wrong = withTexts(make(2), { explore: "const explore = () => [0, NaN];\n" });
    const [search, refused] = await scoreInSandbox(make(2), wrong);
    expect(search).toEqual(await evaluate(make(2)));
    expect(refused).toMatchObject({
      reason: "invalid",
      feedback: expect.stringContaining('got ["0","NaN"]'),
    });
  });

  it("refuses options and sizes that make no sense", () => {
    expect(() => functionMinimization({ budget: 1 } as object)).toThrow(/option 'budget' is unknown/);
    expect(() => functionMinimization({ target: 2 })).toThrow(/target must be a number from 0 to 1/);
    expect(() => make(1.5)).toThrow(/size must be a whole number/);
  });
});
