/**
 * One model for all roles against the right size for each (Meyerson & Qiu 2025, Def. 2.3): what the calls of a run
 * would have cost if the largest model of the campaign had made them all. A query on what was called: the texts are
 * taken to be the same.
 */
import { largestShared, solvedSizes, usableRuns } from "./contender.ts";
import { type RunRow, roleCost } from "./rows.ts";

/** The strategies of a campaign whose roles are played by models of different sizes, or by small ones. */
export interface ModelSizes {
  /** The largest size at which every strategy that ever met the target did so. */
  readonly size: number;
  /** m of the largest model called there. */
  readonly largest: number;
  readonly rows: readonly ModelSizesRow[];
}

/** One strategy with several roles: mean over all runs at the size, in primitives (Def. 2.2). */
export interface ModelSizesRow {
  readonly strategy: string;
  readonly roles: readonly { readonly role: string; readonly modelSize: number; readonly cost: number }[];
  /** Cost of all roles, each with its own model. */
  readonly cost: number;
  /** The same calls, each by the largest model. */
  readonly oneModelCost: number;
}

/** The strategies with several roles of which one has a smaller model; undefined where there is none. */
export function modelSizes(runs: readonly RunRow[]): ModelSizes | undefined {
  const usable = usableRuns(runs);
  const solved = solvedSizes(usable);
  const size = largestShared([...solved.values()]);
  if (size === undefined) return undefined;
  const there = usable.filter((run) => run.size === size && solved.get(run.strategy)?.has(size));
  const largest = Math.max(...there.flatMap(({ roles }) => roles.map(({ modelSize }) => modelSize)));
  const rows = [...solved.keys()].flatMap((strategy): ModelSizesRow[] => {
    const own = there.filter((run) => run.strategy === strategy);
    const names = [...new Set(own.flatMap(({ roles }) => roles.map(({ role }) => role)))];
    const roles = names.map((role) => {
      const costs = own.flatMap((run) => run.roles.filter((one) => one.role === role));
      const calls = costs.reduce((sum, one) => sum + one.calls, 0);
      return {
        role,
        modelSize: costs.reduce((sum, one) => sum + one.calls * one.modelSize, 0) / calls,
        cost: costs.reduce((sum, one) => sum + (roleCost(one, "primitives") ?? 0), 0) / own.length,
      };
    });
    const total = roles.reduce((sum, { cost }) => sum + cost, 0);
    const isOneSize = roles.length < 2 || roles.every(({ modelSize }) => modelSize === largest);
    if (isOneSize || total === 0) return []; // calls that wrote nothing cost nothing, whoever made them
    return [
      {
        ...{ strategy, roles },
        cost: total,
        oneModelCost: roles.reduce((sum, { cost, modelSize }) => sum + (cost * largest) / modelSize, 0),
      },
    ];
  });
  return rows.length === 0 ? undefined : { size, largest, rows };
}
