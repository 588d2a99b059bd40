import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../../operators/global-rewrite.ts";
import { localRewrite } from "../../../operators/local-rewrite.ts";
import { kModule } from "../../../problems/k-module/problem.ts";
import {
  kModuleApplications,
  kModuleEvaluations,
  kModuleGlobalApplications,
  kModuleGlobalEvaluations,
  kModuleGlobalShare,
  kModuleRandomApplications,
  kModuleRandomEvaluations,
} from "../../../problems/k-module/theory.ts";
import {
  defineOperator,
  greedy,
  type Operator,
  proposed,
  randomIndex,
  sequential,
} from "../../../src/core/index.ts";
import { simulatedChooser } from "../../../src/llm/simulated-chooser.ts";
import { expectMean, geometric, hittingTime, runsOf } from "../blocks/measure.ts";

/** The applications and evaluations of runs that all reach the target. */
async function countsOf(size: number, options: number, operator: Operator, seeds: number) {
  const problem = kModule({ options });
  const runs = await runsOf({
    problem,
    size,
    operator,
    seeds,
    model: simulatedChooser(),
    promptMode: "normal",
  });
  expect(runs.map(({ result }) => result.stopReason)).toEqual(runs.map(() => "target"));
  const evaluated = ({ candidates }: (typeof runs)[number]) =>
    candidates.filter(({ evaluation, isCached }) => evaluation !== undefined && !isCached).length - 1;
  return { applications: runs.map(({ result }) => result.applications), evaluations: runs.map(evaluated) };
}

/** Mean and variance of the place of the first right one among so many in random order. */
function place(count: number) {
  return { mean: (count + 1) / 2, variance: (count ** 2 - 1) / 12 };
}

/**
 * Mean and variance of the evaluations with schedule `random`. Settings are digits, of which 0 is right. A step
 * draws a neighbour that was not evaluated yet, each alike: those that were cost nothing and change nothing.
 */
function randomEvaluations(k: number, o: number) {
  const neighbours = (solution: readonly number[]) =>
    solution.flatMap((own, module) =>
      Array.from({ length: o }, (_, option) => option).flatMap((option) =>
        option === own ? [] : [solution.with(module, option)],
      ),
    );
  const rightOf = (solution: readonly number[]) => solution.filter((option) => option === 0).length;
  const start = new Array<number>(k).fill(1);
  return hittingTime(
    { solution: start, seen: [start.join()] },
    ({ solution, seen }) => {
      const fresh = neighbours(solution).filter((one) => !seen.includes(one.join()));
      return fresh.map((one) => {
        const next = rightOf(one) > rightOf(solution) ? one : solution;
        return [{ solution: next, seen: [...seen, one.join()].sort() }, 1 / fresh.length] as const;
      });
    },
    ({ solution }) => rightOf(solution) === k,
  );
}

describe("local rewriting of a random module", () => {
  it.each([
    [1, 2],
    [1, 5],
    [2, 2],
    [2, 3],
    [3, 2],
    [2, 4],
  ])(
    "of %i modules with %i options takes the evaluations of the exact chain on what was evaluated",
    (k, o) => {
      expect(kModuleRandomEvaluations(k, { options: o }) / randomEvaluations(k, o).mean).toBeCloseTo(1, 9);
    },
  );

  it("takes (o - 1) k H_k applications, and as many evaluations as theory says, in runs of the engine", async () => {
    const [k, o] = [2, 4];
    const random = localRewrite({ schedule: "random" });
    const { applications, evaluations } = await countsOf(k, o, random, 150);
    expect(kModuleRandomApplications(k, { options: o })).toBeCloseTo(3 * 2 * (1 + 1 / 2), 9);
    expectMean(
      applications,
      kModuleRandomApplications(k, { options: o }),
      geometric(1 / 3) + geometric(1 / 6),
    );
    expectMean(evaluations, kModuleRandomEvaluations(k, { options: o }), randomEvaluations(k, o).variance);
  });
});

describe("local rewriting in sequence", () => {
  it("with little patience takes the applications of the exact chain, and of runs of the engine", async () => {
    const [k, o, patience] = [3, 5, 2];
    const { mean, variance } = hittingTime(
      { wrong: [0, 1, 2], current: 0, failures: 0 },
      ({ wrong, current, failures }) => {
        const isOver = failures + 1 === patience;
        const next = (current + 1) % k;
        const failed = { wrong, current: isOver ? next : current, failures: isOver ? 0 : failures + 1 };
        if (!wrong.includes(current)) return [[failed, 1]];
        const improved = { wrong: wrong.filter((one) => one !== current), current: next, failures: 0 };
        return [[improved, 1 / (o - 1)] as const, [failed, 1 - 1 / (o - 1)] as const];
      },
      ({ wrong }) => wrong.length === 0,
    );
    const exact = kModuleApplications(k, { options: o, patience });
    expect(exact / mean).toBeCloseTo(1, 9);
    const impatient = localRewrite({ schedule: sequential({ patience }) });
    expectMean((await countsOf(k, o, impatient, 100)).applications, mean, variance);
  });

  it("with the schedule's own patience of 50 is a little more than k (o - 1) where options are many", () => {
    expect(kModuleApplications(4, { patience: 50 })).toBeCloseTo(16, 2);
    expect(kModuleApplications(10, { options: 30 })).toBe(290);
    expect(kModuleApplications(10, { options: 30, patience: 50 })).toBeGreaterThan(400);
    expect(kModuleApplications(3, { options: 2, patience: 1 })).toBe(3);
  });

  it("works at any size: 40 modules of 6 options, in runs of the engine", async () => {
    const { applications, evaluations } = await countsOf(40, 6, localRewrite(), 4);
    expectMean(applications, kModuleApplications(40, { options: 6 }), 40 * geometric(1 / 5));
    expectMean(evaluations, kModuleEvaluations(40, { options: 6 }), 40 * place(5).variance);
  });
});

describe("global rewriting", () => {
  /** Sets every module to any of its options. */
  const uniform = defineOperator({
    name: "uniform",
    scope: "global",
    roles: [],
    async propose({ parents: [{ candidate }], rng }) {
      const drawn = candidate.genome.map(({ spec = "" }, index): [number, string] => {
        const options = spec.replace("one of: ", "").split(", ");
        return [index, `${options[randomIndex(rng, options.length)]}\n`];
      });
      return proposed(new Map(drawn));
    },
  });

  it("by uniform options is random search: o^k applications, o^k / 2 evaluations", async () => {
    const [k, o] = [2, 4];
    const { applications, evaluations } = await countsOf(k, o, uniform, 100);
    expect(kModuleGlobalApplications(k, { options: o })).toBe(16);
    expect(kModuleGlobalEvaluations(k, { options: o })).toBe(place(15).mean);
    expect(kModuleGlobalApplications(4)).toBe(625);
    expectMean(applications, 16, geometric(1 / 16));
    expectMean(evaluations, 8, place(15).variance);
  });

  it("by a chooser of other options gets stuck at the first right module, unless all are right at once", async () => {
    const share = kModuleGlobalShare(2, { options: 3 });
    expect(share).toBeCloseTo(1 / 3, 12);
    expect(kModuleGlobalShare(1)).toBeCloseTo(1, 12);
    const runs = await runsOf({
      ...{ problem: kModule({ options: 3 }), size: 2, operator: globalRewrite(), seeds: 100 },
      ...{ model: simulatedChooser(), promptMode: "normal", population: greedy(), stopAfter: 40 },
    });
    // After 40 applications a run without any right module is left with probability 4^-40.
    const solved = runs.map(({ result }) => (result.stopReason === "target" ? 1 : 0));
    expectMean(solved, share, share * (1 - share));
  });
});
