/** AI SDK models by name: the provider's package is imported when the model is needed. */
import { type Model, ModelError, UsageError } from "../core/index.ts";
import { type AdapterOptions, adapt, importPeer } from "./adapter.ts";
import { aiSdk } from "./ai-sdk.ts";

/** Makes a model of `PROVIDER:NAME`, e.g. "anthropic:claude-x", from the package @ai-sdk/PROVIDER. */
export function aiSdkProvider(text: string, options: AdapterOptions = {}): Model {
  const [, provider = "", name = ""] = /^([a-z0-9-]+):(.+)$/s.exec(text) ?? [];
  if (name === "") {
    throw new UsageError(`ai-sdk expects PROVIDER:NAME such as anthropic:claude-x, got '${text}'`);
  }
  const packageName = `@ai-sdk/${provider}`;
  return adapt({
    provider,
    name,
    options,
    concurrency: 16,
    async connect(context) {
      const loaded = await importPeer<Readonly<Record<string, unknown>>>(() => import(packageName), {
        name: packageName,
        need: `Model 'ai-sdk:${text}'`,
        install: `npm install ${packageName}`,
      });
      // Each of these packages exports its default provider under its own name, in camel case.
      const make = loaded[provider.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())];
      if (typeof make !== "function") {
        throw new ModelError(`Package ${packageName} has no provider function of its own name`, {
          isFatal: true,
        });
      }
      const model = aiSdk(make(name));
      const ready = (await model.prepare?.(context)) ?? model;
      return { generate: (request) => ready.generate(request) };
    },
  });
}
