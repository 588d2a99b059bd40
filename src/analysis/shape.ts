/**
 * How the spread of costs depends on size: the shape `alpha(k)` of the gamma model, log-linear in log k.
 * One common shape would be wrong for every strategy: global mutation has alpha near 1 at all sizes, while a
 * local search of k steps has a shape that grows with k.
 */
import { type Cell, cellLikelihood, cellMaximum, hasSolved } from "./cell.ts";
import { goldenSection, nelderMead } from "./numeric/minimize.ts";

const SMALLEST_SHAPE = 0.05;
const LARGEST_SHAPE = 1e6;
/** A weak pull of the slope to zero, which only matters where the data say nothing about it. */
const SLOPE_PENALTY = 0.002;

/** The fitted spread of one strategy. */
export interface ShapeModel {
  /** One shape for all sizes: below 0.5 the costs are heavy tailed. */
  readonly pooledShape: number;
  /** The shape to use for a cell. */
  shapeOf(cell: Cell): number;
}

/**
 * Fits `log alpha(k) = s0 + s1 log k` by maximizing the sum over cells of
 * `logLikelihood(maximum) - log(information) / 2`, the Cox-Reid (1987) adjusted profile likelihood, which
 * removes the bias from estimating one mean per cell. Undefined when no run was solved.
 *
 * Two safeguards: the shape is not extrapolated below `min(1, pooled shape)`, which would inflate means under
 * censoring; and cells without censoring are widened by the within-cell Pearson dispersion where that exceeds
 * what the gamma model explains.
 */
export function fitShape(cells: readonly Cell[]): ShapeModel | undefined {
  const solved = cells.filter(hasSolved);
  if (solved.length === 0) return undefined;
  const centre = solved.reduce((sum, cell) => sum + Math.log(cell.size), 0) / solved.length;
  const shapeAt = (level: number, slope: number, size: number) =>
    clamp(Math.exp(level + slope * (Math.log(size) - centre)), SMALLEST_SHAPE, LARGEST_SHAPE);

  const objective = (level: number, slope: number): number => {
    let sum = 0;
    for (const cell of solved) {
      const shape = shapeAt(level, slope, cell.size);
      const { logLikelihood, information } = cellLikelihood(cell, cellMaximum(cell, shape), shape);
      sum += logLikelihood - 0.5 * Math.log(Math.max(information, 1e-12));
    }
    return Number.isFinite(sum) ? SLOPE_PENALTY * slope * slope - sum : 1e300;
  };
  const start = [Math.log(Math.min(LARGEST_SHAPE, approximateShape(solved))), 0.3];
  const { point } = nelderMead((at) => objective(at[0] ?? 0, at[1] ?? 0), start, [0.5, 0.5], 120);
  const [level = 0, slope = 0] = point;
  const pooledShape = Math.exp(goldenSection((at) => objective(at, 0), -3, 14, 1e-3));

  const floor = Math.min(1, pooledShape);
  const flooredShape = (size: number) => Math.max(floor, shapeAt(level, slope, size));
  let pearson = 0;
  let degreesOfFreedom = 0;
  for (const cell of solved) {
    if (cell.censored.length > 0 || cell.solved < 2) continue;
    pearson += flooredShape(cell.size) * cell.squaredDeviation;
    degreesOfFreedom += cell.solved - 1;
  }
  const dispersion = degreesOfFreedom > 0 ? Math.max(1, pearson / degreesOfFreedom) : 1;
  return {
    pooledShape,
    shapeOf: (cell) => flooredShape(cell.size) / (cell.censored.length > 0 ? 1 : dispersion),
  };
}

/**
 * The shapes of runs whose sizes, besides, differ from any class by a relative variance of their own: as many runs
 * as there are tell the mean of their size no better than to that.
 */
export function widenShape({ pooledShape, shapeOf }: ShapeModel, spread: number): ShapeModel {
  return {
    pooledShape,
    shapeOf: (cell) => 1 / (1 / shapeOf(cell) + Math.max(1, cell.solved) * spread),
  };
}

/** Minka's closed-form approximation of the gamma shape from `log mean - mean log`, pooled over cells. */
function approximateShape(cells: readonly Cell[]): number {
  let deviation = 0;
  let count = 0;
  for (const cell of cells) {
    if (cell.solved < 2) continue;
    deviation -= cell.logDeviation;
    count += cell.solved;
  }
  const gap = Math.max(1e-7, deviation / Math.max(1, count));
  return (3 - gap + Math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
