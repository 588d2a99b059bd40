import type { Rng } from "../rng.ts";

/**
 * Draws numbers from 1 to n with probability proportional to r^-exponent, in a time that does not depend on n:
 * rejection-inversion (Hörmann and Derflinger 1996, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM TOMACS 6). Names follow the paper: H is the integral of h(x) = x^-exponent.
 */
export class PowerLaw {
  readonly #exponent: number;
  /** H(3/2) - h(1), where the numbers to invert begin. */
  readonly #start: number;
  /** Up to this far below a number, no rejection is needed. */
  readonly #squeeze: number;
  #n = 0;
  #end = 0;

  constructor(exponent: number) {
    this.#exponent = exponent;
    this.#start = this.#integral(1.5) - 1;
    this.#squeeze = 2 - this.#inverse(this.#integral(2.5) - this.#density(2));
  }

  draw(rng: Rng, n: number): number {
    if (n !== this.#n) {
      this.#n = n;
      this.#end = this.#integral(n + 0.5);
    }
    for (;;) {
      const drawn = this.#end + rng() * (this.#start - this.#end);
      const x = this.#inverse(drawn);
      const number = Math.min(Math.max(Math.round(x), 1), n);
      if (number - x <= this.#squeeze || drawn >= this.#integral(number + 0.5) - this.#density(number)) {
        return number;
      }
    }
  }

  #density(x: number): number {
    return x ** -this.#exponent;
  }

  /** H(x) = (x^(1 - exponent) - 1) / (1 - exponent), or log x, written so that it is exact near exponent 1. */
  #integral(x: number): number {
    const log = Math.log(x);
    const scaled = (1 - this.#exponent) * log;
    return scaled === 0 ? log : (Math.expm1(scaled) / scaled) * log;
  }

  #inverse(y: number): number {
    const scaled = Math.max((1 - this.#exponent) * y, -1);
    return Math.exp(scaled === 0 ? y : (Math.log1p(scaled) / scaled) * y);
  }
}
