/**
 * Special functions in double precision: log-gamma, the upper incomplete gamma function on the log scale,
 * and the incomplete beta function. No dependency, no state. Owns nothing about growth or runs.
 */

/** Lanczos coefficients, g = 7, nine terms (Godfrey 2001). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;
const HALF_LOG_TWO_PI = 0.9189385332046727;
/** From this shape on the upper incomplete gamma function is expanded asymptotically. */
const LARGE_SHAPE = 500;
/** Taylor coefficients in `eta` of the first two terms of Temme's expansion, DLMF 8.12.12 and table 8.12.1. */
const TEMME_0 = [
  -1 / 3,
  1 / 12,
  -2 / 135,
  1 / 864,
  3.527336860670194e-4,
  -1.787551440329218e-4,
  3.919263178522438e-5,
] as const;
const TEMME_1 = [
  -1 / 540,
  -1 / 288,
  1 / 378,
  -9.902263374485596e-4,
  2.05761316872428e-4,
  -4.018775720164609e-7,
] as const;
/** Keeps the modified Lentz recurrences away from a division by zero. */
const TINY = 1e-300;

/** The natural logarithm of the gamma function, for `x > 0`. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  if (x >= 20) {
    const inverse = 1 / (x * x); // Stirling's series, Abramowitz & Stegun 6.1.41
    const tail = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
    return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + tail;
  }
  let series: number = LANCZOS[0];
  for (const [index, coefficient] of LANCZOS.entries())
    if (index > 0) series += coefficient / (x - 1 + index);
  const shifted = x + 6.5;
  return HALF_LOG_TWO_PI + (x - 0.5) * Math.log(shifted) - shifted + Math.log(series);
}

/**
 * The logarithm of the regularized upper incomplete gamma function `Q(shape, x)`, for `shape > 0`: the
 * probability that a gamma variable of that shape and scale 1 exceeds `x`. Zero for `x <= 0`. Stays finite
 * far in the tail, where `Q` itself underflows.
 */
export function logUpperGamma(shape: number, x: number): number {
  if (x <= 0) return 0;
  if (!Number.isFinite(x)) return Number.isNaN(x) ? Number.NaN : Number.NEGATIVE_INFINITY;
  if (shape > LARGE_SHAPE) return logUpperGammaLargeShape(shape, x);
  const logDensity = shape * Math.log(x) - x - logGamma(shape);
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term; // series for the lower tail, Abramowitz & Stegun 6.5.29
    for (let n = 1; n < 10_000 && term > sum * 1e-15; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return Math.log1p(-Math.min(Math.exp(logDensity) * sum, 1 - 1e-16));
  }
  // Continued fraction for the upper tail, Abramowitz & Stegun 6.5.31, by the modified Lentz method.
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / awayFromZero(a * d + b);
    c = awayFromZero(b + a / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return logDensity + Math.log(fraction);
}

/**
 * Temme's uniform asymptotic expansion with two terms, DLMF 8.12.4 and 8.12.9-10: with `1 + mu = x / shape` and
 * `eta^2 / 2 = mu - log(1 + mu)`, a normal tail at `eta sqrt(shape)` plus a correction. Correct to about 1e-8
 * from `LARGE_SHAPE` on, where the series and the fraction would take thousands of steps.
 */
function logUpperGammaLargeShape(shape: number, x: number): number {
  const mu = (x - shape) / shape;
  const halfSquare = mu - Math.log1p(mu);
  const eta = Math.sign(mu) * Math.sqrt(2 * Math.max(0, halfSquare));
  const first = Math.abs(eta) < 0.1 ? polynomial(TEMME_0, eta) : 1 / mu - 1 / eta;
  const second =
    Math.abs(eta) < 0.1 ? polynomial(TEMME_1, eta) : 1 / eta ** 3 - 1 / mu ** 3 - 1 / mu ** 2 - 1 / (12 * mu);
  const logNormal = logUpperNormal(eta * Math.sqrt(shape));
  const logFactor = -shape * halfSquare - 0.5 * Math.log(shape) - HALF_LOG_TWO_PI - logNormal;
  return Math.min(0, logNormal + Math.log1p(Math.exp(logFactor) * (first + second / shape)));
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/** The logarithm of the probability that a standard normal variable exceeds `z`. */
export function logUpperNormal(z: number): number {
  const logTwoSided = logUpperGamma(0.5, (z * z) / 2);
  return z > 0 ? logTwoSided - Math.LN2 : Math.log1p(-0.5 * Math.exp(logTwoSided));
}

/** The regularized incomplete beta function `I_x(a, b)`, for `a, b > 0`; 0 below `x = 0` and 1 above `x = 1`. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const front = Math.exp(logFront);
  // The fraction converges fast below the mean; above it use I_x(a, b) = 1 - I_{1-x}(b, a).
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Continued fraction of the incomplete beta function, Abramowitz & Stegun 26.5.8. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
