/** Answers of a real ONNX model: what goes in, what comes out, and that every token is counted. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "@huggingface/transformers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model, ModelRequest } from "../../../src/core/index.ts";
import { answer } from "../../../src/llm/transformers/answer.ts";
import { findModel } from "../../../src/llm/transformers/find-model.ts";
import { loadGenerator, type TextGenerator } from "../../../src/llm/transformers/library.ts";
import { transformers } from "../../../src/llm/transformers.ts";
import { chatTemplate } from "../../fixtures/make-tiny-onnx.ts";
import { describeModel } from "./contract.ts";
import { ask, failureOf, idsOf, make, open, root } from "./onnx-models.ts";

const { AutoModelForCausalLM, AutoTokenizer } = library;
library.env.allowRemoteModels = false;

/** The same without a process: what the model's thread does, in this one, which takes less time to start. */
async function openHere(folder: string, adapt = (generator: TextGenerator) => generator) {
  const { size: _, ...found } = await findModel(folder, undefined);
  const order = { type: "load", ...found, device: "cpu", packages: ["@huggingface/transformers"] } as const;
  const generator = adapt(await loadGenerator(order, async () => library));
  return ({ system, messages, temperature, seed, maxTokens = 1024 }: ModelRequest) =>
    answer(
      generator,
      { type: "generate", system, messages, temperature, seed, maxTokens, stop: [] },
      { isStopped: () => false, onProgress() {} },
    );
}

/** What the library itself makes of a prompt, in this thread, by the likeliest token each time. */
async function generateDirectly(folder: string, prompt: string, maxTokens: number) {
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const model = await AutoModelForCausalLM.from_pretrained(folder, { dtype: "fp32" });
  const inputs = tokenizer(prompt, { add_special_tokens: false });
  const all = (await model.generate({
    ...inputs,
    max_new_tokens: maxTokens,
    do_sample: false,
  } as Parameters<typeof model.generate>[0])) as library.Tensor;
  const inputTokens = inputs.input_ids.dims.at(-1) as number;
  const ids = (all.tolist()[0] as bigint[]).slice(inputTokens).map(Number);
  return {
    inputTokens,
    ids,
    decode: (some: number[]) => tokenizer.decode(some, { skip_special_tokens: true }),
  };
}

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = make();
  model = await open(folder);
});

describe("an ONNX model from a folder", () => {
  it("gives the text and the counts that the library's own tokenizer and model give", async () => {
    const prompt = "<|system|>Be brief, élan!<|end|><|user|>What is the answer?<|end|><|assistant|>";
    const { inputTokens, ids, decode } = await generateDirectly(folder, prompt, 40);
    const request = ask("What is the answer?", { system: "Be brief, élan!", maxTokens: 40 });
    expect(await model.generate(request)).toEqual({
      text: decode(ids),
      stopReason: "length",
      inputTokens,
      outputTokens: 40,
      raw: { outputIds: ids },
    });
    expect(inputTokens).toBeGreaterThan(20);
    expect(inputTokens).toBeLessThan(Buffer.byteLength(prompt)); // tokens, not bytes
  });

  it("says what it is", async () => {
    expect(transformers(folder, { dtype: "fp32", threads: 1, temperature: 0 })).toMatchObject({
      name: folder,
      provider: "transformers",
      size: Number.NaN,
      isDeterministic: false,
      parameters: { dtype: "fp32", threads: 1, temperature: 0, maxTokens: 1024 },
      calls: { concurrency: 1 },
      maxTokens: 1024,
    });
  });

  it("takes the template's turns of a conversation", async () => {
    const conversation: ModelRequest = {
      messages: [
        { role: "user", text: "one" },
        { role: "assistant", text: "two" },
        { role: "user", text: "three" },
      ],
      maxTokens: 12,
    };
    const prompt = "<|user|>one<|end|><|assistant|>two<|end|><|user|>three<|end|><|assistant|>";
    const { inputTokens, ids } = await generateDirectly(folder, prompt, 12);
    const response = await model.generate(conversation);
    expect(response.inputTokens).toBe(inputTokens);
    expect(idsOf(response)).toEqual(ids);
  });

  it("takes the template from a file of its own where the tokenizer has none", async () => {
    const apart = make({ template: "" });
    writeFileSync(join(apart, "chat_template.jinja"), chatTemplate);
    const request = ask("What?", { system: "Be brief.", maxTokens: 12 });
    const { outputIds, inputTokens } = await (await openHere(apart))(request);
    const response = await model.generate(request);
    expect({ outputIds, inputTokens }).toEqual({
      outputIds: idsOf(response),
      inputTokens: response.inputTokens,
    });
  });

  it("writes plain text, parts apart by a blank line, where there is no template", async () => {
    const plain = make({ template: "" });
    const { inputTokens, ids } = await generateDirectly(plain, "Be brief.\n\nWhat?", 12);
    const generate = await openHere(plain);
    expect(await generate(ask("What?", { system: "Be brief.", maxTokens: 12 }))).toMatchObject({
      inputTokens,
      outputIds: ids,
    });
  });

  it("puts the system message before the first one where the template refuses it", async () => {
    const template =
      "{% for message in messages %}{% if message['role'] == 'system' %}" +
      "{{ raise_exception('System role not supported') }}{% endif %}" +
      "<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}<|assistant|>";
    const strict = make({ template });
    const prompt = "<|user|>Be brief.\n\nWhat?<|end|><|assistant|>";
    const { inputTokens, ids } = await generateDirectly(strict, prompt, 12);
    const response = await (await open(strict)).generate(
      ask("What?", { system: "Be brief.", maxTokens: 12 }),
    );
    expect(response.inputTokens).toBe(inputTokens);
    expect(idsOf(response)).toEqual(ids);
  });

  it("gives spaces and characters of several bytes as they were generated, and no special token", async () => {
    const text = "f ( a , b ) . c ;  don 't — élan 🙂 !\n\tx ? y : z\n";
    const generate = await openHere(folder, (generator) => ({
      ...generator,
      // In the place of the network, so that it says what it must.
      generate: async ({ input_ids }) =>
        [
          ...(input_ids.tolist()[0] ?? []),
          ...(generator.tokenizer(`${text}<|end|>`, { add_special_tokens: false }).input_ids.tolist()[0] ??
            []),
        ].map(Number),
    }));
    expect(await generate(ask("say"))).toMatchObject({ text, end: "stop" });
  });

  it("generates exactly as many tokens as are allowed", async () => {
    for (const maxTokens of [1, 2, 33]) {
      const response = await model.generate(ask("count", { maxTokens }));
      expect(response).toMatchObject({ stopReason: "length", outputTokens: maxTokens });
      expect(idsOf(response)).toHaveLength(maxTokens);
    }
  });

  it("ends at the end token, which is counted and is not part of the text", async () => {
    const ending = make({ endAt: 40 });
    const { inputTokens, decode } = await generateDirectly(ending, "<|user|>go<|end|><|assistant|>", 1);
    const due = 40 - (inputTokens - 1) + 1; // see TinyOnnxOptions.endAt
    const generate = await openHere(ending);
    const whole = await generate(ask("go"));
    expect(whole).toMatchObject({ end: "stop", inputTokens });
    expect(whole.outputIds).toHaveLength(due);
    expect(whole.text).toBe(decode(whole.outputIds.slice(0, -1)));
    expect(whole.text).not.toContain("<|end|>");
    expect(await generate(ask("go", { maxTokens: due }))).toEqual(whole);
    expect(await generate(ask("go", { maxTokens: due - 1 }))).toEqual({
      ...whole,
      end: "length",
      outputIds: whole.outputIds.slice(0, -1),
    });
  });

  it("ends at the first stop text, cuts it off, and counts the tokens that it took", async () => {
    const { ids, decode } = await generateDirectly(folder, "<|user|>stop<|end|><|assistant|>", 60);
    const text = decode(ids);
    const stop = text.slice(30, 33);
    const at = text.indexOf(stop);
    const taken = ids.findIndex((_, index) => decode(ids.slice(0, index + 1)).includes(stop)) + 1;
    const request = ask("stop", { maxTokens: 60, stop: ["no such text", stop, ""] });
    expect(await model.generate(request)).toMatchObject({
      text: text.slice(0, at),
      stopReason: "stop",
      outputTokens: taken,
    });
    expect(taken).toBeLessThan(60);
  });

  it("fills its context and no more, and refuses a prompt that leaves no room", async () => {
    const generate = await openHere(make({ context: 64 }));
    const { inputTokens, outputIds, end } = await generate(ask("hello"));
    expect(end).toBe("length");
    expect(inputTokens + outputIds.length).toBe(64);
    await expect(generate(ask("x".repeat(100)))).rejects.toThrow(
      "The prompt has 103 tokens, but the model's context holds 64, the answer included",
    );
    const error = await failureOf(model.generate(ask("x".repeat(5000))));
    expect(error.message).toBe(
      "The prompt has 5003 tokens, but the model's context holds 4096, the answer included",
    );
    expect(error).toMatchObject({ isRetryable: false, isFatal: false, partialText: undefined });
  });

  it("takes the likeliest tokens at temperature 0, and at others what the seed draws", async () => {
    const generate = await openHere(make({ generation: { do_sample: true, temperature: 1.5 } }));
    const draw = async (temperature: number | undefined, seed: number | undefined) =>
      (await generate(ask("draw", { temperature, seed, maxTokens: 30 }))).text;
    const greedy = (await model.generate(ask("draw", { maxTokens: 30 }))).text;
    expect([await draw(0, 1), await draw(0, 2)]).toEqual([greedy, greedy]);
    for (const temperature of [undefined, 1]) {
      const first = await draw(temperature, 1);
      expect(first).not.toBe(greedy);
      expect(await draw(temperature, 1)).toBe(first);
      expect(await draw(temperature, 2)).not.toBe(first);
      expect(await draw(temperature, undefined)).not.toBe(await draw(temperature, undefined));
    }
  });

  it("answers calls one after the other, as if each came alone", async () => {
    const prompts = ["a", "b", "c", "d"];
    const alone: string[] = [];
    for (const prompt of prompts) alone.push((await model.generate(ask(prompt, { maxTokens: 20 }))).text);
    const order: string[] = [];
    const together = await Promise.all(
      prompts.map(async (prompt) => {
        const { text } = await model.generate(ask(prompt, { maxTokens: 20 }));
        order.push(prompt);
        return text;
      }),
    );
    expect(together).toEqual(alone);
    expect(order).toEqual(prompts);
    expect(new Set(alone).size).toBe(4);
  });

  it("leaves this thread free while it computes", async () => {
    let turns = 0;
    const turn = () => {
      turns += 1;
    };
    const timer = setInterval(turn, 1);
    const before = performance.eventLoopUtilization();
    await model.generate(ask("one long pass ".repeat(100), { maxTokens: 200 }));
    const { utilization } = performance.eventLoopUtilization(before);
    clearInterval(timer);
    // In this thread the pass would be one turn, and all the time would be taken.
    expect(utilization).toBeLessThan(0.5);
    expect(turns).toBeGreaterThan(10);
  });
});

const contractFolder = make();
describeModel("an ONNX model", {
  make: () => transformers(contractFolder),
  broken: {
    make: () => transformers(join(root, "none")),
    says: /^Folder '.*none' does not exist; expected a folder, or a hub id such as onnx-community\/NAME$/,
  },
});
