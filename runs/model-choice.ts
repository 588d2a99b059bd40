/**
 * Which model for which work: small models should do discrete tasks, and large ones only what those cannot
 * (Meyerson and Qiu, ICML 2025). A small model that knows two words can write 4 texts; for about one block in
 * four none of them is right, so that alone it never finishes. A large one that knows all words can solve every
 * block, at ten times the cost of a call. Each strategy rewrites one block at a time, in sequence; they differ
 * in the model alone.
 */
import {
  bandit,
  blocks,
  defineCampaign,
  ensemble,
  escalation,
  localRewrite,
  sequentialTheory,
  simulated,
} from "allele";

const setting = { tokensPerBlock: 3, successProbability: 0.3 };
const small = simulated({ name: "small", size: 1, vocabulary: 2, malformedRate: 0.05 });
const large = simulated({ name: "large", size: 10 });
const operators = [localRewrite({ schedule: "sequential" })];

// The small model gets as many tries at a block as cost less than one of the large model.
const escalating = escalation([small, large], { after: 8 });

export default defineCampaign({
  name: "model-choice",
  // The key was searched for: with it one in four of the first 4, 8, 16, 32 and 64 blocks is beyond the small
  // model, so that sizes do not differ in difficulty. With another key the share varies with the size.
  problem: blocks({ ...setting, instanceKey: "allele-28056" }),
  prompt: "compact", // no constant instructions, as in the paper's formulae
  strategies: {
    "small-only": { operators, models: { mutator: small }, sizes: [4, 8] },
    "large-only": {
      operators,
      models: { mutator: large },
      theory: sequentialTheory({ ...setting, modelSize: large.size }),
    },
    ensemble: { operators, models: { mutator: ensemble([small, large]) } },
    bandit: { operators, models: { mutator: bandit([small, large]) } },
    escalation: { operators, models: { mutator: escalating } },
  },
  sizes: [4, 8, 16, 32, 64],
  seeds: 40,
  runBudget: { primitiveCost: 45_000 },
});
