/** `allele compare`: how the cost of each strategy grows, from the store alone. */
import {
  type Comparison,
  type CostModel,
  compareStrategies,
  type ParallelCost,
  parallelCost,
} from "../analysis/index.ts";
import { UsageError } from "../core/index.ts";
import {
  type CampaignRow,
  type Connection,
  countRunsEndedBelow,
  findCampaign,
  listCampaigns,
  openToRead,
  readLosses,
  readRunCosts,
  readTheory,
  type Target,
} from "../store/index.ts";
import { caveats } from "./caveats.ts";
import { comparisonText } from "./comparison-text.ts";
import { exitCode } from "./exit-code.ts";
import { parallelText } from "./parallel-text.ts";
import { rankingMarkdown, rankingPage } from "./ranking-page.ts";
import { heading, noteText, number, wrap } from "./text.ts";

/** Options of `allele compare`. */
export interface CompareOptions {
  readonly cost: CostModel;
  readonly target?: Target;
  readonly campaign?: number;
  /** Adds success rates, expected run time, quantiles and log-rank tests to the page. */
  readonly describe?: boolean;
  /** Adds critical paths and predicted speed-ups to the page. */
  readonly parallel?: boolean;
  /** The short form: ranking, shares and recommendation, of the newest campaign of each name. */
  readonly ranking?: boolean;
  /** The short form as GitHub's Markdown. */
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** Prints the comparison of a campaign of a store, or the rankings of all of them. */
export function compare(path: string, options: CompareOptions): number {
  if (options.markdown && !options.ranking) {
    throw new UsageError("--markdown is for rankings; write --ranking --markdown");
  }
  const store = openToRead(path);
  try {
    if (options.ranking) {
      console.log(rankings(path, store, options));
      return exitCode.done;
    }
    const campaign = findCampaign(store, options.campaign);
    const compared = compareCampaign(store, campaign.id, options.cost, options.target);
    const others = new Set(listCampaigns(store).map(({ name }) => name));
    others.delete(campaign.name);
    if (others.size > 0 && options.campaign === undefined && !options.json) {
      const all = `This is the newest of ${others.size + 1} campaigns: --ranking shows all, --campaign N one.`;
      console.log(wrap(noteText(all), ""));
    }
    console.log(
      options.json ? comparisonJson(path, campaign, compared) : comparisonPage(campaign, compared, options),
    );
  } finally {
    store.close();
  }
  return exitCode.done;
}

/** The short form of the newest campaign of each name, or of the one that the options name. */
function rankings(path: string, store: Connection, options: CompareOptions): string {
  const { campaign: id, cost, target } = options;
  const newest = new Map(listCampaigns(store).map((campaign) => [campaign.name, campaign.id]));
  const ids = id === undefined && newest.size > 0 ? [...newest.values()].sort((a, b) => a - b) : [id];
  const ranked = ids.map((one): Ranked => {
    const campaign = findCampaign(store, one);
    return { campaign, compared: compareCampaign(store, campaign.id, cost, target) };
  });
  if (options.json) return comparisonsJson(path, ranked);
  return options.markdown
    ? rankingMarkdown(path, options, ranked)
    : ranked.map((one) => rankingPage(one)).join("\n\n");
}

/** A campaign with its comparison. */
export interface Ranked {
  readonly campaign: CampaignRow;
  readonly compared: Compared;
}

/** A comparison, and what it does not rest on. */
export interface Compared {
  readonly comparison: Comparison;
  /** How the components of the problem depend on each other; undefined where it does not say. */
  readonly structure: string | undefined;
  /** Runs that their own target ended before they met the one asked for. */
  readonly leftOut: number;
  /** What several workers would save; undefined without a solved run. */
  readonly parallel?: ParallelCost | undefined;
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
  const structure = readStructure(store, id);
  const runs = readRunCosts(store, id, target);
  return {
    comparison: compareStrategies(runs, { costModel, theory, structure }),
    parallel: parallelCost(runs),
    structure,
    leftOut: target === undefined ? 0 : countRunsEndedBelow(store, id, target),
    notes: readLosses(store, id).map(
      ({ strategy, candidates, lost, reason }) =>
        `${strategy}: ${number(lost)} of ${number(candidates)} candidates came to nothing; the commonest reason: ` +
        `${reason.slice(0, 200)}.`,
    ),
  };
}

/** What a campaign's problem says of its components; undefined for one that says nothing. */
function readStructure(store: Connection, id: number): string | undefined {
  const query = "SELECT json_extract(config, '$.problem.structure') FROM campaign WHERE id = ?";
  const structure = store.prepare(query).pluck().get(id);
  return typeof structure === "string" && structure.trim() !== "" ? structure : undefined;
}

/** The comparison for a person, under a line that names the campaign. */
export function comparisonPage(
  campaign: CampaignRow,
  compared: Compared,
  { describe = false, parallel = false }: Pick<CompareOptions, "describe" | "parallel"> = {},
): string {
  const { id, name, problem, promptMode, status } = campaign;
  return [
    heading(`Campaign ${id} '${name}' on problem '${problem}', ${promptMode} prompts, ${status}`),
    ...caveats(campaign, compared).map((caveat) => wrap(caveat, "")),
    ...(compared.comparison.strategies.length > 0 ? [comparisonText(compared.comparison, describe)] : []),
    ...(parallel && compared.parallel !== undefined
      ? parallelText([{ name, parallel: compared.parallel }])
      : []),
  ].join("\n");
}

/** The comparison for a program. */
export function comparisonJson(path: string, campaign: CampaignRow, compared: Compared): string {
  return JSON.stringify(comparisonData(path, { campaign, compared }), null, 2);
}

/** The comparisons of several campaigns for a program, and what else is to be said of them. */
export function comparisonsJson(path: string, all: readonly Ranked[], more: object = {}): string {
  return JSON.stringify({ campaigns: all.map((one) => comparisonData(path, one)), ...more }, null, 2);
}

function comparisonData(path: string, { campaign, compared }: Ranked) {
  const { comparison, parallel, structure, leftOut, notes } = compared;
  return { store: path, campaign, structure, leftOut, notes, comparison, parallel };
}
