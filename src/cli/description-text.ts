/** Describes the cost to target without any model: success rates, quantiles, distributions, log-rank tests. */
import type { Comparison, Separation } from "../analysis/index.ts";
import { ecdfText } from "./ranking-text.ts";
import { heading, number, table, wrap } from "./text.ts";

/** The description of every strategy and pair; `cost` says in words what is counted. */
export function descriptionText(comparison: Comparison, cost: string): string {
  const { strategies, separations } = comparison;
  const parts = strategies.flatMap(({ strategy, sizes }) => {
    const rows = sizes.map(({ size, successRate, expectedRunTime, quantiles }) => [
      String(size),
      `${(100 * successRate).toFixed(0)} %`,
      ...[expectedRunTime, quantiles.q10, quantiles.median, quantiles.q90].map(number),
    ]);
    const head = ["k", "solved", "expected run time", "10 % quantile", "median", "90 % quantile"];
    const right = head.map(() => true);
    return [wrap([{ text: strategy, style: "bold" }], ""), table([head, ...rows], right)];
  });
  parts.push(
    wrap(
      "Expected run time: cost of all runs over solved runs. A dash: too few runs were solved to tell.",
      "  ",
    ),
  );
  parts.push(...ecdfText(comparison));
  if (separations.length > 0) {
    parts.push(`\n${heading("Log-rank test of equal cost")}`, ...separations.map(logRankText));
  }
  return [`\n${heading(`Cost to target, in ${cost}`)}`, ...parts].join("\n");
}

/** What the log-rank test says at the largest size that both strategies share. */
function logRankText({ costlier, cheaper, logRank }: Separation): string {
  const pair = `${costlier} and ${cheaper}`;
  const last = logRank.at(-1);
  if (last === undefined) return wrap(`${pair}: no test is possible at any shared size.`, "  ");
  const { size, adjustedP } = last;
  const found = adjustedP < 0.05 ? "their costs differ" : "no difference in cost is shown";
  const p = adjustedP < 0.001 ? "p < 0.001" : `p = ${adjustedP.toFixed(3)}`;
  return wrap(`${pair}: at k = ${size} ${found} (${p}, corrected for all tests by Holm's method).`, "  ");
}
