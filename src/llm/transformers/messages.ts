/** What this process and the one that runs an ONNX model say to each other. */
import type { Message } from "../../core/index.ts";

/** How the weights are stored, with the ending of the file that holds them. */
export const fileEndings = {
  fp32: "",
  q8: "_quantized",
  q4: "_q4",
  fp16: "_fp16",
  int8: "_int8",
  uint8: "_uint8",
  bnb4: "_bnb4",
  q4f16: "_q4f16",
  q2: "_q2",
  q2f16: "_q2f16",
  q1: "_q1",
  q1f16: "_q1f16",
} as const;

/** How the weights are stored. */
export type Dtype = keyof typeof fileEndings;

/** What to load, and how. */
export interface LoadOrder {
  readonly type: "load";
  /** Absolute path of a folder, or a hub id. */
  readonly model: string;
  /** A folder is loaded without the network. */
  readonly isFolder: boolean;
  /** Name of the ONNX file without what `dtype` and the format add; undefined leaves it to the package. */
  readonly file?: string | undefined;
  /** undefined leaves it to the package. */
  readonly dtype?: Dtype | undefined;
  /** A chat template for a tokenizer that brings none. */
  readonly template?: string | undefined;
  readonly device: string;
  /** Of one forward pass; undefined: half of the cores, or what the package takes. */
  readonly threads?: number | undefined;
  /** Packages to try, in this order. */
  readonly packages: readonly string[];
}

/** One prompt to answer. */
export interface GenerateOrder {
  readonly type: "generate";
  readonly system: string | undefined;
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  readonly temperature: number | undefined;
  readonly seed: number | undefined;
  readonly stop: readonly string[];
}

/** What the process is told. `stop` ends the answer under way at its next token. */
export type Order = LoadOrder | GenerateOrder | { readonly type: "stop" };

/** A whole answer, or, after a `stop`, a cut one. */
export interface Answer {
  readonly type: "answer";
  readonly text: string;
  /** `stopped`: by an order. */
  readonly end: "stop" | "length" | "stopped";
  readonly inputTokens: number;
  /** What was generated, a token that ended it included. */
  readonly outputIds: readonly number[];
}

/** The end of a `load` or a `generate`. */
export type Reply =
  | { readonly type: "loaded" }
  | Answer
  | { readonly type: "failed"; readonly message: string };

/** What the process tells. `progress` holds what has come of the answer so far. */
export type Notice = Reply | { readonly type: "progress"; readonly text: string };
