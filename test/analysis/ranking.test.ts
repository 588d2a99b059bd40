import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { compareStrategies, type RunRow, type Separation, shareWithin } from "../../src/analysis/index.ts";
import { type RankedStrategy, rank } from "../../src/analysis/ranking.ts";
import { holmAdjust, logRankTest } from "../../src/analysis/survival.ts";
import { geo6, runRow, sequential, simulateRuns, uniform } from "./simulate.ts";

/** Runs of one strategy at one size that made these calls each. */
function solved(strategy: string, size: number, ...calls: number[]): RunRow[] {
  return calls.map((one, seed) => runRow({ strategy, size, seed, calls: one }));
}

function missed(strategy: string, size: number, ...calls: number[]): RunRow[] {
  return solved(strategy, size, ...calls).map((run) => ({ ...run, isSolved: false }));
}

/** Runs that made no call at all, such as those of a crossover. */
function free(strategy: string, size: number, seeds: number, isSolved = true): RunRow[] {
  return solved(strategy, size, ...new Array<number>(seeds).fill(0)).map((run) => ({
    ...run,
    isSolved,
    applications: 3,
    roles: [],
  }));
}

function compare(...runs: readonly (readonly RunRow[])[]) {
  const comparison = compareStrategies(runs.flat(), { costModel: "calls" });
  const { ranking, recommendation } = comparison;
  if (ranking === undefined) throw new Error("expected a ranking");
  const row = (name: string) => {
    const found = ranking.rows.find(({ strategy }) => strategy === name);
    if (found === undefined) throw new Error(`expected a row of ${name}`);
    return found;
  };
  return { ...comparison, ranking, row, text: recommendation.join(" ") };
}

const ten = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
const times = (factor: number) => ten.map((one) => one * factor);

describe("the ranking", () => {
  it("orders by expected cost and tests each against the best, corrected for all pairs", () => {
    const close = ten.map((one) => one + 2);
    const { ranking, row } = compare(
      solved("far", 4, ...times(4)),
      solved("close", 4, ...close),
      solved("best", 4, ...ten),
    );
    expect(ranking.size).toBe(4);
    expect(ranking.rows.map(({ strategy, isBest, isTied }) => [strategy, isBest, isTied])).toEqual([
      ["best", true, false],
      ["close", false, true],
      ["far", false, false],
    ]);
    const survival = (values: readonly number[]) => values.map((value) => ({ value, isCensored: false }));
    const test = (left: readonly number[], right: readonly number[]) =>
      logRankTest(survival(left), survival(right)) ?? Number.NaN;
    const ps = [test(times(4), close), test(times(4), ten), test(close, ten)];
    const [, farP, closeP] = holmAdjust(ps);
    expect(row("far")).toMatchObject({
      p: expect.closeTo(ps[1] ?? 0, 12),
      adjustedP: expect.closeTo(farP ?? 0, 12),
    });
    expect(row("close")).toMatchObject({
      p: expect.closeTo(ps[2] ?? 0, 12),
      adjustedP: expect.closeTo(closeP ?? 0, 12),
    });
    // Means 15.5, 17.5 and 62.
    expect(row("best")).toMatchObject({ cost: { mean: expect.closeTo(15.5, 9) }, timesBest: { ratio: 1 } });
    expect(row("close").timesBest?.ratio).toBeCloseTo(17.5 / 15.5, 9);
    expect(row("far").timesBest?.ratio).toBeCloseTo(4, 9);
    expect(row("far").timesBest?.low).toBeGreaterThan(3);
    expect(row("far").timesBest?.high).toBeLessThan(5);
  });

  it("is made at the largest size at which two strategies have a solved run", () => {
    const runs = [solved("a", 2, 3, 4), solved("a", 4, 8, 9), solved("a", 8, 20, 21)];
    const others = [
      solved("b", 2, 7, 8),
      solved("b", 4, 30, 31),
      missed("b", 8, 90, 90),
      solved("c", 2, 1, 2),
    ];
    const { ranking, row } = compare(...runs, ...others);
    expect(ranking.size).toBe(4);
    expect(row("c")).toMatchObject({ standing: "not run", runs: 0, cost: undefined, isTied: false });
    expect(ranking.rows.map(({ strategy }) => strategy)).toEqual(["a", "b", "c"]);
    // Where no size has two, the largest with any; where none has any, the largest.
    expect(
      compare(solved("a", 2, 3), missed("b", 2, 9), solved("b", 1, 9), missed("a", 8, 9)).ranking.size,
    ).toBe(2);
    expect(compare(missed("a", 2, 3), missed("b", 4, 9)).ranking.size).toBe(4);
  });

  it("bounds the cost of a strategy that never met the target by the rule of three", () => {
    const { row, text } = compare(solved("a", 4, ...ten), missed("b", 4, ...times(10)), missed("c", 4, 0, 0));
    expect(row("b")).toMatchObject({ standing: "never solved", solved: 0, successRate: 0, cost: undefined });
    const total = 1550;
    expect(row("b").costAtLeast).toBeCloseTo(total / 3, 9);
    // A memoryless strategy of that mean meets the target in 95 % of such runs; one 1 % dearer in fewer.
    expect(Math.exp(-total / (row("b").costAtLeast ?? 0))).toBeLessThan(0.05);
    expect(Math.exp(-total / (1.01 * (row("b").costAtLeast ?? 0)))).toBeGreaterThan(0.05);
    expect(row("c").costAtLeast).toBe(0);
    expect(row("b")).toMatchObject({ isTied: false });
    expect(row("c")).toMatchObject({ isTied: true });
    expect(text).toMatch(
      /^Take a, which alone reached the target at k = 4: 15\.5 \[\S+ \S+\] calls\. c never reached the target in 2 runs, too few to tell from the best; b never reached the target in 10 runs\.$/,
    );
    const early = [missed("h", 1, 9, 9, 9), missed("i", 1, 9, 9, 9), missed("j", 2, 9, 9)];
    const hopeless = compare(solved("a", 4, ...ten), solved("k", 4, ...ten), ...early);
    expect(hopeless.row("h").largestRun).toEqual({ size: 1, runs: 3, solved: 0 });
    expect(hopeless.text).toMatch(
      / h and i never reached the target at k = 1 and were not run beyond; j never reached the target at k = 2 and was not run beyond\.$/,
    );
    const failed = [missed("b", 4, ...times(10)), missed("d", 4, ...times(9)), missed("e", 4, ...times(8))];
    expect(compare(solved("a", 4, ...ten), solved("f", 2, 1), solved("g", 3, 1), ...failed).text).toMatch(
      / calls\. e, d and b never reached the target in 10 runs each; f and g were not run at k = 4\.$/,
    );
  });

  it("calls one of eight equal strategies different in about 5 % of all rankings, though it picks the best itself", () => {
    const random = seedrandom.alea("family of tests");
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let alarms = 0;
    const repetitions = 400;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const groups = names.map((name) =>
        solved(name, 4, ...Array.from({ length: 10 }, () => -Math.log(1 - random()))),
      );
      const strategies = groups.map((runs, index): RankedStrategy => {
        const mean = runs.reduce((sum, run) => sum + run.applications, 0) / runs.length;
        return {
          strategy: names[index] ?? "",
          runs,
          sizes: [{ size: 4, runs: 10, solved: 10, successRate: 1, cost: { mean } } as never],
          growth: {} as never,
        };
      });
      const survival = (runs: RunRow[]) =>
        runs.map(({ applications }) => ({ value: applications, isCensored: false }));
      const separations = groups.flatMap((left, i) =>
        groups.slice(i + 1).map((right, j) => {
          const p = logRankTest(survival(left), survival(right)) ?? 1;
          return {
            costlier: names[i],
            cheaper: names[i + 1 + j],
            ratios: [],
            logRank: [{ size: 4, p }],
          } as never;
        }),
      ) as Separation[];
      const ranking = rank(strategies, separations, "calls");
      if (ranking?.rows.some(({ isBest, isTied }) => !isBest && !isTied)) alarms++;
    }
    // Simulated apart: 7 % (the log-rank test is a little liberal at ten runs) against 19 % where only the seven
    // tests against the best are corrected. Standard error of this share: 1.3 points.
    expect(alarms / repetitions).toBeLessThan(0.11);
  });
});

describe("strategies that cost nothing", () => {
  it("rank first without a ratio to them, and break nothing", () => {
    const { row, ranking, ecdf, text, separations } = compare(
      solved("paid", 4, ...ten),
      free("free", 4, 10),
      free("stuck", 4, 10, false),
    );
    expect(ranking.rows.map(({ strategy }) => strategy)).toEqual(["free", "paid", "stuck"]);
    expect(row("free")).toMatchObject({ cost: { mean: 0 }, timesBest: { ratio: 1 } });
    expect(row("paid")).toMatchObject({ timesBest: undefined, isTied: false });
    expect(row("stuck")).toMatchObject({ standing: "never solved", costAtLeast: 0 });
    expect(ecdf[0]).toMatchObject({ strategy: "free", steps: [{ cost: 0, share: 1 }], observedTo: 0 });
    expect(text).toContain("Take free: no cost in calls at k = 4; paid, the next, costs 15.5 [");
    expect(separations.map(({ sentence }) => sentence)).toContain(
      "paid over free: not comparable, because free cost nothing.",
    );
  });

  it("tie where all of them do", () => {
    const { text, row } = compare(free("a", 4, 5), free("b", 4, 5));
    expect(row("b")).toMatchObject({ p: undefined, isTied: true, timesBest: undefined });
    expect(text).toContain(
      "Nothing tells a and b apart at k = 4: a is the cheapest on average, with no cost in calls,",
    );
  });
});

describe("the distribution of the cost to target", () => {
  it("is Kaplan and Meier's estimate, known as far as a run went", () => {
    // Survival 4/5 after 1; 2 is censored; 4/5 * 2/3 after 3; 4/5 * 2/3 * 1/2 after 4; 9 is censored.
    const { ecdf } = compare(solved("a", 4, 1, 3, 4), missed("a", 4, 2, 9));
    const [one] = ecdf;
    if (one === undefined) throw new Error("expected a distribution");
    expect(one).toEqual({
      strategy: "a",
      size: 4,
      runs: 5,
      steps: [
        { cost: 1, share: expect.closeTo(1 / 5, 12) },
        { cost: 3, share: expect.closeTo(7 / 15, 12) },
        { cost: 4, share: expect.closeTo(11 / 15, 12) },
      ],
      observedTo: 9,
    });
    const shares = [0.5, 1, 2.9, 4, 9, 10].map((cost) => shareWithin(one, cost));
    const close = (value: number) => expect.closeTo(value, 12);
    expect(shares).toEqual([0, close(1 / 5), close(1 / 5), close(11 / 15), close(11 / 15), undefined]);
  });

  it("reaches all runs where all were solved, and none where none was", () => {
    const { ecdf } = compare(solved("a", 4, 5, 1, 5, 2), missed("b", 4, 7));
    expect(ecdf.map(({ steps }) => steps.map(({ cost, share }) => [cost, share]))).toEqual([
      [
        [1, 0.25],
        [2, 0.5],
        [5, 1],
      ],
      [],
    ]);
    const [all, none] = ecdf;
    expect(all && shareWithin(all, 1e9)).toBe(1);
    expect(none && [shareWithin(none, 7), shareWithin(none, 8)]).toEqual([0, undefined]);
  });

  it("follows that of an exponential cost", () => {
    const random = seedrandom.alea("ecdf");
    const costs = Array.from({ length: 400 }, () => -100 * Math.log(1 - random()));
    const cap = (cost: number, seed: number) => Math.min(cost, seed % 2 === 0 ? 80 : 300);
    const runs = costs.map((cost, seed) => {
      const [run] = solved("a", 4, cap(cost, seed));
      return { ...run, seed, isSolved: cost <= cap(cost, seed) } as RunRow;
    });
    const [one] = compare(runs).ecdf;
    // Half of the runs are stopped at 80. Standard error at most 0.034 (Greenwood); 4 of them.
    for (const cost of [20, 50, 100, 200]) {
      expect(Math.abs((one && shareWithin(one, cost)) ?? 0) - (1 - Math.exp(-cost / 100))).toBeLessThan(0.14);
      expect(1 - Math.exp(-cost / 100) - ((one && shareWithin(one, cost)) ?? 0)).toBeLessThan(0.14);
    }
  });
});

describe("the recommendation", () => {
  const simulated = (strategy: string, sampler: typeof sequential, sizes = geo6) =>
    simulateRuns({ strategy, sampler, sizes, seeds: () => 30, randomSeed: strategy });
  const linear = simulated("linear", sequential);
  const random = simulated("random", uniform);

  it("names the next that differs, how the gap grows, and what failed or was not run", () => {
    const { text } = compare(random, linear, solved("small", 2, 5, 6, 7), missed("stuck", 64, ...times(10)));
    const number = String.raw`\d+ \[\d+, \d+\]`;
    expect(text).toMatch(
      new RegExp(
        `^Take linear: ${number} calls at k = 64, \\d\\.\\d+ times less than random, the next\\. ` +
          "linear grows as Θ\\(k\\), random as Θ\\(k log k\\)( \\(a best guess\\))?: the gap widens with k\\. " +
          "stuck never reached the target in 10 runs; small was not run at k = 64\\.$",
      ),
    );
  });

  it("warns where the cheapest one grows faster", () => {
    const slow = linear.map((run) => runRow({ ...run, strategy: "slow", calls: 40 * run.applications }));
    expect(compare(slow, random).text).toContain(
      "slow as Θ(k): the gap narrows with k, so measure larger sizes before you rely on it there.",
    );
  });

  it("calls a gap between strategies of one class a constant factor", () => {
    const thrice = linear.map((run) => runRow({ ...run, strategy: "thrice", calls: 3 * run.applications }));
    const { text } = compare(linear, thrice);
    expect(text).toContain(
      "3.00 times less than thrice, the next. Both grow as Θ(k): the gap is a constant factor.",
    );
  });

  it("names those that cannot be told apart", () => {
    const close = ten.map((one) => one + 1);
    expect(
      compare(solved("a", 4, ...ten), solved("b", 4, ...close), solved("c", 4, ...times(4))).text,
    ).toMatch(
      /^Take a: 15\.5 \[[^\]]+\] calls at k = 4, 4\.00 times less than c, the next that differs; a and b cannot be told apart here\. The data do not suffice to say how the gap to c changes with k\.$/,
    );
    expect(compare(solved("a", 4, ...ten), solved("b", 4, ...close)).text).toMatch(
      /^Nothing tells a and b apart at k = 4: a is the cheapest on average, with 15\.5 \[[^\]]+\] calls, but the data do not suffice for a choice; add seeds or larger sizes\.$/,
    );
  });

  it("says where the data do not suffice", () => {
    expect(compare(solved("a", 4, 7)).text).toBe(
      "Only a was run, so there is nothing to compare it with: 7 calls at k = 4.",
    );
    expect(compare(solved("a", 4, 7), solved("b", 4, 9)).text).toContain(
      "Nothing tells a and b apart at k = 4",
    );
    expect(compare(missed("a", 2, 7), missed("b", 4, 9)).text).toBe(
      "Nothing can be recommended, since no run reached the target, up to k = 4: raise the budget of a run or take smaller sizes.",
    );
    const { recommendation } = compareStrategies(solved("a", 4, 7, 8), { costModel: "usd" });
    expect(recommendation).toEqual([
      "Nothing can be recommended, since no cost in US dollars is known for a: declare the prices of the models, or compare under another cost model.",
    ]);
    const four = [1, 2, 3, 4];
    expect(compare(solved("a", 4, ...four), solved("b", 4, ...four.map((one) => 90 * one))).text).toContain(
      "This is provisional: it rests on 4 runs of a strategy; add seeds.",
    );
  });

  it("ranks what has a price above what has none", () => {
    const priced = [3, 4, 5].map((calls, seed) =>
      runRow({ strategy: "b", size: 4, seed, calls, usd: calls }),
    );
    const { ranking, recommendation } = compareStrategies([...solved("a", 4, 1, 2), ...priced], {
      costModel: "usd",
    });
    expect(ranking?.rows.map(({ strategy, standing, isTied }) => [strategy, standing, isTied])).toEqual([
      ["b", "solved", false],
      ["a", "cost unknown", false],
    ]);
    expect(recommendation[0]).toMatch(
      /^Take b: 4 \[\S+ \S+\] US dollars at k = 4, where nothing else was run whose cost is known\.$/,
    );
  });

  it("begins with the structure of the problem and says how many runs were solved", () => {
    const runs = [...solved("a", 4, ...ten), ...missed("a", 4, 20, 20), ...solved("b", 4, ...times(9))];
    const { recommendation } = compareStrategies(runs, {
      costModel: "calls",
      structure: " Components independent.",
    });
    expect(recommendation[0]).toMatch(
      /^Components independent: take a: 1\d\.\d \[[^\]]+\] calls \(10 of 12 runs solved\) at k = 4, \d\.\d+ times less than b, the next\.$/,
    );
  });
});
