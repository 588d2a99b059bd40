/**
 * Many dependent steps without an error (section 5.2; arXiv 2511.09030): the first s moves of the Towers of Hanoi with
 * 20 disks, by a model that errs in one of five steps. Alone it writes all moves at one go, all of them right with
 * probability 0.8^s. Split into single steps, with a vote on each, few are wrong. For a probability of failure that
 * stays the same, the lead must grow as log s, and the cost as s log s. runs/hanoi-million.ts goes on to 1,048,575.
 */
import {
  countTokens,
  defineCampaign,
  generalist,
  hanoi,
  hanoiAlone,
  hanoiAloneTheory,
  hanoiLine,
  hanoiStep,
  hanoiStepsTheory,
  leadFor,
  type StrategyDefinition,
  simulatedCapable,
  stepByStep,
  voting,
} from "allele";

const errorRate = 0.2;
const small = [3, 7, 11, 15, 19, 23, 27, 31];
/** With an error rate of 0.2, four times as many steps need one vote more: at these sizes no lead is rounded up. */
const powersOfFour = [3, 15, 63, 255, 1023, 4095];

const stretch = 4096; // one component at every size: for all strategies a wrong step means to write all again
const problem = hanoi({ disks: 20, stretch });
const specOf = (size: number) => problem.instance({ size, seed: 1 }).components[0]?.spec ?? "";
// The same number of tokens at every move, so that a call costs the same at every size.
const lineTokens = countTokens("1 A C: A 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 | B | C 1");
const startTokens = countTokens("start: A 20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 | B | C");

/** A vote on each step, with the lead of a size. */
function votingSteps(lead: (size: number) => number, sizes: readonly number[]): StrategyDefinition {
  const model = simulatedCapable({ capabilities: [hanoiStep()], errorRate });
  return {
    operators: [stepByStep({ line: hanoiLine })],
    models: (size) => ({ specialist: voting(model, { lead: lead(size) }) }),
    sizes,
    theory: hanoiStepsTheory({ errorRate, lead, stretch, startTokens, lineTokens }),
  };
}

export default defineCampaign({
  name: "hanoi",
  problem,
  prompt: "compact", // the spec, or the last line, alone
  strategies: {
    alone: {
      operators: [generalist()],
      models: { generalist: simulatedCapable({ capabilities: [hanoiAlone({ stepErrorRate: errorRate })] }) },
      sizes: small, // 1.25^s applications: larger sizes are out of reach
      theory: hanoiAloneTheory({
        ...{ stepErrorRate: errorRate, lineTokens },
        specTokens: (size) => countTokens(specOf(size)),
      }),
    },
    "lead-4": votingSteps(() => 4, small),
    "lead-for-s": votingSteps(
      // The smallest with which three of four runs have no wrong step. A smaller probability of failure adds
      // log(1 / failure) to log s, which hides the log at these sizes.
      (steps) => leadFor({ steps, errorRate, failure: 0.25 }),
      powersOfFour,
    ),
  },
  sizes: small,
  seeds: { atLargest: 16, atMost: 60 },
  claims: [{ optimistic: "alone", optimized: "lead-4", improvement: "b^k k" }],
  runBudget: { calls: 200_000 },
});
