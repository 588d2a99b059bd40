/**
 * The quick start: global against local mutation on independent blocks, at growing numbers of blocks k, in
 * the setting of Meyerson and Qiu (ICML 2025), section 3.3. Theory: global mutation costs Θ(2^k k^2) LLM
 * primitives, local mutation in sequence Θ(k); they separate by Θ(2^k k).
 */
import {
  blocks,
  defineCampaign,
  globalRewrite,
  globalTheory,
  localRewrite,
  randomTheory,
  sequentialTheory,
  simulated,
} from "allele";

const setting = { tokensPerBlock: 8, successProbability: 0.5 };
const small = [1, 2, 3, 4, 5, 6, 7, 8];

export default defineCampaign({
  name: "global-vs-local",
  problem: blocks(setting),
  models: { mutator: simulated({ size: 1 }) },
  prompt: "compact", // no constant instructions, as in the paper's formulae
  strategies: {
    global: {
      operators: [globalRewrite()],
      sizes: [...small, 9, 10], // 2^k applications: larger sizes are out of reach
      theory: globalTheory(setting),
    },
    "local-sequential": {
      operators: [localRewrite({ schedule: "sequential" })],
      theory: sequentialTheory(setting),
    },
    "local-random": {
      operators: [localRewrite({ schedule: "random" })],
      theory: randomTheory(setting),
    },
  },
  sizes: [...small, 16, 32, 64],
  seeds: { atLargest: 10, atMost: 200 }, // about equal cost at each size
  runBudget: { calls: 100_000 },
  // Equation (14); at fixed tokens per block.
  claims: [{ optimistic: "global", optimized: "local-sequential", improvement: "2^k k" }],
});
