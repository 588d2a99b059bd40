/** `allele compare`: how the cost of each strategy grows, from the store alone. */
import { type Comparison, type CostModel, compareStrategies } from "../analysis/index.ts";
import {
  type CampaignRow,
  type Connection,
  countRunsEndedBelow,
  findCampaign,
  openToRead,
  readLosses,
  readRunCosts,
  readTheory,
  type Target,
} from "../store/index.ts";
import { comparisonText } from "./comparison-text.ts";
import { exitCode } from "./exit-code.ts";
import { heading, noteText, number, wrap } from "./text.ts";

/** Options of `allele compare`. */
export interface CompareOptions {
  readonly cost: CostModel;
  readonly target?: Target;
  readonly campaign?: number;
  /** Adds success rates, expected run time, quantiles and log-rank tests to the page. */
  readonly describe?: boolean;
  readonly json?: boolean;
}

/** Prints the comparison of a campaign of a store. */
export function compare(path: string, options: CompareOptions): number {
  const store = openToRead(path);
  try {
    const campaign = findCampaign(store, options.campaign);
    const compared = compareCampaign(store, campaign.id, options.cost, options.target);
    console.log(
      options.json
        ? comparisonJson(path, campaign, compared)
        : comparisonPage(campaign, compared, options.describe),
    );
  } finally {
    store.close();
  }
  return exitCode.done;
}

/** A comparison, and what it does not rest on. */
export interface Compared {
  readonly comparison: Comparison;
  /** Runs that their own target ended before they met the one asked for. */
  readonly leftOut: number;
  /** Sentences on what may be wrong with the campaign itself. */
  readonly notes: readonly string[];
}

/** Compares the strategies of one campaign; theory is shown for the campaign's own target only. */
export function compareCampaign(
  store: Connection,
  id: number,
  costModel: CostModel,
  target?: Target,
): Compared {
  const theory = target === undefined ? readTheory(store, id) : [];
  return {
    comparison: compareStrategies(readRunCosts(store, id, target), { costModel, theory }),
    leftOut: target === undefined ? 0 : countRunsEndedBelow(store, id, target),
    notes: readLosses(store, id).map(
      ({ strategy, candidates, lost, reason }) =>
        `${strategy}: ${number(lost)} of ${number(candidates)} candidates came to nothing; the commonest reason: ` +
        `${reason.slice(0, 200)}.`,
    ),
  };
}

/** The comparison for a person, under a line that names the campaign. */
export function comparisonPage(
  campaign: CampaignRow,
  { comparison, leftOut, notes }: Compared,
  isDescribed = false,
): string {
  const { id, name, problem, promptMode, status } = campaign;
  const lines = [
    heading(`Campaign ${id} '${name}' on problem '${problem}', ${promptMode} prompts, ${status}`),
  ];
  lines.push(...notes.map((note) => wrap(noteText(note), "")));
  if (leftOut > 0) {
    const [runs, they, target] = leftOut === 1 ? ["run is", "it", "target"] : ["runs are", "they", "targets"];
    const why = `${they} stopped at ${leftOut === 1 ? "its" : "their"} own ${target}, below the one asked for, and`;
    lines.push(wrap(`${number(leftOut)} ${runs} left out: ${why} cannot tell what that one costs.`, ""));
  }
  if (comparison.strategies.length > 0) lines.push(comparisonText(comparison, isDescribed));
  else {
    const within = status === "budget" ? " within the budget" : "";
    lines.push(
      leftOut > 0
        ? "No run is left to compare."
        : wrap(`No run was finished${within}: nothing to compare.`, ""),
    );
  }
  return lines.join("\n");
}

/** The comparison for a program. */
export function comparisonJson(path: string, campaign: CampaignRow, compared: Compared): string {
  const { comparison, leftOut, notes } = compared;
  return JSON.stringify({ store: path, campaign, leftOut, notes, comparison }, null, 2);
}
