/** What to keep in mind about a growth class, whether conclusive or not. */
import { hasSolved } from "./cell.ts";
import { formatGrowthClass } from "./growth-class.ts";
import type { PerCallDegree } from "./polynomial-degree.ts";
import type { RoleAnalysis } from "./role-growth.ts";
import type { CostModel } from "./rows.ts";
import { numberText, percentText } from "./text.ts";

/** Below this range of sizes an exponential with a small base looks like a polynomial. */
const RANGE_FOR_SLOW_EXPONENTIALS = 16;
/** A leading term with a smaller share at the largest size is reported. */
const SMALL_LEAD_SHARE = 0.5;
const HEAVY_TAIL_SHAPE = 0.5;
const HEAVY_TAIL_RATIO = 10;
/** Costs per call that are further from any polynomial than this are reported. */
const LARGE_TOKEN_MISFIT = 0.2;

/** The warnings on all roles of one strategy. */
export function growthWarnings(roles: readonly RoleAnalysis[], costModel: CostModel): readonly string[] {
  return roles.flatMap((role) => {
    const warnings = [
      withoutSmallSizes(role),
      slowExponential(role),
      heavyTail(role),
      runsWithoutCall(role),
      ...(costModel === "primitives" || costModel === "linear" ? tokenWarnings(role) : []),
    ].filter((warning) => warning !== undefined);
    return roles.length > 1 ? warnings.map((warning) => `role ${role.report.role}: ${warning}`) : warnings;
  });
}

function withoutSmallSizes({ calls }: RoleAnalysis): string | undefined {
  if (!calls?.tail || calls.tail.keepsBest) return undefined;
  const all = formatGrowthClass(calls.best.growthClass);
  const tail = formatGrowthClass(calls.tail.best.growthClass);
  return `the class of the calls rests on the smallest sizes: without their smallest quarter it is ${tail}, not ${all}`;
}

function slowExponential({ calls, cells }: RoleAnalysis): string | undefined {
  if (!calls || calls.best.growthClass.isExponential) return undefined;
  const sizes = cells.filter(hasSolved).map((cell) => cell.size);
  const range = Math.max(...sizes) - Math.min(...sizes);
  if (range <= 0 || range >= RANGE_FOR_SLOW_EXPONENTIALS) return undefined;
  // An exponential that does not double over the range cannot be seen on it.
  const base = 2 ** (1 / range);
  return `slow exponential growth, with b <= ${numberText(base)}, cannot be excluded below k = ${Math.max(...sizes)}`;
}

function heavyTail({ calls, cells }: RoleAnalysis): string | undefined {
  const ratio = Math.max(0, ...cells.filter(hasSolved).map((cell) => cell.largest / cell.solvedMean));
  const isHeavy = (calls?.pooledShape ?? 1) < HEAVY_TAIL_SHAPE;
  if (!isHeavy && ratio <= HEAVY_TAIL_RATIO) return undefined;
  const detail = isHeavy
    ? `gamma shape ${numberText(calls?.pooledShape ?? 1)}`
    : `one run took ${numberText(ratio)} times the mean`;
  return `calls to target are heavy tailed (${detail}): a few unlucky runs decide the mean; add seeds`;
}

function runsWithoutCall({ runsWithoutCall: count }: RoleAnalysis): string | undefined {
  if (count === 0) return undefined;
  return `${count} solved run${count === 1 ? "" : "s"} made no call and count${count === 1 ? "s" : ""} as one call`;
}

function tokenWarnings({ report, cells }: RoleAnalysis): readonly (string | undefined)[] {
  const size = cells[cells.length - 1]?.size ?? 1;
  const parts: readonly (readonly [string, PerCallDegree])[] = [
    ["input tokens", report.inputTokens],
    ["output tokens", report.outputTokens],
    ["model size", report.modelSize],
  ];
  return parts.flatMap(([name, part]) => {
    const term = part.degree === 1 ? "k" : `k^${part.degree}`;
    const constant = part.leadShare < SMALL_LEAD_SHARE;
    const misfit = part.largestMisfit > LARGE_TOKEN_MISFIT && cells.length > 2; // two points say nothing of it
    return [
      constant
        ? `the term in ${term} is only ${percentText(part.leadShare)} of the ${name} per call at k = ${size}: the rest still dominates, and the class of the cost is an extrapolation`
        : undefined,
      misfit
        ? `the ${name} per call are no polynomial in k (off by up to ${percentText(part.largestMisfit)}): the calls of this role may be of several kinds`
        : undefined,
    ];
  });
}
