import { afterEach, describe, expect, it } from "vitest";
import { UsageError } from "../../../src/core/index.ts";
import { findOllama, type OllamaOptions, ollama } from "../../../src/llm/ollama.ts";
import { readOllamaHost } from "../../../src/llm/ollama-host.ts";
import { failureOf, fatal, lost, passing, ready } from "./contract.ts";
import { type Answerer, type Reply, serve, type TestServer } from "./http-server.ts";
import { answerOllama, withBody } from "./ollama-server.ts";
import { recorded } from "./recorded.ts";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
const start = async (answer: Answerer) => {
  const server = await serve(answer);
  servers.push(server);
  return server;
};

const show = recorded("ollama-show");
const shown = JSON.parse(show.body) as Record<string, object>;
const chat = recorded("ollama-chat");
const question = (text: string) => ({ messages: [{ role: "user" as const, text }] });

/** A server whose models are described so, and which answers so. */
const startWith = (given: {
  readonly show?: Reply;
  readonly version?: string | undefined;
  readonly chat?: Answerer | Reply;
}) =>
  start((asked) => {
    if (asked.path === "/api/show") return given.show ?? show;
    if (asked.path === "/api/version" && "version" in given) {
      return given.version === undefined
        ? recorded("ollama-404")
        : withBody(recorded("ollama-version"), { version: given.version });
    }
    if (asked.path !== "/api/chat") return answerOllama(asked);
    return typeof given.chat === "function" ? given.chat(asked) : (given.chat ?? chat);
  });

/** An answer that says how many tokens its prompt had. */
const counting = (inputTokens: number) => ({
  ...chat,
  body: chat.body.replace('"prompt_eval_count":18', `"prompt_eval_count":${inputTokens}`),
});

const sentOptions = (server: TestServer) =>
  server.asked
    .filter(({ path }) => path === "/api/chat")
    .map(({ body }) => (JSON.parse(body) as { options: object }).options);

describe("the size of an Ollama model", () => {
  it.each([
    ["the count of its parameters", shown, 8.030261248],
    ["its size as text, in billions", { details: { parameter_size: "7.6B" } }, 7.6],
    ["its size as text, in millions", { details: { parameter_size: "494.03M" } }, 0.49403],
    ["a bare number of parameters", { details: { parameter_size: "1000000000000" } }, 1000],
    ["1, where the server says nothing", { details: {} }, 1],
    ["1, where the server says nonsense", { model_info: null, details: { parameter_size: "big" } }, 1],
  ])("is %s", async (_, body, size) => {
    const server = await startWith({ show: withBody(show, body) });
    const model = ollama("llama3", { host: server.url });
    expect([model.size, (await ready(model)).size]).toEqual([Number.NaN, expect.closeTo(size, 12)]);
  });

  it("is what the user says", async () => {
    const server = await startWith({});
    const model = ollama("llama3", { host: server.url, size: 3 });
    expect([model.size, (await ready(model)).size]).toEqual([3, 3]);
  });
});

describe("an Ollama model that cannot be had", () => {
  const failWith = async (answer: Answerer, options: OllamaOptions = {}) => {
    const server = await start(answer);
    const failure = await failureOf(ready(ollama("llama3", { host: server.url, ...options })));
    return { ...failure, message: failure.message.replaceAll(server.url, "URL") };
  };

  it("is named, with the models that are there", async () => {
    const none = withBody(recorded("ollama-tags"), { models: [] });
    const answers =
      (tags: Reply): Answerer =>
      ({ path }) =>
        path === "/api/tags" ? tags : recorded("ollama-404");
    expect(await failWith(answers(recorded("ollama-tags")))).toEqual({
      ...fatal,
      message:
        "Ollama at URL has no model 'llama3'; run 'ollama pull llama3' (it has deepseek-r1:latest, llama3.2:latest)",
    });
    expect(await failWith(answers(none))).toEqual({
      ...fatal,
      message: "Ollama at URL has no model 'llama3'; run 'ollama pull llama3' (it has none yet)",
    });
  });

  it.each([
    ["a page", { status: 404, headers: { "content-type": "text/html" }, body: "<html>no</html>" }],
    ["text", { status: 200, headers: { "content-type": "text/plain" }, body: "hello" }],
  ])("is not looked for at a server that gives %s", async (_, reply) => {
    expect(await failWith(() => reply)).toEqual({
      ...fatal,
      message: "What answers at URL is not Ollama; set OLLAMA_HOST",
    });
  });

  it("is told from one that cannot write, think, or read so much", async () => {
    const answers =
      (change: object): Answerer =>
      (asked) =>
        asked.path === "/api/show" ? withBody(show, { ...shown, ...change }) : answerOllama(asked);
    expect(await failWith(answers({ capabilities: ["embedding"] }))).toEqual({
      ...fatal,
      message: "Ollama's model 'llama3' writes no text (it can: embedding)",
    });
    expect(await failWith(answers({}), { think: "high" })).toEqual({
      ...fatal,
      message: "Ollama's model 'llama3' does not think; leave out the option think",
    });
    expect(await failWith(answers({}), { contextTokens: 8193 })).toEqual({
      ...fatal,
      message: "Ollama's model 'llama3' reads at most 8192 tokens; contextTokens is 8193",
    });
  });

  it("is given up where it needs more memory than there is", async () => {
    const body = { error: "model requires more system memory (9.1 GiB) than is available (4.0 GiB)" };
    const server = await startWith({ chat: withBody(recorded("ollama-500"), body) });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect(await failureOf(model.generate(question("hi")))).toEqual({
      ...fatal,
      message: `HTTP 500: ${body.error}`,
    });
  });
});

describe("the options of an Ollama model", () => {
  it("are sent with every request and kept as parameters", async () => {
    const server = await startWith({
      show: withBody(show, { ...shown, capabilities: ["completion", "thinking"] }),
    });
    const options = {
      contextTokens: 4096,
      think: "low",
      keepAlive: "1h",
      temperature: 0.5,
      maxTokens: 9,
    } as const;
    const model = ollama("llama3", { host: server.url, ...options });
    await (await ready(model)).generate(question("hi"));
    expect(JSON.parse(server.asked.at(-1)?.body ?? "")).toEqual({
      ...{ model: "llama3", messages: [{ role: "user", content: "hi" }], stream: true },
      ...{ truncate: false, shift: false, think: "low", keep_alive: "1h" },
      options: { num_ctx: 4096, num_predict: 9, temperature: 0.5 },
    });
    expect(model.parameters).toEqual({ host: server.url, ...options });
    expect(model.calls).toEqual({ concurrency: 1 });
  });

  it("are checked", () => {
    const wrong = (options: object) => () => ollama("llama3", options as OllamaOptions);
    expect(wrong({ contextTokens: 1.5 })).toThrow(UsageError);
    expect(wrong({ think: "much" })).toThrow(
      /think must be true, false, "low", "medium", "high" or "max", got much/,
    );
    expect(wrong({ host: "ftp://box" })).toThrow(/OLLAMA_HOST must be a host such as gpu-box:11434/);
    expect(wrong({ numCtx: 1 })).toThrow(/option 'numCtx' is unknown/);
  });

  it("hold no password", async () => {
    const { parameters } = ollama("llama3", { host: "https://me:secret@box.example/ollama/" });
    expect(parameters).toEqual({ host: "https://box.example:443/ollama" });
  });

  it("take OLLAMA_HOST, and keep OLLAMA_API_KEY from other servers than Ollama's own", async () => {
    const server = await startWith({});
    const environment = { OLLAMA_HOST: server.url.slice("http://".length), OLLAMA_API_KEY: "secret" };
    await (await ready(ollama("llama3"), environment)).generate(question("hi"));
    expect(server.asked.map(({ path }) => path)).toEqual(["/api/show", "/api/version", "/api/chat"]);
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("may name a server behind a password", async () => {
    const server = await startWith({});
    const host = server.url.replace("//", "//me:secret@");
    await ready(ollama("llama3", { host }));
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${btoa("me:secret")}`);
  });
});

describe("OLLAMA_HOST", () => {
  // The cases of TestHost in envconfig/config_test.go of Ollama, and addresses to listen on.
  it.each([
    [undefined, "http://127.0.0.1:11434"],
    ["", "http://127.0.0.1:11434"],
    ["1.2.3.4", "http://1.2.3.4:11434"],
    [":1234", "http://127.0.0.1:1234"],
    ["1.2.3.4:1234", "http://1.2.3.4:1234"],
    ["example.com", "http://example.com:11434"],
    ["example.com:1234", "http://example.com:1234"],
    ["[::1]", "http://[::1]:11434"],
    ["[::1]:1337", "http://[::1]:1337"],
    ["::1", "http://[::1]:11434"],
    [" 1.2.3.4 ", "http://1.2.3.4:11434"],
    ['"1.2.3.4"', "http://1.2.3.4:11434"],
    ["'1.2.3.4'", "http://1.2.3.4:11434"],
    ["http://1.2.3.4", "http://1.2.3.4:80"],
    ["http://1.2.3.4:4321", "http://1.2.3.4:4321"],
    ["https://1.2.3.4", "https://1.2.3.4:443"],
    ["https://1.2.3.4:4321", "https://1.2.3.4:4321"],
    ["https://example.com/ollama/", "https://example.com:443/ollama"],
    ["example.com/ollama", "http://example.com:11434/ollama"],
    ["0.0.0.0", "http://127.0.0.1:11434"],
    ["0.0.0.0:8080", "http://127.0.0.1:8080"],
    ["[::]:8080", "http://[::1]:8080"],
    ["ollama.com", "https://ollama.com:443"],
  ])("%j is %s", (text, url) => expect(readOllamaHost(text)).toBe(url));
});

describe("a prompt that is longer than Ollama's context", () => {
  const long = question("word ".repeat(9000));
  const told = {
    ...passing,
    message:
      "The prompt of about 9412 tokens is longer than the context that the server allots; it will be asked for 32768 tokens from now on",
    retryAfterMs: 0,
  };
  const roomy = withBody(show, {
    ...shown,
    model_info: { ...shown.model_info, "llama.context_length": 65_536 },
  });

  it("makes the context grow, where the user set none and the model has one", async () => {
    const server = await startWith({
      show: roomy,
      chat: ({ body }) => (body.includes("num_ctx") ? chat : recorded("ollama-too-long")),
    });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect(await Promise.all([failureOf(model.generate(long)), failureOf(model.generate(long))])).toEqual([
      told,
      told,
    ]);
    expect(await model.generate(long)).toMatchObject({ text: "The answer is: 2" });
    expect(sentOptions(server)).toEqual([{}, {}, { num_ctx: 32_768 }]);
  });

  it("has room for the answer in the context that grows", async () => {
    const server = await startWith({ show: roomy, chat: recorded("ollama-too-long") });
    const model = await ready(ollama("llama3", { host: server.url }));
    const failure = await failureOf(model.generate({ ...long, maxTokens: 40_000 }));
    expect(failure.message).toMatch(/it will be asked for 65536 tokens from now on$/);
    expect(await failureOf(model.generate(long))).toEqual({
      ...passing,
      message:
        "The prompt of about 9412 tokens is longer than the context of the model, 65536 tokens; use another model",
      isRetryable: false,
    });
  });

  it("fails where the user set the context", async () => {
    const server = await startWith({ show: roomy, chat: recorded("ollama-too-long") });
    const model = await ready(ollama("llama3", { host: server.url, contextTokens: 4096 }));
    expect(await failureOf(model.generate(long))).toEqual({
      ...passing,
      message:
        "The prompt of about 9412 tokens is longer than the context of 4096 tokens; raise contextTokens (',context=N' in a text)",
      isRetryable: false,
    });
  });

  it("fails where no context of the model is long enough", async () => {
    const server = await startWith({ chat: recorded("ollama-too-long") });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect((await failureOf(model.generate(long))).message).toBe(
      "The prompt of about 9412 tokens is longer than the context of the model, 8192 tokens; use another model",
    );
  });

  it.each([
    ["filled a context that nobody set", 4096],
    ["is far shorter than it was", 2052],
  ])("is found out at a server that cuts it: what it read %s", async (_, inputTokens) => {
    const server = await startWith({ show: roomy, version: "0.12.5", chat: counting(inputTokens) });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect(await failureOf(model.generate(long))).toEqual({
      ...lost("The answer is: 2"),
      message: expect.stringMatching(
        /^The prompt of about 11\d{3} tokens is longer than the context that the server allots; it will be asked for 32768 tokens from now on$/,
      ),
      retryAfterMs: 0,
    });
  });

  it("is found out at a server that cuts it to the context that was asked for", async () => {
    const server = await startWith({ show: roomy, version: undefined, chat: counting(8000) });
    const model = await ready(ollama("llama3", { host: server.url, contextTokens: 8000 }));
    expect((await failureOf(model.generate(long))).message).toMatch(
      /longer than the context of 8000 tokens; raise contextTokens /,
    );
  });

  it("is not seen in a prompt that was read as a whole", async () => {
    const server = await startWith({ show: roomy, version: "0.12.5", chat: counting(9013) });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect(await model.generate(long)).toMatchObject({ inputTokens: 9013 });
  });
});

describe("Ollama's counts", () => {
  it.each([
    ["0.33.0", 18],
    ["0.30.1-rc0", 18],
    ["0.30.0", undefined],
    ["0.1.48", undefined],
    ["0.1.49", 18],
  ])("of the prompt, by version %s, are %s: some leave out what was cached", async (version, inputTokens) => {
    const server = await startWith({ version });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect(await model.generate(question("hi"))).toMatchObject({ inputTokens, outputTokens: 7 });
  });

  it("of 0 in a prompt are no counts", async () => {
    const server = await startWith({ chat: counting(0) });
    const model = await ready(ollama("llama3", { host: server.url }));
    expect(await model.generate(question("hi"))).toMatchObject({ inputTokens: undefined });
  });
});

it("says so, and does not ask again, when Ollama ended an answer that repeats itself", async () => {
  const line = '{"model":"llama3","message":{"role":"assistant","content":" ha"},"done":false}\n';
  const server = await startWith({ chat: { ...chat, body: line.repeat(31) } });
  const model = await ready(ollama("llama3", { host: server.url }));
  expect(await failureOf(model.generate(question("hi")))).toEqual({
    ...lost(" ha".repeat(31)),
    message: "Ollama stopped the answer because the model repeats itself",
    isRetryable: false,
  });
});

describe("findOllama", () => {
  it("lists the models of a server", async () => {
    const server = await startWith({});
    expect(await findOllama({ OLLAMA_HOST: server.url }, AbortSignal.timeout(5000))).toEqual({
      url: server.url,
      models: ["deepseek-r1:latest", "llama3.2:latest"],
    });
  });

  it("says why there is none", async () => {
    expect(
      await findOllama({ OLLAMA_HOST: "http://u:secret@127.0.0.1:1" }, AbortSignal.timeout(5000)),
    ).toEqual({
      url: "http://127.0.0.1:1",
      problem: "Connection refused by http://127.0.0.1:1: is the server running there?",
    });
  });

  it("does not wait for one that says nothing", async () => {
    const server = await start(() => new Promise(() => {}));
    expect(await findOllama({ OLLAMA_HOST: server.url }, AbortSignal.timeout(20))).toEqual({
      url: server.url,
      problem: "does not answer in time",
    });
  });
});
