/** Writes a comparison for a person. */
import type {
  Comparison,
  Estimate,
  MeanEstimate,
  Separation,
  SizeRow,
  StrategyComparison,
} from "../analysis/index.ts";
import { chart } from "./chart.ts";
import { number, paint, table, terminalWidth, wrap } from "./text.ts";

const costNames = {
  primitives: "LLM primitives (Def. 2.2)",
  linear: "linear price m (n + t)",
  calls: "calls",
  usd: "US dollars",
} as const;

/** The whole comparison: tables, growth, separations, chart. */
export function comparisonText(comparison: Comparison): string {
  const { strategies, separations, costModel } = comparison;
  const parts = [
    ...strategies.map((strategy) => sizeTable(strategy, costModel)),
    heading(`Growth with size k, cost in ${costNames[costModel]}`),
    ...strategies.map(growthText),
  ];
  if (separations.length > 0) {
    parts.push(heading("Separation of each pair"), ...separations.map(separationText));
  }
  const drawn = chart(
    strategies.map(({ strategy, sizes, growth }) => ({
      name: strategy,
      points: sizes.flatMap(({ size, cost }) => (cost === undefined ? [] : [{ size, value: cost.mean }])),
      curve: growth.fitted.map(({ size, mean }) => ({ size, value: mean })),
    })),
    { width: terminalWidth(), height: 17 },
  );
  if (drawn !== "")
    parts.push(heading("Mean cost against size (both axes logarithmic; dots: fitted growth)"), drawn);
  return parts.join("\n");
}

function heading(text: string): string {
  return `\n${paint("bold", text)}`;
}

function sizeTable({ strategy, sizes }: StrategyComparison, costModel: Comparison["costModel"]): string {
  const hasTheory = sizes.some(({ theory }) => theory !== undefined);
  const isPrimitives = costModel === "primitives";
  const head = ["k", "runs", "solved", "applications [95 %]", ...(hasTheory ? ["theory"] : [])];
  head.push(
    "primitive cost [95 %]",
    ...(hasTheory ? ["theory"] : []),
    ...(isPrimitives ? [] : [`${costModel} [95 %]`]),
  );
  const rows = sizes.map((row) => [
    String(row.size),
    String(row.runs),
    String(row.solved),
    mean(row.applications),
    ...(hasTheory ? [number(row.theory?.applications)] : []),
    mean(row.primitiveCost),
    ...(hasTheory ? [number(row.theory?.primitiveCost)] : []),
    ...(isPrimitives ? [] : [mean(row.cost)]),
  ]);
  const offTheory = sizes.filter(isOffTheory).map(({ size }) => size);
  const note =
    offTheory.length === 0 ? "" : `\n  more than 3 standard errors off theory at k = ${offTheory.join(", ")}`;
  return `${heading(strategy)}\n${table(
    [head, ...rows],
    head.map(() => true),
  )}${note}`;
}

function isOffTheory({ theory }: SizeRow): boolean {
  return theory?.z !== undefined && Math.abs(theory.z) > 3;
}

function mean(estimate: MeanEstimate | undefined): string {
  if (estimate === undefined) return "-";
  const { low, high } = estimate;
  return low === undefined || high === undefined
    ? number(estimate.mean)
    : `${number(estimate.mean)} [${number(low)}, ${number(high)}]`;
}

function growthText({ strategy, growth }: StrategyComparison): string {
  const { verdict, class: name, base, sizeRange, plausible, localExponent, reasons, warnings } = growth;
  const range = sizeRange === undefined ? "" : ` on k in [${sizeRange.low}, ${sizeRange.high}]`;
  const withBase = base === undefined ? "" : `, b = ${interval(base)}${holds(name, base)},`;
  const found =
    name === undefined
      ? paint("yellow", verdict)
      : verdict === "conclusive"
        ? `${paint("green", `Θ(${name})`)}${withBase}${range}`
        : `${paint("yellow", verdict)}${range}; best guess Θ(${name})${withBase}`;
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
  return [`  ${paint("bold", strategy)}: ${found}`, ...details.map((detail) => wrap(detail, "    "))].join(
    "\n",
  );
}

function separationText({ sentence, ratioClass, base }: Separation): string {
  const claim = base === undefined ? "" : holds(ratioClass, base);
  return wrap(
    sentence.replace(/base of the ratio [^\]]*\]/, (found) => found + claim),
    "  ",
  );
}

function interval({ value, low, high }: Estimate): string {
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

/** Names the class with a whole base that the interval holds, e.g. " (holds 2^k k)". */
function holds(name: string | undefined, base: Estimate): string {
  const whole = [2, 3, 4, 5, 6, 7, 8, 9, 10].filter((value) => base.low <= value && value <= base.high);
  const claims = whole.map((value) => name?.replace("b^k", `${value}^k`));
  return claims.length === 0 ? "" : ` (holds ${claims.join(", ")})`;
}
