/** What one run is given, and what it works with. */
import {
  type Budget,
  BudgetExhausted,
  type BudgetLimits,
  type Instance,
  type Model,
  type ModelChoice,
  type ModelChoiceState,
  type ModelError,
  modelsIn,
  type OperatorMix,
  type Population,
  type PromptMode,
  type PromptOverrides,
  type Role,
  type RunRecorder,
  type StopReason,
} from "../core/index.ts";
import type { WeightedOperator } from "../core/run-memory.ts";
import type { Evaluators, RunEvaluator } from "../evaluation/evaluators.ts";
import type { Limiter } from "../llm/limiter.ts";
import type { MeterOptions } from "../llm/meter.ts";
import type { Answers } from "../llm/reuse.ts";

/** What a run needs. */
export interface RunOptions {
  /** Every random number of the run is drawn from generators derived from this text. */
  readonly key: string;
  readonly instance: Instance;
  /** Those of the campaign; undefined: own ones, closed at the end. */
  readonly evaluators?: Evaluators;
  readonly operators: readonly WeightedOperator[];
  /** Which of them makes the next candidate; undefined: drawn by weight. */
  readonly mix?: OperatorMix;
  readonly population: Population;
  readonly models: Readonly<Partial<Record<Role, Model | ModelChoice>>>;
  readonly promptMode: PromptMode;
  /** What takes the place of parts of prompts, by the operator's name. */
  readonly prompts?: Readonly<Record<string, PromptOverrides>>;
  /** Whether an answer is used again for the same request of this run; default false. */
  readonly reuseAnswers?: boolean;
  /** Whose turn it is to call a model, shared with other runs; undefined: everyone's. */
  limiterOf?(model: Model): Limiter | undefined;
  /** A recording to take the answers of paid models from; undefined: they are called. */
  readonly replay?: RunReplay | undefined;
  /** Evaluations and wall time of this run; calls and cost are limited by `budgets`. */
  readonly limits: BudgetLimits;
  readonly budgets: readonly Budget[];
  /** Most candidates of this run in the works at once, at least 1. */
  readonly inFlight: number;
  readonly recorder: RunRecorder;
  readonly signal: AbortSignal;
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Called after each candidate. */
  onProgress?(progress: RunProgress): void;
  /** Called when a call failed and is tried again after so many milliseconds. */
  onWait?(ms: number, error: ModelError): void;
}

/** What a run was, to be repeated without its paid models. */
export interface RunReplay {
  /** Number of the last candidate that was asked for. */
  readonly lastSequence: number;
  /** How the run ended. */
  readonly stop: Stop;
  /** Whether the run ended before the candidate did. */
  isUnfinished(sequence: number): boolean;
  /** Whether it has answers of paid models: else it replays itself. */
  readonly hasPaid: boolean;
  /** Takes the place of the meter; its model throws EndOfReplay where the recording ends. */
  meter(model: Model, options: MeterOptions, sequence: number): Model;
}

/** The recording of a run has come to its end. */
export class EndOfReplay extends Error {}

/** How far a run is. */
export interface RunProgress {
  readonly applications: number;
  readonly bestFitness: number;
}

/** Why a run ends, and what budget or error it was. */
export interface Stop {
  readonly reason: StopReason;
  readonly detail: string | undefined;
}

/** What one run works with. */
export interface RunContext extends RunOptions {
  readonly evaluator: RunEvaluator;
  /** The most that any operator needs. */
  readonly mostParents: number;
  readonly mostInspirations: number;
  /** How far the choices are, by role. */
  readonly choices: ReadonlyMap<Role, ModelChoiceState>;
  /** Answers so far, where they are used again. */
  readonly answers: Answers | undefined;
}

/** What an aborted signal means: the run's time is over, or its user stopped it. */
export function stopBy({ reason }: AbortSignal): Stop {
  if (reason instanceof BudgetExhausted) return { reason: "budget", detail: reason.budget };
  return { reason: "interrupted", detail: "by its user" };
}

/** All models that a role may be played by. */
export function modelsOf({ models }: RunOptions, role: Role): readonly Model[] {
  const given = models[role];
  return given === undefined ? [] : modelsIn(given);
}
