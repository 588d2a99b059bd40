/**
 * Exact expectations on the hanoi problem, for `greedy()` and `sequential()`: a stretch is written anew until it is
 * right. Token counts are arguments: of a line (the same for all lines of so many disks), of what stands before the
 * first, of the spec.
 */
import { primitiveCost, votingTheory } from "../../src/core/index.ts";

/** Exact means. */
export interface HanoiExpectation {
  readonly applications: number;
  /** With compact prompts. */
  readonly primitiveCost: number;
}

/** The setting of one agent alone, which writes all moves at one go. */
export interface HanoiAloneSetting {
  /** Share of steps that are wrong. */
  readonly stepErrorRate: number;
  /** Tokens of the only component's spec at size s, which is the prompt. */
  specTokens(s: number): number;
  /** Tokens of a line; its line break is one more, but for the last line. */
  readonly lineTokens: number;
  /** m of Def. 2.2; default 1. */
  readonly modelSize?: number;
}

/** One agent alone: all s steps of an answer are right with probability (1 - e)^s; answers until one is. */
export function hanoiAloneTheory(setting: HanoiAloneSetting): (s: number) => HanoiExpectation {
  const { stepErrorRate, specTokens, lineTokens, modelSize = 1 } = setting;
  return (s) => {
    const applications = (1 - stepErrorRate) ** -s;
    const outputTokens = s * (lineTokens + 1) - 1;
    const cost = primitiveCost({ modelSize, inputTokens: specTokens(s), outputTokens });
    return { applications, primitiveCost: applications * cost };
  };
}

/** The setting of a vote on each step. */
export interface HanoiStepsSetting {
  /** Share of wrong answers among those that can be read. */
  readonly errorRate: number;
  /** v of the vote at size s; 1 is the first answer that can be read. */
  lead(s: number): number;
  /** Moves of a component; default 1024. */
  readonly stretch?: number;
  readonly startTokens: number;
  readonly lineTokens: number;
  /** Share of answers that cannot be read; default 0. */
  readonly malformedRate?: number;
  /** Output tokens of the answers that cannot be read, each as likely as the others. */
  readonly malformedTokens?: readonly number[];
  /** m of Def. 2.2; default 1. */
  readonly modelSize?: number;
}

/**
 * A vote on each step: with P the probability of `votingTheory` that it is right, a stretch of L steps is right with
 * probability P^L, and takes P^-L applications of L votes each.
 */
export function hanoiStepsTheory(setting: HanoiStepsSetting): (s: number) => HanoiExpectation {
  const { errorRate, lead, stretch = 1024, startTokens, lineTokens, modelSize = 1 } = setting;
  const { malformedRate = 0, malformedTokens = [0] } = setting;
  const costOf = (inputTokens: number, outputTokens: number) =>
    primitiveCost({ modelSize, inputTokens, outputTokens });
  return (s) => {
    const { right, votes, calls } = votingTheory({ lead: lead(s), errorRate, malformedRate });
    const stepCost = (inputTokens: number) => {
      const wasted = malformedTokens.reduce((sum, tokens) => sum + costOf(inputTokens, tokens), 0);
      return votes * costOf(inputTokens, lineTokens) + ((calls - votes) * wasted) / malformedTokens.length;
    };
    let [applications, cost] = [0, 0];
    for (let first = 0; first < s; first += stretch) {
      const steps = Math.min(stretch, s - first);
      const tries = right ** -steps;
      applications += tries;
      cost += tries * (stepCost(first === 0 ? startTokens : lineTokens) + (steps - 1) * stepCost(lineTokens));
    }
    return { applications, primitiveCost: cost };
  };
}
