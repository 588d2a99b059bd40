/** The questions that the command line asks of a store. */
import { UsageError } from "../core/index.ts";
import type { Connection } from "./sqlite.ts";
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

/** The fitness that counts as solved: a number, or a share of each run's own target. */
export type Target = { readonly fitness: number } | { readonly share: number };

/** SQL for the candidate that first met the target, of a run called r; the stored one without a target of the user's. */
function targetCandidate(target: Target | undefined): string {
  if (target === undefined) return "r.target_candidate_id";
  const level = "fitness" in target ? String(target.fitness) : `${target.share} * r.target`;
  // The last stage decides: a screen's fitness has a unit of its own.
  return `(SELECT c.id FROM candidate c JOIN evaluation e ON e.candidate_id = c.id
    WHERE c.run_id = r.id AND e.fitness >= ${level}
      AND e.stage = (SELECT max(stage) FROM evaluation WHERE candidate_id = c.id)
    ORDER BY c.id LIMIT 1)`;
}

/** SQL for the finished runs of a campaign, each with the candidate that first met the target. */
function finishedRuns(target: Target | undefined): string {
  return `SELECT r.id AS run_id, r.strategy, r.size, r.seed, r.stop_reason, ${targetCandidate(target)} AS target_id
    FROM run r WHERE r.campaign_id = ? AND r.status = 'done'`;
}

/** A run that its own target ended before it met the one asked for: it would have gone on, so it says nothing. */
const endedBelow = "target_id IS NULL AND stop_reason = 'target'";

/** A share of a target that is not positive is no lower level; throws where the campaign has such a target. */
function checkShare(store: Connection, campaignId: number, target: Target | undefined): void {
  if (target === undefined || "fitness" in target) return;
  const bad = store
    .prepare<[number], { target: number; size: number }>(
      "SELECT target, size FROM run WHERE campaign_id = ? AND target <= 0 ORDER BY id LIMIT 1",
    )
    .get(campaignId);
  if (bad === undefined) return;
  throw new UsageError(
    `A share of the target needs targets above 0, and campaign ${campaignId} has the target ${bad.target} ` +
      `at size ${bad.size}; name a fitness instead, e.g. --target ${bad.target}`,
  );
}

/** How many runs `readRunCosts` leaves out because their own target, below the one asked for, ended them. */
export function countRunsEndedBelow(store: Connection, campaignId: number, target: Target): number {
  checkShare(store, campaignId, target);
  const counted = store
    .prepare<[number], { count: number }>(
      `SELECT count(*) AS count FROM (${finishedRuns(target)}) WHERE ${endedBelow}`,
    )
    .get(campaignId);
  return counted?.count ?? 0;
}

/**
 * The cost of every run of a campaign that reached its target or its budget, up to there. Runs that were
 * interrupted or failed are left out, and so are those whose budget did not allow one application and those
 * that their own target ended before they met a higher one. Throws a UsageError for a share of a target that
 * is not positive.
 */
export function readRunCosts(store: Connection, campaignId: number, target?: Target): readonly RunCostRow[] {
  checkShare(store, campaignId, target);
  // The same sums as the views run_role_cost and run_cost, with a target of the user's choice.
  const hit = `hit AS MATERIALIZED (SELECT * FROM (${finishedRuns(target)}) WHERE NOT (${endedBelow}))`;
  const upToTarget = "(h.target_id IS NULL OR k.candidate_id IS NULL OR k.candidate_id <= h.target_id)";
  type RoleRow = Omit<RoleCostRow, "usd"> & { runId: number; usd: number | null; isUsdKnown: number };
  const roleRows = store.prepare<[number], RoleRow>(
    `WITH ${hit}
     SELECT h.run_id AS runId, k.role, count(*) AS calls, coalesce(sum(k.input_tokens), 0) AS inputTokens,
       coalesce(sum(k.output_tokens), 0) AS outputTokens, avg(k.model_size) AS modelSize,
       coalesce(sum(k.primitive_cost), 0) AS primitiveCost, coalesce(sum(k.linear_cost), 0) AS linearCost,
       coalesce(sum(k.usd), 0) AS usd, count(k.usd) = count(k.output_tokens) AS isUsdKnown
     FROM hit h JOIN call_cost k ON k.run_id = h.run_id AND ${upToTarget}
     GROUP BY h.run_id, k.role ORDER BY h.run_id, k.role`,
  );
  const roles = new Map<number, RoleCostRow[]>();
  for (const { runId, usd, isUsdKnown, ...row } of roleRows.iterate(campaignId)) {
    const known = roles.get(runId) ?? [];
    known.push({ ...row, usd: isUsdKnown === 1 && usd !== null ? usd : undefined });
    roles.set(runId, known);
  }
  type RunRow = Omit<RunCostRow, "roles" | "isSolved"> & { isSolved: number };
  const runs = store.prepare<[number], RunRow>(
    `WITH ${hit}
     SELECT h.run_id AS runId, h.strategy, h.size, h.seed, h.target_id IS NOT NULL AS isSolved,
       (SELECT count(*) FROM candidate c WHERE c.run_id = h.run_id AND c.sequence > 0
         AND c.status <> 'proposed' AND (h.target_id IS NULL OR c.id <= h.target_id)) AS applications,
       (SELECT coalesce(sum(cost), 0) FROM (
         SELECT max(cost) AS cost FROM (
           SELECT c.generation, coalesce(max(k.chain_cost), sum(k.primitive_cost)) AS cost
           FROM call_cost k JOIN candidate c ON c.id = k.candidate_id
           WHERE k.run_id = h.run_id AND ${upToTarget} GROUP BY k.candidate_id
         ) GROUP BY generation
       )) AS criticalPathCost
     FROM hit h ORDER BY h.run_id`,
  );
  return runs
    .all(campaignId)
    .map((run) => ({ ...run, isSolved: run.isSolved === 1, roles: roles.get(run.runId) ?? [] }))
    .filter((run) => run.isSolved || run.applications > 0);
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

/** A claim of a campaign on two of its strategies, as `Claim` of the campaign documents it. */
export interface ClaimValue {
  readonly optimistic: string;
  readonly optimized: string;
  readonly improvement: string;
  readonly paper: string | undefined;
  readonly role: string | undefined;
  /** The exact ratio where theory gives one, of primitive costs. */
  readonly exact: readonly { readonly size: number; readonly ratio: number }[];
}

/**
 * The claims of a campaign; none of one that makes none. Without an exact ratio of its own, a claim on all roles has
 * that of theory's means, where the strategies declare them.
 */
export function readClaims(store: Connection, campaignId: number): readonly ClaimValue[] {
  const text = store
    .prepare<[number], string | null>("SELECT config -> '$.claims' FROM campaign WHERE id = ?")
    .pluck()
    .get(campaignId);
  const claims: unknown = typeof text === "string" ? JSON.parse(text) : [];
  if (!Array.isArray(claims)) return [];
  const theory = readTheory(store, campaignId);
  return claims.filter(isClaim).map((claim) => ({
    optimistic: claim.optimistic,
    optimized: claim.optimized,
    improvement: claim.improvement,
    paper: claim.paper,
    role: claim.role,
    exact: claim.exact ?? (claim.role === undefined ? theoryRatios(claim, theory) : []),
  }));
}

type StoredClaim = Omit<ClaimValue, "exact"> & { readonly exact?: ClaimValue["exact"] };

/** Whether a value is what `describeCampaign` writes of a claim: a file is anybody's. */
function isClaim(value: unknown): value is StoredClaim {
  if (typeof value !== "object" || value === null) return false;
  const claim = value as Readonly<Record<string, unknown>>;
  const isText = (key: string) => typeof claim[key] === "string";
  const isTextOrAbsent = (key: string) => claim[key] === undefined || isText(key);
  const { exact = [] } = claim;
  return (
    ["optimistic", "optimized", "improvement"].every(isText) &&
    ["paper", "role"].every(isTextOrAbsent) &&
    Array.isArray(exact) &&
    exact.every((one) => Number.isFinite(one?.size) && Number.isFinite(one?.ratio) && one.ratio > 0)
  );
}

function theoryRatios(
  { optimistic, optimized }: StoredClaim,
  theory: readonly TheoryValue[],
): ClaimValue["exact"] {
  return theory.flatMap(({ strategy, size, primitiveCost: above }) => {
    if (strategy !== optimistic) return [];
    const other = theory.find((row) => row.strategy === optimized && row.size === size);
    const below = other?.primitiveCost;
    return above && below ? [{ size, ratio: above / below }] : [];
  });
}

/** SQL for why a candidate c came to nothing, with its failed evaluation e; NULL when it did not. */
export const whyNothing = `coalesce(c.reject_reason,
  'evaluation failed (' || e.fail_reason || ')' || coalesce(': ' || e.feedback, ''))`;

/** The candidates of a strategy that came to nothing. */
export interface LossRow {
  readonly strategy: string;
  readonly candidates: number;
  /** Proposals that were rejected, and candidates whose evaluation failed. */
  readonly lost: number;
  /** The commonest reason. */
  readonly reason: string;
}

/** Strategies of a campaign of whose candidates, notes aside, more than half came to nothing. */
export function readLosses(store: Connection, campaignId: number): readonly LossRow[] {
  return store
    .prepare<[number], LossRow>(
      `WITH reasons AS (
         SELECT r.strategy, ${whyNothing} AS reason, count(*) AS count
         FROM candidate c JOIN run r ON r.id = c.run_id
         LEFT JOIN evaluation e ON e.candidate_id = c.id AND e.status = 'failed'
         WHERE r.campaign_id = ? AND c.sequence > 0 AND c.status <> 'proposed' AND c.note IS NULL GROUP BY 1, 2
       )
       SELECT strategy, sum(count) AS candidates, sum(count) FILTER (WHERE reason IS NOT NULL) AS lost,
         (SELECT b.reason FROM reasons b WHERE b.strategy = a.strategy AND b.reason IS NOT NULL
            ORDER BY b.count DESC LIMIT 1) AS reason
       FROM reasons a GROUP BY strategy HAVING lost > 0.5 * candidates`,
    )
    .all(campaignId);
}
