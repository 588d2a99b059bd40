/** What the options of `allele run` change of campaigns: of one as it is, of a list where they fit. */
import { type Campaign, type CampaignOverrides, overrideCampaign, rolesOf } from "../campaign.ts";
import { UsageError } from "../core/index.ts";
import { makeModels } from "./make-models.ts";
import { budgetOf } from "./options.ts";
import type { RunCommandOptions } from "./run.ts";

/** One campaign as the options ask for it. */
export function overrideOne(campaign: Campaign, options: RunCommandOptions): Campaign {
  const { sizes } = options;
  const models = makeModels(options.model ?? {}, allRolesOf(campaign));
  return overrideCampaign(campaign, {
    ...limitsOf(options),
    models,
    ...(sizes === undefined ? {} : { sizes }),
  });
}

/** The campaigns of a list as the options ask for them, and sentences on what of the options did not fit. */
export function overrideList(
  campaigns: readonly Campaign[],
  options: RunCommandOptions,
): { readonly campaigns: readonly Campaign[]; readonly notes: readonly string[] } {
  const used = [...new Set(campaigns.flatMap(allRolesOf))];
  const models = makeModels(options.model ?? {}, used);
  const unused = Object.keys(models).find((role) => !used.includes(role));
  if (unused !== undefined) {
    throw new UsageError(`No campaign has the role ${unused}; used are: ${used.join(", ") || "none"}`);
  }
  const notes: string[] = [];
  const fitted = campaigns.flatMap(
    (campaign): { campaign: Campaign; sizes: readonly number[] | undefined }[] => {
      const refused = (options.sizes ?? []).flatMap((size) => refusal(campaign, size) ?? []);
      for (const { size, why } of refused)
        notes.push(`campaign '${campaign.name}' leaves out k = ${size}: ${why}`);
      const sizes = options.sizes?.filter((size) => refused.every((one) => one.size !== size));
      return sizes?.length === 0 ? [] : [{ campaign, sizes }];
    },
  );
  const lost = options.sizes?.find((size) => fitted.every(({ sizes }) => !sizes?.includes(size)));
  if (lost !== undefined) {
    throw new UsageError(`No campaign of the list has the size ${lost}: ${notes.join("; ")}`);
  }
  for (const { campaign } of options.sizes === undefined ? fitted : []) checkSizes(campaign);
  const gone = campaigns.filter((one) => fitted.every(({ campaign }) => campaign !== one));
  for (const { name } of gone) notes.push(`campaign '${name}' has none of the sizes and is not run`);
  return {
    campaigns: fitted.map(({ campaign, sizes }) => {
      const own = new Set(allRolesOf(campaign));
      return overrideCampaign(campaign, {
        ...limitsOf(options),
        models: Object.fromEntries(Object.entries(models).filter(([role]) => own.has(role))),
        ...(sizes === undefined ? {} : { sizes }),
      });
    }),
    notes,
  };
}

function allRolesOf({ strategies }: Campaign): readonly string[] {
  return strategies.flatMap(rolesOf);
}

function limitsOf(options: RunCommandOptions): Pick<CampaignOverrides, "budget" | "seeds" | "prompt"> {
  const { seeds, maxCalls, prompt } = options;
  return {
    ...(prompt === undefined ? {} : { prompt }),
    budget: { ...budgetOf(options), ...(maxCalls === undefined ? {} : { calls: maxCalls }) },
    ...(seeds === undefined ? {} : { seeds }),
  };
}

/** Refuses sizes that the problem has no instance of before anything is run or paid for. */
export function checkSizes({ name, problem, strategies }: Campaign): void {
  for (const size of new Set(strategies.flatMap(({ sizes }) => sizes))) {
    const refused = refusal({ problem }, size);
    if (refused !== undefined) throw new UsageError(`Campaign '${name}': ${refused.why}`);
  }
}

/** Why a problem has no instance of a size, such as one that comes in groups; undefined where it has one. */
function refusal(
  { problem }: Pick<Campaign, "problem">,
  size: number,
): { size: number; why: string } | undefined {
  try {
    problem.instance({ size, seed: 1 });
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return { size, why: error.message };
    throw error;
  }
}
