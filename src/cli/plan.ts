/** What `allele run --dry-run` prints. */
import type { Campaign } from "../campaign.ts";
import { modelText } from "./make-models.ts";
import { harmlessLine, number, wrap } from "./text.ts";

/** What a campaign would do, as plain data. */
export function plan(campaign: Campaign, storePath: string) {
  return {
    campaign: campaign.name,
    problem: campaign.problem.name,
    promptMode: campaign.promptMode,
    store: storePath,
    seeds: campaign.seeds,
    budget: campaign.budget,
    runBudget: campaign.runBudget,
    strategies: campaign.strategies.map(({ name, sizes, operators, population, modelsAt, theory }) => ({
      name,
      operators: operators.map(({ operator }) => operator.name),
      population: population.name,
      // Of the largest size, where they depend on it.
      models: Object.fromEntries(
        Object.entries(modelsAt(sizes.at(-1) ?? 1)).map(([role, given]) => [role, modelText(given)]),
      ),
      sizes: sizes.map((size) => ({ size, expected: theory?.(size) })),
    })),
  };
}

/** Plans for a program. */
export function planJson(plans: unknown): string {
  return JSON.stringify(plans, null, 2);
}

/** The plans of campaigns for a person. */
export function planPage(campaigns: readonly Campaign[], storePath: string): string {
  return [
    ...campaigns.map(planText),
    "  (in brackets: expected applications of one run, where theory is given)",
    ...(campaigns.length > 1 ? ["Limits of the command line hold for each campaign by itself."] : []),
    `Nothing was run; without --dry-run the results go to ${harmlessLine(storePath)}`,
  ].join("\n");
}

function planText(campaign: Campaign): string {
  const { seeds } = campaign;
  const seedText =
    typeof seeds === "number"
      ? `${seeds} runs at each size`
      : `equal cost per size, ${seeds.atLargest} to ${seeds.atMost} runs each`;
  const lines = plan(campaign, "").strategies.flatMap(({ name, operators, population, models, sizes }) => {
    const expected = sizes.map(({ size, expected: means }) =>
      means === undefined ? String(size) : `${size}\u00a0(${number(means.applications)})`,
    );
    const roles = Object.entries(models).map(([role, model]) => `${role} = ${model}`);
    return [
      wrap(`${name}: ${operators.join(" + ")}, ${population}, ${roles.join(", ")}`, "  ", {
        hanging: "    ",
      }),
      wrap(`sizes ${expected.join(", ")}`, "    "),
    ];
  });
  const head = `Campaign '${campaign.name}' on problem '${campaign.problem.name}', ${campaign.promptMode} prompts: ${seedText}`;
  return [wrap(head, ""), ...lines].join("\n");
}
