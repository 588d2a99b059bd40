import { describe, expect, it } from "vitest";
import { generalist } from "../../../operators/generalist.ts";
import { routeToSpecialist } from "../../../operators/route-to-specialist.ts";
import { routingDelegation, routingTasks } from "../../../problems/routing/capabilities.ts";
import { routing } from "../../../problems/routing/problem.ts";
import { type RoutingOptions, routingQueries } from "../../../problems/routing/queries.ts";
import { generalistTheory, type QueryTokens, routedTheory } from "../../../problems/routing/theory.ts";
import { ensemble, type Operator, primitiveCost } from "../../../src/core/index.ts";
import type { RunOptions } from "../../../src/engine.ts";
import { simulatedCapable } from "../../../src/llm/simulated-capable.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";
import { run } from "../../engine/fixtures.ts";
import { expectMean, geometric } from "../blocks/measure.ts";

const tokensOf = (size: number, seed: number, options: RoutingOptions): readonly QueryTokens[] =>
  routingQueries({ size, seed }, options).map(({ text, answer, kind }) => ({
    prefix: countTokens(text.split("\n", 1)[0]!),
    query: countTokens(text),
    answer: countTokens(answer),
    name: countTokens(kind),
  }));

/** Applications and primitive cost of one run to the target. */
async function measure(
  operator: Operator,
  models: RunOptions["models"],
  size: number,
  seed: number,
  options: RoutingOptions,
) {
  const instance = routing(options).instance({ size, seed });
  const { result, recorder } = await run({
    ...{ instance, operator, models, key: `routing/${size}/${seed}` },
    ...{ promptMode: "compact", stopAfter: 10_000 },
  });
  expect(result.stopReason).toBe("target");
  const costs = recorder.calls.map(({ model, inputTokens = 0, outputTokens = 0 }) =>
    primitiveCost({ modelSize: model.size, inputTokens, outputTokens }),
  );
  return { applications: result.applications, cost: costs.reduce((sum, one) => sum + one, 0) };
}

const tasks = routingTasks(64);
const specialistsOf = (errorRate: number) =>
  tasks.map((task) => simulatedCapable({ name: task.name, capabilities: [task], errorRate }));
const delegatorOf = (k: number, errorRate: number) =>
  simulatedCapable({ capabilities: [routingDelegation(k)], errorRate });

describe("theory of routing", () => {
  // m = 5, n = 100, t = 3: 5 (300 + 3); c = 20, t_d = 2: 40 + 1.
  const streams = () => [[{ prefix: 20, query: 100, answer: 3, name: 2 }]];

  it("is the exact sums of Def. 2.2, outputs included", () => {
    expect(generalistTheory(streams)(5)).toEqual({ applications: 1, primitiveCost: 1515 });
    expect(routedTheory(streams)(5)).toEqual({ applications: 1, primitiveCost: 41 + 303 });
    const one = { delegatorSize: (k: number) => k, specialistSize: (k: number) => k };
    expect(routedTheory(streams, one)(5)).toEqual({ applications: 1, primitiveCost: 5 * (41 + 303) });
  });

  it("counts each query until it is right, and takes the mean over seeds", () => {
    const two = () => [...streams(), [...streams()[0]!, ...streams()[0]!, ...streams()[0]!]];
    const half = generalistTheory(two, { modelSize: () => 1, errorRate: 0.5 })(7);
    expect(half).toEqual({ applications: 2 * 2, primitiveCost: 2 * 2 * 303 });
    // A quarter of the tries is right; half of them go to a specialist that answers 4 tokens: 400 + 6.
    const lost = routedTheory(streams, { errorRate: 0.5, delegatorErrorRate: 0.5 })(7);
    expect(lost).toEqual({ applications: 4, primitiveCost: 4 * (41 + (303 + 406) / 2) });
    expect(() => generalistTheory(streams, { errorRate: 1 })).toThrow("errorRate must be a number from 0 to");
  });

  it("is met at every k from 2 to 64, to the last primitive", async () => {
    const options = { queries: 2 };
    const specialists = specialistsOf(0);
    for (let k = 2; k <= 64; k++) {
      const counted = [tokensOf(k, 1, options)];
      const made = () => counted;
      const large = simulatedCapable({ size: k, capabilities: tasks.slice(0, k) });
      const whole = await measure(generalist(), { generalist: large }, k, 1, options);
      const models = { delegator: delegatorOf(k, 0), specialist: ensemble(specialists.slice(0, k)) };
      const routed = await measure(routeToSpecialist(), models, k, 1, options);
      expect([k, whole.cost]).toEqual([k, generalistTheory(made)(k).primitiveCost]);
      expect([k, routed.cost]).toEqual([k, routedTheory(made)(k).primitiveCost]);
    }
  });

  it("is met in the mean where models err", async () => {
    const [k, seeds, options] = [6, 30, { queries: 12 }] as const;
    const [e, lost] = [0.1, 0.2];
    const made = () => Array.from({ length: seeds }, (_, index) => tokensOf(k, index + 1, options));
    const runs = (operator: Operator, models: RunOptions["models"]) =>
      Promise.all(
        Array.from({ length: seeds }, (_, index) => measure(operator, models, k, index + 1, options)),
      );

    const whole = simulatedCapable({ size: k, capabilities: tasks.slice(0, k), errorRate: e });
    const alone = await runs(generalist(), { generalist: whole });
    const expected = generalistTheory(made, { errorRate: e })(k);
    const applications = (all: typeof alone) => all.map((one) => one.applications);
    expectMean(applications(alone), expected.applications, 12 * geometric(1 - e));

    const delegator = delegatorOf(k, lost);
    const specialist = ensemble(specialistsOf(e).slice(0, k));
    const routed = await runs(routeToSpecialist(), { delegator, specialist });
    const theory = routedTheory(made, { errorRate: e, delegatorErrorRate: lost })(k);
    const p = (1 - e) * (1 - lost);
    expectMean(applications(routed), theory.applications, 12 * geometric(p));
    // Tries cost about the same, so that the costs vary as the applications do: within 5 % of that and 4 errors.
    for (const [all, mean, chance] of [
      [alone, expected, 1 - e],
      [routed, theory, p],
    ] as const) {
      const perTry = mean.primitiveCost / mean.applications;
      expectMean(
        all.map(({ cost }) => cost),
        mean.primitiveCost,
        12 * geometric(chance) * (1.05 * perTry) ** 2,
      );
    }
  });
});
