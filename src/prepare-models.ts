/** Makes the models of a campaign ready before anything is written or paid: each once, whoever uses it. */
import { bySize, type Campaign, mapModels, modelsOf } from "./campaign.ts";
import {
  AlleleError,
  abortable,
  type Model,
  type ModelChoice,
  type PrepareContext,
  UsageError,
} from "./core/index.ts";
import { Limiter } from "./llm/limiter.ts";
import type { Recording } from "./store/index.ts";

/** What making models ready needs. */
export interface PrepareOptions extends PrepareContext {
  /** Where the answers come from instead: paid models are then not made ready. */
  readonly recording?: Recording | undefined;
  /** Day on which prices hold that name none, e.g. "2026-11-22". */
  readonly today: string;
}

/** A campaign whose models can be called. */
export interface Prepared {
  readonly campaign: Campaign;
  /** The turns of a model, shared by all runs; undefined for models without limits. */
  limiterOf(model: Model): Limiter | undefined;
  /** Lets go of what the models took. */
  close(): Promise<void>;
}

/** Most calls in flight of a model that says nothing. */
const defaultConcurrency = 16;

/** Makes all models of a campaign ready; throws the ModelError of the first that cannot be. */
export async function prepareModels(campaign: Campaign, options: PrepareOptions): Promise<Prepared> {
  const ready = new Map<Model, Model>();
  const close = async () => {
    await Promise.allSettled([...ready.values()].map((model) => model.close?.()));
  };
  try {
    for (const model of new Set(campaign.strategies.flatMap(modelsOf))) {
      ready.set(model, await prepareOne(model, options));
    }
  } catch (error) {
    await close();
    if (!options.signal.aborted) throw error;
    throw new AlleleError("Stopped before the models were ready; nothing was written and nothing was paid");
  }
  const limiters = new Map<Model, Limiter>();
  for (const model of ready.values()) {
    if (model.isDeterministic && model.calls?.concurrency === undefined) continue;
    const { concurrency = defaultConcurrency, requestsPerMinute, tokensPerMinute } = model.calls ?? {};
    limiters.set(model, new Limiter({ concurrency, requestsPerMinute, tokensPerMinute }));
  }
  const strategies = campaign.strategies.map((strategy) => ({
    ...strategy,
    modelsAt: bySize((size) => mapModels(strategy.modelsAt(size), (given) => replaceModels(given, ready))),
  }));
  return { campaign: { ...campaign, strategies }, limiterOf: (model) => limiters.get(model), close };
}

async function prepareOne(
  model: Model,
  { environment, signal, recording, today }: PrepareOptions,
): Promise<Model> {
  const { price } = model;
  const dated = price === undefined ? {} : { price: { asOf: today, ...price } };
  if (recording !== undefined && !model.isDeterministic) {
    const size = recording.sizeOf(model) ?? model.size;
    if (size > 0) return { ...model, ...dated, size };
    throw new UsageError(
      `The recording has no call of model '${model.name}' (${model.provider}); it has: ${recording.models.join(", ")}`,
    );
  }
  signal.throwIfAborted();
  const making = model.prepare?.({ environment, signal });
  const prepared = (making && (await abortable(making, signal))) ?? model;
  const { name, provider, size, isDeterministic } = prepared;
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) {
    throw new UsageError(`Model '${name}' (${provider}): size must be a number above 0, got ${String(size)}`);
  }
  // Written out for models that are instances of classes.
  return {
    ...prepared,
    ...{ name, provider, size, isDeterministic },
    ...kept(model),
    generate: (request) => prepared.generate(request),
    close: async () => prepared.close?.(),
    ...dated,
  };
}

/** What `voting` said of the model before it was made ready, and holds for the one that is. */
function kept({ voting }: Model): Pick<Model, "voting"> {
  return voting === undefined ? {} : { voting };
}

function replaceModels(given: Model | ModelChoice, ready: ReadonlyMap<Model, Model>): Model | ModelChoice {
  const replaced = (model: Model) => ready.get(model) ?? model;
  if (!("models" in given)) return replaced(given);
  const [first, ...others] = given.models;
  return { ...given, models: [replaced(first), ...others.map(replaced)] };
}
