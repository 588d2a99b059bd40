import { describe, expect, it } from "vitest";
import {
  type Changes,
  defineOperator,
  type Evaluation,
  type Genome,
  greedy,
  type Instance,
  proposed,
  rejected,
  schedules,
} from "../../src/core/index.ts";
import { score } from "../score.ts";
import { addOne, operatorOf, run, sums } from "./fixtures.ts";

describe("a run", () => {
  it("records the initial solution and each candidate as a whole", async () => {
    const { candidates, recorder, result } = await run({ limits: { evaluations: 3 } });
    const [initial, first, second] = candidates;
    const genome = (...texts: string[]) => texts.map((text, i) => ({ name: "abc"[i], text }));
    expect(initial).toEqual({
      head: { sequence: 0, generation: 0, operator: "initial", parents: [] },
      status: "initial",
      rejectReason: undefined,
      candidate: {
        ...{ sequence: 0, generation: 0, operator: "initial", parents: [], changed: [0, 1, 2] },
        genome: genome("0\n", "0\n", "0\n"),
      },
      changes: new Map([0, 1, 2].map((index) => [index, "0\n"])),
      evaluation: { status: "ok", fitness: 0 },
      evaluationMs: expect.any(Number),
      calls: [],
    });
    expect(first).toEqual({
      head: { sequence: 1, generation: 1, operator: "test-local", parents: [initial!.candidate] },
      status: "accepted",
      rejectReason: undefined,
      candidate: {
        ...{ sequence: 1, generation: 1, operator: "test-local", parents: [0], changed: [0] },
        genome: genome("1\n", "0\n", "0\n"),
      },
      changes: new Map([[0, "1\n"]]),
      evaluation: { status: "ok", fitness: 1 },
      evaluationMs: expect.any(Number),
      calls: [],
    });
    expect(second).toMatchObject({
      candidate: { parents: [1], changed: [1], genome: genome("1\n", "1\n", "0\n") },
      changes: new Map([[1, "1\n"]]),
    });
    expect(recorder.results).toEqual([result]);
    expect(result).toEqual({
      ...{
        stopReason: "budget",
        detail: "3 evaluations",
        solvedBy: undefined,
        bestFitness: 2,
        applications: 2,
      },
      wallMs: expect.any(Number),
    });
  });

  it("ends at the first candidate that reaches the target, and names it", async () => {
    const { result, candidates } = await run({ instance: sums(3, 4) });
    expect(result).toMatchObject({
      stopReason: "target",
      solvedBy: 4,
      bestFitness: 4,
      applications: 4,
      detail: undefined,
    });
    expect(candidates.length).toBe(5);
  });

  it("ends at once, with no application, when the initial solution meets the target", async () => {
    const { result, candidates, recorder } = await run({ instance: sums(3, 0) });
    expect(result).toMatchObject({ stopReason: "target", solvedBy: 0, bestFitness: 0, applications: 0 });
    expect(candidates.length).toBe(1);
    expect(recorder.results).toEqual([result]);
  });

  it.each<[string, Instance["evaluate"], string]>([
    [
      "fails",
      () => ({ status: "failed", reason: "timeout", feedback: "too slow" }),
      "the initial solution's evaluation failed (timeout): too slow",
    ],
    [
      "throws",
      () => {
        throw new Error("no such file");
      },
      "the initial solution's evaluation failed (crash): no such file",
    ],
  ])(
    "ends with stop reason error when the evaluation of the initial solution %s",
    async (_case, evaluate, detail) => {
      const { result, recorder, candidates } = await run({ instance: { ...sums(1), evaluate } });
      expect(result).toMatchObject({
        ...{ stopReason: "error", detail, solvedBy: undefined, applications: 0 },
        bestFitness: Number.NEGATIVE_INFINITY,
      });
      expect(candidates.map(({ status, evaluation }) => [status, evaluation?.status])).toEqual([
        ["initial", "failed"],
      ]);
      expect(recorder.results).toEqual([result]);
    },
  );

  it("reports its progress after each candidate", async () => {
    const seen: unknown[] = [];
    await run({ instance: sums(3, 3), onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3].map((count) => ({ applications: count, bestFitness: count })));
  });

  it("never changes the components that the problem gave it", async () => {
    const instance = sums(2, 5);
    const before = structuredClone(instance.components);
    const { candidates } = await run({ instance });
    expect(instance.components).toEqual(before);
    for (const { candidate } of candidates) {
      expect(Object.isFrozen(candidate) && Object.isFrozen(candidate!.genome)).toBe(true);
      expect(candidate!.genome.every((component) => Object.isFrozen(component))).toBe(true);
    }
  });
});

/** What a record says of a rejection for a reason; nothing else may have come of the candidate. */
const rejection = (rejectReason: string) => ({
  ...{ status: "rejected", rejectReason, candidate: undefined, changes: new Map(), evaluation: undefined },
  ...{ evaluationMs: 0, calls: [] },
});

describe("a proposal", () => {
  it.each<[string, Changes, string]>([
    ["another component", new Map([[2, "9\n"]]), "2"],
    ["another component beside its own", new Map([2, 0].map((index) => [index, "9\n"])), "0, 2"],
    ["nothing", new Map(), "nothing"],
    ["a component that does not exist", new Map([[7, "9\n"]]), "7"],
  ])(
    "of a local operator that changes %s is rejected, and nothing else changes",
    async (_case, changes, got) => {
      const operator = operatorOf("local", () => proposed(changes));
      const { candidates, result } = await run({ operator, stopAfter: 2 });
      const head = { operator: "test-local", parents: [candidates[0]!.candidate] };
      expect(candidates.slice(1)).toEqual(
        [0, 1].map((announced) => ({
          head: { ...head, sequence: announced + 1, generation: announced + 1 },
          ...rejection(`local operator test-local announced component ${announced} and changed ${got}`),
        })),
      );
      expect(result).toMatchObject({ applications: 2, bestFitness: 0 });
    },
  );

  it("of a global operator may change any component, but none that does not exist", async () => {
    const { candidates } = await run({
      stopAfter: 2,
      operator: operatorOf("global", ({ parents }) =>
        proposed(
          new Map(
            parents[0].candidate.sequence === 0
              ? [
                  [2, "3\n"],
                  [0, "2\n"],
                ]
              : [
                  [0, "5\n"],
                  [3, "x"],
                ],
          ),
        ),
      ),
    });
    expect(candidates[1]).toMatchObject({
      status: "accepted",
      candidate: { changed: [0, 2] },
      evaluation: { fitness: 5 },
    });
    expect(candidates[2]).toMatchObject(rejection("component 3 is outside the 3 components"));
  });

  it("that gives its parent's texts again is rejected without an evaluation", async () => {
    const same = ({ parents }: { parents: readonly [{ candidate: { genome: Genome } }, ...unknown[]] }) =>
      proposed(new Map(parents[0].candidate.genome.map(({ text }, index) => [index, text])));
    const { candidates } = await run({ operator: operatorOf("global", same), stopAfter: 2 });
    for (const record of candidates.slice(1))
      expect(record).toMatchObject(rejection("the proposal equals its parent"));
    const one = operatorOf("local", ({ component }) => proposed(new Map([[component, "0\n"]])));
    expect((await run({ operator: one, stopAfter: 1 })).candidates[1]).toMatchObject(
      rejection("the proposal equals its parent"),
    );
  });

  it("keeps only the changes that change something", async () => {
    const operator = operatorOf("global", () =>
      proposed(new Map([0, 1, 2].map((index) => [index, `${index % 2}\n`]))),
    );
    const { candidates } = await run({ operator, stopAfter: 1 });
    expect(candidates[1]).toMatchObject({ changes: new Map([[1, "1\n"]]), candidate: { changed: [1] } });
  });

  it("is made well-formed Unicode, so that it can be kept as it was scored", async () => {
    const instance: Instance = {
      ...sums(1),
      evaluate: (genome) => ({ status: "ok", fitness: genome[0]!.text.length }),
    };
    const operator = operatorOf("local", () => proposed(new Map([[0, "\ud800 and more"]])));
    const { candidates } = await run({ instance, operator, stopAfter: 1 });
    expect(candidates[1]!.changes).toEqual(new Map([[0, "\ufffd and more"]]));
  });

  it("that the operator rejects is recorded with its reason and is no parent", async () => {
    const operator = operatorOf("local", (context) =>
      context.component === 1 ? rejected("the answer is empty") : addOne.propose(context),
    );
    const { candidates } = await run({ operator, stopAfter: 3 });
    expect(candidates.map(({ status }) => status)).toEqual(["initial", "accepted", "rejected", "accepted"]);
    expect(candidates[2]).toMatchObject(rejection("the answer is empty"));
    expect(candidates[3]!.head.parents).toEqual([candidates[1]!.candidate]);
  });
});

describe("an evaluation", () => {
  it.each<[string, () => Evaluation, Evaluation]>([
    [
      "that throws is a crash",
      () => {
        throw new Error("stack overflow");
      },
      { status: "failed", reason: "crash", feedback: "stack overflow" },
    ],
    [
      "of NaN is invalid",
      () => ({ status: "ok", fitness: Number.NaN }),
      { status: "failed", reason: "invalid", feedback: "expected a finite fitness, got NaN" },
    ],
    [
      "without end is invalid",
      () => ({ status: "ok", fitness: Number.POSITIVE_INFINITY }),
      { status: "failed", reason: "invalid", feedback: "expected a finite fitness, got Infinity" },
    ],
    [
      "that fails keeps its reason",
      () => ({ status: "failed", reason: "memory" }),
      { status: "failed", reason: "memory" },
    ],
  ])("%s: the candidate is discarded and the run goes on", async (_case, bad, evaluation) => {
    for (const evaluate of [bad, async () => bad()]) {
      let count = 0;
      const instance = {
        ...sums(2),
        evaluate: (genome: Genome) => (count++ === 1 ? evaluate() : score(sums(2), genome)),
      };
      const { candidates, result } = await run({ instance, stopAfter: 2 });
      expect(candidates[1]).toMatchObject({ status: "discarded", evaluation, candidate: { sequence: 1 } });
      expect(candidates[2]).toMatchObject({ status: "accepted", candidate: { parents: [0] } });
      expect(result).toMatchObject({ applications: 2, bestFitness: 1 });
    }
  });

  it("that is worse or equal is discarded, and the next candidate starts from the same parent", async () => {
    const texts = ["-1\n", "0.0\n", "2\n"];
    const operator = operatorOf("local", ({ component }) =>
      proposed(new Map([[component, texts[component]!]])),
    );
    const { candidates, result } = await run({ operator, stopAfter: 3 });
    expect(candidates.map(({ status }) => status)).toEqual(["initial", "discarded", "discarded", "accepted"]);
    expect(candidates.slice(1).map(({ candidate }) => candidate!.parents)).toEqual([[0], [0], [0]]);
    expect(result.bestFitness).toBe(2);
  });
});

describe("the operators of a run", () => {
  it("are chosen as often as their weights say", async () => {
    // Binomial: n = 2000, p = 3/4; 4 standard errors.
    const other = operatorOf("global", () => rejected("never mind"));
    const operators = [
      { operator: addOne, weight: 3 },
      { operator: other, weight: 1 },
    ];
    const { candidates } = await run({ operators, stopAfter: 2000 });
    const local = candidates.filter(({ head }) => head.operator === "test-local").length;
    expect(Math.abs(local - 1500)).toBeLessThan(4 * Math.sqrt(2000 * 0.75 * 0.25));
  });

  it("keep a schedule each: a circle goes on however the operators take turns", async () => {
    const operators = ["one", "two"].map((name) => ({ operator: { ...addOne, name }, weight: 1 }));
    const { candidates } = await run({ operators, stopAfter: 60 });
    for (const name of ["one", "two"]) {
      const changed = candidates
        .filter(({ head }) => head.operator === name)
        .map(({ candidate }) => candidate!.changed);
      expect(changed.length).toBeGreaterThan(10);
      expect(changed).toEqual(changed.map((_, turn) => [turn % 3]));
    }
  });

  it("get the parents that they need, and the record names them", async () => {
    const operator = defineOperator({
      ...{ name: "cross", scope: "recombination", roles: [], parentCount: 2 },
      propose: async ({ parents, component }) => {
        expect([parents.length, component]).toEqual([2, -1]);
        return proposed(new Map([[0, `${Number(parents[1]!.candidate.genome[0]!.text) + 1}\n`]]));
      },
    });
    const { candidates } = await run({ operator, stopAfter: 2 });
    expect(candidates.map(({ candidate }) => candidate!.parents)).toEqual([[], [0, 0], [1, 1]]);
  });

  it("are told of a generation's outcomes when the next generation is asked for", async () => {
    // A (1+3) generation: the sequential schedule may not react to the first child before the others are made.
    const operator = { ...addOne, schedule: schedules.sequential };
    const population = greedy({ offspring: 3 });
    for (const inFlight of [1, 3]) {
      const { candidates } = await run({ operator, population, inFlight, stopAfter: 6 });
      expect(candidates.slice(1).map(({ candidate }) => candidate!.changed)).toEqual([
        [0],
        [0],
        [0],
        [1],
        [1],
        [1],
      ]);
    }
  });

  it("stay on a component while it does not improve, also when ties enter the population", async () => {
    const texts = ["0.0\n", "00\n", "1\n", "1.0\n"]; // a tie, a tie, better, and one for the next component
    const operator = {
      ...operatorOf("local", ({ component }) => proposed(new Map([[component, texts.shift()!]]))),
      schedule: schedules.sequential,
    };
    const { candidates } = await run({ operator, population: greedy({ acceptTies: true }), stopAfter: 4 });
    expect(candidates.slice(1).map(({ status }) => status)).toEqual(new Array(4).fill("accepted"));
    expect(candidates.slice(1).map(({ candidate }) => candidate!.changed)).toEqual([[0], [0], [0], [1]]);
  });

  it("must have a model for every role they name, and an error of their own ends the run as an exception", async () => {
    const operator = defineOperator({ ...addOne, schedule: schedules.random, roles: ["judge"] });
    await expect(run({ operator })).rejects.toThrow("Operator 'test-local' needs a model for role judge");
    const broken = operatorOf("local", () => {
      throw new TypeError("undefined is no function");
    });
    await expect(run({ operator: broken })).rejects.toThrow(TypeError);
  });
});
