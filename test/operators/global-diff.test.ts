import { describe, expect, it } from "vitest";
import { globalDiff } from "../../operators/global-diff.ts";
import {
  type Genome,
  type Operator,
  type ProposeContext,
  proposed,
  rejected,
  writeTagged,
} from "../../src/core/index.ts";
import { contextOf, evaluated } from "../core/fixtures.ts";
import { type Line, scripted } from "../scripted-model.ts";

const system = `You improve solutions that consist of named components.
You are shown a task and the components of a good solution, each between tags.
Make the changes that improve it most.
Answer with SEARCH/REPLACE blocks, one for each change, and nothing else:
<<<<<<< SEARCH
text to find
=======
text to put in its place
>>>>>>> REPLACE
The text to find is one or more whole lines of one component, copied exactly, as many as it takes to
occur only once; the other lines stay as they are. Blocks apply in order. Where components have the same
lines, put the block between the tags of the one you mean.`;

const genome: Genome = [
  { name: "a", text: "one\n", spec: "be first" },
  { name: "b", text: "two\nthree\n" },
];
const user = (...parts: readonly string[]) => [{ role: "user" as const, text: parts.join("\n\n") }];
const parent = writeTagged(genome, [0, 1]);
const block = "<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE";

/** Proposes once with a scripted model; the whole script must have been followed. */
async function propose(
  script: readonly Line[],
  more: Partial<ProposeContext> = {},
  operator: Operator = globalDiff(),
) {
  const model = scripted(script);
  const parents = [evaluated({ status: "ok", fitness: 2 }, genome)] as const;
  const proposal = await operator.propose(contextOf(model, { parents, ...more }));
  model.finish();
  return proposal;
}

describe("global-diff", () => {
  it("shows task and all components, and proposes those that its blocks change", async () => {
    const messages = user(
      "The task.",
      "What the components must do:\n- a: be first",
      "Score of this solution (higher is better): 2",
      parent,
    );
    expect(await propose([{ to: { system, messages }, answer: block }])).toEqual(
      proposed(new Map([[1, "two\nTHREE\n"]])),
    );
  });

  it("shows inspirations, the note and feedback, and passes its limits on", async () => {
    const inspiration = evaluated({ status: "ok", fitness: 3 }, [
      { name: "a", text: "uno\n" },
      { name: "b", text: "due\n" },
    ]);
    const messages = user(
      "The task.",
      "What the components must do:\n- a: be first",
      "The evaluation of this solution failed (crash).\nFeedback on this solution:\nb is wrong",
      "Other solutions, for inspiration:\nScore 3:\na:\nuno\nb:\ndue",
      "Lessons so far:\nbe brief",
      parent,
    );
    const to = { system, messages, temperature: 0, maxTokens: 100 };
    const failed = evaluated({ status: "failed", reason: "crash", feedback: "b is wrong" }, genome);
    const proposal = await propose(
      [{ to, answer: block }],
      { parents: [failed], inspirations: [inspiration], note: "be brief" },
      globalDiff({ temperature: 0, maxTokens: 100, inspirations: 2 }),
    );
    expect(proposal.status).toBe("proposed");
  });

  it("lets a campaign put other texts in the place of its parts", async () => {
    const prompt = { instructions: "Be bold.", statement: "{default} Now.", specs: "", feedback: "" };
    const format = system.slice(system.indexOf("Answer with"));
    const to = { system: `Be bold.\n${format}`, messages: user("The task. Now.", parent) };
    expect((await propose([{ to, answer: block }], { prompt })).status).toBe("proposed");
  });

  it("asks for longer markers where the components have lines like markers, and reads those alone", async () => {
    const conflict: Genome = [{ name: "a", text: "mine\n=======\nyours\n<<<<<<<< SEARCH\n" }];
    const parents = [evaluated({ status: "ok", fitness: 0 }, conflict)] as const;
    const shown = { signs: 0 };
    const script: Line[] = [
      ({ system: asked = "" }) => {
        shown.signs = /^(<+) SEARCH$/m.exec(asked)![1]!.length;
        return "<<<<<<<<< SEARCH\n=======\n=========\n-------\n>>>>>>>>> REPLACE";
      },
    ];
    expect(await propose(script, { parents })).toEqual(
      proposed(new Map([[0, "mine\n-------\nyours\n<<<<<<<< SEARCH\n"]])),
    );
    expect(shown.signs).toBe(9);
    expect(await propose(["<<<<<<< SEARCH\nmine\n=======\nours\n>>>>>>> REPLACE"], { parents })).toEqual(
      rejected("the answer has <<<<<<< SEARCH, expected <<<<<<<<< SEARCH and >>>>>>>>> REPLACE"),
    );
  });

  it("rejects an answer that cannot be read or was cut, with the reason", async () => {
    expect(await propose(["no"])).toEqual(rejected("the answer has no SEARCH/REPLACE block"));
    expect(await propose([block.replace("three", "four")])).toEqual(
      rejected("block 1 has a text to find that is in no component"),
    );
    const cut = { text: block.slice(0, -20), stopReason: "length" } as const;
    expect(await propose([cut])).toEqual(rejected("the answer was cut at its token limit"));
  });

  it("lets a failing model's error through: the engine decides what it means", async () => {
    const failure = new Error("no connection");
    await expect(propose([failure])).rejects.toBe(failure);
  });

  it("is global, has one parent, needs instructions, and checks its options", () => {
    expect(globalDiff({ temperature: 0.5 })).toMatchObject({
      ...{ name: "global-diff", scope: "global", roles: ["mutator"], parentCount: 1, inspirationCount: 0 },
      ...{ isCompactable: false, schedule: undefined, parameters: { temperature: 0.5 } },
    });
    expect(globalDiff({ inspirations: 3 }).inspirationCount).toBe(3);
    expect(() => globalDiff({ schedule: "random" } as never)).toThrow(
      "global-diff: option 'schedule' is unknown",
    );
  });
});
