/**
 * Which strategy to use when: every sensible pair of strategy and problem, over sizes and seeds, with prompts as
 * a real model needs them. Each problem is a campaign; `allele compare STORE --ranking` ranks the strategies of
 * each. docs/strategies.md keeps the tables.
 */
import {
  adaptiveLocality,
  blocks,
  type Campaign,
  componentCrossover,
  coupledBlocks,
  defineCampaign,
  fromScratch,
  globalDiff,
  globalRewrite,
  islands,
  kModule,
  leadingBlocks,
  llmCrossover,
  localRewrite,
  mapElites,
  noisyBlocks,
  type Problem,
  plusSelection,
  randomSearch,
  type StrategyDefinition,
  simulated,
  simulatedChooser,
  steadyState,
  trapBlocks,
} from "allele";

/** Members of the populations that are not one incumbent. */
const size = 8;
const random = localRewrite({ schedule: "random" });

/** The same strategies on every problem. */
const strategies: Record<string, StrategyDefinition> = {
  // The whole solution at a time.
  "random-search": { operators: [fromScratch()], population: randomSearch() },
  "global-rewrite": { operators: [globalRewrite()] },
  "global-diff": { operators: [globalDiff()] },
  // One component at a time.
  "local-sequential": { operators: [localRewrite({ schedule: "sequential" })] },
  "local-round-robin": { operators: [localRewrite({ schedule: "round-robin" })] },
  "local-random": { operators: [random] },
  "local-credit": { operators: [localRewrite({ schedule: "credit" })] },
  // Several components at a time.
  "adaptive-heavy-tailed": { operators: [adaptiveLocality({ rate: "heavy-tailed" })] },
  "adaptive-one-fifth": { operators: [adaptiveLocality({ rate: "one-fifth" })] },
  "adaptive-fixed-4": { operators: [adaptiveLocality({ rate: "fixed", count: 4 })] },
  // One component at a time in a population of several, with and without crossover.
  "local-in-population": { operators: [random], population: steadyState({ size }) },
  "local-and-crossover": {
    operators: [random, componentCrossover()],
    population: steadyState({ size }),
  },
  "local-and-llm-crossover": {
    operators: [{ operator: random, weight: 4 }, llmCrossover()],
    population: steadyState({ size }),
  },
  "scratch-and-crossover": {
    operators: [fromScratch(), { operator: componentCrossover({ kind: "two-point" }), weight: 4 }],
    population: steadyState({ size: 64 }),
  },
  "local-on-islands": { operators: [random], population: islands(steadyState({ size }), { count: 4 }) },
  "local-map-elites": { operators: [random], population: mapElites() },
  "local-plus": { operators: [random], population: plusSelection({ parents: 4, offspring: 4 }) },
  // Which operator pays is learnt.
  "bandit-mix": {
    operators: [random, adaptiveLocality({ rate: "heavy-tailed" }), componentCrossover(), globalRewrite()],
    mix: "bandit",
    population: steadyState({ size }),
  },
};

function campaignOn(problem: Problem, mutator = simulated()): Campaign {
  return defineCampaign({
    name: problem.name,
    problem,
    models: { mutator },
    strategies,
    sizes: [4, 8, 12, 16, 24, 32],
    seeds: { atLargest: 10, atMost: 20 },
    runBudget: { calls: 4000, evaluations: 40_000 },
  });
}

export default [
  campaignOn(blocks()),
  campaignOn(leadingBlocks()),
  campaignOn(coupledBlocks({ q: 2, successProbability: 0.25 })),
  campaignOn(trapBlocks({ g: 4 })),
  campaignOn(kModule(), simulatedChooser()),
  campaignOn(noisyBlocks()),
];
