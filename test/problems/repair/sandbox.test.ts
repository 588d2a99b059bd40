import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repair } from "../../../problems/repair/problem.ts";
import { applyChanges, composeFiles, type Genome, type Instance } from "../../../src/core/index.ts";
import { whyNoBubblewrap } from "../../../src/evaluation/bubblewrap.ts";
import { SandboxPool } from "../../../src/evaluation/sandbox/pool.ts";
import { scoreGenome } from "./program.ts";

let pool: SandboxPool;
beforeAll(async () => {
  const wall = (await whyNoBubblewrap()) === undefined ? "bubblewrap" : "none";
  pool = new SandboxPool({ threads: 1, wall });
});
afterAll(() => pool.close());

function scoreInSandbox(instance: Instance, genome: Genome) {
  const { evaluate: scoring, layout = [] } = instance;
  if (typeof scoring === "function" || scoring.kind !== "sandbox") throw new Error("expected a sandbox");
  return pool.evaluate(scoring, composeFiles(layout, genome), 0, new AbortController().signal);
}

describe("repair in the sandbox", () => {
  it("scores 200 functions in 10 files exactly as in this process", async () => {
    const instance = repair().instance({ size: 200, seed: 1 });
    expect(await scoreInSandbox(instance, instance.components)).toEqual(await scoreGenome(instance));
  });

  it("fails one function that throws, has another name, or returns what is no data, and scores the others", async () => {
    const instance = repair({ bugs: 1 }).instance({ size: 12, seed: 2 });
    const { components } = instance;
    const before = await scoreGenome(instance);
    if (before.status !== "ok") throw new Error("expected a score");
    const sound = components.findIndex(({ name }, index) => {
      const called = name.split(":")[1]!;
      const others = components.filter((_, other) => other !== index);
      return !before.improvable!.includes(index) && others.every(({ text }) => !text.includes(called));
    });
    const called = components[sound]!.name.split(":")[1]!;
    for (const text of [
      `function ${called}() { throw new Error("no"); }`,
      `function ${called}() { return () => 1; }`,
      `function ${called}Other() { return 1; }`,
      `function ${called}() { return ${called}(); }`,
    ]) {
      const evaluation = await scoreInSandbox(instance, applyChanges(components, new Map([[sound, text]])));
      expect(evaluation).toMatchObject({ status: "ok", fitness: before.fitness - 1 });
      expect(evaluation).toHaveProperty(`componentFeedback.${sound}`);
    }
  });

  it("fails the whole solution when a function never ends", async () => {
    const instance = repair({ bugs: 1, timeoutMs: 300 }).instance({ size: 3, seed: 1 });
    const [{ name } = { name: "" }] = instance.components;
    const text = `function ${name.split(":")[1]}() { for (;;) {} }`;
    expect(
      await scoreInSandbox(instance, applyChanges(instance.components, new Map([[0, text]]))),
    ).toMatchObject({
      ...{ status: "failed", reason: "timeout" },
    });
  });
});
