import { describe, expect, it } from "vitest";
import { type CampaignDefinition, defineCampaign } from "../../src/campaign.ts";

const definition: CampaignDefinition = {
  name: "c",
  problem: "blocks",
  models: { mutator: "simulated" },
  strategies: { local: { operators: ["local-rewrite"] } },
  sizes: [1],
  seeds: 1,
};

describe("the budgets of a campaign", () => {
  it("of all runs together are calls and primitive cost; a limit that nothing would keep is refused", () => {
    const budget = { calls: 5, primitiveCost: 9 };
    expect(defineCampaign({ ...definition, budget }).budget).toEqual(budget);
    for (const key of ["wallMs", "evaluations"]) {
      expect(() => defineCampaign({ ...definition, budget: { [key]: 100 } })).toThrow(
        `Campaign: budget: option '${key}' is unknown; known: calls, primitiveCost`,
      );
    }
  });

  it("of each run may limit evaluations and wall time as well", () => {
    const runBudget = { calls: 5, primitiveCost: 9, evaluations: 7, wallMs: 100 };
    expect(defineCampaign({ ...definition, runBudget }).runBudget).toEqual(runBudget);
  });
});
