/** Operators: how a new candidate is made from its parents with the help of models. */
import type { EvaluatedCandidate } from "./candidate.ts";
import type { Changes } from "./component.ts";
import { checkBetween, checkKeys, checkWhole, UsageError } from "./errors.ts";
import { type Model, type Role, roles } from "./model.ts";
import type { Parameters } from "./parameters.ts";
import type { PromptMode } from "./prompt.ts";
import type { Rng } from "./rng.ts";
import { type Schedule, schedules } from "./schedule.ts";

/** `global` may change every component, `local` exactly one, `recombination` mixes several parents. */
export type Scope = "global" | "local" | "recombination";

/** What an operator brings: new texts by component index, or a rejection with the reason. */
export type Proposal =
  | { readonly status: "proposed"; readonly changes: Changes }
  | { readonly status: "rejected"; readonly reason: string };

/** What an operator is given to make one proposal. */
export interface ProposeContext<R extends Role = Role> {
  /** As many as the operator's `parentCount`; the changes apply to the first. */
  readonly parents: readonly [EvaluatedCandidate, ...EvaluatedCandidate[]];
  /** The component that a local operator must change; -1 for other scopes. */
  readonly component: number;
  /** The task in words. */
  readonly statement: string;
  readonly promptMode: PromptMode;
  /** The metered model of each role that the operator names. */
  readonly models: Readonly<Record<R, Model>>;
  /** This candidate's own generator. */
  readonly rng: Rng;
  readonly signal: AbortSignal;
}

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
  /** Chooses the component that a local operator changes; a new one is made for each run. */
  readonly schedule: Schedule | undefined;
  propose(context: ProposeContext): Promise<Proposal>;
}

/** What an author writes: `description`, `parameters`, `parentCount` (1) and, for local scope, `schedule` (random) have defaults. */
export interface OperatorDefinition<R extends Role> {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Parameters;
  readonly scope: Scope;
  readonly roles: readonly R[];
  readonly parentCount?: number;
  readonly schedule?: Schedule;
  propose(context: ProposeContext<R>): Promise<Proposal>;
}

const scopes: readonly Scope[] = ["global", "local", "recombination"];
const keys = ["name", "description", "parameters", "scope", "roles", "parentCount", "schedule", "propose"];

/** Checks an operator and makes it a plugin. */
export function defineOperator<const R extends Role>(definition: OperatorDefinition<R>): Operator {
  const { name, scope, schedule } = definition;
  if (!name) throw new UsageError('An operator needs a name, got none; add name: "my-operator"');
  checkKeys(`Operator '${name}'`, definition, keys);
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
  return Object.freeze({
    description: "",
    parameters: {},
    parentCount,
    ...definition,
    schedule: scope === "local" ? (schedule ?? schedules.random) : undefined,
  });
}

/** A proposal that gives components new texts. */
export function proposed(changes: Changes): Proposal {
  return { status: "proposed", changes };
}

/** A proposal that came to nothing, e.g. an answer that cannot be read; its cost still counts. */
export function rejected(reason: string): Proposal {
  return { status: "rejected", reason };
}
