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
import { voting } from "./llm/voting.ts";

/** What follows the name of a model. */
interface Options extends AdapterOptions {
  readonly votes?: number;
  readonly apiKeyVariable?: string;
  readonly contextTokens?: number;
  readonly think?: boolean | "low" | "medium" | "high" | "max";
  readonly threads?: number;
  readonly dtype?: Dtype;
}

interface Provider {
  /** How its models are written. */
  readonly form: string;
  /** The options that only some providers have and this one does. */
  readonly options: readonly string[];
  readonly description: string;
  make(name: string, options: Options): Model;
}

/** The providers by the word before the colon. */
export const providers: Readonly<Record<string, Provider>> = {
  ollama: {
    form: "ollama:NAME",
    options: ["context", "think"],
    description: "a model of an Ollama server; without @URL: OLLAMA_HOST, or this machine",
    make: (name, options) => {
      const at = name.search(/@https?:/i);
      return at < 0
        ? ollama(name, options)
        : ollama(name.slice(0, at), { ...options, host: name.slice(at + 1) });
    },
  },
  openai: {
    form: "openai:NAME@URL",
    options: ["key"],
    description: "any server with OpenAI's chat interface; without @URL: OPENAI_BASE_URL, or OpenAI",
    make: (name, options) => {
      const at = name.search(/@https?:/i);
      // Else the prompts would go to OpenAI's own server.
      const [, address] = /@((?:[\w.-]+:\d+|\w+:\/\/).*)$/.exec(name) ?? [];
      if (at < 0 && address !== undefined) {
        throw new UsageError(
          `Model 'openai:${name}': an address begins with http:// or https://, got ${address}`,
        );
      }
      if (at < 0) return openai(name, options);
      return openai(name.slice(0, at), { ...options, baseUrl: name.slice(at + 1) });
    },
  },
  "ai-sdk": {
    form: "ai-sdk:PROVIDER:NAME",
    options: [],
    description: "a model of the installed AI SDK package @ai-sdk/PROVIDER",
    make: aiSdkProvider,
  },
  gguf: {
    form: "gguf:FILE",
    options: ["context", "threads"],
    description: "a GGUF file, in this process (package node-llama-cpp)",
    make: gguf,
  },
  onnx: {
    form: "onnx:FOLDER-OR-HUB-ID",
    options: ["threads", "dtype"],
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
  const { weight = 1, votes, ...options } = readOptions(text, pairs);
  const voted = (model: Model) => (votes === undefined ? model : voting(model, { lead: votes }));
  const simulatedModel = Object.entries(simulatedModels).find(([known]) => known === name)?.[1];
  if (simulatedModel !== undefined) {
    checkTaken(text, pairs, ["size", "price", "concurrency", "votes", "weight"]);
    return { model: voted(simulatedModel(options)), weight };
  }
  const [, word = "", rest = ""] = /^([a-z-]+):(.+)$/s.exec(name) ?? [];
  const provider = Object.hasOwn(providers, word) ? providers[word] : undefined;
  if (provider === undefined) {
    const forms = [...Object.keys(simulatedModels), ...Object.values(providers).map(({ form }) => form)];
    throw new UsageError(`Model '${shownModelText(name)}' is unknown; known: ${forms.join(", ")}`);
  }
  checkTaken(text, pairs, [...commonOptions, ...provider.options]);
  return { model: voted(provider.make(rest, options)), weight };
}

/** The options of every model that is called. */
const commonOptions = [
  ...[
    "size",
    "price",
    "temperature",
    "max-tokens",
    "concurrency",
    "rpm",
    "tpm",
    "timeout",
    "retries",
    "votes",
    "capabilities",
    "weight",
  ],
];

function checkTaken(text: string, pairs: readonly string[], taken: readonly string[]): void {
  const other = pairs.map(keyOf).find((key) => !taken.includes(key));
  if (other === undefined) return;
  throw new UsageError(
    `Model '${shownModelText(text)}' takes no option '${other}'; it takes: ${taken.join(", ")}`,
  );
}

function keyOf(pair: string): string {
  return pair.slice(0, pair.indexOf("=")).trim();
}

/** The text that names a model as others may see it: without a password in its address. */
export function shownModelText(text: string): string {
  return text.replace(/:\/\/[^/\s]*@/g, "://");
}

/** How an option is written, and what it means. */
const optionReaders: Readonly<
  Record<string, (value: string) => Partial<Options> & { readonly weight?: number }>
> = {
  size: (value) => ({ size: above0("size", value) }),
  price: (value) => ({ price: priceOf(value) }),
  temperature: (value) => ({ temperature: numberOf("temperature", value) }),
  "max-tokens": (value) => ({ maxTokens: whole("max-tokens", value) }),
  concurrency: (value) => ({ concurrency: whole("concurrency", value) }),
  retries: (value) => ({ retries: whole("retries", value, 0) }),
  timeout: (value) => ({ timeoutMs: 1000 * above0("timeout", value) }),
  rpm: (value) => ({ requestsPerMinute: whole("rpm", value) }),
  tpm: (value) => ({ tokensPerMinute: whole("tpm", value) }),
  key: (value) => ({ apiKeyVariable: variableOf(value) }),
  context: (value) => ({ contextTokens: whole("context", value) }),
  think: (value) => ({ think: thinkOf(value) }),
  threads: (value) => ({ threads: whole("threads", value) }),
  dtype: (value) => ({ dtype: value as Dtype }), // checked by the adapter
  capabilities: (value) => ({ capabilities: value.split("+") }),
  votes: (value) => ({ votes: whole("votes", value) }),
  weight: (value) => ({ weight: above0("weight", value) }),
};

/** Splits off the options at the end; a comma that no option follows belongs to the name. */
function splitOptions(text: string): { readonly name: string; readonly pairs: readonly string[] } {
  const parts = text.split(",");
  let count = 0;
  while (count < parts.length - 1 && /^\s*[\w-]+=/.test(parts.at(-1 - count) ?? "")) count++;
  const cut = parts.length - count;
  const last = parts[cut - 1]?.trim() ?? "";
  if (cut > 1 && (last === "" || Object.hasOwn(optionReaders, last))) {
    const what =
      last === "" ? "nothing follows a comma" : `option '${last}' expects a value, e.g. ${last}=...`;
    throw new UsageError(`Model '${shownModelText(text)}': ${what}`);
  }
  return { name: parts.slice(0, cut).join(","), pairs: parts.slice(cut) };
}

function readOptions(text: string, pairs: readonly string[]): Options & { readonly weight?: number } {
  const seen = new Set<string>();
  let options: Options & { readonly weight?: number } = {};
  for (const pair of pairs) {
    const key = keyOf(pair);
    const read = Object.hasOwn(optionReaders, key) ? optionReaders[key] : undefined;
    if (read === undefined) {
      const known = Object.keys(optionReaders).join(", ");
      throw new UsageError(`Model '${shownModelText(text)}': option '${key}' is unknown; known: ${known}`);
    }
    if (seen.has(key))
      throw new UsageError(`Model '${shownModelText(text)}': option '${key}' is given twice`);
    seen.add(key);
    options = { ...options, ...read(pair.slice(pair.indexOf("=") + 1)) };
  }
  return options;
}

function numberOf(key: string, value: string): number {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw new UsageError(`Model option '${key}' expects a number, got '${value}'`);
}

function above0(key: string, value: string): number {
  const number = numberOf(key, value);
  if (number > 0) return number;
  throw new UsageError(`Model option '${key}' expects a number above 0, got '${value}'`);
}

function whole(key: string, value: string, least = 1): number {
  const number = numberOf(key, value);
  if (Number.isInteger(number) && number >= least) return number;
  throw new UsageError(`Model option '${key}' expects a whole number of at least ${least}, got '${value}'`);
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
