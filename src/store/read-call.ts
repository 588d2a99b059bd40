/** One model call, as the store has it. */
import { type CallRecord, type CandidateStatus, UsageError } from "../core/index.ts";
import { type RequestSettings, readRequest, type StoredPrompt } from "./prompt.ts";
import type { Connection } from "./sqlite.ts";

/** One attempt at one model call, and what it was made for. What is not known is undefined. */
export interface StoredCall {
  readonly id: number;
  readonly run: {
    readonly id: number;
    readonly strategy: string;
    readonly size: number;
    readonly seed: number;
  };
  /** Undefined for a call that serves the run as a whole. */
  readonly candidate:
    | {
        readonly id: number;
        readonly sequence: number;
        readonly operator: string;
        readonly status: CandidateStatus | "proposed";
        /** Whether it is a note for later prompts, which has status 'rejected' and no reason. */
        readonly isNote: boolean;
      }
    | undefined;
  readonly role: string;
  readonly model: { readonly name: string; readonly provider: string; readonly size: number };
  /** What the model was sent to read; undefined for calls of free models in campaigns of schema version 3 and before. */
  readonly prompt: StoredPrompt | undefined;
  /** What else the request said; undefined for a free model, whose settings and answer are not kept. */
  readonly settings: RequestSettings | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly isEstimated: boolean;
  readonly usd: number | undefined;
  readonly latencyMs: number;
  readonly attempt: number;
  readonly outcome: CallRecord["outcome"];
  readonly error: string | undefined;
  /** The answer, or what had come of it. */
  readonly response: string | undefined;
}

interface Row {
  readonly runId: number;
  readonly strategy: string;
  readonly runSize: number;
  readonly runSeed: number;
  readonly candidateId: number | null;
  readonly sequence: number | null;
  readonly operator: string | null;
  readonly status: (CandidateStatus | "proposed") | null;
  readonly isNote: number | null;
  readonly role: string;
  readonly model: string;
  readonly provider: string;
  readonly modelSize: number;
  readonly prompt: string | null;
  readonly request: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly isEstimated: number;
  readonly usd: number | null;
  readonly latencyMs: number;
  readonly attempt: number;
  readonly outcome: CallRecord["outcome"];
  readonly error: string | null;
  readonly response: string | null;
}

/** Reads a call by its id. Throws a UsageError that says which ids there are. */
export function readCall(store: Connection, id: number): StoredCall {
  const row = store
    .prepare<[number], Row>(
      `SELECT r.id AS runId, r.strategy, r.size AS runSize, r.seed AS runSeed, c.id AS candidateId, c.sequence,
         c.operator, c.status, c.note IS NOT NULL AS isNote, k.role, m.name AS model, m.provider, m.size AS modelSize, p.text AS prompt, k.request,
         k.input_tokens AS inputTokens, k.output_tokens AS outputTokens, k.is_estimated AS isEstimated, k.usd,
         k.latency_ms AS latencyMs, k.attempt, k.outcome, k.error, k.response
       FROM llm_call k JOIN run r ON r.id = k.run_id JOIN model m ON m.id = k.model_id
       LEFT JOIN candidate c ON c.id = k.candidate_id LEFT JOIN prompt p ON p.id = k.prompt_id WHERE k.id = ?`,
    )
    .get(id);
  if (row === undefined) throw new UsageError(`Call ${id} is not in the store; ${knownCalls(store)}`);
  const { candidateId, sequence, operator, status } = row;
  const isKnown = candidateId !== null && sequence !== null && operator !== null && status !== null;
  return {
    id,
    run: { id: row.runId, strategy: row.strategy, size: row.runSize, seed: row.runSeed },
    candidate: isKnown
      ? { id: candidateId, sequence, operator, status, isNote: row.isNote === 1 }
      : undefined,
    role: row.role,
    model: { name: row.model, provider: row.provider, size: row.modelSize },
    ...readParts(row),
    inputTokens: row.inputTokens ?? undefined,
    outputTokens: row.outputTokens ?? undefined,
    isEstimated: row.isEstimated === 1,
    usd: row.usd ?? undefined,
    latencyMs: row.latencyMs,
    attempt: row.attempt,
    outcome: row.outcome,
    error: row.error ?? undefined,
    response: row.response ?? undefined,
  };
}

function readParts({ prompt, request }: Row): Pick<StoredCall, "prompt" | "settings"> {
  if (prompt === null && request === null) return { prompt: undefined, settings: undefined };
  const { system, messages, ...settings } = readRequest(prompt, request ?? "{}");
  return { prompt: { system, messages }, settings: request === null ? undefined : settings };
}

/** The id of the last call of a run whose prompt is kept; undefined where there is none. */
export function lastPrompt(store: Connection, runId: number): number | undefined {
  const id = store
    .prepare<[number], number | null>(
      "SELECT max(id) FROM llm_call WHERE run_id = ? AND (prompt_id IS NOT NULL OR request IS NOT NULL)",
    )
    .pluck()
    .get(runId);
  return id ?? undefined;
}

function knownCalls(store: Connection): string {
  const ids = store
    .prepare<[], { low: number | null; high: number | null }>(
      "SELECT (SELECT min(id) FROM llm_call) AS low, (SELECT max(id) FROM llm_call) AS high",
    )
    .get();
  return ids?.low == null ? "it holds no call" : `it holds calls ${ids.low} to ${ids.high}`;
}
