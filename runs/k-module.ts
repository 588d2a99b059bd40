/**
 * A pipeline of 4 modules with 5 options each, after OpenEvolve's k_module_problem: the score is the number of
 * right modules, and nobody says which. The model draws another option at random and remembers nothing. Theory:
 * local rewriting takes 16 applications; since no solution is scored twice in a run, 10 evaluations.
 */
import { defineCampaign, kModule, kModuleApplications, localRewrite, simulatedChooser } from "allele";

export default defineCampaign({
  name: "k-module",
  problem: kModule(),
  models: { mutator: simulatedChooser() },
  strategies: {
    local: {
      operators: [localRewrite({ schedule: "sequential" })],
      theory: (k) => ({ applications: kModuleApplications(k) }),
    },
  },
  sizes: [4],
  seeds: 400,
});
