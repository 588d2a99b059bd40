/** The questions that the command line asks of a store. */
import { UsageError } from "../core/index.ts";
import type { Connection } from "./open.ts";
import type { TheoryValue } from "./store.ts";

/** A campaign as the store has it. */
export interface CampaignRow {
  readonly id: number;
  readonly name: string;
  readonly problem: string;
  readonly promptMode: string;
  readonly status: string;
  readonly createdAt: string;
}

/** What one role cost a run, up to the target or the end. */
export interface RoleCostRow {
  readonly role: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Mean model size m over the calls. */
  readonly modelSize: number;
  readonly primitiveCost: number;
  readonly linearCost: number;
  readonly usd: number | undefined;
}

/** What one run cost, up to the target or the end. */
export interface RunCostRow {
  readonly runId: number;
  readonly strategy: string;
  readonly size: number;
  readonly seed: number;
  readonly isSolved: boolean;
  readonly applications: number;
  readonly criticalPathCost: number;
  readonly roles: readonly RoleCostRow[];
}

const campaignColumns =
  "id, name, problem, prompt_mode AS promptMode, status, created_at AS createdAt FROM campaign";

/** All campaigns, oldest first. */
export function listCampaigns(store: Connection): readonly CampaignRow[] {
  return store.prepare<[], CampaignRow>(`SELECT ${campaignColumns} ORDER BY id`).all();
}

/** The campaign of an id, or the latest one. */
export function findCampaign(store: Connection, id?: number): CampaignRow {
  const all = listCampaigns(store);
  const found = id === undefined ? all.at(-1) : all.find((campaign) => campaign.id === id);
  if (found !== undefined) return found;
  if (all.length === 0)
    throw new UsageError("The store holds no campaign; 'allele run CAMPAIGN.ts' makes one");
  throw new UsageError(`Campaign ${id} is not in the store; it holds ${all.map((one) => one.id).join(", ")}`);
}

/** The cost of every finished run of a campaign; a run that ended before its first application is left out. */
export function readRunCosts(store: Connection, campaignId: number): readonly RunCostRow[] {
  const roles = new Map<number, RoleCostRow[]>();
  type RoleRow = Omit<RoleCostRow, "usd"> & { runId: number; usd: number | null; isUsdKnown: number };
  const roleRows = store.prepare<[number], RoleRow>(
    `SELECT run_id AS runId, role, calls, input_tokens AS inputTokens, output_tokens AS outputTokens,
       model_size AS modelSize, primitive_cost AS primitiveCost, linear_cost AS linearCost, usd,
       is_usd_known AS isUsdKnown
     FROM run_role_cost WHERE campaign_id = ? ORDER BY run_id, role`,
  );
  for (const { runId, usd, isUsdKnown, ...row } of roleRows.iterate(campaignId)) {
    const known = roles.get(runId) ?? [];
    known.push({ ...row, usd: isUsdKnown === 1 && usd !== null ? usd : undefined });
    roles.set(runId, known);
  }
  type RunRow = Omit<RunCostRow, "roles" | "isSolved"> & { isSolved: number };
  const runs = store.prepare<[number], RunRow>(
    `SELECT r.run_id AS runId, r.strategy, r.size, r.seed, r.is_solved AS isSolved, r.applications,
       r.critical_path_cost AS criticalPathCost
     FROM run_cost r WHERE r.campaign_id = ? AND r.status = 'done' AND (r.is_solved = 1 OR r.applications > 0)
     ORDER BY r.run_id`,
  );
  return runs.all(campaignId).map((run) => ({
    ...run,
    isSolved: run.isSolved === 1,
    roles: roles.get(run.runId) ?? [],
  }));
}

/** Theory's exact means, where the campaign declared them. */
export function readTheory(store: Connection, campaignId: number): readonly TheoryValue[] {
  return store
    .prepare<[number], Omit<TheoryValue, "primitiveCost"> & { primitiveCost: number | null }>(
      "SELECT strategy, size, applications, primitive_cost AS primitiveCost FROM theory WHERE campaign_id = ?",
    )
    .all(campaignId)
    .map((row) => ({ ...row, primitiveCost: row.primitiveCost ?? undefined }));
}
