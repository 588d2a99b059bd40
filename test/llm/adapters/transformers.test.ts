import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as library from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Model, ModelError, type ModelRequest, type ModelResponse } from "../../../src/core/index.ts";
import { readProcess } from "../../../src/evaluation/processes.ts";
import { answer } from "../../../src/llm/transformers/answer.ts";
import { findModel } from "../../../src/llm/transformers/find-model.ts";
import { loadGenerator, type TextGenerator } from "../../../src/llm/transformers/library.ts";
import { ModelProcess } from "../../../src/llm/transformers/model-process.ts";
import { type TransformersOptions, transformers } from "../../../src/llm/transformers.ts";
import {
  chatTemplate,
  makeTinyOnnx,
  type TinyOnnxOptions,
  tinyParameters,
} from "../../fixtures/make-tiny-onnx.ts";
import { needs } from "../../needs.ts";
import { describeModel } from "./contract.ts";

const { AutoModelForCausalLM, AutoTokenizer } = library;
library.env.allowRemoteModels = false;
const root = mkdtempSync(join(tmpdir(), "allele-onnx-"));
const opened: Model[] = [];
let folders = 0;

const make = (options?: TinyOnnxOptions) => makeTinyOnnx(join(root, `tiny-${++folders}`), options);
const prepareContext = () => ({ environment: {}, signal: new AbortController().signal });

/** A model that is loaded. */
async function open(folder: string, options?: TransformersOptions): Promise<Model> {
  const model = await transformers(folder, options).prepare!(prepareContext());
  opened.push(model);
  return model;
}

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

const ask = (text: string, rest: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", text }],
  ...rest,
});
const idsOf = ({ raw }: ModelResponse) => (raw as { outputIds: number[] }).outputIds;

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

/** The failure of a promise that must fail. */
async function failureOf(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  return error as ModelError;
}

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = make();
  model = await open(folder);
});
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close?.()));
  rmSync(root, { recursive: true });
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

describe("an aborted call to an ONNX model", () => {
  it("ends with what had come of the answer, and the next one has not to wait for the rest", async () => {
    const other = await open(folder);
    const ended: string[] = [];
    const note = (name: string) => () => {
      ended.push(name);
    };
    const signal = AbortSignal.timeout(50);
    const aborted = failureOf(model.generate(ask("long", { maxTokens: 4000, signal })));
    const next = model.generate(ask("long", { maxTokens: 3 }));
    const beside = other.generate(ask("long", { maxTokens: 1500 }));
    await Promise.all([
      aborted.then(note("aborted")),
      next.then(note("next")),
      beside.then(note("a part of what was aborted, beside")),
    ]);
    expect(ended).toEqual(["aborted", "next", "a part of what was aborted, beside"]);
    const error = await aborted;
    expect(error).toMatchObject({
      message: "The call was stopped before its answer was complete",
      ...{ isRetryable: false, isFatal: false, cause: signal.reason },
    });
    const { text } = await beside;
    expect(error.partialText).toBe(text.slice(0, error.partialText!.length));
    expect((await next).text).toBe(text.slice(0, (await next).text.length));
  });

  it("fails in the middle of a forward pass, too, with nothing come yet", async () => {
    const control = new AbortController();
    const slow = model.generate(ask("one long pass ".repeat(200), { signal: control.signal }));
    control.abort(new Error("enough"));
    const error = await failureOf(slow);
    expect(error.partialText).toBeTypeOf("string");
    expect(await model.generate(ask("go on", { maxTokens: 2 }))).toMatchObject({ outputTokens: 2 });
  });

  it("did no work if it still waited for its turn", async () => {
    const control = new AbortController();
    const first = model.generate(ask("first", { maxTokens: 50 }));
    const second = failureOf(model.generate(ask("second", { signal: control.signal })));
    const third = model.generate(ask("third", { maxTokens: 5 }));
    control.abort();
    expect(await second).toMatchObject({
      message: "The call was stopped before it began",
      partialText: undefined,
    });
    expect(await first).toMatchObject({ outputTokens: 50 });
    expect(await third).toMatchObject({ outputTokens: 5 });
  });
});

describe("the process of an ONNX model", () => {
  const start = async (packages: readonly string[] = ["@huggingface/transformers"], passMs?: number) => {
    const { size: _, ...found } = await findModel(folder, undefined);
    const process = new ModelProcess({ type: "load", ...found, device: "cpu", packages }, 1024, passMs);
    await process.load(new AbortController().signal);
    return process;
  };
  /** Whether it runs; one that has ended and is not forgotten yet has no memory. */
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0) && readProcess(pid)?.residentKb !== 0;
    } catch {
      return false;
    }
  };

  it("can be killed in the middle of a call, which may be tried again on a new one", async () => {
    const running = await start();
    const pid = running.pid!;
    const failure = failureOf(running.generate(ask("long", { maxTokens: 4000 })));
    process.kill(pid, "SIGKILL");
    expect(await failure).toMatchObject({
      message: `The process in which '${folder}' runs ended: killed, perhaps for want of memory`,
      ...{ isRetryable: true, isFatal: false, partialText: "" },
    });
    const again = await running.generate(ask("short", { maxTokens: 10 }));
    expect(again.text).toBe((await model.generate(ask("short", { maxTokens: 10 }))).text);
    expect(running.pid).not.toBe(pid);
    await running.close();
  });

  it("is over when the model is closed, and fails what was under way", async () => {
    const running = await start();
    const pid = running.pid!;
    const failure = failureOf(running.generate(ask("long", { maxTokens: 4000 })));
    await running.close();
    expect(isAlive(pid)).toBe(false);
    expect(await failure).toMatchObject({ isRetryable: false });
    expect(await failureOf(running.generate(ask("more")))).toMatchObject({
      message: `Model '${folder}' is closed`,
    });
  });

  /** The package, but where a prompt allows 7 tokens something else is done. */
  const sabotaged = (name: string, deed: string) => {
    const path = join(root, name);
    writeFileSync(
      path,
      `import * as library from ${JSON.stringify(import.meta.resolve("@huggingface/transformers"))};
      export const { env, StoppingCriteria, random } = library;
      export async function pipeline(...given) {
        const pipe = await library.pipeline(...given);
        const generate = pipe.model.generate.bind(pipe.model);
        pipe.model.generate = (asked) => asked.max_new_tokens === 7 ? new Promise(() => { ${deed} }) : generate(asked);
        return pipe;
      }`,
    );
    return [pathToFileURL(path).href];
  };

  it("tells what its thread died of", async () => {
    const deed = 'setImmediate(() => { throw new Error("out of luck"); });';
    const running = await start(sabotaged("fragile.mjs", deed));
    expect(await failureOf(running.generate(ask("go", { maxTokens: 7 })))).toMatchObject({
      message: `The process in which '${folder}' runs ended: exit code 1: out of luck`,
      isRetryable: true,
    });
    await running.close();
  });

  it("is killed when it cannot end an aborted pass, after the caller has been told", async () => {
    const running = await start(sabotaged("endless.mjs", ""), 400);
    const { pid } = running;
    const control = new AbortController();
    const endless = failureOf(running.generate(ask("go", { maxTokens: 7, signal: control.signal })));
    const next = running.generate(ask("go", { maxTokens: 2 }));
    control.abort();
    expect(await endless).toMatchObject({ isRetryable: false, partialText: "" });
    expect(running.pid).toBe(pid);
    expect(await next).toMatchObject({ outputTokens: 2 });
    expect(running.pid).not.toBe(pid);
    await running.close();
  });

  it("keeps no program from ending and ends with it, nor does closing end the program; also when built", async () => {
    const built = (name: string) =>
      JSON.stringify(new URL(`../../../dist/src/llm/${name}.js`, import.meta.url).href);
    const script = `
      import { transformers } from ${built("transformers")};
      import { findModel } from ${built("transformers/find-model")};
      import { ModelProcess } from ${built("transformers/model-process")};
      const { signal } = new AbortController();
      const folder = ${JSON.stringify(folder)};
      await (await transformers(folder).prepare({ environment: {}, signal })).close();
      const order = { type: "load", ...(await findModel(folder)), device: "cpu", packages: ["@huggingface/transformers"] };
      const running = new ModelProcess(order, 10);
      const { text } = await running.generate({ messages: [{ role: "user", text: "built" }] });
      console.log(JSON.stringify({ text, pid: running.pid }));`;
    const file = join(root, "program.mjs");
    writeFileSync(file, script);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 30_000 });
    const { text, pid } = JSON.parse(stdout) as { text: string; pid: number };
    expect(text).toBe((await model.generate(ask("built", { maxTokens: 10 }))).text);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
  });
});

describe("an ONNX model that cannot be loaded", () => {
  const whyNot = async (name: string, options?: TransformersOptions) => {
    const error = await failureOf(transformers(name, options).prepare!(prepareContext()));
    expect(error).toMatchObject({ isFatal: true, isRetryable: false });
    return error.message;
  };

  it("says what is missing where it was looked for", async () => {
    expect(await whyNot(join(root, "nowhere"))).toBe(
      `Folder '${join(root, "nowhere")}' does not exist; expected a folder, or a hub id such as onnx-community/NAME`,
    );
    expect(await whyNot(join(folder, "config.json"))).toBe(
      `'${join(folder, "config.json")}' is no folder; name the one that holds config.json and onnx/`,
    );
    const empty = join(root, "empty");
    mkdirSync(join(empty, "onnx"), { recursive: true });
    expect(await whyNot(empty)).toBe(
      `Folder '${empty}' has no config.json, no tokenizer.json; expected an export for transformers.js`,
    );
    for (const file of ["config.json", "tokenizer.json"]) copyFileSync(join(folder, file), join(empty, file));
    expect(await whyNot(empty)).toBe(
      `Folder '${join(empty, "onnx")}' has no model.onnx, nor one of another dtype; it has: nothing`,
    );
    expect(await whyNot(folder, { dtype: "q4" })).toBe(
      `Folder '${folder}' has no onnx/model_q4.onnx for dtype q4; it has the dtypes fp32`,
    );
  });

  it("says what is wrong with its files", async () => {
    const brokenBy = (file: string, content: string) => {
      const broken = make();
      writeFileSync(join(broken, file), content);
      return broken;
    };
    const broken = [
      brokenBy("onnx/model.onnx", "no network"),
      brokenBy("config.json", '{"model_type":"abacus"}'),
      brokenBy("tokenizer.json", '{"version":'),
    ];
    const [network, config, tokenizer] = await Promise.all(broken.map((each) => whyNot(each)));
    expect(network).toMatch(`'${broken[0]}' cannot be loaded: Load model from `);
    expect(config).toBe(`'${broken[1]}' cannot be loaded: Unsupported model type: abacus`);
    expect(tokenizer).toMatch(new RegExp(`^'${broken[2]}' cannot be loaded: .*JSON`));
  });

  it("names the package to install", async () => {
    expect(await whyNot(folder, { package: "@huggingface/no-such-package" })).toBe(
      `'${folder}' cannot be loaded: the package @huggingface/no-such-package is not installed; run: npm i @huggingface/no-such-package`,
    );
  });

  it("says of a hub id that it was looked for on the hub", async () => {
    const path = join(root, "offline.mjs");
    writeFileSync(
      path,
      `export const env = {};
      export async function pipeline(task, id) {
        throw new TypeError("fetch failed", { cause: new Error(task + " " + id + " " + env.allowRemoteModels) });
      }`,
    );
    expect(await whyNot("some-one/some-model", { package: pathToFileURL(path).href, dtype: "q8" })).toBe(
      "'some-one/some-model' cannot be loaded: the hub does not give it " +
        "(fetch failed: text-generation some-one/some-model true); " +
        "it is no folder here; without internet, put its files into one and give that",
    );
  });

  it("is refused where an option means nothing", () => {
    const refused = (options: object) => () => transformers(folder, options as TransformersOptions);
    expect(refused({ dtype: "q5" })).toThrow("dtype 'q5' is unknown; known: fp32, q8, q4, ");
    expect(refused({ threads: 0 })).toThrow("threads must be a whole number of at least 1, got 0");
    expect(refused({ quantized: true })).toThrow("option 'quantized' is unknown");
  });
});

describe("the file and the size of an ONNX model", () => {
  it("takes fp32 first, then what there is, and counts parameters by the length of the file", async () => {
    const both = make();
    const file = (name: string) => join(both, "onnx", name);
    const billions = (await findModel(both, undefined)).size! * 1e9;
    expect(billions).toBeGreaterThan(tinyParameters);
    expect(billions / tinyParameters).toBeLessThan(1.2); // the graph is large beside so few weights
    copyFileSync(file("model.onnx"), file("model_quantized.onnx"));
    expect(await findModel(both, undefined)).toMatchObject({ file: "model", dtype: "fp32" });
    expect(await findModel(both, "q8")).toMatchObject({ dtype: "q8", size: (4 * billions) / 1e9 });
    renameSync(file("model.onnx"), file("model_q4.onnx"));
    expect(await findModel(both, undefined)).toMatchObject({ dtype: "q8" });
    expect(await findModel(both, "q4")).toMatchObject({ dtype: "q4", size: (4 * billions) / 1e9 });
    rmSync(file("model_quantized.onnx"));
    expect(await findModel(both, undefined)).toEqual({
      ...{ model: both, isFolder: true, file: "model", dtype: "q4", template: undefined, size: undefined },
    });
  });

  it("counts weights that are kept beside the network", async () => {
    const large = make();
    writeFileSync(join(large, "onnx/model.onnx_data"), Buffer.alloc(4_000_000));
    const { size } = await findModel(folder, undefined);
    expect((await findModel(large, undefined)).size).toBeCloseTo(size! + 0.001, 12);
  });

  it("loads other dtypes and what older exports call the network, and takes a given size", async () => {
    const old = make();
    renameSync(join(old, "onnx/model.onnx"), join(old, "onnx/decoder_model_merged_quantized.onnx"));
    const loaded = await open(old, { size: 7 });
    expect(loaded.size).toBe(7);
    const request = ask("old", { maxTokens: 10 });
    expect(await loaded.generate(request)).toEqual(await model.generate(request));
    expect(model.size).toBeCloseTo(tinyParameters / 1e9, 4);
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

it("is made by a script that can be run by itself", async () => {
  const script = fileURLToPath(new URL("../../fixtures/make-tiny-onnx.ts", import.meta.url));
  const jiti = createRequire(import.meta.url).resolve("jiti/package.json");
  const target = join(root, "by-hand");
  await promisify(execFile)(process.execPath, [join(jiti, "../lib/jiti-cli.mjs"), script, target]);
  expect(await findModel(target, undefined)).toMatchObject({ isFolder: true, dtype: "fp32" });
});
