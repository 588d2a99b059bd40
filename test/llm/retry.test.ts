import { getEventListeners } from "node:events";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BudgetExhausted, ModelError, type ModelFailure } from "../../src/core/index.ts";
import { type RetryOptions, retry } from "../../src/llm/retry.ts";

const busy = (failure: ModelFailure = {}) => new ModelError("busy", { isRetryable: true, ...failure });

/** Retries an attempt that fails as listed, then succeeds with its number; keeps what happened and when. */
function start(failures: readonly unknown[], options: Partial<RetryOptions> = {}) {
  const attempts: { readonly number: number; readonly atMs: number }[] = [];
  const waits: number[] = [];
  const startedAt = Date.now();
  const attempt = async (number: number) => {
    attempts.push({ number, atMs: Date.now() - startedAt });
    if (failures.length < number) return `answer ${number}`;
    throw failures[number - 1];
  };
  const result = retry(attempt, {
    retries: 4,
    delayMs: 1000,
    signal: new AbortController().signal,
    random: () => 0,
    onWait: (ms) => waits.push(ms),
    ...options,
  });
  result.catch(() => {}); // looked at below
  return { attempts, waits, result };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("retry", () => {
  it("gives the first answer, without any wait when the first attempt succeeds", async () => {
    const { attempts, waits, result } = start([]);
    expect(await result).toBe("answer 1");
    expect([attempts, waits]).toEqual([[{ number: 1, atMs: 0 }], []]);
  });

  it("tries again after half to all of delayMs 2^(i-1), and tells each wait before it", async () => {
    for (const [random, share] of [
      [() => 0, 0.5],
      [() => 0.5, 0.75],
    ] as const) {
      const { attempts, waits, result } = start([busy(), busy(), busy()], { random });
      await vi.runAllTimersAsync();
      expect(await result).toBe("answer 4");
      expect(waits).toEqual([1000 * share, 2000 * share, 4000 * share]);
      expect(attempts.map(({ atMs }) => atMs)).toEqual([0, 1000 * share, 3000 * share, 7000 * share]);
      expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    }
  });

  it("draws other waits each time, of half to all of the delay, when it is given no generator", async () => {
    const waits: number[] = [];
    const { signal } = new AbortController();
    for (let run = 0; run < 50; run++) {
      const attempt = async (number: number) => {
        if (number === 1) throw busy();
      };
      const result = retry(attempt, { retries: 1, delayMs: 1000, signal, onWait: (ms) => waits.push(ms) });
      await vi.runAllTimersAsync();
      await result;
    }
    expect(new Set(waits).size).toBeGreaterThan(1);
    expect(waits.filter((ms) => ms < 500 || ms >= 1000)).toEqual([]);
  });

  it("never waits longer than a minute of its own", async () => {
    const { waits, result } = start(new Array(8).fill(busy()), { retries: 8, random: () => 1 });
    await vi.runAllTimersAsync();
    await result;
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("waits exactly as long as the server asks, up to ten minutes, and not at all for 0", async () => {
    const { attempts, waits, result } = start([
      ...[busy({ retryAfterMs: 90_000 }), busy({ retryAfterMs: 0 }), busy({ retryAfterMs: 600_000 })],
    ]);
    await vi.runAllTimersAsync();
    expect(await result).toBe("answer 4");
    expect(waits).toEqual([90_000, 0, 600_000]);
    expect(attempts.map(({ atMs }) => atMs)).toEqual([0, 90_000, 90_000, 690_000]);
  });

  it("needs no timer when the server asks to come back at once", async () => {
    const { result } = start([busy({ retryAfterMs: 0 })]);
    expect(await result).toBe("answer 2"); // the clock stands still
  });

  it("does not wait longer than ten minutes: it throws, and says how long the server asked to wait", async () => {
    const error = busy({ retryAfterMs: 3_600_000, partialText: "so far" });
    const { attempts, waits, result } = start([error]);
    await expect(result).rejects.toMatchObject({
      name: "ModelError",
      message: "busy (the server asks to wait 60 min, longer than the 10 min that are waited for)",
      ...{ isRetryable: true, isFatal: false, retryAfterMs: 3_600_000, partialText: "so far" },
      cause: error,
    });
    expect([attempts.length, waits]).toEqual([1, []]);
  });

  it("throws the last error itself when there are no tries left", async () => {
    for (const retries of [0, 1, 3]) {
      const errors = Array.from({ length: retries + 1 }, () => busy());
      const { attempts, waits, result } = start(errors, { retries });
      await vi.runAllTimersAsync();
      expect(await result.catch((error: unknown) => error)).toBe(errors.at(-1));
      expect([attempts.length, waits.length]).toEqual([retries + 1, retries]);
    }
    const last = busy({ retryAfterMs: 3_600_000 });
    expect(await start([last], { retries: 0 }).result.catch((error: unknown) => error)).toBe(last);
  });

  it.each([
    ["a ModelError that is not retryable", new ModelError("bad key", { isFatal: true })],
    ["a budget that is used up", new BudgetExhausted("10 calls")],
    ["any other error", new TypeError("x is not a function")],
    ["what is no error", "thrown text"],
  ])("throws %s as it is, at once, also after a first retry", async (_what, error) => {
    const first = start([error]);
    expect(await first.result.catch((thrown: unknown) => thrown)).toBe(error);
    const second = start([busy(), error]);
    await vi.runAllTimersAsync();
    expect(await second.result.catch((thrown: unknown) => thrown)).toBe(error);
    expect([first.attempts.length, second.attempts.length]).toEqual([1, 2]);
  });

  it("ends a wait at once with the signal's reason, and leaves no timer and no listener", async () => {
    const controller = new AbortController();
    const { attempts, result } = start([busy()], { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(499);
    const reason = new Error("stopped by a test");
    controller.abort(reason);
    expect(await result.catch((error: unknown) => error)).toBe(reason);
    expect(attempts.length).toBe(1);
    expect([vi.getTimerCount(), getEventListeners(controller.signal, "abort").length]).toEqual([0, 0]);
  });

  it("leaves no listener on a signal that was never aborted, and warns of none with many waits on it", async () => {
    const warnings: unknown[] = [];
    const warn = (warning: unknown) => warnings.push(warning);
    process.on("warning", warn);
    const { signal } = new AbortController();
    const all = Array.from({ length: 40 }, () => start([busy()], { signal }).result);
    await vi.runAllTimersAsync();
    await Promise.all(all);
    vi.useRealTimers();
    await new Promise(setImmediate); // a warning would be told of now
    process.off("warning", warn);
    expect([getEventListeners(signal, "abort").length, warnings]).toEqual([0, []]);
    vi.useFakeTimers();
  });

  it("makes no attempt for a signal that is aborted already, nor after one that was aborted meanwhile", async () => {
    const reason = new Error("stopped by a test");
    const early = start([], { signal: AbortSignal.abort(reason) });
    expect(await early.result.catch((error: unknown) => error)).toBe(reason);
    expect(early.attempts).toEqual([]);
    for (const retryAfterMs of [0, 5000]) {
      const controller = new AbortController();
      const numbers: number[] = [];
      const attempt = async (number: number) => {
        numbers.push(number);
        controller.abort(reason);
        throw busy({ retryAfterMs });
      };
      const late = retry(attempt, { retries: 3, delayMs: 1, signal: controller.signal });
      expect(await late.catch((error: unknown) => error)).toBe(reason); // the clock stands still
      expect(numbers).toEqual([1]);
    }
  });

  it("makes as many attempts as there are failures that may pass, plus one, within its retries", async () => {
    const failure = fc.oneof(
      { weight: 4, arbitrary: fc.constant(busy()) },
      { weight: 2, arbitrary: fc.nat({ max: 700_000 }).map((retryAfterMs) => busy({ retryAfterMs })) },
      { weight: 1, arbitrary: fc.constant(new ModelError("refused")) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(failure, { maxLength: 6 }), fc.nat({ max: 6 }), async (failures, retries) => {
        const isLast = (error: ModelError, index: number) =>
          !error.isRetryable || index === retries || (error.retryAfterMs ?? 0) > 600_000;
        const end = failures.findIndex(isLast);
        const { attempts, waits, result } = start(failures, { retries });
        const outcome = result.then(
          () => "answered",
          () => "failed",
        );
        await vi.runAllTimersAsync();
        expect(await outcome).toBe(end < 0 ? "answered" : "failed");
        expect(attempts.length).toBe((end < 0 ? failures.length : end) + 1);
        expect(waits.length).toBe(attempts.length - 1);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
