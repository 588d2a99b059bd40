/**
 * What several workers would save (Meyerson & Qiu 2025, section 5.3): the total cost of a run against its longest
 * chain of dependent calls, and the time on p workers between the two bounds that they give.
 */
import { largestShared, solvedSizes, usableRuns } from "./contender.ts";
import { type CellMean, estimateMeans, positiveObservations } from "./mean-estimate.ts";
import { type RunRow, runCalls, runCost } from "./rows.ts";

/** Numbers of workers for which the speed-up is predicted. */
const WORKERS = [2, 4, 8, 16] as const;

/** The strategies of a campaign at one size. */
export interface ParallelCost {
  /** The largest size at which every strategy that ever met the target did so. */
  readonly size: number;
  readonly rows: readonly ParallelRow[];
}

/** One strategy: mean cost of a run up to the target, in primitives (Def. 2.2). */
export interface ParallelRow {
  readonly strategy: string;
  /** W: primitive cost of all calls. */
  readonly work: number;
  /** D: primitive cost of the longest chain of dependent calls, at most W. */
  readonly criticalPath: number;
  /** W / D: more workers than that are of no use. Undefined where nothing was spent. */
  readonly parallelism: number | undefined;
  readonly speedUps: readonly SpeedUp[];
}

/** The time on p workers over that on one. */
export interface SpeedUp {
  readonly workers: number;
  /** Speed-up that any schedule reaches that leaves no worker idle while a call could begin. */
  readonly low: number;
  /** Speed-up that no schedule exceeds. */
  readonly high: number;
}

/**
 * Brent's bounds (1974, for a greedy schedule: Graham 1966): on p workers a run of total cost W and critical path D
 * takes at least max(W / p, D) and, scheduled greedily, at most W / p + D (1 - 1 / p).
 */
export function speedUp(work: number, criticalPath: number, workers: number): SpeedUp {
  return {
    workers,
    low: work / (work / workers + criticalPath * (1 - 1 / workers)),
    high: work / Math.max(work / workers, criticalPath),
  };
}

/** The parallel cost of each strategy with a solved run at the largest shared size; undefined without any. */
export function parallelCost(runs: readonly RunRow[]): ParallelCost | undefined {
  const usable = usableRuns(runs);
  const solved = solvedSizes(usable);
  const size = largestShared([...solved.values()]);
  if (size === undefined) return undefined;
  const rows = [...solved].flatMap(([strategy, sizes]): ParallelRow[] => {
    if (!sizes.has(size)) return [];
    const own = usable.filter((run) => run.strategy === strategy);
    const mean = (measure: (run: RunRow) => number) =>
      meanAt(estimateMeans(positiveObservations(own, measure, runCalls)), size);
    const work = mean((run) => runCost(run, "primitives") ?? 0);
    // Where runs missed the target both means are estimates, each with an error of its own.
    const criticalPath = Math.min(
      work,
      mean((run) => run.criticalPathCost),
    );
    const isKnown = criticalPath > 0;
    return [
      {
        strategy,
        work,
        criticalPath,
        parallelism: isKnown ? work / criticalPath : undefined,
        speedUps: isKnown ? WORKERS.map((workers) => speedUp(work, criticalPath, workers)) : [],
      },
    ];
  });
  return { size, rows };
}

/** The mean at a size; 0 where nothing cost anything. */
function meanAt(cells: readonly CellMean[], size: number): number {
  const cell = cells.find((one) => one.size === size);
  return cell ? Math.exp(cell.logMean) : 0;
}
