/** Makes the models that --model names. */
import type { Models } from "../campaign.ts";
import { ensemble, type Model, type ModelChoice } from "../core/index.ts";
import { type NamedModel, readModel } from "../read-model.ts";
import type { ModelTexts } from "./read-model-option.ts";

/** Makes the models that were asked for; each text is one model, whatever roles it plays. */
export function makeModels(texts: ModelTexts): Models {
  const made = new Map<string, NamedModel>();
  const make = (text: string) => {
    const model = made.get(text) ?? readModel(text);
    made.set(text, model);
    return model;
  };
  return Object.fromEntries(
    Object.entries(texts).map(([role, names]) => {
      const models = names.map(make);
      const [first, ...others] = models;
      return [role, others.length === 0 ? first?.model : ensemble(models)];
    }),
  );
}

/** A model, or a choice of models, for a reader. */
export function modelText(given: Model | ModelChoice): string {
  if (!("models" in given))
    return given.provider === "simulated" ? given.name : `${given.provider}:${given.name}`;
  return `${given.name}(${given.models.map(modelText).join(", ")})`;
}
