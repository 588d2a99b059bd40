/** The growth of a strategy's total cost: the fastest growing of its roles, and how sure that is. */
import type { Estimate } from "./call-growth.ts";
import { type Cell, hasSolved } from "./cell.ts";
import type { FittedMean, StrategyGrowth, Verdict } from "./comparison.ts";
import { formatGrowthClass, outgrows, polynomialOrder } from "./growth-class.ts";
import { heldClasses } from "./holds-class.ts";
import { analyseRole, type Product, type RoleAnalysis } from "./role-growth.ts";
import type { CostModel, RunRow } from "./rows.ts";
import { runCost } from "./rows.ts";
import { labelText } from "./text.ts";
import { growthWarnings } from "./warnings.ts";

/** The growth as reported, with what the comparison of two strategies needs. */
export interface TotalAnalysis {
  readonly report: StrategyGrowth;
  /** Plausible classes of the total, the best first. */
  readonly products: readonly Product[];
  /** Whether claims about the class may rest on the fits at all. */
  readonly isTrustworthy: boolean;
}

/** Analyses the total cost of one strategy. `localExponent` is measured on the total by the caller. */
export function analyseTotal(
  runs: readonly RunRow[],
  costModel: CostModel,
  localExponent: Estimate | undefined,
): TotalAnalysis {
  const names = [...new Set(runs.flatMap((run) => run.roles.map((role) => role.role)))];
  const roles = names.map((name) => analyseRole(name, runs, costModel));
  const impossible = whyNoCost(runs, costModel, roles);
  const costly = impossible === undefined ? roles.filter((role) => isCostly(role, runs, costModel)) : [];

  const products = plausibleTotals(costly);
  const dominant = dominantRole(costly);
  const best = dominant?.products[0];
  const reasons = impossible === undefined ? whyOpen(costly, dominant) : [impossible];
  const calls = dominant?.report.calls;
  const className = best && formatGrowthClass(best.growthClass);
  const solved = (roles[0]?.cells ?? []).filter(hasSolved);
  return {
    report: {
      verdict: totalVerdict(costly, reasons),
      class: className,
      label: className && labelText(className, best?.base),
      sizeRange: sizeRange(solved),
      base: best?.base,
      holds: heldClasses(className, best?.base),
      localExponent,
      plausible: products.map((one) => ({ class: formatGrowthClass(one.growthClass), base: one.base })),
      exponentialWeight: dominant
        ? Math.max(...costly.map((role) => role.calls?.exponentialWeight ?? 0))
        : undefined,
      dominantRole: dominant?.report.role,
      lackOfFit: calls?.lackOfFit,
      challenge: calls?.challenge,
      roles: roles.map((role) => role.report),
      fitted: dominant ? fittedTotals(solved, costly) : [],
      reasons,
      warnings: growthWarnings(roles, costModel),
    },
    products,
    isTrustworthy: costly.length > 0 && costly.every((role) => role.isTrustworthy),
  };
}

function whyNoCost(
  runs: readonly RunRow[],
  costModel: CostModel,
  roles: readonly RoleAnalysis[],
): string | undefined {
  if (roles.length === 0) return "no model call was recorded, so there is no cost to grow";
  const unknown = runs.filter((run) => runCost(run, costModel) === undefined).length;
  if (unknown > 0) {
    const text = `the price in US dollars is unknown for ${unknown} of ${runs.length} runs`;
    return `${text}: declare the prices of the models or compare under another cost model`;
  }
  if (runs.every((run) => runCost(run, costModel) === 0))
    return "every call was free, so there is no cost to grow";
  return undefined;
}

/** A role whose calls are free everywhere adds nothing to the total. */
function isCostly(role: RoleAnalysis, runs: readonly RunRow[], costModel: CostModel): boolean {
  const only = (run: RunRow) => ({ ...run, roles: run.roles.filter((one) => one.role === role.report.role) });
  return runs.some((run) => (runCost(only(run), costModel) ?? 0) > 0);
}

/**
 * Whether one product grows faster than another. Two exponentials are told apart by their bases where the
 * intervals are disjoint, and otherwise, taken to share a base, by their polynomial factors.
 */
function growsFaster(left: Product, right: Product): boolean {
  if (!left.base || !right.base) return outgrows(left.growthClass, right.growthClass);
  if (left.base.low > right.base.high) return true;
  if (left.base.high < right.base.low) return false;
  return polynomialOrder(left.growthClass, right.growthClass) > 0;
}

function dominantRole(roles: readonly RoleAnalysis[]): RoleAnalysis | undefined {
  let dominant: RoleAnalysis | undefined;
  for (const role of roles) {
    const [best] = role.products;
    if (!best) return undefined; // the total is unknown when any part of it is
    const [leader] = dominant?.products ?? [];
    if (!leader || growsFaster(best, leader)) dominant = role;
  }
  return dominant;
}

/**
 * Every class that the maximum over the roles can take: a plausible class of one role, such that each other
 * role has a plausible class that does not outgrow it. The maximum of the best classes comes first.
 */
function plausibleTotals(roles: readonly RoleAnalysis[]): readonly Product[] {
  const first = dominantRole(roles)?.products[0];
  if (!first) return [];
  const found = new Map([[formatGrowthClass(first.growthClass), first]]);
  for (const role of roles) {
    for (const product of role.products) {
      const canLead = roles.every(
        (other) => other === role || other.products.some((rival) => !growsFaster(rival, product)),
      );
      const name = formatGrowthClass(product.growthClass);
      if (canLead && !found.has(name)) found.set(name, product);
    }
  }
  return [...found.values()];
}

/** Why the total is not conclusive: open questions of the dominant role, and rivals that may outgrow it. */
function whyOpen(roles: readonly RoleAnalysis[], dominant: RoleAnalysis | undefined): readonly string[] {
  const name = (role: RoleAnalysis, reason: string) =>
    roles.length > 1 ? `role ${role.report.role}: ${reason}` : reason;
  const best = dominant?.products[0];
  if (!dominant || !best) {
    const reasons = roles.flatMap((role) => role.report.reasons.map((reason) => name(role, reason)));
    return [...new Set(reasons)];
  }
  return roles.flatMap((role) => {
    const mayOutgrow = role.products.some((product) => growsFaster(product, best));
    const matters = role === dominant || (role.report.verdict !== "conclusive" && mayOutgrow);
    return matters ? role.report.reasons.map((reason) => name(role, reason)) : [];
  });
}

function totalVerdict(roles: readonly RoleAnalysis[], reasons: readonly string[]): Verdict {
  if (roles.some((role) => role.report.verdict === "lower bound only")) return "lower bound only";
  return roles.length > 0 && reasons.length === 0 ? "conclusive" : "inconclusive";
}

function sizeRange(solved: readonly Cell[]): StrategyGrowth["sizeRange"] {
  const low = solved[0]?.size;
  const high = solved[solved.length - 1]?.size;
  return low === undefined || high === undefined ? undefined : { low, high };
}

function fittedTotals(solved: readonly Cell[], roles: readonly RoleAnalysis[]): readonly FittedMean[] {
  return solved.map(({ size }) => ({
    size,
    mean: roles.reduce((sum, role) => sum + (role.fittedCost(size) ?? 0), 0),
  }));
}
