/** How far apart two solutions are as texts. */
import { distance as levenshtein } from "fastest-levenshtein";
import type { Genome } from "./component.ts";

/** Longest texts, in UTF-16 units, whose edit distance is exact. */
const mostExact = 5000;
/** Length of the pieces that longer texts are compared in. */
const pieceLength = 1000;

/**
 * The distance of two solutions, from 0 (the same texts) to 1: the edit distances of their components, by index,
 * over the greater lengths, both summed. As soon as it is known to be at least `enough`, something from there to
 * the distance is returned. See `editDistance` for what long texts cost.
 */
export function textDistance(left: Genome, right: Genome, enough = Number.POSITIVE_INFINITY): number {
  let total = 0;
  const count = Math.max(left.length, right.length);
  for (let index = 0; index < count; index++) {
    total += Math.max(left[index]?.text.length ?? 0, right[index]?.text.length ?? 0);
  }
  let edits = 0;
  for (let index = 0; index < count && edits < enough * total; index++) {
    const [one = "", other = ""] = [left[index]?.text, right[index]?.text];
    if (one !== other) edits += editDistance(one, other);
  }
  return total === 0 ? 0 : edits / total;
}

/**
 * The edit distance (Levenshtein) of two texts in UTF-16 units: insertions, deletions and replacements. It is
 * exact where, without what they begin and end with alike, neither is longer than 5,000. Beyond that it is an
 * estimate in linear time, at most the greater length: lines that both have are left out, and the others are
 * compared in pieces of 1,000, the first with the first and so on; a line that moved costs nothing.
 */
export function editDistance(left: string, right: string): number {
  const [one, other] = withoutCommonEnds(left, right);
  if (Math.max(one.length, other.length) <= mostExact) return levenshtein(one, other);
  const [lines, otherLines] = withoutCommonEnds(...withoutCommonLines(left, right));
  let edits = 0;
  for (let from = 0; from < Math.max(lines.length, otherLines.length); from += pieceLength) {
    edits += levenshtein(lines.slice(from, from + pieceLength), otherLines.slice(from, from + pieceLength));
  }
  return edits;
}

function withoutCommonEnds(left: string, right: string): [string, string] {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left.charCodeAt(start) === right.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    left.charCodeAt(left.length - 1 - end) === right.charCodeAt(right.length - 1 - end)
  ) {
    end += 1;
  }
  return [left.slice(start, left.length - end), right.slice(start, right.length - end)];
}

/** Leaves out each line as often as both texts have it, its last occurrences staying. */
function withoutCommonLines(left: string, right: string): [string, string] {
  const lines = left.split("\n");
  const otherLines = right.split("\n");
  return [without(lines, countsOf(otherLines)), without(otherLines, countsOf(lines))];
}

function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function without(lines: readonly string[], counts: Map<string, number>): string {
  const kept = lines.filter((line) => {
    const count = counts.get(line) ?? 0;
    if (count > 0) counts.set(line, count - 1);
    return count === 0;
  });
  return kept.join("\n");
}
