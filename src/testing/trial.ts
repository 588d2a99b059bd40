/** One proposal of an operator under watch: what a contract suite gives it, and what came of it. */
import {
  type Attempt,
  type Component,
  type EvaluatedCandidate,
  type Evaluation,
  type Genome,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type Operator,
  type PromptMode,
  type PromptOverrides,
  type Proposal,
  type ProposeContext,
  type Role,
  rngFrom,
  roles,
} from "../core/index.ts";
import { reword } from "./answer-as-asked.ts";

/** What the model answers: a text, parts of a response, or a promise of them. */
export type Respond = (
  request: ModelRequest,
) => string | Partial<ModelResponse> | Promise<string | Partial<ModelResponse>>;

/** What an operator is tried with. */
export interface TrialOptions {
  /** The components of the first parent. */
  readonly components: readonly Component[];
  readonly respond: Respond;
  readonly promptMode?: PromptMode;
  readonly prompt?: PromptOverrides;
  readonly note?: string;
  /** Whether the second parent is the first; default: all of its texts are others. */
  readonly isAlone?: boolean;
  /** Whether what it is given is frozen; default: it is not, and a copy is kept. */
  readonly isFrozen?: boolean;
  readonly signal?: AbortSignal;
}

/** What came of one proposal. */
export interface Trial {
  readonly genome: Genome;
  /** What its schedule chose; none for other scopes. */
  readonly announced: readonly number[];
  /** What an operator must leave as it is, and a copy from before. */
  readonly given: readonly [now: object, before: object];
  /** The requests to the models of its roles, without their signals. */
  readonly requests: readonly Omit<ModelRequest, "signal">[];
  /** Roles that it does not name and called nevertheless. */
  readonly strangers: readonly Role[];
  /** Undefined where it threw. */
  readonly proposal: Proposal | undefined;
  /** What it threw. */
  readonly error: unknown;
}

/** The task of every trial. */
export const statement = "Contract: find lines that a hidden test accepts.";
/** A word in each text of the solutions that a prompt may show as inspirations. */
export const inspiredWord = "contract-inspiration";

/** Proposes so many times with one schedule, each time with another generator. Eleven fits no short circle. */
export async function tryOut(
  operator: Operator,
  options: TrialOptions,
  { key = "trial", times = 11 } = {},
): Promise<readonly Trial[]> {
  const schedule = operator.schedule?.start(options.components.length);
  const trials: Trial[] = [];
  for (let time = 0; time < times; time++) {
    const parents = parentsFor(operator, options);
    const components = schedule?.next(parents[0], rngFrom(key, "schedule", time)) ?? [];
    trials.push(await tryOnce(operator, options, parents, components, `${key} ${time}`));
    schedule?.tell({ components, isImproved: time % 3 === 0, primitiveCost: 10 + time });
  }
  return trials;
}

async function tryOnce(
  operator: Operator,
  options: TrialOptions,
  parents: ProposeContext["parents"],
  components: readonly number[],
  key: string,
): Promise<Trial> {
  const { promptMode = "normal", prompt = {}, note, isFrozen = false } = options;
  const requests: Omit<ModelRequest, "signal">[] = [];
  const strangers: Role[] = [];
  const inspirations = Array.from({ length: operator.inspirationCount }, (_, index) =>
    candidate(
      20 + index,
      options.components.map(({ text }) => `${inspiredWord} ${text}`),
      options,
    ),
  );
  const given = { parents, components, inspirations, attempts: attemptsOf(parents[0], options), prompt };
  if (isFrozen) freeze(given);
  const comparable = { ...given, prompt: {} };
  const before = isFrozen ? comparable : structuredClone(comparable);
  const models = Object.fromEntries(
    roles.map((role) => {
      const isNamed = operator.roles.includes(role);
      return [role, isNamed ? watched(options.respond, requests) : trap(role, strangers)];
    }),
  ) as Record<Role, Model>;
  const context: ProposeContext = {
    ...given,
    component: components[0] ?? -1,
    ...{ note, statement, promptMode },
    models,
    team: (role) => [models[role]],
    rng: rngFrom(key),
    signal: options.signal ?? new AbortController().signal,
  };
  let proposal: Proposal | undefined;
  let error: unknown;
  try {
    proposal = await operator.propose(context);
  } catch (thrown) {
    error = thrown;
  }
  const { genome } = parents[0].candidate;
  return { genome, announced: components, given: [comparable, before], requests, strangers, proposal, error };
}

/** A model that keeps what it is asked. */
function watched(respond: Respond, requests: Omit<ModelRequest, "signal">[]): Model {
  return {
    ...{ name: "contract", provider: "test", size: 1, isDeterministic: true },
    async generate({ signal: _, readAs: _readAs, ...request }) {
      requests.push(request);
      const given = await respond(request);
      const parts = typeof given === "string" ? { text: given } : given;
      return {
        ...{ text: "", stopReason: "stop", inputTokens: undefined, outputTokens: undefined, raw: undefined },
        ...parts,
      };
    },
  };
}

function trap(role: Role, strangers: Role[]): Model {
  return {
    ...{ name: `no model for role ${role}`, provider: "test", size: 1, isDeterministic: true },
    async generate() {
      strangers.push(role);
      throw new Error(`role ${role} is not among the operator's roles`);
    },
  };
}

/** One parent, or two that differ in every component; a failed one for an operator that repairs. */
export function parentsFor(
  operator: Operator,
  { components, isAlone = false }: Pick<TrialOptions, "components" | "isAlone">,
): ProposeContext["parents"] {
  const evaluation: Evaluation =
    operator.repairs > 0
      ? { status: "failed", reason: "crash", feedback: "The first component is no line." }
      : { status: "ok", fitness: 1, feedback: "The first component may be shorter." };
  const texts = components.map(({ text }) => text);
  const first = candidate(5, texts, { components }, evaluation);
  if (operator.parentCount < 2) return [first];
  return [first, isAlone ? first : candidate(7, texts.map(reword), { components })];
}

function attemptsOf(parent: EvaluatedCandidate, options: TrialOptions): readonly Attempt[] {
  const texts = options.components.map(({ text }) => reword(text));
  const child = candidate(8, texts, options, { status: "ok", fitness: 2 });
  return [
    { operator: "local-rewrite", parent, child, reason: undefined },
    { operator: "global-rewrite", parent, child: undefined, reason: "the answer is empty" },
  ];
}

function candidate(
  sequence: number,
  texts: readonly string[],
  { components }: Pick<TrialOptions, "components">,
  evaluation: Evaluation = { status: "ok", fitness: 0.5 },
): EvaluatedCandidate {
  const genome = components.map((component, index) => ({ ...component, text: texts[index] ?? "" }));
  return {
    candidate: {
      ...{ sequence, generation: 2, parents: [0], operator: "global-rewrite", genome },
      changed: genome.map((_, index) => index),
    },
    evaluation,
  };
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) freeze(one);
}
