/** What a run leaves behind, as the engine hands it to whoever keeps it (the store). */
import type { Candidate, Evaluation } from "./candidate.ts";
import type { Changes } from "./component.ts";
import type { Model, ModelRequest, Role } from "./model.ts";

/** One attempt at one model call. */
export interface CallRecord {
  readonly role: Role;
  readonly model: Model;
  readonly request: ModelRequest;
  /** The answer's text; undefined when the call failed. */
  readonly text: string | undefined;
  /** n; undefined when the call failed before it was counted. */
  readonly inputTokens: number | undefined;
  /** t; likewise. */
  readonly outputTokens: number | undefined;
  /** True when the provider gave no counts and a tokenizer did. */
  readonly isEstimated: boolean;
  /**
   * Cost in primitives of the longest chain of calls of its candidate that ends with this one. A call waits for
   * all that had ended when it was asked for.
   */
  readonly chainCost: number;
  readonly latencyMs: number;
  /** 1 for the first try of a request. */
  readonly attempt: number;
  /** `length` is an answer cut at its token limit; `error` and `aborted` gave none. */
  readonly outcome: "ok" | "length" | "other" | "error" | "aborted";
  readonly error: string | undefined;
}

/** What is known of a candidate when it is asked for. */
export interface CandidateHead {
  readonly sequence: number;
  readonly generation: number;
  readonly operator: string;
  readonly parents: readonly Candidate[];
}

/** `accepted` entered the population, `discarded` did not, `rejected` came to no solution. */
export type CandidateStatus = "initial" | "accepted" | "discarded" | "rejected";

/** One stage of an evaluation. */
export interface StageRecord {
  readonly evaluation: Evaluation;
  readonly wallMs: number;
}

/** What is known of a candidate when the population was told of it. */
export interface CandidateRecord {
  readonly head: CandidateHead;
  readonly status: CandidateStatus;
  /** Why the proposal was rejected; undefined otherwise. */
  readonly rejectReason: string | undefined;
  /** The text of a note; undefined for everything else. */
  readonly note?: string | undefined;
  /** The solution; undefined for a rejection. */
  readonly candidate: Candidate | undefined;
  readonly changes: Changes;
  readonly evaluation: Evaluation | undefined;
  readonly evaluationMs: number;
  /** The screens that came before, in order; undefined where there were none. */
  readonly screens?: readonly StageRecord[];
  /** Whether the evaluation was taken from an earlier candidate of the run with the same solution. */
  readonly isCached?: boolean;
  /** Calls not yet handed over by `call`. */
  readonly calls: readonly CallRecord[];
}

/** Why a run ended. `error` is a stop by failing models or a failing initial solution. */
export type StopReason = "target" | "budget" | "interrupted" | "error";

/** How a run ended. */
export interface RunResult {
  readonly stopReason: StopReason;
  /** Sequence of the first candidate that reached the target; undefined when none did. */
  readonly solvedBy: number | undefined;
  readonly bestFitness: number;
  /** Number of operator applications (candidates after the initial one). */
  readonly applications: number;
  readonly wallMs: number;
  /** In one sentence, what budget or error ended the run. */
  readonly detail: string | undefined;
}

/** Keeps what one run leaves behind. All of it is synchronous. */
export interface RunRecorder {
  /** Announces a candidate in ask order, before its first durable call. */
  begin(head: CandidateHead): void;
  /** Keeps one call durably before its answer is used. */
  call(head: CandidateHead, call: CallRecord): void;
  /** Keeps a finished candidate; may be committed in batches. */
  candidate(record: CandidateRecord): void;
  finish(result: RunResult): void;
}
