/** `allele table1`: what campaigns claim of their strategies, as Table 1 of the paper does, beside what was measured. */
import {
  type CheckedClaim,
  type CostModel,
  checkClaim,
  type ModelSizes,
  modelSizes,
  type ParallelCost,
  parallelCost,
} from "../analysis/index.ts";
import { UsageError } from "../core/index.ts";
import {
  type CampaignRow,
  type ClaimValue,
  type Connection,
  findCampaign,
  listCampaigns,
  openToRead,
  readClaims,
  readRunCosts,
} from "../store/index.ts";
import { exitCode } from "./exit-code.ts";
import { table1Markdown, table1Page } from "./table1-page.ts";

/** Options of `allele table1`. */
export interface Table1Options {
  readonly cost: CostModel;
  /** This campaign alone; default: the newest of each name that is done. */
  readonly campaign?: number;
  /** Adds the ratio at every size. */
  readonly describe?: boolean;
  /** The page as GitHub's Markdown. */
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** The claims of campaigns with what their runs say of them; what several workers, and small models, save. */
export interface Table1 {
  readonly costModel: CostModel;
  readonly claims: readonly MeasuredClaim[];
  /** Of each campaign with a solved run. */
  readonly parallel: readonly { readonly campaign: CampaignRow; readonly parallel: ParallelCost }[];
  /** Of each campaign with a strategy of several roles of which one has a smaller model than another one needs. */
  readonly modelSizes: readonly { readonly campaign: CampaignRow; readonly sizes: ModelSizes }[];
}

/** A claim with what the runs of its campaign say of it. */
export interface MeasuredClaim {
  readonly campaign: CampaignRow;
  readonly claim: ClaimValue;
  readonly checked: CheckedClaim;
}

/** Prints the claims of a store's campaigns, the newest of each name that was carried out to its end. */
export function table1(path: string, options: Table1Options): number {
  if (options.markdown && options.json) {
    throw new UsageError("--markdown and --json are two forms of one page; take one of them");
  }
  const store = openToRead(path);
  try {
    const campaigns =
      options.campaign === undefined ? newestOf(store) : [findCampaign(store, options.campaign)];
    const table = readTable1(store, campaigns, options.cost);
    if (options.json) console.log(JSON.stringify({ store: path, ...table1Data(table) }, null, 2));
    else console.log(options.markdown ? table1Markdown(path, table, options) : table1Page(table, options));
  } finally {
    store.close();
  }
  return exitCode.done;
}

/** Of each name the newest campaign that is done; where none is, the newest. */
function newestOf(store: Connection): readonly CampaignRow[] {
  findCampaign(store); // says what to do where there is none
  const newest = new Map<string, CampaignRow>();
  for (const campaign of listCampaigns(store)) {
    const isDone = newest.get(campaign.name)?.status === "done";
    if (!isDone || campaign.status === "done") newest.set(campaign.name, campaign);
  }
  return [...newest.values()].sort((left, right) => left.id - right.id);
}

/** Checks the claims of these campaigns. Exact ratios are of primitives, so that no other cost has them. */
export function readTable1(
  store: Connection,
  campaigns: readonly CampaignRow[],
  costModel: CostModel,
): Table1 {
  const all = campaigns.map((campaign) => ({ campaign, runs: readRunCosts(store, campaign.id) }));
  return {
    costModel,
    claims: all.flatMap(({ campaign, runs }) =>
      readClaims(store, campaign.id).map((claim) => {
        const exact = costModel === "primitives" ? claim.exact : [];
        return { campaign, claim, checked: checkClaim(runs, { ...claim, exact }, costModel) };
      }),
    ),
    parallel: all.flatMap(({ campaign, runs }) => {
      const parallel = parallelCost(runs);
      return parallel === undefined ? [] : [{ campaign, parallel }];
    }),
    modelSizes: all.flatMap(({ campaign, runs }) => {
      const sizes = modelSizes(runs);
      return sizes === undefined ? [] : [{ campaign, sizes }];
    }),
  };
}

/** The page as plain data. */
export function table1Data({ costModel, claims, parallel, modelSizes }: Table1) {
  return {
    costModel,
    claims: claims.map(({ campaign, claim: { exact: _, ...claim }, checked }) => ({
      campaign,
      ...claim,
      ...checked,
    })),
    parallel: parallel.map(({ campaign, parallel: one }) => ({ campaign, ...one })),
    modelSizes: modelSizes.map(({ campaign, sizes }) => ({ campaign, ...sizes })),
  };
}
