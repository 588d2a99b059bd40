/** Lower bounds on the number of bins (Martello and Toth, Knapsack Problems, Wiley 1990, section 8.3). */

/** L1: the total size over the capacity, rounded up. Sizes are whole numbers. */
export function continuousBound(items: readonly number[], capacity: number): number {
  return Math.ceil(items.reduce((sum, item) => sum + item, 0) / capacity);
}

/**
 * L2: the largest L(a) for 0 <= a <= c / 2, where, with N1 the items above c - a, N2 those above c / 2 up to
 * c - a, and N3 those from a to c / 2, L(a) = |N1| + |N2| + max(0, ceil((sum N3 - (|N2| c - sum N2)) / c)).
 * Sizes are whole numbers from 0 to the capacity c. 0 and the sizes of items are enough as values of a.
 */
export function martelloTothBound(items: readonly number[], capacity: number): number {
  const halfOrLess = new Set(items.filter((item) => 2 * item <= capacity));
  let best = 0;
  for (const least of new Set([0, ...halfOrLess])) {
    let alone = 0;
    let large = 0;
    let spare = 0;
    let small = 0;
    for (const item of items) {
      if (item > capacity - least) alone += 1;
      else if (2 * item > capacity) {
        large += 1;
        spare += capacity - item;
      } else if (item >= least) small += item;
    }
    best = Math.max(best, alone + large + Math.max(0, Math.ceil((small - spare) / capacity)));
  }
  return best;
}
