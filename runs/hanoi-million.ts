/**
 * A million dependent steps without an error (arXiv 2511.09030): the whole solution of the Towers of Hanoi with 20
 * disks, 1,048,575 moves, each a vote of a model that errs in 0.22 % of its steps, what the paper measured of
 * gpt-4.1-mini. The lead is the smallest with which the closed form leaves a probability of 1e-4 that any step is
 * wrong. Takes two minutes and 600 MB of disk and of memory; docs/problems.md has the figures.
 */
import {
  countTokens,
  defineCampaign,
  hanoi,
  hanoiLine,
  hanoiStep,
  hanoiStepsTheory,
  leadFor,
  simulatedCapable,
  stepByStep,
  voting,
} from "allele";

const errorRate = 0.0022;
const leadAt = (steps: number) => leadFor({ steps, errorRate, failure: 1e-4 });
const problem = hanoi({ disks: 20, stretch: 1024 });

export default defineCampaign({
  name: "hanoi-million",
  problem,
  prompt: "compact", // the last line alone
  strategies: {
    "vote-on-each-step": {
      operators: [stepByStep({ line: hanoiLine })],
      models: (steps) => ({
        specialist: voting(simulatedCapable({ capabilities: [hanoiStep()], errorRate }), {
          lead: leadAt(steps),
        }),
      }),
      theory: hanoiStepsTheory({
        errorRate,
        lead: leadAt,
        startTokens: countTokens("start: A 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 | B | C"),
        lineTokens: countTokens("1 A C: A 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 | B | C 1"),
      }),
    },
  },
  sizes: [2 ** 20 - 1],
  seeds: 1,
});
