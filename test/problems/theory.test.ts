import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  globalTheory,
  randomTheory,
  roundRobinTheory,
  sequentialTheory,
} from "../../problems/blocks/theory.ts";
import { randomIndex, rngFrom } from "../../src/core/index.ts";

const probability = fc.double({ min: 0.15, max: 0.95, noNaN: true });
const smallSize = fc.integer({ min: 1, max: 6 });
const setting = { seed: 1, numRuns: 60 };

/** Expects two numbers to be equal to nine digits. */
function expectEqual(actual: number, exact: number) {
  expect(Math.abs(actual / exact - 1)).toBeLessThan(1e-9);
}

/** P(j of k blocks are correct) for fresh blocks. */
function binomial(k: number, j: number, p: number): number {
  let value = p ** j * (1 - p) ** (k - j);
  for (let i = 1; i <= j; i++) value *= (k - j + i) / i;
  return value;
}

describe("globalTheory", () => {
  it("is the hitting time of the exact Markov chain on the number of correct blocks under greedy acceptance", () => {
    // From i correct blocks a fresh solution of j goes to max(i, j):
    // E_i (1 - P(j <= i)) = 1 + sum_{j > i} P(j) E_j, E_k = 0.
    fc.assert(
      fc.property(smallSize, probability, (k, p) => {
        const times = new Array<number>(k + 1).fill(0);
        for (let i = k - 1; i >= 0; i--) {
          let above = 0;
          let later = 0;
          for (let j = i + 1; j <= k; j++) {
            above += binomial(k, j, p);
            later += binomial(k, j, p) * times[j]!;
          }
          times[i] = (1 + later) / above;
        }
        expectEqual(globalTheory({ successProbability: p })(k).applications, times[0]!);
      }),
      setting,
    );
  });
});

/** Mean of the time to get from k wrong blocks to none, when one application settles one of w with chance(w). */
function meanByConvolution(k: number, chance: (wrong: number) => number): number {
  let mean = 0;
  let shares = new Array<number>(k + 1).fill(0); // P(w wrong blocks after t applications)
  shares[k] = 1;
  for (;;) {
    const unfinished = shares.slice(1).reduce((sum, share) => sum + share, 0);
    mean += unfinished; // E[T] = sum_t P(T > t)
    if (unfinished < 1e-13) return mean;
    shares = shares.map(
      (share, w) =>
        (w === 0 ? share : share * (1 - chance(w))) + (w < k ? shares[w + 1]! * chance(w + 1) : 0),
    );
  }
}

describe("sequentialTheory", () => {
  it("is the mean of the exact distribution where each application settles a wrong block with probability p", () => {
    fc.assert(
      fc.property(smallSize, probability, (k, p) => {
        expectEqual(
          sequentialTheory({ successProbability: p })(k).applications,
          meanByConvolution(k, () => p),
        );
      }),
      setting,
    );
  });
});

describe("randomTheory", () => {
  it("is the mean of the exact distribution where the block is wrong with probability w / k", () => {
    fc.assert(
      fc.property(smallSize, probability, (k, p) => {
        const exact = meanByConvolution(k, (wrong) => (wrong / k) * p);
        expectEqual(randomTheory({ successProbability: p })(k).applications, exact);
      }),
      setting,
    );
  });

  it("is 2 k H_k at p = 1/2, the coupon collector of THEORY's Table 1", () => {
    expectEqual(randomTheory()(4).applications, 2 * 4 * (1 + 1 / 2 + 1 / 3 + 1 / 4));
  });
});

describe("roundRobinTheory", () => {
  it("is the hitting time of the exact Markov chain on the set of wrong blocks and the place in the circle", () => {
    // With a fixed set of wrong blocks, one circle from place i is a linear map of E(set, i) with
    // coefficient q^(number of wrong blocks); smaller sets are solved first.
    const exact = (k: number, p: number) => {
      const times: number[][] = [new Array(k).fill(0)];
      for (let wrong = 1; wrong < 2 ** k; wrong++) {
        const row = Array.from({ length: k }, (_, start) => {
          let constant = 0;
          let weight = 1;
          for (let step = 0; step < k; step++) {
            const place = (start + step) % k;
            const isWrong = (wrong >> place) & 1;
            constant += weight;
            if (isWrong) {
              constant += weight * p * times[wrong & ~(1 << place)]![(place + 1) % k]!;
              weight *= 1 - p;
            }
          }
          return constant / (1 - weight);
        });
        times.push(row);
      }
      return times.at(-1)![0]!;
    };
    fc.assert(
      fc.property(smallSize, probability, (k, p) => {
        expectEqual(roundRobinTheory({ successProbability: p })(k).applications, exact(k, p));
      }),
      setting,
    );
  });

  it("is the mean over the exact law of the last application: block j settles last, in round r", () => {
    // P(r, j) = q^(r-1) p (1 - q^r)^(j-1) (1 - q^(r-1))^(k-j), at application (r - 1) k + j.
    const p = 0.5;
    for (const k of [1, 2, 16, 64, 500]) {
      let mean = 0;
      let total = 0;
      for (let r = 1; r <= 80; r++) {
        const [before, now] = [1 - 0.5 ** (r - 1), 1 - 0.5 ** r];
        for (let j = 1; j <= k; j++) {
          const share = 0.5 ** (r - 1) * p * now ** (j - 1) * before ** (k - j);
          total += share;
          mean += share * ((r - 1) * k + j);
        }
      }
      expectEqual(total, 1);
      expectEqual(roundRobinTheory()(k).applications, mean);
    }
  });

  it("is within 4 standard errors of a direct simulation of k = 16 blocks", () => {
    const rng = rngFrom("round-robin");
    const times = Array.from({ length: 4000 }, () => {
      const wrong = new Set(Array.from({ length: 16 }, (_, block) => block));
      for (let application = 0; ; application++) {
        if (wrong.size === 0) return application;
        if (randomIndex(rng, 2) === 0) wrong.delete(application % 16);
      }
    });
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    // The exact variance, from E[T^2] = sum_t (2 t + 1) P(T > t).
    let [first, second] = [0, 0];
    for (let t = 0; t < 16 * 60; t++) {
      const [round, done] = [Math.floor(t / 16), t % 16];
      const unfinished = 1 - (1 - 0.5 ** (round + 1)) ** done * (1 - 0.5 ** round) ** (16 - done);
      first += unfinished;
      second += (2 * t + 1) * unfinished;
    }
    const standardError = Math.sqrt((second - first ** 2) / times.length);
    expect(Math.abs(mean - roundRobinTheory()(16).applications)).toBeLessThan(4 * standardError);
  });
});

describe("the cost of every strategy", () => {
  it("is the applications times m (n^2 + n (n - 1) / 2), with n = k l for global and n = l for local mutation", () => {
    const sizes = fc.record({
      successProbability: probability,
      tokensPerBlock: fc.integer({ min: 3, max: 50 }),
      modelSize: fc.integer({ min: 1, max: 70 }),
    });
    fc.assert(
      fc.property(smallSize, sizes, (k, { successProbability, tokensPerBlock: l, modelSize: m }) => {
        const options = { successProbability, tokensPerBlock: l, modelSize: m };
        const oneCall = (n: number) => m * (n * n + (n * (n - 1)) / 2);
        const global = globalTheory(options)(k);
        expect(global.primitiveCost).toBe(global.applications * oneCall(k * l));
        for (const theory of [sequentialTheory, randomTheory, roundRobinTheory]) {
          const local = theory(options)(k);
          expect(local.primitiveCost).toBe(local.applications * oneCall(l));
        }
      }),
      setting,
    );
  });

  it("defaults to p = 1/2, l = 8, m = 1", () => {
    expect(globalTheory()(3)).toEqual({ applications: 8, primitiveCost: 8 * (24 * 24 + (24 * 23) / 2) });
    expect(sequentialTheory()(3)).toEqual({ applications: 6, primitiveCost: 6 * (64 + 28) });
  });
});
