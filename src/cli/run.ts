/** `allele run`: carries a campaign out and prints the comparison. */
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import type { Comparison } from "../analysis/index.ts";
import { type Campaign, overrideCampaign } from "../campaign.ts";
import { type CampaignStatus, type Connection, findCampaign, openToRead } from "../store/index.ts";
import { carryOut } from "./carry-out.ts";
import { compareCampaign, comparisonJson, comparisonPage } from "./compare.ts";
import { exitCode } from "./exit-code.ts";
import { loadCampaign } from "./load-campaign.ts";
import { makeModels, modelText } from "./make-models.ts";
import { budgetOf } from "./options.ts";
import type { ModelTexts } from "./read-model-option.ts";
import { harmless, harmlessLine, noteText, number, paint, shellWord, wrap } from "./text.ts";

/** Options of `allele run`. */
export interface RunCommandOptions {
  readonly store?: string;
  readonly seeds?: number;
  readonly sizes?: readonly number[];
  readonly concurrency?: number;
  readonly maxCalls?: number;
  readonly maxPrimitives?: number;
  readonly maxCost?: number;
  readonly maxUsd?: number;
  readonly maxSeconds?: number;
  readonly model?: ModelTexts;
  readonly replay?: string;
  readonly replayCampaign?: number;
  readonly unsafeSandbox?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Runs the campaign of a script; returns the exit code. */
export async function run(path: string, options: RunCommandOptions): Promise<number> {
  const { sizes, seeds, maxCalls, replay } = options;
  const budget = { ...budgetOf(options), ...(maxCalls === undefined ? {} : { calls: maxCalls }) };
  const loaded = await loadCampaign(path);
  const roles = loaded.strategies.flatMap(({ models }) => Object.keys(models));
  const campaign = overrideCampaign(loaded, {
    budget,
    models: makeModels(options.model ?? {}, roles),
    ...(sizes === undefined ? {} : { sizes }),
    ...(seeds === undefined ? {} : { seeds }),
  });
  const name = `${basename(path, extname(path))}${replay === undefined ? "" : ".replay"}.sqlite`;
  const storePath = options.store ?? join(dirname(path), "out", name);
  if (options.dryRun) {
    console.log(
      options.json ? JSON.stringify(plan(campaign, storePath), null, 2) : planText(campaign, storePath),
    );
    return exitCode.done;
  }
  const { campaignId, status, error, notes } = await carryOut(campaign, storePath, options);
  const connection = openToRead(storePath);
  try {
    const row = findCampaign(connection, campaignId);
    const compared = compareCampaign(connection, campaignId, "primitives");
    for (const note of notes) console.error(harmless(noteText(note)));
    const budget = readBudget(connection, campaignId);
    const steps = () => nextSteps(campaignId, storePath, { status, budget }, compared.comparison);
    const page = () => `${comparisonPage(row, compared)}\n${steps()}`;
    console.log(options.json ? comparisonJson(storePath, row, compared) : page());
  } finally {
    connection.close();
  }
  if (error !== undefined) console.error(harmless(`allele: campaign '${campaign.name}' stopped: ${error}`));
  return exitCode[status];
}

/** The budget that ended a campaign, as its runs have it. */
function readBudget(store: Connection, campaignId: number): string | undefined {
  const last =
    "SELECT stop_detail FROM run WHERE campaign_id = ? AND stop_reason = 'budget' ORDER BY id DESC";
  const detail = store.prepare(last).pluck().get(campaignId);
  return typeof detail === "string" ? harmlessLine(detail) : undefined;
}

function nextSteps(
  campaignId: number,
  storePath: string,
  { status, budget }: { readonly status: CampaignStatus; readonly budget: string | undefined },
  { strategies }: Comparison,
): string {
  const inside = relative("", storePath);
  const path = inside.startsWith("..") ? resolve(storePath) : inside;
  const word = harmlessLine(shellWord(path));
  const largest = Math.max(...strategies.flatMap(({ sizes }) => sizes.map(({ size }) => size)));
  const last = strategies.at(-1);
  const isEmpty = last === undefined;
  const notes = {
    done: "",
    budget: isEmpty ? "" : `Stopped by the campaign's budget of ${budget}; shown is what it paid for.\n`,
    interrupted: "Interrupted; shown is what was done by then, and the store holds all of it.\n",
    error: "", // said on standard error
  };
  const condition = `campaign_id = ${campaignId}${isEmpty ? "" : ` AND size = ${largest}`}`;
  const steps = [
    [`npx allele compare ${word} --cost linear`, "the same under the linear price of a call"],
    [
      `npx allele show ${word}`,
      isEmpty ? "all runs" : `all runs; add a run's number to see ${last.strategy} at work`,
    ],
    [
      `npx allele sql ${word} "SELECT strategy, solved, mean_primitive_cost FROM cost_to_target WHERE ${condition}"`,
      "ask anything; docs/sql.md has ten useful queries",
    ],
  ] as const;
  const lines = steps.flatMap(([command, what]) => [
    `  ${command}`,
    wrap([{ text: what, style: "dim" }], "      "),
  ]);
  return [
    "",
    `${notes[status]}${paint("bold", "Store")}: ${harmlessLine(path)}`,
    `${paint("bold", "Try next")}:`,
    ...lines,
  ].join("\n");
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
      models: Object.fromEntries(Object.entries(models).map(([role, given]) => [role, modelText(given)])),
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
  const lines = plan(campaign, storePath).strategies.flatMap(
    ({ name, operators, population, models, sizes }) => {
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
    },
  );
  const head = `Campaign '${campaign.name}' on problem '${campaign.problem.name}', ${campaign.promptMode} prompts: ${seedText}`;
  return [
    wrap(head, ""),
    ...lines,
    "  (in brackets: expected applications of one run, where theory is given)",
    `Nothing was run; without --dry-run the results go to ${harmlessLine(storePath)}`,
  ].join("\n");
}
