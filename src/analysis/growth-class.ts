/**
 * Growth classes as values: `b^k`, powers of `k` and of `log k`, their products, quotients, order and text.
 * `k` is the size of the problem throughout. Knows nothing about data.
 */

/**
 * A growth class `b^k * k^powerOfK * (log k)^powerOfLog` up to a constant factor. The base `b > 1` of an
 * exponential class is free: it is estimated from data and is no part of the class.
 */
export interface GrowthClass {
  readonly isExponential: boolean;
  readonly powerOfK: number;
  readonly powerOfLog: number;
}

/** The polynomial class `k^powerOfK (log k)^powerOfLog`. */
export function polynomialClass(powerOfK: number, powerOfLog = 0): GrowthClass {
  return { isExponential: false, powerOfK, powerOfLog };
}

/** The exponential class `b^k k^powerOfK`, with a free base. */
export function exponentialClass(powerOfK = 0): GrowthClass {
  return { isExponential: true, powerOfK, powerOfLog: 0 };
}

/** The class multiplied by `k^degree`. */
export function timesPower(growthClass: GrowthClass, degree: number): GrowthClass {
  return { ...growthClass, powerOfK: growthClass.powerOfK + degree };
}

/**
 * The class of the quotient. Of two exponential classes the quotient is again exponential with a free base,
 * which may be 1: whether it is must be estimated from the ratio itself.
 */
export function quotientClass(numerator: GrowthClass, denominator: GrowthClass): GrowthClass {
  return {
    isExponential: numerator.isExponential || denominator.isExponential,
    powerOfK: numerator.powerOfK - denominator.powerOfK,
    powerOfLog: numerator.powerOfLog - denominator.powerOfLog,
  };
}

/** The class without its exponential factor. */
export function polynomialPart(growthClass: GrowthClass): GrowthClass {
  return { ...growthClass, isExponential: false };
}

/**
 * Whether `left` grows strictly faster than `right`. An exponential outgrows every polynomial. Two exponential
 * classes are never ordered here, because their bases are free.
 */
export function outgrows(left: GrowthClass, right: GrowthClass): boolean {
  if (left.isExponential || right.isExponential) return left.isExponential && !right.isExponential;
  return polynomialOrder(left, right) > 0;
}

/** Positive when the polynomial part of `left` outgrows that of `right`, zero when they are equal. */
export function polynomialOrder(left: GrowthClass, right: GrowthClass): number {
  return left.powerOfK - right.powerOfK || left.powerOfLog - right.powerOfLog;
}

/** Whether two values name the same class. */
export function isSameClass(left: GrowthClass, right: GrowthClass): boolean {
  return left.isExponential === right.isExponential && polynomialOrder(left, right) === 0;
}

/**
 * The logarithm of the polynomial part at a size of at least 1. `log k` is read as the harmonic number `H_k`,
 * which grows alike and is 1 at `k = 1`, where the logarithm would be 0 and could not be a factor.
 */
export function logPolynomialAt(growthClass: GrowthClass, size: number): number {
  return growthClass.powerOfK * Math.log(size) + growthClass.powerOfLog * Math.log(harmonic(size));
}

/** The harmonic number `H_k = 1 + 1/2 + ... + 1/k`; by its asymptotic series for large or fractional sizes. */
export function harmonic(size: number): number {
  if (!Number.isInteger(size) || size > 100) {
    return Math.log(size) + 0.5772156649015329 + 1 / (2 * size) - 1 / (12 * size * size);
  }
  let sum = 0;
  for (let i = 1; i <= size; i++) sum += 1 / i;
  return sum;
}

/** The text of a class, such as `1`, `k log k`, `b^k k^2` or `b^k / (k log k)`. */
export function formatGrowthClass(growthClass: GrowthClass): string {
  const above = growthClass.isExponential ? ["b^k"] : [];
  const below: string[] = [];
  for (const [symbol, power] of [
    ["k", growthClass.powerOfK],
    ["log k", growthClass.powerOfLog],
  ] as const) {
    const side = power > 0 ? above : below;
    if (power !== 0) side.push(powerText(symbol, Math.abs(power)));
  }
  const top = above.join(" ") || "1";
  if (below.length === 0) return top;
  return below.length === 1 ? `${top} / ${below[0]}` : `${top} / (${below.join(" ")})`;
}

function powerText(symbol: string, power: number): string {
  if (power === 1) return symbol;
  return symbol === "k" ? `k^${power}` : `log^${power} k`;
}

/** Most characters of a class. */
const LONGEST_CLASS = 100;

/** A class read from text, with the numeric base where the text names one. */
export interface ParsedClass {
  readonly growthClass: GrowthClass;
  /** The base of `2^k k`; undefined for `b^k k` and for polynomial classes. */
  readonly base: number | undefined;
}

/**
 * Reads a class, such as `1`, `log k`, `k^2 log k`, `b^k k^2`, `2^k k`, `k^2 / log k` or `b^k / (k log k)`.
 * Undefined for any other text, a base of at most 1 included.
 */
export function parseGrowthClass(text: string): ParsedClass | undefined {
  if (text.length > LONGEST_CLASS) return undefined; // a store is anybody's, and the patterns take time with spaces
  const [, top = "", below] = /^([^/]*)(?:\/\s*([^/]*))?$/.exec(text.trim()) ?? [];
  const above = parseProduct(top.trim());
  if (below === undefined || !above) return above;
  const factors = /^\(([^()]*)\)$/.exec(below)?.[1] ?? below;
  const divisor = parseProduct(factors.trim());
  // An exponential below the line would be a falling one.
  if (!divisor || divisor.growthClass.isExponential) return undefined;
  return { growthClass: quotientClass(above.growthClass, divisor.growthClass), base: above.base };
}

function parseProduct(text: string): ParsedClass | undefined {
  const pattern =
    /^(?:(1)|(?:(b|\d+(?:\.\d+)?)\^k\b)?\s*(?:(k)(?:\^(\d+))?(?!\w))?\s*(?:log(?:\^(\d+))? (k))?)$/;
  const match = pattern.exec(text);
  if (!match || text === "") return undefined;
  const [, one, base, k, power, logPower, log] = match;
  if (one) return { growthClass: polynomialClass(0), base: undefined };
  if (base !== undefined && Number(base) <= 1) return undefined;
  return {
    growthClass: {
      isExponential: base !== undefined,
      powerOfK: k ? Number(power ?? 1) : 0,
      powerOfLog: log ? Number(logPower ?? 1) : 0,
    },
    base: base === undefined || base === "b" ? undefined : Number(base),
  };
}
