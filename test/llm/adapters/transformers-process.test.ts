/** The process of an ONNX model: aborted calls, its end by force or by itself, and the end of its parent. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Model } from "../../../src/core/index.ts";
import { readProcess } from "../../../src/evaluation/processes.ts";
import { findModel } from "../../../src/llm/transformers/find-model.ts";
import { ModelProcess } from "../../../src/llm/transformers/model-process.ts";
import { ask, failureOf, make, open, root } from "./onnx-models.ts";

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = make();
  model = await open(folder);
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
