/** Several models for a role, answers that are used again, and models with which no call can succeed. */
import { describe, expect, it } from "vitest";
import {
  type ChoiceOutcome,
  defineOperator,
  type Model,
  type ModelChoice,
  ModelError,
  primitiveCost,
  rejected,
} from "../../src/core/index.ts";
import { Limiter } from "../../src/llm/limiter.ts";
import { type Answer, scripted } from "../scripted-model.ts";
import { asking, run, sums } from "./fixtures.ts";

/** A choice that takes its models in turn and remembers what it was told. */
function inTurn(...models: readonly [Model, ...Model[]]) {
  const told: ChoiceOutcome[] = [];
  const starts: (readonly number[])[] = [];
  const choice: ModelChoice = {
    name: "in-turn",
    parameters: {},
    models,
    start(sizes) {
      starts.push(sizes);
      let picked = -1;
      return {
        pick: () => ++picked % models.length,
        tell: (outcome) => told.push(outcome),
      };
    },
  };
  return { choice, told, starts };
}

const constant = (text: string, outputTokens: number, size: number) =>
  scripted(() => ({ text, inputTokens: 10, outputTokens }) satisfies Answer, {
    name: `of size ${size}`,
    size,
  });

describe("a role with several models", () => {
  it("is played by the picked model, which is told what came of it and what it cost, when the next generation begins", async () => {
    const small = constant("0\n", 2, 1); // never better than the initial 0
    const large = scripted(
      (_request, index) => ({ text: `${index + 1}\n`, inputTokens: 10, outputTokens: 3 }),
      {
        size: 7,
      },
    );
    const { choice, told, starts } = inTurn(small, large);
    const options = { models: { mutator: choice }, operator: asking(2), stopAfter: 5 };
    const { recorder } = await run({ ...options, instance: sums(1) });
    expect(starts).toEqual([[1, 7]]);
    const smallCost = 2 * primitiveCost({ modelSize: 1, inputTokens: 10, outputTokens: 2 });
    const largeCost = 2 * primitiveCost({ modelSize: 7, inputTokens: 10, outputTokens: 3 });
    const head = { operator: "asking", component: 0 };
    expect(told.slice(0, 4)).toEqual([
      { ...head, picked: 0, isImproved: false, primitiveCost: smallCost },
      { ...head, picked: 1, isImproved: true, primitiveCost: largeCost },
      { ...head, picked: 0, isImproved: false, primitiveCost: smallCost },
      { ...head, picked: 1, isImproved: true, primitiveCost: largeCost },
    ]);
    expect(recorder.calls.slice(0, 4).map(({ model }) => model.size)).toEqual([1, 1, 7, 7]);
  });

  it("keeps its calls durably when one of its models is paid", async () => {
    const { choice } = inTurn(constant("1\n", 1, 1), { ...constant("2\n", 1, 7), isDeterministic: false });
    const { recorder } = await run({ models: { mutator: choice }, operator: asking(), stopAfter: 2 });
    expect(recorder.begun.length).toBeGreaterThanOrEqual(2);
    expect(recorder.candidates[1]!.calls.map(({ model }) => model.size)).toEqual([1]);
    expect(recorder.candidates[2]!.calls).toEqual([]); // recorded before its answer was used
  });

  it("is the same run each time", async () => {
    const once = async () => {
      const { choice, told } = inTurn(constant("1\n", 1, 1), constant("2\n", 1, 7));
      await run({ models: { mutator: choice }, operator: asking(), inFlight: 4, stopAfter: 20 });
      return told;
    };
    expect(await once()).toEqual(await once());
  });
});

describe("a paid call whose answer nobody waits for", () => {
  it("is recorded with its candidate, whatever came of the others", async () => {
    const model = scripted(
      async ({ messages }) => {
        if (messages[0]?.text === "fails") return new ModelError("refused");
        for (let turn = 1; turn <= 3; turn++) await new Promise(setImmediate);
        return "late";
      },
      { isDeterministic: false },
    );
    const operator = defineOperator({
      ...{ name: "both", scope: "global", roles: ["mutator"] },
      async propose({ models }) {
        const ask = (text: string) => models.mutator.generate({ messages: [{ role: "user", text }] });
        await Promise.all([ask("late"), ask("fails")]);
        return rejected("unreachable");
      },
    });
    const { recorder } = await run({ models: { mutator: model }, operator, stopAfter: 1 });
    expect(recorder.candidates[1]).toMatchObject({ status: "rejected" });
    expect(recorder.calls.map(({ outcome }) => outcome)).toEqual(["error", "ok"]);
  });
});

describe("a model with which no call can succeed", () => {
  it("ends the run at its first call, with what to mend", async () => {
    const model = scripted([new ModelError("the key is wrong; set OPENAI_API_KEY", { isFatal: true })], {
      name: "m",
    });
    const { result } = await run({ models: { mutator: model }, operator: asking() });
    expect(result).toMatchObject({
      stopReason: "error",
      detail: "Model 'm' of provider test failed: the key is wrong; set OPENAI_API_KEY",
      applications: 1,
    });
  });
});

describe("calls of one model by several runs", () => {
  it("wait for their turn together", async () => {
    let inFlight = 0;
    let most = 0;
    const model = scripted(
      async () => {
        most = Math.max(most, ++inFlight);
        await new Promise(setImmediate);
        inFlight -= 1;
        return "1\n";
      },
      { isDeterministic: false },
    );
    const limiter = new Limiter({ concurrency: 3 });
    const options = { models: { mutator: model }, operator: asking(), inFlight: 4, stopAfter: 20 };
    const one = () => run({ ...options, limiterOf: (given) => (given === model ? limiter : undefined) });
    await Promise.all([one(), one(), one()]);
    expect(most).toBe(3);
  });
});

describe("answers that are used again", () => {
  const greedyAsking = asking(3); // three requests for each candidate, the same whenever its component is

  it("cost a run one call for each distinct request at temperature 0", async () => {
    const model = constant("1\n", 1, 1);
    const operator = {
      ...greedyAsking,
      propose: (context: Parameters<typeof greedyAsking.propose>[0]) =>
        greedyAsking.propose({
          ...context,
          models: {
            ...context.models,
            mutator: {
              ...context.models.mutator,
              generate: (request) => context.models.mutator.generate({ ...request, temperature: 0 }),
            },
          },
        }),
    };
    const count = async (reuseAnswers: boolean) => {
      const { recorder } = await run({ models: { mutator: model }, operator, reuseAnswers, stopAfter: 12 });
      return recorder.calls.length;
    };
    expect(await count(true)).toBe(9); // 3 components, 3 requests each
    expect(await count(false)).toBe(36);
  });

  it("are not used where the seed makes a difference", async () => {
    const model = constant("1\n", 1, 1);
    const options = { models: { mutator: model }, operator: greedyAsking, reuseAnswers: true, stopAfter: 12 };
    expect((await run(options)).recorder.calls.length).toBe(36);
  });
});

describe("a model's own temperature", () => {
  it("of 0 lets answers be used again, too", async () => {
    const model = { ...constant("1\n", 1, 1), temperature: 0 };
    const options = { models: { mutator: model }, operator: asking(3), reuseAnswers: true, stopAfter: 12 };
    expect((await run(options)).recorder.calls.length).toBe(9);
  });
});
