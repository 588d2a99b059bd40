/**
 * The Held-Karp lower bound on the length of a tour, by subgradient ascent on 1-trees (Held and Karp,
 * Mathematical Programming 1, 1971). Each step's value is a valid bound by itself.
 */
import { type City, distance } from "./cities.ts";

/** Steps of the ascent: with 100, the bound of 200 cities is within 0.1 % of its limit. */
const steps = 100;

/**
 * Bounds the length of every closed tour of at least 3 cities from below. The bound of a 1-tree under
 * penalties p of the cities is its length with d(i, j) + p(i) + p(j), less 2 sum p; it is raised by changing
 * p(i) along the tree's degree of i less 2. It is about 0.7 % below the shortest tour of random cities.
 */
export function heldKarpBound(cities: readonly City[]): number {
  const count = cities.length;
  const distances = cities.map((a) => Float64Array.from(cities, (b) => distance(a, b)));
  const penalties = new Float64Array(count);
  let best = 0;
  let step = 0;
  let before = new Float64Array(count);
  for (let at = 0; at < steps; at++) {
    const { length, degrees } = shortestOneTree(distances, penalties);
    best = Math.max(best, length - 2 * penalties.reduce((sum, one) => sum + one, 0));
    const excess = degrees.map((degree) => degree - 2);
    if (excess.every((one) => one === 0)) break; // a tour: nothing is shorter
    // Step sizes as in Volgenant and Jonker (1982): from length / 2n down, with momentum; here geometric.
    step = at === 0 ? length / (2 * count) : step * 0.001 ** (1 / steps);
    for (const [city, one] of excess.entries()) {
      penalties[city] = (penalties[city] ?? 0) + step * (0.7 * one + 0.3 * (before[city] ?? 0));
    }
    before = excess;
  }
  return best;
}

/** The shortest spanning tree of all cities but city 0 (Prim), and the two shortest edges to city 0. */
function shortestOneTree(distances: readonly Float64Array[], penalties: Float64Array) {
  const count = penalties.length;
  const length = (a: number, b: number) =>
    (distances[a]?.[b] ?? 0) + (penalties[a] ?? 0) + (penalties[b] ?? 0);
  const degrees = new Float64Array(count);
  const join = (a: number, b: number) => {
    degrees[a] = (degrees[a] ?? 0) + 1;
    degrees[b] = (degrees[b] ?? 0) + 1;
    return length(a, b);
  };
  let total = 0;
  const left = Array.from({ length: Math.max(0, count - 2) }, (_, index) => index + 2);
  const nearest = new Int32Array(count).fill(1);
  const least = Float64Array.from({ length: count }, (_, city) => length(1, city));
  while (left.length > 0) {
    let at = 0;
    for (let i = 1; i < left.length; i++) {
      if ((least[left[i] ?? 0] ?? 0) < (least[left[at] ?? 0] ?? 0)) at = i;
    }
    const added = left[at] ?? 0;
    left[at] = left[left.length - 1] ?? 0;
    left.pop();
    total += join(added, nearest[added] ?? 1);
    for (const city of left) {
      const one = length(added, city);
      if (one < (least[city] ?? 0)) {
        least[city] = one;
        nearest[city] = added;
      }
    }
  }
  const others = Array.from({ length: count - 1 }, (_, index) => index + 1);
  const [first = 1, second = 1] = others.sort((a, b) => length(0, a) - length(0, b));
  total += join(0, first) + join(0, second);
  return { length: total, degrees };
}
