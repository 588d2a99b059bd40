/** Makes the models that --model names. */
import type { Models } from "../campaign.ts";
import { ensemble, type Model, type ModelChoice } from "../core/index.ts";
import { type NamedModel, readModel } from "../read-model.ts";
import type { ModelTexts } from "./read-model-option.ts";

/** Makes the models that were asked for, for the roles that are used; each text is one model, whatever it plays. */
export function makeModels(texts: ModelTexts, usedRoles: readonly string[]): Models {
  const made = new Map<string, NamedModel>();
  const make = (text: string) => {
    const model = made.get(text) ?? readModel(text);
    made.set(text, model);
    return model;
  };
  const { all, ...named } = texts;
  const byRole = {
    ...(all === undefined ? {} : Object.fromEntries(usedRoles.map((role) => [role, all]))),
    ...named,
  };
  return Object.fromEntries(
    Object.entries(byRole).map(([role, names]) => {
      const models = names.map(make);
      const [first, ...others] = models;
      return [role, others.length === 0 ? first?.model : ensemble(models)];
    }),
  );
}

/** Most models of a choice that a reader is shown. */
const mostShown = 8;

/** A model, or a choice of models, for a reader. */
export function modelText(given: Model | ModelChoice): string {
  if (!("models" in given)) {
    const { name, provider, voting, parameters = {} } = given;
    const place = parameters.baseUrl ?? parameters.host;
    const votes = voting === undefined ? "" : `,votes=${voting.lead}`;
    return `${provider === "simulated" ? name : `${provider}:${name}${place === undefined ? "" : `@${place}`}`}${votes}`;
  }
  const shown = given.models.slice(0, mostShown).map(modelText);
  const others = given.models.length - shown.length;
  return `${given.name}(${shown.join(", ")}${others > 0 ? ` and ${others} more` : ""})`;
}
