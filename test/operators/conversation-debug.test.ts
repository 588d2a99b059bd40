import { describe, expect, it } from "vitest";
import { conversationDebug } from "../../operators/conversation-debug.ts";
import { type Message, ModelError, type ProposeContext } from "../../src/core/index.ts";
import { evaluated } from "../core/fixtures.ts";
import type { Line } from "../scripted-model.ts";
import { proposedTexts, tagged } from "./propose.ts";
import { genome, keyOf, proposeByTwo } from "./propose-by-two.ts";

const user = (text: string): Message => ({ role: "user", text });
const assistant = (text: string): Message => ({ role: "assistant", text });

const qaSystem = `You do quality assurance on a solution that consists of named components.
You are shown the task and all components, each between tags. A developer writes
them anew as you report, and shows them to you again.
Find a component that does not do what it must do.
Answer with the name of one such component, a colon, and what is wrong with it in one
sentence. Where nothing is wrong, answer with the words: no bug`;
const developerSystem = `You develop a solution that consists of named components.
You are shown the task, all components, each between tags, and a report of
quality assurance on one that is wrong. Further reports may follow.
Put right what the report names and leave everything else as it is.
Answer each report with all components, each between the same tags as it was shown,
with the same name, in full, and nothing else.`;

/** All components, with these texts, between tags. */
const code = (...texts: readonly string[]) =>
  genome.map(({ name }, index) => tagged(name, `${texts[index]}\n`)).join("\n");
const [before, between, after] = [
  code("return 1;", "return 1;", "return 1;"),
  code("return 1;", "return 2;", "return 1;"),
  code("return 1;", "return 2;", "return 2 / 3;"),
];
const head = `The task.

What the components must do:
- f.js:first: Returns 1.
- f.js:second: Returns 2.
- g.js:twoThirds: Returns 2 / 3.

Score of this solution (higher is better): 1

${before}`;
const reports = ["f.js:second: it returns 1", "twoThirds returns 1"] as const;
const headed = (report: string) => `Report of quality assurance:\n${report}`;

describe("conversation-debug", () => {
  it("lets both talk in one history, seen from both sides, until nothing is found; one proposal", async () => {
    const [first, second] = reports;
    const limits = { temperature: 0.3, maxTokens: 900 };
    const ask = (system: string, ...messages: readonly Message[]) => ({ system, messages, ...limits });
    const toQa = [user(head), assistant(first), user(between), assistant(second), user(after)];
    const toDeveloper = [user(`${head}\n\n${headed(first)}`), assistant(between), user(headed(second))];
    const script = {
      qa: [
        { to: ask(qaSystem, ...toQa.slice(0, 1)), answer: first },
        { to: ask(qaSystem, ...toQa.slice(0, 3)), answer: second },
        { to: ask(qaSystem, ...toQa), answer: "no bug" },
      ],
      developer: [
        { to: ask(developerSystem, ...toDeveloper.slice(0, 1)), answer: `Here it is:\n${between}` },
        { to: ask(developerSystem, ...toDeveloper), answer: after },
      ],
    };
    expect(await proposeByTwo(conversationDebug(limits), script)).toEqual(
      proposedTexts({ 1: "return 2;", 2: "return 2 / 3;" }),
    );
  });

  it("shows bare specs, code and reports in compact mode", async () => {
    const bare = "Returns 1.\nreturn 1;\nReturns 2.\nreturn 1;\nReturns 2 / 3.\nreturn 1;\n";
    const [one, two] = ["return 1;\nreturn 2;\nreturn 1;\n", "return 1;\nreturn 2;\nreturn 2 / 3;\n"];
    const script = {
      qa: [
        { to: { messages: [user(bare)] }, answer: "f.js:second" },
        { to: { messages: [user(bare), assistant("f.js:second"), user(one)] }, answer: "twoThirds" },
        {
          to: {
            messages: [user(bare), assistant("f.js:second"), user(one), assistant("twoThirds"), user(two)],
          },
          answer: "ok",
        },
      ],
      developer: [
        { to: { messages: [user(`${bare}f.js:second`)] }, answer: one },
        { to: { messages: [user(`${bare}f.js:second`), assistant(one), user("twoThirds")] }, answer: two },
      ],
    };
    expect(await proposeByTwo(conversationDebug(), script, { promptMode: "compact" })).toEqual(
      proposedTexts({ 1: "return 2;", 2: "return 2 / 3;" }),
    );
  });

  it("shows and reads code between tags that fit what it has come to", async () => {
    const parents: ProposeContext["parents"] = [
      evaluated({ status: "ok", fitness: 0 }, [
        { ...genome[0]!, text: 'return "</component>";' },
        genome[1]!,
      ]),
    ];
    const write = (tag: string, first: string, second: string) =>
      `<${tag} name="f.js:first">\n${first}\n</${tag}>\n<${tag} name="f.js:second">\n${second}\n</${tag}>`;
    const turns = [
      write("component-x", "return 1;", "return 1;"),
      write("component", "return 1;", "return 2;"),
    ];
    const shown: string[] = [];
    const reports: readonly Line[] = ["first: x", "second: x", "no bug"].map((line) => ({ messages }) => {
      shown.push(messages.at(-1)!.text);
      return line;
    });
    const script = { qa: reports, developer: turns };
    expect(await proposeByTwo(conversationDebug(), script, { parents })).toEqual(
      proposedTexts({ 0: "return 1;", 1: "return 2;" }),
    );
    expect(shown.slice(1)).toEqual([write("component", "return 1;", "return 1;"), turns[1]]);
  });

  it("takes parts that the campaign replaces into the first turn, and not into the others", async () => {
    const seen: string[] = [];
    const keep = (answer: string) => ({
      qa: [answer, "no bug"].map((line) => ({ messages }: { readonly messages: readonly Message[] }) => {
        seen.push(...messages.map(({ text }) => text));
        return line;
      }),
      developer: [between],
    });
    const prompt = { statement: "Another task.", instructions: "{default}\nBe strict." };
    await proposeByTwo(conversationDebug(), keep("second(): wrong"), { prompt });
    expect(seen.filter((text) => text.includes("Another task."))).toHaveLength(2); // the first turn, asked twice
    expect(seen.at(-1)).toBe(between);
  });

  it("ends after so many rounds", async () => {
    const script = { qa: [...reports], developer: [between, after] };
    expect(await proposeByTwo(conversationDebug({ rounds: 2 }), script)).toMatchObject({
      status: "proposed",
    });
    const one = { qa: reports.slice(0, 1), developer: [between] };
    expect(await proposeByTwo(conversationDebug({ rounds: 1 }), one)).toEqual(
      proposedTexts({ 1: "return 2;" }),
    );
  });

  it("is a rejection with the reason where nothing came of it", async () => {
    const reasonOf = async (qa: readonly string[], developer: readonly string[] = []) => {
      const proposal = await proposeByTwo(conversationDebug(), { qa, developer });
      return proposal.status === "rejected" ? proposal.reason : proposal;
    };
    expect(await reasonOf(["no bug"])).toBe("quality assurance found nothing wrong");
    expect(await reasonOf(["first: x", "no bug"], [before])).toBe("quality assurance found nothing wrong");
    expect(await reasonOf([""])).toBe("the answer is empty");
    expect(await reasonOf(["It could be nicer."])).toBe("the report names no component");
    expect(await reasonOf(["f.js:first: x"], ["no"])).toBe("the answer lacks component f.js:first");
  });

  it("proposes what was done before an answer that cannot be read", async () => {
    const made = proposedTexts({ 1: "return 2;" });
    for (const script of [
      { qa: [reports[0], ""], developer: [between] },
      { qa: [...reports], developer: [between, "I'm sorry, but no."] },
      { qa: [reports[0], { text: "twoTh", stopReason: "length" as const }], developer: [between] },
    ])
      expect(await proposeByTwo(conversationDebug(), script)).toEqual(made);
  });

  it("proposes what was done before a call that fails, and fails with one that nothing came before", async () => {
    const made = proposedTexts({ 1: "return 2;" });
    const long = new ModelError("the prompt is longer than the context");
    for (const script of [
      { qa: [reports[0], long], developer: [between] },
      { qa: [...reports], developer: [between, long] },
    ])
      expect(await proposeByTwo(conversationDebug(), script)).toEqual(made);
    for (const script of [
      { qa: [long], developer: [] },
      { qa: [reports[0]], developer: [long] },
      { qa: [reports[0], new ModelError("no such model", { isFatal: true })], developer: [between] },
    ])
      await expect(proposeByTwo(conversationDebug(), script)).rejects.toBeInstanceOf(ModelError);
  });

  it("takes equal answers for equal, and discards what cannot be read, where models vote", async () => {
    const key = (text: string) => keyOf(conversationDebug(), "qa", text);
    expect(await key("`second`: it returns 1")).toBe(await key("The bug is in f.js:second."));
    expect(await key("No bugs found.")).toBe(await key("ok"));
    expect(await key("second: x")).not.toBe(await key("ok"));
    expect(await key("I like it.")).toBeUndefined();
    const rewritten = (text: string) => keyOf(conversationDebug(), "developer", text);
    expect(await rewritten(`Well:\n${between}`)).toBe(await rewritten(between));
    expect(await rewritten(after)).not.toBe(await rewritten(between));
    expect(await rewritten("no")).toBeUndefined();
  });

  it("checks its options", () => {
    expect(conversationDebug({ rounds: 3, temperature: 0 })).toMatchObject({
      ...{ name: "conversation-debug", scope: "global", roles: ["qa", "developer"], isCompactable: true },
      parameters: { rounds: 3, temperature: 0 },
    });
    expect(conversationDebug().parameters).toEqual({ rounds: 20 });
    expect(() => conversationDebug({ rounds: 0 })).toThrow(
      "conversation-debug: rounds must be a whole number",
    );
    expect(() => conversationDebug({ turns: 1 } as never)).toThrow(
      "conversation-debug: option 'turns' is unknown",
    );
  });
});

describe("a report on all components", () => {
  const read = async (text: string) => keyOf(conversationDebug(), "qa", text);

  it.each([
    ["second", "1"],
    ["f.js:second", "1"],
    ["**second**: it returns 1", "1"],
    ["- `second` - wrong number", "1"],
    ["second()", "1"],
    ["twoThirds: it should call second", "2"],
    ["The bug is in twoThirds, which returns 1.", "2"],
    ["There is a bug in the function second.", "1"],
    ["Here is my answer.\ntwoThirds", "2"],
    ["<think>first? no, second</think>twoThirds", "2"],
    ['<component name="g.js:twoThirds">', "2"],
    ["f.js:first: ok\nf.js:second: it returns 1\ng.js:twoThirds: ok", "1"],
    ["first is correct.\nThe bug is in second.", "1"],
    ["The loop is correct.\nThe bug is in second.", "1"],
    ["second: no, it returns 1", "1"],
    ["twoThirds: the numerator is not right; all else is fine", "2"],
  ])("names a component: %s", async (text, index) => {
    expect(await read(text)).toBe(index);
  });

  it.each([
    ...["no bug", "No bugs.", "**ok**", "None", "There are no bugs left in this code.", "I found no errors."],
    ...["All components are correct.", "Everything looks fine!", "Here is my answer.\nno bug", "LGTM"],
    ...["first: ok\nsecond: no bug\ntwoThirds: it is correct", "All components do what they must do."],
    ...["<think>second may be wrong, but no</think>no bug", "Answer: no bug", "Nothing is wrong."],
  ])("says that nothing is wrong: %s", async (text) => {
    expect(await read(text)).toBe("ok");
  });

  it.each([
    ...["", "Either `second` or `twoThirds` is wrong", "I cannot help with that: second"],
    ...[
      "There is no bug in twoThirds.",
      "second: no bug",
      "f.js:first: ok\nf.js:second: ok",
      "the second one is the first I would look at",
      "secondary",
      "f.js:secondOne",
    ],
    ...["All is fine but one thing", "No error handling anywhere"],
  ])("is discarded where its meaning is in doubt: %s", async (text) => {
    expect(await read(text)).toBeUndefined();
  });
});
