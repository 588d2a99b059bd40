/** `allele compare`: how the cost of each strategy grows, from the store alone. */
import { type Comparison, type CostModel, compareStrategies } from "../analysis/index.ts";
import {
  type CampaignRow,
  type Connection,
  findCampaign,
  openToRead,
  readRunCosts,
  readTheory,
  type Target,
} from "../store/index.ts";
import { comparisonText } from "./comparison-text.ts";
import { exitCode } from "./exit-code.ts";
import { paint } from "./text.ts";

/** Options of `allele compare`. */
export interface CompareOptions {
  readonly cost: CostModel;
  readonly target?: Target;
  readonly campaign?: number;
  readonly json?: boolean;
}

/** Prints the comparison of a campaign of a store. */
export function compare(path: string, options: CompareOptions): number {
  const store = openToRead(path);
  try {
    const campaign = findCampaign(store, options.campaign);
    const comparison = compareCampaign(store, campaign.id, options.cost, options.target);
    console.log(
      options.json ? comparisonJson(path, campaign, comparison) : comparisonPage(campaign, comparison),
    );
  } finally {
    store.close();
  }
  return exitCode.done;
}

/** Compares the strategies of one campaign; theory is shown for the campaign's own target only. */
export function compareCampaign(
  store: Connection,
  id: number,
  costModel: CostModel,
  target?: Target,
): Comparison {
  const theory = target === undefined ? readTheory(store, id) : [];
  return compareStrategies(readRunCosts(store, id, target), { costModel, theory });
}

/** The comparison for a person, under a line that names the campaign. */
export function comparisonPage(campaign: CampaignRow, comparison: Comparison): string {
  const { id, name, problem, promptMode, status } = campaign;
  const line = `Campaign ${id} '${name}' on problem '${problem}', ${promptMode} prompts, ${status}`;
  return `${paint("bold", line)}\n${comparisonText(comparison)}`;
}

/** The comparison for a program. */
export function comparisonJson(path: string, campaign: CampaignRow, comparison: Comparison): string {
  return JSON.stringify({ store: path, campaign, comparison }, null, 2);
}
