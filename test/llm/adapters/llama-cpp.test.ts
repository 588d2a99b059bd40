import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { type GgufOptions, gguf } from "../../../src/llm/llama-cpp.ts";
import type { Library } from "../../../src/llm/llama-cpp-library.ts";
import { chatMl } from "../../fixtures/make-tiny-gguf.ts";
import { needs } from "../../needs.ts";
import { describeModel } from "./contract.ts";
import { ask, babbler, end, errorOf, folder, load, observed, says, tiny } from "./gguf-models.ts";

// Elsewhere the tests below say what is missing.
if (needs.llamaCpp === it) {
  const { path } = tiny({ says: ["y", "e", "s", end] });
  describeModel("a GGUF model", {
    make: () => gguf(path, { gpu: false, threads: 1 }),
    broken: { make: () => gguf(join(folder, "none.gguf")), says: /^GGUF file '.*none.gguf' does not exist$/ },
  });
}

describe("an answer of a GGUF model", () => {
  needs.llamaCpp(
    "comes with the counts of the model's own tokenizer, marks of the chat and the end included",
    async () => {
      const { path } = tiny({ template: chatMl, says: [..."fn(x)=", end] });
      const { model, count } = await observed(path);
      const messages = [
        { role: "user", text: "in the house" },
        { role: "assistant", text: "a the" },
        { role: "user", text: "and <|im_end|> is text, grüße 🙂" },
      ] as const;
      const response = await model.generate({ system: "be the best", messages });
      const marked = (role: string) => count(`<|im_start|>${role}\n`, true);
      const texts = ["be the best", ...messages.map(({ text }) => text)];
      const inputTokens =
        count("<|bos|>", true) +
        texts.reduce((sum, text) => sum + count(text, false) + count(`${end}\n`, true), 0) +
        marked("system") +
        2 * marked("user") +
        2 * marked("assistant");
      expect(response).toEqual({
        ...{ text: "fn(x)=", stopReason: "stop", inputTokens, outputTokens: count(`fn(x)=${end}`, true) },
        raw: { stopReason: "eogToken" },
      });
      expect(count(end, false)).toBeGreaterThan(1);
    },
  );

  needs.llamaCpp("costs the same input tokens when it is asked for again", async () => {
    const model = await says(..."abc", end);
    const first = await model.generate(ask("in the house"));
    expect(await model.generate(ask("in the house"))).toEqual(first);
    expect(await model.generate(ask("in the house", { system: "x" }))).not.toEqual(first);
    expect(await model.generate(ask("in the house"))).toEqual(first);
  });

  needs.llamaCpp("ends before a stop text, whose tokens count", async () => {
    const model = await says(..."abcdef", end);
    const response = await model.generate(ask("go", { stop: ["zz", "de", ""] }));
    expect(response).toMatchObject({ text: "abc", stopReason: "stop", outputTokens: 5 });
  });

  const thinking = ["<think>", "h", "m", "</think>", "y", "e", "s", end];
  const thoughtful = chatMl.replace("{% if add", "{% if false %}<think>\\n\\n</think>{% endif %}{% if add");
  const opening = chatMl.replace("assistant\\n'", "assistant\\n<think>\\n'");
  const cases = [
    { name: "where the template does not know of them", template: chatMl, tokens: thinking },
    { name: "where the template has line breaks around them", template: thoughtful, tokens: thinking },
    { name: "where the template opens them", template: opening, tokens: thinking.slice(1) },
  ];
  for (const { name, template, tokens } of cases) {
    needs.llamaCpp(`holds no thoughts, whose tokens count, ${name}`, async () => {
      const model = await load(tiny({ template, says: tokens }).path);
      expect(await model.generate(ask("go"))).toMatchObject({
        ...{ text: "yes", stopReason: "stop", outputTokens: tokens.length },
        raw: { thought: "hm" },
      });
    });
  }

  needs.llamaCpp("goes on from what the assistant has said last", async () => {
    const model = await load(tiny({ template: chatMl, says: [..."abc", end] }).path);
    const messages = [
      { role: "user", text: "go" },
      { role: "assistant", text: "a" },
    ] as const;
    expect(await model.generate({ messages })).toMatchObject({ text: "bc", outputTokens: 3 });
  });

  needs.llamaCpp(
    "is asked for as plain text, joined by blank lines, where the file has no template",
    async () => {
      const { path } = tiny({ says: ["y", "e", "s", end] });
      const { model, count } = await observed(path);
      const response = await model.generate(ask("in the house", { system: "good" }));
      const inputTokens = 1 + count("good\n\nin the house\n", false);
      expect(response).toMatchObject({ text: "yes", inputTokens, outputTokens: 4 });
    },
  );
});

describe("sampling of a GGUF model", () => {
  needs.llamaCpp(
    "gives the same text for the same seed, whatever came before, and another for another",
    async () => {
      const model = await babbler();
      const sample = (seed: number, text = "in the house") =>
        model.generate(ask(text, { seed, temperature: 1, maxTokens: 40 }));
      const first = await sample(1);
      const others = await Promise.all([2, 3, 4].map((seed) => sample(seed)));
      await sample(1, "in the house and more");
      expect(await sample(1)).toEqual(first);
      // Two of these texts are the same with a probability below 1e-9: each token has at least a few choices.
      expect(new Set([first, ...others].map(({ text }) => text)).size).toBe(4);
    },
  );

  needs.llamaCpp("takes the likeliest tokens at temperature 0, also where the file asks for it", async () => {
    const temperature = { "general.sampling.temp": { type: "float32", value: 0 } } as const;
    const model = await load(tiny({ metadata: temperature }).path);
    const first = await model.generate(ask("go", { seed: 1, maxTokens: 30 }));
    expect(await model.generate(ask("go", { seed: 2, maxTokens: 30 }))).toEqual(first);
    expect(await model.generate(ask("go", { seed: 2, maxTokens: 30, temperature: 0 }))).toEqual(first);
    expect(await model.generate(ask("go", { seed: 2, maxTokens: 30, temperature: 1 }))).not.toEqual(first);
  });

  needs.llamaCpp("ends at exactly maxTokens", async () => {
    const model = await babbler();
    for (const maxTokens of [1, 2, 63]) {
      const { stopReason, outputTokens, text } = await model.generate(ask("go", { seed: 5, maxTokens }));
      expect({ stopReason, outputTokens, signs: text.length }).toEqual({
        ...{ stopReason: "length", outputTokens: maxTokens, signs: maxTokens },
      });
    }
  });
});

describe("a call to a GGUF model", () => {
  needs.llamaCpp(
    "with a prompt that is too long for the context fails, with both numbers, and the next one works",
    async () => {
      const model = await load(tiny({ says: [..."abc", end] }).path, { contextTokens: 100 });
      const error = await errorOf(model.generate(ask("x".repeat(97))));
      expect(error.message).toMatch(
        /^The prompt has 99 tokens, but the context of '.*' holds 100, the answer included; give contextTokens, up to 2048$/,
      );
      expect(error).toMatchObject({ isRetryable: false, isFatal: false, partialText: undefined });
      expect(await model.generate(ask("x".repeat(96)))).toMatchObject({
        ...{ text: "ab", stopReason: "length", inputTokens: 98, outputTokens: 2 },
      });
    },
  );

  needs.llamaCpp("fills the context and no more", async () => {
    const model = await load(tiny().path, { contextTokens: 150 });
    const { stopReason, inputTokens, outputTokens } = await model.generate(
      ask("go", { maxTokens: 1000, seed: 1 }),
    );
    expect({ stopReason, sum: inputTokens! + outputTokens! }).toEqual({ stopReason: "length", sum: 150 });
  });

  needs.llamaCpp(
    "never loses the beginning of its prompt, also where a template goes on adding to it",
    async () => {
      const printed = (["warn", "error"] as const).map((level) => vi.spyOn(console, level));
      // What a template adds is not known before; here no limit is known at all.
      const { path } = tiny({ template: chatMl });
      const { model } = await observed(path, { isUnlimited: true }, { contextTokens: 256 });
      const { text, stopReason, inputTokens, outputTokens } = await model.generate(ask("go", { seed: 1 }));
      expect(stopReason).toBe("length");
      expect(inputTokens! + outputTokens!).toBeLessThanOrEqual(256);
      expect(text.length).toBeGreaterThan(200);
      for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    },
  );

  needs.llamaCpp("ends when its signal is aborted, with what has come, and leaves no trace", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let isAborting = false;
    let chunks = 0;
    const answer = () => {
      chunks += 1;
      if (isAborting && chunks === 20) controller.abort(reason);
    };
    const { model } = await observed(tiny().path, { answer });
    const request = ask("go", { seed: 1 });
    const whole = await model.generate({ ...request, maxTokens: 60 });
    [isAborting, chunks] = [true, 0];
    // The second call waits for its turn; the third is aborted before it is made.
    const first = errorOf(model.generate({ ...request, signal: controller.signal }));
    const second = errorOf(model.generate({ ...request, signal: controller.signal }));
    expect(await first).toMatchObject({
      message: "The call was stopped before its answer was complete",
      ...{ partialText: whole.text.slice(0, 20), isRetryable: false, isFatal: false, cause: reason },
    });
    expect(await second).toMatchObject({ partialText: undefined, cause: reason });
    const third = errorOf(model.generate({ ...request, signal: AbortSignal.abort(reason) }));
    expect(await third).toMatchObject({ partialText: undefined, cause: reason });
    expect(chunks).toBeLessThan(22);
    isAborting = false;
    expect(await model.generate({ ...request, maxTokens: 60 })).toEqual(whole);
  });

  needs.llamaCpp("ends also while its prompt is evaluated", async () => {
    const controller = new AbortController();
    let parts = 0;
    const prompt = () => {
      parts += 1;
      if (parts === 2) controller.abort(new Error("enough"));
    };
    const { model } = await observed(tiny({ says: ["a", end] }).path, { prompt });
    const request = ask("house ".repeat(200), { signal: controller.signal });
    expect(await errorOf(model.generate(request))).toMatchObject({ partialText: "" });
    expect(await model.generate(ask("go"))).toMatchObject({ text: "a" });
    expect(parts).toBe(3);
  });

  needs.llamaCpp("leaves the event loop free", async () => {
    const model = await babbler();
    let turns = 0;
    let isOver = false;
    const answer = model.generate(ask("in the house ".repeat(30), { seed: 1, maxTokens: 100 }));
    const done = answer.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise(setImmediate);
      turns += 1;
    }
    const { inputTokens, outputTokens } = await done;
    // At least one turn for each token of the answer, and for each 64 of the prompt.
    expect(turns).toBeGreaterThan(outputTokens! + inputTokens! / 64);
  });

  needs.llamaCpp("fails after the model is closed, and when it is closed meanwhile", async () => {
    const { model, isFreed } = await observed(tiny().path);
    const answer = errorOf(model.generate(ask("go", { seed: 1 })));
    expect(isFreed()).toBe(false);
    await model.close!();
    expect(isFreed()).toBe(true);
    expect((await answer).message).toMatch(/^Model '.*' is closed$/);
    expect((await errorOf(model.generate(ask("go")))).message).toMatch(/^Model '.*' is closed$/);
  });
});

describe("a GGUF file", () => {
  needs.llamaCpp("gives the size of the model, in billions of weights, unless the user does", async () => {
    const { path, parameterCount } = tiny();
    expect(gguf(path).size).toBeNaN();
    const model = await load(path);
    expect(model).toMatchObject({ provider: "llama-cpp", name: path, size: parameterCount / 1e9 });
    expect(model.calls).toEqual({ concurrency: 1 });
    expect((await load(path, { size: 7 })).size).toBe(7);
  });

  needs.llamaCpp("of an unknown architecture, or cut short, is refused in one sentence", async () => {
    const unknown = tiny({ architecture: "nonsense" }).path;
    const cut = tiny().path;
    writeFileSync(cut, readFileSync(cut).subarray(0, 200_000));
    const head = tiny().path;
    writeFileSync(head, readFileSync(head).subarray(0, 3000));
    const problems = [
      [unknown, "unknown model architecture: 'nonsense'"],
      [
        cut,
        "tensor 'blk.0.ffn_down.weight' data is not within the file bounds, model is corrupted or incomplete",
      ],
      [head, expect.stringContaining("failed")],
    ] as const;
    for (const [path, problem] of problems) {
      const error = await errorOf(load(path));
      expect(error.isFatal).toBe(true);
      const [before, after] = error.message.split(" cannot be loaded: ");
      expect([before, after]).toEqual([`GGUF file '${path}'`, problem]);
    }
  });

  needs.llamaCpp("gives no longer a context than the model was made for", async () => {
    const { path } = tiny({ contextLength: 512 });
    expect((await errorOf(load(path, { contextTokens: 513 }))).message).toMatch(
      /cannot be loaded: it was made for at most 512 tokens, contextTokens is 513$/,
    );
  });

  needs.llamaCpp(
    "is loaded, used and let go by a process that prints nothing else and ends by itself",
    async () => {
      const child = fileURLToPath(new URL("gguf-child.ts", import.meta.url));
      const { path } = tiny({ says: ["y", "e", "s", end] });
      const args = ["--import", "jiti/register", child, path];
      expect(await promisify(execFile)(process.execPath, args)).toEqual({ stdout: "yes\n", stderr: "" });
    },
  );

  it.each([
    ["does not exist", join(folder, "none.gguf"), /^GGUF file '.*none.gguf' does not exist$/],
    ["is a folder", folder, /^'.*' is a folder; name the .gguf file in it$/],
    [
      "is something else",
      fileURLToPath(import.meta.url),
      /^'.*' is no GGUF file: its first four bytes are not GGUF$/,
    ],
  ])("that %s is refused before anything is loaded", async (_, path, message) => {
    const error = await errorOf(load(path, {}, () => Promise.reject(new Error("it was loaded"))));
    expect(error.message).toMatch(message);
    expect(error.isFatal).toBe(true);
  });

  it("asks for node-llama-cpp where that is missing", async () => {
    const { path } = tiny();
    const missing = Object.assign(new Error("Cannot find package 'node-llama-cpp' imported from x"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    const error = await errorOf(load(path, {}, () => Promise.reject(missing)));
    expect(error).toMatchObject({
      message: `Model 'gguf:${path}' needs the package node-llama-cpp, which is not installed; run: npm i node-llama-cpp`,
      isFatal: true,
    });
  });

  it("does not load where llama.cpp does not start or has too little memory, and says so", async () => {
    const { path } = tiny();
    const refuse = (message: string) => () => Promise.reject(new Error(message));
    const model = {
      trainContextSize: 9000,
      createContext: refuse("too large for the available RAM"),
      dispose: async () => {},
    };
    const start = async () => ({ gpu: false as const, loadModel: async () => model });
    const messageWith = async (part: object) =>
      (await errorOf(load(path, {}, async () => part as unknown as Library))).message;
    expect(await messageWith({ getLlama: refuse("no binary") })).toBe(
      "node-llama-cpp does not start on this machine: no binary",
    );
    expect(await messageWith({ getLlama: refuse("NoBinaryFoundError") })).toBe(
      "node-llama-cpp does not start on this machine: it has no binary for it (gpu: false)",
    );
    expect(await messageWith({ getLlama: start })).toBe(
      `A context of 8192 tokens for '${path}' cannot be made (contextTokens sets its size): too large for the available RAM`,
    );
  });

  it("is given with options that make sense", () => {
    const where = "llama-cpp model 'x'";
    const wrong = [
      [{ threads: 0 }, `${where}: threads must be a whole number of at least 1, got 0`],
      [{ contextTokens: 1.5 }, `${where}: contextTokens must be a whole number of at least 1, got 1.5`],
      [{ gpu: "tpu" }, `${where}: gpu must be one of auto, metal, cuda, vulkan, false, got tpu`],
    ] as const;
    for (const [options, message] of wrong) expect(() => gguf("x", options as GgufOptions)).toThrow(message);
    expect(gguf("x", { threads: 2, contextTokens: 4096, temperature: 0.5, gpu: false }).parameters).toEqual({
      ...{ threads: 2, contextTokens: 4096, temperature: 0.5, gpu: false },
    });
  });
});
