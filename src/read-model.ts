/**
 * Models as text, on the command line and in campaigns: PROVIDER:NAME, or the name of a simulated model, and
 * then options as `,key=value`; e.g. "ollama:qwen2.5-coder:7b,size=7.6" or "openai:gpt-x@http://localhost:8000/v1".
 */
import { type Model, pickKnown, UsageError, type UsdPrice } from "./core/index.ts";
import type { AdapterOptions } from "./llm/adapter.ts";
import { aiSdkProvider } from "./llm/ai-sdk-provider.ts";
import { gguf } from "./llm/llama-cpp.ts";
import { ollama } from "./llm/ollama.ts";
import { openai } from "./llm/openai.ts";
import { simulated } from "./llm/simulated.ts";
import { simulatedChooser } from "./llm/simulated-chooser.ts";
import { simulatedProgrammer } from "./llm/simulated-programmer.ts";
import type { Dtype } from "./llm/transformers/messages.ts";
import { transformers } from "./llm/transformers.ts";

/** What follows the name of a model. */
interface Options extends AdapterOptions {
  readonly apiKeyVariable?: string;
  readonly contextTokens?: number;
  readonly think?: boolean | "low" | "medium" | "high" | "max";
  readonly threads?: number;
  readonly dtype?: Dtype;
}

interface Provider {
  /** How its models are written. */
  readonly form: string;
  readonly description: string;
  make(name: string, options: Options): Model;
}

/** The providers by the word before the colon. */
export const providers: Readonly<Record<string, Provider>> = {
  ollama: {
    form: "ollama:NAME",
    description: "a model of an Ollama server (OLLAMA_HOST, or this machine)",
    make: ollama,
  },
  openai: {
    form: "openai:NAME@URL",
    description: "any server with OpenAI's chat interface; without @URL: OPENAI_BASE_URL, or OpenAI",
    make: (name, options) => {
      const at = name.search(/@https?:/i);
      // Else the prompts would go to OpenAI's own server.
      const [, address] = /@([\w.-]+:\d+(?:\/.*)?)$/.exec(name) ?? [];
      if (at < 0 && address !== undefined) {
        throw new UsageError(
          `Model 'openai:${name}': an address begins with http://, e.g. @http://${address}`,
        );
      }
      if (at < 0) return openai(name, options);
      return openai(name.slice(0, at), { ...options, baseUrl: name.slice(at + 1) });
    },
  },
  "ai-sdk": {
    form: "ai-sdk:PROVIDER:NAME",
    description: "a model of the installed AI SDK package @ai-sdk/PROVIDER",
    make: aiSdkProvider,
  },
  gguf: {
    form: "gguf:FILE",
    description: "a GGUF file, in this process (package node-llama-cpp)",
    make: gguf,
  },
  onnx: {
    form: "onnx:FOLDER-OR-HUB-ID",
    description: "an ONNX model, in a process of its own (package @huggingface/transformers)",
    make: transformers,
  },
};

/** The models that need nothing, by name. */
export const simulatedModels = {
  simulated,
  "simulated-chooser": simulatedChooser,
  "simulated-programmer": simulatedProgrammer,
} as const;

/** A model as a text names it, with its weight in an ensemble. */
export interface NamedModel {
  readonly model: Model;
  readonly weight: number;
}

/** Makes the model that a text names; throws a UsageError that lists what is known. */
export function readModel(text: string): NamedModel {
  const { name, pairs } = splitOptions(text);
  const { weight = 1, ...options } = readOptions(text, pairs);
  const simulatedModel = Object.entries(simulatedModels).find(([known]) => known === name)?.[1];
  if (simulatedModel !== undefined) return { model: simulatedModel(options), weight };
  const [, word = "", rest = ""] = /^([a-z-]+):(.+)$/s.exec(name) ?? [];
  const provider = Object.hasOwn(providers, word) ? providers[word] : undefined;
  if (provider === undefined) {
    const forms = [...Object.keys(simulatedModels), ...Object.values(providers).map(({ form }) => form)];
    throw new UsageError(`Model '${shownModelText(name)}' is unknown; known: ${forms.join(", ")}`);
  }
  return { model: provider.make(rest, options), weight };
}

/** The text that names a model as others may see it: without a password in its address. */
export function shownModelText(text: string): string {
  return text.replace(/:\/\/[^/\s]*@/g, "://");
}

/** How an option is written, and what it means. */
const optionReaders: Readonly<
  Record<string, (value: string) => Partial<Options> & { readonly weight?: number }>
> = {
  size: (value) => ({ size: numberOf("size", value) }),
  price: (value) => ({ price: priceOf(value) }),
  temperature: (value) => ({ temperature: numberOf("temperature", value) }),
  "max-tokens": (value) => ({ maxTokens: numberOf("max-tokens", value) }),
  concurrency: (value) => ({ concurrency: numberOf("concurrency", value) }),
  retries: (value) => ({ retries: numberOf("retries", value) }),
  timeout: (value) => ({ timeoutMs: 1000 * numberOf("timeout", value) }),
  rpm: (value) => ({ requestsPerMinute: numberOf("rpm", value) }),
  tpm: (value) => ({ tokensPerMinute: numberOf("tpm", value) }),
  key: (value) => ({ apiKeyVariable: variableOf(value) }),
  context: (value) => ({ contextTokens: numberOf("context", value) }),
  think: (value) => ({ think: thinkOf(value) }),
  threads: (value) => ({ threads: numberOf("threads", value) }),
  dtype: (value) => ({ dtype: value as Dtype }), // checked by the adapter
  weight: (value) => ({ weight: weightOf(value) }),
};

/** Splits off the options at the end; a comma that no option follows belongs to the name. */
function splitOptions(text: string): { readonly name: string; readonly pairs: readonly string[] } {
  const parts = text.split(",");
  let count = 0;
  while (count < parts.length - 1 && /^\s*[\w-]+=/.test(parts.at(-1 - count) ?? "")) count++;
  const cut = parts.length - count;
  return { name: parts.slice(0, cut).join(","), pairs: parts.slice(cut) };
}

function readOptions(text: string, pairs: readonly string[]): Options & { readonly weight?: number } {
  let options: Options & { readonly weight?: number } = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at).trim();
    const read = Object.hasOwn(optionReaders, key) ? optionReaders[key] : undefined;
    if (read === undefined) {
      const known = Object.keys(optionReaders).join(", ");
      throw new UsageError(`Model '${shownModelText(text)}': option '${key}' is unknown; known: ${known}`);
    }
    options = { ...options, ...read(pair.slice(at + 1)) };
  }
  return options;
}

function numberOf(key: string, value: string): number {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw new UsageError(`Model option '${key}' expects a number, got '${value}'`);
}

function weightOf(value: string): number {
  const weight = numberOf("weight", value);
  if (weight > 0) return weight;
  throw new UsageError(`Model option 'weight' expects a number above 0, got '${value}'`);
}

/** What is no name of a variable may be a key: the message does not repeat it. */
function variableOf(value: string): string {
  if (/^[A-Za-z_]\w*$/.test(value)) return value;
  throw new UsageError(
    "Model option 'key' expects the name of the environment variable that holds the key, not the key itself",
  );
}

function thinkOf(value: string): NonNullable<Options["think"]> {
  const known = { true: true, false: false, low: "low", medium: "medium", high: "high", max: "max" } as const;
  return pickKnown<NonNullable<Options["think"]>>("Model option 'think'", value, known);
}

/** Reads "0.15/0.6": US dollars per million input and output tokens, and "@2026-11-22" where the day matters. */
function priceOf(value: string): UsdPrice {
  const [, input, output, asOf] = /^([\d.]+)\/([\d.]+)(?:@(.+))?$/.exec(value) ?? [];
  if (input === undefined || output === undefined) {
    throw new UsageError(
      `Model option 'price' expects dollars per million tokens in and out, e.g. 0.15/0.6, got '${value}'`,
    );
  }
  return {
    usdPerMillionInputTokens: numberOf("price", input),
    usdPerMillionOutputTokens: numberOf("price", output),
    ...(asOf === undefined ? {} : { asOf }),
  };
}
