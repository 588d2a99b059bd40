/**
 * What votes cost and what they are worth (arXiv 2511.09030): each move of the Towers of Hanoi is a component of its
 * own and an application of its own, done by a model that errs in one of five steps. The first answer that leads by
 * v votes is taken; a wrong move is discarded, and the step is tried again. Theory is the gambler's ruin: s / P
 * applications, each of v (1 - r^v) / ((2p - 1) (1 + r^v)) votes.
 */
import {
  type Capability,
  countTokens,
  defineCampaign,
  hanoi,
  hanoiLine,
  hanoiStep,
  hanoiStepsTheory,
  type StrategyDefinition,
  simulatedCapable,
  stepByStep,
  voting,
} from "allele";

const errorRate = 0.2;
const capabilities: readonly Capability[] = [hanoiStep()];
const line = "1 A B: A 10 9 8 7 6 5 4 3 2 | B 1 | C";

function lead(v: number, malformedRate = 0): StrategyDefinition {
  return {
    operators: [stepByStep({ line: hanoiLine })],
    models: {
      specialist: voting(simulatedCapable({ capabilities, errorRate, malformedRate }), { lead: v }),
    },
    theory: hanoiStepsTheory({
      ...{ errorRate, malformedRate, stretch: 1, lead: () => v },
      startTokens: countTokens("start: A 10 9 8 7 6 5 4 3 2 1 | B | C"),
      lineTokens: countTokens(line),
      // How the simulated model fails to keep to a form: with nothing, or with words before its answer.
      malformedTokens: ["", `Here is my answer.\n${line}`].map(countTokens),
    }),
  };
}

export default defineCampaign({
  name: "voting",
  problem: hanoi({ disks: 10, stretch: 1 }),
  prompt: "compact", // the last line alone
  strategies: {
    "lead-1": lead(1),
    "lead-2": lead(2),
    "lead-3": lead(3),
    "lead-4": lead(4),
    "lead-2, 10 % malformed": lead(2, 0.1),
  },
  sizes: [13, 25, 50, 100, 200],
  seeds: 40,
  claims: [
    // What a vote costs is a factor: here every step is checked anyway, so that votes are not what saves.
    { optimistic: "lead-4", optimized: "lead-1", improvement: "1" },
    { optimistic: "lead-2, 10 % malformed", optimized: "lead-2", improvement: "1" },
  ],
});
