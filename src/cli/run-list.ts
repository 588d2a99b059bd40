/** `allele run` of a list of campaigns: one after another into one store, then the short form of each. */
import type { Campaign } from "../campaign.ts";
import { UsageError } from "../core/index.ts";
import { findCampaign, listCampaigns, openToRead } from "../store/index.ts";
import { carryOut } from "./carry-out.ts";
import { compareCampaign, comparisonsJson, type Ranked } from "./compare.ts";
import { exitCode } from "./exit-code.ts";
import { rankingPage } from "./ranking-page.ts";
import type { RunCommandOptions } from "./run.ts";
import { readTable1, table1Data } from "./table1.ts";
import { table1Page } from "./table1-page.ts";
import { harmless, harmlessLine, noteText, paint, shellWord, shownPath, wrap } from "./text.ts";

/** Runs the campaigns; returns the first exit code that is not 0. Ctrl-C ends them all. */
export async function runList(
  campaigns: readonly Campaign[],
  storePath: string,
  options: RunCommandOptions,
): Promise<number> {
  const { replay, replayCampaign: _, ...rest } = options;
  const recorded = replay === undefined ? [] : findRecorded(replay, campaigns, options.replayCampaign);
  const done: number[] = [];
  let code: number = exitCode.done;
  let isInterrupted = false;
  // Between two campaigns nobody else listens.
  const interrupt = () => {
    isInterrupted = true;
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    for (const [index, campaign] of campaigns.entries()) {
      const { name, problem } = campaign;
      const place = `Campaign ${index + 1} of ${campaigns.length}`;
      console.error(harmlessLine(`${place}: '${name}' on problem '${problem.name}'`));
      const replayCampaign = recorded[index];
      const from = replay === undefined || replayCampaign === undefined ? {} : { replay, replayCampaign };
      const { campaignId, status, error, notes } = await carryOut(campaign, storePath, { ...rest, ...from });
      done.push(campaignId);
      for (const note of notes) console.error(harmless(noteText(note)));
      if (error !== undefined) console.error(harmless(`allele: campaign '${name}' stopped: ${error}`));
      if (code === exitCode.done) code = exitCode[status];
      if (status === "interrupted") isInterrupted = true;
      if (isInterrupted) break;
    }
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    // Also where one throws: what the others found was paid for.
    if (done.length > 0) {
      const missing = campaigns.slice(done.length).map(({ name }) => name);
      print(storePath, done, { isInterrupted, json: options.json === true, missing });
    }
  }
  return code === exitCode.done && isInterrupted ? exitCode.interrupted : code;
}

/** The campaigns to replay: of each name the newest. */
function findRecorded(
  path: string,
  campaigns: readonly Campaign[],
  replayCampaign: number | undefined,
): readonly number[] {
  if (replayCampaign !== undefined) {
    throw new UsageError(
      "--replay-campaign is for a script of one campaign; those of a list are found by their names",
    );
  }
  const store = openToRead(path);
  try {
    const all = listCampaigns(store);
    return campaigns.map(({ name }) => {
      const id = all.findLast((one) => one.name === name)?.id;
      if (id !== undefined) return id;
      const names = [...new Set(all.map((one) => one.name))].join(", ") || "none";
      throw new UsageError(`Store '${path}' has no campaign named '${name}' to replay; it holds: ${names}`);
    });
  } finally {
    store.close();
  }
}

function print(
  storePath: string,
  ids: readonly number[],
  {
    isInterrupted,
    json,
    missing,
  }: { readonly isInterrupted: boolean; readonly json: boolean; readonly missing: readonly string[] },
): void {
  const store = openToRead(storePath);
  try {
    const campaigns = ids.map((id) => findCampaign(store, id));
    const rankedOf = () =>
      campaigns.map(
        (campaign): Ranked => ({ campaign, compared: compareCampaign(store, campaign.id, "primitives") }),
      );
    const table = readTable1(store, campaigns, "primitives");
    const claiming = new Set(table.claims.map(({ campaign }) => campaign.id));
    if (json) {
      console.log(
        comparisonsJson(storePath, rankedOf(), claiming.size > 0 ? { table1: table1Data(table) } : {}),
      );
      return;
    }
    const hasClaims = claiming.size > 0;
    // What campaigns claim says more than who is the cheapest, which was known before.
    const page = hasClaims ? table1Page(table, {}) : rankedOf().map(rankingPage).join("\n\n");
    const silent = hasClaims ? campaigns.filter(({ id }) => !claiming.has(id)) : [];
    const names = silent.map(({ id, name }) => `${name} (--campaign ${id})`).join(", ");
    const note = `Claims nothing, and is compared by 'allele compare': ${harmlessLine(names)}`;
    const steps = nextSteps(storePath, { isInterrupted, missing, hasClaims });
    console.log([page, ...(silent.length > 0 ? ["", wrap(note, "")] : []), steps].join("\n"));
  } finally {
    store.close();
  }
}

interface Outcome {
  readonly isInterrupted: boolean;
  readonly missing: readonly string[];
  readonly hasClaims: boolean;
}

function nextSteps(storePath: string, { isInterrupted, missing, hasClaims }: Outcome): string {
  const path = shownPath(storePath);
  const word = harmlessLine(shellWord(path));
  const claims = [[`npx allele table1 ${word} --describe`, "the claims at every size"]] as const;
  const steps = [
    ...(hasClaims ? claims : []),
    [
      `npx allele compare ${word} --ranking --cost linear`,
      hasClaims
        ? "who is the cheapest, under the linear price of a call"
        : "the same under the linear price of a call",
    ],
    [
      `npx allele ${hasClaims ? `table1 ${word}` : `compare ${word} --ranking`} --markdown`,
      "the same as tables for a document",
    ],
    [`npx allele compare ${word} --campaign 1`, "all sizes, growth and separations of one campaign"],
  ] as const;
  const never = missing.length === 0 ? "" : ` Never begun: ${missing.join(", ")}.`;
  const note = `${wrap(`Interrupted; shown is what was done by then, and the store holds all of it.${harmlessLine(never)}`, "")}\n`;
  return [
    "",
    `${isInterrupted ? note : ""}${paint("bold", "Store")}: ${harmlessLine(path)}`,
    `${paint("bold", "Try next")}:`,
    ...steps.flatMap(([command, what]) => [`  ${command}`, wrap([{ text: what, style: "dim" }], "      ")]),
  ].join("\n");
}
