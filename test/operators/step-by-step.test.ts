import { describe, expect, it } from "vitest";
import { type StepByStepOptions, stepByStep } from "../../operators/step-by-step.ts";
import { hanoiStep } from "../../problems/hanoi/capabilities.ts";
import { hanoi } from "../../problems/hanoi/problem.ts";
import { hanoiLine } from "../../problems/hanoi/towers.ts";
import { type Genome, ModelError, type ProposeContext, rejected } from "../../src/core/index.ts";
import { simulatedCapable } from "../../src/llm/simulated-capable.ts";
import { voting } from "../../src/llm/voting.ts";
import { contextOf, evaluated } from "../core/fixtures.ts";
import { run } from "../engine/fixtures.ts";
import { type Line, scripted } from "../scripted-model.ts";
import { proposedTexts, user } from "./propose.ts";

const system = `You carry out a long task one line at a time; each line follows from the one before.
You are shown the task, what the lines must be, and the last line so far
between tags. Write the one line that comes next.
Answer with the next line alone, between the same tags as the last one was
shown, and nothing else.`;

const spec = `Count up.
Number of lines: 3
Line before the first: 0`;
const line = /^\d+$/g; // the flag must make no difference
const genome: Genome = [
  { name: "one", text: "?\n", spec },
  { name: "two", text: "?\n", spec: "Go on.\nNumber of lines: 2" },
];

async function propose(
  script: readonly Line[],
  genome: Genome,
  more: Partial<ProposeContext> = {},
  options: StepByStepOptions = { line },
) {
  const model = scripted(script);
  const operator = stepByStep({ temperature: 0.5, maxTokens: 60, ...options });
  const proposal = await operator.propose(
    contextOf(model, {
      components: [0],
      component: 0,
      promptMode: "compact",
      parents: [evaluated({ status: "ok", fitness: 0 }, genome)],
      models: { specialist: model } as Partial<ProposeContext["models"]> as ProposeContext["models"],
      ...more,
    }),
  );
  model.finish();
  return proposal;
}

/** What is sent in compact mode. */
const sent = (text: string) => ({ messages: user(text), temperature: 0.5, maxTokens: 60 });

describe("step-by-step", () => {
  it("asks for one line at a time, and shows the last one alone in compact mode", async () => {
    const script = [
      { to: sent("0"), answer: "1" },
      { to: sent("1"), answer: " 2\n" },
      { to: sent("2"), answer: "3" },
    ];
    expect(await propose(script, genome)).toEqual(proposedTexts({ 0: "1\n2\n3\n" }));
  });

  it("goes on from the last line of the component before", async () => {
    const begun = [{ ...genome[0]!, text: "1\n2\n 3  \n\n" }, genome[1]!];
    const script = [
      { to: sent("3"), answer: "four  and\ta half" },
      { to: sent("four and a half"), answer: "5" },
    ];
    const next = { components: [1], component: 1 };
    expect(await propose(script, begun, next, {})).toEqual(proposedTexts({ 1: "four and a half\n5\n" }));
  });

  it("explains the task in normal mode, and reads the line between the tags", async () => {
    const asked = (line: string) => ({
      system,
      messages: user(
        "The task.",
        `What the component must do: ${spec}`,
        "Lessons so far:\nCount on.",
        `<component name="one">\n${line}\n</component>`,
      ),
      ...{ temperature: 0.5, maxTokens: 60 },
    });
    const script = [
      { to: asked("0"), answer: '<component name="one">\n1\n</component>' },
      { to: asked("1"), answer: 'Here it is:\n<component name="one">\n2\n</component>' },
      { to: asked("2"), answer: "```\n3\n```" },
    ];
    const more = { promptMode: "normal", note: "Count on." } as const;
    expect(await propose(script, genome, more)).toEqual(proposedTexts({ 0: "1\n2\n3\n" }));
  });

  it.each([
    ["", 'line 2 cannot be read: expected one line that matches /^\\d+$/, the answer is ""'],
    ["2\n3", 'line 2 cannot be read: expected one line that matches /^\\d+$/, the answer is "2\\n3"'],
    ["two", 'line 2 cannot be read: expected one line that matches /^\\d+$/, the answer is "two"'],
    [
      { text: "2", stopReason: "length" as const },
      "line 2 cannot be read: expected one line that matches /^\\d+$/, the answer is cut (length)",
    ],
  ])("rejects an application with an answer that is no line of the pattern: %j", async (answer, reason) => {
    expect(await propose(["1", answer], genome)).toEqual(rejected(reason));
  });

  it("says how an answer reads, so that a vote compares lines and discards the rest", async () => {
    const model = scripted(["1", "2", "3"]);
    const operator = stepByStep({ line });
    for (const promptMode of ["compact", "normal"] as const) {
      const asked = scripted((request) => (request.messages[0]!.text.includes("<") ? tag("7") : "7"));
      const parents = [evaluated({ status: "ok", fitness: 0 }, genome)] as const;
      const models = { specialist: asked } as Partial<ProposeContext["models"]> as ProposeContext["models"];
      await operator.propose(
        contextOf(model, { components: [0], component: 0, promptMode, parents, models }),
      );
      const readAs = asked.requests[0]!.readAs!;
      const wrap = promptMode === "compact" ? (text: string) => text : tag;
      expect(readAs({ text: wrap("  12 \n"), stopReason: "stop" })).toBe("12");
      expect(readAs({ text: wrap("twelve"), stopReason: "stop" })).toBeUndefined();
      expect(readAs({ text: wrap("12"), stopReason: "length" })).toBeUndefined();
      expect(readAs({ text: "Here is my answer.\n12", stopReason: "stop" })).toBeUndefined();
    }
  });

  it("writes one line where the spec names no number, and none where nothing says what comes before", async () => {
    const bare = [{ name: "a", text: "x\n", spec: "Line before the first: start" }];
    expect(await propose([{ to: sent("start"), answer: "y" }], bare, {}, {})).toEqual(
      proposedTexts({ 0: "y\n" }),
    );
    expect(await propose([], [{ name: "a", text: "x\n" }])).toEqual(
      rejected('component a has no line before it; its spec may say "Line before the first: ..."'),
    );
    expect(() => stepByStep({ line: "\\d" as never })).toThrow("line must be a regular expression such as");
  });

  it.each(["Number of lines: five", "- Number of lines: 2", "number of lines 3", "Number of lines: 0"])(
    "says that a spec is wrong in %j",
    async (wrong) => {
      const told = [{ name: "a", text: "x\n", spec: `Count.\n${wrong}\nLine before the first: 0` }];
      expect(await propose([], told)).toEqual(
        rejected(
          `the spec of component a must say "Number of lines: N", a whole number, got ${JSON.stringify(wrong)}`,
        ),
      );
    },
  );

  it("takes a bare line in normal mode where it looks like one, since small models leave tags out", async () => {
    const normal = { promptMode: "normal" } as const;
    expect(await propose(["1", "2", "3"], genome, normal)).toEqual(proposedTexts({ 0: "1\n2\n3\n" }));
    expect(await propose(["1"], genome, normal, {})).toMatchObject({ status: "rejected" }); // any text looks like a line
  });

  it("lets the failure of a call through", async () => {
    const failure = new ModelError("down");
    await expect(propose(["1", failure], genome)).rejects.toBe(failure);
  });

  it("checks its options and keeps them as parameters", () => {
    expect(stepByStep({ maxTokens: 9 })).toMatchObject({
      ...{ name: "step-by-step", scope: "local", roles: ["specialist"], parameters: { maxTokens: 9 } },
      schedule: { name: "sequential" },
    });
    expect(() => stepByStep({ maxTokens: 0 })).toThrow("step-by-step: maxTokens must be");
    expect(() => stepByStep({ lines: 3 } as never)).toThrow("step-by-step: option 'lines' is unknown");
  });
});

function tag(text: string): string {
  return `<component name="one">\n${text}\n</component>`;
}

describe("step-by-step on hanoi", () => {
  const solved = (promptMode: "compact" | "normal", malformedRate: number) =>
    run({
      key: `step-by-step/${promptMode}/${malformedRate}`,
      instance: hanoi({ disks: 6, stretch: 8 }).instance({ size: 63, seed: 1 }),
      operator: stepByStep({ line: hanoiLine }),
      models: {
        specialist: voting(
          simulatedCapable({ capabilities: [hanoiStep()], errorRate: 0.1, malformedRate }),
          { lead: 6 }, // all 63 steps right but for a probability of 1.2e-4
        ),
      },
      promptMode,
      stopAfter: 20,
    });

  it.each(["compact", "normal"] as const)(
    "takes the stretches in order, each until it is right, in %s mode and with malformed answers",
    async (promptMode) => {
      for (const malformedRate of [0, 0.3]) {
        const { result, recorder, candidates } = await solved(promptMode, malformedRate);
        expect(result).toMatchObject({ stopReason: "target", bestFitness: 63, applications: 8 });
        const accepted = candidates.slice(1).map(({ candidate }) => candidate?.changed);
        expect(accepted).toEqual([[0], [1], [2], [3], [4], [5], [6], [7]]);
        const prompts = new Set(recorder.calls.map(({ request }) => request.messages[0]!.text));
        expect(prompts.size).toBe(63); // every step is one question
      }
    },
  );

  it("writes a stretch with a wrong step again, from its first line on", async () => {
    const { result, candidates } = await run({
      key: "step-by-step/alone",
      instance: hanoi({ disks: 6, stretch: 8 }).instance({ size: 63, seed: 1 }),
      operator: stepByStep({ line: hanoiLine }),
      models: { specialist: simulatedCapable({ capabilities: [hanoiStep()], errorRate: 0.1 }) },
      promptMode: "compact",
      stopAfter: 500,
    });
    expect(result.stopReason).toBe("target");
    const stretches = candidates.slice(1).map(({ candidate }) => candidate?.changed[0]);
    expect(stretches).toEqual([...stretches].sort((a, b) => a! - b!));
    expect(stretches.length).toBeGreaterThan(8);
    const calls = candidates.slice(1).map((one) => one.calls.length);
    expect(calls).toEqual(stretches.map((index) => (index === 7 ? 7 : 8)));
  });
});
