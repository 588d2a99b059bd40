/** Packings of circles in the unit square: what breaks the rules, and how much room is left. */
import { isApart, sumIsAtMostOne } from "./exact.ts";

/** Centre and radius. */
export type Circle = readonly [x: number, y: number, r: number];

/** A rule that a packing breaks. */
export interface Violation {
  /** What is wrong, in words. */
  readonly text: string;
  /** By how much, as a length; rounded, so it may be 0 for the smallest of violations. */
  readonly amount: number;
}

/**
 * Names the rules that a packing breaks, in no order: radii at least 0, circles inside the square, no two
 * overlapping; touching is allowed. Decided exactly on the given doubles, without tolerance. Pairs are
 * looked at only when each circle by itself is right.
 */
export function violations(circles: readonly Circle[]): Violation[] {
  const alone = circles.flatMap(([x, y, r], index): Violation[] => {
    if (r < 0) return [{ text: `the radius of circle ${index} is negative`, amount: -r }];
    if (r <= x && r <= y && sumIsAtMostOne(x, r) && sumIsAtMostOne(y, r)) return [];
    return [{ text: `circle ${index} leaves the square`, amount: Math.max(0, r - wallDistance(x, y)) }];
  });
  if (alone.length > 0) return alone;
  const pairs: Violation[] = [];
  for (const [j, b] of circles.entries()) {
    for (const [i, a] of circles.slice(0, j).entries()) {
      if (isApart(a, b)) continue;
      pairs.push({
        text: `circles ${i} and ${j} overlap`,
        amount: Math.max(0, a[2] + b[2] - Math.hypot(a[0] - b[0], a[1] - b[1])),
      });
    }
  }
  return pairs;
}

/** How much the radius of each circle could grow while all others stay as they are. */
export function roomToGrow(circles: readonly Circle[]): number[] {
  return circles.map(([x, y, r], index) => {
    let radius = wallDistance(x, y);
    for (const [other, [x2, y2, r2]] of circles.entries()) {
      if (other !== index) radius = Math.min(radius, Math.hypot(x - x2, y - y2) - r2);
    }
    return Math.max(0, radius - r);
  });
}

function wallDistance(x: number, y: number): number {
  return Math.min(x, y, 1 - x, 1 - y);
}
