import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  affordableOutputTokens,
  Budget,
  BudgetExhausted,
  type CallRecord,
  type Model,
  ModelError,
  type ModelRequest,
  primitiveCost,
} from "../../src/core/index.ts";
import { meter } from "../../src/llm/meter.ts";
import { scripted } from "../scripted-model.ts";

const request: ModelRequest = { system: "be good", messages: [{ role: "user", text: "one two three" }] };

/** A metered model with what it recorded. */
function metered(model: Model, budgets: readonly Budget[] = [], signal = new AbortController().signal) {
  const records: CallRecord[] = [];
  let seed = 40;
  const nextSeed = () => ++seed;
  const wrapped = meter(model, {
    role: "mutator",
    nextSeed,
    budgets,
    record: (call) => records.push(call),
    signal,
  });
  return { wrapped, records };
}

const counted = (text: string, inputTokens: number, outputTokens: number) => ({
  text,
  inputTokens,
  outputTokens,
});

describe("the meter", () => {
  it("records a call as a whole: role, model, request as sent, answer, counts, outcome", async () => {
    const model = scripted([{ to: request, answer: { ...counted("fine", 9, 4), raw: "raw" } }], { size: 7 });
    const { signal } = new AbortController();
    const { wrapped, records } = metered(model, [], signal);
    const response = await wrapped.generate(request);
    model.finish();
    expect(response).toEqual({ ...counted("fine", 9, 4), stopReason: "stop", raw: "raw" });
    const sent = { ...request, seed: 41, signal };
    expect(model.requests).toEqual([sent]);
    expect(records).toEqual([
      {
        ...{ role: "mutator", model, request: sent, ...counted("fine", 9, 4), isEstimated: false },
        chainCost: 7 * (4 * 9 + 6), // m (t n + t (t - 1) / 2)
        ...{ latencyMs: expect.any(Number), attempt: 1, outcome: "ok", error: undefined },
      },
    ]);
    expect(records[0]!.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it("keeps everything else of the model it wraps", () => {
    const price = { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 2 };
    const model = scripted([], { name: "m", size: 3, isDeterministic: false, price });
    expect(metered(model).wrapped).toMatchObject({
      name: "m",
      provider: "test",
      size: 3,
      isDeterministic: false,
      price,
    });
  });

  it("records a call before anyone gets its answer", async () => {
    const { wrapped, records } = metered(scripted(["a", "b"]));
    const seen = await Promise.all([0, 1].map(() => wrapped.generate(request).then(() => records.length)));
    expect(seen[0]).toBeGreaterThanOrEqual(1);
    expect(records.map(({ text }) => text)).toEqual(["a", "b"]);
  });

  it.each([
    ["stop", "ok"],
    ["length", "length"],
    ["other", "other"],
  ] as const)("records an answer that ended by '%s' as outcome '%s'", async (stopReason, outcome) => {
    const { wrapped, records } = metered(scripted([{ text: "x", stopReason }]));
    await wrapped.generate(request);
    expect(records.map((call) => call.outcome)).toEqual([outcome]);
  });

  it("records a failed call once, without counts, and throws a ModelError that names the model", async () => {
    const cause = new Error("out of memory");
    const { wrapped, records } = metered(scripted([cause], { name: "m" }));
    const failure = await wrapped.generate(request).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect(failure).toMatchObject({ message: "Model 'm' of provider test failed: out of memory", cause });
    expect(records).toMatchObject([
      {
        ...{ text: undefined, inputTokens: undefined, outputTokens: undefined, isEstimated: false },
        ...{ outcome: "error", error: "out of memory" },
      },
    ]);
  });

  it("records a call that was aborted, and throws the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped by a test");
    const model = scripted([
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("connection closed")));
          controller.abort(reason);
        }),
    ]);
    const { wrapped, records } = metered(model, [], controller.signal);
    await expect(wrapped.generate(request)).rejects.toBe(reason);
    expect(records).toMatchObject([{ outcome: "aborted", error: "connection closed", text: undefined }]);
  });

  it("keeps an answer that came although the signal was aborted: it was paid for", async () => {
    const controller = new AbortController();
    const model = scripted([
      () => {
        controller.abort();
        return "late";
      },
    ]);
    const { wrapped, records } = metered(model, [], controller.signal);
    expect((await wrapped.generate(request)).text).toBe("late");
    expect(records).toMatchObject([{ outcome: "ok", text: "late" }]);
  });

  it.each([
    ["neither count", {}, 5, 2, true],
    ["no input count", { outputTokens: 30 }, 5, 30, true],
    ["no output count", { inputTokens: 30 }, 30, 2, true],
    ["both counts", { inputTokens: 30, outputTokens: 40 }, 30, 40, false],
    ["counts of 0", { inputTokens: 0, outputTokens: 0 }, 0, 0, false],
  ])(
    "counts with the tokenizer and flags an estimate when the provider gives %s",
    async (_case, given, n, t, isEstimated) => {
      // "be good" and "one two three" are 2 + 3 tokens of o200k, "hello there" 2.
      const { wrapped, records } = metered(scripted([{ text: "hello there", ...given }]));
      await wrapped.generate(request);
      expect(records).toMatchObject([{ inputTokens: n, outputTokens: t, isEstimated }]);
    },
  );

  it("gives the next seed to each request that names none, and leaves a named one alone", async () => {
    const model = scripted(["", "", ""]);
    const { wrapped } = metered(model);
    for (const seeds of [{}, { seed: 0 }, {}]) await wrapped.generate({ ...request, ...seeds });
    expect(model.requests.map(({ seed }) => seed)).toEqual([41, 0, 42]);
  });
});

describe("the meter with budgets", () => {
  it("makes and records no call that a budget refuses, and charges no other budget for it", async () => {
    const model = scripted([]);
    const [first, second] = [new Budget({ calls: 9, primitiveCost: 1e9 }), new Budget({ calls: 0 })];
    const { wrapped, records } = metered(model, [first, second]);
    await expect(wrapped.generate(request)).rejects.toThrow(BudgetExhausted);
    model.finish();
    expect(records).toEqual([]);
    expect([first.spentCalls, first.spentCost, second.spentCalls]).toEqual([0, 0, 0]);
  });

  it("charges every budget what the call cost by Def. 2.2, and a failed one as a call of cost 0", async () => {
    const budgets = [new Budget({ calls: 9 }), new Budget({ primitiveCost: 1e9 })];
    const model = scripted([counted("x", 10, 4), new Error("no")], { size: 3 });
    const { wrapped } = metered(model, budgets);
    await wrapped.generate(request);
    await wrapped.generate(request).catch(() => {});
    for (const budget of budgets) {
      expect([budget.spentCalls, budget.spentCost]).toEqual([2, 3 * (4 * 10 + 6)]); // m (t n + t (t - 1) / 2)
    }
  });

  it("sends the request with the tightest limit: its own, or what the poorest budget affords", async () => {
    const limits = async (maxTokens: number | undefined, ...costs: readonly number[]) => {
      const model = scripted([""]);
      const budgets = costs.map((cost) => new Budget({ primitiveCost: cost }));
      await metered(model, budgets).wrapped.generate({
        ...request,
        ...(maxTokens === undefined ? {} : { maxTokens }),
      });
      return model.requests[0]!.maxTokens;
    };
    const affordable = affordableOutputTokens(200, 1, 5); // the request is 5 tokens
    expect(await limits(undefined, 200, 1e9)).toBe(affordable);
    expect(await limits(undefined, 1e9, 200)).toBe(affordable);
    expect(await limits(3, 200, 1e9)).toBe(3);
    expect(await limits(3)).toBe(3);
    expect(await limits(undefined)).toBeUndefined();
  });

  it("lets two budgets of the same cost be used up by many small calls, not refused after the first", async () => {
    // 5 tokens read and 2 written cost 2 * 5 + 1 = 11: nine calls fit 100. One token costs 5, more than the 1 left.
    const perRun = () => new Budget({ primitiveCost: 100 });
    const shared = new Budget({ primitiveCost: 100 });
    const model = scripted(() => counted("hello there", 5, 2));
    for (let call = 0; call < 9; call++) await metered(model, [perRun(), shared]).wrapped.generate(request);
    expect(shared.spentCost).toBe(99);
    await expect(metered(model, [perRun(), shared]).wrapped.generate(request)).rejects.toThrow(
      BudgetExhausted,
    );
    expect(model.requests.length).toBe(9);
  });

  it("makes no call that was still waiting for room when the signal was aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped by a test");
    const budget = new Budget({ primitiveCost: 100 });
    let answer: (text: string) => void = () => {};
    const model = scripted([() => new Promise<string>((resolve) => (answer = resolve))]);
    const { wrapped, records } = metered(model, [budget], controller.signal);
    const first = wrapped.generate(request);
    const waiting = wrapped.generate(request);
    await new Promise(setImmediate);
    expect(model.requests.length).toBe(1);
    controller.abort(reason);
    answer("done");
    expect((await first).text).toBe("done");
    await expect(waiting).rejects.toBe(reason);
    model.finish();
    expect([records.length, budget.spentCalls]).toEqual([1, 1]);
  });

  it("never lets calls in flight together exceed what the budgets hold", async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const call = fc.record({ words: fc.integer({ min: 1, max: 20 }), share, fails: fc.boolean() });
    const limits = fc.record({ primitiveCost: fc.nat({ max: 5000 }), calls: fc.nat({ max: 12 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        limits,
        limits,
        fc.array(call, { maxLength: 12 }),
        async (s, a, b, calls) => {
          const budgets = [new Budget(a), new Budget(b)];
          const shares = [...calls];
          const model = scripted(async (sent) => {
            const { share, fails } = shares.shift()!;
            await s.schedule(Promise.resolve());
            if (fails) return new Error("no");
            return { outputTokens: Math.floor(share * sent.maxTokens!) };
          });
          const { wrapped, records } = metered(model, budgets);
          const all = calls.map(async ({ words }) => {
            await s.schedule(Promise.resolve());
            await wrapped
              .generate({ messages: [{ role: "user", text: "a ".repeat(words).trim() }] })
              .catch((error) => {
                if (!(error instanceof BudgetExhausted || error instanceof ModelError)) throw error;
              });
          });
          await s.waitFor(Promise.all(all));
          const costs = records.map(({ inputTokens: n, outputTokens: t }) =>
            primitiveCost({ modelSize: 1, inputTokens: n ?? 0, outputTokens: t ?? 0 }),
          );
          const spent = costs.reduce((sum, cost) => sum + cost, 0);
          expect(records.length).toBe(model.requests.length);
          for (const [i, { primitiveCost: most, calls: mostCalls }] of [a, b].entries()) {
            expect(spent).toBeLessThanOrEqual(most);
            expect(records.length).toBeLessThanOrEqual(mostCalls);
            expect([budgets[i]!.spentCalls, budgets[i]!.spentCost]).toEqual([records.length, spent]);
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });
});
