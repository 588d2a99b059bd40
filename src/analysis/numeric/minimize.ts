/** Minimization without derivatives: Nelder-Mead in a few dimensions, golden section in one. */

/** Where a minimization ended. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

/**
 * Minimizes `objective` from `start` with an initial simplex of the given steps (Nelder & Mead 1965, standard
 * coefficients). Ends when the values at the simplex agree to a relative 1e-7 or after `maxIterations`.
 * `objective` must return a finite number; return a large one where it is undefined.
 */
export function nelderMead(
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  maxIterations: number,
): Minimum {
  const evaluate = (point: readonly number[]): Vertex => ({ point, value: objective(point) });
  const origin = evaluate(start);
  let simplex = [
    origin,
    ...steps.map((step, i) => evaluate(start.map((value, j) => (i === j ? value + step : value)))),
  ];
  const byValue = (left: Vertex, right: Vertex) => left.value - right.value;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    simplex.sort(byValue);
    const best = simplex[0] ?? origin;
    const worst = simplex[simplex.length - 1] ?? origin;
    if (Math.abs(worst.value - best.value) < 1e-7 * (1 + Math.abs(best.value))) break;
    const others = simplex.slice(0, -1);
    const secondWorst = others[others.length - 1] ?? best;
    const centre = start.map((_, j) => others.reduce((sum, v) => sum + (v.point[j] ?? 0), 0) / others.length);
    /** The point at `factor` times the way from the centre to the worst vertex. */
    const along = (factor: number) =>
      evaluate(centre.map((value, j) => value + factor * ((worst.point[j] ?? 0) - value)));

    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex = [...others, expanded.value < reflected.value ? expanded : reflected];
    } else if (reflected.value < secondWorst.value) {
      simplex = [...others, reflected];
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex = [...others, contracted];
      else {
        const shrink = (v: Vertex) => evaluate(v.point.map((value, j) => (value + (best.point[j] ?? 0)) / 2));
        simplex = [best, ...simplex.slice(1).map(shrink)];
      }
    }
  }
  return simplex.reduce((best, vertex) => (vertex.value < best.value ? vertex : best), origin);
}

/** The minimizer of a unimodal function between `low` and `high`, to within `tolerance`, by golden section. */
export function goldenSection(
  objective: (x: number) => number,
  low: number,
  high: number,
  tolerance: number,
): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let leftValue = objective(left);
  let rightValue = objective(right);
  while (high - low > tolerance) {
    if (leftValue < rightValue) {
      high = right;
      right = left;
      rightValue = leftValue;
      left = high - ratio * (high - low);
      leftValue = objective(left);
    } else {
      low = left;
      left = right;
      leftValue = rightValue;
      right = low + ratio * (high - low);
      rightValue = objective(right);
    }
  }
  return (low + high) / 2;
}
