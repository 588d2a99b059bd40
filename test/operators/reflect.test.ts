import { describe, expect, it } from "vitest";
import { type ReflectOptions, reflect } from "../../operators/reflect.ts";
import {
  type Attempt,
  type EvaluatedCandidate,
  type Evaluation,
  noted,
  rejected,
} from "../../src/core/index.ts";
import { evaluated } from "../core/fixtures.ts";
import type { Answer } from "../scripted-model.ts";
import { propose, system, user } from "./propose.ts";

const instructions = (most: number) => `You advise a search that improves solutions made of named components.
You are shown the task, what was tried last with what came of it, and the lessons so far.
Write a note of at most ${most} characters for those who try next: what worked, what did not, and
what to try. Keep the lessons that still hold: your note takes their place.`;
const format = "Answer with the note alone, as plain text.";

const parent = evaluated({ status: "ok", fitness: 3 });

/** A candidate that changed these components, by name, to these texts. */
function child(evaluation: Evaluation, texts: Readonly<Record<string, string>>): EvaluatedCandidate {
  const names = Object.keys(texts);
  const { candidate } = evaluated(
    evaluation,
    names.map((name) => ({ name, text: texts[name]! })),
  );
  return { candidate: { ...candidate, changed: names.map((_, index) => index) }, evaluation };
}

const attempt = (operator: string, made: EvaluatedCandidate | undefined, reason?: string): Attempt => ({
  ...{ operator, parent, child: made, reason },
});
const some = [attempt("local-rewrite", undefined, "the answer is empty")];

const answered = (answer: Answer, options?: ReflectOptions) =>
  propose(reflect(options), [answer], { attempts: some });

describe("reflect", () => {
  it("shows what was tried with what came of it, and the last note, and makes the answer the note", async () => {
    const attempts = [
      attempt("local-rewrite", child({ status: "ok", fitness: 4.12345678 }, { b: "two\n  words\n" })),
      attempt("global-rewrite", undefined, "the answer lacks\ncomponent a"),
      attempt(
        "global-rewrite",
        child({ status: "failed", reason: "crash", feedback: "b is\nnot defined" }, { a: "x", b: "y" }),
      ),
      attempt(
        "global-rewrite",
        child({ status: "failed", reason: "timeout" }, { a: "1", b: "", c: "", d: "", e: "" }),
      ),
    ];
    const line = {
      to: {
        system: system(instructions(1000), format),
        messages: user(
          "The task.",
          [
            "What was tried last, the oldest first:",
            "- local-rewrite changed b: score 3 -> score 4.12346",
            "  b became: two words",
            "- global-rewrite: rejected: the answer lacks component a",
            "- global-rewrite changed a, b: score 3 -> failed (crash): b is not defined",
            "  a became: x",
            "- global-rewrite changed a, b, c, d and 1 more: score 3 -> failed (timeout)",
            "  a became: 1",
          ].join("\n"),
          "Lessons so far:\nLonger is better.",
        ),
        temperature: 0,
        maxTokens: 300,
      },
      answer: " Shorter is better.\n",
    };
    const more = { attempts, note: "Longer is better.", inspirations: [parent] };
    expect(await propose(reflect({ temperature: 0, maxTokens: 300 }), [line], more)).toEqual(
      noted("Shorter is better."),
    );
  });

  it("shows no more attempts than there were since the last note", async () => {
    const attempts = ["one", "two", "three"].map((operator) => attempt(operator, undefined, "no"));
    const line = {
      to: {
        system: system(instructions(50), format),
        messages: user(
          "The task.",
          "What was tried last, the oldest first:\n- two: rejected: no\n- three: rejected: no",
        ),
      },
      answer: "Try.",
    };
    const operator = reflect({ every: 2, maxCharacters: 50 });
    expect(await propose(operator, [line], { attempts })).toEqual(noted("Try."));
  });

  it("bounds what it shows, however large solutions, feedback and reasons are", async () => {
    const long = "word ".repeat(1000);
    const texts = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${long}${index}`, long]));
    const failed = child({ status: "failed", reason: "crash", feedback: long }, texts);
    const attempts = Array.from({ length: 32 }, (_, index) =>
      attempt("x", index % 2 ? failed : undefined, long),
    );
    let size = 0;
    const measure: Answer = ({ messages }) => {
      size = messages[0]!.text.length;
      return "note";
    };
    await propose(reflect({ every: 32 }), [measure], { attempts });
    expect(size).toBeGreaterThan(5000);
    expect(size).toBeLessThan(16 * 800);
  });

  it("asks for nothing while nothing was tried", async () => {
    expect(await propose(reflect(), [], { attempts: [] })).toEqual(
      rejected("there is nothing to reflect on yet"),
    );
  });

  it.each<[string, Answer, ReturnType<typeof noted>]>([
    ["takes off thinking", "<think>\nHm.\n</think>\n\nBe brief.", noted("Be brief.")],
    ["takes off thinking whose start was cut off", "Hm.\n</think>\nBe brief.", noted("Be brief.")],
    ["takes off all thinking", "<think>a</think>Be <think>b</think>brief.", noted("Be \nbrief.")],
    [
      "takes off control characters",
      "\u0000Be\u0007 brief.\u001b[0m\r\n\tNow.\u0085",
      noted("Be brief.[0m\n\tNow."),
    ],
    ["keeps what ends at its limit", { text: "Be brief and", stopReason: "length" }, noted("Be brief and")],
    [
      "keeps no tag of a component",
      'In <component name="a"> be brief.',
      noted('In < component name="a"> be brief.'),
    ],
    ["rejects an empty answer", " \n", rejected("the answer is empty")],
    ["rejects thinking alone", "<think>Hm.</think>\n", rejected("the answer ends after its thinking")],
    [
      "rejects thinking that was cut",
      { text: "<think>Hm.", stopReason: "length" },
      rejected("the answer was cut while thinking"),
    ],
  ])("%s", async (_what, answer, expected) => {
    expect(await answered(answer)).toEqual(expected);
  });

  it("cuts a note that is longer than asked for, between characters", async () => {
    expect(await answered("0123456789", { maxCharacters: 10 })).toEqual(noted("0123456789"));
    expect(await answered("0123456789a", { maxCharacters: 10 })).toEqual(noted("012345678…"));
    expect(await answered("01234567🧬9", { maxCharacters: 10 })).toEqual(noted("01234567…"));
    expect(await answered("x".repeat(5_000_000))).toEqual(noted(`${"x".repeat(999)}…`));
  });

  it("comes every so many candidates, and not to compact prompts", () => {
    expect(reflect()).toMatchObject({
      ...{ name: "reflect", scope: "global", roles: ["mutator"], every: 20, isCompactable: false },
      ...{ parameters: { every: 20, maxCharacters: 1000 } },
    });
    expect(reflect({ every: 5, maxCharacters: 200 })).toMatchObject({
      ...{ every: 5, parameters: { every: 5, maxCharacters: 200 } },
    });
    expect(() => reflect({ every: 1 })).toThrow(
      "Operator 'reflect': every must be a whole number of at least 2",
    );
    expect(() => reflect({ maxCharacters: 0 })).toThrow("reflect: maxCharacters must be a whole number of");
    expect(() => reflect({ inspirations: 1 } as never)).toThrow("reflect: option 'inspirations' is unknown");
  });
});
