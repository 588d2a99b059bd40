/** Draws from the Beta distribution. */
import type { Rng } from "./rng.ts";

/** Draws from Beta(a, b), both at least 1, as X / (X + Y) of X from Gamma(a) and Y from Gamma(b). */
export function drawBeta(rng: Rng, a: number, b: number): number {
  const x = drawGamma(rng, a);
  return x / (x + drawGamma(rng, b));
}

/**
 * Draws from Gamma(shape, scale 1), shape at least 1, by rejection: G. Marsaglia and W. W. Tsang, "A simple
 * method for generating gamma variables", ACM TOMS 26 (2000), section 4, with the quick acceptance test of the
 * paper, which changes no answer.
 */
function drawGamma(rng: Rng, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(rng);
    const root = 1 + c * x;
    const v = root * root * root;
    if (v <= 0) continue;
    const u = rng();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square || Math.log(u) < square / 2 + d * (1 - v + Math.log(v)))
      return d * v;
  }
}

/** Draws from the standard normal distribution (Box and Muller 1958). */
function drawNormal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
