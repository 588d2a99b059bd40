import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  affordableOutputTokens,
  Budget,
  BudgetExhausted,
  type CallNeed,
  checkLimits,
  primitiveCost,
  type Reservation,
} from "../../src/core/index.ts";

const costOf = ({ modelSize, inputTokens }: CallNeed, outputTokens: number) =>
  primitiveCost({ modelSize, inputTokens, outputTokens });
const need = (inputTokens: number, maxTokens?: number, modelSize = 1): CallNeed => ({
  modelSize,
  inputTokens,
  maxTokens,
});

/** A call that comes to this primitive cost with a model of size 1. */
const useOf = (cost: number) => ({ inputTokens: cost, outputTokens: 1 });

/** Whether a promise has settled once all microtasks that can run have run. */
async function isWaiting(result: unknown): Promise<boolean> {
  const waiting = Symbol("waiting");
  const after = new Promise((resolve) => setImmediate(resolve, waiting));
  return (await Promise.race([Promise.resolve(result).catch(() => {}), after])) === waiting;
}

describe("a budget", () => {
  const callNeed = fc.record({
    modelSize: fc.constantFrom(0.5, 1, 7), // exact in binary, so that costs add up exactly
    inputTokens: fc.integer({ min: 0, max: 60 }),
    maxTokens: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  });
  /** A call: what it needs, and which share of its output limit it comes to; undefined for a failed call. */
  const call = fc.record({
    need: callNeed,
    share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  });
  const limits = fc.record({
    calls: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
    primitiveCost: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
  });

  it("lets a call that waits for room go when it is aborted, and forgets it", async () => {
    const budget = new Budget({ primitiveCost: 110 });
    const held = await budget.reserve(need(10, 8));
    const controller = new AbortController();
    const waiting = budget.reserve(need(10, 8), controller.signal);
    expect(await isWaiting(waiting)).toBe(true);
    const reason = new Error("stopped by a test");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(budget.spentCalls).toBe(1);
    held.settle(undefined);
    expect((await budget.reserve(need(10, 8))).maxTokens).toBe(8);
  });

  it("is never exceeded, in any interleaving of calls, and neither hangs nor forgets what was spent", async () => {
    let granted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), limits, fc.array(call, { maxLength: 20 }), async (s, most, calls) => {
        const budget = new Budget({
          ...(most.calls === undefined ? {} : { calls: most.calls }),
          ...(most.primitiveCost === undefined ? {} : { primitiveCost: most.primitiveCost }),
        });
        const total = { calls: 0, spent: 0, live: 0 };
        const check = () => {
          expect(total.calls).toBeLessThanOrEqual(most.calls ?? Number.POSITIVE_INFINITY);
          expect(total.spent + total.live).toBeLessThanOrEqual(
            most.primitiveCost ?? Number.POSITIVE_INFINITY,
          );
          expect(budget.spentCost).toBe(total.spent);
        };
        const one = async ({ need, share }: (typeof calls)[number]) => {
          await s.schedule(Promise.resolve());
          let reservation: Reservation;
          try {
            reservation = await budget.reserve(need);
          } catch (error) {
            expect(error).toBeInstanceOf(BudgetExhausted);
            expect(budget.refused).toBeDefined();
            refused += 1;
            return;
          }
          granted += 1;
          const limit = reservation.maxTokens;
          if (need.maxTokens !== undefined) expect(limit).toBe(need.maxTokens);
          if (most.primitiveCost !== undefined) expect(limit).toBeDefined();
          const worst = costOf(need, limit ?? 1000);
          total.calls += 1;
          if (most.primitiveCost !== undefined) total.live += worst;
          check();
          await s.schedule(Promise.resolve());
          const outputTokens = share === undefined ? 0 : Math.floor(share * (limit ?? 1000));
          const cost = share === undefined ? 0 : costOf(need, outputTokens);
          if (most.primitiveCost !== undefined) total.live -= worst;
          total.spent += cost;
          reservation.settle(
            share === undefined ? undefined : { inputTokens: need.inputTokens, outputTokens },
          );
          check();
        };
        await s.waitFor(Promise.all(calls.map(one)));
        expect([budget.spentCalls, total.live]).toEqual([total.calls, 0]);
      }),
      { seed: 1, numRuns: 300 },
    );
    expect(Math.min(granted, refused)).toBeGreaterThan(300); // both ends are reached
  });

  it("gives an unlimited call all that is left when nothing else is in flight: the largest affordable t", async () => {
    const budget = new Budget({ primitiveCost: 1000 });
    const reservation = await budget.reserve(need(10));
    expect(reservation.maxTokens).toBe(affordableOutputTokens(1000, 1, 10));
    reservation.settle(useOf(1000 - 25));
    expect((await budget.reserve(need(10))).maxTokens).toBe(2); // 2 * 10 + 1 = 21 fits 25, 3 * 10 + 3 does not
  });

  it("lets an unlimited call write at least twice what it reads when the budget affords that", async () => {
    // An answer that rewrites a long prompt must not be cut by a limit that nobody asked for.
    const { maxTokens } = await new Budget({ primitiveCost: 1e12 }).reserve(need(20_000));
    expect(maxTokens).toBeGreaterThanOrEqual(40_000);
    expect((await new Budget({ primitiveCost: 1e12 }).reserve(need(10))).maxTokens).toBeGreaterThanOrEqual(
      4096,
    );
  });

  it("sends no limit of its own when cost is not limited", async () => {
    const budget = new Budget({ calls: 2 });
    expect(budget.isCostLimited).toBe(false);
    expect((await budget.reserve(need(10))).maxTokens).toBeUndefined();
    expect((await budget.reserve(need(10, 7))).maxTokens).toBe(7);
  });

  it("refuses a call beyond the limit of calls at once, also while others are in flight", async () => {
    const budget = new Budget({ calls: 1 });
    await budget.reserve(need(1));
    await expect(budget.reserve(need(1))).rejects.toThrow("Budget of 1 calls is used up");
    expect([budget.refused !== undefined, budget.spentCalls]).toEqual([true, 1]);
  });

  it("makes a call wait while others in flight may give room back, and grants it when they do", async () => {
    const budget = new Budget({ primitiveCost: 100 });
    expect(budget.isCostLimited).toBe(true);
    const first = await budget.reserve(need(10, 5)); // 5 * 10 + 10 = 60
    const second = budget.reserve(need(10, 4)); // 4 * 10 + 6 = 46 does not fit the 40 that are left
    expect(await isWaiting(second)).toBe(true);
    first.settle(useOf(54));
    expect((await second).maxTokens).toBe(4);
    expect([budget.refused !== undefined, budget.spentCalls, budget.spentCost]).toEqual([false, 2, 54]);
  });

  it("refuses a call whose own limit does not fit once nothing is in flight", async () => {
    const budget = new Budget({ primitiveCost: 100 });
    const first = await budget.reserve(need(10, 5)); // 5 * 10 + 10 = 60
    const second = budget.reserve(need(10, 4)); // 4 * 10 + 6 = 46 does not fit 40
    expect(await isWaiting(second)).toBe(true);
    first.settle(useOf(60));
    await expect(second).rejects.toThrow("Budget of primitive cost 100 is used up");
    expect([budget.refused !== undefined, budget.spentCalls, budget.spentCost]).toEqual([true, 1, 60]);
  });

  it("does not count a call that was granted and then not made", async () => {
    const budget = new Budget({ calls: 1, primitiveCost: 100 });
    const reservation = await budget.reserve(need(10, 5));
    reservation.cancel();
    expect([budget.spentCalls, budget.spentCost]).toEqual([0, 0]);
    expect((await budget.reserve(need(10, 5))).maxTokens).toBe(5);
  });
});

describe("budgets of primitives and US dollars", () => {
  const price = { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 10 };
  const priced = (inputTokens: number, maxTokens?: number) => ({ ...need(inputTokens, maxTokens), price });

  it("count output tokens, and money at the model's price", async () => {
    const primitives = new Budget({ primitives: 10 });
    (await primitives.reserve(need(50, 8))).settle({ inputTokens: 50, outputTokens: 7 });
    expect((await primitives.reserve(need(50))).maxTokens).toBe(3);
    const dollars = new Budget({ usd: 0.001 });
    // 100 tokens in at 2 and 50 out at 10 dollars per million are 0.0007 dollars; the 0.0003 left buy 10 more out.
    (await dollars.reserve(priced(100, 50))).settle({ inputTokens: 100, outputTokens: 50 });
    expect(dollars.spentUsd).toBeCloseTo(0.0007, 12);
    expect((await dollars.reserve(priced(100))).maxTokens).toBe(10);
  });

  it("refuse what does not fit, and name the limit", async () => {
    await expect(new Budget({ primitives: 4 }).reserve(need(1, 5))).rejects.toThrow(
      "Budget of 4 primitives is used up",
    );
    await expect(new Budget({ usd: 0.0001 }).reserve(priced(100))).rejects.toThrow(
      "Budget of 0.0001 US dollars is used up",
    );
  });

  it("cannot be kept without a price, and say so", async () => {
    await expect(new Budget({ usd: 1 }).reserve(need(1))).rejects.toThrow(
      "A budget in US dollars needs the price of every model that is called",
    );
  });

  it("let a free output be as long as is usual, and are never exceeded by rounding", async () => {
    const free = { ...need(10), price: { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 } };
    expect((await new Budget({ usd: 0 }).reserve(free)).maxTokens).toBe(4096);
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1e-6, max: 0.01, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.nat({ max: 300 }),
        async (usd, output, inputTokens) => {
          const dear = { usdPerMillionInputTokens: 0.3, usdPerMillionOutputTokens: output };
          const budget = new Budget({ usd });
          await Promise.resolve(budget.reserve({ ...need(inputTokens), price: dear })).then(
            ({ maxTokens = 0 }) =>
              expect((inputTokens * 0.3 + maxTokens * output) / 1e6).toBeLessThanOrEqual(usd),
            (error) => expect(error).toBeInstanceOf(BudgetExhausted),
          );
        },
      ),
      { seed: 1 },
    );
  });
});

describe("checkLimits", () => {
  it("returns good limits and rejects unknown, fractional and negative ones", () => {
    const good = { calls: 0, primitives: 0, primitiveCost: 0.5, usd: 0.01, evaluations: 1, wallMs: 10 };
    expect(checkLimits("Campaign: budget", good)).toEqual(good);
    const check = (limits: object) => () => checkLimits("B", limits);
    expect(check({ tokens: 1 })).toThrow(
      "B: option 'tokens' is unknown; known: calls, primitives, primitiveCost, usd, evaluations, wallMs",
    );
    expect(check({ calls: 1.5 })).toThrow("B: calls must be a whole number of at least 0, got 1.5");
    expect(check({ evaluations: 0 })).toThrow("B: evaluations must be a whole number of at least 1, got 0");
    expect(check({ primitives: 0.5 })).toThrow("B: primitives must be a whole number of at least 0, got 0.5");
    expect(check({ usd: -1 })).toThrow("B: usd must be a number from 0 to");
    expect(check({ wallMs: -1 })).toThrow("B: wallMs must be a number from 0 to");
    expect(check({ primitiveCost: Number.NaN })).toThrow("B: primitiveCost must be a number from 0 to");
  });
});
