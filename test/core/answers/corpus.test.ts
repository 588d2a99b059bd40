import { expect, it } from "vitest";
import { askToRewrite, type Genome, proposed, readTagged, rejected } from "../../../src/core/index.ts";
import { scripted } from "../../scripted-model.ts";
import { contextOf, evaluated } from "../fixtures.ts";
import { type AnswerCase, corpus } from "./corpus.ts";
import { genomes } from "./genomes.ts";

/** What must come of an answer, as a proposal. */
function expectedOf({ expected }: AnswerCase) {
  if (typeof expected === "string") return rejected(expected);
  return proposed(new Map(Object.entries(expected).map(([index, text]) => [Number(index), text])));
}

it("answers of real models come to what they mean, or to a rejection that says what was wrong", async () => {
  expect(corpus.length).toBeGreaterThanOrEqual(80);
  const found = new Map<string, unknown>();
  const wanted = new Map<string, unknown>();
  for (const one of corpus) {
    const genome: Genome = genomes[one.genome];
    const indexes = one.indexes ?? [...genome.keys()];
    const { answer: text, stopReason = "stop" } = one;
    const key = `${one.model} says ${one.says}`;
    expect(wanted.has(key)).toBe(false);
    wanted.set(key, expectedOf(one));
    const model = scripted([{ text, stopReason }]);
    const context = contextOf(model, { parents: [evaluated({ status: "ok", fitness: 0 }, genome)] });
    found.set(key, await askToRewrite(model, context, { indexes, parts: { instructions: "Do." } }));
    expect(readTagged(text, genome, indexes, stopReason)).toEqual(found.get(key));
  }
  expect(found).toEqual(wanted);
});
