/** The same models through @xenova/transformers, where it is installed. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect } from "vitest";
import type { Model } from "../../../src/core/index.ts";
import { type TransformersOptions, transformers } from "../../../src/llm/transformers.ts";
import { needs } from "../../needs.ts";
import { ask, failureOf, make, open, prepareContext } from "./onnx-models.ts";

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = make();
  model = await open(folder);
});

describe("@xenova/transformers", () => {
  const xenova = "@xenova/transformers";
  let shared: Promise<Model> | undefined;
  const openOld = () => (shared ??= open(folder, { package: xenova }));

  needs.xenova("gives the same answers and counts as its successor", async () => {
    const old = await openOld();
    const { text } = await model.generate(ask("same", { maxTokens: 40 }));
    for (const rest of [
      { maxTokens: 40 },
      { maxTokens: 40, system: "élan" },
      { stop: [text.slice(20, 23)] },
    ]) {
      expect(await old.generate(ask("same", rest))).toEqual(await model.generate(ask("same", rest)));
    }
    const ending = make({ endAt: 40, template: "" });
    const both = await Promise.all([open(ending), open(ending, { package: xenova })]);
    const [first, second] = await Promise.all(
      both.map((each) => each.generate(ask("the end", { system: "now" }))),
    );
    expect(first).toEqual(second);
    expect(first!.stopReason).toBe("stop");
  });

  needs.xenova("draws what the seed says, and stops when it is told to", async () => {
    const old = await openOld();
    const draw = async (seed: number) =>
      (await old.generate(ask("draw", { temperature: 1, seed, maxTokens: 30 }))).text;
    expect(await draw(1)).toBe(await draw(1));
    expect(await draw(1)).not.toBe(await draw(2));
    const signal = AbortSignal.timeout(100);
    const error = await failureOf(old.generate(ask("long", { maxTokens: 4000, signal })));
    expect(error.partialText).toBeTypeOf("string");
    expect(await old.generate(ask("next", { maxTokens: 2 }))).toMatchObject({ outputTokens: 2 });
  });

  needs.xenova("says what it cannot do, and who can", async () => {
    const q4 = make();
    renameSync(join(q4, "onnx/model.onnx"), join(q4, "onnx/model_q4.onnx"));
    const whyNot = async (name: string, options: TransformersOptions) =>
      (await failureOf(transformers(name, { package: xenova, ...options }).prepare!(prepareContext())))
        .message;
    const reasons = await Promise.all([
      whyNot(q4, {}),
      whyNot(folder, { threads: 1 }),
      whyNot(folder, { device: "webgpu" }),
    ]);
    const instead = "@huggingface/transformers does: npm i @huggingface/transformers";
    expect(reasons).toEqual([
      `'${q4}' cannot be loaded: the package ${xenova} cannot read weights of type q4, only fp32 and q8; ${instead}`,
      `'${folder}' cannot be loaded: the package ${xenova} takes no number of threads; ${instead}`,
      `'${folder}' cannot be loaded: the package ${xenova} knows no device but cpu; ${instead}`,
    ]);
  });
});
