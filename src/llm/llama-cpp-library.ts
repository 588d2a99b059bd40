/** The part of node-llama-cpp that is used here, as of version 3: an optional package, whose types may be absent. */

/** Imports the package; it is optional. */
export function importLibrary(): Promise<Library> {
  const name: string = "node-llama-cpp"; // a variable, since the package and its types may be absent
  return import(name);
}

/** What computes beside the processor. */
export type Gpu = "auto" | "metal" | "cuda" | "vulkan" | false;

/** The module. */
export interface Library {
  getLlama(options: {
    readonly gpu: Gpu;
    readonly build: "never";
    readonly progressLogs: false;
    readonly maxThreads: number;
    readonly logLevel: "error";
    logger(level: string, message: string): void;
  }): Promise<Llama>;
  readonly LlamaChat: new (options: {
    readonly contextSequence: Sequence;
    readonly chatWrapper: ChatWrapper;
  }) => LlamaChat;
  readonly EmptyChatWrapper: new () => ChatWrapper;
  readonly SpecialToken: new (name: "BOS") => object;
  LlamaText(parts: readonly (string | object)[]): LlamaText;
  resolveChatWrapper(
    model: LlamaModel,
    options: {
      readonly warningLogs: boolean;
      readonly fallbackToOtherWrappersOnJinjaError: boolean;
      readonly noJinja?: boolean;
    },
  ): ChatWrapper;
}

/** The library started on this machine, with its threads. */
export interface Llama {
  readonly gpu: string | false;
  loadModel(options: { readonly modelPath: string; readonly loadSignal: AbortSignal }): Promise<LlamaModel>;
}

/** A model in memory. */
export interface LlamaModel {
  readonly trainContextSize: number;
  readonly tokenizer: object;
  readonly tokens: { readonly bos: number | null; readonly shouldPrependBosToken: boolean };
  readonly fileInfo: {
    readonly fullTensorInfo: readonly { readonly dimensions: readonly (number | bigint)[] }[];
    readonly metadata: {
      readonly general?: {
        readonly sampling?: Readonly<Partial<Record<"temp" | "top_k" | "top_p" | "min_p", number>>>;
      };
      readonly tokenizer?: { readonly chat_template?: string };
    };
  };
  tokenize(text: string, specialTokens: boolean): readonly number[];
  detokenize(tokens: readonly number[]): string;
  createContext(options: {
    readonly contextSize: number;
    readonly threads: number;
    readonly createSignal: AbortSignal;
  }): Promise<{ getSequence(): Sequence }>;
  /** Frees its contexts too. */
  dispose(): Promise<void>;
}

/** The state of one conversation: the tokens evaluated so far. */
export interface Sequence {
  readonly contextSize: number;
  readonly tokenMeter: {
    getState(): { readonly usedInputTokens: number; readonly usedOutputTokens: number };
  };
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>;
}

interface LlamaText {
  tokenize(tokenizer: object): readonly number[];
}

/** Turns a conversation into a prompt. */
export interface ChatWrapper {
  generateContextState(options: { readonly chatHistory: readonly HistoryItem[] }): {
    readonly contextText: LlamaText;
    readonly stopGenerationTriggers: readonly LlamaText[];
  };
}

/** A turn of a conversation. */
export type HistoryItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly string[] };

/** How tokens are drawn. */
export interface Sampling {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
}

/** Some tokens of an answer, or of a thought or comment in it. */
export interface ResponseChunk {
  readonly type: "segment" | undefined;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly segmentStartTime?: Date;
  readonly segmentEndTime?: Date;
}

interface LlamaChat {
  generateResponse(
    history: readonly HistoryItem[],
    options: Sampling & {
      readonly maxTokens: number;
      readonly seed?: number;
      readonly repeatPenalty: false;
      readonly customStopTriggers: readonly string[];
      readonly signal: AbortSignal;
      readonly contextShift: {
        readonly size: number;
        strategy(): { readonly chatHistory: readonly HistoryItem[]; readonly metadata: undefined };
      };
      onResponseChunk(chunk: ResponseChunk): void;
    },
  ): Promise<{ readonly metadata: { readonly stopReason: string } }>;
}
