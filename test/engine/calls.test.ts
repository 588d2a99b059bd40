import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { blocks } from "../../problems/blocks/problem.ts";
import { Budget, type BudgetLimits, greedy, primitiveCost, proposed } from "../../src/core/index.ts";
import { type Answer, type ScriptedModel, scripted } from "../scripted-model.ts";
import { asking, type MemoryRecorder, operatorOf, run, sums } from "./fixtures.ts";

const costOf = (recorder: MemoryRecorder) =>
  recorder.calls.reduce(
    (sum, { model, inputTokens: n = 0, outputTokens: t = 0 }) =>
      sum + primitiveCost({ modelSize: model.size, inputTokens: n, outputTokens: t }),
    0,
  );

/** Every request that reached the model is recorded exactly once. Seeds tell the requests of a run apart. */
function expectEachRecordedOnce(model: ScriptedModel, recorder: MemoryRecorder) {
  const seeds = model.requests.map(({ seed }) => seed!);
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(recorder.calls.map(({ request }) => request.seed!).sort()).toEqual(seeds.sort());
}

/** Answers "1", "2", ... of one token each after as many turns of the event loop as `turns` says. */
const counting =
  (turns: (index: number) => number = () => 0) =>
  async (_request: unknown, index: number): Promise<Answer> => {
    for (let turn = turns(index); turn > 0; turn--) await new Promise(setImmediate);
    return `${index + 1}\n`;
  };

describe("the calls of a run", () => {
  it("belong to their candidate, in order, with role, seed and answer", async () => {
    const model = scripted(["first", "7\n"]);
    const { candidates } = await run({ models: { mutator: model }, operator: asking(2), stopAfter: 1 });
    model.finish();
    expect(candidates[1]!.calls).toMatchObject([
      { role: "mutator", model, text: "first", request: model.requests[0], outcome: "ok" },
      { role: "mutator", model, text: "7\n", request: model.requests[1], outcome: "ok" },
    ]);
    expect(candidates[1]).toMatchObject({ evaluation: { fitness: 7 } });
  });

  it("have seeds that are whole numbers from 0 to 2^31 - 1, spread over that range, and the same each time", async () => {
    const seeds = async () => {
      const model = scripted(counting());
      await run({ models: { mutator: model }, operator: asking(4), stopAfter: 250 });
      return model.requests.map(({ seed }) => seed!);
    };
    const all = await seeds();
    expect(all.filter((seed) => !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31))).toEqual([]);
    // The mean of n uniform numbers has standard error range / sqrt(12 n); 4 of them.
    const mean = all.reduce((sum, seed) => sum + seed, 0) / all.length;
    expect(Math.abs(mean - 2 ** 30)).toBeLessThan((4 * 2 ** 31) / Math.sqrt(12 * all.length));
    expect(new Set(all).size).toBe(1000);
    expect(await seeds()).toEqual(all);
  });

  it("of a model that must be kept are recorded one by one, after their candidate was announced", async () => {
    const model = scripted(counting(), { isDeterministic: false });
    const { recorder, candidates } = await run({
      models: { mutator: model },
      operator: asking(2),
      stopAfter: 3,
    });
    expect(recorder.begun).toEqual(candidates.slice(1).map(({ head }) => head));
    expect(candidates.map(({ calls }) => calls)).toEqual([[], [], [], []]);
    expectEachRecordedOnce(model, recorder);
  });

  it("of a candidate that came to nothing are recorded with its rejection", async () => {
    const model = scripted(["no components here"]);
    const options = { instance: blocks().instance({ size: 2, seed: 1 }), operator: globalRewrite() };
    const { candidates } = await run({ ...options, models: { mutator: model }, stopAfter: 1 });
    expect(candidates[1]).toMatchObject({
      ...{ status: "rejected", rejectReason: "the answer lacks component block-1" },
      calls: [{ text: "no components here", outcome: "ok" }],
    });
  });
});

describe("failing models", () => {
  it("make rejected candidates that keep the failed call", async () => {
    const model = scripted([new Error("overloaded"), "4\n"]);
    const { candidates, result } = await run({
      models: { mutator: model },
      operator: asking(),
      stopAfter: 2,
    });
    const rejectReason = "Model 'scripted' of provider test failed: overloaded";
    expect(candidates[1]).toMatchObject({ status: "rejected", rejectReason, calls: [{ outcome: "error" }] });
    expect(candidates[2]).toMatchObject({ status: "accepted", calls: [{ outcome: "ok" }] });
    expect(result.stopReason).toBe("interrupted"); // by the test, not by one failure
  });

  it("end the run after five failures in a row, each of them recorded", async () => {
    const down = new Error("down");
    // Four failures, a success that starts the count anew, a rejection that does too, then five.
    const script = [down, down, down, down, "1\n", down, "0\n", ...new Array<Error>(5).fill(down)];
    for (const isDeterministic of [true, false]) {
      const model = scripted(script, { isDeterministic });
      const { result, recorder } = await run({
        models: { mutator: model },
        operator: asking(),
        instance: sums(1),
      });
      model.finish();
      expect(result).toMatchObject({
        ...{ stopReason: "error", applications: script.length, bestFitness: 1 },
        detail: "5 model calls failed in a row; the last: Model 'scripted' of provider test failed: down",
      });
      expectEachRecordedOnce(model, recorder);
    }
  });
});

describe("the budgets of a run", () => {
  it.each([2, 5, 6, 7])(
    "of %i evaluations is used up, never exceeded, and not used by rejected candidates",
    async (evaluations) => {
      for (const inFlight of [1, 3]) {
        const model = scripted((_request, index) => (index % 3 === 1 ? new Error("no") : `${index + 1}\n`));
        const { candidates, result } = await run({
          ...{ models: { mutator: model }, operator: asking(), inFlight, limits: { evaluations } },
          ...{ instance: sums(1), population: greedy({ offspring: inFlight }) },
        });
        expect(candidates.filter(({ evaluation }) => evaluation !== undefined).length).toBe(evaluations);
        expect(result).toMatchObject({ stopReason: "budget", detail: `${evaluations} evaluations` });
      }
    },
  );

  it("of one evaluation is used up by the initial solution", async () => {
    const { result, candidates } = await run({ limits: { evaluations: 1 } });
    expect([result.stopReason, result.applications, candidates.length]).toEqual(["budget", 0, 1]);
  });

  it.each<[string, BudgetLimits]>([
    ["calls", { calls: 7 }],
    ["primitive cost", { primitiveCost: 200 }],
  ])(
    "of %s is never exceeded, and what it let through is recorded, also of the candidate it cut short",
    async (_budget, limits) => {
      for (const inFlight of [1, 4]) {
        for (const isDeterministic of [true, false]) {
          const model = scripted(
            counting((index) => (index * 7) % 5),
            { isDeterministic },
          );
          const budget = new Budget(limits);
          const { recorder, result } = await run({
            ...{ models: { mutator: model }, operator: asking(2), budgets: [budget], inFlight },
            ...{ instance: sums(8), population: greedy({ offspring: inFlight }) },
          });
          expect(result.stopReason).toBe("budget");
          expectEachRecordedOnce(model, recorder);
          expect(recorder.calls.length).toBeGreaterThan(3);
          expect(recorder.calls.length).toBeLessThanOrEqual(limits.calls ?? Number.POSITIVE_INFINITY);
          expect(costOf(recorder)).toBeLessThanOrEqual(limits.primitiveCost ?? Number.POSITIVE_INFINITY);
          expect([budget.spentCalls, budget.spentCost]).toEqual([recorder.calls.length, costOf(recorder)]);
        }
      }
    },
  );

  it("of calls lets exactly so many through, one at a time: seven calls are three candidates and a half", async () => {
    const model = scripted(counting());
    const budgets = [new Budget({ calls: 7 }), new Budget({})];
    const { result, candidates, recorder } = await run({
      models: { mutator: model },
      operator: asking(2),
      budgets,
    });
    expect(result).toMatchObject({ stopReason: "budget", detail: "7 calls", applications: 3 });
    expect([candidates.length, recorder.calls.length, model.requests.length]).toEqual([4, 7, 7]);
  });

  it("of wall time starts no candidate after it", async () => {
    // A clock that each call moves on by 10 s: candidates start at 0, 10, 20 and 30 s of 35 s.
    let clockMs = 5000;
    const model = scripted(() => {
      clockMs += 10_000;
      return `${clockMs}\n`;
    });
    const { result } = await run({
      ...{ models: { mutator: model }, operator: asking(), limits: { wallMs: 35_000 }, now: () => clockMs },
    });
    expect(result).toMatchObject({
      stopReason: "budget",
      detail: "35000 ms wall time",
      applications: 4,
      wallMs: 40_000,
    });
  });

  it("of wall time aborts what is in flight when it is over, and records it", async () => {
    const never = scripted(
      ({ signal }) => new Promise((_, reject) => signal?.addEventListener("abort", reject)),
    );
    const { result, recorder } = await run({
      models: { mutator: never },
      operator: asking(),
      limits: { wallMs: 30 },
    });
    expect(result).toMatchObject({ stopReason: "budget", detail: "30 ms wall time", applications: 0 });
    expect(recorder.calls).toMatchObject([{ outcome: "aborted" }]);
    const evaluating = await run({
      limits: { wallMs: 30 },
      instance: {
        ...sums(1),
        evaluate: (_genome, signal) => new Promise((_, reject) => signal.addEventListener("abort", reject)),
      },
    });
    expect(evaluating.result).toMatchObject({ stopReason: "budget", detail: "30 ms wall time" });
    expect(evaluating.recorder.results).toEqual([evaluating.result]);
  });
});

describe("an abort", () => {
  it("ends the run as interrupted, with what was done before", async () => {
    const { result, candidates, recorder } = await run({ stopAfter: 3 });
    expect(result).toMatchObject({
      stopReason: "interrupted",
      applications: 3,
      bestFitness: 3,
      solvedBy: undefined,
    });
    expect(candidates.length).toBe(4);
    expect(recorder.results).toEqual([result]);
    const before = await run({ signal: AbortSignal.abort() });
    expect(before.result).toMatchObject({ stopReason: "interrupted", applications: 0 });
  });

  it("does not undo the target that a candidate in flight still reaches", async () => {
    let made = 0;
    const operator = operatorOf("global", () => proposed(new Map([[0, made++ === 0 ? "1\n" : "5\n"]])));
    const options = { operator, inFlight: 2, population: greedy({ offspring: 2 }) };
    const { result } = await run({ ...options, instance: sums(3, 5), stopAfter: 1 });
    expect(result).toMatchObject({ stopReason: "target", solvedBy: 2, applications: 2 });
  });

  it("reaches an evaluation under way, also the one of the initial solution", async () => {
    for (const evaluationsBefore of [0, 1]) {
      const controller = new AbortController();
      let evaluations = 0;
      const evaluate = (_genome: unknown, signal: AbortSignal) =>
        new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("evaluator closed")));
          controller.abort();
        });
      const instance = {
        ...sums(1),
        evaluate: (...given: Parameters<typeof evaluate>) =>
          evaluations++ < evaluationsBefore ? ({ status: "ok", fitness: 0 } as const) : evaluate(...given),
      };
      const { result, recorder } = await run({ instance, signal: controller.signal });
      expect(result).toMatchObject({ stopReason: "interrupted", applications: 0, solvedBy: undefined });
      expect(recorder.candidates.length).toBe(evaluationsBefore);
      expect(recorder.results).toEqual([result]);
    }
  });

  it("reaches calls under way; those of a model that must be kept are recorded, every one once", async () => {
    for (const inFlight of [1, 3]) {
      const controller = new AbortController();
      const model = scripted(
        ({ signal }, index) => {
          if (index < 6) return `${index}\n`; // whole generations, of 1 or of 3
          return new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(new Error("connection closed")));
            if (index === 5 + inFlight) controller.abort(); // all that may be in flight is
          });
        },
        { isDeterministic: false },
      );
      const { result, recorder } = await run({
        ...{ models: { mutator: model }, operator: asking(), inFlight, signal: controller.signal },
        ...{ instance: sums(9), population: greedy({ offspring: inFlight }) },
      });
      expect(result.stopReason).toBe("interrupted");
      expectEachRecordedOnce(model, recorder);
      expect(recorder.calls.filter(({ outcome }) => outcome === "aborted").length).toBe(inFlight);
    }
  });

  it("leaves out the calls of unfinished candidates of a deterministic model: they are free and made again", async () => {
    const controller = new AbortController();
    const model = scripted((_request, index) => {
      if (index === 2) controller.abort();
      return `${index}\n`;
    });
    const { result, recorder } = await run({
      ...{ models: { mutator: model }, operator: asking(4), signal: controller.signal },
    });
    expect(result.stopReason).toBe("interrupted");
    expect(recorder.calls.length).toBe(0);
    expect(model.requests.length).toBe(3);
  });
});
