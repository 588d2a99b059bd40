/**
 * The closed forms of voting: of several answers to one request, the first that leads every other by v votes is
 * taken (arXiv 2511.09030). Votes for the right answer less those for the wrong one are a random walk from 0 to v
 * or -v: the gambler's ruin (Feller, An Introduction to Probability Theory and Its Applications I, chapter XIV).
 */
import { checkBetween, checkKeys, checkWhole, UsageError } from "./errors.ts";

/** A vote on one answer. All wrong answers are taken to be alike, the worst case: others share their votes. */
export interface VotingSetting {
  /** v: votes by which the answer taken leads every other. */
  readonly lead: number;
  /** Share of wrong answers among those that can be read, from 0 to 1. */
  readonly errorRate: number;
  /** Share of answers that cannot be read and are discarded, from 0 to 1; default 0. At 1 no vote ends. */
  readonly malformedRate?: number;
}

/** What a vote comes to. */
export interface VotingExpectation {
  /** Probability that the right answer wins. */
  readonly right: number;
  /** Mean number of answers that can be read. It does not depend on which answer wins. */
  readonly votes: number;
  /** Mean number of calls: votes and discarded answers. */
  readonly calls: number;
}

/**
 * The vote's probability to be right and its cost in calls: with p = 1 - errorRate and r = (1 - p) / p, the right
 * answer wins with probability 1 / (1 + r^v), after v (1 - r^v) / ((2 p - 1) (1 + r^v)) votes in the mean, v^2 at
 * p = 1/2 (Feller, XIV, equations 2.4 and 3.4, from the middle of 0..2v).
 */
export function votingTheory(setting: VotingSetting): VotingExpectation {
  checkKeys("votingTheory", setting, ["lead", "errorRate", "malformedRate"]);
  const lead = checkWhole("votingTheory: lead", setting.lead, 1);
  const errorRate = checkBetween("votingTheory: errorRate", setting.errorRate, 0, 1);
  const malformedRate = checkBetween("votingTheory: malformedRate", setting.malformedRate ?? 0, 0, 1);
  // Written for the likelier answer, so that no power overflows.
  const p = Math.max(errorRate, 1 - errorRate);
  const r = (1 - p) / p;
  const upset = r ** lead / (1 + r ** lead);
  // (1 - r^v) / (2 p - 1) without a quotient of differences: the sum of r^0..r^(v-1), over p.
  let sum = 0;
  for (let power = 0; power < lead; power++) sum += r ** power;
  const votes = (lead * sum) / (p * (1 + r ** lead));
  const right = errorRate <= 0.5 ? 1 - upset : upset;
  return { right, votes, calls: votes / (1 - malformedRate) };
}

/** Probability that so many votes, one after another, are all right: (1 / (1 + r^v))^steps. */
export function allRight(steps: number, { lead, errorRate }: VotingSetting): number {
  checkWhole("allRight: steps", steps, 0);
  const { right } = votingTheory({ lead, errorRate });
  // By logarithms where the factors are near 1: a million of them would lose their digits.
  return right < 0.5 ? right ** steps : Math.exp(-steps * Math.log1p((errorRate / (1 - errorRate)) ** lead));
}

/** What a number of steps needs, each of them one vote. */
export interface LeadSetting {
  /** s: votes that must all be right. */
  readonly steps: number;
  /** Share of wrong answers, below 1/2. */
  readonly errorRate: number;
  /** Greatest probability, above 0, that any of the steps is wrong. */
  readonly failure: number;
}

/**
 * The smallest lead with which all steps are right but for a probability of `failure`. It grows as log s / log(1/r),
 * so that the calls of all steps grow as s log s (arXiv 2511.09030, section 3).
 */
export function leadFor(setting: LeadSetting): number {
  checkKeys("leadFor", setting, ["steps", "errorRate", "failure"]);
  const steps = checkWhole("leadFor: steps", setting.steps, 1);
  const { errorRate, failure } = setting;
  checkBetween("leadFor: failure", failure, Number.MIN_VALUE, 1);
  if (!(errorRate >= 0 && errorRate < 0.5)) {
    throw new UsageError(
      `leadFor: errorRate must be from 0 and below 0.5, got ${String(errorRate)}: from a half on, more votes do not help`,
    );
  }
  const odds = errorRate / (1 - errorRate);
  const isEnough = (lead: number) => -Math.expm1(-steps * Math.log1p(odds ** lead)) <= failure;
  // From where rounding alone decides: near a half a lead is too large to be counted up to.
  const near = Math.floor(Math.log(Math.expm1(-Math.log1p(-failure) / steps)) / Math.log(odds));
  let lead = Number.isFinite(near) ? Math.max(1, near) : 1;
  while (!isEnough(lead)) lead += 1;
  while (lead > 1 && isEnough(lead - 1)) lead -= 1;
  return lead;
}
