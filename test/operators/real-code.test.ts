import { describe, expect, it } from "vitest";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { repair } from "../../problems/repair/problem.ts";
import { composeFiles, type Evaluation, type Instance, type Operator } from "../../src/core/index.ts";
import { countRequestTokens, countTokens } from "../../src/llm/tokenizer.ts";
import { contextOf, evaluated } from "../core/fixtures.ts";
import { scoreGenome } from "../problems/repair/program.ts";
import { scripted } from "../scripted-model.ts";

/** Tokens of the whole request, system text included, that an operator sends for an instance's initial solution. */
async function promptTokens(operator: Operator, instance: Instance, evaluation: Evaluation, component = -1) {
  const model = scripted([""]);
  const context = contextOf(model, {
    statement: instance.statement,
    parents: [evaluated(evaluation, instance.components)],
    components: component < 0 ? [] : [component],
  });
  await operator.propose(context);
  return countRequestTokens(model.requests[0]!);
}

async function largestLocalPrompt(instance: Instance, evaluation: Evaluation): Promise<number> {
  const sizes = instance.components.map((_, index) =>
    promptTokens(localRewrite(), instance, evaluation, index),
  );
  return Math.max(...(await Promise.all(sizes)));
}

describe("on 200 functions to repair", () => {
  it.each([1, 2])("local-rewrite needs fewer than 600 tokens for any of them (seed %d)", async (seed) => {
    const instance = repair().instance({ size: 200, seed });
    const files = composeFiles(instance.layout ?? [], instance.components);
    const codeTokens = files.reduce((sum, { text }) => sum + countTokens(text), 0);
    expect(codeTokens).toBeGreaterThan(8000);
    const evaluation = await scoreGenome(instance);
    expect(evaluation).toHaveProperty("componentFeedback");
    expect(await largestLocalPrompt(instance, evaluation)).toBeLessThan(600);
    expect(await promptTokens(globalRewrite(), instance, evaluation)).toBeGreaterThan(8000);
  });

  it("local-rewrite needs as many with 1,000 functions, give or take the number in the statement", async () => {
    const [few, many] = [200, 1000].map((size) => repair({ bugs: 1 }).instance({ size, seed: 3 }));
    const evaluation = { status: "ok", fitness: 0 } as const;
    const [ofFew, ofMany] = [
      await largestLocalPrompt(few!, evaluation),
      await largestLocalPrompt(many!, evaluation),
    ];
    expect(ofMany).toBeLessThan(600);
    expect(Math.abs(ofMany - ofFew)).toBeLessThan(60);
  });
});
