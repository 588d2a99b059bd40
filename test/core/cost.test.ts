import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { affordableOutputTokens, linearCost, primitiveCost, usdCost } from "../../src/core/index.ts";

const modelSize = fc.integer({ min: 1, max: 1000 });
const inputTokens = fc.nat({ max: 20_000 });

describe("primitiveCost", () => {
  it("is the explicit sum of Def. 2.2: one forward pass over n + i tokens for each output token i", () => {
    fc.assert(
      fc.property(modelSize, inputTokens, fc.nat({ max: 400 }), (m, n, t) => {
        let sum = 0;
        for (let i = 0; i < t; i++) sum += m * (n + i);
        expect(primitiveCost({ modelSize: m, inputTokens: n, outputTokens: t })).toBe(sum);
      }),
      { seed: 1 },
    );
  });

  it("is m (n^2 + n (n - 1) / 2) when as much is written as is read, section 3.3", () => {
    expect(primitiveCost({ modelSize: 3, inputTokens: 8, outputTokens: 8 })).toBe(3 * (64 + 28));
  });
});

describe("affordableOutputTokens", () => {
  const isLargest = (available: number, m: number, n: number) => {
    const t = affordableOutputTokens(available, m, n);
    const cost = (outputTokens: number) => primitiveCost({ modelSize: m, inputTokens: n, outputTokens });
    expect(Number.isInteger(t) && t >= 0).toBe(true);
    expect(cost(t)).toBeLessThanOrEqual(available);
    expect(cost(t + 1)).toBeGreaterThan(available);
  };

  it("is the largest t whose cost fits, for sizes that are whole or not", () => {
    const size = fc.oneof(modelSize, fc.double({ min: 1e-3, max: 1000, noNaN: true }));
    const available = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.nat({ max: 500 }));
    fc.assert(
      fc.property(available, size, inputTokens, (a, m, n) => isLargest(a, m, n)),
      { seed: 1, numRuns: 500 },
    );
  });

  it("keeps a budget that is exactly the cost of t tokens, and not one unit less", () => {
    fc.assert(
      fc.property(modelSize, fc.integer({ min: 1, max: 20_000 }), fc.nat({ max: 5000 }), (m, n, t) => {
        const cost = primitiveCost({ modelSize: m, inputTokens: n, outputTokens: t });
        expect(affordableOutputTokens(cost, m, n)).toBe(t);
        expect(affordableOutputTokens(cost - 1, m, n)).toBe(Math.max(0, t - 1));
      }),
      { seed: 2 },
    );
  });

  it("keeps a budget that is exactly the cost of t tokens also where sizes are no binary fractions", () => {
    const size = fc.constantFrom(0.1, 0.3, 1.7, 7.3, 70.6);
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 500 }), fc.nat({ max: 500 }), (m, n, t) => {
        const cost = primitiveCost({ modelSize: m, inputTokens: n, outputTokens: t });
        expect(affordableOutputTokens(cost, m, n)).toBe(t);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it("affords the first token of an empty prompt for nothing, since it costs m * 0", () => {
    isLargest(0, 1, 0);
    expect(affordableOutputTokens(0, 1, 0)).toBe(1);
    expect(affordableOutputTokens(-1, 1, 0)).toBe(0);
  });

  it("ends, with the largest safe whole number, when more is affordable than can be counted", () => {
    expect(affordableOutputTokens(Number.MAX_VALUE, 1, 10)).toBe(Number.MAX_SAFE_INTEGER);
    expect(affordableOutputTokens(1e40, 1e-3, 10)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("linearCost and usdCost", () => {
  it("charge each token once: m (n + t), and dollars by direction", () => {
    fc.assert(
      fc.property(modelSize, inputTokens, inputTokens, (m, n, t) => {
        const counts = { modelSize: m, inputTokens: n, outputTokens: t };
        expect(linearCost(counts)).toBe(m * n + m * t);
        const price = { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 10 };
        expect(usdCost(counts, price)).toBeCloseTo(n * 2e-6 + t * 10e-6, 12);
      }),
      { seed: 3 },
    );
  });

  it("leave the dollars unknown, not 0, without a price", () => {
    expect(usdCost({ modelSize: 1, inputTokens: 5, outputTokens: 5 }, undefined)).toBeUndefined();
  });
});
