/**
 * Repairs a code base of k JavaScript functions, one in four with an injected bug, by random edits to real code.
 * The unit tests say which functions fail: a schedule that works on those alone, in sequence, against one that
 * draws any function. Untrusted code: needs bubblewrap.
 */
import { defineCampaign, localRewrite, repair, simulatedProgrammer } from "allele";

export default defineCampaign({
  name: "repair",
  problem: repair({ timeoutMs: 300 }), // random edits make endless loops
  models: { mutator: simulatedProgrammer() },
  strategies: {
    sequential: { operators: [localRewrite({ schedule: "sequential" })] },
    random: { operators: [localRewrite({ schedule: "random" })], sizes: [4, 8] },
  },
  sizes: [4, 8, 16, 32],
  seeds: 5,
  runBudget: { evaluations: 2000 },
});
