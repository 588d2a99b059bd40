/** Censored costs without a model: Kaplan-Meier quantiles, the log-rank test, Holm's correction. */
import { chiSquareUpper } from "./numeric/distributions.ts";

/** One run's cost; censored when the true cost is larger. */
export interface SurvivalTime {
  readonly value: number;
  readonly isCensored: boolean;
}

/** The Kaplan-Meier estimate from one cost at which runs met their target to the next. */
export interface SurvivalStep {
  readonly value: number;
  /** Share of runs that have not met their target once they have spent this much, from 0 to 1. */
  readonly surviving: number;
}

/** The Kaplan-Meier estimate (1958): one step at each cost at which a run met its target, ascending. */
export function survivalSteps(times: readonly SurvivalTime[]): readonly SurvivalStep[] {
  let surviving = 1;
  return distinctEvents(times).map((value) => {
    const atRisk = times.filter((time) => time.value >= value).length;
    const met = times.filter((time) => !time.isCensored && time.value === value).length;
    surviving *= 1 - met / atRisk;
    return { value, surviving };
  });
}

/**
 * The cost below which a share `probability` of runs meets its target, by the Kaplan-Meier estimate. Where the
 * estimate equals the probability over a whole interval its middle is taken, so that without censoring the
 * median is the usual one. Undefined when censoring hides it.
 */
export function survivalQuantile(times: readonly SurvivalTime[], probability: number): number | undefined {
  const steps = survivalSteps(times);
  for (const [i, { value, surviving }] of steps.entries()) {
    const target = 1 - probability;
    if (surviving < target - 1e-12) return value;
    if (surviving <= target + 1e-12) {
      const next = steps[i + 1]?.value;
      return next === undefined ? value : (value + next) / 2;
    }
  }
  return undefined;
}

/**
 * The p-value of the two-sample log-rank test (Mantel 1966) that both groups meet their target at equal rates.
 * Undefined when the groups cannot be compared, as when no run met the target.
 */
export function logRankTest(
  left: readonly SurvivalTime[],
  right: readonly SurvivalTime[],
): number | undefined {
  const both = [...left, ...right];
  let difference = 0;
  let variance = 0;
  for (const value of distinctEvents(both)) {
    const atRisk = both.filter((time) => time.value >= value).length;
    const leftAtRisk = left.filter((time) => time.value >= value).length;
    const met = both.filter((time) => !time.isCensored && time.value === value).length;
    const leftMet = left.filter((time) => !time.isCensored && time.value === value).length;
    const share = leftAtRisk / atRisk;
    difference += leftMet - met * share;
    if (atRisk > 1) variance += (met * share * (1 - share) * (atRisk - met)) / (atRisk - 1);
  }
  return variance > 0 ? chiSquareUpper(difference ** 2 / variance, 1) : undefined;
}

/** Holm's step-down correction: p-values adjusted for all of them being tested, in the given order. */
export function holmAdjust(values: readonly number[]): readonly number[] {
  const order = values.map((p, index) => ({ p, index })).sort((left, right) => left.p - right.p);
  const adjusted = new Array<number>(values.length).fill(1);
  let largest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (values.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}

function distinctEvents(times: readonly SurvivalTime[]): readonly number[] {
  const values = times.filter((time) => !time.isCensored).map((time) => time.value);
  return [...new Set(values)].sort((left, right) => left - right);
}
