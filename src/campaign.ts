/** A campaign: problem x strategies x sizes x seeds. This file checks its definition and plans its runs. */
import { type Claim, checkClaims } from "./claims.ts";
import {
  AlleleError,
  type BudgetLimits,
  budgetKeys,
  checkKeys,
  checkLimits,
  checkModels,
  checkOverrides,
  checkWhole,
  defineOperator,
  type Model,
  type ModelChoice,
  modelsIn,
  type Operator,
  type OperatorMix,
  type OperatorMixName,
  operatorMixes,
  type Population,
  type Problem,
  type PromptMode,
  type PromptOverrides,
  pickKnown,
  type Role,
  roles,
  UsageError,
} from "./core/index.ts";
import type { WeightedOperator } from "./engine.ts";
import { checkModel } from "./llm/adapter.ts";
import { voting } from "./llm/voting.ts";
import { plugins } from "./plugins.ts";
import { readModel, shownModelText } from "./read-model.ts";

export type { Claim } from "./claims.ts";

/** Models by role: one, several with a way to choose, or the text that names one (docs/models.md). */
export type Models = Readonly<Partial<Record<Role, Model | ModelChoice<Model | string> | string>>>;

/** Models by role, the same at every size or made for each: theory's generalist grows with its tasks. */
export type ModelsBySize = Models | ((size: number) => Models);

/** The models of a strategy's roles. */
export type StrategyModels = Readonly<Partial<Record<Role, Model | ModelChoice>>>;

/** Theory's exact means of a strategy at a size. */
export interface Expectation {
  readonly applications: number;
  readonly primitiveCost?: number;
}

/** Seeds so that each size costs about the same: pilot runs first, then more where runs are cheap. */
export interface EqualCostSeeds {
  /** Runs at the costliest size, and the fewest at any size; at least 3. */
  readonly atLargest: number;
  /** Most runs at a size. */
  readonly atMost: number;
}

/** One strategy as a user writes it. Plugins are values, or names of built-in ones. */
export interface StrategyDefinition {
  /** One or more; a weight is a relative frequency (default 1). */
  readonly operators: readonly (
    | Operator
    | string
    | { readonly operator: Operator | string; readonly weight?: number }
  )[];
  /** Which operator makes the next candidate: drawn by weight (default), learnt by a bandit, or your own mix. */
  readonly mix?: OperatorMix | OperatorMixName;
  /** Default: greedy(). */
  readonly population?: Population | string;
  /** Default: the campaign's. */
  readonly models?: ModelsBySize;
  /** Default: the campaign's. */
  readonly sizes?: readonly number[];
  /** Shown beside what is measured. */
  theory?(size: number): Expectation;
}

/** A campaign as a user writes it. */
export interface CampaignDefinition {
  readonly name: string;
  readonly problem: Problem | string;
  readonly strategies: Readonly<Record<string, StrategyDefinition>>;
  readonly models?: ModelsBySize;
  readonly sizes: readonly number[];
  /** Number of runs at each size (seeds 1, 2, ...), or equal cost per size. */
  readonly seeds: number | EqualCostSeeds;
  /** `normal` (default) explains the task to the model; `compact` sends the components alone. */
  readonly prompt?: PromptMode;
  /** Texts in the place of parts of prompts, by the operator's name; docs/operators.md. */
  readonly prompts?: Readonly<Record<string, PromptOverrides>>;
  /** Most that each run may spend; a run that reaches it counts as censored. */
  readonly runBudget?: BudgetLimits;
  /** Most that all runs together may spend. */
  readonly budget?: Omit<BudgetLimits, "evaluations">;
  /** Whether an answer is used again for the same request of a run; default false. */
  readonly reuseAnswers?: boolean;
  /** Most candidates of one run in the works at once; default 8, bounded by what the population asks for. */
  readonly inFlight?: number;
  /** What theory has it that the strategies save; `allele table1` puts the measured beside it. */
  readonly claims?: readonly Claim[];
}

/** A strategy with every default filled in. */
export interface Strategy {
  readonly name: string;
  readonly operators: readonly WeightedOperator[];
  readonly mix: OperatorMix;
  readonly population: Population;
  /** The model of each role at a size; the same roles at all sizes. */
  readonly modelsAt: (size: number) => StrategyModels;
  /** Ascending. */
  readonly sizes: readonly number[];
  readonly theory: ((size: number) => Expectation) | undefined;
}

/** A checked campaign with every default filled in. */
export interface Campaign {
  readonly name: string;
  readonly problem: Problem;
  readonly strategies: readonly Strategy[];
  readonly seeds: number | EqualCostSeeds;
  readonly promptMode: PromptMode;
  readonly prompts: Readonly<Record<string, PromptOverrides>>;
  readonly runBudget: BudgetLimits;
  readonly budget: BudgetLimits;
  readonly reuseAnswers: boolean;
  readonly inFlight: number;
  readonly claims: readonly Claim[];
}

/** What the command line may change of a campaign. */
export interface CampaignOverrides {
  /**
   * Take the place of the models of these roles, in every strategy; where the campaign votes on a model, it votes on
   * what takes its place. Exact costs are then no longer those of theory, and are left out.
   */
  readonly models?: Models;
  readonly prompt?: PromptMode;
  readonly sizes?: readonly number[];
  readonly seeds?: number;
  readonly budget?: BudgetLimits;
}

const campaignKeys = [
  ...[
    "name",
    "problem",
    "strategies",
    "models",
    "sizes",
    "seeds",
    "prompt",
    "prompts",
    "runBudget",
    "budget",
    "reuseAnswers",
    "inFlight",
    "claims",
  ],
];
const strategyKeys = ["operators", "mix", "population", "models", "sizes", "theory"];

/** Checks a campaign and fills in the defaults; throws a UsageError that says what is wrong. */
export function defineCampaign(definition: CampaignDefinition): Campaign {
  checkKeys("Campaign", definition, campaignKeys);
  const { name, seeds, prompt = "normal", budget = {}, runBudget = {}, inFlight = 8 } = definition;
  const { reuseAnswers = false } = definition;
  if (typeof name !== "string" || name === "") throw new UsageError("A campaign needs a name, got none");
  checkPromptMode(prompt);
  if (typeof reuseAnswers !== "boolean") {
    throw new UsageError(`Campaign: reuseAnswers must be true or false, got ${String(reuseAnswers)}`);
  }
  const shared = budgetKeys.filter((key) => key !== "evaluations"); // which is a limit of one run
  checkKeys("Campaign: budget", budget, shared);
  const entries = Object.entries(definition.strategies ?? {});
  if (entries.length === 0)
    throw new UsageError(`Campaign '${name}' has no strategies; expected at least one`);
  const named = new Map<string, Model>();
  const strategies = entries.map(([key, strategy]) => resolveStrategy(key, strategy, definition, named));
  return checkPrices({
    name,
    problem: resolve("Problem", definition.problem, plugins.problems),
    strategies,
    seeds: checkSeeds(seeds),
    promptMode: prompt,
    prompts: checkPrompts(definition, strategies),
    runBudget: checkLimits("Campaign: runBudget", runBudget),
    budget: checkLimits("Campaign: budget", budget),
    reuseAnswers,
    inFlight: checkWhole("Campaign: inFlight", inFlight, 1),
    claims: checkClaims(
      definition.claims ?? [],
      strategies.map((strategy) => ({ name: strategy.name, roles: rolesOf(strategy) })),
    ),
  });
}

/** Checks what is put in the places of parts of prompts. */
function checkPrompts(
  { prompt, prompts = {} }: CampaignDefinition,
  strategies: readonly Strategy[],
): Readonly<Record<string, PromptOverrides>> {
  const names = new Set(
    strategies.flatMap(({ operators }) => operators.map(({ operator }) => operator.name)),
  );
  for (const [name, overrides] of Object.entries(prompts)) {
    if (!names.has(name)) {
      throw new UsageError(`Campaign: prompts names operator '${name}'; used are: ${[...names].join(", ")}`);
    }
    checkOverrides(`Campaign: prompts: '${name}'`, overrides);
  }
  if (prompt === "compact") checkNoParts(prompts);
  return prompts;
}

function checkNoParts(prompts: object): void {
  if (Object.keys(prompts).length === 0) return;
  throw new UsageError(
    "Campaign: compact prompts have no parts that prompts could replace; leave one of them out",
  );
}

/** All models that a strategy may call, each once. */
export function modelsOf({ modelsAt, sizes }: Strategy): readonly Model[] {
  const all = new Set<Model>();
  for (const models of new Set(sizes.map(modelsAt))) {
    for (const model of Object.values(models).flatMap(modelsIn)) all.add(model);
  }
  return [...all];
}

/** The models of other models, role by role. */
export function mapModels(
  models: StrategyModels,
  map: (given: Model | ModelChoice, role: Role) => Model | ModelChoice,
): StrategyModels {
  return Object.fromEntries(
    Object.entries(models).map(([role, given]) => [role, map(given, role as Role)]),
  ) as StrategyModels;
}

/** The same function; what it makes for a size is made once. */
export function bySize<T>(make: (size: number) => T): (size: number) => T {
  const made = new Map<number, T>();
  return (size) => {
    const known = made.get(size);
    if (known !== undefined) return known;
    const value = make(size);
    made.set(size, value);
    return value;
  };
}

/** A budget in US dollars needs to know what every model costs. */
function checkPrices(campaign: Campaign): Campaign {
  if (campaign.budget.usd === undefined && campaign.runBudget.usd === undefined) return campaign;
  for (const { name, provider, price, isDeterministic } of campaign.strategies.flatMap(modelsOf)) {
    if (price !== undefined || isDeterministic) continue; // such a one is free
    throw new UsageError(
      `A budget in US dollars needs the price of model '${name}' (${provider}), per million tokens in and out: ` +
        "add ,price=0.15/0.6 to its name or price: { usdPerMillionInputTokens, usdPerMillionOutputTokens } to its " +
        "options; 0/0 where it is free",
    );
  }
  return campaign;
}

/** Makes the campaign that the command line's options ask for. */
export function overrideCampaign(campaign: Campaign, overrides: CampaignOverrides): Campaign {
  const { sizes, seeds, budget = {}, models = {}, prompt = campaign.promptMode } = overrides;
  const used = new Set<string>(campaign.strategies.flatMap(rolesOf));
  const unused = Object.keys(models).find((role) => !used.has(role));
  if (unused !== undefined) {
    throw new UsageError(`No strategy has the role ${unused}; used are: ${[...used].join(", ") || "none"}`);
  }
  checkPromptMode(prompt);
  if (prompt === "compact") checkNoParts(campaign.prompts);
  for (const { name, operators } of campaign.strategies)
    checkOperators(`Strategy '${name}'`, operators, prompt);
  const named = new Map<string, Model>();
  const isOther = prompt !== campaign.promptMode;
  const isAsBefore = (strategy: Strategy) =>
    !isOther && rolesOf(strategy).every((role) => models[role] === undefined);
  return checkPrices({
    ...campaign,
    promptMode: prompt,
    claims: campaign.strategies.every(isAsBefore)
      ? campaign.claims
      : campaign.claims.map(({ ratio: _, ...claim }) => claim),
    strategies: campaign.strategies.map((strategy) => ({
      ...strategy,
      theory: isAsBefore(strategy) ? strategy.theory : withoutCost(strategy.theory),
      ...(sizes === undefined ? {} : { sizes: checkSizes("--sizes", sizes) }),
      modelsAt: bySize((size) =>
        mapModels(strategy.modelsAt(size), (model, role) => {
          const other = models[role];
          return other === undefined ? model : votedAs(model, resolveModel(other, named));
        }),
      ),
    })),
    seeds: seeds === undefined ? campaign.seeds : checkWhole("--seeds", seeds, 1),
    budget: { ...campaign.budget, ...budget },
  });
}

/** Theory of applications alone: what a call costs is that of other models, or of other prompts. */
function withoutCost(theory: Strategy["theory"]): Strategy["theory"] {
  return theory && ((size) => ({ applications: theory(size).applications }));
}

/** A model in the place of one that is voted on is voted on, too, unless it says itself how. */
function votedAs(before: Model | ModelChoice, model: Model | ModelChoice): Model | ModelChoice {
  if ("models" in before || before.voting === undefined) return model;
  const { voting: votes } = before;
  const voted = (one: Model) => (one.voting === undefined ? voting(one, votes) : one);
  if (!("models" in model)) return voted(model);
  const [first, ...others] = model.models;
  return { ...model, models: [voted(first), ...others.map(voted)] };
}

function checkPromptMode(prompt: unknown): void {
  if (prompt !== "normal" && prompt !== "compact") {
    throw new UsageError(`Campaign: prompt must be "normal" or "compact", got ${String(prompt)}`);
  }
}

function resolveStrategy(
  key: string,
  strategy: StrategyDefinition,
  campaign: CampaignDefinition,
  named: Map<string, Model>,
): Strategy {
  const where = `Strategy '${key}'`;
  checkKeys(where, strategy, strategyKeys);
  if (!Array.isArray(strategy.operators) || strategy.operators.length === 0) {
    throw new UsageError(
      `${where} has no operators; expected at least one, e.g. operators: [localRewrite()]`,
    );
  }
  const operators = strategy.operators.map((given): WeightedOperator => {
    const isWeighted = typeof given === "object" && given !== null && "operator" in given;
    if (isWeighted) checkKeys(`${where}: an operator with its weight`, given, ["operator", "weight"]);
    const { operator, weight = 1 } = isWeighted ? given : { operator: given };
    if (!(typeof weight === "number" && weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new UsageError(`${where}: weight must be a number above 0, got ${JSON.stringify(weight)}`);
    }
    const resolved = resolve("Operator", operator, plugins.operators);
    if (typeof resolved.propose !== "function") {
      throw new UsageError(
        `${where}: '${resolved.name}' is no operator; what defineOperator makes is, or the name of a built-in one ` +
          "(the operator that repairs is repairFailures())",
      );
    }
    return { operator: "repairs" in resolved ? resolved : defineOperator(resolved), weight };
  });
  checkOperators(where, operators, campaign.prompt);
  const sizes = checkSizes(`${where}: sizes`, strategy.sizes ?? campaign.sizes);
  const isBySize = [campaign.models, strategy.models].some((models) => typeof models === "function");
  const modelsAt = bySize((size: number) => {
    const given = {
      ...givenModels("Campaign: models", campaign.models, size),
      ...givenModels(`${where}: models`, strategy.models, size),
    };
    const models: Partial<Record<Role, Model | ModelChoice>> = {};
    for (const role of new Set(operators.flatMap(({ operator }) => operator.roles))) {
      const model = given[role];
      if (model === undefined) {
        const when = isBySize ? ` at size ${size}` : "";
        throw new UsageError(
          `${where} needs a model for role ${role}${when}; add models: { ${role}: simulated() }`,
        );
      }
      models[role] = resolveModel(model, named);
    }
    return models;
  });
  for (const size of sizes) modelsAt(size); // what is wrong with them is said now
  return {
    name: key,
    operators,
    mix: resolveMix(where, strategy.mix),
    population: resolvePopulation(where, strategy.population),
    modelsAt: isBySize ? modelsAt : () => modelsAt(sizes[0] ?? 1),
    sizes,
    theory: strategy.theory,
  };
}

function givenModels(where: string, given: ModelsBySize = {}, size: number): Models {
  if (typeof given !== "function") {
    checkKeys(where, given, roles);
    return given;
  }
  const there = `${where} at size ${size}`;
  let models: Models;
  try {
    models = given(size);
  } catch (error) {
    if (error instanceof AlleleError) throw new UsageError(`${there}: ${error.message}`);
    throw error;
  }
  checkKeys(there, models, roles);
  return models;
}

function checkOperators(
  where: string,
  operators: readonly WeightedOperator[],
  prompt: PromptMode | undefined,
): void {
  if (!operators.some(({ operator }) => operator.every === undefined && operator.repairs === 0)) {
    const names = operators.map(({ operator }) => operator.name).join(", ");
    throw new UsageError(
      `${where}: ${names} cannot be alone: a strategy needs an operator that makes candidates at any time, ` +
        "such as localRewrite()",
    );
  }
  const ready = operators.filter(({ operator: { every, repairs } }) => every === undefined && repairs === 0);
  if (ready.every(({ operator }) => operator.parentCount > 1)) {
    const names = ready.map(({ operator }) => operator.name).join(", ");
    throw new UsageError(
      `${where}: ${names} cannot be alone: a population begins with one solution, and they need two different ` +
        "ones; add an operator that changes a single parent, such as localRewrite()",
    );
  }
  const turns = operators.flatMap(({ operator: { every, name } }) =>
    every === undefined ? [] : [{ every, name }],
  );
  const twin = turns.find(({ every }, index) => turns.findIndex((other) => other.every === every) < index);
  if (twin !== undefined) {
    throw new UsageError(
      `${where}: '${twin.name}' and another operator both have every: ${twin.every}; make one of them differ`,
    );
  }
  const wordy = operators.find(({ operator }) => !operator.isCompactable);
  if (prompt === "compact" && wordy !== undefined) {
    throw new UsageError(
      `${where}: operator '${wordy.operator.name}' needs instructions in its prompts; take prompt: "normal"`,
    );
  }
}

/** The roles that a strategy's operators need. */
export function rolesOf({ operators }: Strategy): readonly Role[] {
  return [...new Set(operators.flatMap(({ operator }) => operator.roles))];
}

function resolvePopulation(where: string, given: Population | string = "greedy"): Population {
  const population = resolve("Population", given, plugins.populations);
  if (typeof population.start === "function") return population;
  throw new UsageError(
    `${where}: population must be one that definePopulation makes, or the name of a built-in one`,
  );
}

function resolveMix(where: string, mix: OperatorMix | OperatorMixName = "weights"): OperatorMix {
  if (typeof mix === "string") return pickKnown(`${where}: mix`, mix, operatorMixes);
  if (typeof mix?.start !== "function")
    throw new UsageError(`${where}: mix must be a mix of operators or its name`);
  return mix;
}

function resolve<T>(kind: string, given: T | string, table: Readonly<Record<string, () => T>>): T {
  if (typeof given === "string") return pickKnown(kind, given, table)();
  if (typeof given === "function") {
    throw new UsageError(`${kind} must be a plugin, got the function ${given.name}; write ${given.name}()`);
  }
  if (typeof given !== "object" || given === null) {
    throw new UsageError(`${kind} must be a plugin or the name of one, got ${String(given)}`);
  }
  return given;
}

/** Makes models of texts; the same text is the same model, so that its limits hold for all who call it. */
function resolveModel(
  given: Model | ModelChoice<Model | string> | string,
  named: Map<string, Model>,
): Model | ModelChoice {
  if (typeof given === "object" && given !== null && "models" in given) {
    const [first, ...others] = checkModels("A choice of models", given.models);
    if (typeof given.start !== "function") {
      throw new UsageError("A choice of models needs start(sizes); write e.g. ensemble([small, large])");
    }
    return {
      ...given,
      models: [resolveOne(first, named), ...others.map((other) => resolveOne(other, named))],
    };
  }
  return resolveOne(given, named);
}

function resolveOne(given: Model | string, named: Map<string, Model>): Model {
  if (typeof given === "object" && given !== null && "models" in given) {
    throw new UsageError("A choice of models cannot be one of the models that another choice picks from");
  }
  if (typeof given !== "string") return checkModel("Model", resolve("Model", given, {}));
  const model = named.get(given) ?? readModelAlone(given);
  named.set(given, model);
  return model;
}

function readModelAlone(text: string): Model {
  const { model, weight } = readModel(text);
  if (weight === 1) return model;
  throw new UsageError(
    `Model '${shownModelText(text)}': a weight belongs to an ensemble; write ensemble([{ model, weight: ${weight} }, ...])`,
  );
}

function checkSizes(where: string, sizes: readonly number[]): readonly number[] {
  if (!Array.isArray(sizes) || sizes.length === 0)
    throw new UsageError(`${where} must list at least one size`);
  return [...new Set(sizes.map((size) => checkWhole(where, size, 1)))].sort((a, b) => a - b);
}

function checkSeeds(seeds: number | EqualCostSeeds): number | EqualCostSeeds {
  if (typeof seeds !== "object") return checkWhole("Campaign: seeds", seeds, 1);
  checkKeys("Campaign: seeds", seeds, ["atLargest", "atMost"]);
  checkWhole("Campaign: seeds.atLargest", seeds.atLargest, pilotRuns);
  checkWhole("Campaign: seeds.atMost", seeds.atMost, seeds.atLargest);
  return seeds;
}

/** Runs at each size before the number of seeds is decided. */
export const pilotRuns = 3;
