/** Tiny ONNX models for tests, in a folder that is removed at the end of a test file, as are their processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { type Model, ModelError, type ModelRequest, type ModelResponse } from "../../../src/core/index.ts";
import { type TransformersOptions, transformers } from "../../../src/llm/transformers.ts";
import { makeTinyOnnx, type TinyOnnxOptions } from "../../fixtures/make-tiny-onnx.ts";

/** A folder for this test file alone. */
export const root = mkdtempSync(join(tmpdir(), "allele-onnx-"));
const opened: Model[] = [];
let folders = 0;

afterAll(async () => {
  await Promise.all(opened.map((each) => each.close?.()));
  rmSync(root, { recursive: true });
});

/** Writes another model and returns its folder. */
export const make = (options?: TinyOnnxOptions) => makeTinyOnnx(join(root, `tiny-${++folders}`), options);

/** What a model is given to get ready. */
export const prepareContext = () => ({ environment: {}, signal: new AbortController().signal });

/** A model that is loaded. */
export async function open(folder: string, options?: TransformersOptions): Promise<Model> {
  const model = await transformers(folder, options).prepare!(prepareContext());
  opened.push(model);
  return model;
}

/** A request of one message. */
export const ask = (text: string, rest: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", text }],
  ...rest,
});
/** The tokens of an answer. */
export const idsOf = ({ raw }: ModelResponse) => (raw as { outputIds: number[] }).outputIds;

/** The failure of a promise that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  return error as ModelError;
}
