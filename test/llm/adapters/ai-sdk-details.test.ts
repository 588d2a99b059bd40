import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, LoadAPIKeyError, NoSuchModelError } from "@ai-sdk/provider";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/core/index.ts";
import { type AiSdkOptions, aiSdk, type LanguageModel } from "../../../src/llm/ai-sdk.ts";
import { readUsage } from "../../../src/llm/ai-sdk-usage.ts";
import { failureOf, fatal, lost, passing, ready } from "./contract.ts";

const hi = { messages: [{ role: "user" as const, text: "hi" }] };

/** A model of a hand, with what it was asked. */
const madeOf = (parts: readonly object[], { version = "v3", after = (): unknown => undefined } = {}) => {
  const asked: Record<string, unknown>[] = [];
  const model = {
    ...{ specificationVersion: version, provider: "example.chat", modelId: "m" },
    async doGenerate(options: Record<string, unknown>) {
      asked.push(options);
      return parts[0] ?? {};
    },
    async doStream(options: Record<string, unknown>) {
      asked.push(options);
      const stream = new ReadableStream({
        async start(controller) {
          for (const part of parts) controller.enqueue(part);
          const hold = after();
          if (hold === undefined) controller.close();
        },
      });
      return { stream };
    },
  };
  return { model: model as LanguageModel, asked };
};

const v3 = (input: number | undefined, output: number | undefined) => ({
  inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: undefined },
  outputTokens: { total: output, text: output, reasoning: 0 },
});
const delta = (text: string) => ({ type: "text-delta", id: "1", delta: text });
const finish = (finishReason: unknown, usage: object = v3(3, 4)) => ({ type: "finish", finishReason, usage });
const stop = { unified: "stop", raw: "stop" };

describe("aiSdk", () => {
  it("is named after the model object", () => {
    const model = aiSdk(createOpenAICompatible({ name: "example", baseURL: "http://localhost/v1" })("gpt-x"));
    expect([model.provider, model.name]).toEqual(["example.chat", "gpt-x"]);
  });

  const embedding = createOpenAICompatible({
    name: "example",
    baseURL: "http://localhost/v1",
  }).embeddingModel("e");
  it.each([
    ["openai/gpt-x", "the text 'openai/gpt-x'|\"openai/gpt-x\""],
    [undefined, "undefined"],
    [() => "a provider", "a function \\(call it with a model's name\\)"],
    [embedding, "an embedding model"],
    [{ ...madeOf([]).model, doStream: undefined }, "an object without doGenerate and doStream"],
    [madeOf([], { version: "v1" }).model, "one of specification v1, and v2, v3 and v4 are known"],
    [madeOf([], { version: "v5" }).model, "one of specification v5, and v2, v3 and v4 are known"],
  ])("wants a language model object, and says what it got instead (%#)", (given, got) => {
    const wrong = () => aiSdk(given as LanguageModel);
    expect(wrong).toThrow(UsageError);
    expect(wrong).toThrow(
      new RegExp(`^aiSdk expects a language model object of AI SDK 5, 6 or 7, .*; got (${got})`),
    );
  });

  it("checks its options", () => {
    const { model } = madeOf([]);
    expect(() => aiSdk(model, { stream: 1 } as unknown as AiSdkOptions)).toThrow(
      /stream must be true or false/,
    );
    expect(() => aiSdk(model, { maxRetries: 1 } as AiSdkOptions)).toThrow(/option 'maxRetries' is unknown/);
  });

  it("asks with what the specification calls a prompt, and keeps its options as parameters", async () => {
    const { model, asked } = madeOf([delta("x"), finish(stop)]);
    const providerOptions = { openai: { reasoningEffort: "low" } };
    const made = aiSdk(model, { providerOptions, temperature: 0.5 });
    await made.generate({
      system: "Be brief.",
      messages: [...hi.messages, { role: "assistant", text: "hello" }],
      maxTokens: 9,
      seed: 7,
      stop: ["END"],
    });
    expect(asked).toEqual([
      {
        prompt: [
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "hi" }] },
          { role: "assistant", content: [{ type: "text", text: "hello" }] },
        ],
        ...{ maxOutputTokens: 9, temperature: 0.5, seed: 7, stopSequences: ["END"] },
        ...{ providerOptions, abortSignal: expect.any(AbortSignal) },
      },
    ]);
    expect(made.parameters).toEqual({ providerOptions: JSON.stringify(providerOptions), temperature: 0.5 });
  });

  it("takes text parts as the text, and no others", async () => {
    const parts = [
      { type: "stream-start", warnings: [] },
      { type: "reasoning-delta", id: "0", delta: "hm" },
      delta("a"),
      { type: "source", sourceType: "url", id: "s", url: "http://localhost" },
      { type: "tool-input-delta", id: "t", delta: "{}" },
      delta("b"),
      finish(stop),
    ];
    expect(await aiSdk(madeOf(parts).model).generate(hi)).toEqual({
      ...{ text: "ab", stopReason: "stop", inputTokens: 3, outputTokens: 4 },
      raw: { finishReason: stop, usage: v3(3, 4) },
    });
    const content = [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    const whole = { content, finishReason: stop, usage: v3(3, 4), response: { body: "as it came" } };
    expect(await aiSdk(madeOf([whole]).model, { stream: false }).generate(hi)).toEqual({
      ...{ text: "ab", stopReason: "stop", inputTokens: 3, outputTokens: 4, raw: "as it came" },
    });
  });

  it("reads a whole answer of v2", async () => {
    const content = [{ type: "text", text: "a" }];
    const whole = { content, finishReason: "length", usage: { inputTokens: 3, outputTokens: 4 } };
    const { model } = madeOf([whole], { version: "v2" });
    expect(await aiSdk(model, { stream: false }).generate(hi)).toMatchObject({
      ...{ text: "a", stopReason: "length", inputTokens: 3, outputTokens: 4 },
    });
  });

  it.each([
    ["v2", "length", "length"],
    ["v2", "content-filter", "other"],
    ["v2", "unknown", "other"],
    ["v3", { unified: "length", raw: "max_tokens" }, "length"],
    ["v3", { unified: "other", raw: undefined }, "other"],
    ["v4", { unified: "tool-calls", raw: "tool_use" }, "other"],
  ])("knows the reasons of %s for an end: %j", async (version, reason, stopReason) => {
    const { model } = madeOf([delta("x"), finish(reason)], { version });
    expect(await aiSdk(model).generate(hi)).toMatchObject({ stopReason });
  });

  const cut = {
    ...lost("x"),
    message: "The answer ended without its final event: the connection was cut or the server failed",
  };
  const reported = (message: string) => ({
    ...lost("x"),
    message: `The server reported an error: ${message}`,
  });
  it.each([
    ["no final part", [delta("x")], cut],
    [
      "an answer that was interrupted (v4)",
      [delta("x"), finish({ unified: "interrupted", raw: undefined })],
      cut,
    ],
    ["an end by an error (v2)", [delta("x"), finish("error")], reported("it did not say which")],
    ["an error that is a text", [delta("x"), { type: "error", error: "broken" }], reported("broken")],
    [
      "an error that is an object",
      [delta("x"), { type: "error", error: { message: "broken" } }],
      reported("broken"),
    ],
    [
      "an error that names a status which will not pass",
      [delta("x"), { type: "error", error: { message: "too long", code: 400 } }],
      { ...reported("too long"), isRetryable: false },
    ],
    [
      "an error of the model's own code",
      [delta("x"), { type: "error", error: new RangeError("a bug") }],
      { ...lost("x"), isRetryable: false, message: "a bug" },
    ],
  ])("fails at %s", async (_, parts, failure) => {
    expect(await failureOf(aiSdk(madeOf(parts).model).generate(hi))).toEqual(failure);
  });

  const call = { url: "https://api.example.org/v1/chat", requestBodyValues: {} };
  it.each([
    [
      "a missing key",
      new LoadAPIKeyError({ message: "Example API key is missing. Pass it using EXAMPLE_API_KEY" }),
      { ...fatal, message: "Example API key is missing. Pass it using EXAMPLE_API_KEY" },
    ],
    [
      "a name that is no model",
      new NoSuchModelError({ modelId: "m", modelType: "languageModel" }),
      { ...fatal, message: "No such languageModel: m" },
    ],
    [
      "a status without a body",
      new APICallError({ ...call, message: "Service Unavailable", statusCode: 503 }),
      { ...passing, message: "HTTP 503: Service Unavailable" },
    ],
    [
      "a status with a wait",
      new APICallError({ ...call, message: "x", statusCode: 429, responseHeaders: { "Retry-After": "3" } }),
      { ...passing, message: "HTTP 429: x", retryAfterMs: 3000 },
    ],
    [
      "a connection that took too long",
      Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("x"), { code: "UND_ERR_CONNECT_TIMEOUT" }),
      }),
      { ...passing, message: "the server did not answer in time (UND_ERR_CONNECT_TIMEOUT)" },
    ],
    [
      "a server that was silent too long, and may have worked",
      new APICallError({
        ...call,
        message: "Cannot connect to API",
        cause: Object.assign(new Error("Headers Timeout Error"), { code: "UND_ERR_HEADERS_TIMEOUT" }),
      }),
      { ...lost(""), message: "https://api.example.org did not answer in time (UND_ERR_HEADERS_TIMEOUT)" },
    ],
    [
      "a certificate that is not trusted",
      Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      }),
      {
        ...fatal,
        message:
          "No secure connection to the server (self-signed certificate); check http:// against https:// and the certificate",
      },
    ],
  ])("fails at %s", async (_, error, failure) => {
    const { model } = madeOf([]);
    const failing = { ...model, doStream: () => Promise.reject(error) } as LanguageModel;
    expect(await failureOf(aiSdk(failing).generate(hi))).toEqual(failure);
  });

  it("ends a call of a model that ignores the signal", async () => {
    const stopped = {
      message: "The call was stopped before its answer was complete",
      ...{ isRetryable: false, isFatal: false, retryAfterMs: undefined },
    };
    const begins = new AbortController();
    const never = { ...madeOf([]).model, doStream: () => new Promise(() => {}) } as LanguageModel;
    const first = failureOf((await ready(aiSdk(never))).generate({ ...hi, signal: begins.signal }));
    begins.abort();
    expect(await first).toEqual({ ...stopped, partialText: "" });

    const goesOn = new AbortController();
    const { model } = madeOf([delta("x")], { after: () => setImmediate(() => goesOn.abort()) });
    const second = failureOf(aiSdk(model).generate({ ...hi, signal: goesOn.signal }));
    expect(await second).toEqual({ ...stopped, partialText: "x" });
  });
});

describe("the usage of", () => {
  const openAi = (prompt: unknown, completion: unknown, total: unknown) => ({
    raw: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total },
    ...v3(0, 0),
  });
  it.each([
    ["v2", { inputTokens: 3, outputTokens: 4 }, 3, 4],
    ["v2 without counts", { inputTokens: undefined, outputTokens: undefined }, undefined, undefined],
    [
      "v2 with reasoning in the total only",
      { inputTokens: 3, outputTokens: 4, totalTokens: 20, reasoningTokens: 13 },
      3,
      17,
    ],
    [
      "v2 with reasoning within the output",
      { inputTokens: 3, outputTokens: 14, totalTokens: 17, reasoningTokens: 13 },
      3,
      14,
    ],
    ["v2 with more reasoning than output", { inputTokens: 3, outputTokens: 4, reasoningTokens: 13 }, 3, 17],
    ["v3", v3(3, 4), 3, 4],
    ["v3 without counts", v3(undefined, undefined), undefined, undefined],
    ["v3 with parts only", { inputTokens: { total: 3 }, outputTokens: { text: 4, reasoning: 5 } }, 3, 9],
    ["v3 of 0, which no call has", v3(0, 0), undefined, undefined],
    ["an OpenAI-compatible server", openAi(3, 4, 7), 3, 4],
    ["one that counts reasoning in the total only", openAi(3, 4, 20), 3, 17],
    ["one whose total is less", openAi(3, 4, 5), 3, 4],
    ["one that counts the prompt only", openAi(3, null, 3), 3, undefined],
    ["one that counts nonsense", openAi("3", -4, 0.5), undefined, undefined],
    ["a model that says nothing", undefined, undefined, undefined],
  ])("%s is read", (_, usage, inputTokens, outputTokens) => {
    expect(readUsage(usage as Parameters<typeof readUsage>[0], "text")).toEqual({
      inputTokens,
      outputTokens,
    });
  });

  it("an empty answer may be 0", () => {
    expect(readUsage(v3(3, 0), "")).toEqual({ inputTokens: 3, outputTokens: 0 });
  });
});
