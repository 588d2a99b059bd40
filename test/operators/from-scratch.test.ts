import { describe, expect, it } from "vitest";
import { fromScratch } from "../../operators/from-scratch.ts";
import { type Genome, rejected } from "../../src/core/index.ts";
import { evaluated } from "../core/fixtures.ts";
import { propose, proposedTexts, system, user } from "./propose.ts";

const instructions = `You write solutions that consist of named components.
You are shown a task and the components that a solution has, each as a pair of
tags with nothing between them.
Write every component.`;

const answerOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts)
    .map(([name, text]) => `<component name="${name}">\n${text}</component>`)
    .join("\n");

const parentOf = (genome: Genome) =>
  [evaluated({ status: "ok", fitness: 3, feedback: "slow" }, genome)] as const;
const parents = parentOf([
  { name: "a", text: "old secret\n", spec: "be first", signature: "a(x,\n  y)" },
  { name: "b", text: "old secret", signature: "b()" },
]);

describe("from-scratch", () => {
  it("shows task, specs, signatures and the note, but nothing of any solution, and proposes all of one", async () => {
    const line = {
      to: {
        system: system(instructions, "several"),
        messages: user(
          "The task.",
          "What the components must do:\n- a: be first",
          "The components' signatures:\n- a: a(x,\n    y)\n- b: b()",
          "Lessons so far:\nShorter is better.",
          '<component name="a">\n</component>\n<component name="b">\n</component>',
        ),
        temperature: 1,
        maxTokens: 500,
      },
      answer: answerOf({ a: "new\n", b: "new\nlines\n" }),
    };
    const more = { parents, note: "Shorter is better.", inspirations: [...parents] };
    // Texts end as those of the parent do.
    expect(await propose(fromScratch({ temperature: 1, maxTokens: 500 }), [line], more)).toEqual(
      proposedTexts({ 0: "new\n", 1: "new\nlines" }),
    );
  });

  it("sends in compact mode what each component must do, else its name, a line each", async () => {
    const genome: Genome = [
      { name: "a", text: "old\n", spec: "rhyme\n  with day" },
      { name: "b", text: "old" },
      { name: "c", text: "old\n", spec: "" },
    ];
    const line = { to: { messages: user("rhyme with day\nb\nc\n") }, answer: "say\nno\nmay\n" };
    expect(
      await propose(fromScratch(), [line], { parents: parentOf(genome), promptMode: "compact" }),
    ).toEqual(proposedTexts({ 0: "say\n", 1: "no", 2: "may\n" }));
    const long = parentOf([{ name: "a", text: "two\nlines\n" }]);
    expect(await propose(fromScratch(), [], { parents: long, promptMode: "compact" })).toEqual(
      rejected("component a has several lines; in compact mode each must be one line"),
    );
  });

  it.each([
    ["left as it was shown", answerOf({ a: "new\n", b: "\n" }), "the answer leaves component b empty"],
    [
      "empty in a code fence",
      answerOf({ a: "```\n```\n", b: "new\n" }),
      "the answer leaves component a empty",
    ],
    ["missing", answerOf({ a: "new\n" }), "the answer lacks component b"],
  ])("rejects an answer in which a component is %s", async (_what, answer, reason) => {
    expect(await propose(fromScratch(), [answer], { parents })).toEqual(rejected(reason));
  });

  it("takes an empty component where the parent has one, and one that was repeated before it was written", async () => {
    const emptied = parentOf([
      { name: "a", text: "old\n" },
      { name: "b", text: "\n" },
    ]);
    expect(await propose(fromScratch(), [answerOf({ a: "new\n", b: "\n" })], { parents: emptied })).toEqual(
      proposedTexts({ 0: "new\n", 1: "\n" }),
    );
    const repeated = `${answerOf({ a: "\n", b: "\n" })}\nHere it is:\n${answerOf({ a: "A\n", b: "B\n" })}`;
    expect(await propose(fromScratch(), [repeated], { parents })).toEqual(
      proposedTexts({ 0: "A\n", 1: "B" }),
    );
  });

  it("reads a code fence in the component's language, and no other", async () => {
    const coded = parentOf([{ name: "a", text: "f();\n", language: "javascript" }]);
    const fenced = (language: string) => [`\`\`\`${language}\ng();\n\`\`\``];
    expect(await propose(fromScratch(), fenced("js"), { parents: coded })).toEqual(
      proposedTexts({ 0: "g();\n" }),
    );
    expect(await propose(fromScratch(), fenced("python"), { parents: coded })).toEqual(
      rejected("answered in python, expected javascript"),
    );
  });

  it("is global and shows no inspirations", () => {
    expect(fromScratch({ maxTokens: 9 })).toMatchObject({
      ...{ name: "from-scratch", scope: "global", roles: ["mutator"], parentCount: 1, inspirationCount: 0 },
      ...{ parameters: { maxTokens: 9 }, isCompactable: true },
    });
    expect(() => fromScratch({ inspirations: 1 } as never)).toThrow(
      "from-scratch: option 'inspirations' is unknown",
    );
  });
});
