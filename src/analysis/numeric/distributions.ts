/** Tail probabilities and quantiles of Student's t, Fisher's F and chi-square. Pure, no tables. */
import { logUpperGamma, regularizedBeta } from "./special.ts";

/** The probability that Student's t with `degrees > 0` degrees of freedom exceeds `t`. */
export function studentUpper(t: number, degrees: number): number {
  const half = 0.5 * regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? half : 1 - half;
}

/** The `probability` quantile of Student's t, for probabilities from 0.5 to 0.9995, by bisection. */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0;
  let high = 1000;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentUpper(middle, degrees) > 1 - probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that F with `(numerator, denominator)` degrees of freedom exceeds `f`; 1 for `f <= 0`. */
export function fisherUpper(f: number, numerator: number, denominator: number): number {
  if (f <= 0) return 1;
  return regularizedBeta(denominator / (denominator + numerator * f), denominator / 2, numerator / 2);
}

/** The probability that chi-square with `degrees` degrees of freedom exceeds `x`; 1 for `x <= 0`. */
export function chiSquareUpper(x: number, degrees: number): number {
  return Math.exp(logUpperGamma(degrees / 2, x / 2));
}
