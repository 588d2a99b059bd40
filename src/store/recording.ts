/** A recording: the answers that a campaign got, to be given again in place of its models. */
import { type ModelRequest, type StopReason, StoreError } from "../core/index.ts";
import type { Connection } from "./sqlite.ts";

/** One recorded try at a call. */
export interface RecordedCall {
  readonly request: Omit<ModelRequest, "signal">;
  readonly response: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly isEstimated: number;
  readonly attempt: number;
  readonly outcome: "ok" | "length" | "other" | "error" | "aborted";
  readonly error: string | null;
}

/** What one run got. */
export interface RunRecording {
  /** Why the run ended, as it was stored; `interrupted` where nothing was. */
  readonly stopReason: StopReason;
  readonly stopDetail: string | undefined;
  /** Number of the last candidate that was asked for. */
  readonly lastSequence: number;
  /** Whether the run ended before the candidate did. */
  isUnfinished(sequence: number): boolean;
  /** Takes the tries at the first recorded call with this request that was not taken yet; undefined: there is none. */
  take(sequence: number, role: string, request: ModelRequest): readonly RecordedCall[] | undefined;
  /** Whether the candidate has calls that were not taken. */
  hasMore(sequence: number): boolean;
}

/** The answers of a campaign. */
export interface Recording {
  /** Whether the campaign was carried out as a whole: every run that it planned is there. */
  readonly isWhole: boolean;
  /** The run of the same strategy, size and seed; undefined when the campaign has none. */
  forRun(run: {
    readonly strategy: string;
    readonly size: number;
    readonly seed: number;
  }): RunRecording | undefined;
  /** m of a model as it was stored; undefined for one that was not called. */
  sizeOf(model: { readonly name: string; readonly provider: string }): number | undefined;
}

interface RunRow {
  readonly id: number;
  readonly stopReason: StopReason | null;
  readonly stopDetail: string | null;
  readonly lastSequence: number;
}

type CallRow = Omit<RecordedCall, "request"> & {
  readonly request: string;
  readonly sequence: number;
  readonly role: string;
};

/** Reads the recording of a campaign; the answers of a run are read when it is asked for. */
export function readRecording(store: Connection, campaignId: number): Recording {
  const findRun = store.prepare<[number, string, number, number], RunRow>(
    `SELECT id, stop_reason AS stopReason, stop_detail AS stopDetail,
       (SELECT coalesce(max(sequence), 0) FROM candidate WHERE run_id = run.id) AS lastSequence
     FROM run WHERE campaign_id = ? AND strategy = ? AND size = ? AND seed = ?`,
  );
  const readUnfinished = store
    .prepare<[number], number>("SELECT sequence FROM candidate WHERE run_id = ? AND status = 'proposed'")
    .pluck();
  const readCalls = store.prepare<[number], CallRow>(
    `SELECT c.sequence, k.role, k.request, k.response, k.input_tokens AS inputTokens,
       k.output_tokens AS outputTokens, k.is_estimated AS isEstimated, k.attempt, k.outcome, k.error
     FROM llm_call k JOIN candidate c ON c.id = k.candidate_id
     WHERE k.run_id = ? AND k.request IS NOT NULL ORDER BY k.id`,
  );
  const findSize = store
    .prepare<[string, string, number], number>(
      `SELECT size FROM model WHERE name = ? AND provider = ?
         AND id IN (SELECT k.model_id FROM llm_call k JOIN run r ON r.id = k.run_id WHERE r.campaign_id = ?)`,
    )
    .pluck();
  const status = store.prepare("SELECT status FROM campaign WHERE id = ?").pluck().get(campaignId);
  return {
    isWhole: status === "done",
    forRun({ strategy, size, seed }) {
      const run = findRun.get(campaignId, strategy, size, seed);
      if (run === undefined) return undefined;
      const unfinished = new Set(readUnfinished.all(run.id) as number[]);
      return recordRun(run, unfinished, readCalls.iterate(run.id));
    },
    sizeOf: ({ name, provider }) => findSize.get(name, provider, campaignId),
  };
}

function recordRun(run: RunRow, unfinished: ReadonlySet<number>, rows: Iterable<CallRow>): RunRecording {
  const calls = new Map<string, RecordedCall[]>();
  const left = new Map<number, number>();
  for (const { sequence, role, request: json, ...row } of rows) {
    const request = JSON.parse(json) as RecordedCall["request"];
    const key = keyOf(sequence, role, request);
    const known = calls.get(key);
    if (known === undefined) calls.set(key, [{ ...row, request }]);
    else known.push({ ...row, request });
    left.set(sequence, (left.get(sequence) ?? 0) + 1);
  }
  return {
    stopReason: run.stopReason ?? "interrupted",
    stopDetail: run.stopDetail ?? undefined,
    lastSequence: run.lastSequence,
    isUnfinished: (sequence) => unfinished.has(sequence),
    take(sequence, role, request) {
      const all = calls.get(keyOf(sequence, role, request)) ?? [];
      if (all.length === 0) return undefined;
      const next = all.findIndex(({ attempt }, index) => index > 0 && attempt === 1);
      const tries = all.splice(0, next < 0 ? all.length : next);
      left.set(sequence, (left.get(sequence) ?? 0) - tries.length);
      return tries;
    },
    hasMore: (sequence) => (left.get(sequence) ?? 0) > 0,
  };
}

/** What tells calls apart; a limit of output depends on what budgets had left, so it does not. */
function keyOf(sequence: number, role: string, request: Omit<ModelRequest, "signal">): string {
  return `${sequence}/${role}/${requestJson({ ...request, maxTokens: undefined })}`;
}

/** How the store writes a request: what `take` expects. */
export function requestJson(request: object): string {
  return JSON.stringify({ ...request, signal: undefined });
}

/** Says which rows of two campaigns differ, times aside; undefined where none do. */
export function findDifference(
  first: { readonly store: Connection; readonly campaignId: number },
  second: { readonly store: Connection; readonly campaignId: number },
): string | undefined {
  for (const [table, query] of Object.entries(comparedRows)) {
    const [a, b] = [first, second].map(({ store, campaignId }) =>
      store.prepare(query).raw().iterate(campaignId),
    );
    if (a === undefined || b === undefined) throw new StoreError("Two campaigns are needed to compare");
    for (let row = 1; ; row++) {
      const [one, other] = [a.next(), b.next()];
      if (one.done && other.done) break;
      const [was, is] = [one, other].map(({ done, value }) => (done ? "nothing" : JSON.stringify(value)));
      if (was !== is) {
        a.return?.();
        b.return?.();
        return `${table} row ${row} was ${was?.slice(0, 300)} and is ${is?.slice(0, 300)}`;
      }
    }
  }
  return undefined;
}

/** Everything that a campaign leaves but ids and times, in an order that does not depend on when things ended. */
const comparedRows = {
  run: `SELECT strategy, size, seed, target, status, is_solved, stop_reason, stop_detail, best_fitness
    FROM run WHERE campaign_id = ? ORDER BY strategy, size, seed`,
  candidate: `SELECT r.strategy, r.size, r.seed, c.sequence, c.generation, c.operator, p.sequence, q.sequence,
      c.status, c.reject_reason
    FROM candidate c JOIN run r ON r.id = c.run_id LEFT JOIN candidate p ON p.id = c.parent_id
    LEFT JOIN candidate q ON q.id = c.second_parent_id
    WHERE r.campaign_id = ? ORDER BY r.strategy, r.size, r.seed, c.sequence`,
  candidate_change: `SELECT r.strategy, r.size, r.seed, c.sequence, h.component_index, hex(a.hash)
    FROM candidate_change h JOIN candidate c ON c.id = h.candidate_id JOIN run r ON r.id = c.run_id
    JOIN allele a ON a.id = h.allele_id
    WHERE r.campaign_id = ? ORDER BY r.strategy, r.size, r.seed, c.sequence, h.component_index`,
  evaluation: `SELECT r.strategy, r.size, r.seed, c.sequence, e.stage, e.status, e.fitness, e.fail_reason,
      e.metrics, e.feedback, e.improvable, e.component_feedback, e.repeats, e.standard_error, e.is_cached
    FROM evaluation e JOIN candidate c ON c.id = e.candidate_id JOIN run r ON r.id = c.run_id
    WHERE r.campaign_id = ? ORDER BY r.strategy, r.size, r.seed, c.sequence, e.stage`,
  llm_call: `SELECT r.strategy, r.size, r.seed, c.sequence, k.role, m.name, m.provider, m.size, k.input_tokens,
      k.output_tokens, k.is_estimated, k.usd, k.attempt, k.outcome, k.error, k.request, k.response
    FROM llm_call k JOIN candidate c ON c.id = k.candidate_id JOIN run r ON r.id = c.run_id
    JOIN model m ON m.id = k.model_id
    WHERE r.campaign_id = ? ORDER BY r.strategy, r.size, r.seed, c.sequence, k.role, k.request, k.attempt, k.id`,
} as const;
