import { describe, expect, it } from "vitest";
import { adaptiveLocality } from "../../operators/adaptive-locality.ts";
import { componentCrossover } from "../../operators/component-crossover.ts";
import { globalDiff } from "../../operators/global-diff.ts";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { llmCrossover } from "../../operators/llm-crossover.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import type { Operator } from "../../src/core/index.ts";
import { plugins } from "../../src/plugins.ts";
import { ContractBreach, type OperatorContractOptions, operatorContract } from "../../src/testing/index.ts";
import { answerAsDebugger } from "./answer-as-debugger.ts";
import { brokenOperators } from "./broken-operators.ts";

const builtIn: Readonly<Record<string, () => Operator>> = {
  ...plugins.operators,
  "adaptive-locality with one-fifth, anywhere": () =>
    adaptiveLocality({ rate: "one-fifth", choose: "anywhere", inspirations: 2 }),
  "component-crossover with one point": () => componentCrossover({ kind: "one-point" }),
  "component-crossover with two points": () => componentCrossover({ kind: "two-point" }),
  "global-diff with inspirations": () => globalDiff({ inspirations: 1 }),
  "global-rewrite with inspirations": () => globalRewrite({ inspirations: 1 }),
  "llm-crossover of one component": () => llmCrossover({ scope: "local" }),
  "local-rewrite with credit and inspirations": () => localRewrite({ schedule: "credit", inspirations: 3 }),
};

/** What those need that ask for something else than components. */
const optionsOf: Readonly<Record<string, OperatorContractOptions>> = {
  "conversation-debug": { answer: answerAsDebugger },
  "focused-debug": { answer: answerAsDebugger },
};

describe.each(Object.entries(builtIn))("%s", (name, make) => {
  for (const check of operatorContract(make, optionsOf[name])) it(check.name, check.run);
});

/** The names of the checks that an operator fails. */
async function failedChecks(make: () => Operator): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of operatorContract(make)) {
    await run().catch((error: Error) => {
      expect(error, `${name}: ${error.stack}`).toBeInstanceOf(ContractBreach);
      failed.push(name);
    });
  }
  return failed;
}

describe("the contract of operators", () => {
  it.each(Object.entries(brokenOperators))("tells of an operator that %s", async (_what, [make, checks]) => {
    expect(await failedChecks(make)).toEqual(checks);
  });

  it("has no check that cannot fail", () => {
    const names = Object.values(builtIn).flatMap((make) => operatorContract(make).map(({ name }) => name));
    const failing = Object.values(brokenOperators).flatMap(([, checks]) => checks);
    expect([...new Set(names)].filter((name) => !failing.includes(name))).toEqual([]);
  });

  it("has no check twice", () => {
    for (const make of Object.values(builtIn)) {
      const names = operatorContract(make).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
