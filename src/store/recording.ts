/** A recording: the answers that a campaign got, to be given again in place of its models. */
import { type ModelRequest, type StopReason, StoreError } from "../core/index.ts";
import { readRequest, type StoredRequest } from "./prompt.ts";
import type { Connection } from "./sqlite.ts";

/** One recorded try at a call. */
export interface RecordedCall {
  readonly request: StoredRequest;
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
  /** Takes the first recorded call with this request that was not taken yet; undefined: there is none. */
  take(sequence: number, role: string, request: ModelRequest): RecordedRequest | undefined;
  /** Whether it has calls of paid models: else nothing but those of free ones, whose answers are not kept. */
  readonly hasPaid: boolean;
  /** Takes the first call of a free model that was not taken yet; undefined: there is none. */
  takeFree(sequence: number, role: string): FreeCall | undefined;
  /** Number of recorded calls of a candidate to paid models. */
  callCount(sequence: number): number;
  /** The tries at the call of any candidate with this request: one that was answered, where there is one. */
  find(model: NamedModel, request: ModelRequest): readonly RecordedCall[] | undefined;
}

/** One call: all tries at it. */
export interface RecordedRequest {
  readonly tries: readonly RecordedCall[];
  /** How many calls of its candidate ended before it did. */
  readonly place: number;
}

/** What is kept of a call of a free model. */
export type FreeCall = Pick<RecordedCall, "outputTokens" | "outcome">;

interface NamedModel {
  readonly name: string;
  readonly provider: string;
}

/** The answers of a campaign. */
export interface Recording {
  /** The paid models that were called, for a reader. */
  readonly models: readonly string[];
  /** Whether the campaign was carried out as a whole: every run that it planned is there. */
  readonly isWhole: boolean;
  /** The run of the same strategy, size and seed; undefined when the campaign has none. */
  forRun(run: {
    readonly strategy: string;
    readonly size: number;
    readonly seed: number;
  }): RunRecording | undefined;
  /** m of a model as it was stored, its own where models of the same name differ; undefined for an unknown one. */
  sizeOf(model: NamedModel & { readonly size: number }): number | undefined;
}

interface RunRow {
  readonly id: number;
  readonly stopReason: StopReason | null;
  readonly stopDetail: string | null;
  readonly lastSequence: number;
}

type CallRow = Omit<RecordedCall, "request"> &
  NamedModel & {
    /** NULL in stores of version 3 and before. */
    readonly prompt: string | null;
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
    `SELECT c.sequence, k.role, p.text AS prompt, k.request, k.response, k.input_tokens AS inputTokens,
       k.output_tokens AS outputTokens, k.is_estimated AS isEstimated, k.attempt, k.outcome, k.error, m.name, m.provider
     FROM llm_call k JOIN candidate c ON c.id = k.candidate_id JOIN model m ON m.id = k.model_id
     LEFT JOIN prompt p ON p.id = k.prompt_id
     WHERE k.run_id = ? AND k.request IS NOT NULL ORDER BY k.id`,
  );
  const readFreeCalls = store.prepare<[number], FreeCall & { sequence: number; role: string }>(
    `SELECT c.sequence, k.role, k.output_tokens AS outputTokens, k.outcome
     FROM llm_call k JOIN candidate c ON c.id = k.candidate_id
     WHERE k.run_id = ? AND k.request IS NULL ORDER BY k.id`,
  );
  const config = store.prepare("SELECT config FROM campaign WHERE id = ?").pluck().get(campaignId);
  const sizes = sizesIn(JSON.parse(String(config)));
  const models = store
    .prepare<[number], string>(
      `SELECT DISTINCT m.name || ' (' || m.provider || ')' FROM llm_call k JOIN model m ON m.id = k.model_id
       JOIN run r ON r.id = k.run_id WHERE r.campaign_id = ? AND k.request IS NOT NULL`,
    )
    .pluck()
    .all(campaignId) as string[];
  const status = store.prepare("SELECT status FROM campaign WHERE id = ?").pluck().get(campaignId);
  return {
    models,
    isWhole: status === "done",
    forRun({ strategy, size, seed }) {
      const run = findRun.get(campaignId, strategy, size, seed);
      if (run === undefined) return undefined;
      const unfinished = new Set(readUnfinished.all(run.id) as number[]);
      const recorded = recordRun(run, unfinished, readCalls.iterate(run.id));
      const free = new Map<string, FreeCall[]>();
      for (const { sequence, role, ...call } of recorded.hasPaid ? readFreeCalls.iterate(run.id) : []) {
        const key = `${sequence}/${role}`;
        free.set(key, [...(free.get(key) ?? []), call]);
      }
      return { ...recorded, takeFree: (sequence, role) => free.get(`${sequence}/${role}`)?.shift() };
    },
    sizeOf({ name, provider, size }) {
      const known = sizes.get(JSON.stringify([name, provider])) ?? [];
      return known.includes(size) ? size : known[0];
    },
  };
}

/** The sizes of all models in a description of a campaign, by name and provider. */
function sizesIn(config: unknown, sizes = new Map<string, number[]>()): Map<string, number[]> {
  if (typeof config !== "object" || config === null) return sizes;
  const { model, provider, size } = config as Readonly<Record<string, unknown>>;
  if (typeof model === "string" && typeof size === "number") {
    const key = JSON.stringify([model, provider]);
    sizes.set(key, [...(sizes.get(key) ?? []), size]);
  }
  for (const part of Object.values(config)) sizesIn(part, sizes);
  return sizes;
}

/** A call while its rows are read. */
interface ReadCall {
  readonly sequence: number;
  readonly model: NamedModel;
  readonly tries: RecordedCall[];
  /** Number of its last row: calls end in this order. */
  end: number;
  place: number;
}

function recordRun(
  run: RunRow,
  unfinished: ReadonlySet<number>,
  rows: Iterable<CallRow>,
): Omit<RunRecording, "takeFree"> {
  const calls: ReadCall[] = [];
  const byKey = new Map<string, ReadCall[]>();
  let end = 0;
  for (const { sequence, role, prompt, request: settings, name, provider, ...row } of rows) {
    const request = readRequest(prompt, settings);
    const key = keyOf(sequence, role, request);
    const same = byKey.get(key) ?? [];
    byKey.set(key, same);
    let call = row.attempt === 1 ? undefined : same.find(({ tries }) => isNextTry(tries.at(-1), row));
    if (call === undefined) {
      call = { sequence, model: { name, provider }, tries: [], end, place: 0 };
      calls.push(call);
      same.push(call);
    }
    call.tries.push({ ...row, request });
    call.end = end++;
  }
  calls.sort((a, b) => a.end - b.end);
  const counts = new Map<number, number>();
  for (const call of calls) {
    call.place = counts.get(call.sequence) ?? 0;
    counts.set(call.sequence, call.place + 1);
  }
  for (const same of byKey.values()) same.sort((a, b) => a.end - b.end);
  let answers: Map<string, ReadCall> | undefined;
  return {
    stopReason: run.stopReason ?? "interrupted",
    stopDetail: run.stopDetail ?? undefined,
    lastSequence: run.lastSequence,
    isUnfinished: (sequence) => unfinished.has(sequence),
    take: (sequence, role, request) => byKey.get(keyOf(sequence, role, request))?.shift(),
    hasPaid: calls.length > 0,
    callCount: (sequence) => counts.get(sequence) ?? 0,
    find(model, request) {
      answers ??= answersIn(calls);
      return answers.get(answerKeyOf(model, request))?.tries;
    },
  };
}

function isNextTry(last: RecordedCall | undefined, { attempt }: { readonly attempt: number }): boolean {
  return last?.outcome === "error" && last.attempt === attempt - 1;
}

/** The calls by what was asked: the first that was answered, else the first. */
function answersIn(calls: readonly ReadCall[]): Map<string, ReadCall> {
  const answers = new Map<string, ReadCall>();
  for (const call of calls) {
    const first = call.tries[0];
    if (first === undefined) continue;
    const key = answerKeyOf(call.model, first.request);
    const known = answers.get(key)?.tries.at(-1)?.outcome;
    if (known === undefined || known === "error" || known === "aborted") answers.set(key, call);
  }
  return answers;
}

function answerKeyOf({ name, provider }: NamedModel, request: StoredRequest): string {
  return `${provider}/${name}/${requestKey(request)}`;
}

function keyOf(sequence: number, role: string, request: StoredRequest): string {
  return `${sequence}/${role}/${requestKey(request)}`;
}

/**
 * What tells requests apart. A limit of output depends on what budgets had left, so it does not; nor does the
 * seed at temperature 0, where an answer that is used again draws none.
 */
function requestKey(request: StoredRequest): string {
  const { system, messages, temperature, seed, stop } = request;
  const turns = messages.map(({ role, text }) => [role, text]);
  return JSON.stringify([system, turns, temperature, temperature === 0 ? undefined : seed, stop]);
}

/** A campaign in its store. */
interface StoredCampaign {
  readonly store: Connection;
  readonly campaignId: number;
}

/** Says which rows of two campaigns differ, times aside; undefined where none do. */
export function findDifference(first: StoredCampaign, second: StoredCampaign): string | undefined {
  const hasPrompts = [first, second].every(
    ({ store, campaignId }) => store.prepare(callWithoutPrompt).get(campaignId) === undefined,
  );
  const queries = hasPrompts ? { ...comparedRows, prompt: comparedPrompts } : comparedRows;
  for (const [table, query] of Object.entries(queries)) {
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
  // A run whose process was killed has no end; a replay ends it where its answers do.
  run: `SELECT strategy, size, seed, target, replace(status, 'running', 'interrupted'), is_solved,
      coalesce(stop_reason, 'interrupted'), stop_detail, iif(stop_reason = 'interrupted', NULL, best_fitness)
    FROM run WHERE campaign_id = ? ORDER BY strategy, size, seed`,
  candidate: `SELECT r.strategy, r.size, r.seed, c.sequence, c.generation, c.operator, p.sequence, q.sequence,
      c.status, c.reject_reason, c.note
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
  // Stores of version 3 and before have the prompt in the request.
  llm_call: `SELECT r.strategy, r.size, r.seed, c.sequence, k.role, m.name, m.provider, m.size, k.input_tokens,
      k.output_tokens, k.is_estimated, k.usd, k.attempt, k.outcome, k.error,
      json_remove(k.request, '$.system', '$.messages') AS settings,
      iif(k.request IS NULL, NULL,
        coalesce(p.text, json_remove(k.request, '$.maxTokens', '$.temperature', '$.seed', '$.stop'))) AS prompt,
      k.response
    FROM llm_call k JOIN candidate c ON c.id = k.candidate_id JOIN run r ON r.id = k.run_id
    JOIN model m ON m.id = k.model_id LEFT JOIN prompt p ON p.id = k.prompt_id
    WHERE r.campaign_id = ? ORDER BY r.strategy, r.size, r.seed, c.sequence, k.role, prompt, settings, k.attempt,
      k.outcome, k.error, k.response, k.input_tokens, k.output_tokens, m.name`,
} as const;

/** The same for prompts of free models, which stores of version 3 and before do not keep. */
const comparedPrompts = `SELECT r.strategy, r.size, r.seed, c.sequence, k.role, hex(p.hash) AS prompt
  FROM llm_call k JOIN candidate c ON c.id = k.candidate_id JOIN run r ON r.id = k.run_id
  JOIN prompt p ON p.id = k.prompt_id
  WHERE r.campaign_id = ? AND k.request IS NULL ORDER BY r.strategy, r.size, r.seed, c.sequence, k.role, prompt`;

const callWithoutPrompt = `SELECT 1 FROM llm_call k JOIN run r ON r.id = k.run_id
  WHERE r.campaign_id = ? AND k.prompt_id IS NULL LIMIT 1`;
