/** Whether one strategy's cost outgrows another's, from the ratio in range and from the plausible classes. */
import type { Estimate } from "./call-growth.ts";
import type { Separation, SeparationVerdict } from "./comparison.ts";
import { formatGrowthClass, outgrows, polynomialClass } from "./growth-class.ts";
import { heldClasses, heldText } from "./holds-class.ts";
import { degreesOfFreedom, logRatios, regress, toRatioRow } from "./log-ratio.ts";
import type { CellMean } from "./mean-estimate.ts";
import { ratioBase, ratioClassOf } from "./ratio-class.ts";
import type { Product } from "./role-growth.ts";
import { estimateText, intervalText, labelText, numberText } from "./text.ts";
import type { TotalAnalysis } from "./total-growth.ts";

/** One strategy as the comparison of two needs it. */
export interface Contender {
  readonly strategy: string;
  readonly costs: readonly CellMean[];
  /** Whether what it cost is known and nothing, at all sizes: then `costs` is empty. */
  readonly isFree: boolean;
  readonly total: TotalAnalysis;
}

/** Compares two strategies; the log-rank rows are filled in by the caller. */
export function separate(left: Contender, right: Contender): Omit<Separation, "logRank"> {
  const last = logRatios(left.costs, right.costs).at(-1);
  const [costlier, cheaper] = last && last.value < 0 ? [right, left] : [left, right];
  const ratios = logRatios(costlier.costs, cheaper.costs);
  const degrees = degreesOfFreedom(costlier.costs, cheaper.costs, ratios);
  const slope = regress(ratios, degrees, Math.log, () => 0);
  const isGrowing = slope !== undefined && slope.low > 0;

  const canTrust = costlier.total.isTrustworthy && cheaper.total.isTrustworthy;
  const doClassesSeparate =
    canTrust &&
    costlier.total.products.length > 0 &&
    cheaper.total.products.length > 0 &&
    costlier.total.products.every((above) =>
      cheaper.total.products.every((below) => productOutgrows(above, below)),
    );
  const verdict: SeparationVerdict = !isGrowing
    ? "not shown"
    : doClassesSeparate
      ? "separates"
      : "grows in range";

  const ratio = classOfRatio(costlier.total.products[0], cheaper.total.products[0]);
  const isRatioClassConclusive =
    costlier.total.report.verdict === "conclusive" && cheaper.total.report.verdict === "conclusive";
  const separation = {
    costlier: costlier.strategy,
    cheaper: cheaper.strategy,
    verdict,
    ratios: ratios.map((one) => toRatioRow(one, degrees)),
    slope,
    ratioClass: ratio?.name,
    ratioLabel: ratio && labelText(ratio.name, ratio.base),
    isRatioClassConclusive,
    base: ratio?.base,
    holds: heldClasses(ratio?.name, ratio?.base),
  };
  return { ...separation, sentence: sentence(separation, costlier, cheaper) };
}

/** Of two exponentials the ratio decides: its base must exceed 1 whatever polynomial goes with it. */
function productOutgrows(above: Product, below: Product): boolean {
  if (!above.growthClass.isExponential || !below.growthClass.isExponential) {
    return outgrows(above.growthClass, below.growthClass);
  }
  return (ratioBase(above, below)?.low ?? 0) > 1;
}

/** The class of the ratio of the best classes as text; undefined where it is not known to grow. */
function classOfRatio(
  above: Product | undefined,
  below: Product | undefined,
): { readonly name: string; readonly base: Estimate | undefined } | undefined {
  const ratio = above && below && ratioClassOf(above, below);
  if (!ratio || !outgrows(ratio.growthClass, polynomialClass(0))) return undefined;
  const { growthClass, base } = ratio;
  if (base !== undefined && !(above.growthClass.isExponential && base.high >= 1)) return undefined;
  return { name: formatGrowthClass(growthClass), base };
}

function sentence(
  separation: Omit<Separation, "logRank" | "sentence">,
  costlier: Contender,
  cheaper: Contender,
): string {
  const { verdict, ratios, slope, ratioLabel, isRatioClassConclusive, base, holds } = separation;
  const names = `${separation.costlier} over ${separation.cheaper}`;
  const empty = [costlier, cheaper].filter((one) => one.costs.length === 0);
  if (empty.length > 0) {
    const known = (isFree: boolean) =>
      empty.filter((one) => one.isFree === isFree).map((one) => one.strategy);
    const why = [
      ...(known(true).length > 0 ? [`${known(true).join(" and ")} cost nothing`] : []),
      ...(known(false).length > 0 ? [`no cost to target is known for ${known(false).join(" and ")}`] : []),
    ];
    return `${names}: not comparable, because ${why.join(" and ")}.`;
  }
  const first = ratios[0];
  const last = ratios[ratios.length - 1];
  if (!first || !last) return `${names}: not comparable, because no shared size has a solved run of both.`;
  const { low, high } = last;
  const bounds = low === undefined || high === undefined ? "" : ` ${intervalText({ low, high })}`;
  const atLast = `${numberText(last.ratio)}${bounds} times the cost at k = ${last.size}`;
  const range = `k in [${first.size}, ${last.size}]`;
  if (verdict === "separates") {
    const theta = isRatioClassConclusive ? "ratio" : "best guess of the ratio";
    const shortLabel = base
      ? `${separation.ratioClass}, base of the ratio ${estimateText(base)}${heldText(holds)}`
      : ratioLabel;
    return `${names}: separates on ${range}; ${theta} ${shortLabel}; ${atLast}.`;
  }
  if (verdict === "grows in range") {
    const factor = numberText(last.ratio / first.ratio);
    return `${names}: the ratio grows by a factor of ${factor} on ${range}, but a separation of the growth classes is not shown; ${atLast}.`;
  }
  const falling = slope && slope.high < 0 ? ", and the ratio falls with k" : "";
  return `${names}: ${atLast}${falling}; growth of the ratio is not shown on ${range}.`;
}
