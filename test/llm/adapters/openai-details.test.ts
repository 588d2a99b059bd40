import { afterEach, describe, expect, it } from "vitest";
import { type ModelRequest, UsageError } from "../../../src/core/index.ts";
import { type OpenAiOptions, openai } from "../../../src/llm/openai.ts";
import { findOpenAi } from "../../../src/llm/openai-address.ts";
import { OpenAiFields } from "../../../src/llm/openai-fields.ts";
import { failureOf, fatal, lost, passing, ready } from "./contract.ts";
import { type Answerer, type Reply, serve, type TestServer } from "./http-server.ts";
import { recorded } from "./recorded.ts";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** A server that gives these answers in turn, the last one for ever, and a model of it. */
const setUp = async (
  replies: Answerer | readonly Reply[],
  options: OpenAiOptions = {},
  environment: Readonly<Record<string, string>> = {},
) => {
  const queue = typeof replies === "function" ? [] : [...replies];
  const next = () => (queue.length > 1 ? queue.shift() : queue[0]) ?? "close";
  const server = await serve(typeof replies === "function" ? replies : next);
  servers.push(server);
  const baseUrl = options.baseUrl ?? `${server.url}/v1`;
  const model = await ready(openai("gpt-x", { ...options, baseUrl }), environment);
  const bodies = () => server.asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  const fail = async (request: ModelRequest) => {
    const failure = await failureOf(model.generate(request));
    return { ...failure, message: failure.message.replaceAll(server.url, "URL") };
  };
  return { server, model, bodies, fail };
};

const hi: ModelRequest = { messages: [{ role: "user", text: "hi" }] };
const asked = { ...hi, maxTokens: 64, temperature: 0.2, seed: 7, stop: ["END"] };
const answer = recorded("openai-stream");

describe("an answer of", () => {
  it.each([
    ["vLLM", "vllm-stream", "vLLM", 15, 6],
    ["llama.cpp's server", "llama-cpp-stream", "Hi!", 17, 28],
    ["OpenRouter", "openrouter-stream", "亚洲", 1697, 52],
    ["DeepSeek", "deepseek-stream", "Hi", 6, 11],
    ["Gemini, which counts its thinking only in the total", "gemini-stream", "42", 8, 102],
    ["vllm-mlx, which gives no reason for the end", "vllm-mlx-stream", "fine", undefined, undefined],
    ["Ollama's other endpoint", "ollama-openai-stream", " if you", undefined, undefined],
    ["LM Studio, whole where a stream was asked for", "lm-studio-answer", "Based on your birth year", 31, 27],
    ["xAI, which counts its reasoning only in the total", "xai-answer", "42", 37, 763],
  ])("%s is read exactly", async (_, name, text, inputTokens, outputTokens) => {
    const { model } = await setUp([recorded(name)]);
    const { raw: _raw, ...response } = await model.generate(hi);
    expect(response).toEqual({ text, stopReason: "stop", inputTokens, outputTokens });
  });

  it("a server that gave an empty reason in every chunk and stopped is cut short", async () => {
    const reply = recorded("ollama-openai-stream");
    const { fail } = await setUp([{ ...reply, body: reply.body.split("\n\n").slice(0, 2).join("\n\n") }]);
    expect(await fail(hi)).toMatchObject({ isRetryable: true, partialText: " if" });
  });
});

describe("a failure of", () => {
  it.each([
    [
      "OpenRouter, in a stream",
      "openrouter-error",
      { ...lost("亚"), message: "The server reported an error: Provider disconnected unexpectedly" },
    ],
    [
      "an older vLLM, in a stream",
      "vllm-old-error",
      { ...lost("v"), message: "The server reported an error: CUDA out of memory" },
    ],
    [
      "llama.cpp's server, which says 200 to a prompt that does not fit",
      "llama-cpp-error",
      {
        ...lost(""),
        isRetryable: false,
        message:
          "The server reported an error: the request exceeds the available context size. try increasing the context size or enable context shift",
      },
    ],
    [
      "OpenAI without money, which will not pass",
      "openai-quota",
      {
        ...fatal,
        message: "HTTP 429: You exceeded your current quota, please check your plan and billing details",
      },
    ],
    [
      "OpenAI at a limit that is too large, which is no unknown field",
      "openai-max-tokens-too-large",
      {
        ...fatal,
        isFatal: false,
        message:
          "HTTP 400: max_tokens is too large: 5000. This model supports at most 4096 completion tokens, whereas you provided 5000",
      },
    ],
  ])("%s is told", async (_, name, failure) => {
    const { fail, bodies } = await setUp([recorded(name)]);
    expect(await fail(asked)).toEqual(failure);
    expect(await fail(asked)).toEqual(failure);
    expect(bodies()[1]).toEqual(bodies()[0]);
  });
});

describe("a field that a server rejects", () => {
  it.each([
    ["openai-temperature", "temperature will be left out", ["temperature"]],
    ["mistral-422", "seed and stream_options will be left out", ["seed", "stream_options"]],
    ["gemini-400", "seed will be left out", ["seed"]],
    ["xai-stop", "stop will be left out", ["stop"]],
  ])("is left out from the next call on: %s", async (name, consequence, left) => {
    const { model, fail, bodies } = await setUp([recorded(name), answer]);
    expect(await fail(asked)).toEqual({
      ...passing,
      message: expect.stringMatching(new RegExp(`^HTTP 4\\d\\d: .+; ${consequence}$`)),
      retryAfterMs: 0,
    });
    expect(await model.generate(asked)).toMatchObject({ text: "我是助手。" });
    const [first, second] = bodies();
    expect(second).toEqual(
      Object.fromEntries(Object.entries(first ?? {}).filter(([key]) => !left.includes(key))),
    );
  });

  it("is renamed where it limits the output, and never left out", async () => {
    const { fail, bodies } = await setUp([
      recorded("openai-max-tokens"),
      recorded("mistral-max-completion-tokens"),
    ]);
    expect(await fail(asked)).toEqual({
      ...passing,
      message:
        "HTTP 400: Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead; " +
        "max_tokens will be sent as max_completion_tokens",
      retryAfterMs: 0,
    });
    const refused = {
      ...fatal,
      message:
        "HTTP 422: max_completion_tokens: Extra inputs are not permitted; the server takes no limit of output tokens, " +
        "so leave out maxTokens and budgets of cost",
    };
    expect([await fail(asked), await fail(asked)]).toEqual([refused, refused]);
    expect(
      bodies().map(({ max_tokens, max_completion_tokens }) => [max_tokens, max_completion_tokens]),
    ).toEqual([
      [64, undefined],
      [undefined, 64],
      [undefined, 64],
    ]);
  });

  it("is learned once by calls that are in flight together", async () => {
    const { model, fail } = await setUp(({ body }) =>
      body.includes("max_tokens") ? recorded("openai-max-tokens") : answer,
    );
    const failures = await Promise.all([fail(asked), fail(asked), fail(asked)]);
    expect(failures.map(({ isRetryable }) => isRetryable)).toEqual([true, true, true]);
    expect(await model.generate(asked)).toMatchObject({ text: "我是助手。" });
  });

  it("is done here where it is the texts at which to stop", async () => {
    const { model, fail } = await setUp([recorded("xai-stop"), answer]);
    const stop = ["手", "是助"];
    await fail({ ...hi, stop });
    expect(await model.generate({ ...hi, stop })).toMatchObject({
      text: "我",
      stopReason: "stop",
      outputTokens: 3,
    });
    expect(await model.generate({ ...hi, stop: ["none"] })).toMatchObject({ text: "我是助手。" });
  });

  it("is not looked for in what the server repeats of the prompt", async () => {
    const body = JSON.stringify({
      detail: [
        {
          type: "string_type",
          loc: ["body", "messages", 0],
          msg: "Input should be valid",
          input: "unknown seed",
        },
      ],
    });
    const { fail, bodies } = await setUp([{ ...recorded("mistral-422"), body }]);
    expect(await fail(asked)).toEqual({
      ...fatal,
      isFatal: false,
      message: "HTTP 422: messages.0: Input should be valid",
    });
    await fail(asked);
    expect(bodies()[1]).toEqual(bodies()[0]);
  });

  it("is max_tokens from the start at OpenAI's own server", () => {
    const fields = new OpenAiFields({ isRenamed: true });
    expect(fields.shape({ model: "gpt-x", max_tokens: 5, seed: undefined })).toEqual({
      model: "gpt-x",
      max_completion_tokens: 5,
    });
  });
});

describe("the key", () => {
  const signal = new AbortController().signal;
  const both = { OPENAI_API_KEY: "sk-openai-key-1", OTHER_KEY: "other-key-2" };
  const local = "http://localhost:8000/v1";
  it.each([
    ["of the option goes wherever it is told to", { baseUrl: local, apiKey: "given" }, both, "given"],
    ["of a named variable too", { baseUrl: local, apiKeyVariable: "OTHER_KEY" }, both, "other-key-2"],
    ["of OPENAI_API_KEY goes to OpenAI", {}, both, "sk-openai-key-1"],
    [
      "of OPENAI_API_KEY goes to OpenAI by its address",
      { baseUrl: "https://api.openai.com/v1/" },
      both,
      "sk-openai-key-1",
    ],
    [
      "of OPENAI_API_KEY goes to the server of OPENAI_BASE_URL",
      {},
      { ...both, OPENAI_BASE_URL: local },
      "sk-openai-key-1",
    ],
    ["of OPENAI_API_KEY goes to no other server", { baseUrl: local }, both, undefined],
    [
      "of OPENAI_API_KEY goes to none like OpenAI",
      { baseUrl: "https://api.openai.com.evil.example/v1" },
      both,
      undefined,
    ],
    ["of OPENAI_API_KEY is not sent in the clear", { baseUrl: "http://api.openai.com/v1" }, both, undefined],
    [
      "of OPENAI_API_KEY does not go to a given server because OPENAI_BASE_URL names another",
      { baseUrl: local },
      { ...both, OPENAI_BASE_URL: "http://localhost:9000/v1" },
      undefined,
    ],
    ["is not needed elsewhere", { baseUrl: local }, {}, undefined],
    ["is none where its variable is empty", {}, { OPENAI_BASE_URL: local, OPENAI_API_KEY: " " }, undefined],
  ] as const)("%s", (_, given, environment, key) => {
    expect(findOpenAi(given, { environment, signal }).key).toBe(key);
  });

  it.each([
    [{}, "The key for https://api.openai.com/v1 is missing: set the environment variable OPENAI_API_KEY"],
    [
      { baseUrl: `${local}?key=hidden`, apiKeyVariable: "MY_KEY" },
      "The key for http://localhost:8000/v1 is missing: set the environment variable MY_KEY",
    ],
  ])("is missed before anything is sent: %j", async (options, message) => {
    expect(await failureOf(ready(openai("gpt-x", options)))).toEqual({ ...fatal, message });
  });

  it("is sent, and shown in no message and no parameter, nor are other secrets", async () => {
    const secrets = {
      apiKey: "the-key-itself",
      headers: { "X-Api-Token": "another-secret", "X-Title": "Allele" },
    };
    const body = JSON.stringify({ error: { message: "Bad key the-key-itself, another-secret, for Allele" } });
    const { server, model, fail } = await setUp([{ ...recorded("openai-401"), body }], secrets);
    expect(await fail(hi)).toEqual({
      ...fatal,
      message: "HTTP 401: Bad key [key], [key], for Allele; check the option apiKey",
    });
    expect(server.asked[0]?.headers).toMatchObject({
      authorization: "Bearer the-key-itself",
      "x-api-token": "another-secret",
      "x-title": "Allele",
    });
    expect(model.parameters).toEqual({ baseUrl: `${server.url}/v1` });
  });

  it("of a variable is named when the server rejects it", async () => {
    const { fail } = await setUp(
      [recorded("openai-401")],
      { apiKeyVariable: "MY_KEY" },
      { MY_KEY: "abcdefgh" },
    );
    expect((await fail(hi)).message).toMatch(/; check the key in MY_KEY$/);
  });

  it("follows no redirect", async () => {
    const other = await serve(() => answer);
    servers.push(other);
    const moved = { status: 308, headers: { location: `${other.url}/v1/chat/completions` }, body: "" };
    const { fail } = await setUp([moved], { apiKey: "the-key-itself" });
    const failure = await fail(hi);
    expect({ ...failure, message: failure.message.replace(other.url, "OTHER") }).toEqual({
      ...fatal,
      message: "HTTP 308; the server wants OTHER/v1/chat/completions: change the base URL",
    });
    expect(other.asked).toEqual([]);
  });
});

describe("a base URL", () => {
  it.each(["/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/"])("may end in %s", async (end) => {
    const server = await serve(() => answer);
    servers.push(server);
    await (await ready(openai("gpt-x", { baseUrl: `${server.url}${end}` }))).generate(hi);
    expect(server.asked.map(({ path }) => path)).toEqual(["/v1/chat/completions"]);
  });

  it("may have a query, which is kept and not shown", async () => {
    const server = await serve(() => answer);
    servers.push(server);
    const baseUrl = `${server.url}/openai/deployments/d?api-version=2024-06-01&key=hidden`;
    const model = openai("gpt-x", { baseUrl });
    await (await ready(model)).generate(hi);
    expect(server.asked.map(({ path }) => path)).toEqual([
      "/openai/deployments/d/chat/completions?api-version=2024-06-01&key=hidden",
    ]);
    expect(model.parameters).toEqual({ baseUrl: `${server.url}/openai/deployments/d` });
  });

  it("without /v1 is asked about, where there is nothing or a page", async () => {
    const server = await serve(() => recorded("openai-404"));
    servers.push(server);
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>LM Studio</html>" };
    const web = await serve(() => page);
    servers.push(web);
    const told = async ({ url }: TestServer) =>
      (await failureOf((await ready(openai("gpt-x", { baseUrl: url }))).generate(hi))).message.replaceAll(
        url,
        "URL",
      );
    expect(await told(server)).toMatch(
      /there is no model 'gpt-x', or no chat interface at URL: is the base URL URL\/v1\?$/,
    );
    expect(await told(web)).toBe(
      "There is a web page at URL, not a model server; check the base URL: is it URL/v1?",
    );
  });

  it("comes from OPENAI_BASE_URL where none is given", async () => {
    const server = await serve(() => answer);
    servers.push(server);
    const environment = { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: "sk-mine" };
    await (await ready(openai("gpt-x"), environment)).generate(hi);
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer sk-mine"]);
    expect(await failureOf(ready(openai("gpt-x"), { OPENAI_BASE_URL: "localhost" }))).toEqual({
      ...fatal,
      message: "OPENAI_BASE_URL must be a URL such as http://localhost:8000/v1, got 'localhost'",
    });
  });

  it("to a model that a server does not have, by its own words, is fatal", async () => {
    const body = JSON.stringify({ object: "error", message: "Invalid model: gpt-x", type: "invalid_model" });
    const { fail } = await setUp([{ ...recorded("mistral-422"), status: 400, body }]);
    expect(await fail(hi)).toEqual({
      ...fatal,
      message: "HTTP 400: Invalid model: gpt-x; there is no model 'gpt-x', or no chat interface at URL/v1",
    });
  });
});

describe("the options of an OpenAI-compatible model", () => {
  it("add fields to the body, which are kept as parameters", async () => {
    const body = { reasoning_effort: "low", provider: { order: ["a"] } };
    const { server, model, bodies } = await setUp([answer], { body, temperature: 0.5, maxTokens: 9 });
    await model.generate(hi);
    expect(bodies()).toEqual([
      {
        ...{ model: "gpt-x", messages: [{ role: "user", content: "hi" }], temperature: 0.5, max_tokens: 9 },
        ...{ stream: true, stream_options: { include_usage: true }, ...body },
      },
    ]);
    expect(model.parameters).toEqual({
      ...{ baseUrl: `${server.url}/v1`, body: JSON.stringify(body), temperature: 0.5, maxTokens: 9 },
    });
  });

  it.each([
    [
      { baseUrl: "localhost:8000" },
      /baseUrl must be a URL such as http:\/\/localhost:8000\/v1, got 'localhost:8000'/,
    ],
    [{ apiKey: "a", apiKeyVariable: "B" }, /give apiKey or apiKeyVariable, not both/],
    [{ stream: "no" }, /stream must be true or false, got no/],
    [{ headers: { a: 1 } }, /header 'a' must be a text/],
    [{ body: { max_tokens: 5 } }, /body may not hold 'max_tokens', which comes from the option maxTokens/],
    [{ body: { n: 2 } }, /body may not hold 'n', which comes from the operator/],
    [{ baseURL: "http://localhost" }, /option 'baseURL' is unknown/],
  ])("are checked: %j", (options, message) => {
    const wrong = () => openai("gpt-x", options as OpenAiOptions);
    expect(wrong).toThrow(UsageError);
    expect(wrong).toThrow(message);
  });
});
