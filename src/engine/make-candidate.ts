/** One candidate: its operator and parents are chosen, its models metered, its proposal checked and evaluated. */
import { checkProposal } from "../core/check-proposal.ts";
import {
  type Ask,
  applyChanges,
  BudgetExhausted,
  CallChain,
  type CallRecord,
  type Candidate,
  type CandidateHead,
  type Changes,
  type EvaluatedCandidate,
  type Model,
  ModelError,
  type Operator,
  type Population,
  type PromptOverrides,
  type Proposal,
  type ProposeContext,
  primitiveCost,
  type Rng,
  type Role,
  rngFrom,
  UsageError,
} from "../core/index.ts";
import type { Plan, RunMemory } from "../core/run-memory.ts";
import type { Evaluated } from "../evaluation/evaluators.ts";
import { meter } from "../llm/meter.ts";
import { reuse } from "../llm/reuse.ts";
import { vote } from "../llm/voting.ts";
import { EndOfReplay, modelsOf, type RunContext, type Stop, stopBy } from "./run-options.ts";

/** A candidate in the works. */
export interface Pending {
  readonly head: CandidateHead;
  /** Whether the recorder was told of it when it was asked for. */
  readonly isBegun: boolean;
  readonly plan: Plan;
  readonly parents: readonly [EvaluatedCandidate, ...EvaluatedCandidate[]];
  readonly components: readonly number[];
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
  primitiveCost: number;
  /** Primitive cost by role, of the roles that have several models. */
  readonly costs: Map<Role, number>;
  /** Calls of paid models in flight. */
  readonly open: Set<Promise<unknown>>;
}

/** What came of a candidate in the works; `stop` ends the run without it. */
export type Outcome =
  | ({ readonly kind: "evaluated"; readonly candidate: Candidate; readonly changes: Changes } & Evaluated)
  | { readonly kind: "noted"; readonly note: string }
  | {
      readonly kind: "rejected";
      readonly reason: string;
      readonly isModelFailure: boolean;
      /** Whether no call to the model can succeed. */
      readonly isFatal: boolean;
    }
  | ({ readonly kind: "stop" } & Stop);

/** Starts the next candidate, or returns undefined when the population waits for results. */
export function ask(
  options: RunContext,
  population: ReturnType<Population["start"]>,
  memory: RunMemory,
  sequence: number,
  isBegun: boolean,
): Pending | undefined {
  const rng = rngFrom(options.key, sequence);
  const asked = population.ask(rng, options.mostParents, options.mostInspirations);
  if (asked === undefined) return undefined;
  checkAsk(options.population.name, asked);
  const plan = memory.plan(sequence, asked, rng);
  const { operator, failed } = plan;
  const parents = parentsFor(operator, asked, failed?.candidate);
  const components = memory.announce(operator, parents[0], rng);
  const component = components[0] ?? -1;
  const picked = options.choices.size === 0 ? nothingPicked : pickModels(options, operator, component, rng);
  const head: CandidateHead = {
    sequence,
    generation: asked.generation,
    operator: operator.name,
    parents: parents.map(({ candidate }) => candidate),
  };
  if (isBegun) options.recorder.begin(head);
  const calls: CallRecord[] = [];
  const costs = picked.size === 0 ? nothingPicked : new Map<Role, number>();
  const made: Made = { calls: 0, primitiveCost: 0, costs, open: new Set() };
  const record = (call: CallRecord) => {
    made.calls += 1;
    addCost(made, call, picked.size > 0);
    if (call.model.isDeterministic) calls.push(call);
    else options.recorder.call(head, call);
  };
  const context: ProposeContext = {
    parents,
    components,
    component,
    inspirations: inspirationsFor(operator, asked),
    note: memory.note,
    attempts: memory.attempts,
    statement: options.instance.statement,
    promptMode: options.promptMode,
    prompt: options.prompts?.[operator.name] ?? ownPrompt,
    ...meteredModels(options, operator, picked, head, record, made.open, rng),
    rng,
    signal: options.signal,
  };
  const outcome = work(options, operator, context, asked, head, made.open);
  outcome.catch(() => {}); // reported where it is awaited; until then no unhandled rejection
  return { head, isBegun, plan, parents, components, picked, calls, made, outcome };
}

/** A population of a user's own may forget what the rest relies on. */
function checkAsk(name: string, { parents, generation }: Ask): void {
  if (!Array.isArray(parents) || parents[0]?.candidate === undefined) {
    throw new UsageError(`Population '${name}': ask() must give parents, a list of at least one member`);
  }
  if (!(generation >= 1)) {
    throw new UsageError(
      `Population '${name}': ask() must give a generation, a number from 1, got ${generation}`,
    );
  }
}

/** Shared by all operators whose prompts nothing is changed of. */
const ownPrompt: PromptOverrides = {};
const noInspirations: readonly EvaluatedCandidate[] = [];

/** The population is asked for as many as any operator of the strategy needs. */
function parentsFor(
  { parentCount }: Operator,
  { parents }: Ask,
  failed: EvaluatedCandidate | undefined,
): Ask["parents"] {
  if (failed !== undefined) return [failed];
  if (parents.length === parentCount) return parents;
  const [first, ...others] = parents;
  return [first, ...others.slice(0, parentCount - 1)];
}

function inspirationsFor({ inspirationCount }: Operator, { inspirations = noInspirations }: Ask) {
  return inspirations.length <= inspirationCount ? inspirations : inspirations.slice(0, inspirationCount);
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
  made: Made,
  { role, model, inputTokens = 0, outputTokens = 0 }: CallRecord,
  isByRole: boolean,
): void {
  const cost = primitiveCost({ modelSize: model.size, inputTokens, outputTokens });
  made.primitiveCost += cost;
  if (isByRole) made.costs.set(role, (made.costs.get(role) ?? 0) + cost);
}

/** Proposes and evaluates one candidate. */
async function work(
  options: RunContext,
  operator: Operator,
  context: ProposeContext,
  asked: Ask,
  head: CandidateHead,
  open: ReadonlySet<Promise<unknown>>,
): Promise<Outcome> {
  const { instance, signal, evaluator } = options;
  try {
    let proposal: Proposal;
    try {
      proposal = await operator.propose(context);
    } finally {
      // Also calls whose answers nobody waits for belong to this candidate.
      if (open.size > 0) await allEnd(open);
    }
    if (options.replay?.isUnfinished(head.sequence)) throw new EndOfReplay();
    if (proposal?.status === "noted") return { kind: "noted", note: String(proposal.note).toWellFormed() };
    const { genome } = context.parents[0].candidate;
    const checked = checkProposal(proposal, operator, context.components, genome, instance.accept);
    if (checked.status === "rejected") return rejection(checked.reason);
    const { changes } = checked;
    const candidate: Candidate = Object.freeze({
      sequence: head.sequence,
      generation: head.generation,
      operator: head.operator,
      parents: head.parents.map((one) => one.sequence),
      changed: [...changes.keys()],
      genome: applyChanges(genome, changes),
    });
    const refused = asked.refuse?.(candidate);
    if (refused !== undefined) return rejection(refused);
    const evaluated = await evaluator.evaluate(candidate.genome, signal);
    return { kind: "evaluated", candidate, changes, ...evaluated };
  } catch (error) {
    if (error instanceof EndOfReplay && options.replay) return { kind: "stop", ...options.replay.stop };
    if (error instanceof BudgetExhausted) return { kind: "stop", reason: "budget", detail: error.budget };
    if (signal.aborted) return { kind: "stop", ...stopBy(signal) };
    if (error instanceof ModelError) {
      if (options.replay?.isUnfinished(head.sequence)) return { kind: "stop", ...options.replay.stop };
      return { ...rejection(error.message), isModelFailure: true, isFatal: error.isFatal };
    }
    throw error;
  }
}

function rejection(reason: string) {
  return { kind: "rejected", reason, isModelFailure: false, isFatal: false } as const;
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

/** The models of an operator's roles, each call of which is counted. */
function meteredModels(
  options: RunContext,
  operator: Operator,
  picked: Map<Role, number>,
  { sequence }: CandidateHead,
  record: (call: CallRecord) => void,
  open: Set<Promise<unknown>>,
  rng: Rng,
): Pick<ProposeContext, "models" | "team"> {
  const { budgets, signal, answers } = options;
  const nextSeed = () => Math.floor(rng() * 2 ** 31);
  const chain = new CallChain();
  const metered = (role: Role, given: Model): Model => {
    const meterOptions = {
      role,
      nextSeed,
      budgets,
      limiter: options.limiterOf?.(given),
      chain,
      record,
      signal,
      onWait: options.onWait,
    };
    // A recording knows which of its answers were used again.
    const replayed = given.isDeterministic && !options.replay?.hasPaid ? undefined : options.replay;
    const called = replayed?.meter(given, meterOptions, sequence) ?? meter(given, meterOptions);
    const counted = given.isDeterministic ? called : tracked(called, open);
    const reused = answers === undefined || replayed !== undefined ? counted : reuse(counted, answers);
    const tempered = given.temperature === undefined ? reused : withTemperature(reused, given.temperature);
    return given.voting === undefined ? tempered : vote(tempered, given.voting);
  };
  const models: Partial<Record<Role, Model>> = {};
  for (const role of operator.roles) {
    const given = modelsOf(options, role)[picked.get(role) ?? 0];
    if (given === undefined) throw noModel(operator, role);
    models[role] = metered(role, given);
  }
  return {
    models: models as Record<Role, Model>,
    team(role) {
      const [first, ...others] = operator.roles.includes(role) ? modelsOf(options, role) : [];
      if (first === undefined) throw noModel(operator, role);
      picked.delete(role); // nothing came of what the campaign's choice picked
      return [metered(role, first), ...others.map((other) => metered(role, other))];
    },
  };
}

function noModel({ name }: Operator, role: Role): RangeError {
  return new RangeError(`Operator '${name}' needs a model for role ${role}`);
}

/** The same model; requests that name no temperature get this one, so that whatever follows sees what is sent. */
function withTemperature(model: Model, temperature: number): Model {
  return {
    ...model,
    generate: (request) => model.generate({ ...request, temperature: request.temperature ?? temperature }),
  };
}
