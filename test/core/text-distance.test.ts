import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rngFrom } from "../../src/core/index.ts";
import { editDistance, textDistance } from "../../src/core/text-distance.ts";
import { genomeOf } from "./fixtures.ts";

/** Levenshtein by the textbook's table (Wagner and Fischer 1974). */
function reference(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = row[j - 1]! + (left.charCodeAt(i - 1) === right.charCodeAt(j - 1) ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}

describe("the edit distance", () => {
  it("is the Levenshtein distance, in UTF-16 units", () => {
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("aXa", "aa")).toBe(1);
    expect(editDistance("😀", "😁")).toBe(1); // of two units, the second differs
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "é"), maxLength: 90 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(editDistance(left, right)).toBe(reference(left, right));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("is exact for long texts that differ in few places close together", () => {
    const rng = rngFrom("long");
    const line = () => `${Array.from({ length: 40 }, () => Math.floor(rng() * 36).toString(36)).join("")}\n`;
    const text = Array.from({ length: 2000 }, line).join("");
    const changed = `${text.slice(0, 40_000)}12345${text.slice(40_003)}`;
    expect(editDistance(text, changed)).toBe(
      reference(text.slice(39_990, 40_010), changed.slice(39_990, 40_012)),
    );
  });

  it("leaves out lines that both have where texts differ over more than 5,000 characters", () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `line ${index} of a long text`);
    const text = lines.join("\n");
    const changed = lines.with(5, "line 5 of a LONG text").with(2990, "LINE 2990 of a long text").join("\n");
    expect(editDistance(text, changed)).toBe(8);
    expect(editDistance(text, lines.toReversed().join("\n"))).toBe(0);
    expect(editDistance(text, lines.toSpliced(7, 0, "", "new").join("\n"))).toBe(5);
  });

  it("is at most the greater length and symmetric, also as an estimate", () => {
    const rng = rngFrom("estimate");
    const noise = (length: number) =>
      String.fromCharCode(...Array.from({ length }, () => 97 + Math.floor(rng() * 26)));
    const [left, right] = [noise(40_000), noise(30_000)];
    const distance = editDistance(left, right);
    expect(distance).toBeLessThanOrEqual(40_000);
    // Of two random texts over 26 letters at least two thirds have to be changed.
    expect(distance).toBeGreaterThan(20_000);
    expect(editDistance(right, left)).toBe(distance);
    expect(editDistance(left, "")).toBe(40_000);
  });
});

describe("the distance of two solutions", () => {
  it("is the sum of edits over the sum of the greater lengths", () => {
    expect(textDistance(genomeOf("abc", "same"), genomeOf("abd!", "same"))).toBe(2 / 8);
    expect(textDistance(genomeOf("abc"), genomeOf("abc"))).toBe(0);
    expect(textDistance(genomeOf("abc", "x"), genomeOf("", "y"))).toBe(1);
    expect(textDistance(genomeOf("", ""), genomeOf("", ""))).toBe(0);
    expect(textDistance(genomeOf("ab"), genomeOf("ab", "cd"))).toBe(0.5);
  });

  it("stops as soon as it is known to be enough", () => {
    const left = genomeOf("aaaa", "aaaa", "aaaa");
    const right = genomeOf("aabb", "bbbb", "bbbb");
    expect(textDistance(left, right)).toBe(10 / 12);
    expect(textDistance(left, right, 0.1)).toBe(2 / 12);
    expect(textDistance(left, right, 0.2)).toBe(6 / 12);
    expect(textDistance(left, right, 0)).toBe(0);
  });
});
