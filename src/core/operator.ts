/** Operators: how a new candidate is made from its parents with the help of models. */
import type { EvaluatedCandidate } from "./candidate.ts";
import type { Changes } from "./component.ts";
import { checkBetween, checkKeys, checkWhole, UsageError } from "./errors.ts";
import { type Model, type Role, roles } from "./model.ts";
import type { Parameters } from "./parameters.ts";
import type { PromptMode, PromptOverrides } from "./prompt.ts";
import type { Rng } from "./rng.ts";
import { type Schedule, schedules } from "./schedule.ts";

/** `global` may change every component, `local` only those it announced, `recombination` mixes several parents. */
export type Scope = "global" | "local" | "recombination";

/** What an operator brings: new texts by component index, a note for later prompts, or a rejection with the reason. */
export type Proposal =
  | { readonly status: "proposed"; readonly changes: Changes }
  | { readonly status: "noted"; readonly note: string }
  | { readonly status: "rejected"; readonly reason: string };

/** A proposal that is a solution, or nothing. */
export type Rewrite = Exclude<Proposal, { readonly status: "noted" }>;

/** What became of an earlier candidate of the run, for a model to learn from. */
export interface Attempt {
  readonly operator: string;
  /** The first parent. */
  readonly parent: EvaluatedCandidate;
  /** Undefined for a rejected proposal. */
  readonly child: EvaluatedCandidate | undefined;
  /** Why the proposal was rejected; undefined otherwise. */
  readonly reason: string | undefined;
}

/** What an operator is given to make one proposal. */
export interface ProposeContext<R extends Role = Role> {
  /** As many as the operator's `parentCount`; the changes apply to the first. */
  readonly parents: readonly [EvaluatedCandidate, ...EvaluatedCandidate[]];
  /** The components that a local operator may change, as its schedule chose them; none for other scopes. */
  readonly components: readonly number[];
  /** The first of these; -1 for other scopes. */
  readonly component: number;
  /** Other solutions that the prompt may show, at most as many as the operator's `inspirationCount`. */
  readonly inspirations: readonly EvaluatedCandidate[];
  /** What the operator `reflect` wrote last; undefined where there is no note. */
  readonly note: string | undefined;
  /** What became of the last candidates, the oldest first; at most `mostAttempts`. */
  readonly attempts: readonly Attempt[];
  /** The task in words. */
  readonly statement: string;
  readonly promptMode: PromptMode;
  /** What the campaign puts in the place of parts of this operator's prompt. */
  readonly prompt: PromptOverrides;
  /** The metered model of each role that the operator names. */
  readonly models: Readonly<Record<R, Model>>;
  /**
   * All metered models of a role that the operator names, in the campaign's order: for an operator that picks
   * among them itself: a choice of the campaign's (a bandit) is then told nothing. `models` holds the one it picked.
   */
  team(role: R): readonly [Model, ...Model[]];
  /** This candidate's own generator. */
  readonly rng: Rng;
  readonly signal: AbortSignal;
}

/** What a prompt can be made of: all but the models. */
export type PromptContext = Omit<ProposeContext, "models" | "team">;

/** Most outcomes that `ProposeContext.attempts` holds. */
export const mostAttempts = 32;

/** An operator plugin. It keeps no state: what must be remembered belongs to its schedule. */
export interface Operator {
  readonly name: string;
  /** One line for `allele list`. */
  readonly description: string;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters: Parameters;
  readonly scope: Scope;
  readonly roles: readonly Role[];
  /** How many parents it needs: 1 or 2. */
  readonly parentCount: number;
  /** How many other solutions it wants to show at most. */
  readonly inspirationCount: number;
  /** Chooses the components that a local operator changes; a new one is made for each run. */
  readonly schedule: Schedule | undefined;
  /** N: it makes every N-th candidate of a run; undefined: its weight says how often. */
  readonly every: number | undefined;
  /**
   * Whether its parent is a candidate whose evaluation failed; it takes part only while there is one that was
   * not given to it before. What a chain of repairs comes to is given again at most so many times.
   */
  readonly repairs: number;
  /** Whether its prompts can go without instructions (compact mode). */
  readonly isCompactable: boolean;
  propose(context: ProposeContext): Promise<Proposal>;
}

/**
 * What an author writes. Defaults: no description, no parameters, one parent, no inspirations, no `every`, no
 * `repairs`, compactable, and for local scope the schedule `random`.
 */
export interface OperatorDefinition<R extends Role> {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Parameters;
  readonly scope: Scope;
  readonly roles: readonly R[];
  readonly parentCount?: number;
  readonly inspirationCount?: number;
  readonly schedule?: Schedule;
  readonly every?: number | undefined;
  readonly repairs?: number;
  readonly isCompactable?: boolean;
  propose(context: ProposeContext<R>): Promise<Proposal>;
}

const scopes: readonly Scope[] = ["global", "local", "recombination"];
const keys = [
  ...["name", "description", "parameters", "scope", "roles", "parentCount", "inspirationCount"],
  ...["schedule", "every", "repairs", "isCompactable", "propose"],
];

/** Checks an operator and makes it a plugin. */
export function defineOperator<const R extends Role>(definition: OperatorDefinition<R>): Operator {
  const { name, scope, schedule } = definition;
  if (!name) throw new UsageError('An operator needs a name, got none; add name: "my-operator"');
  checkKeys(`Operator '${name}'`, definition, keys);
  if (typeof definition.propose !== "function") {
    throw new UsageError(
      `Operator '${name}' needs a function propose(context), got ${typeof definition.propose}`,
    );
  }
  if (!scopes.includes(scope)) {
    throw new UsageError(
      `Operator '${name}' has scope ${String(scope)}; expected one of ${scopes.join(", ")}`,
    );
  }
  for (const role of definition.roles) {
    if (!roles.includes(role)) {
      throw new UsageError(`Operator '${name}' has role ${String(role)}; known roles: ${roles.join(", ")}`);
    }
  }
  const parentCount = checkWhole(`Operator '${name}': parentCount`, definition.parentCount ?? 1, 1);
  checkBetween(`Operator '${name}': parentCount`, parentCount, 1, 2); // the store keeps two
  if (schedule !== undefined && scope !== "local") {
    throw new UsageError(`Operator '${name}' has scope ${scope}; a schedule needs scope local`);
  }
  const { every, inspirationCount = 0, repairs = 0 } = definition;
  if (every !== undefined) checkWhole(`Operator '${name}': every`, every, 2);
  checkWhole(`Operator '${name}': inspirationCount`, inspirationCount, 0);
  checkWhole(`Operator '${name}': repairs`, repairs, 0);
  if (repairs > 0 && (parentCount > 1 || scope !== "global" || every !== undefined)) {
    throw new UsageError(`Operator '${name}' repairs; it needs scope global, one parent, and no every`);
  }
  return Object.freeze({
    description: "",
    parameters: {},
    isCompactable: true,
    ...definition,
    parentCount,
    inspirationCount,
    every,
    repairs,
    schedule: scope === "local" ? (schedule ?? schedules.random) : undefined,
  });
}

/** A proposal that gives components new texts. */
export function proposed(changes: Changes): Rewrite {
  return { status: "proposed", changes };
}

/** A proposal that is no solution but a note, which later prompts carry; its cost counts. */
export function noted(note: string): Proposal {
  return { status: "noted", note };
}

/** A proposal that came to nothing, e.g. an answer that cannot be read; its cost still counts. */
export function rejected(reason: string): Rewrite {
  return { status: "rejected", reason };
}
