/**
 * What every adapter must do. `describeModel` is for any model, also one in this process; `describeAdapter` is
 * for adapters over HTTP, whose server gives recorded answers.
 */
import { afterEach, describe, expect, it } from "vitest";
import { type Model, ModelError, type ModelRequest, type ModelResponse } from "../../../src/core/index.ts";
import { type Answerer, type Asked, type Reply, serve, type TestServer } from "./http-server.ts";
import { firstEvents, recorded } from "./recorded.ts";

/** A model to test, as a user makes it. */
export interface ModelSubject {
  /** Makes it anew; it is not ready yet. It answers any request. */
  make(): Model | Promise<Model>;
  /** One that cannot be made ready, and what it says then. */
  readonly broken?: { make(): Model | Promise<Model>; readonly says: RegExp };
  readonly environment?: Readonly<Record<string, string>>;
}

/** A ModelError without its cause. */
export type Failure = Pick<
  ModelError,
  "message" | "isRetryable" | "isFatal" | "retryAfterMs" | "partialText"
>;

/** The ModelError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw error;
  const { message, isRetryable, isFatal, retryAfterMs, partialText } = error;
  return { message, isRetryable, isFatal, retryAfterMs, partialText };
}

/** Makes a model ready. */
export async function ready(
  model: Model,
  environment: Readonly<Record<string, string>> = {},
): Promise<Model> {
  return (await model.prepare?.({ environment, signal: new AbortController().signal })) ?? model;
}

const hello: ModelRequest = { messages: [{ role: "user", text: "Hello" }], maxTokens: 8, seed: 1 };

/** What any adapter must do, over HTTP or in this process. */
export function describeModel(name: string, subject: ModelSubject): void {
  describe(`${name}, as any model,`, () => {
    const used: Model[] = [];
    afterEach(async () => {
      for (const model of used.splice(0)) await model.close?.();
    });
    const made = async (): Promise<Model> => {
      const model = await subject.make();
      used.push(model);
      return model;
    };
    const madeReady = async () => {
      const model = await ready(await made(), subject.environment);
      used.push(model);
      return model;
    };

    it("has a provider and a name, is not taken for deterministic, and says how many calls it takes at once", async () => {
      const { provider, name: modelName, isDeterministic, calls } = await made();
      expect([provider, modelName]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
      expect([isDeterministic, calls?.concurrency]).toEqual([false, expect.any(Number)]);
    });

    it("has parameters that are plain data", async () => {
      const { parameters } = await made();
      expect(JSON.parse(JSON.stringify(parameters))).toEqual(parameters);
    });

    it("has a size above 0 when it is ready, and is the same model otherwise", async () => {
      const model = await made();
      const { provider, name: modelName, parameters, calls } = model;
      const prepared = await ready(model, subject.environment);
      used.push(prepared);
      expect(prepared.size).toBeGreaterThan(0);
      expect(prepared).toMatchObject({ provider, name: modelName, parameters, calls });
    });

    it("answers with a text, counts and the reason for its end", async () => {
      const { raw: _raw, ...response } = await (await madeReady()).generate(hello);
      expect(response).toEqual({
        text: expect.any(String),
        stopReason: expect.stringMatching(/^(stop|length|other)$/),
        inputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
      });
      expect(response.inputTokens).toBeGreaterThan(0);
      expect(response.outputTokens).toSatisfy((count) => Number.isInteger(count) && Number(count) >= 0);
    });

    it("gets ready by itself at its first call", async () => {
      if (subject.environment !== undefined) return; // it cannot know the environment
      await expect((await made()).generate(hello)).resolves.toMatchObject({ text: expect.any(String) });
    });

    it("answers several calls at once", async () => {
      const model = await madeReady();
      const answers = await Promise.all([hello, hello, hello].map((request) => model.generate(request)));
      expect(answers.map(({ text }) => typeof text)).toEqual(["string", "string", "string"]);
    });

    it("does nothing, and bills nothing, for a call that was aborted before it began", async () => {
      const call = (await madeReady()).generate({ ...hello, signal: AbortSignal.abort() });
      expect(await failureOf(call)).toEqual({
        ...{ message: expect.any(String), isRetryable: false, isFatal: false },
        ...{ retryAfterMs: undefined, partialText: undefined },
      });
    });

    if (subject.broken !== undefined) {
      const { make, says } = subject.broken;
      it("says kindly why it cannot get ready", async () => {
        const failure = await failureOf(ready(await make(), subject.environment));
        expect(failure).toEqual({
          ...{ message: expect.stringMatching(says), isRetryable: false, isFatal: true },
          ...{ retryAfterMs: undefined, partialText: undefined },
        });
      });
    }
  });
}

/** An answer of a server and what comes of it. */
export interface Exchange {
  readonly recorded: string;
  readonly response: Omit<ModelResponse, "raw">;
}

/** An answer of a server that is a failure. */
export interface FailedExchange {
  readonly recorded: string;
  readonly failure: Failure;
}

/** An adapter over HTTP. */
export interface HttpSubject {
  /** The adapter's own requests aside, such as those that make it ready. */
  readonly path: string;
  /** Answers the adapter's other requests. */
  answerOther?(asked: Asked): Reply;
  make(url: string): Model;
  /** The whole body of `full`, below. */
  readonly body: object;
  readonly answer: Exchange;
  readonly multibyte: Exchange;
  readonly length: Exchange;
  readonly filtered?: Exchange;
  readonly reasoning: Exchange;
  readonly uncounted: Exchange;
  readonly empty: Exchange;
  /** An answer of this text, with 11 input and 12 output tokens. */
  giant(text: string): Reply;
  /** The first events of `answer` and their text; "" for an adapter that does not stream. */
  readonly begun: { readonly events: number; readonly text: string };
  /** What comes of an answer that ends after those events. */
  readonly cut: Failure;
  readonly errorInStream: FailedExchange;
  readonly malformed: FailedExchange;
  readonly limited: FailedExchange;
  readonly broken: FailedExchange;
  readonly unavailable: FailedExchange;
  readonly unauthorized: FailedExchange;
  readonly missing: FailedExchange;
}

/** A request with everything in it. */
export const full: ModelRequest = {
  system: "Be brief.",
  messages: [
    { role: "user", text: 'Say "hi"\n\tto me 🙂' },
    { role: "assistant", text: "hi" },
    { role: "user", text: "Again" },
  ],
  maxTokens: 64,
  temperature: 0.2,
  seed: 2_147_483_647,
  stop: ["END", "\n\n"],
};

/** A failure that the user must mend. */
export const fatal = { isRetryable: false, isFatal: true, retryAfterMs: undefined, partialText: undefined };
/** A failure that may pass, of a call that was not billed. */
export const passing = { isRetryable: true, isFatal: false, retryAfterMs: undefined, partialText: undefined };
/** A failure that may pass, after so much of an answer. */
export const lost = (partialText: string) => ({ ...passing, partialText });
const stopped = (partialText: string) => ({
  message: "The call was stopped before its answer was complete",
  ...{ isRetryable: false, isFatal: false, retryAfterMs: undefined, partialText },
});

/** What an adapter over HTTP must do. */
export function describeAdapter(name: string, subject: HttpSubject): void {
  describe(`${name}, over HTTP,`, () => {
    const servers: TestServer[] = [];
    afterEach(async () => {
      for (const server of servers.splice(0)) await server.stop();
    });

    /** A server that gives one answer to every call, and a model of it. */
    const setUp = async (answer: Reply | "close" | Answerer) => {
      const answerer: Answerer = typeof answer === "function" ? answer : () => answer;
      const server = await serve((asked) => {
        if (asked.path === subject.path) return answerer(asked);
        if (subject.answerOther === undefined) throw new Error(`nobody asks for ${asked.path}`);
        return subject.answerOther(asked);
      });
      servers.push(server);
      const model = await ready(subject.make(server.url));
      const calls = () => server.asked.filter(({ path }) => path === subject.path);
      return { server, model, calls };
    };
    const generate = async (answer: Reply) => {
      const { model, calls } = await setUp(answer);
      const { raw, ...response } = await model.generate(hello);
      expect(calls()).toHaveLength(1);
      expect(raw).toBeDefined();
      return response;
    };
    /** What comes of one call, which asks the server once. */
    const fail = async (answer: Reply | "close", request: ModelRequest = hello) => {
      const { server, model, calls } = await setUp(answer);
      const failure = await failureOf(model.generate(request));
      expect(calls()).toHaveLength(1);
      return { ...failure, message: failure.message.replaceAll(server.url, "URL") };
    };
    const begun = () => {
      const reply = recorded(subject.answer.recorded);
      return { ...reply, body: firstEvents(reply, subject.begun.events) };
    };

    it.each([
      ["an answer", subject.answer],
      ["an answer cut at its limit", subject.length],
      ["an answer that was filtered", subject.filtered],
      ["an answer after reasoning, which is counted and no part of the text", subject.reasoning],
      ["an answer without counts, which are unknown and not 0", subject.uncounted],
      ["an empty answer", subject.empty],
    ])("gives %s exactly", async (_, exchange) => {
      if (exchange === undefined) return;
      expect(await generate(recorded(exchange.recorded))).toEqual(exchange.response);
    });

    it.each([1, 7])(
      "reads characters of several bytes that come in pieces of %i bytes",
      async (pieceBytes) => {
        const reply = recorded(subject.multibyte.recorded);
        expect(await generate({ ...reply, pieceBytes })).toEqual(subject.multibyte.response);
      },
    );

    it("reads an answer of 5 MB", async () => {
      const text = "A line of text that is repeated, ünïcödé\n".repeat(Math.ceil(5e6 / 46)).slice(0, 5e6);
      const response = await generate(subject.giant(text));
      expect(response.text === text).toBe(true);
      expect(response).toMatchObject({ stopReason: "stop", inputTokens: 11, outputTokens: 12 });
    });

    it("asks as its provider wants to be asked", async () => {
      const { model, calls } = await setUp(recorded(subject.answer.recorded));
      await model.generate(full);
      const [call] = calls();
      expect(call).toMatchObject({ method: "POST", path: subject.path });
      expect(JSON.parse(call?.body ?? "")).toEqual(subject.body);
      expect(call?.headers["content-type"]).toBe("application/json");
    });

    it("leaves out what the request does not say", async () => {
      const { model, calls } = await setUp(recorded(subject.answer.recorded));
      await model.generate({ messages: [{ role: "user", text: "Again" }] });
      const sent = calls()[0]?.body ?? "";
      expect(sent).not.toMatch(/max_tokens|num_predict|temperature|seed|stop"|system|null/);
    });

    it.each([
      ["429 and a number of seconds to wait", subject.limited],
      ["500", subject.broken],
      ["503 and a page of HTML", subject.unavailable],
      ["401", subject.unauthorized],
      ["404", subject.missing],
    ])("fails with what the server says at %s, asking once", async (_, { recorded: name, failure }) => {
      expect(await fail(recorded(name))).toEqual(failure);
    });

    it("reads a date to wait for by the server's clock", async () => {
      const reply = recorded(subject.limited.recorded);
      const headers = {
        ...reply.headers,
        date: "Sat, 01 Jan 2000 10:00:00 GMT",
        "retry-after": "Sat, 01 Jan 2000 10:00:30 GMT",
      };
      expect(await fail({ ...reply, headers })).toEqual({ ...subject.limited.failure, retryAfterMs: 30_000 });
    });

    it("reads a wait in milliseconds first", async () => {
      const reply = recorded(subject.limited.recorded);
      const headers = { ...reply.headers, "retry-after-ms": "250" };
      expect(await fail({ ...reply, headers })).toEqual({ ...subject.limited.failure, retryAfterMs: 250 });
    });

    it.each([
      ["an error in place of the rest of an answer", subject.errorInStream],
      ["an answer that is no JSON", subject.malformed],
    ])("fails at %s, with what had come", async (_, { recorded: name, failure }) => {
      expect(await fail(recorded(name))).toEqual(failure);
    });

    it("does not take an answer that ends too soon for an answer", async () => {
      expect(await fail(begun())).toEqual(subject.cut);
    });

    it.each(["reset", "lose"] as const)(
      "fails with what had come when the connection is lost (%s)",
      async (after) => {
        expect(await fail({ ...begun(), after })).toEqual({
          message: "URL closed the connection before its answer was complete",
          ...lost(subject.begun.text),
        });
      },
    );

    it("takes a call as billed whose connection is closed without an answer", async () => {
      expect(await fail("close")).toEqual({
        message: "URL closed the connection before its answer was complete",
        ...lost(""),
      });
    });

    it("takes a call as not billed whose connection is refused", async () => {
      const { server, model } = await setUp("close");
      await server.stop();
      expect(await failureOf(model.generate(hello))).toEqual({
        message: `Connection refused by ${server.url}: is the server running there?`,
        ...passing,
      });
    });

    it("ends a call in the middle of its answer, with what had come, and the server sees it", async () => {
      const { server, model, calls } = await setUp({ ...begun(), after: "hang" });
      const controller = new AbortController();
      const call = failureOf(model.generate({ ...hello, signal: controller.signal }));
      await server.hanging();
      controller.abort();
      expect(await call).toEqual(stopped(subject.begun.text));
      await server.closed();
      expect(calls()).toHaveLength(1);
    });

    it("ends a call before its answer begins", async () => {
      const controller = new AbortController();
      const { model } = await setUp(() => {
        controller.abort();
        return new Promise(() => {}); // never
      });
      const call = model.generate({ ...hello, signal: controller.signal });
      expect(await failureOf(call)).toEqual(stopped(""));
    });

    it("asks the server anew after a failed call", async () => {
      const replies: Reply[] = [recorded(subject.broken.recorded), recorded(subject.answer.recorded)];
      const { model, calls } = await setUp(() => replies.shift() ?? "close");
      expect(await failureOf(model.generate(hello))).toEqual(subject.broken.failure);
      const { raw: _raw, ...response } = await model.generate(hello);
      expect([response, calls().length]).toEqual([subject.answer.response, 2]);
    });

    it("keeps calls in flight apart", async () => {
      const { model, calls } = await setUp(({ body }) =>
        body.includes("number 7") ? recorded(subject.broken.recorded) : recorded(subject.answer.recorded),
      );
      const all = Array.from({ length: 16 }, (_, i) =>
        model.generate({ messages: [{ role: "user", text: `number ${i}!` }] }).then(
          ({ text }) => text,
          () => "failed",
        ),
      );
      const expected = all.map((_, i) => (i === 7 ? "failed" : subject.answer.response.text));
      expect(await Promise.all(all)).toEqual(expected);
      expect(calls()).toHaveLength(16);
    });
  });
}
