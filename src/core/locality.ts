/**
 * How many components a local operator changes at once: between one, which local mutation changes, and all,
 * which global mutation does. The rates are those of the runtime theory of evolutionary algorithms, with
 * components in the place of bits; unlike a bit, a component that is written anew may stay wrong.
 */
import { checkBetween, checkKeys, checkWhole, pickKnown, UsageError } from "./errors.ts";
import { parametersOf } from "./parameters.ts";
import { type Rng, randomIndex } from "./rng.ts";
import type { Schedule } from "./schedule.ts";
import { improvableOf } from "./schedules/improvable.ts";

/** How the number of components is chosen. */
export type LocalityRate = "fixed" | "heavy-tailed" | "one-fifth";

/** Which components go together. */
export type LocalityChoice = "adjacent" | "anywhere";

/** Options of `locality`. */
export interface LocalityOptions {
  /**
   * `fixed`: always `count`.
   *
   * `heavy-tailed` (default): r with probability proportional to r^-exponent, from 1 to the number of components
   * that can improve: mostly one, but any number sooner or later, whatever the problem. The fast genetic
   * algorithm (Doerr, Le, Makhmara and Nguyen, GECCO 2017) draws its mean number of bits so, from 1 to n / 2;
   * here the number itself is drawn, and up to all, since solutions may have few components.
   *
   * `one-fifth`: as many as bring improvements. It multiplies its number by 1.5 when a candidate improves on its
   * parent and divides it by 1.5^(1/4) when it does not, so that it stays where one in five does (Kern,
   * Müller, Hansen, Büche, Ocenasek and Koumoutsakos, Natural Computing 3, 2004; for evolutionary algorithms
   * on bits, Doerr, Doerr and Lengler, GECCO 2019). It falls to 1 where nothing improves.
   */
  readonly rate?: LocalityRate;
  /** Components at once, for rate `fixed` (default 2); at first, for `one-fifth` (default 1). */
  readonly count?: number;
  /** Exponent of the heavy tail, at least 0; default 1.5, as the paper recommends, which needs one above 1. */
  readonly exponent?: number;
  /**
   * `adjacent` (default): components that follow each other, from a random one on, around the end to the
   * first. `anywhere`: a random subset. Both among those alone that the evaluator reports as able to improve.
   */
  readonly choose?: LocalityChoice;
}

/** The state of a rate in one run. */
interface RateState {
  /** How many of so many components to change. */
  draw(rng: Rng, most: number): number;
  tell(isImproved: boolean): void;
}

/** A rate with its options checked. */
interface Rate {
  readonly parameters: { readonly count?: number; readonly exponent?: number };
  start(componentCount: number): RateState;
}

/** F of the success rule: the factor after a success; the one after a failure is F^(-1/4). */
const factor = 1.5;

const rates: Readonly<Record<LocalityRate, (options: LocalityOptions) => Rate>> = {
  fixed: ({ count = 2, exponent }) => {
    refuse("exponent", exponent, "fixed");
    checkWhole("locality: count", count, 1);
    return {
      parameters: { count },
      start: () => ({ draw: (_rng, most) => Math.min(count, most), tell: () => {} }),
    };
  },
  "heavy-tailed": ({ count, exponent = 1.5 }) => {
    refuse("count", count, "heavy-tailed");
    checkBetween("locality: exponent", exponent, 0, 100);
    return {
      parameters: { exponent },
      start(componentCount) {
        const sums = new Float64Array(componentCount + 1);
        for (let r = 1; r <= componentCount; r++) sums[r] = (sums[r - 1] ?? 0) + r ** -exponent;
        return {
          draw(rng, most) {
            const point = rng() * (sums[most] ?? 0);
            let r = 1;
            while (r < most && (sums[r] ?? 0) <= point) r++;
            return r;
          },
          tell: () => {},
        };
      },
    };
  },
  "one-fifth": ({ count = 1, exponent }) => {
    refuse("exponent", exponent, "one-fifth");
    checkWhole("locality: count", count, 1);
    return {
      parameters: { count },
      start(componentCount) {
        let r = Math.min(count, componentCount);
        return {
          draw(rng, most) {
            const below = Math.floor(r);
            return Math.min(below + (rng() < r - below ? 1 : 0), most);
          },
          tell(isImproved) {
            r = isImproved ? Math.min(r * factor, componentCount) : Math.max(r * factor ** -0.25, 1);
          },
        };
      },
    };
  },
};

const choices: Readonly<
  Record<LocalityChoice, (all: readonly number[], count: number, rng: Rng) => readonly number[]>
> = {
  adjacent(all, count, rng) {
    const start = randomIndex(rng, all.length);
    return Array.from({ length: count }, (_, step) => all[(start + step) % all.length] ?? 0);
  },
  anywhere(all, count, rng) {
    // The first steps of a shuffle (Fisher and Yates).
    const left = [...all];
    return Array.from({ length: count }, () => {
      const at = randomIndex(rng, left.length);
      const drawn = left[at] ?? 0;
      left[at] = left.at(-1) ?? 0;
      left.pop();
      return drawn;
    });
  },
};

/** Makes the schedule that announces several components, as many as its rate says. */
export function locality(options: LocalityOptions = {}): Schedule {
  checkKeys("locality", options, ["rate", "count", "exponent", "choose"]);
  const { rate = "heavy-tailed", choose = "adjacent" } = options;
  const { parameters, start } = pickKnown("Rate", rate, rates)(options);
  const chosen = pickKnown("Choice", choose, choices);
  return {
    name: "locality",
    parameters: parametersOf({ rate, ...parameters, choose }),
    start(componentCount) {
      const state = start(componentCount);
      return {
        next(parent, rng) {
          const all = improvableOf(parent, componentCount);
          const components = chosen(all, state.draw(rng, all.length), rng);
          const [first = 0, ...others] = [...components].sort((a, b) => a - b);
          return [first, ...others];
        },
        tell: ({ isImproved }) => state.tell(isImproved),
      };
    },
  };
}

function refuse(option: string, value: number | undefined, rate: LocalityRate): void {
  if (value !== undefined) throw new UsageError(`locality: ${option} has no meaning with rate "${rate}"`);
}
