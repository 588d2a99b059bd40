/** Language model objects of the AI SDK's other specification versions, after the types of @ai-sdk/provider 2 and 4. */
import type { createOpenAICompatible } from "@ai-sdk/openai-compatible";

type ModelV3 = ReturnType<ReturnType<typeof createOpenAICompatible>["chatModel"]>;
type UsageV3 = Awaited<ReturnType<ModelV3["doGenerate"]>>["usage"];
type Options = Parameters<ModelV3["doGenerate"]>[0];

/** As a provider of AI SDK 5 is: the reason for the end is a word, and counts are plain numbers. */
export function asV2(model: ModelV3) {
  const end = <T extends { finishReason: { unified: string }; usage: UsageV3 }>(part: T) => ({
    ...part,
    finishReason: part.finishReason.unified,
    usage: {
      inputTokens: part.usage.inputTokens.total,
      outputTokens: part.usage.outputTokens.total,
      totalTokens: undefined,
      reasoningTokens: part.usage.outputTokens.reasoning,
      cachedInputTokens: part.usage.inputTokens.cacheRead,
    },
  });
  return {
    specificationVersion: "v2" as const,
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: {},
    doGenerate: async (options: Options) => end(await model.doGenerate(options)),
    async doStream(options: Options) {
      const { stream, ...rest } = await model.doStream(options);
      const changed = new TransformStream({
        transform(part, controller) {
          controller.enqueue(part.type === "finish" ? end(part) : part);
        },
      });
      return { ...rest, stream: stream.pipeThrough(changed) };
    },
  };
}

/** As a provider of AI SDK 7 is: like v3, with pings in its streams. */
export function asV4(model: ModelV3) {
  return {
    specificationVersion: "v4" as const,
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: {},
    doGenerate: (options: Options) => model.doGenerate(options),
    async doStream(options: Options) {
      const { stream, ...rest } = await model.doStream(options);
      const changed = new TransformStream({
        transform(part, controller) {
          controller.enqueue(part);
          controller.enqueue({ type: "ping" });
        },
      });
      return { ...rest, stream: stream.pipeThrough(changed) };
    },
  };
}
