/**
 * The whole way from a campaign to the store's views, against exact theory: p = 1/2, l = 8, compact prompts,
 * where nothing is paid for than the blocks (Meyerson and Qiu, ICML 2025, section 3.3).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  blocks,
  defineCampaign,
  globalRewrite,
  globalTheory,
  localRewrite,
  openToRead,
  randomTheory,
  readRunCosts,
  roundRobinTheory,
  runCampaign,
  type ScheduleName,
  Store,
  type StrategyDefinition,
  sequentialTheory,
  simulated,
} from "allele";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const seeds = 40;
const l = 8;
const p = 0.5;
const m = 3;
const localSizes = [1, 2, 4, 8, 16, 32];

/** The variance of a geometric number of applications of success probability `chance`. */
const geometric = (chance: number) => (1 - chance) / chance ** 2;

/** Var T = sum_t (2 t + 1) P(T > t) - (sum_t P(T > t))^2, with the survival function of round-robin mutation. */
function roundRobinVariance(k: number): number {
  let [mean, square] = [0, 0];
  for (let t = 0; t < 100 * k; t++) {
    const [round, done] = [Math.floor(t / k), t % k];
    const survival = 1 - (1 - (1 - p) ** (round + 1)) ** done * (1 - (1 - p) ** round) ** (k - done);
    mean += survival;
    square += (2 * t + 1) * survival;
  }
  return square - mean ** 2;
}

/** Every strategy with its theory, the exact variance of its applications, and the tokens of one application. */
const cases = {
  global: {
    ...{ operator: globalRewrite(), sizes: [1, 2, 3, 4, 5, 6, 7, 8], theory: globalTheory },
    variance: (k: number) => geometric(p ** k),
    tokens: (k: number) => k * l,
  },
  sequential: {
    ...{ operator: local("sequential"), sizes: localSizes, theory: sequentialTheory },
    variance: (k: number) => k * geometric(p),
    tokens: () => l,
  },
  random: {
    ...{ operator: local("random"), sizes: localSizes, theory: randomTheory },
    variance: (k: number) =>
      Array.from({ length: k }, (_, i) => geometric(((i + 1) * p) / k)).reduce((sum, one) => sum + one, 0),
    tokens: () => l,
  },
  "round-robin": {
    ...{ operator: local("round-robin"), sizes: localSizes, theory: roundRobinTheory },
    variance: roundRobinVariance,
    tokens: () => l,
  },
} as const;

function local(schedule: ScheduleName) {
  return localRewrite({ schedule });
}

const setting = { tokensPerBlock: l, successProbability: p, modelSize: m };
const campaign = defineCampaign({
  name: "theory",
  problem: blocks({ tokensPerBlock: l, successProbability: p }),
  models: { mutator: simulated({ size: m }) },
  prompt: "compact",
  strategies: Object.fromEntries(
    Object.entries(cases).map(([name, { operator, sizes, theory }]): [string, StrategyDefinition] => [
      name,
      { operators: [operator], sizes, theory: theory(setting) },
    ]),
  ),
  sizes: localSizes,
  seeds,
});

const folder = mkdtempSync(join(tmpdir(), "allele-theory-"));
afterAll(() => rmSync(folder, { recursive: true }));

let runs: ReturnType<typeof readRunCosts> = [];
beforeAll(async () => {
  const path = join(folder, "theory.sqlite");
  const store = new Store(path);
  const { campaignId, status } = await runCampaign(campaign, { store, signal: new AbortController().signal });
  store.close();
  expect(status).toBe("done");
  const connection = openToRead(path);
  runs = readRunCosts(connection, campaignId);
  connection.close();
}, 60_000);

describe.each(Object.entries(cases))("%s mutation", (strategy, { sizes, theory, variance, tokens }) => {
  it.each(sizes)("of %i blocks takes the applications and costs the primitives that theory says", (k) => {
    const cell = runs.filter((run) => run.strategy === strategy && run.size === k);
    expect(cell.map(({ seed, isSolved }) => [seed, isSolved])).toEqual(
      Array.from({ length: seeds }, (_, index) => [index + 1, true]),
    );
    const exact = theory(setting)(k);
    const mean = cell.reduce((sum, run) => sum + run.applications, 0) / seeds;
    const standardError = Math.sqrt(variance(k) / seeds);
    expect(Math.abs(mean - exact.applications) / standardError).toBeLessThan(3);

    // Def. 2.2 with n tokens read and n written: m (n^2 + n (n - 1) / 2) for one application, in every run.
    const n = tokens(k);
    const oneCall = m * (n * n + (n * (n - 1)) / 2);
    for (const { applications, criticalPathCost, roles } of cell) {
      expect(roles).toEqual([
        {
          ...{ role: "mutator", modelSize: m, calls: applications, usd: undefined },
          ...{ inputTokens: applications * n, outputTokens: applications * n },
          ...{ primitiveCost: applications * oneCall, linearCost: m * applications * 2 * n },
        },
      ]);
      expect(criticalPathCost).toBe(applications * oneCall); // each waits for the one before it
    }
    const meanCost = cell.reduce((sum, { roles }) => sum + roles[0]!.primitiveCost, 0) / seeds;
    expect(meanCost).toBeCloseTo(mean * oneCall, 6);
    expect(exact.primitiveCost).toBe(exact.applications * oneCall);
  });
});
