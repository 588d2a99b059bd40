/** `allele run`: carries a campaign out, or a list of them, and prints the comparison. */
import { basename, dirname, extname, join } from "node:path";
import type { Comparison } from "../analysis/index.ts";
import type { Campaign } from "../campaign.ts";
import type { PromptMode } from "../core/index.ts";
import { type CampaignStatus, type Connection, findCampaign, openToRead } from "../store/index.ts";
import { carryOut } from "./carry-out.ts";
import { compareCampaign, comparisonJson, comparisonPage } from "./compare.ts";
import { exitCode } from "./exit-code.ts";
import { loadCampaign } from "./load-campaign.ts";
import { checkSizes, overrideList, overrideOne } from "./overrides.ts";
import { plan, planJson, planPage } from "./plan.ts";
import type { ModelTexts } from "./read-model-option.ts";
import { runList } from "./run-list.ts";
import { harmless, harmlessLine, noteText, paint, shellWord, shownPath, wrap } from "./text.ts";

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
  readonly prompt?: PromptMode;
  readonly replay?: string;
  readonly replayCampaign?: number;
  readonly unsafeSandbox?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Runs the campaign of a script, or each of its list; returns the exit code. */
export async function run(path: string, options: RunCommandOptions): Promise<number> {
  const loaded = await loadCampaign(path);
  const name = `${basename(path, extname(path))}${options.replay === undefined ? "" : ".replay"}.sqlite`;
  const storePath = options.store ?? join(dirname(path), "out", name);
  if ("problem" in loaded) {
    const campaign = overrideOne(loaded, options);
    checkSizes(campaign);
    if (!options.dryRun) return runOne(campaign, storePath, options);
    console.log(options.json ? planJson(plan(campaign, storePath)) : planPage([campaign], storePath));
    return exitCode.done;
  }
  const { campaigns, notes } = overrideList(loaded, options);
  for (const note of notes) console.error(harmless(noteText(note)));
  if (!options.dryRun) return runList(campaigns, storePath, options);
  const plans = { campaigns: campaigns.map((campaign) => plan(campaign, storePath)) };
  console.log(options.json ? planJson(plans) : planPage(campaigns, storePath));
  return exitCode.done;
}

async function runOne(campaign: Campaign, storePath: string, options: RunCommandOptions): Promise<number> {
  const { campaignId, status, error, notes } = await carryOut(campaign, storePath, options);
  const connection = openToRead(storePath);
  try {
    const row = findCampaign(connection, campaignId);
    const compared = compareCampaign(connection, campaignId, "primitives");
    for (const note of notes) console.error(harmless(noteText(note)));
    const budget = readBudget(connection, campaignId);
    const hasClaims = campaign.claims.length > 0;
    const steps = () => nextSteps(campaignId, storePath, { status, budget }, compared.comparison, hasClaims);
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
  hasClaims: boolean,
): string {
  const path = shownPath(storePath);
  const word = harmlessLine(shellWord(path));
  const largest = Math.max(...strategies.flatMap(({ sizes }) => sizes.map(({ size }) => size)));
  const last = strategies.at(-1);
  const isEmpty = last === undefined;
  const notes = {
    done: "",
    budget: isEmpty ? "" : `Stopped by the campaign's budget of ${budget}; shown is what it paid for.\n`,
    interrupted: `${wrap("Interrupted; shown is what was done by then, and the store holds all of it.", "")}\n`,
    error: "", // said on standard error
  };
  const condition = `campaign_id = ${campaignId}${isEmpty ? "" : ` AND size = ${largest}`}`;
  const steps = [
    ...(hasClaims
      ? [[`npx allele table1 ${word}`, "what the campaign claims, beside what was measured"] as const]
      : []),
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
