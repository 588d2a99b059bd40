import { describe, expect, it } from "vitest";
import { modelSizesMarkdown, modelSizesText } from "../../src/cli/model-sizes-text.ts";
import type { Table1 } from "../../src/cli/table1.ts";

const campaign = { id: 1, name: "split", problem: "p", promptMode: "compact", status: "done", createdAt: "" };
const all: Table1["modelSizes"] = [
  {
    campaign,
    sizes: {
      ...{ size: 48, largest: 10 },
      rows: [
        {
          strategy: "focused",
          roles: [
            { role: "qa", modelSize: 1, cost: 1000 },
            { role: "developer", modelSize: 10, cost: 3000 },
          ],
          ...{ cost: 4000, oneModelCost: 13_000 },
        },
      ],
    },
  },
];

describe("the section on models of the right size", () => {
  it("has a line for each role, and the factor that one model for all costs", () => {
    expect(modelSizesText(all).join("\n").replace(/ +$/gm, "")).toBe(`
One model for all roles, or the right size for each, in LLM primitives
                       roles                   right size  one model  times
split, k = 48, m = 10
  focused              qa m = 1, 25 %               4,000      13.0k   3.25
                       developer m = 10, 75 %
  right size: what the calls cost, with the sizes of the models and the share of
  each role; one model: the same calls, each by the largest model m of the
  campaign.`);
    expect(modelSizesText([])).toEqual([]);
  });

  it("is one row in a document", () => {
    expect(modelSizesMarkdown(all)[1]).toContain(
      "| split, k = 48, m = 10 | focused | qa m = 1, 25 %, developer m = 10, 75 % | 4,000 | 13.0k | 3.25 |",
    );
    expect(modelSizesMarkdown([])).toEqual([]);
    const named = all.map((one) => ({ ...one, campaign: { ...campaign, name: "a_b | c" } }));
    expect(modelSizesMarkdown(named)[1]).toContain("| a\\_b \\| c, k = 48, m = 10 | focused |");
  });
});
