import { expect, it } from "vitest";
import { type Genome, proposed, rejected } from "../../../src/core/index.ts";
import { readDiff } from "../../../src/core/read-diff.ts";
import { corpus, type DiffCase } from "./corpus.ts";
import { genomes } from "./genomes.ts";

/** What must come of an answer, as a proposal. */
function expectedOf({ expected }: DiffCase) {
  if (typeof expected === "string") return rejected(expected);
  return proposed(new Map(Object.entries(expected).map(([index, text]) => [Number(index), text])));
}

it("blocks as models write them come to what they mean, or to a rejection that says what was wrong", () => {
  expect(corpus.length).toBeGreaterThanOrEqual(100);
  const found = new Map<string, unknown>();
  const wanted = new Map<string, unknown>();
  for (const one of corpus) {
    const genome: Genome = genomes[one.genome];
    expect(wanted.has(one.says)).toBe(false);
    wanted.set(one.says, expectedOf(one));
    found.set(one.says, readDiff(one.answer, genome, one.stopReason));
  }
  expect(found).toEqual(wanted);
});
