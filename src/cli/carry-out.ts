/** Carries a campaign out for a command: store, progress on standard error, Ctrl-C. */
import { resolve } from "node:path";
import type { Campaign } from "../campaign.ts";
import { UsageError } from "../core/index.ts";
import { whyNoBubblewrap } from "../evaluation/bubblewrap.ts";
import { Evaluators } from "../evaluation/evaluators.ts";
import { type CampaignResult, runCampaign } from "../run-campaign.ts";
import {
  type Connection,
  findCampaign,
  findDifference,
  openToRead,
  type Recording,
  readRecording,
  Store,
} from "../store/index.ts";
import { exitCode } from "./exit-code.ts";
import { ProgressLine } from "./progress.ts";
import { paint, wrap } from "./text.ts";

/** Options of commands that run campaigns. */
export interface CarryOutOptions {
  readonly concurrency?: number;
  readonly unsafeSandbox?: boolean;
  /** Most evaluations at once; undefined: the number of cores. */
  readonly threads?: number;
  /** Store whose answers take the place of paid models, and which of its campaigns (default: the latest). */
  readonly replay?: string;
  readonly replayCampaign?: number;
}

/** Runs the campaign with progress, from a recording where the options name one. */
export async function carryOut(
  campaign: Campaign,
  storePath: string,
  options: CarryOutOptions,
): Promise<CampaignResult> {
  if (options.replay === undefined) return runWithProgress(campaign, storePath, options, undefined);
  if (resolve(options.replay) === resolve(storePath)) {
    throw new UsageError(`A replay cannot go to the store that it is taken from; name another with --store`);
  }
  const recorded = openToRead(options.replay);
  try {
    const { id } = findCampaign(recorded, options.replayCampaign);
    const result = await runWithProgress(campaign, storePath, options, readRecording(recorded, id));
    if (result.status === "interrupted") return result;
    const difference = compareStores({ store: recorded, campaignId: id }, storePath, result.campaignId);
    const where = `campaign ${id} of ${options.replay}`;
    if (difference === undefined) {
      const note = `no model was called; every row equals that of ${where}, times aside`;
      return { ...result, notes: [...result.notes, note] };
    }
    return { ...result, status: "error", error: result.error ?? `it differs from ${where}: ${difference}` };
  } finally {
    recorded.close();
  }
}

function compareStores(
  recorded: { readonly store: Connection; readonly campaignId: number },
  storePath: string,
  campaignId: number,
): string | undefined {
  const store = openToRead(storePath);
  try {
    return findDifference(recorded, { store, campaignId });
  } finally {
    store.close();
  }
}

/** The first Ctrl-C ends the campaign cleanly, a second one at once. */
async function runWithProgress(
  campaign: Campaign,
  storePath: string,
  { concurrency, unsafeSandbox = false, threads }: CarryOutOptions,
  recording: Recording | undefined,
): Promise<CampaignResult> {
  const store = new Store(storePath);
  const evaluators = new Evaluators({ threads, unsafeSandbox, environmentPath: process.env.PATH });
  const problem = unsafeSandbox ? await whyNoBubblewrap() : undefined;
  if (problem !== undefined) warnOfNoWall(problem);
  const controller = new AbortController();
  const progress = new ProgressLine(process.stderr);
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
    progress.end();
    process.stderr.write("Stopping; Ctrl-C again ends at once.\n");
  };
  // A plugin may wait for something that never comes: the process stays, to hear Ctrl-C.
  const alive = setInterval(() => {}, 60_000);
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const { signal } = controller;
    return await runCampaign(campaign, {
      store,
      evaluators,
      signal,
      concurrency,
      recording,
      environment: process.env,
      onProgress: (news) => progress.update(news),
    });
  } finally {
    clearInterval(alive);
    progress.end();
    await evaluators.close();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    store.close();
  }
}

function warnOfNoWall(problem: string): void {
  const warning = wrap(
    `WARNING: ${problem}, and --unsafe-sandbox is given. Candidate code that means harm can read your files and ` +
      "reach the network. Run nothing here that you would not run by hand. The store records this.",
    "",
  );
  process.stderr.write(`${paint("bold", warning)}\n`);
}
