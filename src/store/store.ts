/**
 * The writing side of the store: one connection, one writer, prepared statements. Rows are inserted at once
 * into an open transaction that is committed every `batchMs` milliseconds, and at once for calls that were
 * paid for.
 */
import { hash } from "node:crypto";
import {
  type CallRecord,
  type Candidate,
  type CandidateHead,
  type CandidateRecord,
  type Evaluation,
  type Genome,
  type Layout,
  type Model,
  type ModelRequest,
  type PromptMode,
  type RunRecorder,
  type RunResult,
  usdCost,
} from "../core/index.ts";
import { openToWrite, toStoreError } from "./open.ts";
import { PromptIds, promptJson, settingsJson } from "./prompt.ts";
import type { Connection, Executed, Statement } from "./sqlite.ts";
import { statements as sql } from "./statements.ts";

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
  /** The files that it makes up; undefined where there are none. */
  readonly layout?: Layout | undefined;
  /** What stands around the untrusted code that is run; undefined where none is. */
  readonly wall?: "bubblewrap" | "none" | undefined;
  readonly startedAt: string;
}

/** Theory's exact mean cost of a strategy at a size. */
export interface TheoryValue {
  readonly strategy: string;
  readonly size: number;
  readonly applications: number;
  readonly primitiveCost: number | undefined;
}

type Value = string | number | null | Buffer;

/** How a campaign ended. */
export type CampaignStatus = "done" | "budget" | "interrupted" | "error";

/** A store open for writing. What SQLite or the disk refuses is thrown as a StoreError. */
export class Store {
  readonly #path: string;
  readonly #connection: Connection;
  readonly #batchMs: number;
  readonly #statements = new Map<string, Statement>();
  readonly #modelIds = new WeakMap<Model, number>();
  readonly #candidateIds = new WeakMap<Candidate, number>();
  readonly #promptIds = new PromptIds();
  #isOpen = false; // a transaction is
  #openSince = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Why the timer could not commit; the next write or commit throws it. */
  #failure: { readonly error: unknown } | undefined;

  constructor(path: string, options: { readonly batchMs?: number } = {}) {
    this.#path = path;
    this.#connection = openToWrite(path);
    this.#batchMs = options.batchMs ?? 500;
  }

  /** Commits what is written so far. */
  commit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!this.#isOpen) return;
    try {
      this.#connection.exec("COMMIT");
      this.#isOpen = false;
    } catch (error) {
      throw toStoreError(this.#path, error);
    }
  }

  /** Commits and closes the file. */
  close(): void {
    try {
      this.commit();
    } finally {
      this.#connection.close();
    }
  }

  /** Begins a campaign and returns its id. */
  addCampaign(campaign: NewCampaign): number {
    const id = this.#run(
      sql.campaign,
      textOf(campaign.name),
      textOf(campaign.problem),
      campaign.promptMode,
      JSON.stringify(campaign.config),
      campaign.alleleVersion,
      campaign.createdAt,
    );
    this.commit();
    return id;
  }

  /** Keeps how a campaign ended. */
  finishCampaign(id: number, status: CampaignStatus): void {
    this.#run(sql.finishCampaign, status, id);
    this.commit();
  }

  /** Keeps what theory expects of a strategy at a size. */
  addTheory(campaignId: number, value: TheoryValue): void {
    this.#run(
      sql.theory,
      campaignId,
      textOf(value.strategy),
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
      textOf(run.strategy),
      run.size,
      run.seed,
      run.target,
      run.wall ?? null,
      run.startedAt,
    );
    for (const [index, { name, kind, language, file, spec, signature }] of run.genome.entries()) {
      const texts = [name, kind, language, file, spec, signature].map(textOf);
      this.#run(sql.component, runId, index, ...texts);
    }
    this.#writeLayout(runId, run.layout ?? []);
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

  #writeLayout(runId: number, layout: Layout): void {
    let index = 0;
    for (const { path, parts } of layout) {
      // A file without parts is empty, but it is a file.
      for (const part of parts.length === 0 ? [{ fixed: "" }] : parts) {
        const fixed = "fixed" in part ? this.#alleleId(part.fixed.toWellFormed()) : null;
        const component = "component" in part ? part.component : null;
        this.#run(sql.layoutPart, runId, index, textOf(path), component, fixed);
        index += 1;
      }
    }
  }

  #finishRun(runId: number, result: RunResult): void {
    this.#run(
      sql.finishRun,
      result.stopReason === "target" || result.stopReason === "budget" ? "done" : result.stopReason,
      result.solvedBy === undefined ? 0 : 1,
      result.stopReason,
      textOf(result.detail),
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
      this.#run(sql.finishCandidate, status, textOf(rejectReason), id);
    }
    if (record.note !== undefined) this.#run(sql.writeNote, textOf(record.note), id);
    const isKept = status === "accepted" || status === "initial";
    // Only what enters the population can become a parent, and what failed, to be repaired.
    const mayBeParent = isKept || evaluation?.status === "failed";
    if (mayBeParent && candidate !== undefined) this.#candidateIds.set(candidate, id);
    for (const [index, text] of changes) {
      const alleleId = this.#alleleId(text.toWellFormed());
      this.#run(sql.change, id, index, alleleId);
    }
    const { screens = [], isCached = false, evaluationMs } = record;
    for (const [stage, { evaluation: screen, wallMs }] of screens.entries()) {
      this.#insertEvaluation(id, stage + 1, screen, { wallMs, isCached, isKept: false });
    }
    if (evaluation !== undefined) {
      const last = { wallMs: evaluationMs, isCached, isKept };
      this.#insertEvaluation(id, screens.length + 1, evaluation, last);
    }
    for (const call of record.calls) this.#insertCall(runId, id, call);
  }

  #insertEvaluation(
    candidateId: number,
    stage: number,
    evaluation: Evaluation,
    { wallMs, isCached, isKept }: { wallMs: number; isCached: boolean; isKept: boolean },
  ): void {
    const ok = evaluation.status === "ok" ? evaluation : undefined;
    this.#run(
      sql.evaluation,
      candidateId,
      stage,
      evaluation.status,
      ok?.fitness ?? null,
      evaluation.status === "ok" ? null : evaluation.reason,
      jsonOf(ok?.metrics),
      textOf(evaluation.feedback),
      // What can improve, and what is said of single components, matters for parents alone.
      isKept ? jsonOf(ok?.componentFeedback) : null,
      isKept ? jsonOf(ok?.improvable) : null,
      ok?.repeats?.count ?? 1,
      ok?.repeats?.standardError ?? null,
      isCached ? 1 : 0,
      wallMs,
    );
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
      textOf(head.operator),
      this.#parentId(first),
      this.#parentId(second),
      status,
      textOf(rejectReason),
    );
  }

  #parentId(parent: Candidate | undefined): number | null {
    if (parent === undefined) return null;
    const id = this.#candidateIds.get(parent);
    if (id !== undefined) return id;
    throw new RangeError(`Candidate ${parent.sequence} cannot be a parent: it did not enter the population`);
  }

  #insertCall(runId: number, candidateId: number | undefined, call: CallRecord): void {
    const { model, request, inputTokens, outputTokens } = call;
    const isCounted = inputTokens !== undefined && outputTokens !== undefined;
    const usd = isCounted
      ? usdCost({ modelSize: model.size, inputTokens, outputTokens }, model.price)
      : undefined;
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
      textOf(call.error),
      // A deterministic model gives the same answer again, so it is not kept. No request marks such a call.
      model.isDeterministic ? null : settingsJson(request),
      model.isDeterministic ? null : textOf(call.text),
      this.#promptId(request),
      call.chainCost,
    );
  }

  #promptId(request: ModelRequest): number {
    const known = this.#promptIds.find(request);
    if (known !== undefined) return known;
    const id = this.#textId(sql.prompt, sql.findPrompt, promptJson(request));
    this.#promptIds.add(request, id);
    return id;
  }

  #modelId(model: Model): number {
    const known = this.#modelIds.get(model);
    if (known !== undefined) return known;
    const input = model.price?.usdPerMillionInputTokens ?? null;
    const output = model.price?.usdPerMillionOutputTokens ?? null;
    const key = [model.name, model.provider, model.size, input, output, model.price?.asOf ?? null];
    const found = this.#prepare(sql.findModel).get(...key) as { id: number } | undefined;
    const id = found?.id ?? this.#run(sql.model, ...key);
    this.#modelIds.set(model, id);
    return id;
  }

  #alleleId(text: string): number {
    return this.#textId(sql.allele, sql.findAllele, text);
  }

  /** Keeps each distinct text of a table once, by the first 16 bytes of its SHA-256. */
  #textId(add: string, find: string, text: string): number {
    const key = Buffer.from(hash("sha256", text, "hex").slice(0, 32), "hex");
    const { changes, lastInsertRowid } = this.#execute(add, key, text);
    if (changes === 1) return Number(lastInsertRowid);
    const found = this.#prepare(find).get(key) as { id: number };
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
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#isOpen) return;
    this.#connection.exec("BEGIN IMMEDIATE");
    this.#isOpen = true;
    this.#openSince = performance.now();
    this.#timer = setTimeout(() => this.#commitLater(), this.#batchMs).unref();
  }

  /** Commits when nothing was written for a while; there is no caller to throw to. */
  #commitLater(): void {
    try {
      this.commit();
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** Runs one statement in the open transaction and returns the id of the inserted row. */
  #run(text: string, ...values: readonly Value[]): number {
    return Number(this.#execute(text, ...values).lastInsertRowid);
  }

  #execute(text: string, ...values: readonly Value[]): Executed {
    try {
      this.#begin();
      return this.#prepare(text).run(...values);
    } catch (error) {
      throw toStoreError(this.#path, error);
    }
  }
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Text that every reader of the file can decode: a lone surrogate would become bytes that are no UTF-8. */
function textOf(text: string | undefined): string | null {
  return text === undefined ? null : text.toWellFormed();
}
