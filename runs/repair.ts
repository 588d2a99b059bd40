/**
 * Repairs a code base of k JavaScript functions, one in four with an injected bug, by random edits to real code.
 * The unit tests say which functions fail, so local rewriting works on those alone, while global rewriting edits
 * all functions at once and breaks what was right. Untrusted code: needs bubblewrap.
 */
import { defineCampaign, globalRewrite, localRewrite, repair, simulatedProgrammer } from "allele";

export default defineCampaign({
  name: "repair",
  problem: repair({ timeoutMs: 300 }), // random edits make endless loops
  models: { mutator: simulatedProgrammer() },
  strategies: {
    local: { operators: [localRewrite({ schedule: "sequential" })] },
    global: { operators: [globalRewrite()], sizes: [4] },
  },
  sizes: [4, 8, 16, 32],
  seeds: 6,
  runBudget: { evaluations: 2000 },
});
