/** A campaign as plain data. */
import type { Campaign, Strategy, StrategyModels } from "./campaign.ts";
import { describeClaims } from "./claims.ts";
import type { Model } from "./core/index.ts";

/** The campaign as plain data, to be kept with its results. */
export function describeCampaign(campaign: Campaign): unknown {
  const { problem, strategies, seeds, promptMode, prompts, ...rest } = campaign;
  const { runBudget, budget, reuseAnswers, inFlight, claims } = rest;
  return {
    problem: { name: problem.name, parameters: problem.parameters, structure: problem.structure },
    strategies: strategies.map(({ name, operators, mix, population, modelsAt, sizes }) => ({
      name,
      operators: operators.map(({ operator, weight }) => ({
        name: operator.name,
        scope: operator.scope,
        parameters: operator.parameters,
        ...(operator.schedule === undefined
          ? {}
          : { schedule: { name: operator.schedule.name, parameters: operator.schedule.parameters ?? {} } }),
        ...(operator.every === undefined ? { weight } : { every: operator.every }),
      })),
      ...(operators.length === 1 ? {} : { mix: { name: mix.name, parameters: mix.parameters } }),
      population: { name: population.name, parameters: population.parameters },
      ...describeModels(modelsAt, sizes),
      sizes,
    })),
    seeds,
    promptMode,
    ...(Object.keys(prompts).length === 0 ? {} : { prompts: describePrompts(prompts) }),
    runBudget,
    budget,
    reuseAnswers,
    inFlight,
    ...(claims.length === 0 ? {} : { claims: describeClaims(claims, strategies) }),
  };
}

/** A function is described by its source; what was sent is in the store. */
function describePrompts(prompts: Campaign["prompts"]): unknown {
  return Object.fromEntries(
    Object.entries(prompts).map(([operator, parts]) => [
      operator,
      Object.fromEntries(Object.entries(parts).map(([part, given]) => [part, String(given)])),
    ]),
  );
}

/** Models that are the same at every size are said once. */
function describeModels(modelsAt: Strategy["modelsAt"], sizes: readonly number[]) {
  const all = sizes.map((size) => ({ size, models: describeRoles(modelsAt(size)) }));
  const isSame = sizes.every((size) => modelsAt(size) === modelsAt(sizes[0] ?? 1));
  return isSame ? { models: all[0]?.models } : { modelsBySize: all };
}

function describeRoles(models: StrategyModels): unknown {
  return Object.fromEntries(
    Object.entries(models).map(([role, given]) => [
      role,
      "models" in given
        ? { choice: given.name, parameters: given.parameters, models: given.models.map(describeModel) }
        : describeModel(given),
    ]),
  );
}

function describeModel({ name: model, provider, size, parameters = {}, ...rest }: Model) {
  const { calls, maxTokens, price, capabilities, voting } = rest;
  return { model, provider, size, parameters, calls, maxTokens, price, capabilities, voting };
}
