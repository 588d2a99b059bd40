/** `allele run`: carries a campaign out and prints the comparison. */
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import type { Comparison } from "../analysis/index.ts";
import { type Campaign, overrideCampaign } from "../campaign.ts";
import type { BudgetLimits } from "../core/index.ts";
import { runCampaign } from "../run-campaign.ts";
import { type CampaignStatus, findCampaign, openToRead, Store } from "../store/index.ts";
import { compareCampaign, comparisonJson, comparisonPage } from "./compare.ts";
import { exitCode } from "./exit-code.ts";
import { loadCampaign } from "./load-campaign.ts";
import { ProgressLine } from "./progress.ts";
import { number, paint } from "./text.ts";

/** Options of `allele run`. */
export interface RunCommandOptions {
  readonly store?: string;
  readonly seeds?: number;
  readonly sizes?: readonly number[];
  readonly concurrency?: number;
  readonly maxCalls?: number;
  readonly maxCost?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Runs the campaign of a script; returns the exit code. */
export async function run(path: string, options: RunCommandOptions): Promise<number> {
  const { sizes, seeds, maxCalls, maxCost } = options;
  const budget: BudgetLimits = {
    ...(maxCalls === undefined ? {} : { calls: maxCalls }),
    ...(maxCost === undefined ? {} : { primitiveCost: maxCost }),
  };
  const campaign = overrideCampaign(await loadCampaign(path), {
    budget,
    ...(sizes === undefined ? {} : { sizes }),
    ...(seeds === undefined ? {} : { seeds }),
  });
  const storePath = options.store ?? join(dirname(path), "out", `${basename(path, extname(path))}.sqlite`);
  if (options.dryRun) {
    console.log(
      options.json ? JSON.stringify(plan(campaign, storePath), null, 2) : planText(campaign, storePath),
    );
    return exitCode.done;
  }
  const { campaignId, status, error } = await carryOut(campaign, storePath, options.concurrency);
  const connection = openToRead(storePath);
  try {
    const row = findCampaign(connection, campaignId);
    const comparison = compareCampaign(connection, campaignId, "primitives");
    const page = () =>
      `${comparisonPage(row, comparison)}\n${nextSteps(campaign, storePath, status, comparison)}`;
    console.log(options.json ? comparisonJson(storePath, row, comparison) : page());
  } finally {
    connection.close();
  }
  if (error !== undefined) console.error(`allele: campaign '${campaign.name}' stopped: ${error}`);
  return exitCode[status];
}

/** Runs the campaign with progress; the first Ctrl-C ends it cleanly, a second one at once. */
async function carryOut(campaign: Campaign, storePath: string, concurrency: number | undefined) {
  const store = new Store(storePath);
  const controller = new AbortController();
  const progress = new ProgressLine(process.stderr);
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const { signal } = controller;
    return await runCampaign(campaign, {
      store,
      signal,
      concurrency,
      onProgress: (news) => progress.update(news),
    });
  } finally {
    progress.end();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    store.close();
  }
}

function nextSteps(
  campaign: Campaign,
  storePath: string,
  status: CampaignStatus,
  comparison: Comparison,
): string {
  const path =
    [relative("", storePath), resolve(storePath)].sort((a, b) => a.length - b.length)[0] ?? storePath;
  const largest = Math.max(...campaign.strategies.flatMap(({ sizes }) => sizes));
  const strategy = comparison.strategies.at(-1)?.strategy ?? campaign.strategies[0]?.name ?? "";
  const notes = {
    done: "",
    budget: "Stopped by the campaign's budget; shown is what it paid for.\n",
    interrupted: "Interrupted; shown is what was done by then, and the store holds all of it.\n",
    error: "", // said on standard error
  };
  const steps = [
    [`npx allele compare ${path} --cost linear`, "the same under the linear price of a call"],
    [`npx allele show ${path}`, `all runs; add a run's number to see ${strategy} at work`],
    [
      `npx allele sql ${path} "SELECT * FROM cost_to_target WHERE size = ${largest}"`,
      "ask anything; docs/sql.md has ten useful queries",
    ],
  ] as const;
  const lines = steps.map(([command, what]) => `  ${command}\n      ${paint("dim", what)}`);
  return `\n${notes[status]}${paint("bold", "Store")}: ${path}\n${paint("bold", "Try next")}:\n${lines.join("\n")}`;
}

/** What a campaign would do, as plain data. */
function plan(campaign: Campaign, storePath: string) {
  return {
    campaign: campaign.name,
    problem: campaign.problem.name,
    promptMode: campaign.promptMode,
    store: storePath,
    seeds: campaign.seeds,
    budget: campaign.budget,
    runBudget: campaign.runBudget,
    strategies: campaign.strategies.map(({ name, sizes, operators, population, models, theory }) => ({
      name,
      operators: operators.map(({ operator }) => operator.name),
      population: population.name,
      models: Object.fromEntries(
        Object.entries(models).map(([role, { provider, name: model }]) => [role, `${provider}:${model}`]),
      ),
      sizes: sizes.map((size) => ({ size, expected: theory?.(size) })),
    })),
  };
}

function planText(campaign: Campaign, storePath: string): string {
  const { seeds } = campaign;
  const seedText =
    typeof seeds === "number"
      ? `${seeds} runs at each size`
      : `equal cost per size, ${seeds.atLargest} to ${seeds.atMost} runs each`;
  const lines = plan(campaign, storePath).strategies.map(({ name, operators, population, models, sizes }) => {
    const expected = sizes.map(({ size, expected: means }) =>
      means === undefined ? String(size) : `${size} (${number(means.applications)})`,
    );
    const roles = Object.entries(models).map(([role, model]) => `${role} = ${model}`);
    return `  ${name}: ${operators.join(" + ")}, ${population}, ${roles.join(", ")}\n    sizes ${expected.join(", ")}`;
  });
  return [
    `Campaign '${campaign.name}' on problem '${campaign.problem.name}', ${campaign.promptMode} prompts: ${seedText}`,
    ...lines,
    "  (in brackets: expected applications of one run, where theory is given)",
    `Nothing was run; without --dry-run the results go to ${storePath}`,
  ].join("\n");
}
