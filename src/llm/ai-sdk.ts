/** Any language model object of the AI SDK, so that every provider of that ecosystem can be used. */
import { type Model, UsageError } from "../core/index.ts";
import { type AdapterOptions, adapt } from "./adapter.ts";
import { callLanguageModel, type LanguageModel } from "./ai-sdk-call.ts";

export type { LanguageModel } from "./ai-sdk-call.ts";

/** Options of `aiSdk`. */
export interface AiSdkOptions extends AdapterOptions {
  /** Whether the answer is sent piece by piece; default true. A whole one may come too late for its connection. */
  readonly stream?: boolean;
  /** Passed on to the provider, e.g. { openai: { reasoningEffort: "low" } }. */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Makes a model of a language model object of the AI SDK: specification v2, v3 or v4, which is AI SDK 5, 6
 * and 7. Its provider and name are the object's.
 */
export function aiSdk(languageModel: LanguageModel, options: AiSdkOptions = {}): Model {
  const { provider, modelId } = checkLanguageModel(languageModel);
  const { stream = true, providerOptions } = options;
  if (typeof stream !== "boolean") throw new UsageError(`aiSdk: stream must be true or false, got ${stream}`);
  return adapt({
    provider,
    name: modelId,
    options,
    keys: ["stream", "providerOptions"],
    parameters: {
      stream: stream ? undefined : false,
      providerOptions: providerOptions === undefined ? undefined : JSON.stringify(providerOptions),
    },
    concurrency: 16,
    async connect() {
      return {
        generate: (request) => callLanguageModel(languageModel, request, { stream, providerOptions }),
      };
    },
  });
}

function checkLanguageModel(given: unknown): LanguageModel {
  const expected =
    'aiSdk expects a language model object of AI SDK 5, 6 or 7, such as createOpenAI()("gpt-x") of @ai-sdk/openai';
  if (typeof given !== "object" || given === null) {
    const what =
      typeof given === "function" ? "a function (call it with a model's name)" : JSON.stringify(given);
    throw new UsageError(`${expected}; got ${what}`);
  }
  const model = given as Partial<LanguageModel> & { readonly doEmbed?: unknown };
  const { specificationVersion: version } = model;
  if (typeof model.doEmbed === "function") throw new UsageError(`${expected}; got an embedding model`);
  if (typeof model.doStream !== "function" || typeof model.doGenerate !== "function") {
    throw new UsageError(`${expected}; got an object without doGenerate and doStream`);
  }
  if (version !== "v2" && version !== "v3" && version !== "v4") {
    throw new UsageError(
      `${expected}; got one of specification ${String(version)}, and v2, v3 and v4 are known: update its package`,
    );
  }
  return model as LanguageModel;
}
