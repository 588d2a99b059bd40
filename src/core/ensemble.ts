/** The ensemble: each candidate is made with a model drawn at random. */
import { checkBetween, checkKeys } from "./errors.ts";
import type { Model } from "./model.ts";
import { checkModels, type ModelChoice } from "./model-choice.ts";
import { weightedIndex } from "./rng.ts";

/** A model and how often it is drawn, relative to the others; above 0. */
export interface WeightedModel<M extends Model | string = Model | string> {
  readonly model: M;
  readonly weight: number;
}

/** The model of an entry of an ensemble's list. */
export type EnsembleModel<E> = E extends WeightedModel<infer M> ? M : Extract<E, Model | string>;

/** Draws a model with probability proportional to its weight (1 where none is given), whatever came before. */
export function ensemble<E extends Model | string | WeightedModel>(
  models: readonly E[],
): ModelChoice<EnsembleModel<E>> {
  const given = checkModels("ensemble", models);
  const weights = given.map((entry, index) => {
    if (!isWeighted(entry)) return 1;
    checkKeys(`ensemble: model ${index + 1}`, entry, ["model", "weight"]);
    const where = `ensemble: weight of model ${index + 1}`;
    return checkBetween(where, entry.weight, Number.MIN_VALUE, Number.MAX_VALUE);
  });
  const modelOf = (entry: E) => (isWeighted(entry) ? entry.model : entry) as EnsembleModel<E>;
  return {
    name: "ensemble",
    parameters: { weights: weights.join(", ") },
    models: checkModels("ensemble", given.map(modelOf)),
    start: () => ({ pick: (_context, rng) => weightedIndex(rng, weights), tell: () => {} }),
  };
}

function isWeighted(entry: Model | string | WeightedModel): entry is WeightedModel {
  return typeof entry === "object" && entry !== null && "model" in entry;
}
