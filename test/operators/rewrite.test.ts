import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import {
  type Evaluation,
  type Genome,
  type Operator,
  type PromptMode,
  proposed,
  rejected,
  roundRobin,
  schedules,
} from "../../src/core/index.ts";
import { contextOf, evaluated, genomeOf } from "../core/fixtures.ts";
import { type Line, scripted } from "../scripted-model.ts";

const globalInstructions = `You improve solutions that consist of named components.
You are shown a task and the components of a good solution, each between tags.
Write a better version of every component.
Answer with all components shown, each between the same tags as it was
shown, with the same name, in full, and nothing else.`;

const localInstructions = `You improve one component of a solution; the other components stay as they are.
You are shown the task, what the component must do, and its text between tags.
Write a better version of it.
Answer with the component alone, between the same tags as it was shown, and
nothing else.`;

const genome = [
  { name: "a", text: "one\n", spec: "be first" },
  { name: "b", text: "two\n" },
];
const user = (text: string) => [{ role: "user" as const, text }];

/** Proposes once with a scripted model; the whole script must have been followed. */
async function propose(
  operator: Operator,
  script: readonly Line[],
  more: {
    readonly component?: number;
    readonly promptMode?: PromptMode;
    readonly evaluation?: Evaluation;
    readonly genome?: Genome;
  } = {},
) {
  const { component = -1, promptMode = "normal", evaluation = { status: "ok", fitness: 0 } } = more;
  const model = scripted(script);
  const context = contextOf(model, {
    parents: [evaluated(evaluation, more.genome ?? genome)],
    components: component < 0 ? [] : [component],
    promptMode,
  });
  const proposal = await operator.propose(context);
  model.finish();
  return proposal;
}

describe("global-rewrite", () => {
  const both = '<component name="a">\nONE\n</component>\n<component name="b">\nTWO\n</component>';

  it("shows task and all components, and proposes all of them", async () => {
    const text =
      'The task.\n\nWhat the components must do:\n- a: be first\n\nScore of this solution (higher is better): 0\n\n<component name="a">\none\n</component>\n<component name="b">\ntwo\n</component>';
    const line = { to: { system: globalInstructions, messages: user(text) }, answer: both };
    expect(await propose(globalRewrite(), [line])).toEqual(
      proposed(
        new Map([
          [0, "ONE\n"],
          [1, "TWO\n"],
        ]),
      ),
    );
  });

  it("shows the feedback on its parent, also on one that failed, and passes its limits on", async () => {
    const text =
      'The task.\n\nWhat the components must do:\n- a: be first\n\nThe evaluation of this solution failed (crash).\nFeedback on this solution:\nb is wrong\n\n<component name="a">\none\n</component>\n<component name="b">\ntwo\n</component>';
    const to = { system: globalInstructions, messages: user(text), temperature: 0.5, maxTokens: 100 };
    const evaluation = { status: "failed", reason: "crash", feedback: "b is wrong" } as const;
    const operator = globalRewrite({ temperature: 0.5, maxTokens: 100 });
    expect((await propose(operator, [{ to, answer: both }], { evaluation })).status).toBe("proposed");
  });

  it("says once what all components must do, and indents what takes several lines", async () => {
    const [a, b] = genome.map(({ name, text }) => ({ name, text }));
    const parts =
      '\n\nScore of this solution (higher is better): 0\n\n<component name="a">\none\n</component>\n<component name="b">\ntwo\n</component>';
    const asks = async (specs: readonly [string, string], paragraph: string) => {
      const to = { system: globalInstructions, messages: user(`The task.\n\n${paragraph}${parts}`) };
      const given = [
        { ...a!, spec: specs[0] },
        { ...b!, spec: specs[1] },
      ];
      return (await propose(globalRewrite(), [{ to, answer: both }], { genome: given })).status;
    };
    expect(await asks(["rhyme", "rhyme"], "What each component must do: rhyme")).toBe("proposed");
    const two = "What the components must do:\n- a: add\n  a(x)\n- b: < component";
    expect(await asks(["add\na(x)", "<component"], two)).toBe("proposed");
  });

  it("sends the texts alone in compact mode: no instructions, no statement, no feedback", async () => {
    const evaluation = { status: "ok", fitness: 0, feedback: "b is wrong" } as const;
    const line = { to: { messages: user("one\ntwo\n") }, answer: "ONE\nTWO\n" };
    expect(await propose(globalRewrite(), [line], { evaluation, promptMode: "compact" })).toEqual(
      proposed(
        new Map([
          [0, "ONE\n"],
          [1, "TWO\n"],
        ]),
      ),
    );
  });

  it("is global, has one parent and no schedule", () => {
    expect(globalRewrite()).toMatchObject({
      ...{ name: "global-rewrite", scope: "global", roles: ["mutator"], parentCount: 1, schedule: undefined },
    });
    expect(() => globalRewrite({ schedule: "random" } as never)).toThrow(
      "global-rewrite: option 'schedule' is unknown",
    );
  });
});

describe("local-rewrite", () => {
  it("shows task, spec and feedback with the one component, and proposes that one alone", async () => {
    const text =
      'The task.\n\nWhat the component must do: be first\n\nScore of this solution (higher is better): 0\nFeedback on this solution:\nf\n\n<component name="a">\none\n</component>';
    const line = {
      to: { system: localInstructions, messages: user(text) },
      answer: 'Here:\n<component name="a">\nONE\n</component>\n<component name="b">\nTWO\n</component>',
    };
    const evaluation = { status: "ok", fitness: 0, feedback: "f" } as const;
    expect(await propose(localRewrite(), [line], { component: 0, evaluation })).toEqual(
      proposed(new Map([[0, "ONE\n"]])),
    );
  });

  it("shows the signatures that it may call and the feedback on the one component", async () => {
    const code = [
      { name: "a", text: "function a() { return b(); }", spec: "be first", signature: "function a()" },
      { name: "b", text: "function b() {}", spec: "be second", signature: "function b()" },
    ];
    const text =
      "The task.\n\nWhat the component must do: be first\n\n" +
      "Signatures of other components that it may call:\nfunction b()\n\n" +
      'Score of this solution (higher is better): 0\nFeedback on this component:\na() gave < component>\n\n<component name="a">\nfunction a() { return b(); }\n</component>';
    const line = {
      to: { system: localInstructions, messages: user(text) },
      answer: '<component name="a">\n```js\nfunction a() {}\n```\n</component>',
    };
    const componentFeedback = { 0: "a() gave <component>", 1: "no" };
    const evaluation = { status: "ok", fitness: 0, feedback: "all", componentFeedback } as const;
    expect(await propose(localRewrite(), [line], { component: 0, evaluation, genome: code })).toEqual(
      proposed(new Map([[0, "function a() {}"]])),
    );
  });

  it("leaves out what there is not, and passes its limits on, 0 included", async () => {
    const text =
      'The task.\n\nScore of this solution (higher is better): 0\n\n<component name="b">\ntwo\n</component>';
    const to = { system: localInstructions, messages: user(text), temperature: 0, maxTokens: 9 };
    const operator = localRewrite({ temperature: 0, maxTokens: 9 });
    const line = { to, answer: '<component name="b">\nTWO\n</component>' };
    expect(await propose(operator, [line], { component: 1 })).toEqual(proposed(new Map([[1, "TWO\n"]])));
  });

  it("sends the text of the one component alone in compact mode", async () => {
    const line = { to: { messages: user("two\n") }, answer: "TWO" };
    expect(await propose(localRewrite(), [line], { component: 1, promptMode: "compact" })).toEqual(
      proposed(new Map([[1, "TWO\n"]])),
    );
  });

  it("takes a schedule by name or as a value, sequential if none, and names the known ones", () => {
    expect(localRewrite().schedule).toBe(schedules.sequential);
    expect(localRewrite({ schedule: "round-robin" }).schedule).toBe(roundRobin);
    const own = { name: "own", start: () => ({ next: () => [0] as const, tell: () => {} }) };
    expect(localRewrite({ schedule: own }).schedule).toBe(own);
    expect(() => localRewrite({ schedule: "sequentil" } as never)).toThrow(
      "Schedule 'sequentil' is unknown; known: credit, random, round-robin, sequential",
    );
    expect(() => localRewrite({ patience: 3 } as never)).toThrow(
      "local-rewrite: option 'patience' is unknown",
    );
    expect(localRewrite()).toMatchObject({
      name: "local-rewrite",
      scope: "local",
      roles: ["mutator"],
      parentCount: 1,
    });
  });
});

describe.each([
  ["global-rewrite", globalRewrite(), -1],
  ["local-rewrite", localRewrite(), 0],
] as const)("%s", (_name, operator, component) => {
  it("rejects an answer that cannot be read, with the reason, in either prompt mode", async () => {
    expect(await propose(operator, ["no"], { component })).toEqual(rejected("the answer lacks component a"));
    expect(await propose(operator, [""], { component, promptMode: "compact" })).toEqual(
      rejected("the answer is empty"),
    );
  });

  it("rejects a compact answer that was cut, even where its lines are all there", async () => {
    const answer = { text: component === 0 ? "ON" : "ONE\nTW", stopReason: "length" } as const;
    expect(await propose(operator, [answer], { component, promptMode: "compact" })).toEqual(
      rejected("the answer was cut at its token limit"),
    );
  });

  it("takes the components that a cut answer in normal mode holds as a whole", async () => {
    const text = `${genomeOf("ONE", "TWO")
      .map(({ name, text }) => `<component name="${name}">\n${text}\n</component>\n`)
      .join("")}I hope`;
    expect((await propose(operator, [{ text, stopReason: "length" }], { component })).status).toBe(
      "proposed",
    );
  });

  it("lets a failing model's error through: the engine decides what it means", async () => {
    const failure = new Error("no connection");
    await expect(propose(operator, [failure], { component })).rejects.toBe(failure);
  });
});
