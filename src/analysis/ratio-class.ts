/** The growth class of the ratio of two costs, from the classes of both. */
import type { Estimate } from "./call-growth.ts";
import { type GrowthClass, logPolynomialAt, polynomialPart, quotientClass } from "./growth-class.ts";
import { degreesOfFreedom, logRatios, regress } from "./log-ratio.ts";
import type { Product } from "./role-growth.ts";

/** The class of a ratio, growing or falling. */
export interface RatioClass {
  readonly growthClass: GrowthClass;
  /** Base of an exponential class; undefined for others. */
  readonly base: Estimate | undefined;
}

/**
 * The quotient of two classes. Two exponentials whose ratio may have base 1 leave the polynomial part. Undefined
 * where an exponential is involved and the base of the ratio is not known.
 */
export function ratioClassOf(above: Product, below: Product): RatioClass | undefined {
  const quotient = quotientClass(above.growthClass, below.growthClass);
  if (!quotient.isExponential) return { growthClass: quotient, base: undefined };
  const base = ratioBase(above, below);
  if (!base) return undefined;
  const isCommon = above.growthClass.isExponential && below.growthClass.isExponential;
  return isCommon && base.low <= 1 && base.high >= 1
    ? { growthClass: polynomialPart(quotient), base: undefined }
    : { growthClass: quotient, base };
}

/**
 * The base of the ratio of two costs, given their classes, from the ratio of the calls less the polynomial
 * part of its class. Tokens per call are polynomials and add nothing to the base, but their constant parts
 * would bias it if the ratio of the costs were used.
 */
export function ratioBase(above: Product, below: Product): Estimate | undefined {
  const ratios = logRatios(above.callMeans, below.callMeans);
  const degrees = degreesOfFreedom(above.callMeans, below.callMeans, ratios);
  const rest = polynomialPart(quotientClass(above.callsClass, below.callsClass));
  const fit = regress(
    ratios,
    degrees,
    (size) => size,
    (size) => logPolynomialAt(rest, size),
  );
  if (!fit) return undefined;
  const base = { value: Math.exp(fit.value), low: Math.exp(fit.low), high: Math.exp(fit.high) };
  return Number.isFinite(base.high) ? base : undefined;
}
