/** Folders of ONNX models: what is loaded of them, what their size tells, and what is said of broken ones. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../../src/core/index.ts";
import { findModel } from "../../../src/llm/transformers/find-model.ts";
import { type TransformersOptions, transformers } from "../../../src/llm/transformers.ts";
import { tinyParameters } from "../../fixtures/make-tiny-onnx.ts";
import { ask, failureOf, make, open, prepareContext, root } from "./onnx-models.ts";

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = make();
  model = await open(folder);
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

it("is made by a script that can be run by itself", async () => {
  const script = fileURLToPath(new URL("../../fixtures/make-tiny-onnx.ts", import.meta.url));
  const jiti = createRequire(import.meta.url).resolve("jiti/package.json");
  const target = join(root, "by-hand");
  await promisify(execFile)(process.execPath, [join(jiti, "../lib/jiti-cli.mjs"), script, target]);
  expect(await findModel(target, undefined)).toMatchObject({ isFolder: true, dtype: "fp32" });
});
