import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { blocks } from "../../problems/blocks/problem.ts";
import { type CandidateRecord, greedy, type Model, rngFrom } from "../../src/core/index.ts";
import { simulated } from "../../src/llm/simulated.ts";
import { run } from "./fixtures.ts";

/** A simulated model whose calls last a random number of turns of the event loop; it keeps count of its calls. */
function slow(key: string) {
  const [inner, rng] = [simulated({ malformedRate: 0.1 }), rngFrom(key)];
  const calls = { now: 0, most: 0, finishedOutOfOrder: false };
  let started = 0;
  let lastFinished = 0;
  const model: Model = {
    ...inner,
    async generate(request) {
      const number = ++started;
      calls.most = Math.max(calls.most, ++calls.now);
      for (let turn = 1 + Math.floor(6 * rng()); turn > 0; turn--) await new Promise(setImmediate);
      if (number < lastFinished) calls.finishedOutOfOrder = true;
      lastFinished = Math.max(lastFinished, number);
      calls.now -= 1;
      return inner.generate(request);
    },
  };
  return { model, calls };
}

/** A record without what time and identity differ in. */
function plain({ evaluationMs: _ms, calls, head, ...record }: CandidateRecord) {
  return {
    ...record,
    head: { ...head, parents: head.parents.map(({ sequence }) => sequence) },
    calls: calls.map(
      ({ latencyMs: _latency, model: _model, request: { signal: _signal, ...request }, ...call }) => ({
        ...call,
        request,
      }),
    ),
  };
}

const operators = {
  "global-rewrite": globalRewrite(),
  "local-rewrite in sequence": localRewrite(),
  "local-rewrite round-robin": localRewrite({ schedule: "round-robin" }),
  "local-rewrite at random": localRewrite({ schedule: "random" }),
} as const;

describe.each(Object.entries(operators))("four candidates of %s in flight", (_name, operator) => {
  const records = async (inFlight: number, seed: number) => {
    const { model, calls } = slow(`${inFlight}/${seed}`);
    const { candidates, result, recorder } = await run({
      key: `in-flight/${seed}`,
      instance: blocks().instance({ size: 4, seed }),
      ...{
        operator,
        inFlight,
        models: { mutator: model },
        population: greedy({ offspring: 4 }),
        stopAfter: 2000,
      },
    });
    expect(result.stopReason).toBe("target");
    expect(recorder.calls.length).toBe(result.applications); // one call each, also after the target
    return { records: candidates.map(plain), result, calls };
  };

  it("give exactly the records of one at a time, up to the target; the rest of its generation comes after", async () => {
    let outOfOrder = 0;
    for (const seed of [1, 2, 3, 4, 5]) {
      const one = await records(1, seed);
      const four = await records(4, seed);
      expect([one.calls.most, four.calls.most]).toEqual([1, 4]);
      if (four.calls.finishedOutOfOrder) outOfOrder += 1;
      expect(four.result.solvedBy).toBe(one.result.solvedBy);
      expect(four.records.slice(0, one.records.length)).toEqual(one.records);
      expect(four.records.length - one.records.length).toBeLessThan(4);
      expect((four.records.length - 1) % 4).toBe(0);
    }
    expect(outOfOrder).toBeGreaterThan(2); // answers came in other orders than they were asked for
  });

  it("give the same records each time, whatever the order of the answers", async () => {
    const [a, b] = [await records(4, 7), await records(4, 7)];
    expect(b.records).toEqual(a.records);
  });
});

describe("the candidates in flight", () => {
  it("are no more than the population asks for: a (1+1) run has one at a time", async () => {
    const { model, calls } = slow("one");
    const instance = blocks().instance({ size: 3, seed: 1 });
    const { result } = await run({
      instance,
      operator: localRewrite(),
      models: { mutator: model },
      inFlight: 8,
    });
    expect([calls.most, result.stopReason]).toEqual([1, "target"]);
  });

  it("are no more than the run allows", async () => {
    const { model, calls } = slow("three");
    const options = { operator: globalRewrite(), population: greedy({ offspring: 8 }), inFlight: 3 };
    const instance = blocks().instance({ size: 8, seed: 1 });
    await run({ ...options, instance, models: { mutator: model } });
    expect(calls.most).toBe(3);
  });
});
