/** One run: ask, propose, evaluate, tell, record. Knows no store, no terminal, no files. */

import { setMaxListeners } from "node:events";
import { checkProposal } from "./core/check-proposal.ts";
import {
  type Ask,
  applyChanges,
  type Budget,
  BudgetExhausted,
  type BudgetLimits,
  type CallRecord,
  type Candidate,
  type CandidateHead,
  type Changes,
  type EvaluatedCandidate,
  type Evaluation,
  fitnessOf,
  type Genome,
  type Instance,
  longestTimerMs,
  type Model,
  type ModelChoice,
  type ModelChoiceState,
  ModelError,
  modelsIn,
  type Operator,
  type Population,
  type PromptMode,
  type Proposal,
  primitiveCost,
  type Rng,
  type Role,
  type RunRecorder,
  type RunResult,
  rngFrom,
  roles,
  type StopReason,
  weightedIndex,
} from "./core/index.ts";
import { RunSchedules } from "./core/run-schedules.ts";
import { type Evaluated, Evaluators, type RunEvaluator } from "./evaluation/evaluators.ts";
import type { Limiter } from "./llm/limiter.ts";
import { type MeterOptions, meter } from "./llm/meter.ts";
import { type Answers, reuse } from "./llm/reuse.ts";

/** One operator of a strategy; it is chosen with probability proportional to its weight. */
export interface WeightedOperator {
  readonly operator: Operator;
  readonly weight: number;
}

/** What a run needs. */
export interface RunOptions {
  /** Every random number of the run is drawn from generators derived from this text. */
  readonly key: string;
  readonly instance: Instance;
  /** Those of the campaign; undefined: own ones, closed at the end. */
  readonly evaluators?: Evaluators;
  readonly operators: readonly WeightedOperator[];
  readonly population: Population;
  readonly models: Readonly<Partial<Record<Role, Model | ModelChoice>>>;
  readonly promptMode: PromptMode;
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

/** Model failures in a row after which a run gives up. */
const mostFailures = 5;
/** Rejections in a row without any model call after which a run gives up. */
const mostIdle = 1000;
/** Candidates in a row without a new solution after which a run gives up. */
const mostFruitless = 10_000;
/** How often a run lets timers and signals in. */
const yieldEveryMs = 25;

/** A candidate in the works. */
interface Pending {
  readonly head: CandidateHead;
  /** Whether the recorder was told of it when it was asked for. */
  readonly isBegun: boolean;
  readonly operator: Operator;
  readonly parent: EvaluatedCandidate;
  readonly component: number;
  /** Which model was picked for the roles that have several. */
  readonly picked: ReadonlyMap<Role, number>;
  /** Calls that are to be recorded with the candidate. */
  readonly calls: CallRecord[];
  readonly made: Made;
  readonly outcome: Promise<Outcome>;
}

/** What a candidate's calls came to so far. */
interface Made {
  calls: number;
  /** Primitive cost by role, of the roles that have several models. */
  readonly costs: Map<Role, number>;
  /** Calls of paid models in flight. */
  readonly open: Set<Promise<unknown>>;
}

/** What came of a candidate in the works; `stop` ends the run without it. */
type Outcome =
  | ({ readonly kind: "evaluated"; readonly candidate: Candidate; readonly changes: Changes } & Evaluated)
  | {
      readonly kind: "rejected";
      readonly reason: string;
      readonly isModelFailure: boolean;
      /** Whether no call to the model can succeed. */
      readonly isFatal: boolean;
    }
  | ({ readonly kind: "stop" } & Stop);

/** Why a run ends, and what budget or error it was. */
interface Stop {
  readonly reason: StopReason;
  readonly detail: string | undefined;
}

/** What one run works with. */
interface RunContext extends RunOptions {
  readonly evaluator: RunEvaluator;
  /** How far the choices are, by role. */
  readonly choices: ReadonlyMap<Role, ModelChoiceState>;
  /** Answers so far, where they are used again. */
  readonly answers: Answers | undefined;
}

/** Runs one strategy on one instance until the target, a budget, or the signal. */
export async function runStrategy(options: RunOptions): Promise<RunResult> {
  const { wallMs: _, ...untimed } = options.limits;
  // A recording says itself where it ends.
  const limits: BudgetLimits = options.replay === undefined ? options.limits : untimed;
  const { wallMs = Number.POSITIVE_INFINITY } = limits;
  const own = new AbortController();
  const overtime = () => own.abort(new BudgetExhausted(`${wallMs} ms wall time`));
  const timer = wallMs > longestTimerMs ? undefined : setTimeout(overtime, wallMs);
  const pending: Pending[] = [];
  const evaluators = options.evaluators ?? new Evaluators();
  const evaluator = evaluators.forRun(options.instance, options.now);
  try {
    const signal = AbortSignal.any([options.signal, own.signal]);
    setMaxListeners(0, signal); // every call in flight listens: no leak to warn of
    const answers: Answers | undefined = options.reuseAnswers ? new Map() : undefined;
    const choices = startChoices(options);
    return await run({ ...options, limits, evaluator, signal, choices, answers }, pending);
  } catch (error) {
    // A plugin threw: what else is in the works is aborted, and its calls are recorded before anyone goes on.
    own.abort(error);
    await Promise.allSettled(pending.map(({ outcome }) => outcome));
    throw error;
  } finally {
    clearTimeout(timer);
    if (options.evaluators === undefined) await evaluators.close();
  }
}

function startChoices({ models }: RunOptions): RunContext["choices"] {
  const choices = new Map<Role, ModelChoiceState>();
  for (const role of roles) {
    const given = models[role];
    if (given === undefined || !("models" in given)) continue;
    choices.set(role, given.start(given.models.map(({ size }) => size)));
  }
  return choices;
}

/** When this process last let timers and signals in, in the runs' milliseconds. */
let letInAt = Number.NEGATIVE_INFINITY;

/** Lets timers and signals in, if that is due: runs of a free model would never give way by themselves. */
async function giveWay(now: () => number): Promise<void> {
  if (Math.abs(now() - letInAt) < yieldEveryMs) return;
  await new Promise(setImmediate);
  letInAt = now();
}

/** What an aborted signal means: the run's time is over, or its user stopped it. */
function stopBy({ reason }: AbortSignal): Stop {
  if (reason instanceof BudgetExhausted) return { reason: "budget", detail: reason.budget };
  return { reason: "interrupted", detail: "by its user" };
}

async function run(options: RunContext, pending: Pending[]): Promise<RunResult> {
  const { instance, recorder, signal, limits, budgets, now } = options;
  await giveWay(now);
  const startedAt = now();
  const finish = (result: Omit<RunResult, "wallMs">): RunResult => {
    const whole = { ...result, wallMs: now() - startedAt };
    recorder.finish(whole);
    return whole;
  };

  const initial = await evaluateInitial(options);
  if (initial === undefined) {
    const { reason: stopReason, detail } = stopBy(signal);
    const bestFitness = Number.NEGATIVE_INFINITY;
    return finish({ stopReason, detail, solvedBy: undefined, bestFitness, applications: 0 });
  }
  let best = fitnessOf(initial.evaluation);
  let solvedBy: number | undefined = best >= instance.target ? 0 : undefined;
  if (initial.evaluation.status === "failed") {
    const { reason, feedback = "no feedback" } = initial.evaluation;
    const detail = `the initial solution's evaluation failed (${reason}): ${feedback}`;
    return finish({ stopReason: "error", detail, solvedBy: undefined, bestFitness: best, applications: 0 });
  }

  const population = options.population.start(initial);
  const schedules = new RunSchedules();
  // All candidates of a run are kept in ask order, so one paid model among its operators is enough.
  const isDurable = options.operators.some(({ operator }) =>
    operator.roles.some((role) => modelsOf(options, role).some((model) => !model.isDeterministic)),
  );
  let stop: Stop | undefined = solvedBy === undefined ? undefined : { reason: "target", detail: undefined };
  let sequence = 0;
  let applications = 0;
  let evaluations = 1;
  let failures = 0;
  let idle = 0;
  let fruitless = 0;
  /** Decided in ask order, so that it does not depend on which of two equal candidates was evaluated first. */
  const told = new WeakSet<Evaluation>([initial.evaluation]);

  for (;;) {
    while (stop === undefined && pending.length < options.inFlight) {
      const refused = budgets.find((budget) => budget.refused)?.refused;
      if (signal.aborted) stop = stopBy(signal);
      else if (options.replay !== undefined && sequence >= options.replay.lastSequence) {
        if (pending.length === 0) stop = options.replay.stop;
        else break;
      } else if (refused !== undefined) stop = { reason: "budget", detail: refused.budget };
      else if (limits.evaluations !== undefined && evaluations + pending.length >= limits.evaluations) {
        if (pending.length === 0) stop = { reason: "budget", detail: `${limits.evaluations} evaluations` };
        else break;
      } else if (limits.wallMs !== undefined && now() - startedAt >= limits.wallMs) {
        stop = { reason: "budget", detail: `${limits.wallMs} ms wall time` };
      } else {
        const next = ask(options, population, schedules, sequence + 1, isDurable);
        if (next === undefined) break;
        sequence += 1;
        pending.push(next);
      }
    }
    const first = pending.shift();
    if (first === undefined) break;
    const outcome = await first.outcome;
    if (outcome.kind === "stop") {
      // Calls that the budget did let through count; those of an interrupted candidate are made again.
      const isCounted = outcome.reason === "budget" || options.replay?.hasPaid;
      if (isCounted && first.calls.length > 0) {
        if (!first.isBegun) recorder.begin(first.head);
        for (const call of first.calls) recorder.call(first.head, call);
      }
      stop ??= { reason: outcome.reason, detail: outcome.detail };
      continue;
    }
    applications += 1;
    const isCached = outcome.kind === "evaluated" && outcome.isRemembered && told.has(outcome.evaluation);
    if (outcome.kind === "evaluated") told.add(outcome.evaluation);
    const isNew = outcome.kind === "evaluated" && !isCached;
    if (isNew) evaluations += 1;
    fruitless = isNew ? 0 : fruitless + 1;
    failures = outcome.kind === "rejected" && outcome.isModelFailure ? failures + 1 : 0;
    idle = outcome.kind === "rejected" && first.made.calls === 0 ? idle + 1 : 0;
    if (fruitless >= mostFruitless) {
      stop ??= { reason: "budget", detail: `${fruitless} candidates in a row without a new solution` };
    }
    if (idle >= mostIdle) {
      const why = options.reuseAnswers ? "; with reuseAnswers the same prompt gets the same answer" : "";
      const detail = `${idle} proposals in a row were rejected without a model call${why}`;
      stop ??= { reason: "error", detail };
    }
    if (outcome.kind === "rejected" && outcome.isFatal) stop ??= { reason: "error", detail: outcome.reason };
    if (failures >= mostFailures && outcome.kind === "rejected") {
      stop ??= {
        reason: "error",
        detail: `${failures} model calls failed in a row; the last: ${outcome.reason}`,
      };
    }
    const fitness = tell(options, population, schedules, first, outcome, isCached);
    if (fitness > best) best = fitness;
    if (solvedBy === undefined && fitness >= instance.target) {
      solvedBy = first.head.sequence;
      stop = { reason: "target", detail: undefined };
    }
    options.onProgress?.({ applications, bestFitness: best });
    await giveWay(now);
  }
  const { reason, detail } = stop ?? { reason: "error", detail: "the population asked for nothing" };
  return finish({ stopReason: reason, detail, solvedBy, bestFitness: best, applications });
}

/** All models that a role may be played by. */
function modelsOf({ models }: RunOptions, role: Role): readonly Model[] {
  const given = models[role];
  return given === undefined ? [] : modelsIn(given);
}

/** Evaluates and records the initial solution; undefined when the signal came first. */
async function evaluateInitial(options: RunContext): Promise<EvaluatedCandidate | undefined> {
  const { instance, recorder, signal, evaluator } = options;
  const genome: Genome = Object.freeze(
    instance.components.map((component) =>
      Object.freeze({ ...component, text: component.text.toWellFormed() }),
    ),
  );
  const head = { sequence: 0, generation: 0, operator: "initial", parents: [] };
  const changed = genome.map((_, index) => index);
  const candidate: Candidate = Object.freeze({ ...head, changed, genome });
  let evaluated: Evaluated;
  try {
    evaluated = await evaluator.evaluate(genome, signal, true);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  recorder.candidate({
    head,
    status: "initial",
    rejectReason: undefined,
    candidate,
    changes: new Map(genome.map(({ text }, index) => [index, text])),
    ...recordOf(evaluated),
    calls: [],
  });
  return { candidate, evaluation: evaluated.evaluation };
}

/** Starts the next candidate, or returns undefined when the population waits for results. */
function ask(
  options: RunContext,
  population: ReturnType<Population["start"]>,
  schedules: RunSchedules,
  sequence: number,
  isBegun: boolean,
): Pending | undefined {
  const rng = rngFrom(options.key, sequence);
  const { operators } = options;
  const chosen =
    operators.length === 1
      ? 0
      : weightedIndex(
          rng,
          operators.map(({ weight }) => weight),
        );
  const operator = operators[chosen]?.operator;
  if (operator === undefined)
    throw new RangeError("A strategy needs at least one operator with a weight above 0");
  const asked = population.ask(rng, operator.parentCount);
  if (asked === undefined) return undefined;

  const [parent] = asked.parents;
  const component = schedules.next(operator, parent, asked.generation, rng);
  const picked = options.choices.size === 0 ? nothingPicked : pickModels(options, operator, component, rng);
  const head: CandidateHead = {
    sequence,
    generation: asked.generation,
    operator: operator.name,
    parents: asked.parents.slice(0, operator.parentCount).map(({ candidate }) => candidate),
  };
  if (isBegun) options.recorder.begin(head);
  const calls: CallRecord[] = [];
  const made: Made = { calls: 0, costs: picked.size === 0 ? nothingPicked : new Map(), open: new Set() };
  const record = (call: CallRecord) => {
    made.calls += 1;
    if (picked.size > 0) addCost(made.costs, call);
    if (call.model.isDeterministic) calls.push(call);
    else options.recorder.call(head, call);
  };
  const models = meteredModels(options, operator, picked, head, record, made.open, rng);
  const outcome = work(options, operator, asked, component, head, models, made.open, rng);
  outcome.catch(() => {}); // reported where it is awaited; until then no unhandled rejection
  return { head, isBegun, operator, parent, component, picked, calls, made, outcome };
}

/** Shared by all candidates whose roles have one model each; never written to. */
const nothingPicked: Map<Role, number> = new Map();

function pickModels(
  { choices }: RunContext,
  operator: Operator,
  component: number,
  rng: Rng,
): Map<Role, number> {
  const picked = new Map<Role, number>();
  for (const role of operator.roles) {
    const choice = choices.get(role);
    if (choice !== undefined) picked.set(role, choice.pick({ operator: operator.name, component }, rng));
  }
  return picked;
}

function addCost(
  costs: Map<Role, number>,
  { role, model, inputTokens = 0, outputTokens = 0 }: CallRecord,
): void {
  const cost = primitiveCost({ modelSize: model.size, inputTokens, outputTokens });
  costs.set(role, (costs.get(role) ?? 0) + cost);
}

/** Proposes and evaluates one candidate. */
async function work(
  options: RunContext,
  operator: Operator,
  { parents }: Ask,
  component: number,
  head: CandidateHead,
  models: Record<Role, Model>,
  open: ReadonlySet<Promise<unknown>>,
  rng: Rng,
): Promise<Outcome> {
  const { instance, promptMode, signal, evaluator } = options;
  try {
    const { statement } = instance;
    const context = { parents, component, statement, promptMode, models, rng, signal };
    let proposal: Proposal;
    try {
      proposal = await operator.propose(context);
    } finally {
      // Also calls whose answers nobody waits for belong to this candidate.
      if (open.size > 0) await allEnd(open);
    }
    if (options.replay?.isUnfinished(head.sequence)) throw new EndOfReplay();
    const [parent] = parents;
    const checked = checkProposal(proposal, operator, component, parent.candidate.genome, instance.accept);
    if (checked.status === "rejected")
      return { kind: "rejected", reason: checked.reason, isModelFailure: false, isFatal: false };
    const { changes } = checked;
    const candidate: Candidate = Object.freeze({
      sequence: head.sequence,
      generation: head.generation,
      operator: head.operator,
      parents: head.parents.map((one) => one.sequence),
      changed: [...changes.keys()],
      genome: applyChanges(parent.candidate.genome, changes),
    });
    const evaluated = await evaluator.evaluate(candidate.genome, signal);
    return { kind: "evaluated", candidate, changes, ...evaluated };
  } catch (error) {
    if (error instanceof EndOfReplay && options.replay) return { kind: "stop", ...options.replay.stop };
    if (error instanceof BudgetExhausted) return { kind: "stop", reason: "budget", detail: error.budget };
    if (signal.aborted) return { kind: "stop", ...stopBy(signal) };
    if (error instanceof ModelError) {
      if (options.replay?.isUnfinished(head.sequence)) return { kind: "stop", ...options.replay.stop };
      return { kind: "rejected", reason: error.message, isModelFailure: true, isFatal: error.isFatal };
    }
    throw error;
  }
}

/** Waits for calls in flight, and for those that their answers lead to. */
async function allEnd(open: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (open.size > 0) {
    await Promise.allSettled(open);
    await new Promise(setImmediate);
  }
}

/** The same model; its calls in flight are in `open`. */
function tracked(model: Model, open: Set<Promise<unknown>>): Model {
  return {
    ...model,
    generate(request) {
      const answer = model.generate(request).finally(() => open.delete(answer));
      open.add(answer);
      answer.catch(() => {}); // who does not wait for an answer need not hear of its failure
      return answer;
    },
  };
}

/** An evaluation as the recorder takes it; one that an earlier candidate had took no time again. */
function recordOf({ evaluation, wallMs, screens }: Evaluated, isCached = false) {
  if (!isCached) return { evaluation, evaluationMs: wallMs, ...(screens.length === 0 ? {} : { screens }) };
  const again = screens.map((stage) => ({ ...stage, wallMs: 0 }));
  return { evaluation, evaluationMs: 0, isCached, ...(again.length === 0 ? {} : { screens: again }) };
}

/** The models of an operator's roles, each call of which is counted. */
function meteredModels(
  options: RunContext,
  operator: Operator,
  picked: ReadonlyMap<Role, number>,
  { sequence }: CandidateHead,
  record: (call: CallRecord) => void,
  open: Set<Promise<unknown>>,
  rng: Rng,
): Record<Role, Model> {
  const { budgets, signal, answers } = options;
  const nextSeed = () => Math.floor(rng() * 2 ** 31);
  const models: Partial<Record<Role, Model>> = {};
  for (const role of operator.roles) {
    const given = modelsOf(options, role)[picked.get(role) ?? 0];
    if (given === undefined)
      throw new RangeError(`Operator '${operator.name}' needs a model for role ${role}`);
    const meterOptions = {
      role,
      nextSeed,
      budgets,
      limiter: options.limiterOf?.(given),
      record,
      signal,
      onWait: options.onWait,
    };
    // A recording knows which of its answers were used again.
    const replayed = given.isDeterministic && !options.replay?.hasPaid ? undefined : options.replay;
    const metered = replayed?.meter(given, meterOptions, sequence) ?? meter(given, meterOptions);
    const counted = given.isDeterministic ? metered : tracked(metered, open);
    const reused = answers === undefined || replayed !== undefined ? counted : reuse(counted, answers);
    models[role] = given.temperature === undefined ? reused : withTemperature(reused, given.temperature);
  }
  return models as Record<Role, Model>;
}

/** The same model; requests that name no temperature get this one, so that whatever follows sees what is sent. */
function withTemperature(model: Model, temperature: number): Model {
  return {
    ...model,
    generate: (request) => model.generate({ ...request, temperature: request.temperature ?? temperature }),
  };
}

/** Tells population and schedules what became of a candidate, records it, and returns its fitness. */
function tell(
  { recorder, choices }: RunContext,
  population: ReturnType<Population["start"]>,
  schedules: RunSchedules,
  { head, operator, parent, component, picked, calls, made }: Pending,
  outcome: Exclude<Outcome, { kind: "stop" }>,
  isCached: boolean,
): number {
  const tellChoices = (isImproved: boolean) => {
    for (const [role, index] of picked) {
      const primitiveCost = made.costs.get(role) ?? 0;
      const news = { operator: operator.name, component, picked: index, isImproved, primitiveCost };
      choices.get(role)?.tell(news);
    }
  };
  if (outcome.kind === "rejected") {
    tellChoices(false);
    population.tell(undefined);
    schedules.tell(operator, { component, isImproved: false });
    const nothing = { candidate: undefined, changes: new Map(), evaluation: undefined, evaluationMs: 0 };
    recorder.candidate({ head, status: "rejected", rejectReason: outcome.reason, calls, ...nothing });
    return Number.NEGATIVE_INFINITY;
  }
  const { candidate, changes, evaluation } = outcome;
  const isAccepted = population.tell({ candidate, evaluation });
  const fitness = fitnessOf(evaluation);
  const isImproved = fitness > fitnessOf(parent.evaluation);
  tellChoices(isImproved);
  schedules.tell(operator, { component, isImproved });
  const status = isAccepted ? "accepted" : "discarded";
  const record = {
    head,
    status,
    rejectReason: undefined,
    candidate,
    changes,
    ...recordOf(outcome, isCached),
    calls,
  } as const;
  recorder.candidate(record);
  return fitness;
}
