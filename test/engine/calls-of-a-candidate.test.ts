/** Calls that one candidate makes at once, to several models, or to one model that is voted on. */
import { describe, expect, it } from "vitest";
import {
  type CallRecord,
  defineOperator,
  ensemble,
  type Model,
  type ModelChoice,
  type ProposeContext,
  primitiveCost,
  proposed,
  type Role,
  rejected,
} from "../../src/core/index.ts";
import { voting } from "../../src/llm/voting.ts";
import { scripted } from "../scripted-model.ts";
import { run } from "./fixtures.ts";

const say = (model: Model, text: string) => model.generate({ messages: [{ role: "user", text }] });

/** An operator that makes calls as the function does and changes the first component to its answer. */
const calling = <R extends Role>(
  roles: readonly R[],
  make: (context: ProposeContext<R>) => Promise<string>,
) =>
  defineOperator({
    ...{ name: "calling", scope: "global", roles },
    propose: async (context) => proposed(new Map([[0, await make(context as ProposeContext<R>)]])),
  });

/** A model whose calls cost m (t n + 0) with t = 1: n times its size. */
const priced = (name: string, size: number, inputTokens: number) =>
  scripted(() => ({ text: "1\n", inputTokens, outputTokens: 1 }), { name, size });

const cost = ({ model, inputTokens = 0, outputTokens = 0 }: CallRecord) =>
  primitiveCost({ modelSize: model.size, inputTokens, outputTokens });

describe("the chain of a candidate's calls", () => {
  it("is their sum where each waits for the one before", async () => {
    const operator = calling(["mutator", "judge"], async ({ models }) => {
      await say(models.mutator, "a");
      return (await say(models.judge, "b")).text;
    });
    const models = { mutator: priced("m", 2, 5), judge: priced("j", 1, 7) };
    const { recorder } = await run({ operator, models, stopAfter: 2 });
    const [, first, second] = recorder.candidates;
    expect(first!.calls.map(({ chainCost }) => chainCost)).toEqual([10, 17]);
    expect(second!.calls.map(({ chainCost }) => chainCost)).toEqual([10, 17]); // each candidate begins anew
  });

  it("is the longest one where calls are asked for together", async () => {
    const operator = calling(["mutator", "judge"], async ({ models }) => {
      await Promise.all([say(models.mutator, "a"), say(models.judge, "b"), say(models.mutator, "c")]);
      return (await say(models.judge, "d")).text;
    });
    const models = { mutator: priced("m", 2, 5), judge: priced("j", 1, 7) };
    const { recorder } = await run({ operator, models, stopAfter: 1 });
    expect(recorder.candidates[1]!.calls.map(({ role, chainCost }) => [role, chainCost])).toEqual([
      ["mutator", 10],
      ["judge", 7],
      ["mutator", 10],
      ["judge", 17], // the longest of the three, and itself
    ]);
  });

  it("counts the tries that failed before", async () => {
    const flaky = scripted(
      (_request, index) =>
        index === 0 ? new Error("lost") : { text: "1\n", inputTokens: 5, outputTokens: 1 },
      { isDeterministic: false, calls: { retries: 0 } },
    );
    const operator = calling(["mutator"], async ({ models }) => {
      await say(models.mutator, "a").catch(() => {});
      return (await say(models.mutator, "b")).text;
    });
    const { recorder } = await run({ operator, models: { mutator: flaky }, stopAfter: 1 });
    expect(recorder.calls.map(({ outcome, chainCost }) => [outcome, chainCost])).toEqual([
      ["error", 0], // nothing is known to have been used
      ["ok", 5],
    ]);
  });
});

describe("a team", () => {
  const small = priced("small", 1, 3);
  const large = priced("large", 9, 3);

  it("is all models of a role, each metered, for an operator that picks by itself", async () => {
    const operator = calling(["specialist"], async ({ team }) => {
      const [first, second] = team("specialist");
      await say(second!, "a");
      return (await say(first, "b")).text;
    });
    const { recorder } = await run({
      ...{ operator, models: { specialist: ensemble([small, large]) }, stopAfter: 1 },
    });
    expect(recorder.candidates[1]!.calls.map(({ role, model }) => [role, model.name])).toEqual([
      ["specialist", "large"],
      ["specialist", "small"],
    ]);
    expect(recorder.candidates[1]!.calls.map(cost)).toEqual([27, 3]);
  });

  it("is one model where the role has one, and refuses roles that the operator does not name", async () => {
    let size = 0;
    const operator = defineOperator<Role>({
      ...{ name: "counting", scope: "global", roles: ["specialist"] },
      async propose({ team }) {
        size = team("specialist").length;
        team("judge");
        return rejected("not reached");
      },
    });
    await expect(run({ operator, models: { specialist: small }, stopAfter: 1 })).rejects.toThrow(
      "Operator 'counting' needs a model for role judge",
    );
    expect(size).toBe(1);
  });
});

describe("a model that is voted on", () => {
  it("leaves one row for each vote, all in the operator's role, drawn with seeds of their own", async () => {
    const answers = ["1\n", "2\n", "1\n", "1\n"];
    const model = scripted((_request, index) => ({
      text: answers[index] ?? "1\n",
      outputTokens: 1,
      inputTokens: 4,
    }));
    const operator = calling(["judge"], async ({ models }) => (await say(models.judge, "?")).text);
    const { recorder } = await run({ operator, models: { judge: voting(model, { lead: 2 }) }, stopAfter: 1 });
    const { calls, candidate } = recorder.candidates[1]!;
    expect(candidate!.genome[0]!.text).toBe("1\n");
    expect(calls.map(({ role, text }) => [role, text])).toEqual(answers.map((text) => ["judge", text]));
    expect(new Set(calls.map(({ request }) => request.seed)).size).toBe(4);
    expect(calls.map(({ chainCost }) => chainCost)).toEqual([4, 4, 8, 8]); // two, and then two, at once
  });
});

describe("a choice of models for a role whose operator picks by itself", () => {
  it("is told nothing: what it picked was not called", async () => {
    const told: number[] = [];
    const choice: ModelChoice = {
      ...{ name: "listening", parameters: {}, models: [priced("a", 1, 3), priced("b", 2, 3)] },
      start: () => ({ pick: () => 0, tell: ({ picked }) => told.push(picked) }),
    };
    const byTeam = calling(["specialist"], async ({ team }) => (await say(team("specialist")[1]!, "?")).text);
    await run({ operator: byTeam, models: { specialist: choice }, stopAfter: 4 });
    expect(told).toEqual([]);
    const byChoice = calling(["specialist"], async ({ models }) => (await say(models.specialist, "?")).text);
    await run({ operator: byChoice, models: { specialist: choice }, stopAfter: 4 });
    expect(told.length).toBeGreaterThan(0);
  });
});
