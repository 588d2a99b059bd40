/** Tiny GGUF models for the tests of their adapter. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { type Model, ModelError, type ModelRequest } from "../../../src/core/index.ts";
import { type GgufOptions, gguf } from "../../../src/llm/llama-cpp.ts";
import { importLibrary, type Library } from "../../../src/llm/llama-cpp-library.ts";
import { makeTinyGguf, type TinyGguf } from "../../fixtures/make-tiny-gguf.ts";

/** Gone when the tests of the file that imports this are over. */
export const folder = mkdtempSync(join(tmpdir(), "allele-gguf-"));
const opened: Model[] = [];
afterAll(async () => {
  for (const model of opened) await model.close?.();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
/** A model without a template, which is quicker to load, unless one is given. */
export function tiny(options: TinyGguf = {}) {
  const path = join(folder, `tiny-${++files}.gguf`);
  return { path, ...makeTinyGguf(path, { template: undefined, ...options }) };
}

const context = { environment: {}, signal: new AbortController().signal };

/** Loads a file on the processor alone, with one thread, which is quickest where the processor is busy. */
export async function load(
  path: string,
  options: GgufOptions = {},
  library?: () => Promise<Library>,
): Promise<Model> {
  const model = await gguf(path, { gpu: false, threads: 1, ...options }, library).prepare!(context);
  opened.push(model);
  return model;
}

/** The token that ends a turn. */
export const end = "<|im_end|>";
/** A model that says these tokens and has no template. */
export const says = (...tokens: readonly string[]) => load(tiny({ says: tokens }).path);
/** It ends as the template of a chat does, by which a tiny model knows that it is to say something. */
export const ask = (text: string, rest: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", text: `${text}\n` }],
  ...rest,
});
/** The ModelError that a promise rejects with. */
export const errorOf = (work: Promise<unknown>): Promise<ModelError> =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ModelError);
      return error as ModelError;
    },
  );

type Ask = Parameters<InstanceType<Library["LlamaChat"]>["generateResponse"]>;

/** A model with what happens inside; there can be one log of llama.cpp in a process, so it is loaded as all are. */
export async function observed(
  path: string,
  see: { answer?(): void; prompt?(): void; readonly isUnlimited?: boolean } = {},
  options: GgufOptions = {},
) {
  const library = await importLibrary();
  interface Inside {
    tokenize(text: string, isSpecial: boolean): readonly number[];
    readonly disposed: boolean;
  }
  let inside: Inside | undefined;
  class LlamaChat extends library.LlamaChat {
    constructor(options: ConstructorParameters<typeof library.LlamaChat>[0]) {
      super(options);
      const sequence = options.contextSequence;
      inside = (sequence as unknown as { readonly model: typeof inside }).model;
      const evaluate = sequence.evaluateWithoutGeneratingNewTokens.bind(sequence);
      sequence.evaluateWithoutGeneratingNewTokens = (tokens) => {
        see.prompt?.();
        return evaluate(tokens);
      };
    }
    override generateResponse(history: Ask[0], options: Ask[1]) {
      const onResponseChunk: typeof options.onResponseChunk = (chunk) => {
        options.onResponseChunk(chunk);
        see.answer?.();
      };
      const { maxTokens } = see.isUnlimited ? { maxTokens: Number.POSITIVE_INFINITY } : options;
      return super.generateResponse(history, { ...options, maxTokens, onResponseChunk });
    }
  }
  const model = await load(path, options, async () => ({ ...library, LlamaChat }));
  /** Counts with the model's own tokenizer; texts of special tokens stand for them where `isSpecial`. */
  const count = (text: string, isSpecial: boolean) => inside!.tokenize(text, isSpecial).length;
  return { model, count, isFreed: () => inside!.disposed };
}

let babbling: Promise<Model> | undefined;
/** A model that never ends by itself. */
export function babbler(): Promise<Model> {
  babbling ??= load(tiny().path);
  return babbling;
}
