/** The closed forms of voting, against the exact chain on the votes' difference. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allRight, leadFor, votingTheory } from "../../src/core/index.ts";

/** Votes so far and their distribution, one at a time, until hardly anything is undecided. */
function byChain(lead: number, p: number) {
  let shares = new Array<number>(2 * lead + 1).fill(0);
  shares[lead] = 1; // of a difference of votes, from -lead to lead
  let [right, votes] = [0, 0];
  for (let undecided = 1; undecided > 1e-13; ) {
    votes += undecided;
    const next = new Array<number>(2 * lead + 1).fill(0);
    for (let at = 1; at < 2 * lead; at++) {
      next[at + 1]! += p * shares[at]!;
      next[at - 1]! += (1 - p) * shares[at]!;
    }
    right += next[2 * lead]!;
    next[0] = 0;
    next[2 * lead] = 0;
    shares = next;
    undecided = shares.reduce((sum, share) => sum + share, 0);
  }
  return { right, votes };
}

const lead = fc.integer({ min: 1, max: 6 });

describe("votingTheory", () => {
  it("is the mean of the exact chain on the difference of votes", () => {
    fc.assert(
      fc.property(lead, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (v, p) => {
        const theory = votingTheory({ lead: v, errorRate: 1 - p });
        const { right, votes } = byChain(v, p);
        expect(theory.right).toBeCloseTo(right, 9);
        expect(theory.votes / votes).toBeCloseTo(1, 9);
        expect(theory.calls).toBe(theory.votes);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("is Feller's closed form, and v^2 votes at p = 1/2", () => {
    const [v, p, r] = [3, 0.8, 0.25];
    const { right, votes } = votingTheory({ lead: v, errorRate: 1 - p });
    expect(right).toBeCloseTo(1 / (1 + r ** v), 12);
    expect(votes).toBeCloseTo((v * (1 - r ** v)) / ((2 * p - 1) * (1 + r ** v)), 12);
    expect(votingTheory({ lead: 5, errorRate: 0.5 })).toEqual({ right: 0.5, votes: 25, calls: 25 });
    expect(votingTheory({ lead: 5, errorRate: 0.5 + 1e-12 }).votes).toBeCloseTo(25, 6);
  });

  it("ends at certainty on either side, and never overflows", () => {
    expect(votingTheory({ lead: 4, errorRate: 0 })).toEqual({ right: 1, votes: 4, calls: 4 });
    expect(votingTheory({ lead: 4, errorRate: 1 })).toEqual({ right: 0, votes: 4, calls: 4 });
    const { right, votes } = votingTheory({ lead: 1000, errorRate: 0.999 });
    expect(right).toBe(0);
    expect(votes).toBeCloseTo(1000 / 0.998, 6);
  });

  it("asks once more for each answer that is discarded", () => {
    const { votes, calls } = votingTheory({ lead: 2, errorRate: 0.2, malformedRate: 0.25 });
    expect(calls).toBeCloseTo(votes / 0.75, 12);
    expect(votingTheory({ lead: 2, errorRate: 0.2, malformedRate: 1 }).calls).toBe(Number.POSITIVE_INFINITY);
  });

  it("says what is wrong with its setting", () => {
    expect(() => votingTheory({ lead: 0, errorRate: 0.1 })).toThrow(
      "votingTheory: lead must be a whole number of at least 1, got 0",
    );
    expect(() => votingTheory({ lead: 1, errorRate: 2 })).toThrow("errorRate must be a number from 0 to 1");
    expect(() => votingTheory({ lead: 1, errorRate: 0, votes: 3 } as never)).toThrow(
      "votingTheory: option 'votes' is unknown",
    );
  });
});

describe("allRight", () => {
  it("is the product over the steps", () => {
    expect(allRight(0, { lead: 1, errorRate: 0.2 })).toBe(1);
    expect(allRight(3, { lead: 1, errorRate: 0.2 })).toBeCloseTo(0.8 ** 3, 12);
    expect(allRight(10, { lead: 2, errorRate: 0.2 })).toBeCloseTo((1 / (1 + 1 / 16)) ** 10, 12);
    expect(allRight(3, { lead: 1, errorRate: 0.9 })).toBeCloseTo(0.1 ** 3, 12);
  });

  it("keeps its digits over a million steps", () => {
    // 1 - (1 + r^v)^-s = s r^v but for terms of (s r^v)^2, here 1e-12.
    const r = 0.001 / 0.999;
    expect(1 - allRight(1e6, { lead: 4, errorRate: 0.001 })).toBeCloseTo(1e6 * r ** 4, 11);
  });
});

describe("leadFor", () => {
  it("is the smallest lead with which all steps are right but for the probability of failure", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 20 }),
        fc.double({ min: 0.001, max: 0.45, noNaN: true }),
        fc.double({ min: 1e-6, max: 0.9, noNaN: true }),
        (steps, errorRate, failure) => {
          const v = leadFor({ steps, errorRate, failure });
          expect(1 - allRight(steps, { lead: v, errorRate })).toBeLessThanOrEqual(failure + 1e-12);
          if (v === 1) return;
          expect(1 - allRight(steps, { lead: v - 1, errorRate })).toBeGreaterThan(failure - 1e-12);
        },
      ),
      { seed: 2 },
    );
  });

  it("grows by 1 for every factor 1 / r in the number of steps", () => {
    const leads = [1, 4, 16, 64, 256, 1024].map((steps) => leadFor({ steps, errorRate: 0.2, failure: 0.1 }));
    expect(leads).toEqual([2, 3, 4, 5, 6, 7]);
    // Of the paper's gpt-4.1-mini, at a million steps (arXiv 2511.09030).
    expect(leadFor({ steps: 2 ** 20 - 1, errorRate: 0.0022, failure: 1e-4 })).toBe(4);
    expect(leadFor({ steps: 1e6, errorRate: 0, failure: 1e-9 })).toBe(1);
    expect(leadFor({ steps: 1e6, errorRate: 0.2, failure: 1 })).toBe(1);
  });

  it("is found at once where it is too large to be counted up to", () => {
    // (1 - s) / (1 + s) is exp(-2 s) with s = 2e-9 but for terms of s^3; one step in 10,001 is wrong at r^v = 1e-4.
    const lead = leadFor({ steps: 1, errorRate: 0.5 - 1e-9, failure: 1 / 10_001 });
    expect(lead / (Math.log(1e4) / 4e-9)).toBeCloseTo(1, 6);
  });

  it("says that votes do not help a model that is wrong half of the time", () => {
    expect(() => leadFor({ steps: 3, errorRate: 0.5, failure: 0.1 })).toThrow(
      "leadFor: errorRate must be from 0 and below 0.5, got 0.5: from a half on, more votes do not help",
    );
    expect(() => leadFor({ steps: 3, errorRate: 0.1, failure: 0 })).toThrow("failure must be");
    expect(() => leadFor({ steps: 0, errorRate: 0.1, failure: 0.1 })).toThrow("steps must be");
  });
});
