/** Tests a claim such as "the cost grows as 2^k k^2" against what the data leave open. */
import type { StrategyGrowth } from "./comparison.ts";
import { isSameClass, parseGrowthClass } from "./growth-class.ts";

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
    if (claim.base === undefined) return true;
    return one.base !== undefined && one.base.low <= claim.base && claim.base <= one.base.high;
  });
}
