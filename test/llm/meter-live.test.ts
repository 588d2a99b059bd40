/** The meter around a live model: tries, turns, time limits, and what failed calls cost. */
import { describe, expect, it } from "vitest";
import {
  Budget,
  type CallPolicy,
  type CallRecord,
  type Model,
  ModelError,
  type ModelRequest,
} from "../../src/core/index.ts";
import { Limiter } from "../../src/llm/limiter.ts";
import { meter } from "../../src/llm/meter.ts";
import { mostRequestTokens } from "../../src/llm/tokenizer.ts";
import { type Line, scripted } from "../scripted-model.ts";

const request: ModelRequest = { messages: [{ role: "user", text: "one two three" }] }; // 3 tokens

const { signal } = new AbortController();

/** A metered live model with what it recorded. */
function live(script: readonly Line[], calls: CallPolicy = {}, limiter?: Limiter, budget = new Budget({})) {
  const controller = new AbortController();
  const model: Model & { requests: readonly ModelRequest[]; finish(): void } = {
    ...scripted(script, { isDeterministic: false }),
    calls: { retryDelayMs: 0, ...calls },
  };
  const records: CallRecord[] = [];
  let seed = 0;
  const metered = meter(model, {
    role: "mutator",
    nextSeed: () => ++seed,
    budgets: [budget],
    limiter,
    record: (call) => records.push(call),
    signal: controller.signal,
  });
  return { metered, model, records, controller, budget };
}

const busy = new ModelError("server answered 429", { isRetryable: true });

/** Rejects when the request is aborted, with what had come of the answer. */
const hangs =
  (partialText?: string) =>
  ({ signal }: ModelRequest) =>
    new Promise<never>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new ModelError("connection closed", { partialText })));
    });

describe("a metered live model", () => {
  it("records each try as a row, with the same seed, and counts each as a call", async () => {
    const { metered, model, records, budget } = live([busy, busy, "fine"]);
    expect((await metered.generate(request)).text).toBe("fine");
    model.finish();
    expect(model.requests.map(({ seed }) => seed)).toEqual([1, 1, 1]);
    expect(
      records.map(({ attempt, outcome, error, outputTokens }) => [attempt, outcome, error, outputTokens]),
    ).toEqual([
      [1, "error", "server answered 429", undefined],
      [2, "error", "server answered 429", undefined],
      [3, "ok", undefined, 1],
    ]);
    expect(budget.spentCalls).toBe(3);
  });

  it("gives up after as many retries as the model says, and throws the last error with all that is known of it", async () => {
    const last = new ModelError("server answered 500", { isRetryable: true, partialText: "" });
    const { metered, model, records } = live([busy, last], { retries: 1 });
    const failure = await metered.generate(request).catch((error: unknown) => error);
    model.finish();
    expect(records).toHaveLength(2);
    expect(failure).toMatchObject({
      message: "Model 'scripted' of provider test failed: server answered 500",
      ...{ isRetryable: true, isFatal: false, partialText: "", cause: last },
    });
  });

  it("does not try again what cannot succeed", async () => {
    const { metered, records } = live([new ModelError("wrong key", { isFatal: true })]);
    await expect(metered.generate(request)).rejects.toMatchObject({ isFatal: true });
    expect(records).toHaveLength(1);
  });

  it("makes no further try when a budget has no room for it", async () => {
    const { metered, records } = live([busy], {}, undefined, new Budget({ calls: 1 }));
    await expect(metered.generate(request)).rejects.toThrow("Budget of 1 calls is used up");
    expect(records).toHaveLength(1);
  });

  it("charges what had come of an answer that broke off, as an estimate", async () => {
    const broken = new ModelError("connection lost", { partialText: "hello there" }); // 2 tokens
    const { metered, records, budget } = live([broken]);
    await expect(metered.generate(request)).rejects.toThrow("connection lost");
    expect(records).toMatchObject([
      { outcome: "error", text: "hello there", inputTokens: 3, outputTokens: 2, isEstimated: true },
    ]);
    expect(budget.spentCost).toBe(2 * 3 + 1);
  });

  it("ends a try at the model's time limit, keeps what had come, and tries again", async () => {
    const { metered, model, records } = live([hangs("hello"), "fine"], { timeoutMs: 20 });
    expect((await metered.generate(request)).text).toBe("fine");
    model.finish();
    expect(records).toMatchObject([
      { outcome: "error", error: "no answer within 0.02 s", text: "hello", outputTokens: 1, attempt: 1 },
      { outcome: "ok", attempt: 2 },
    ]);
  });

  it("takes a model that ignores the signal to have read the prompt", async () => {
    const never = () => new Promise<never>(() => {});
    const { metered, records } = live([never], { timeoutMs: 5, retries: 0 });
    await expect(metered.generate(request)).rejects.toThrow("no answer within 0.005 s");
    expect(records).toMatchObject([{ text: "", inputTokens: 3, outputTokens: 0, isEstimated: true }]);
  });

  it("throws the run's reason when the run is stopped, and records the call as aborted", async () => {
    const { metered, records, controller } = live([hangs("hel")]);
    const answer = metered.generate(request);
    await new Promise(setImmediate);
    const reason = new Error("stopped by a test");
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(records).toMatchObject([{ outcome: "aborted", text: "hel", inputTokens: 3, isEstimated: true }]);
  });

  it("lets no more calls in at once than its limiter has places", async () => {
    const limiter = new Limiter({ concurrency: 2 });
    let inFlight = 0;
    let most = 0;
    const one = async () => {
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight -= 1;
      return "fine";
    };
    const { metered } = live(
      Array.from({ length: 9 }, () => one),
      {},
      limiter,
    );
    await Promise.all(Array.from({ length: 9 }, () => metered.generate(request)));
    expect(most).toBe(2);
  });

  it("keeps all calls of a model waiting for as long as its server asked", async () => {
    let now = 0;
    const limiter = new Limiter({ concurrency: 4 }, () => now);
    const asked = new ModelError("server answered 429", { isRetryable: true, retryAfterMs: 30 });
    const { metered, model } = live([asked, "second", "first again"], {}, limiter);
    const first = metered.generate(request);
    await new Promise(setImmediate);
    const second = metered.generate(request);
    await new Promise(setImmediate);
    expect(model.requests).toHaveLength(1);
    now = 30;
    expect([(await first).text, (await second).text].sort()).toEqual(["first again", "second"]);
    model.finish();
  });

  it("sets aside a token for every byte of the prompt: no tokenizer can count more", async () => {
    const needs = mostRequestTokens(request);
    expect(needs).toBeGreaterThanOrEqual(13);
    const { metered, model } = live(["fine"], {}, undefined, new Budget({ primitiveCost: 10 * needs + 45 }));
    await metered.generate(request);
    expect(model.requests[0]?.maxTokens).toBe(10); // 10 n + 45 for ten tokens of output
  });

  it.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY, "12", null])(
    "counts the tokens itself where a provider's count is %s, with which no budget could reckon",
    async (count) => {
      const answer = { text: "hello there", inputTokens: count as number, outputTokens: count as number };
      const { metered, records, budget } = live([answer]);
      await metered.generate(request);
      expect(records).toMatchObject([{ inputTokens: 3, outputTokens: 2, isEstimated: true, outcome: "ok" }]);
      expect(budget.spentCost).toBe(2 * 3 + 1);
    },
  );

  it.each([undefined, null, {}, { text: 5, stopReason: "stop" }])(
    "takes the answer %j for a failed call, and gives its room back",
    async (answer) => {
      const model: Model = {
        ...{ name: "odd", provider: "test", size: 1, isDeterministic: false },
        generate: async () => answer as never,
      };
      const records: CallRecord[] = [];
      const budget = new Budget({ primitiveCost: 5000 });
      const options = { role: "mutator", nextSeed: () => 1, budgets: [budget], signal } as const;
      const metered = meter(model, { ...options, record: (call) => records.push(call) });
      for (let call = 1; call <= 2; call++) {
        await expect(metered.generate(request)).rejects.toThrow("of provider test failed: answered no text");
      }
      expect(records).toMatchObject([{ outcome: "error", inputTokens: 3 }, { outcome: "error" }]);
      expect(budget.spentCalls).toBe(2);
    },
  );

  it("takes an answer that is no promise, and an unknown reason to stop as another one", async () => {
    const model: Model = {
      ...{ name: "plain", provider: "test", size: 1, isDeterministic: false },
      generate: () => ({ text: "fine" }) as never,
    };
    const records: CallRecord[] = [];
    const options = { role: "mutator", nextSeed: () => 1, budgets: [], signal } as const;
    await meter(model, { ...options, record: (call) => records.push(call) }).generate(request);
    expect(records).toMatchObject([{ text: "fine", outcome: "other" }]);
  });

  it("lets the other calls go on when a server asks to wait for longer than anyone waits", async () => {
    const limiter = new Limiter({ concurrency: 4 });
    const tomorrow = new ModelError("quota used up", { isRetryable: true, retryAfterMs: 86_400_000 });
    const { metered } = live([tomorrow, "fine"], {}, limiter);
    await expect(metered.generate(request)).rejects.toThrow("the server asks to wait 1440 min");
    expect((await metered.generate(request)).text).toBe("fine");
  });

  it("refuses a model whose size is not known yet", () => {
    const model = scripted([], { size: Number.NaN, name: "m" });
    const options = { role: "mutator", nextSeed: () => 1, budgets: [], record: () => {} } as const;
    expect(() => meter(model, { ...options, signal: new AbortController().signal })).toThrow(
      "The size m of model 'm' is not known yet: call 'await model.prepare(...)' first, or give size",
    );
  });
});
