/**
 * Models in GGUF files, run in this process by node-llama-cpp (an optional package). Evaluation happens on
 * threads of its own, so the event loop stays free. One context answers one call after another, and is empty at
 * the start of each.
 */
import { open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import {
  abortable,
  checkWhole,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  UsageError,
} from "../core/index.ts";
import { type AdapterOptions, adapt, type Connection, importPeer } from "./adapter.ts";
import {
  type ChatWrapper,
  type Gpu,
  type HistoryItem,
  importLibrary,
  type Library,
  type Llama,
  type LlamaModel,
  type Sampling,
  type Sequence,
} from "./llama-cpp-library.ts";
import { chunkReader, type Progress } from "./llama-cpp-thoughts.ts";

/** Options of a GGUF file. */
export interface GgufOptions extends AdapterOptions {
  /** Most tokens of a prompt and its answer together; default: what the model was made for, at most 8192. */
  readonly contextTokens?: number;
  /** Threads that compute; default: half of the processor's cores. */
  readonly threads?: number;
  /** What computes beside the processor; default "auto": the best that is there. */
  readonly gpu?: Gpu;
}

/** Temperature where neither the request nor the file names one: llama.cpp's own. */
const defaultTemperature = 0.8;
const defaultContextTokens = 8192;
/** LlamaChat asks for one free place beside that of the first token of the answer. */
const leastRoom = 2;
const kinds = ["auto", "metal", "cuda", "vulkan", false] as const;

/** A model in a GGUF file. `load` gives the package node-llama-cpp. */
export function gguf(path: string, options: GgufOptions = {}, load = importLibrary): Model {
  const { contextTokens, threads, gpu } = options;
  const where = `llama-cpp model '${path}'`;
  if (contextTokens !== undefined) checkWhole(`${where}: contextTokens`, contextTokens, 1);
  if (threads !== undefined) checkWhole(`${where}: threads`, threads, 1);
  if (gpu !== undefined && !kinds.includes(gpu)) {
    throw new UsageError(`${where}: gpu must be one of ${kinds.join(", ")}, got ${String(gpu)}`);
  }
  return adapt({
    provider: "llama-cpp",
    name: path,
    options,
    keys: ["contextTokens", "threads", "gpu"],
    parameters: { contextTokens, threads, gpu },
    concurrency: 1,
    asksForSize: true,
    async connect({ signal }) {
      await checkFile(path);
      const library = await importPeer(load, {
        name: "node-llama-cpp",
        need: `Model 'gguf:${path}'`,
        install: "npm i node-llama-cpp",
      });
      return answering(path, library, await openModel(path, options, library, signal));
    },
  });
}

/** Says in one sentence what is wrong with a path, before anything heavy is loaded. */
async function checkFile(path: string): Promise<void> {
  const refuse = (message: string, cause?: unknown) => new ModelError(message, { isFatal: true, cause });
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw refuse(`GGUF file '${path}' does not exist`, cause);
    throw refuse(`GGUF file '${path}' cannot be read: ${cause.message}`, cause);
  });
  try {
    if ((await file.stat()).isDirectory()) throw refuse(`'${path}' is a folder; name the .gguf file in it`);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.subarray(0, bytesRead).toString("latin1") !== "GGUF") {
      throw refuse(`'${path}' is no GGUF file: its first four bytes are not GGUF`);
    }
  } finally {
    await file.close();
  }
}

/** What is in memory for one model. */
interface Loaded {
  readonly model: LlamaModel;
  readonly sequence: Sequence;
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Tokens of a prompt that are evaluated between two looks at the signal. */
  readonly chunkTokens: number;
}

/** llama.cpp at work in this process. */
interface Engine {
  readonly llama: Llama;
  /** What it complains of. */
  readonly log: string[];
  /** The end of the last load: they take turns, so that each knows its own complaints. */
  turn: Promise<unknown>;
}

/**
 * One engine per process and kind, never disposed of: there is one log for all of them, and after the first is
 * disposed of it goes to the terminal.
 */
const engines = new WeakMap<Library["getLlama"], Map<Gpu, Promise<Engine>>>();

function engineOf(library: Library, gpu: Gpu): Promise<Engine> {
  const started = engines.get(library.getLlama) ?? new Map<Gpu, Promise<Engine>>();
  engines.set(library.getLlama, started);
  const engine = started.get(gpu) ?? start(library, gpu);
  started.set(gpu, engine);
  engine.catch(() => started.delete(gpu)); // the next one tries again
  return engine;
}

async function start(library: Library, gpu: Gpu): Promise<Engine> {
  const log: string[] = [];
  try {
    const llama = await library.getLlama({
      ...{ gpu, build: "never", progressLogs: false, logLevel: "error" },
      maxThreads: 0, // each context has a limit of its own
      logger: (_level, message) => {
        if (log.length < 20) log.push(message.trim());
      },
    });
    return { llama, log, turn: Promise.resolve() };
  } catch (cause) {
    const message = messageOf(cause);
    const reason = message === "NoBinaryFoundError" ? `it has no binary for it (gpu: ${gpu})` : message;
    throw new ModelError(`node-llama-cpp does not start on this machine: ${reason}`, {
      isFatal: true,
      cause,
    });
  }
}

/** Loads a file when no other is being loaded. */
async function openModel(
  path: string,
  options: GgufOptions,
  library: Library,
  signal: AbortSignal,
): Promise<Loaded> {
  const engine = await engineOf(library, options.gpu ?? "auto");
  const loaded = engine.turn.then(() => loadModel(path, options, engine, signal));
  engine.turn = loaded.catch(() => undefined);
  return loaded;
}

async function loadModel(
  path: string,
  { contextTokens, threads = Math.max(1, Math.floor(availableParallelism() / 2)) }: GgufOptions,
  { llama, log }: Engine,
  signal: AbortSignal,
): Promise<Loaded> {
  let model: LlamaModel | undefined;
  let task = `GGUF file '${path}' cannot be loaded`;
  log.length = 0;
  try {
    signal.throwIfAborted();
    model = await llama.loadModel({ modelPath: path, loadSignal: signal });
    const most = model.trainContextSize;
    const tokens = contextTokens ?? Math.min(most, defaultContextTokens);
    if (tokens > most) throw new Error(`it was made for at most ${most} tokens, contextTokens is ${tokens}`);
    log.length = 0;
    task = `A context of ${tokens} tokens for '${path}' cannot be made (contextTokens sets its size)`;
    const context = await model.createContext({ contextSize: tokens, threads, createSignal: signal });
    const sequence = context.getSequence();
    return {
      ...{ model, sequence },
      contextTokens: Math.min(tokens, sequence.contextSize), // it is rounded up to a multiple of 256
      chunkTokens: llama.gpu === false ? 64 : 512,
    };
  } catch (cause) {
    for (let turns = 0; turns < 2; turns++) await new Promise(setImmediate); // the log comes after the error
    await model?.dispose();
    if (signal.aborted) throw new ModelError(`Loading '${path}' was stopped`, { cause });
    throw new ModelError(`${task}: ${reasonOf(cause, log)}`, { isFatal: true, cause });
  }
}

/** What llama.cpp logs says more than the error, e.g. "unknown model architecture: 'x'". */
function reasonOf(cause: unknown, log: readonly string[]): string {
  const line = log.find((message) => message.includes("error loading model")) ?? log[0];
  return line?.replace(/^\w+: (error loading model(?: \w+)?: )?/, "") ?? messageOf(cause);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

interface Call extends Progress {
  /** Whether it has kept the processor busy. */
  hasBegun: boolean;
}

/** Answers calls, one after another. */
function answering(path: string, library: Library, loaded: Loaded): Connection {
  const { model, sequence } = loaded;
  const chatWrapper = wrapperOf(library, model);
  const chat = new library.LlamaChat({ contextSequence: sequence, chatWrapper });
  const readerFor = chunkReader(model);
  const defaults = samplingOf(model);
  const closing = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();

  async function answer(request: ModelRequest, progress: Call): Promise<ModelResponse> {
    const { maxTokens = Number.POSITIVE_INFINITY, temperature, seed, stop = [] } = request;
    const full = new AbortController();
    const signals = [closing.signal, ...(request.signal === undefined ? [] : [request.signal])];
    const signal = AbortSignal.any([full.signal, ...signals]);
    signal.throwIfAborted();
    const history = historyOf(request);
    const prompt = promptTokens(chatWrapper, model, history);
    const room = loaded.contextTokens - prompt.length;
    if (room < leastRoom) throw tooLong(path, prompt.length, loaded);
    progress.hasBegun = true;
    await sequence.clearHistory();
    const before = sequence.tokenMeter.getState();
    const last = prompt.length - 1; // left for LlamaChat, which finds the others in the context
    for (let from = 0; from < last; from += loaded.chunkTokens) {
      const chunk = prompt.slice(from, Math.min(from + loaded.chunkTokens, last));
      await sequence.evaluateWithoutGeneratingNewTokens(chunk);
      signal.throwIfAborted();
    }
    const finish = (stopReason: string): ModelResponse => {
      const { text, thought } = progress;
      const used = sequence.tokenMeter.getState();
      return {
        text,
        stopReason: endings[stopReason] ?? "other",
        // The meter has one output token for each that is drawn, and as input what is evaluated without drawing.
        // The last token of the prompt is evaluated to draw the first of the answer, so it is missing there.
        inputTokens: used.usedInputTokens - before.usedInputTokens + 1,
        outputTokens: used.usedOutputTokens - before.usedOutputTokens,
        raw: { stopReason, ...(thought === "" ? {} : { thought }) },
      };
    };
    try {
      const { metadata } = await chat.generateResponse(history, {
        ...defaults,
        ...(temperature === undefined ? {} : { temperature }),
        ...(seed === undefined ? {} : { seed }),
        maxTokens: Math.min(maxTokens, room),
        repeatPenalty: false,
        customStopTriggers: stop.filter((text) => text !== ""),
        signal,
        onResponseChunk: readerFor(progress),
        // Reached only where a template adds to its prompt on the way; then the answer ends here.
        contextShift: {
          size: 1,
          strategy: () => {
            full.abort();
            return { chatHistory: history, metadata: undefined }; // a history that fits, not used any more
          },
        },
      });
      return finish(metadata.stopReason);
    } catch (cause) {
      if (!full.signal.aborted || signals.some(({ aborted }) => aborted)) throw cause;
      return finish("contextFull");
    }
  }

  return {
    size: parameterCount(model) / 1e9,
    async generate(request) {
      const progress: Call = { text: "", thought: "", hasBegun: false };
      const work = turn.then(() => answer(request, progress));
      turn = work.catch(() => undefined);
      try {
        return await (request.signal === undefined ? work : abortable(work, request.signal));
      } catch (cause) {
        if (cause instanceof ModelError) throw cause;
        const partialText = progress.hasBegun ? progress.thought + progress.text : undefined;
        if (closing.signal.aborted) throw new ModelError(`Model '${path}' is closed`, { partialText, cause });
        const problem = request.signal?.aborted
          ? "The call was stopped before its answer was complete"
          : `Generation by '${path}' failed: ${messageOf(cause)}`;
        throw new ModelError(problem, { partialText, cause });
      }
    },
    async close() {
      closing.abort();
      await turn;
      await model.dispose();
    },
  };
}

const endings: Readonly<Record<string, ModelResponse["stopReason"]>> = {
  eogToken: "stop",
  stopGenerationTrigger: "stop",
  customStopTrigger: "stop",
  maxTokens: "length",
  contextFull: "length",
};

/** The way in which a model is talked to: by the template in its file, or as plain text where there is none. */
function wrapperOf(library: Library, model: LlamaModel): ChatWrapper {
  const template = model.fileInfo.metadata.tokenizer?.chat_template ?? "";
  return template.trim() === "" ? plainText(library, model) : templateOf(library, model);
}

function plainText({ EmptyChatWrapper, LlamaText, SpecialToken }: Library, { tokens }: LlamaModel) {
  const start = tokens.bos !== null && tokens.shouldPrependBosToken ? [new SpecialToken("BOS")] : [];
  const generateContextState: ChatWrapper["generateContextState"] = ({ chatHistory }) => {
    const texts = chatHistory.flatMap((item) => (item.type === "model" ? item.response : [item.text]));
    return { contextText: LlamaText([...start, texts.join("\n\n")]), stopGenerationTriggers: [] };
  };
  return Object.assign(new EmptyChatWrapper(), { generateContextState });
}

function templateOf({ resolveChatWrapper }: Library, model: LlamaModel): ChatWrapper {
  const quiet = { warningLogs: false, fallbackToOtherWrappersOnJinjaError: false };
  try {
    return resolveChatWrapper(model, quiet);
  } catch {
    return resolveChatWrapper(model, { ...quiet, noJinja: true }); // a template that cannot be read
  }
}

/** The conversation as LlamaChat takes it; an answer that is to be continued comes last. */
function historyOf({ system, messages }: ModelRequest): readonly HistoryItem[] {
  const turns = messages.map(
    ({ role, text }): HistoryItem =>
      role === "user" ? { type: "user", text } : { type: "model", response: [text] },
  );
  if (turns.at(-1)?.type !== "model") turns.push({ type: "model", response: [] });
  return system === undefined ? turns : [{ type: "system", text: system }, ...turns];
}

function promptTokens(
  wrapper: ChatWrapper,
  model: LlamaModel,
  chatHistory: readonly HistoryItem[],
): readonly number[] {
  return wrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer);
}

function tooLong(path: string, tokens: number, { contextTokens, model }: Loaded): ModelError {
  const { trainContextSize } = model;
  const remedy =
    trainContextSize > contextTokens
      ? `give contextTokens, up to ${trainContextSize}`
      : "the model was made for no more";
  const problem = `The prompt has ${tokens} tokens, but the context of '${path}' holds ${contextTokens}`;
  return new ModelError(`${problem}, the answer included; ${remedy}`);
}

/** The number of weights: m of Def. 2.2 before its unit is chosen. */
function parameterCount({ fileInfo }: LlamaModel): number {
  const sizes = fileInfo.fullTensorInfo.map(({ dimensions }) =>
    dimensions.reduce<number>((product, length) => product * Number(length), 1),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** How tokens are drawn where a request does not say: as the file says, else as llama.cpp does. */
function samplingOf({ fileInfo }: LlamaModel): Sampling {
  const { temp, top_k: topK, top_p: topP, min_p: minP } = fileInfo.metadata.general?.sampling ?? {};
  return {
    temperature: temp ?? defaultTemperature,
    topK: topK ?? 40,
    topP: topP ?? 0.95,
    minP: minP ?? 0.05,
  };
}
