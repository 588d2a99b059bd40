/** Writes a comparison for a person. */

import { heldText } from "../analysis/holds-class.ts";
import type {
  Comparison,
  CostModel,
  Estimate,
  MeanEstimate,
  Separation,
  SizeRow,
  StrategyComparison,
  StrategyGrowth,
} from "../analysis/index.ts";
import { chart } from "./chart.ts";
import { descriptionText } from "./description-text.ts";
import { costNames, intervalCell, rankingText } from "./ranking-text.ts";
import { heading, number, type Styled, table, terminalWidth, twoDigits, wrap } from "./text.ts";

/** The whole comparison: tables, growth, separations, ranking, chart; the description on request. */
export function comparisonText(comparison: Comparison, isDescribed: boolean): string {
  const { strategies, separations, costModel } = comparison;
  const parts = [
    ...strategies.map((strategy) => sizeTable(strategy, costModel)),
    ...(isDescribed ? [descriptionText(comparison, costNames[costModel])] : []),
    section(`Growth with size k, cost in ${costNames[costModel]}`),
    ...strategies.map((strategy) => growthText(strategy, costModel)),
  ];
  if (separations.length > 0) {
    parts.push(section("Separation of each pair"), ...separations.map(separationText));
  }
  parts.push(...rankingText(comparison));
  const drawn = chart(
    strategies.map(({ strategy, sizes, growth }) => ({
      name: strategy,
      points: sizes.flatMap(({ size, cost }) => (cost === undefined ? [] : [{ size, value: cost.mean }])),
      curve: growth.fitted.map(({ size, mean }) => ({ size, value: mean })),
    })),
    { width: terminalWidth(), height: 17 },
  );
  if (drawn !== "")
    parts.push(section("Mean cost against size (both axes logarithmic; dots: fitted growth)"), drawn);
  return parts.join("\n");
}

function section(text: string): string {
  return `\n${heading(text)}`;
}

function sizeTable({ strategy, sizes }: StrategyComparison, costModel: Comparison["costModel"]): string {
  const hasTheory = sizes.some(({ theory }) => theory !== undefined);
  const isPrimitives = costModel === "primitives";
  const hasCostTheory = hasTheory && isPrimitives; // theory is in primitives alone
  const rows = sizes.map((row) => [
    ...[row.size, row.runs, row.solved].map(String),
    mean(row.applications),
    ...(hasTheory ? [number(row.theory?.applications)] : []),
    mean(row.cost),
    ...(hasCostTheory ? [number(row.theory?.primitiveCost)] : []),
  ]);
  const head = [
    ...["k", "runs", "solved", "applications [95 %]", ...(hasTheory ? ["theory"] : [])],
    ...[`${isPrimitives ? "primitive cost" : costModel} [95 %]`, ...(hasCostTheory ? ["theory"] : [])],
  ];
  const lines = [
    section(strategy),
    table(
      [head, ...rows],
      head.map(() => true),
    ),
  ];
  const offTheory = sizes.filter(isOffTheory).map(({ size }) => size);
  if (offTheory.length > 0) {
    lines.push(wrap(`more than 3 standard errors off theory at k = ${offTheory.join(", ")}`, "  "));
  }
  return lines.join("\n");
}

function isOffTheory({ theory }: SizeRow): boolean {
  return theory?.z !== undefined && Math.abs(theory.z) > 3;
}

function mean(estimate: MeanEstimate | undefined): string {
  return estimate === undefined ? "-" : intervalCell(estimate.mean, estimate);
}

/** Share of the tokens per call below which the growing part has not been seen to dominate. */
const seenShare = 0.5;

/** Whether the class rests on tokens whose growing part is still small beside their constant. */
function isExtrapolated({ roles, dominantRole }: StrategyGrowth, costModel: CostModel): boolean {
  const role = roles.find((one) => one.role === dominantRole);
  if (role === undefined || costModel === "calls") return false;
  return [role.inputTokens, role.outputTokens].some(
    ({ degree, leadShare }) => degree > 0 && leadShare < seenShare,
  );
}

function growthText({ strategy, growth }: StrategyComparison, costModel: CostModel): string {
  const { verdict, class: name, base, sizeRange, plausible, localExponent, reasons, warnings } = growth;
  const seen = isExtrapolated(growth, costModel) ? " extrapolated from the tokens of calls" : "";
  const range = sizeRange === undefined ? "" : ` on k in [${sizeRange.low}, ${sizeRange.high}]`;
  const withBase = base === undefined ? "" : `, b = ${interval(base)}${heldText(growth.holds)}`;
  const found: (string | Styled)[] =
    name === undefined
      ? [{ text: verdict, style: "yellow" }]
      : verdict === "conclusive"
        ? [
            { text: `Θ(${name})`, style: "green" },
            `${withBase}${base === undefined ? "" : ","}${seen}${range}`,
          ]
        : [{ text: verdict, style: "yellow" }, `${range}; best guess Θ(${name})${withBase}${seen}`];
  const details: string[] = [];
  if (plausible.length > 1)
    details.push(
      `also possible: ${plausible
        .slice(1)
        .map((one) => one.class)
        .join(", ")}`,
    );
  if (base === undefined && localExponent !== undefined) {
    details.push(`measured as a power of k: k^${interval(localExponent)}`);
  }
  details.push(...reasons, ...warnings.map((warning) => `note: ${warning}`));
  const line = wrap([{ text: strategy, style: "bold" }, ": ", ...found], "  ", { hanging: "    " });
  return [line, ...details.map((detail) => wrap(detail, "    "))].join("\n");
}

function separationText({ sentence }: Separation): string {
  return wrap(sentence, "  ");
}

function interval({ value, low, high }: Estimate): string {
  return `${twoDigits(value)} [${twoDigits(low)}, ${twoDigits(high)}]`;
}
