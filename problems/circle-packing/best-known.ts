/** The largest sums of radii that are known, to set targets by. */

/**
 * For 1 to 32 circles, rounded down. 26 and 32: AlphaEvolve (Novikov et al., 2025, appendix B.12). All
 * others: the best of some thousand starts of a penalty method (L-BFGS), made for this table; the same
 * search found 2.634 for 26 circles and 2.934 for 32.
 */
const known = [
  0.5, 0.585, 0.796, 1.006, 1.103, 1.202, 1.306, 1.423, 1.524, 1.591, 1.68, 1.765, 1.829, 1.905, 1.98, 2.053,
  2.111, 2.178, 2.236, 2.301, 2.362, 2.42, 2.478, 2.53, 2.587, 2.635, 2.685, 2.737, 2.79, 2.839, 2.889, 2.937,
];

/**
 * The sum of radii of the best known packing of n circles in the unit square. Above 32 circles a value that
 * is surely in reach: 0.518 sqrt n; the factor is 0.519 at 32 and grows slowly with n.
 */
export function bestKnownSum(n: number): number {
  return known[n - 1] ?? 0.518 * Math.sqrt(n);
}
