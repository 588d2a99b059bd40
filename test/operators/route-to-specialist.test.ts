import { describe, expect, it } from "vitest";
import { routeToSpecialist } from "../../operators/route-to-specialist.ts";
import {
  type Model,
  ModelError,
  type ModelRequest,
  type ProposeContext,
  type Role,
  rejected,
} from "../../src/core/index.ts";
import { operatorContract } from "../../src/testing/index.ts";
import { contextOf, evaluated } from "../core/fixtures.ts";
import { type Line, type ScriptedModel, scripted } from "../scripted-model.ts";
import { proposedTexts, tagged, user } from "./propose.ts";

const genome = [
  { name: "a", text: "", spec: "please add\n1 and 2" },
  { name: "b", text: "", spec: "please sort\r\nb a" },
  { name: "c", text: "old" },
];
const parents = [evaluated({ status: "ok", fitness: 1, feedback: "Not so good." }, genome)] as const;
const compact = { promptMode: "compact" } as const;

const specialist = (
  name: string,
  size: number,
  capabilities: readonly string[] | undefined,
  script: readonly Line[] = [],
) => scripted(script, { name, size, ...(capabilities === undefined ? {} : { capabilities }) });

/** Proposes once; all scripts must have been followed. */
async function propose(
  delegator: ScriptedModel,
  team: readonly [ScriptedModel, ...ScriptedModel[]],
  more: Partial<ProposeContext> = {},
) {
  const models = { delegator, specialist: team[0] } as Partial<ProposeContext["models"]>;
  const context = contextOf(delegator, {
    ...{ parents, components: [0], models: models as ProposeContext["models"] },
    team: (role: Role): readonly [Model, ...Model[]] => (role === "specialist" ? team : [delegator]),
    ...more,
  });
  const proposal = await routeToSpecialist().propose(context);
  for (const model of [delegator, ...team]) model.finish();
  return proposal;
}

describe("route-to-specialist", () => {
  it("shows the delegator the first line and who there is, and the specialist the whole spec", async () => {
    const delegator = scripted([
      {
        to: {
          system: `You pass requests on to specialists; you do not carry them out.
You are shown the task of all requests and the first line of one of them.
Decide what it asks for and which specialist that is for.
The specialists: sorting, adding
Answer with the name of one specialist alone.`,
          messages: user(
            "The task.",
            "The first line of the request: please add",
            "Lessons so far:\nBe brief.",
            "Which specialist is this request for? Answer with the name alone.",
          ),
        },
        answer: "adding",
      },
    ]);
    const adding = specialist(
      "one",
      1,
      ["adding"],
      [
        {
          to: {
            system: `You write one component of a solution from what it must do; it was given to you because
this is what you are best at. You are shown the task, what the component must do,
and a pair of tags with nothing between them. Work it out and write the component.
Answer with the component alone, between the same tags as it was shown, and
nothing else.`,
            messages: user(
              "The task.",
              "What the component must do: please add\n1 and 2",
              "Lessons so far:\nBe brief.",
              tagged("a", ""),
            ),
          },
          answer: tagged("a", "3\n"),
        },
      ],
    );
    const team = [specialist("other", 1, ["sorting"]), adding] as const;
    expect(await propose(delegator, team, { note: "Be brief." })).toEqual(proposedTexts({ 0: "3" }));
  });

  it("sends the first line alone, and the spec alone, in compact mode", async () => {
    const delegator = scripted([{ to: { messages: user("please sort") }, answer: "sorting" }]);
    const sorting = specialist(
      "one",
      1,
      ["sorting"],
      [{ to: { messages: user("please sort\r\nb a") }, answer: "a b" }],
    );
    expect(await propose(delegator, [sorting], { ...compact, components: [1] })).toEqual(
      proposedTexts({ 1: "a b" }),
    );
  });

  it("takes the smallest specialist that can do it, the first of equal ones", async () => {
    const team = [
      specialist("large", 9, ["adding", "sorting"]),
      specialist("small", 2, ["adding"], ["3"]),
      specialist("twin", 2, ["adding"]),
      specialist("unable", 1, ["sorting"]),
    ] as const;
    expect(await propose(scripted(["adding"]), team, compact)).toEqual(proposedTexts({ 0: "3" }));
  });

  it("goes by the specialists' own names where they declare nothing", async () => {
    const team = [
      specialist("sums:0.5b", 1, undefined, ["3"]),
      specialist("sorts:7b", 7, undefined),
    ] as const;
    expect(await propose(scripted(["sums:0.5b"]), team, compact)).toEqual(proposedTexts({ 0: "3" }));
  });

  it("takes the only specialist, of which nothing is known, whatever the delegator calls it", async () => {
    const only = () => specialist("only", 1, undefined, ["3"]);
    expect(await propose(scripted(["arithmetic"]), [only()], compact)).toEqual(proposedTexts({ 0: "3" }));
  });

  it.each([
    "adding",
    " Adding.\n",
    '"adding"',
    "**adding**",
    "`adding`",
    "The specialist is: adding.",
    "adding, since adding is what it asks for",
    "<think>sorting? no</think>adding",
  ])("reads %j as adding", async (answer) => {
    const team = [specialist("one", 1, ["adding", "adding-up", "sorting"], ["3"])] as const;
    expect(await propose(scripted([answer]), team, compact)).toEqual(proposedTexts({ 0: "3" }));
  });

  it.each([
    ["cooking", 'the delegator names "cooking"; expected one of: adding, sorting'],
    ["adding or sorting", 'the delegator names "adding or sorting"; expected one of: adding, sorting'],
    ["", "delegator: the answer is empty"],
    [{ text: "adding", stopReason: "length" }, "the delegator's answer was cut at its token limit"],
  ] as const)("rejects %j with a reason, and asks no specialist", async (answer, reason) => {
    const team = [specialist("one", 1, ["adding", "sorting"])] as const;
    expect(await propose(scripted([answer]), team, compact)).toEqual(rejected(reason));
  });

  it("keeps reasons short", async () => {
    const many = Array.from({ length: 100 }, (_, index) => `task-${index}`);
    const said = await propose(scripted(["word ".repeat(1000)]), [specialist("one", 1, many)], compact);
    expect(said).toMatchObject({
      reason: expect.stringMatching(/…"; expected one of: task-0, .* and 92 more$/),
    });
    expect((said as { reason: string }).reason.length).toBeLessThan(250);
  });

  it("rejects a component without a spec, unasked", async () => {
    const team = [specialist("one", 1, ["adding"])] as const;
    expect(await propose(scripted([]), team, { components: [2] })).toEqual(
      rejected("component c has no spec to work from"),
    );
  });

  it("routes several components side by side, and changes what could be read", async () => {
    const asked: string[] = [];
    const delegator = scripted((request) => {
      asked.push(request.messages[0]!.text);
      return request.messages[0]!.text === "please add" ? "adding" : "cooking";
    });
    const adding = specialist("one", 1, ["adding"], ["3"]);
    const both = { ...compact, components: [0, 1] };
    expect(await propose(delegator, [adding], both)).toEqual(proposedTexts({ 0: "3" }));
    expect(asked).toEqual(["please add", "please sort"]);
    const failing = specialist("one", 1, ["cooking"], [new ModelError("down")]);
    const both2 = propose(scripted(["cooking", "adding"]), [failing], both);
    await expect(both2).rejects.toThrow("down");
  });

  it("tells what a delegator's answer says, for votes", async () => {
    let readAs: ModelRequest["readAs"];
    const delegator = scripted([
      (request: ModelRequest) => {
        readAs = request.readAs;
        return "adding";
      },
    ]);
    await propose(delegator, [specialist("one", 1, ["adding", "sorting"], ["3"])], compact);
    const read = (text: string) => readAs?.({ text, stopReason: "stop" });
    expect([read("Adding."), read("adding"), read("sorting"), read("cooking")]).toEqual([
      ...["adding", "adding", "sorting", undefined],
    ]);
  });

  it("keeps the contract of operators with several components at once", async () => {
    for (const { run } of operatorContract(() => routeToSpecialist({ together: 2, schedule: "random" }))) {
      await run();
    }
  });
});
