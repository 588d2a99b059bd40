import { describe, expect, it } from "vitest";
import { type GeneralistOptions, generalist } from "../../operators/generalist.ts";
import {
  BudgetExhausted,
  type Model,
  ModelError,
  type ModelRequest,
  type ProposeContext,
  rejected,
  rngFrom,
  roundRobin,
  type Schedule,
} from "../../src/core/index.ts";
import { operatorContract } from "../../src/testing/index.ts";
import { contextOf, evaluated } from "../core/fixtures.ts";
import { type Line, scripted } from "../scripted-model.ts";
import { proposedTexts, system, tagged, user } from "./propose.ts";

const instructions = `You write one component of a solution from what it must do.
You are shown the task, what the component must do, and a pair of tags with
nothing between them. Work it out and write the component.`;

const genome = [
  { name: "a", text: "old", spec: "say one\nor two", signature: "a()" },
  { name: "b", text: "", spec: "say two" },
  { name: "c", text: "old\n" },
];
const parents = [evaluated({ status: "ok", fitness: 1, feedback: "Not so good." }, genome)] as const;

/** Proposes once with a scripted generalist; the whole script must have been followed. */
async function propose(
  script: readonly Line[],
  more: Partial<ProposeContext> = {},
  options?: GeneralistOptions,
) {
  const model = scripted(script);
  const models = { generalist: model } as Partial<ProposeContext["models"]> as ProposeContext["models"];
  const context = contextOf(model, { parents, models, components: [0], ...more });
  const proposal = await generalist(options).propose(context);
  model.finish();
  return proposal;
}

describe("generalist", () => {
  it("shows the spec and empty tags, and neither the present text nor feedback", async () => {
    const to = {
      system: system(instructions, "one"),
      messages: user(
        "The task.",
        "What the component must do: say one\nor two",
        "Lessons so far:\nBe brief.",
        tagged("a", ""),
      ),
      temperature: 0.5,
      maxTokens: 9,
    };
    const script = [{ to, answer: tagged("a", "one\n") }];
    const limits = { temperature: 0.5, maxTokens: 9 };
    expect(await propose(script, { note: "Be brief." }, limits)).toEqual(proposedTexts({ 0: "one" }));
  });

  it("sends the spec alone in compact mode", async () => {
    const script = [{ to: { messages: user("say two") }, answer: "two" }];
    expect(await propose(script, { promptMode: "compact", components: [1] })).toEqual(
      proposedTexts({ 1: "two" }),
    );
  });

  it.each([
    ["normal", tagged("a", "\n"), "the answer is empty"],
    ["normal", "one", "the answer lacks component a"],
    ["compact", " ", "the answer is empty"],
    ["compact", "one\ntwo", "expected 1 lines, got 2"],
    ["compact", { text: "one", stopReason: "length" }, "the answer was cut at its token limit"],
  ] as const)("rejects in %s mode the answer %j", async (promptMode, answer, reason) => {
    expect(await propose([answer], { promptMode })).toEqual(rejected(reason));
  });

  it("rejects a component without a spec, unasked", async () => {
    for (const promptMode of ["normal", "compact"] as const) {
      expect(await propose([], { promptMode, components: [2] })).toEqual(
        rejected("component c has no spec to work from"),
      );
    }
  });

  it("ends its answer as the component's text ends", async () => {
    const [first, ...others] = genome;
    const ended = [
      evaluated({ status: "ok", fitness: 1 }, [{ ...first!, text: "old\n" }, ...others]),
    ] as const;
    expect(await propose([tagged("a", "one\n")], { parents: ended })).toEqual(proposedTexts({ 0: "one\n" }));
  });

  it("tells what an answer says, for votes: its text in whatever words around it", async () => {
    let readAs: ModelRequest["readAs"];
    const answer = (request: ModelRequest) => {
      readAs = request.readAs;
      return tagged("a", "one\n");
    };
    await propose([answer]);
    const read = (text: string) => readAs?.({ text, stopReason: "stop" });
    expect(read(`Sure!\n${tagged("a", "one\n")}`)).toBe(read(tagged("a", "one\n\n").replace("\n\n", "\n")));
    expect(read(tagged("a", "one\n"))).not.toBe(read(tagged("a", "two\n")));
    expect(read("one")).toBeUndefined();
  });
});

describe("generalist on several components at once", () => {
  const both = { components: [0, 1], promptMode: "compact" } as const;
  /** Answers by what is asked, so that the order of calls plays no role. */
  const answering = (answers: Readonly<Record<string, string | Error>>) =>
    scripted(({ messages }) => answers[messages[0]!.text] ?? new Error("unknown"));
  const proposeWith = (model: Model) => {
    const models = { generalist: model } as Partial<ProposeContext["models"]> as ProposeContext["models"];
    return generalist({ together: 2 }).propose(contextOf(model, { parents, models, ...both }));
  };

  it("asks for all of them before any answer is there", async () => {
    let open = 0;
    let most = 0;
    const model = scripted(async () => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open -= 1;
      return "one";
    });
    expect(await proposeWith(model)).toEqual(proposedTexts({ 0: "one", 1: "one" }));
    expect(most).toBe(2);
  });

  it("changes what could be read where others could not, or their calls failed", async () => {
    for (const other of ["", new ModelError("down")]) {
      const model = answering({ "say one\nor two": other, "say two": "two" });
      expect(await proposeWith(model)).toEqual(proposedTexts({ 1: "two" }));
    }
  });

  it("is rejected, or fails, where nothing could be read", async () => {
    expect(await proposeWith(answering({ "say one\nor two": "a\nb", "say two": "" }))).toEqual(
      rejected("expected 1 lines, got 2"),
    );
    const down = new ModelError("down");
    await expect(proposeWith(answering({ "say one\nor two": "", "say two": down }))).rejects.toBe(down);
  });

  it("lets through what ends the run", async () => {
    for (const end of [new BudgetExhausted("2 calls"), new ModelError("no key", { isFatal: true })]) {
      const model = answering({ "say one\nor two": "one", "say two": end });
      await expect(proposeWith(model)).rejects.toBe(end);
    }
  });

  it("takes the next ones that can improve, in a circle, behind the one that its schedule chooses", () => {
    const parent = evaluated({ status: "ok", fitness: 1, improvable: [1, 2, 5, 6] });
    const state = generalist({ together: 3 }).schedule!.start(7);
    const rng = rngFrom("x");
    expect(state.next(parent, rng)).toEqual([1, 2, 5]);
    state.tell({ components: [1, 2, 5], isImproved: true, primitiveCost: 9 });
    expect(state.next(parent, rng)).toEqual([2, 5, 6]);
    state.tell({ components: [2, 5, 6], isImproved: false, primitiveCost: 9 });
    expect(state.next(parent, rng)).toEqual([2, 5, 6]);
    const last = evaluated({ status: "ok", fitness: 1, improvable: [1, 6] });
    expect(state.next(last, rng)).toEqual([6, 1]);
    const circle = generalist({ together: 2, schedule: roundRobin }).schedule!.start(2);
    expect([circle.next(parents[0], rng), circle.next(parents[0], rng)]).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it("tells its schedule of one component, with that one's share of the cost", () => {
    const told: Parameters<ReturnType<Schedule["start"]>["tell"]>[0][] = [];
    const schedule: Schedule = {
      name: "own",
      start: () => ({ next: () => [0], tell: (outcome) => void told.push(outcome) }),
    };
    const state = generalist({ together: 4, schedule }).schedule!.start(4);
    const last = evaluated({ status: "ok", fitness: 2, improvable: [0, 3] });
    const components = state.next(last, rngFrom("x"));
    state.tell({ components, isImproved: true, primitiveCost: 9 });
    expect(told).toEqual([{ components: [0], isImproved: true, primitiveCost: 4.5 }]);
  });

  it("keeps the contract of operators", async () => {
    for (const { run } of operatorContract(() => generalist({ together: 3, schedule: "credit" })))
      await run();
  });

  it("refuses what makes no sense", () => {
    expect(() => generalist({ together: 0 })).toThrow(
      "generalist: together must be a whole number of at least 1",
    );
    expect(() => generalist({ schedule: "sometimes" as never })).toThrow("Schedule 'sometimes' is unknown");
    expect(() => generalist({ inspirations: 1 } as never)).toThrow("option 'inspirations' is unknown");
    expect(generalist().schedule).toMatchObject({ name: "sequential" });
    expect(generalist({ together: 2 }).parameters).toEqual({ together: 2 });
  });
});
