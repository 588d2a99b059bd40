/** Claims such as "the cost grows as 2^k k^2": which ones the data hold. */
import type { Estimate } from "./call-growth.ts";
import type { StrategyGrowth } from "./comparison.ts";
import { isSameClass, parseGrowthClass } from "./growth-class.ts";

const wholeBases = [2, 3, 4, 5, 6, 7, 8, 9, 10];

/**
 * Whether the data are compatible with the class: it is among the plausible classes of the total, and where
 * the text names a base, as in `2^k k^2`, the interval of the base under that class holds it. A text that is
 * no class is never held.
 */
export function holdsClass(growth: StrategyGrowth, text: string): boolean {
  const claim = parseGrowthClass(text);
  if (!claim) return false;
  return growth.plausible.some((one) => {
    const parsed = parseGrowthClass(one.class);
    if (!parsed || !isSameClass(parsed.growthClass, claim.growthClass)) return false;
    return claim.base === undefined || (one.base !== undefined && holdsBase(one.base, claim.base));
  });
}

/** The exponential class with each whole base from 2 to 10 that its interval holds, such as `2^k k`; often none. */
export function heldClasses(className: string | undefined, base: Estimate | undefined): readonly string[] {
  if (className === undefined || base === undefined) return [];
  return wholeBases
    .filter((whole) => holdsBase(base, whole))
    .map((whole) => className.replace("b^k", `${whole}^k`));
}

/** The classes as a remark, such as ` (holds 2^k k)`; empty without any. */
export function heldText(holds: readonly string[]): string {
  return holds.length === 0 ? "" : ` (holds ${holds.join(", ")})`;
}

function holdsBase(base: Estimate, value: number): boolean {
  return base.low <= value && value <= base.high;
}
