/** The expectations on hanoi, against runs of the engine whose calls are counted. */
import { describe, expect, it } from "vitest";
import { generalist } from "../../../operators/generalist.ts";
import { stepByStep } from "../../../operators/step-by-step.ts";
import { hanoiAlone, hanoiStep } from "../../../problems/hanoi/capabilities.ts";
import { hanoi } from "../../../problems/hanoi/problem.ts";
import { type HanoiExpectation, hanoiAloneTheory, hanoiStepsTheory } from "../../../problems/hanoi/theory.ts";
import { solutionLines, towersAfter, writeStart } from "../../../problems/hanoi/towers.ts";
import { type Model, type Operator, primitiveCost } from "../../../src/core/index.ts";
import { simulatedCapable } from "../../../src/llm/simulated-capable.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";
import { voting } from "../../../src/llm/voting.ts";
import { run } from "../../engine/fixtures.ts";

const disks = 10;
const tokens = {
  startTokens: countTokens(writeStart(towersAfter(0, disks))),
  lineTokens: countTokens(solutionLines(1, 1, disks)[0]!),
};

/** Expects the means over seeds to be what theory says, within four standard errors of the sample. */
async function expectMeans(
  { operator, model, stretch, size }: { operator: Operator; model: Model; stretch: number; size: number },
  theory: HanoiExpectation,
) {
  const problem = hanoi({ disks, stretch });
  const runs = await Promise.all(
    Array.from({ length: 80 }, (_, index) =>
      run({
        key: `hanoi/${index}`,
        instance: problem.instance({ size, seed: 1 }),
        operator,
        models: { generalist: model, specialist: model },
        promptMode: "compact",
        stopAfter: 100_000,
      }),
    ),
  );
  const costs = runs.map(({ recorder }) =>
    recorder.calls
      .map(({ inputTokens = 0, outputTokens = 0 }) =>
        primitiveCost({ modelSize: model.size, inputTokens, outputTokens }),
      )
      .reduce((sum, cost) => sum + cost, 0),
  );
  expect(runs.every(({ result }) => result.stopReason === "target")).toBe(true);
  expectMean(
    runs.map(({ result }) => result.applications),
    theory.applications,
  );
  expectMean(costs, theory.primitiveCost);
}

function expectMean(values: readonly number[], mean: number) {
  const measured = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - measured) ** 2, 0) / (values.length - 1);
  expect(Math.abs(measured - mean)).toBeLessThan(4 * Math.sqrt(variance / values.length));
}

describe("the theory of hanoi", () => {
  it("counts the same tokens for every line, so that calls cost the same at every move", () => {
    const counts = new Set(solutionLines(1, 2 ** disks - 1, disks).map((line) => countTokens(line)));
    expect([...counts]).toEqual([tokens.lineTokens]);
  });

  it("is what one agent alone takes", async () => {
    const [stepErrorRate, size] = [0.2, 11];
    const problem = hanoi({ disks });
    const specTokens = (s: number) =>
      countTokens(problem.instance({ size: s, seed: 1 }).components[0]?.spec ?? "");
    const theory = hanoiAloneTheory({
      ...{ stepErrorRate, specTokens, modelSize: 3 },
      lineTokens: tokens.lineTokens,
    });
    expect(theory(size).applications).toBeCloseTo(0.8 ** -11, 9);
    const model = simulatedCapable({ size: 3, capabilities: [hanoiAlone({ stepErrorRate })] });
    await expectMeans({ operator: generalist(), model, stretch: 1024, size }, theory(size));
  });

  it("is what votes on each step take, discarded answers and stretches written again included", async () => {
    const [errorRate, lead, stretch, size, malformedRate] = [0.2, 2, 5, 13, 0.2];
    const line = solutionLines(1, 1, disks)[0]!;
    const theory = hanoiStepsTheory({
      ...{ errorRate, stretch, malformedRate, lead: () => lead, ...tokens },
      malformedTokens: [0, countTokens(`Here is my answer.\n${line}`)],
    });
    // Two stretches of five steps and one of three.
    const right = 1 / (1 + (errorRate / (1 - errorRate)) ** lead);
    expect(theory(size).applications).toBeCloseTo(2 * right ** -5 + right ** -3, 9);
    const model = voting(simulatedCapable({ capabilities: [hanoiStep({ errorRate })], malformedRate }), {
      lead,
    });
    await expectMeans({ operator: stepByStep(), model, stretch, size }, theory(size));
  });

  it("costs twice as much for each step where the lead is twice as large", () => {
    const costOf = (s: number, lead: number) =>
      hanoiStepsTheory({ errorRate: 0.01, lead: () => lead, ...tokens })(s).primitiveCost / s;
    // Leads of 4 and 2 for a million steps and a hundred: twice the votes for a step, and hardly a stretch again.
    expect(costOf(1e6, 4) / costOf(1e2, 2)).toBeCloseTo(2, 1);
  });
});
