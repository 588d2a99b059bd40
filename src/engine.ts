/** One run: ask, propose, evaluate, tell, record. Knows no store, no terminal, no files. */

import { setMaxListeners } from "node:events";
import {
  BudgetExhausted,
  type BudgetLimits,
  byWeight,
  type Candidate,
  type EvaluatedCandidate,
  type Evaluation,
  fitnessOf,
  type Genome,
  longestTimerMs,
  type ModelChoiceState,
  type Operator,
  type Population,
  type Role,
  type RunResult,
  roles,
} from "./core/index.ts";
import { RunMemory } from "./core/run-memory.ts";
import { ask, type Outcome, type Pending } from "./engine/make-candidate.ts";
import { modelsOf, type RunContext, type RunOptions, type Stop, stopBy } from "./engine/run-options.ts";
import { type Evaluated, Evaluators } from "./evaluation/evaluators.ts";
import type { Answers } from "./llm/reuse.ts";

export type { WeightedOperator } from "./core/run-memory.ts";
export { EndOfReplay, type RunOptions, type RunProgress, type RunReplay } from "./engine/run-options.ts";

/** Model failures in a row after which a run gives up. */
const mostFailures = 5;
/** Rejections in a row without any model call after which a run gives up. */
const mostIdle = 1000;
/** Candidates in a row without a new solution after which a run gives up. */
const mostFruitless = 10_000;
/** How often a run lets timers and signals in. */
const yieldEveryMs = 25;

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
    const most = (count: (operator: Operator) => number) =>
      Math.max(...options.operators.map(({ operator }) => count(operator)));
    const mostParents = most(({ parentCount }) => parentCount);
    const mostInspirations = most(({ inspirationCount }) => inspirationCount);
    const context = {
      ...options,
      limits,
      evaluator,
      signal,
      choices,
      answers,
      mostParents,
      mostInspirations,
    };
    return await run(context, pending);
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
  const memory = new RunMemory(options.operators, options.mix ?? byWeight);
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
        const next = ask(options, population, memory, sequence + 1, isDurable);
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
    // A candidate without a call says nothing of the model.
    if (outcome.kind === "rejected" && outcome.isModelFailure) failures += 1;
    else if (first.made.calls > 0) failures = 0;
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
    const fitness = tell(options, population, memory, first, outcome, isCached);
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

/** An evaluation as the recorder takes it; one that an earlier candidate had took no time again. */
function recordOf({ evaluation, wallMs, screens }: Evaluated, isCached = false) {
  if (!isCached) return { evaluation, evaluationMs: wallMs, ...(screens.length === 0 ? {} : { screens }) };
  const again = screens.map((stage) => ({ ...stage, wallMs: 0 }));
  return { evaluation, evaluationMs: 0, isCached, ...(again.length === 0 ? {} : { screens: again }) };
}

/** Tells population, memory and choices what became of a candidate, records it, and returns its fitness. */
function tell(
  { recorder, choices }: RunContext,
  population: ReturnType<Population["start"]>,
  memory: RunMemory,
  { head, plan, parents, components, picked, calls, made }: Pending,
  outcome: Exclude<Outcome, { kind: "stop" }>,
  isCached: boolean,
): number {
  const { operator } = plan;
  const [parent] = parents;
  const learn = (child: EvaluatedCandidate | undefined, reason?: string, note?: string): void => {
    const least = plan.failed?.base ?? Math.max(...parents.map((one) => fitnessOf(one.evaluation)));
    const isImproved = child !== undefined && fitnessOf(child.evaluation) > least;
    const tellChoices = () => {
      for (const [role, index] of picked) {
        choices.get(role)?.tell({
          operator: operator.name,
          component: components[0] ?? -1,
          picked: index,
          isImproved: note === undefined ? isImproved : undefined,
          primitiveCost: made.costs.get(role) ?? 0,
        });
      }
    };
    memory.tell({
      plan,
      components,
      attempt: { operator: operator.name, parent, child, reason },
      isImproved,
      primitiveCost: made.primitiveCost > 0 || made.calls === 0 ? made.primitiveCost : undefined,
      note,
      tellChoices: picked.size === 0 ? undefined : tellChoices,
    });
  };
  if (outcome.kind !== "evaluated") {
    const [reason, note] = outcome.kind === "noted" ? [undefined, outcome.note] : [outcome.reason, undefined];
    population.tell(undefined);
    learn(undefined, reason, note);
    const nothing = { candidate: undefined, changes: new Map(), evaluation: undefined, evaluationMs: 0 };
    recorder.candidate({ head, status: "rejected", rejectReason: reason, note, calls, ...nothing });
    return Number.NEGATIVE_INFINITY;
  }
  const { candidate, changes, evaluation } = outcome;
  const child = { candidate, evaluation };
  const isAccepted = population.tell(child);
  learn(child);
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
  return fitnessOf(evaluation);
}
