/**
 * Loads a text-generation pipeline of @huggingface/transformers or of its predecessor @xenova/transformers, and
 * hides in what they differ. It runs in the model's own thread.
 */
import { availableParallelism } from "node:os";
import { basename, dirname, sep } from "node:path";
import { rngFrom } from "../../core/rng.ts";
import type { LoadOrder } from "./messages.ts";

/** A model with its tokenizer, the same for both packages. */
export interface TextGenerator {
  readonly tokenizer: Tokenizer;
  /** Longest sequence of tokens that the model can take; undefined where its configuration does not say. */
  readonly context: number | undefined;
  /** Tokens that end an answer. */
  readonly endIds: readonly number[];
  /**
   * Returns the ids of the prompt and of the answer. `isEnough` is asked after each new token, with all ids so
   * far, whether to stop there.
   */
  generate(
    inputs: Inputs,
    sampling: Readonly<Record<string, unknown>>,
    isEnough: (ids: readonly (number | bigint)[]) => boolean,
  ): Promise<number[]>;
  /** Makes the next answer's chance repeatable; undefined makes it fresh. */
  seed(seed: number | undefined): void;
}

interface Tensor {
  readonly dims: readonly number[];
  tolist(): (number | bigint)[][];
}
/** A prompt as tensors. */
export interface Inputs {
  readonly input_ids: Tensor;
  readonly attention_mask: Tensor;
}

/** What is used of the packages' tokenizers. */
export interface Tokenizer {
  (text: string, options: { readonly add_special_tokens: boolean }): Inputs;
  chat_template?: unknown;
  apply_chat_template(
    messages: readonly { readonly role: string; readonly content: string }[],
    options: { readonly tokenize: false; readonly add_generation_prompt: true },
  ): string;
  decode(
    ids: readonly number[],
    options: { readonly skip_special_tokens: true; readonly clean_up_tokenization_spaces: false },
  ): string;
}

interface EndConfig {
  readonly eos_token_id?: number | readonly number[] | null;
}
interface ModelConfig extends EndConfig {
  readonly max_position_embeddings?: number;
  readonly n_positions?: number;
  readonly text_config?: { readonly max_position_embeddings?: number };
}

interface Pipeline {
  readonly tokenizer: Tokenizer;
  readonly model: {
    readonly config: ModelConfig;
    readonly generation_config?: EndConfig | null;
    generate(...args: readonly unknown[]): Promise<Tensor | number[][]>;
  };
}

/** What is used of the packages. Only @huggingface/transformers has what is optional here. */
interface Library {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly StoppingCriteria?: new () => object;
  readonly random?: { seed(seed?: number): void };
  pipeline(
    task: "text-generation",
    model: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<Pipeline>;
}

/** Loads the pipeline; says of a hub id what else it could have been. */
async function load(
  library: Library,
  model: string,
  isFolder: boolean,
  options: Readonly<Record<string, unknown>>,
): Promise<Pipeline> {
  try {
    return await library.pipeline("text-generation", model, options);
  } catch (cause) {
    if (isFolder) throw cause;
    const advice = "it is no folder here; without internet, put its files into one and give that";
    throw new Error(`the hub does not give it (${messageOf(cause)}); ${advice}`, { cause });
  }
}

/** Loads what is ordered. Throws an Error whose message says what is wrong, for the end of a sentence. */
export async function loadGenerator(
  order: LoadOrder,
  importPackage: (name: string) => Promise<unknown>,
): Promise<TextGenerator> {
  for (const name of order.packages) {
    const found = await importPackage(name).catch((cause) => {
      throw new Error(`the package ${name} does not work here: ${messageOf(cause)}`, { cause });
    });
    if (found === undefined) continue;
    const library = found as Library;
    library.env.allowRemoteModels = !order.isFolder;
    const generator = await (library.StoppingCriteria === undefined
      ? loadOld(library, name, order)
      : loadNew(library, library.StoppingCriteria, order));
    generator.tokenizer.chat_template ||= order.template;
    return generator;
  }
  const [name] = order.packages;
  throw new Error(`the package ${name} is not installed; run: npm i ${name}`);
}

async function loadNew(
  library: Library,
  StoppingCriteria: new () => object,
  { model: place, isFolder, file, dtype, device, threads = halfOfTheCores() }: LoadOrder,
): Promise<TextGenerator> {
  const { tokenizer, model } = await load(library, place, isFolder, {
    device,
    ...(dtype === undefined ? {} : { dtype }),
    ...(file === undefined ? {} : { model_file_name: file }),
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  });
  return {
    tokenizer,
    ...describe(model),
    async generate(inputs, sampling, isEnough) {
      class Enough extends StoppingCriteria {
        _call(sequences: readonly (readonly bigint[])[]): boolean[] {
          return sequences.map(isEnough);
        }
      }
      const stopping = { stopping_criteria: [new Enough()] };
      const sequences = (await model.generate({ ...inputs, ...sampling, ...stopping })) as Tensor;
      return (sequences.tolist()[0] ?? []).map(Number);
    },
    seed(seed) {
      if (library.random === undefined) seedMath(seed);
      else library.random.seed(seed);
    },
  };
}

/** Candidates are evaluated meanwhile. */
function halfOfTheCores(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

/** What @xenova/transformers calls the two kinds of weights that it knows. */
const isQuantized: Readonly<Record<string, boolean>> = { fp32: false, q8: true };

interface Beam {
  readonly output_token_ids: readonly number[];
  done: boolean;
}

async function loadOld(library: Library, name: string, order: LoadOrder): Promise<TextGenerator> {
  const { model: place, isFolder, file, dtype, device, threads } = order;
  const instead = "@huggingface/transformers does: npm i @huggingface/transformers";
  if (dtype !== undefined && !Object.hasOwn(isQuantized, dtype)) {
    throw new Error(`the package ${name} cannot read weights of type ${dtype}, only fp32 and q8; ${instead}`);
  }
  if (device !== "cpu") throw new Error(`the package ${name} knows no device but cpu; ${instead}`);
  if (threads !== undefined) throw new Error(`the package ${name} takes no number of threads; ${instead}`);
  // It takes no path, only a name under one folder.
  if (isFolder) library.env.localModelPath = dirname(place) + sep;
  const { tokenizer, model } = await load(library, isFolder ? basename(place) : place, isFolder, {
    ...(dtype === undefined ? {} : { quantized: isQuantized[dtype] }),
    ...(file === undefined ? {} : { model_file_name: file }),
  });
  return {
    tokenizer,
    ...describe(model),
    async generate({ input_ids, attention_mask }, sampling, isEnough) {
      const callback_function = (beams: readonly Beam[]) => {
        for (const beam of beams) if (isEnough(beam.output_token_ids)) beam.done = true;
      };
      const config = { ...sampling, callback_function };
      const mask = { inputs_attention_mask: attention_mask };
      const sequences = (await model.generate(input_ids, config, null, mask)) as number[][];
      return sequences[0] ?? [];
    },
    seed: seedMath,
  };
}

function describe({ config, generation_config }: Pipeline["model"]) {
  const ends = generation_config?.eos_token_id ?? config.eos_token_id ?? [];
  return {
    context:
      config.max_position_embeddings ?? config.n_positions ?? config.text_config?.max_position_embeddings,
    endIds: typeof ends === "number" ? [ends] : ends,
  };
}

const { random } = Math;

/** Those without a generator of their own draw from Math.random, and nothing else in this thread does. */
function seedMath(seed: number | undefined): void {
  Math.random = seed === undefined ? random : rngFrom("transformers", seed);
}

/** The first line of an error's message, with that of its cause, which says why a fetch failed. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const line = error.message.split("\n", 1)[0] ?? "";
  const cause = error.cause === undefined ? "" : messageOf(error.cause);
  return line.includes(cause) ? line : `${line}: ${cause}`;
}
