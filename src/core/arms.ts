/** The arms of a cost-aware bandit: of models, of operators, of components. */
import { drawBeta } from "./beta.ts";
import type { Rng } from "./rng.ts";

/** What is known of one arm. */
interface Arm {
  readonly index: number;
  /** What it is expected to cost beside the others while nothing is known of its cost. */
  readonly size: number;
  isTried: boolean;
  inFlight: number;
  /** Discounted numbers of outcomes. */
  improvements: number;
  failures: number;
  /** Number of outcomes with a cost, and their discounted mean. */
  costs: number;
  meanCost: number;
}

/** How arms learn. */
export interface ArmsOptions {
  /** What the outcome before counts for when the next one comes, from 0 to 1. */
  readonly discount: number;
  /** No arm counts as cheaper than this share of the mean cost of all; default 0. */
  readonly leastCostShare?: number;
}

/**
 * Thompson sampling for budgeted bandits (Xia, Li, Qin, Yu and Liu, IJCAI 2015): draws each arm's rate of
 * improvement from its posterior, Beta(1 + improvements, 1 + failures), divides it by the arm's mean cost, and
 * picks the largest ratio. Each arm is tried once first, the one of the smallest size first. A pick in flight
 * counts as a failure until its outcome is told.
 */
export class Arms {
  readonly #arms: readonly Arm[];
  readonly #bySize: readonly Arm[];
  readonly #discount: number;
  readonly #leastCostShare: number;

  constructor(sizes: readonly number[], { discount, leastCostShare = 0 }: ArmsOptions) {
    const nothing = { isTried: false, inFlight: 0, improvements: 0, failures: 0, costs: 0, meanCost: 0 };
    this.#arms = sizes.map((size, index) => ({ index, size, ...nothing }));
    this.#bySize = [...this.#arms].sort((a, b) => a.size - b.size);
    this.#discount = discount;
    this.#leastCostShare = leastCostShare;
  }

  /** Index of the arm to use next, one of those that may be; all may by default. */
  pick(rng: Rng, mayBe: (index: number) => boolean = () => true): number {
    const untried = this.#bySize.find(({ index, isTried }) => !isTried && mayBe(index));
    const arm = untried ?? this.#drawBest(rng, mayBe);
    arm.isTried = true;
    arm.inFlight += 1;
    return arm.index;
  }

  /**
   * Takes the outcome of a pick; `isImproved` is undefined where nothing was tried. Without a cost it tells nothing of the cost: for a model that is down, the
   * ratio would grow with every failure.
   */
  tell(picked: number, isImproved: boolean | undefined, cost: number | undefined): void {
    const arm = this.#arms[picked];
    if (arm === undefined) return;
    arm.inFlight -= 1;
    if (isImproved === undefined) return;
    for (const one of this.#arms) {
      one.improvements *= this.#discount;
      one.failures *= this.#discount;
    }
    if (isImproved) arm.improvements += 1;
    else arm.failures += 1;
    if (cost !== undefined) {
      arm.costs += 1;
      arm.meanCost += (cost - arm.meanCost) * Math.max(1 / arm.costs, 1 - this.#discount);
    }
  }

  #drawBest(rng: Rng, mayBe: (index: number) => boolean): Arm {
    const { perSize, least } = this.#costs();
    let best: Arm | undefined;
    let bestRatio = Number.NEGATIVE_INFINITY;
    for (const arm of this.#arms) {
      if (!mayBe(arm.index)) continue;
      const cost = Math.max(least, arm.costs > 0 ? arm.meanCost : arm.size * perSize);
      const ratio = drawBeta(rng, 1 + arm.improvements, 1 + arm.failures + arm.inFlight) / cost;
      if (ratio > bestRatio) {
        best = arm;
        bestRatio = ratio;
      }
    }
    if (best === undefined) throw new RangeError("No arm may be picked");
    return best;
  }

  /** The cost per unit of size, for arms without a cost yet (1 while there are no others), and the least cost. */
  #costs(): { readonly perSize: number; readonly least: number } {
    let known = 0;
    let perSize = 0;
    let sum = 0;
    for (const { costs, meanCost, size } of this.#arms) {
      if (costs === 0) continue;
      known += 1;
      perSize += meanCost / size;
      sum += meanCost;
    }
    const smallest = Number.MIN_VALUE * 2 ** 60; // where nothing costs anything, the rate alone decides
    if (known === 0) return { perSize: 1, least: smallest };
    return { perSize: perSize / known, least: Math.max(smallest, (this.#leastCostShare * sum) / known) };
  }
}
