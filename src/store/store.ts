/**
 * The writing side of the store: one connection, one writer, prepared statements. Rows are inserted at once
 * into an open transaction that is committed every `batchMs` milliseconds, and at once for calls that were
 * paid for.
 */
import { hash } from "node:crypto";
import type { Statement } from "better-sqlite3";
import {
  type CallRecord,
  type Candidate,
  type CandidateHead,
  type CandidateRecord,
  type Genome,
  type Model,
  type PromptMode,
  type RunRecorder,
  type RunResult,
  usdCost,
} from "../core/index.ts";
import { type Connection, openToWrite } from "./open.ts";

/** A campaign to begin. */
export interface NewCampaign {
  readonly name: string;
  readonly problem: string;
  readonly promptMode: PromptMode;
  /** Everything that describes it, JSON-serializable. */
  readonly config: unknown;
  readonly alleleVersion: string;
  readonly createdAt: string;
}

/** A run to begin. */
export interface NewRun {
  readonly campaignId: number;
  readonly strategy: string;
  readonly size: number;
  readonly seed: number;
  readonly target: number;
  /** The initial solution. */
  readonly genome: Genome;
  readonly startedAt: string;
}

/** Theory's exact mean cost of a strategy at a size. */
export interface TheoryValue {
  readonly strategy: string;
  readonly size: number;
  readonly applications: number;
  readonly primitiveCost: number | undefined;
}

/** How a campaign ended. */
export type CampaignStatus = "done" | "budget" | "interrupted" | "error";

const insert = (table: string, columns: string) =>
  `INSERT INTO ${table} (${columns}) VALUES (${columns.replace(/[^,]+/g, "?")})`;

const sql = {
  campaign: insert("campaign", "name, problem, prompt_mode, config, allele_version, created_at"),
  theory: insert("theory", "campaign_id, strategy, size, applications, primitive_cost"),
  run: insert("run", "campaign_id, strategy, size, seed, target, started_at"),
  component: insert("component", "run_id, component_index, name, kind, language, file, spec"),
  candidate: insert(
    "candidate",
    "run_id, sequence, generation, operator, parent_id, second_parent_id, status, reject_reason",
  ),
  change: insert("candidate_change", "candidate_id, component_index, allele_id"),
  allele: `${insert("allele", "hash, text")} ON CONFLICT (hash) DO NOTHING`,
  evaluation: insert(
    "evaluation",
    "candidate_id, stage, status, fitness, fail_reason, metrics, feedback, improvable, wall_ms",
  ),
  model: insert("model", "name, provider, size, usd_per_million_input_tokens, usd_per_million_output_tokens"),
  call: insert(
    "llm_call",
    "run_id, candidate_id, role, model_id, input_tokens, output_tokens, is_estimated, usd, latency_ms, " +
      "attempt, outcome, error, request, response",
  ),
  finishCampaign: "UPDATE campaign SET status = ? WHERE id = ?",
  finishCandidate: "UPDATE candidate SET status = ?, reject_reason = ? WHERE id = ?",
  finishRun: `UPDATE run SET status = 'done', is_solved = ?, stop_reason = ?, stop_detail = ?, best_fitness = ?,
    wall_ms = ?, target_candidate_id = (SELECT id FROM candidate WHERE run_id = run.id AND sequence = ?)
    WHERE id = ?`,
  findAllele: "SELECT id FROM allele WHERE hash = ?",
  findModel: `SELECT id FROM model WHERE name = ? AND provider = ? AND size = ?
    AND usd_per_million_input_tokens IS ? AND usd_per_million_output_tokens IS ?`,
} as const;

/** A store open for writing. */
export class Store {
  readonly #connection: Connection;
  readonly #batchMs: number;
  readonly #statements = new Map<string, Statement>();
  readonly #modelIds = new WeakMap<Model, number>();
  readonly #candidateIds = new WeakMap<Candidate, number>();
  #openSince = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, options: { readonly batchMs?: number } = {}) {
    this.#connection = openToWrite(path);
    this.#batchMs = options.batchMs ?? 100;
  }

  /** Commits what is written so far. */
  commit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#connection.inTransaction) this.#connection.exec("COMMIT");
  }

  close(): void {
    this.commit();
    this.#connection.close();
  }

  addCampaign(campaign: NewCampaign): number {
    const id = this.#run(
      sql.campaign,
      campaign.name,
      campaign.problem,
      campaign.promptMode,
      JSON.stringify(campaign.config),
      campaign.alleleVersion,
      campaign.createdAt,
    );
    this.commit();
    return id;
  }

  finishCampaign(id: number, status: CampaignStatus): void {
    this.#run(sql.finishCampaign, status, id);
    this.commit();
  }

  addTheory(campaignId: number, value: TheoryValue): void {
    this.#run(
      sql.theory,
      campaignId,
      value.strategy,
      value.size,
      value.applications,
      value.primitiveCost ?? null,
    );
  }

  /** Begins a run; what the recorder is given belongs to it. */
  startRun(run: NewRun): RunRecorder {
    const runId = this.#run(
      sql.run,
      run.campaignId,
      run.strategy,
      run.size,
      run.seed,
      run.target,
      run.startedAt,
    );
    for (const [index, { name, kind, language, file, spec }] of run.genome.entries()) {
      this.#run(
        sql.component,
        ...[runId, index, name, kind ?? null, language ?? null, file ?? null, spec ?? null],
      );
    }
    const begun = new Map<number, number>();
    return {
      begin: (head) => {
        begun.set(head.sequence, this.#insertCandidate(runId, head, "proposed", undefined));
      },
      call: (head, call) => {
        this.#insertCall(runId, begun.get(head.sequence), call);
        this.commit();
      },
      candidate: (record) => {
        this.#writeCandidate(runId, begun.get(record.head.sequence), record);
        begun.delete(record.head.sequence);
        if (performance.now() - this.#openSince > this.#batchMs) this.commit();
      },
      finish: (result) => this.#finishRun(runId, result),
    };
  }

  #finishRun(runId: number, result: RunResult): void {
    this.#run(
      sql.finishRun,
      result.solvedBy === undefined ? 0 : 1,
      result.stopReason,
      result.detail ?? null,
      Number.isFinite(result.bestFitness) ? result.bestFitness : null,
      result.wallMs,
      result.solvedBy ?? null,
      runId,
    );
  }

  #writeCandidate(runId: number, begunId: number | undefined, record: CandidateRecord): void {
    const { head, status, rejectReason, candidate, evaluation, changes } = record;
    const id = begunId ?? this.#insertCandidate(runId, head, status, rejectReason);
    if (begunId !== undefined) {
      this.#run(sql.finishCandidate, status, rejectReason ?? null, id);
    }
    if (candidate !== undefined) this.#candidateIds.set(candidate, id);
    for (const [index, text] of changes) {
      const alleleId = this.#alleleId(text);
      this.#run(sql.change, id, index, alleleId);
    }
    if (evaluation !== undefined) {
      const isOk = evaluation.status === "ok";
      const metrics = isOk && evaluation.metrics !== undefined ? JSON.stringify(evaluation.metrics) : null;
      // Only what enters the population can become a parent, whose improvable components matter.
      const improvable =
        isOk && evaluation.improvable !== undefined && status !== "discarded"
          ? JSON.stringify(evaluation.improvable)
          : null;
      this.#run(
        sql.evaluation,
        id,
        1,
        evaluation.status,
        isOk ? evaluation.fitness : null,
        isOk ? null : evaluation.reason,
        metrics,
        evaluation.feedback ?? null,
        improvable,
        record.evaluationMs,
      );
    }
    for (const call of record.calls) this.#insertCall(runId, id, call);
  }

  #insertCandidate(
    runId: number,
    head: CandidateHead,
    status: string,
    rejectReason: string | undefined,
  ): number {
    const [first, second] = head.parents;
    return this.#run(
      sql.candidate,
      runId,
      head.sequence,
      head.generation,
      head.operator,
      first === undefined ? null : (this.#candidateIds.get(first) ?? null),
      second === undefined ? null : (this.#candidateIds.get(second) ?? null),
      status,
      rejectReason ?? null,
    );
  }

  #insertCall(runId: number, candidateId: number | undefined, call: CallRecord): void {
    const { model, request, inputTokens, outputTokens } = call;
    const isCounted = inputTokens !== undefined && outputTokens !== undefined;
    const usd = isCounted
      ? usdCost({ modelSize: model.size, inputTokens, outputTokens }, model.price)
      : undefined;
    // A deterministic model gives the same answer again, so its texts are not kept.
    const { signal: _signal, ...kept } = request;
    this.#run(
      sql.call,
      runId,
      candidateId ?? null,
      call.role,
      this.#modelId(model),
      inputTokens ?? null,
      outputTokens ?? null,
      call.isEstimated ? 1 : 0,
      usd ?? null,
      call.latencyMs,
      call.attempt,
      call.outcome,
      call.error ?? null,
      model.isDeterministic ? null : JSON.stringify(kept),
      model.isDeterministic ? null : (call.text ?? null),
    );
  }

  #modelId(model: Model): number {
    const known = this.#modelIds.get(model);
    if (known !== undefined) return known;
    const input = model.price?.usdPerMillionInputTokens ?? null;
    const output = model.price?.usdPerMillionOutputTokens ?? null;
    const found = this.#prepare(sql.findModel).get(model.name, model.provider, model.size, input, output) as
      | { id: number }
      | undefined;
    const id = found?.id ?? this.#run(sql.model, ...[model.name, model.provider, model.size, input, output]);
    this.#modelIds.set(model, id);
    return id;
  }

  /** Keeps each distinct text once, by the first 16 bytes of its SHA-256. */
  #alleleId(text: string): number {
    const key = Buffer.from(hash("sha256", text, "hex").slice(0, 32), "hex");
    const statement = this.#prepare(sql.allele);
    this.#begin();
    const { changes, lastInsertRowid } = statement.run(key, text);
    if (changes === 1) return Number(lastInsertRowid);
    const found = this.#prepare(sql.findAllele).get(key) as { id: number };
    return found.id;
  }

  #prepare(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#connection.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #begin(): void {
    if (!this.#connection.inTransaction) {
      this.#connection.exec("BEGIN IMMEDIATE");
      this.#openSince = performance.now();
      this.#timer = setTimeout(() => this.commit(), 2 * this.#batchMs).unref();
    }
  }

  /** Runs one statement in the open transaction and returns the id of the inserted row. */
  #run(text: string, ...values: readonly (string | number | null | Buffer)[]): number {
    const statement = this.#prepare(text);
    this.#begin();
    return Number(statement.run(...values).lastInsertRowid);
  }
}
