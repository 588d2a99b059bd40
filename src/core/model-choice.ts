/** Model choices: several models for one role, and how one of them is picked for each candidate. */
import { UsageError } from "./errors.ts";
import type { Model } from "./model.ts";
import type { Parameters } from "./parameters.ts";
import type { Rng } from "./rng.ts";

/** What a candidate is about to be made with. */
export interface ChoiceContext {
  /** Name of the operator. */
  readonly operator: string;
  /** The component that a local operator changes; -1 for other scopes. */
  readonly component: number;
}

/** What became of a candidate for which a model was picked. */
export interface ChoiceOutcome extends ChoiceContext {
  /** Index of the model that was picked. */
  readonly picked: number;
  /** True when the candidate's fitness is above its parents'; undefined for a note, which tries nothing. */
  readonly isImproved: boolean | undefined;
  /** Primitive cost of the candidate's calls in this role; 0 when it made none. */
  readonly primitiveCost: number;
}

/** The state of a choice in one run. `pick` is called in ask order, and `tell` in the same order. */
export interface ModelChoiceState {
  /** Index of the model for the next candidate. */
  pick(context: ChoiceContext, rng: Rng): number;
  tell(outcome: ChoiceOutcome): void;
}

/** Several models for one role; started anew for each run. In a campaign, models may be given by name. */
export interface ModelChoice<M extends Model | string = Model> {
  readonly name: string;
  /** The parameters it was made with, stored with the campaign. */
  readonly parameters: Parameters;
  readonly models: readonly [M, ...M[]];
  /** `sizes`: m of each model, in order. */
  start(sizes: readonly number[]): ModelChoiceState;
}

/** All models that a role may be played by. */
export function modelsIn(given: Model | ModelChoice): readonly Model[] {
  return "models" in given ? given.models : [given];
}

/** Rejects what is no list of at least one model, for the choice called `choice`. */
export function checkModels<M>(choice: string, models: readonly M[]): readonly [M, ...M[]] {
  const [first, ...others] = Array.isArray(models) ? models : [];
  if (first === undefined) {
    const got = Array.isArray(models) ? "an empty one" : "no list";
    throw new UsageError(`${choice} needs a list of models, got ${got}; write ${choice}([small, large])`);
  }
  return [first, ...others];
}
