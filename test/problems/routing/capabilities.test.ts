import { describe, expect, it } from "vitest";
import { generalist } from "../../../operators/generalist.ts";
import { routeToSpecialist } from "../../../operators/route-to-specialist.ts";
import { routingDelegation, routingTasks } from "../../../problems/routing/capabilities.ts";
import { kinds } from "../../../problems/routing/kinds.ts";
import { routing } from "../../../problems/routing/problem.ts";
import { routingQueries } from "../../../problems/routing/queries.ts";
import { isSameAnswer } from "../../../problems/routing/same-answer.ts";
import { ensemble, type PromptMode, rngFrom, type SeenPrompt } from "../../../src/core/index.ts";
import { simulatedCapable } from "../../../src/llm/simulated-capable.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";
import { run } from "../../engine/fixtures.ts";

const k = 60;
const queries = routingQueries({ size: k, seed: 1 });
const tasks = routingTasks(k);
const delegation = routingDelegation(k);
const asked = (text: string): SeenPrompt => ({ messages: [{ role: "user", text }] });
const tagged = (text: string) => `What the component must do: ${text}\n\n<component name="q">\n</component>`;

describe("routing's capabilities", () => {
  it("solve each query of their own kind, and none of another, from a bare prompt", () => {
    for (const { text, kind, answer } of queries) {
      const prompt = asked(text);
      const answers = tasks.flatMap((task) => {
        const said = task.answer(prompt);
        return said === undefined ? [] : [[task.name, said]];
      });
      expect(answers).toEqual([[kind, answer]]);
      expect(delegation.answer(prompt)).toBeUndefined();
    }
  });

  it("solve it in a prompt with instructions, between the tags", () => {
    for (const { text, kind, answer } of queries) {
      const task = tasks.find(({ name }) => name === kind)!;
      expect(task.answer(asked(tagged(text)))).toBe(`<component name="q">\n${answer}\n</component>`);
    }
  });

  it("tell kinds by the first line alone, in both kinds of prompts", () => {
    for (const { text, kind } of queries) {
      const [first = ""] = text.split("\n");
      for (const prompt of [first, `The task.\n\nThe first line of the request: ${first}\n\nLessons: none`]) {
        expect(delegation.answer(asked(prompt))).toBe(kind);
        expect(tasks.filter((task) => task.answer(asked(prompt)) !== undefined)).toEqual([]);
      }
    }
  });

  it("know nothing of kinds beyond k, and nothing of other prompts", () => {
    const beyond = kinds[k]!;
    const [first = ""] = queries[0]!.text.split("\n");
    const other = asked(first.replace(/: .*/, `: ${beyond.wanted}.`));
    expect(delegation.answer(other)).toBeUndefined();
    expect(routingDelegation(k + 1).answer(other)).toBe(beyond.name);
    for (const text of ["", "Ticket", "Hello."]) expect(delegation.answer(asked(text))).toBeUndefined();
  });

  it("err with answers of the same form and length", () => {
    for (const { text, kind, answer } of queries) {
      const task = tasks.find(({ name }) => name === kind)!;
      for (let draw = 0; draw < 10; draw++) {
        const wrong = task.wrong(asked(text), answer, rngFrom(kind, draw));
        expect([answer, wrong, isSameAnswer(answer, wrong)]).toEqual([answer, wrong, false]);
        expect(countTokens(wrong)).toBe(countTokens(answer));
        const inTags = task.wrong(asked(tagged(text)), "unused", rngFrom(kind, draw));
        expect(inTags).toBe(`<component name="q">\n${wrong}\n</component>`);
        const name = delegation.wrong(asked(""), kind, rngFrom(kind, draw));
        expect(name).not.toBe(kind);
        expect(tasks.map((one) => one.name)).toContain(name);
      }
    }
    expect(routingDelegation(1).wrong(asked(""), kinds[0]!.name, rngFrom("one"))).toBe("none-of-these");
  });
});

describe("simulated models on routing", () => {
  const instance = routing({ queries: 12 }).instance({ size: 12, seed: 1 });
  const few = routingTasks(12);
  const delegator = simulatedCapable({ name: "delegator", capabilities: [routingDelegation(12)] });
  const specialists = few.map((task) => simulatedCapable({ name: task.name, capabilities: [task] }));
  const models = {
    generalist: simulatedCapable({ size: 12, capabilities: few }),
    delegator,
    specialist: ensemble(specialists),
  };

  it.each([
    ["generalist", "normal", generalist(), 1],
    ["generalist", "compact", generalist({ together: 5 }), 1],
    ["route-to-specialist", "normal", routeToSpecialist({ together: 5 }), 2],
    ["route-to-specialist", "compact", routeToSpecialist(), 2],
  ] as const)("%s answers each query once, with %s prompts", async (_name, mode, operator, calls) => {
    const promptMode: PromptMode = mode;
    const { result, recorder } = await run({ instance, operator, models, promptMode });
    expect(result).toMatchObject({ stopReason: "target", bestFitness: 12 });
    expect(result.applications).toBe(operator.parameters.together === 5 ? 3 : 12);
    expect(recorder.calls.length).toBe(12 * calls);
  });

  it("answer wrongly beyond their capabilities, at a cost, and no exception ends the run", async () => {
    const lost = simulatedCapable({ size: 2, capabilities: few.slice(0, 3) });
    const { result, recorder } = await run({
      ...{ instance, operator: generalist({ schedule: "round-robin" }), models: { generalist: lost } },
      ...{ promptMode: "compact", stopAfter: 24 },
    });
    expect([result.bestFitness, result.stopReason]).toEqual([3, "interrupted"]);
    expect(recorder.calls.length).toBe(24);
    for (const call of recorder.calls) {
      expect([call.outcome, call.inputTokens! > 100, call.outputTokens! > 0]).toEqual(["ok", true, true]);
    }
  });

  it("are passed to a specialist that does not exist by a delegator that errs, and are rejected with a reason", async () => {
    const one = routing({ queries: 2 }).instance({ size: 1, seed: 1 });
    const erring = simulatedCapable({ capabilities: [routingDelegation(1)], errorRate: 1 });
    const { recorder } = await run({
      ...{ instance: one, operator: routeToSpecialist(), promptMode: "compact", stopAfter: 1 },
      models: { delegator: erring, specialist: specialists[0]! },
    });
    expect(recorder.candidates[1]).toMatchObject({
      rejectReason: 'the delegator names "none-of-these"; expected one of: sum-of-all',
    });
    expect(recorder.calls.map(({ role }) => role)).toEqual(["delegator"]);
  });
});
