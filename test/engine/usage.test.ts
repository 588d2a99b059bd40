/** What users get wrong, said in one sentence before anything is run. */
import { describe, expect, it } from "vitest";
import { adaptiveLocality } from "../../operators/adaptive-locality.ts";
import { componentCrossover } from "../../operators/component-crossover.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { reflect } from "../../operators/reflect.ts";
import { repairFailures } from "../../operators/repair.ts";
import { repair } from "../../problems/repair/problem.ts";
import { type CampaignDefinition, defineCampaign } from "../../src/campaign.ts";
import {
  defineOperator,
  definePopulation,
  greedy,
  islands,
  mapElites,
  restarting,
  steadyState,
  UsageError,
} from "../../src/core/index.ts";
import { operatorContract, populationContract } from "../../src/testing/index.ts";
import { operatorOf, run } from "./fixtures.ts";

const strategy = (given: unknown, more: Partial<CampaignDefinition> = {}) =>
  defineCampaign({
    ...{ name: "c", problem: "blocks", models: { mutator: "simulated" }, sizes: [4], seeds: 1 },
    strategies: { s: given as CampaignDefinition["strategies"][string] },
    ...more,
  });
const operators = (...given: unknown[]) => strategy({ operators: given });

describe("a strategy", () => {
  it.each([
    ["repair alone", () => operators(repairFailures()), "repair cannot be alone"],
    ["reflect alone", () => operators(reflect()), "reflect cannot be alone"],
    [
      "crossover alone",
      () => operators(componentCrossover()),
      "component-crossover cannot be alone: a population begins",
    ],
    ["a problem among its operators", () => operators(localRewrite(), repair()), "'repair' is no operator"],
    [
      "a misspelt weight",
      () => operators({ operator: localRewrite(), wieght: 3 }),
      "option 'wieght' is unknown",
    ],
    [
      "a weight as text",
      () => operators({ operator: localRewrite(), weight: "3" }),
      'a number above 0, got "3"',
    ],
    ["a weight of 0", () => operators({ operator: localRewrite(), weight: 0 }), "a number above 0, got 0"],
    [
      "two operators with the same turns",
      () => operators(localRewrite(), reflect({ every: 9 }), reflect({ every: 9 })),
      "both have every: 9",
    ],
    [
      "no population",
      () => strategy({ operators: [localRewrite()], population: {} }),
      "population must be one that",
    ],
    [
      "an unknown mix",
      () => strategy({ operators: [localRewrite()], mix: "bandits" }),
      "'bandits' is unknown",
    ],
    [
      "instructions that compact prompts lack",
      () => strategy({ operators: [localRewrite(), reflect()] }, { prompt: "compact" }),
      "operator 'reflect' needs instructions in its prompts",
    ],
    [
      "prompts of an operator that it lacks",
      () => strategy({ operators: [localRewrite()] }, { prompts: { "global-rewrite": {} } }),
      "names operator 'global-rewrite'; used are: local-rewrite",
    ],
    [
      "prompts that are a text",
      () => strategy({ operators: [localRewrite()] }, { prompts: { "local-rewrite": "x" as never } }),
      "needs an object with options",
    ],
    [
      "a parent part without the components",
      () => strategy({ operators: [localRewrite()] }, { prompts: { "local-rewrite": { parent: "x" } } }),
      "parent must hold {default}",
    ],
  ])("with %s is refused", (_what, make, message) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });

  it("takes an operator that is a plain object", () => {
    const plain = {
      name: "plain",
      scope: "global",
      roles: [],
      propose: async () => ({ status: "rejected", reason: "no" }),
    };
    expect(operators(plain).strategies[0]!.operators[0]!.operator).toMatchObject({
      name: "plain",
      repairs: 0,
    });
  });
});

describe("a plugin", () => {
  it.each([
    [
      "an option as text",
      () => localRewrite("credit" as never),
      "local-rewrite needs an object with options",
    ],
    ["a number for its options", () => steadyState(20 as never), "needs an object with options"],
    [
      "a temperature in words",
      () => localRewrite({ temperature: "hot" as never }),
      "temperature must be a number",
    ],
    [
      "no tokens",
      () => adaptiveLocality({ maxTokens: 0 }),
      "maxTokens must be a whole number of at least 1, got 0",
    ],
    ["a number as text", () => greedy({ offspring: "4" as never }), 'got the text "4"'],
    [
      "a name for a population",
      () => islands("greedy" as never),
      "islands needs a population first, got 'greedy'",
    ],
    [
      "no options where they are needed",
      () => restarting(greedy(), undefined as never),
      "after must be a whole number",
    ],
    [
      "measures that are names",
      () => mapElites({ measures: ["length"] as never }),
      "needs an object with options",
    ],
    [
      "no propose",
      () => defineOperator({ name: "x", scope: "global", roles: [] } as never),
      "needs a function propose",
    ],
    ["no start", () => definePopulation({ name: "x" } as never), "needs a function start"],
    [
      "itself for what makes it",
      () => operatorContract(localRewrite() as never),
      "write operatorContract(() => ",
    ],
    [
      "itself for a population",
      () => populationContract(greedy() as never),
      "write populationContract(() => ",
    ],
  ])("made with %s says what it needs", (_what, make, message) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });
});

describe("what plugins answer", () => {
  const asks = (asked: unknown) =>
    definePopulation({ name: "own", start: () => ({ ask: () => asked as never, tell: () => false }) });

  it("is checked: a population's parents and generation", async () => {
    await expect(run({ population: asks({ parents: [], generation: 1 }) })).rejects.toThrow(
      "Population 'own': ask() must give parents",
    );
    const parents = [{ candidate: { genome: [] }, evaluation: { status: "ok", fitness: 0 } }];
    await expect(run({ population: asks({ parents }) })).rejects.toThrow("ask() must give a generation");
  });

  it("is checked: what a function makes of a part of a prompt", async () => {
    const operator = localRewrite();
    const prompts = { "local-rewrite": { statement: () => 3 as never } };
    await expect(
      run({
        operator,
        prompts,
        models: { mutator: { ...model, generate: async () => Promise.reject(new Error()) } },
      }),
    ).rejects.toThrow(
      "A function for part 'statement' of a prompt must return a text or undefined, got number",
    );
  });

  it("is checked: a proposal that is none", async () => {
    const operator = operatorOf("global", () => ({ status: "done" }) as never);
    await expect(run({ operator })).rejects.toThrow('noted("text") or rejected("reason")');
  });
});

const model = { name: "m", provider: "test", size: 1, isDeterministic: true };
