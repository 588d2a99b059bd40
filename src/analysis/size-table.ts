/** The table of what was measured at each size. */
import type { MeanEstimate, SizeRow, TheoryCheck } from "./comparison.ts";
import { type CellMean, estimateMeans, positiveObservations, toMeanEstimate } from "./mean-estimate.ts";
import { type CostModel, type RunRow, runCalls, runCost, type TheoryRow } from "./rows.ts";
import { survivalQuantile } from "./survival.ts";

/** The rows of one strategy by ascending size, and the means of its cost that comparisons build on. */
export interface SizeTable {
  readonly rows: readonly SizeRow[];
  /** Empty when the cost is unknown. */
  readonly costs: readonly CellMean[];
}

/** Summarizes the runs of one strategy; `theory` holds rows of this strategy only. */
export function sizeTable(
  runs: readonly RunRow[],
  costModel: CostModel,
  theory: readonly TheoryRow[],
): SizeTable {
  const isCostKnown = runs.every((run) => runCost(run, costModel) !== undefined);
  const cost = (run: RunRow) => runCost(run, costModel) ?? 0;
  const means = (measure: (run: RunRow) => number) =>
    estimateMeans(positiveObservations(runs, measure, runCalls));
  // A run that met its target before any application counts as one.
  const applications = means((run) => (run.isSolved ? Math.max(1, run.applications) : run.applications));
  const primitives = means((run) => runCost(run, "primitives") ?? 0);
  const criticalPath = means((run) => run.criticalPathCost);
  const costs = isCostKnown ? means(cost) : [];

  const sizes = [...new Set(runs.map((run) => run.size))].sort((left, right) => left - right);
  const rows = sizes.map((size): SizeRow => {
    const here = runs.filter((run) => run.size === size);
    const solved = here.filter((run) => run.isSolved).length;
    const times = here.map((run) => ({ value: cost(run), isCensored: !run.isSolved }));
    const total = times.reduce((sum, time) => sum + time.value, 0);
    const quantile = (probability: number) =>
      isCostKnown ? survivalQuantile(times, probability) : undefined;
    const estimate = (cells: readonly CellMean[]) => (solved > 0 ? meanAt(cells, size) : undefined);
    return {
      size,
      runs: here.length,
      solved,
      successRate: solved / here.length,
      applications: estimate(applications),
      cost: isCostKnown ? estimate(costs) : undefined,
      primitiveCost: estimate(primitives),
      criticalPathCost: estimate(criticalPath),
      expectedRunTime: isCostKnown && solved > 0 ? total / solved : undefined,
      quantiles: { q10: quantile(0.1), median: quantile(0.5), q90: quantile(0.9) },
      theory: theoryCheck(
        theory.find((row) => row.size === size),
        applications.find((cell) => cell.size === size),
      ),
    };
  });
  return { rows, costs };
}

/** The mean at a size with a solved run; 0 where nothing cost anything. */
function meanAt(cells: readonly CellMean[], size: number): MeanEstimate {
  const cell = cells.find((one) => one.size === size);
  return cell ? toMeanEstimate(cell) : { mean: 0, low: undefined, high: undefined };
}

function theoryCheck(row: TheoryRow | undefined, cell: CellMean | undefined): TheoryCheck | undefined {
  if (!row) return undefined;
  let z: number | undefined;
  if (cell?.logVariance !== undefined && cell.runs > 1) {
    const mean = Math.exp(cell.logMean);
    z = (mean - row.applications) / (mean * Math.sqrt(cell.logVariance)); // delta method
  }
  return {
    applications: row.applications,
    primitiveCost: row.primitiveCost,
    z: z !== undefined && Number.isFinite(z) ? z : undefined,
  };
}
