import { execFileSync } from "node:child_process";
import { getEventListeners } from "node:events";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Leave, Limiter, type LimiterLimits } from "../../src/llm/limiter.ts";

const never = new AbortController().signal;

/** Asks for places one after the other and keeps who got in, and when. */
function callsOf(limiter: Limiter) {
  const startedAt = Date.now();
  const entered: { readonly name: string; readonly atMs: number }[] = [];
  const refused: { readonly name: string; readonly reason: unknown }[] = [];
  const leave = new Map<string, Leave>();
  return {
    entered,
    refused,
    names: () => entered.map(({ name }) => name).join(""),
    enter(name: string, tokens = 0, signal = never) {
      limiter.enter(tokens, signal).then(
        (place) => {
          entered.push({ name, atMs: Date.now() - startedAt });
          leave.set(name, place);
        },
        (reason: unknown) => refused.push({ name, reason }),
      );
    },
    leave: (name: string, usedTokens = 0) => leave.get(name)?.(usedTokens),
  };
}

/** Lets promises settle; the clock stands still. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // nobody waits: no timer may keep the process alive
  vi.useRealTimers();
});

describe("concurrency", () => {
  it("lets so many in at once; whoever leaves makes room for the one who came first", async () => {
    const calls = callsOf(new Limiter({ concurrency: 2 }));
    for (const name of "abcde") calls.enter(name);
    await settle();
    expect(calls.names()).toBe("ab");
    calls.leave("b");
    await settle();
    expect(calls.names()).toBe("abc");
    calls.leave("a");
    calls.leave("c");
    await settle();
    expect(calls.names()).toBe("abcde");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives a place away once, however often it is left", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1 }));
    for (const name of "abc") calls.enter(name);
    await settle();
    calls.leave("a");
    calls.leave("a");
    await settle();
    expect(calls.names()).toBe("ab");
  });

  it("lets nobody overtake who waits, also when there is a place at this moment", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1 }));
    calls.enter("a");
    calls.enter("b");
    await settle();
    calls.leave("a");
    calls.enter("c");
    await settle();
    expect(calls.names()).toBe("ab");
  });
});

describe("requests per minute", () => {
  it("lets so many begin in any 60 s, each at the very moment when an older one leaves the window", async () => {
    const calls = callsOf(new Limiter({ concurrency: 100, requestsPerMinute: 2 }));
    calls.enter("a");
    await vi.advanceTimersByTimeAsync(20_000);
    for (const name of "bcde") calls.enter(name);
    await vi.advanceTimersByTimeAsync(150_000);
    expect(calls.entered).toEqual([
      { name: "a", atMs: 0 },
      { name: "b", atMs: 20_000 },
      { name: "c", atMs: 60_000 },
      { name: "d", atMs: 80_000 },
      { name: "e", atMs: 120_000 },
    ]);
  });

  it("counts a call that has ended until its start is 60 s ago", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1, requestsPerMinute: 1 }));
    calls.enter("a");
    await settle();
    calls.leave("a");
    calls.enter("b");
    await vi.advanceTimersByTimeAsync(59_999);
    expect(calls.names()).toBe("a");
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.names()).toBe("ab");
  });

  it("wakes who waits for a place, not for time, when the place is left", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1, requestsPerMinute: 1 }));
    calls.enter("a");
    calls.enter("b");
    await vi.advanceTimersByTimeAsync(100_000);
    expect([calls.names(), vi.getTimerCount()]).toEqual(["a", 0]); // no polling meanwhile
    calls.leave("a");
    await settle();
    expect(calls.entered.at(-1)).toEqual({ name: "b", atMs: 100_000 });
  });
});

describe("tokens per minute", () => {
  it("reserves the worst case, and lets the next one in when less was used", async () => {
    const calls = callsOf(new Limiter({ concurrency: 100, tokensPerMinute: 100 }));
    calls.enter("a", 60);
    calls.enter("b", 60);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls.names()).toBe("a");
    calls.leave("a", 41);
    await settle();
    expect(calls.names()).toBe("a"); // 41 + 60 > 100
    calls.enter("c", 59);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(calls.entered.slice(1)).toEqual([{ name: "b", atMs: 60_000 }]);
    calls.leave("b", 41);
    await settle();
    expect(calls.names()).toBe("abc");
  });

  it("counts tokens used beyond the reserved ones against those who come later", async () => {
    const calls = callsOf(new Limiter({ concurrency: 100, tokensPerMinute: 100 }));
    calls.enter("a", 10);
    await settle();
    calls.leave("a", 95);
    calls.enter("b", 6);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(calls.names()).toBe("a");
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.names()).toBe("ab");
  });

  it("forgets a call that took longer than the window, whatever it used", async () => {
    const calls = callsOf(new Limiter({ concurrency: 100, tokensPerMinute: 100 }));
    calls.enter("a", 100);
    await vi.advanceTimersByTimeAsync(61_000);
    calls.enter("b", 50);
    await settle();
    calls.leave("a", 90);
    calls.enter("c", 50);
    calls.enter("d", 1);
    await settle();
    expect(calls.names()).toBe("abc");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.names()).toBe("abcd");
  });

  it("lets a call that needs more than the whole limit in when no tokens are in the window, alone", async () => {
    const calls = callsOf(new Limiter({ concurrency: 100, tokensPerMinute: 100 }));
    calls.enter("a", 1);
    calls.enter("B", 5000);
    calls.enter("c", 1);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(calls.entered).toEqual([
      { name: "a", atMs: 0 },
      { name: "B", atMs: 60_000 },
      { name: "c", atMs: 120_000 },
    ]);
  });

  it("does not let a call wait for one that failed and used no tokens, however much it needs", async () => {
    const calls = callsOf(new Limiter({ concurrency: 100, tokensPerMinute: 100 }));
    calls.enter("a", 100);
    calls.enter("B", 5000);
    await settle();
    calls.leave("a", 0);
    await settle();
    expect(calls.names()).toBe("aB");
  });
});

describe("a pause", () => {
  it("lets nobody in until it is over, and then in order; calls in flight go on", async () => {
    const limiter = new Limiter({ concurrency: 2 });
    const calls = callsOf(limiter);
    calls.enter("a");
    await settle();
    limiter.pause(5000);
    limiter.pause(1000); // shorter: changes nothing
    for (const name of "bcd") calls.enter(name);
    await vi.advanceTimersByTimeAsync(4000);
    calls.leave("a");
    await vi.advanceTimersByTimeAsync(999);
    expect(calls.names()).toBe("a");
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.names()).toBe("abc");
  });

  it("can be made longer while somebody waits for its end", async () => {
    const limiter = new Limiter({ concurrency: 2, requestsPerMinute: 100 });
    const calls = callsOf(limiter);
    limiter.pause(1000);
    calls.enter("a");
    await vi.advanceTimersByTimeAsync(500);
    limiter.pause(1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.entered).toEqual([{ name: "a", atMs: 1500 }]);
  });

  it("sets no timer while nobody waits", () => {
    new Limiter({ concurrency: 2 }).pause(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an aborted waiter", () => {
  it("rejects at once with the signal's reason, and those behind it keep their order", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1 }));
    const controller = new AbortController();
    const reason = new Error("stopped by a test");
    calls.enter("a");
    calls.enter("b", 0, controller.signal);
    calls.enter("c");
    calls.enter("d", 0, controller.signal);
    calls.enter("e");
    controller.abort(reason);
    await settle();
    expect(calls.refused).toEqual([
      { name: "b", reason },
      { name: "d", reason },
    ]);
    calls.leave("a");
    await settle();
    calls.leave("c");
    await settle();
    expect(calls.names()).toBe("ace");
  });

  it("lets in at once those behind it that need less than it did", async () => {
    const calls = callsOf(new Limiter({ concurrency: 9, tokensPerMinute: 100 }));
    const controller = new AbortController();
    calls.enter("a", 50);
    calls.enter("b", 80, controller.signal);
    calls.enter("c", 10, controller.signal); // would fit when b has gone, but it goes with it
    calls.enter("d", 50);
    await settle();
    expect(calls.names()).toBe("a");
    controller.abort();
    await settle();
    expect([calls.names(), calls.refused.length]).toEqual(["ad", 2]);
  });

  it("takes the timer with it when it was the last one", async () => {
    const calls = callsOf(new Limiter({ concurrency: 9, requestsPerMinute: 1 }));
    const controller = new AbortController();
    calls.enter("a");
    calls.enter("b", 0, controller.signal);
    await settle();
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never stood in line when its signal was aborted before", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1 }));
    const reason = new Error("stopped by a test");
    calls.enter("a", 0, AbortSignal.abort(reason));
    calls.enter("b");
    await settle();
    expect([calls.names(), calls.refused]).toEqual(["b", [{ name: "a", reason }]]);
  });

  it("leaves no listener on its signal, nor does one that got in; many of them are no leak to warn of", async () => {
    const warnings: unknown[] = [];
    const warn = (warning: unknown) => warnings.push(warning);
    process.on("warning", warn);
    const calls = callsOf(new Limiter({ concurrency: 1 }));
    const { signal } = new AbortController();
    const names = Array.from({ length: 30 }, (_, index) => String(index));
    for (const name of names) calls.enter(name, 0, signal);
    expect(getEventListeners(signal, "abort").length).toBe(29);
    for (const name of names) {
      await settle();
      calls.leave(name);
    }
    expect(calls.entered.length).toBe(30);
    vi.useRealTimers();
    await new Promise(setImmediate); // a warning would be told of now
    process.off("warning", warn);
    vi.useFakeTimers();
    expect([getEventListeners(signal, "abort").length, warnings]).toEqual([0, []]);
  });
});

describe("the limits", () => {
  it("are whole numbers of at least 1", () => {
    expect(() => new Limiter({ concurrency: 0 })).toThrow(
      "Limiter: concurrency must be a whole number of at least 1, got 0",
    );
    expect(() => new Limiter({ concurrency: 1, requestsPerMinute: 1.5 })).toThrow("requestsPerMinute");
    expect(() => new Limiter({ concurrency: 1, tokensPerMinute: -1 })).toThrow("tokensPerMinute");
  });

  it("let a free place be taken within the same turn, with no timer", async () => {
    const limiter = new Limiter({ concurrency: 1000, requestsPerMinute: 1000, tokensPerMinute: 1e6 });
    const order: string[] = [];
    const entered = limiter.enter(10, never).then(() => order.push("entered"));
    const turn = Promise.resolve().then(() => order.push("turn"));
    expect(vi.getTimerCount()).toBe(0);
    await Promise.all([entered, turn]);
    expect(order).toEqual(["entered", "turn"]);
  });

  it("do not keep a process alive that waits for nothing any more", () => {
    // A real process with real timers: it ends by itself, long before the window or the pause would.
    const limiter = fileURLToPath(new URL("../../src/llm/limiter.ts", import.meta.url));
    const script = `
      const { createJiti } = await import("jiti");
      const { Limiter } = await createJiti(import.meta.url).import(${JSON.stringify(limiter)});
      const limiter = new Limiter({ concurrency: 1, requestsPerMinute: 1 });
      const stop = new AbortController();
      (await limiter.enter(1, stop.signal))(1);
      const waiting = limiter.enter(1, stop.signal);
      limiter.pause(3_600_000);
      stop.abort("stopped");
      await waiting.catch((reason) => console.log(reason));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
      timeout: 30_000,
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
    });
    expect(output).toBe("stopped\n");
  });
});

/** One call of a random load: when it comes, what it asks for, uses and takes, and when it gives up. */
interface Load {
  readonly afterMs: number;
  readonly tokens: number;
  readonly usedShare: number;
  readonly lastsMs: number;
  readonly patienceMs: number | undefined;
}

const load: fc.Arbitrary<Load> = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 20_000 })),
  tokens: fc.nat({ max: 150 }),
  usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  lastsMs: fc.oneof(fc.constant(0), fc.nat({ max: 90_000 })),
  patienceMs: fc.option(fc.nat({ max: 60_000 }), { freq: 3, nil: undefined }),
});

const limits: fc.Arbitrary<LimiterLimits> = fc.record({
  concurrency: fc.integer({ min: 1, max: 5 }),
  requestsPerMinute: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  tokensPerMinute: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
});

describe("under any load", () => {
  it("never lets in more than is allowed in any 60 s or at once, keeps the order, and starves nobody", async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.array(load, { minLength: 1, maxLength: 25 }), async (most, loads) => {
        const limiter = new Limiter(most);
        const starts: { readonly index: number; readonly atMs: number; used: number }[] = [];
        const ended = new Set<number>();
        let inFlight = 0;
        const reserved = new Map<number, number>();
        let comesAt = 0;
        for (const [index, { afterMs, tokens, usedShare, lastsMs, patienceMs }] of loads.entries()) {
          comesAt += afterMs;
          setTimeout(async () => {
            const controller = new AbortController();
            const givesUp =
              patienceMs === undefined ? undefined : setTimeout(() => controller.abort(), patienceMs);
            const place = await limiter.enter(tokens, controller.signal).catch(() => undefined);
            clearTimeout(givesUp);
            if (place === undefined) {
              expect(controller.signal.aborted).toBe(true);
              ended.add(index);
              return;
            }
            const start = { index, atMs: Date.now(), used: tokens };
            starts.push(start);
            reserved.set(index, tokens);
            inFlight += 1;
            expect(inFlight).toBeLessThanOrEqual(most.concurrency);
            setTimeout(() => {
              inFlight -= 1;
              start.used = Math.floor(tokens * usedShare);
              ended.add(index);
              place(start.used);
            }, lastsMs);
          }, comesAt);
        }
        await vi.runAllTimersAsync();
        expect(ended.size).toBe(loads.length); // nobody starved: no wake-up was lost
        const order = starts.map(({ index }) => index);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } =
          most;
        for (const first of starts) {
          const inWindow = starts.filter(
            ({ atMs, index }) => index >= first.index && atMs < first.atMs + 60_000,
          );
          expect(inWindow.length).toBeLessThanOrEqual(requestsPerMinute);
          const tokens = inWindow.reduce((sum, { used }) => sum + used, 0);
          if (tokens > tokensPerMinute) {
            // Only a call that needs more than a window allows may exceed it, and nobody else's tokens are there.
            const others = inWindow.filter(({ used }) => used > 0);
            expect(others.map(({ index }) => loads[index]!.tokens > tokensPerMinute)).toEqual([true]);
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("keeps the order of a long line from which many leave at once", async () => {
    const calls = callsOf(new Limiter({ concurrency: 1 }));
    const names = Array.from({ length: 3000 }, (_, index) => String(index));
    const [impatient, patient] = [new AbortController(), new AbortController()];
    calls.enter("first");
    for (const [index, name] of names.entries()) {
      calls.enter(name, 0, (index % 3 === 0 ? impatient : patient).signal);
    }
    impatient.abort();
    for (const name of ["first", ...names]) {
      await settle();
      calls.leave(name);
    }
    expect(calls.refused.length).toBe(1000);
    expect(calls.entered.map(({ name }) => name)).toEqual([
      "first",
      ...names.filter((_, index) => index % 3 !== 0),
    ]);
  });
});
