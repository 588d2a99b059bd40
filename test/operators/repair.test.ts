import { describe, expect, it } from "vitest";
import { repairFailures } from "../../operators/repair.ts";
import type { Attempt, EvaluatedCandidate, Evaluation, Genome } from "../../src/core/index.ts";
import { propose, proposedTexts, system, tagged, user } from "./propose.ts";

const instructions = `You repair a solution that consists of named components.
You are shown a task, how the solution failed, and the components that were
changed last, each between tags; the other components worked before.
Find out what is wrong and write these components so that the solution works.`;

const genome: Genome = [
  { name: "a", text: "function a() { return 1; }\n", signature: "function a()" },
  { name: "b", text: "function b( {}\n", spec: "call a" },
  { name: "c", text: "function c() {}\n" },
];
const crash: Evaluation = { status: "failed", reason: "syntax", feedback: "b: Unexpected token" };
const failure =
  "The evaluation of this solution failed (syntax).\nFeedback on this solution:\nb: Unexpected token";

/** A candidate of a run that changed some components of its parent. */
function candidate(
  sequence: number,
  parent: number,
  changed: readonly number[],
  evaluation: Evaluation = crash,
): EvaluatedCandidate {
  const parents = sequence === 0 ? [] : [parent];
  return { candidate: { sequence, generation: 1, parents, operator: "x", changed, genome }, evaluation };
}

const attemptOf = (child: EvaluatedCandidate): Attempt => ({
  ...{ operator: "x", parent: candidate(0, 0, []), child, reason: undefined },
});

/** The names of the components that the prompt shows. */
async function shownFor(failed: EvaluatedCandidate, earlier: readonly EvaluatedCandidate[] = []) {
  let names: readonly (string | undefined)[] = [];
  await propose(
    repairFailures(),
    [
      ({ messages }) => {
        names = [...messages[0]!.text.matchAll(/<component name="(.)">/g)].map(([, name]) => name);
        return "";
      },
    ],
    { parents: [failed], attempts: earlier.map(attemptOf) },
  );
  return names;
}

describe("repair", () => {
  it("shows what the failed candidate changed, why it failed and what else there is, and proposes that", async () => {
    const line = {
      to: {
        system: system(instructions, "one"),
        messages: user(
          "The task.",
          "What the component must do: call a",
          "Signatures of other components that it may call:\nfunction a()",
          failure,
          tagged("b", "function b( {}\n"),
        ),
        temperature: 0.2,
        maxTokens: 50,
      },
      answer: tagged("b", "function b() {}\n"),
    };
    const operator = repairFailures({ temperature: 0.2, maxTokens: 50 });
    expect(await propose(operator, [line], { parents: [candidate(5, 3, [1])] })).toEqual(
      proposedTexts({ 1: "function b() {}\n" }),
    );
  });

  it("shows several changed components, and takes them alone from the answer", async () => {
    const line = {
      to: {
        system: system(instructions, "several"),
        messages: user(
          "The task.",
          "What the components must do:\n- b: call a",
          failure,
          `${tagged("b", "function b( {}\n")}\n${tagged("c", "function c() {}\n")}`,
        ),
      },
      answer: `${tagged("a", "no\n")}\n${tagged("b", "B\n")}\n${tagged("c", "C\n")}`,
    };
    expect(await propose(repairFailures(), [line], { parents: [candidate(5, 3, [1, 2])] })).toEqual(
      proposedTexts({ 1: "B\n", 2: "C\n" }),
    );
  });

  it("shows, after repairs that failed, all that changed since the last solution that worked", async () => {
    const worked = candidate(1, 0, [0], { status: "ok", fitness: 1 });
    const [first, second, third] = [candidate(2, 1, [1]), candidate(4, 2, [2]), candidate(7, 4, [1])];
    expect(await shownFor(first, [worked, first])).toEqual(["b"]);
    expect(await shownFor(second, [worked, first, second])).toEqual(["b", "c"]);
    expect(await shownFor(third, [worked, first, second, third])).toEqual(["b", "c"]);
  });

  it("shows what it knows to be changed where the attempts do not go back so far, else everything", async () => {
    expect(await shownFor(candidate(7, 4, [2]))).toEqual(["c"]);
    expect(await shownFor(candidate(0, 0, []))).toEqual(["a", "b", "c"]);
  });

  it("is given failed candidates, as often as its option says", () => {
    expect(repairFailures()).toMatchObject({
      ...{ name: "repair", scope: "global", roles: ["mutator"], parentCount: 1, repairs: 3 },
      ...{ parameters: { attempts: 3 }, isCompactable: false },
    });
    expect(repairFailures({ attempts: 1 })).toMatchObject({ repairs: 1, parameters: { attempts: 1 } });
    expect(() => repairFailures({ attempts: 0 })).toThrow(
      "repair: attempts must be a whole number of at least 1, got 0",
    );
    expect(() => repairFailures({ tries: 1 } as never)).toThrow("repair: option 'tries' is unknown");
  });
});
