import { describe, expect, it } from "vitest";
import { focusedDebug } from "../../operators/focused-debug.ts";
import { type Message, ModelError, rngFrom, type Schedule } from "../../src/core/index.ts";
import { ofFitness } from "../core/fixtures.ts";
import { proposedTexts, system, tagged } from "./propose.ts";
import { keyOf, proposeByTwo } from "./propose-by-two.ts";

const qaInstructions = `You do quality assurance on one component of a solution.
You are shown the task, what the component must do, and its text between tags.
Find out whether it does what it must do.`;
const qaFormat = `Answer with the word ok if it does. Else say in one or two short sentences what is
wrong with it; do not write code.`;
const developerInstructions = `You develop one component of a solution; the other components stay as they are.
You are shown the task, what the component must do, its text between tags, and
what quality assurance found wrong with it.
Put that right and leave everything else as it is.`;

const user = (text: string): readonly Message[] => [{ role: "user", text }];
const one = { components: [1], component: 1 };
const shown = tagged("f.js:second", "return 1;\n");
const answer = tagged("f.js:second", "return 2;\n");
const head = `The task.

What the component must do: Returns 2.

Signatures of other components that it may call:
function first()
function twoThirds()

Score of this solution (higher is better): 1

${shown}`;

describe("focused-debug", () => {
  it("asks about one component alone, and has what is wrong put right in it alone", async () => {
    const limits = { temperature: 0.3, maxTokens: 900 };
    const report = "It returns 1, not 2.";
    const script = {
      qa: [
        { to: { system: `${qaInstructions}\n${qaFormat}`, messages: user(head), ...limits }, answer: report },
      ],
      developer: [
        {
          to: {
            system: system(developerInstructions, "one"),
            messages: user(`${head}\n\nReport of quality assurance:\n${report}`),
            ...limits,
          },
          answer,
        },
      ],
    };
    expect(await proposeByTwo(focusedDebug(limits), script, one)).toEqual(proposedTexts({ 1: "return 2;" }));
  });

  it("shows bare spec, code and report in compact mode", async () => {
    const script = {
      qa: [{ to: { messages: user("Returns 2.\nreturn 1;\n") }, answer: "second" }],
      developer: [{ to: { messages: user("Returns 2.\nreturn 1;\nsecond") }, answer: "return 2;\n" }],
    };
    const more = { ...one, promptMode: "compact" } as const;
    expect(await proposeByTwo(focusedDebug(), script, more)).toEqual(proposedTexts({ 1: "return 2;" }));
  });

  it("asks no developer about what is right, and rejects what cannot be read, with the reason", async () => {
    const reasonOf = async (qa: string, developer: readonly string[] = []) => {
      const proposal = await proposeByTwo(focusedDebug(), { qa: [qa], developer }, one);
      return proposal.status === "rejected" ? proposal.reason : proposal;
    };
    for (const ok of [
      "ok",
      "OK.",
      "**Ok**",
      "no bug",
      "It is correct.",
      "Here is my answer.\nok",
      "ok, it does what it must do.",
      "OK - the number is right",
      "Yes, it does.",
      "The component does what it must do.",
      "The function is correct and works as expected.",
      "No bug found. The function is correct.",
      "f.js:second: ok",
      "second: it is correct",
      "<think>hm</think>ok",
    ])
      expect(await reasonOf(ok)).toBe("quality assurance found nothing wrong");
    expect(await reasonOf("")).toBe("the answer is empty");
    for (const bare of ["No.", "yes"]) expect(await reasonOf(bare)).toBe("the report is a bare yes or no");
    expect(await reasonOf("I'm sorry, but I cannot help.")).toBe("the report is a refusal");
    expect(await reasonOf("wrong", ["well"])).toBe("the answer lacks component f.js:second");
  });

  it.each([
    ...["It is correct for 2 only.", "No error is thrown for negative numbers.", "No, the number is wrong"],
    ...["No, it does not.", "The sum is right, the number is 1 too low.", "second: it is not correct"],
    ...["ok, but it returns 1", "It does what it must do for 2 only"],
    ...["ok in most cases, not for 0", "The loop is fine, but it should end earlier"],
  ])("takes for a report what says that something is wrong: %s", async (report) => {
    expect(await proposeByTwo(focusedDebug(), { qa: [report], developer: [answer] }, one)).toEqual(
      proposedTexts({ 1: "return 2;" }),
    );
  });

  it("visits each component once in a sweep, whatever came of it; or as its schedule says", () => {
    const state = focusedDebug().schedule!.start(3);
    const visited = Array.from({ length: 7 }, (_, time) => {
      const components = state.next(ofFitness(0, [1]), rngFrom("x"));
      state.tell({ components, isImproved: time % 2 === 0, primitiveCost: 1 });
      return components[0];
    });
    expect(visited).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(focusedDebug({ schedule: "random" }).schedule?.name).toBe("random");
    expect(() => focusedDebug({ schedule: "sweep" as never })).toThrow("Schedule 'sweep' is unknown");
  });

  it("works on several components side by side where its schedule announces them", async () => {
    const pairs: Schedule = { name: "pairs", start: () => ({ next: () => [0, 1], tell: () => {} }) };
    const operator = focusedDebug({ schedule: pairs });
    const script = { qa: ["ok", "wrong"], developer: [answer] };
    const more = { components: [0, 1], component: 0 };
    expect(await proposeByTwo(operator, script, more)).toEqual(proposedTexts({ 1: "return 2;" }));
    expect(await proposeByTwo(operator, { qa: ["ok", "ok"], developer: [] }, more)).toMatchObject({
      ...{ status: "rejected", reason: "quality assurance found nothing wrong" },
    });
  });

  it("keeps what came of one component where the call for another fails", async () => {
    const pairs: Schedule = { name: "pairs", start: () => ({ next: () => [0, 1], tell: () => {} }) };
    const more = { components: [0, 1], component: 0 };
    const down = new ModelError("down");
    const script = { qa: [down, "wrong"], developer: [answer] };
    const operator = focusedDebug({ schedule: pairs });
    expect(await proposeByTwo(operator, script, more)).toEqual(proposedTexts({ 1: "return 2;" }));
    const both = { qa: [down, "ok"], developer: [] };
    await expect(proposeByTwo(operator, both, more)).rejects.toBe(down);
  });

  it("takes equal answers for equal, and discards what cannot be read, where models vote", async () => {
    const key = (text: string) => keyOf(focusedDebug(), "qa", text, one);
    expect(await key("It returns 1.")).toBe(await key("The number is wrong."));
    expect(await key("ok")).toBe(await key("No bugs."));
    expect(await key("ok")).not.toBe(await key("It returns 1."));
    expect(await key("")).toBeUndefined();
    const rewritten = (text: string) => keyOf(focusedDebug(), "developer", text, one);
    expect(await rewritten(`Well:\n${answer}`)).toBe(await rewritten(answer));
    expect(await rewritten("no")).toBeUndefined();
  });

  it("has scope local and the roles qa and developer", () => {
    expect(focusedDebug({ temperature: 0 })).toMatchObject({
      ...{ name: "focused-debug", scope: "local", roles: ["qa", "developer"], isCompactable: true },
      parameters: { temperature: 0 },
    });
    expect(() => focusedDebug({ rounds: 1 } as never)).toThrow("focused-debug: option 'rounds' is unknown");
  });
});
