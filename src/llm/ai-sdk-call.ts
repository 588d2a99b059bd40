/**
 * One call of an AI SDK language model object, without the package `ai`: specification versions v2, v3 and v4
 * (of @ai-sdk/provider 2, 3 and 4). It is called once; nothing at this level tries again.
 */
import type { ModelRequest, ModelResponse } from "../core/index.ts";
import { callFailure } from "./ai-sdk-failure.ts";
import { type LanguageModelUsage, readUsage } from "./ai-sdk-usage.ts";
import { cutShort, reportedError, stopped } from "./http-failure.ts";

/** A language model of the AI SDK, such as `createOpenAI()("gpt-x")`. */
export interface LanguageModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: never): PromiseLike<object>;
  doStream(options: never): PromiseLike<object>;
}

/** How to call a language model. */
export interface CallManner {
  readonly stream: boolean;
  readonly providerOptions?: Readonly<Record<string, object>> | undefined;
  /** Where its server is, for messages; undefined where only the model knows. */
  readonly url?: string | undefined;
  /** Texts that no message may hold. */
  readonly secrets?: readonly string[];
  /** What is known of the answer to the request that carries this signal. */
  endOf?(signal: AbortSignal): AnswerEnd | undefined;
}

/** How an answer ended, as far as its bytes say. */
export interface AnswerEnd {
  /** Whether it came to its end, though it may not say why. */
  isWhole?: boolean;
  /** What ended it before. */
  error?: unknown;
}

/** The parts of the three versions that are read here. */
interface Spoken {
  doGenerate(options: object): PromiseLike<{
    readonly content: readonly { readonly type: string; readonly text?: string }[];
    readonly finishReason: FinishReason;
    readonly usage: LanguageModelUsage | undefined;
    readonly response?: { readonly body?: unknown };
  }>;
  doStream(options: object): PromiseLike<{ readonly stream: ReadableStream<StreamPart> }>;
}

/** A word in v2; since v3 with the provider's own word. */
type FinishReason = string | { readonly unified: string; readonly raw: string | undefined };

type StreamPart =
  | { readonly type: "text-delta" | "reasoning-delta"; readonly delta: string }
  | { readonly type: "error"; readonly error: unknown }
  | { readonly type: "finish"; readonly finishReason: FinishReason; readonly usage: LanguageModelUsage };

/** Calls a language model once; throws a ModelError. */
export async function callLanguageModel(
  model: LanguageModel,
  request: ModelRequest,
  manner: CallManner,
): Promise<ModelResponse> {
  const { signal } = request;
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  const progress: Progress = { text: undefined };
  try {
    signal?.throwIfAborted();
    signal?.addEventListener("abort", abort, { once: true });
    progress.text = ""; // from here on the server may be working
    const spoken = model as unknown as Spoken;
    const options = optionsOf(request, own.signal, manner);
    return await (manner.stream
      ? streamed(spoken, options, own.signal, progress, manner)
      : whole(spoken, options, own.signal, manner));
  } catch (error) {
    own.abort(); // closes the connection of a call that failed half-way
    if (signal?.aborted) throw stopped(progress.text, error);
    const cause = manner.endOf?.(own.signal)?.error ?? error;
    throw callFailure(cause, { text: progress.text, url: manner.url, secrets: manner.secrets });
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** What had come of an answer, thinking included; undefined while nothing was sent. */
interface Progress {
  text: string | undefined;
}

function optionsOf(request: ModelRequest, abortSignal: AbortSignal, manner: CallManner): object {
  const { system, messages, maxTokens, temperature, seed, stop } = request;
  const { providerOptions } = manner;
  return {
    prompt: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: [{ type: "text", text }] })),
    ],
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined || stop.length === 0 ? {} : { stopSequences: [...stop] }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
    abortSignal,
  };
}

async function streamed(
  model: Spoken,
  options: object,
  signal: AbortSignal,
  progress: Progress,
  manner: CallManner,
): Promise<ModelResponse> {
  const { stream } = await unlessAborted(model.doStream(options), signal);
  const reader = stream.getReader();
  const cancel = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  let text = "";
  let end: Extract<StreamPart, { type: "finish" }> | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted(); // a cancelled stream only ends
      if (done) break;
      if (value.type === "text-delta" || value.type === "reasoning-delta") {
        progress.text = (progress.text ?? "") + value.delta;
        if (value.type === "text-delta") text += value.delta;
      } else if (value.type === "finish") end = value;
      else if (value.type === "error" && !isExcused(value.error, signal, manner)) throw value.error;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
  if (end === undefined) throw cutShort(progress.text ?? "");
  return {
    text,
    stopReason: stopReasonOf(end.finishReason, text, manner.endOf?.(signal)),
    ...readUsage(end.usage, text),
    raw: { finishReason: end.finishReason, usage: end.usage },
  };
}

async function whole(
  model: Spoken,
  options: object,
  signal: AbortSignal,
  manner: CallManner,
): Promise<ModelResponse> {
  const result = await unlessAborted(model.doGenerate(options), signal);
  const text = result.content.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
  return {
    text,
    stopReason: stopReasonOf(result.finishReason, text, manner.endOf?.(signal)),
    ...readUsage(result.usage, text),
    raw: result.response?.body ?? { finishReason: result.finishReason, usage: result.usage },
  };
}

/** A server that ends with [DONE] but names no reason has answered; the model reports that as an error. */
function isExcused(error: unknown, signal: AbortSignal, manner: CallManner): boolean {
  if (!(error instanceof Error) || error.name !== "AI_InvalidResponseDataError") return false;
  return /finish reason/i.test(error.message) && manner.endOf?.(signal)?.isWhole === true;
}

function stopReasonOf(
  reason: FinishReason,
  text: string,
  end: AnswerEnd | undefined,
): ModelResponse["stopReason"] {
  const { unified, raw } = typeof reason === "string" ? { unified: reason, raw: reason } : reason;
  if (unified === "stop" || unified === "length") return unified;
  if (!raw && end !== undefined) {
    if (end.isWhole) return "stop";
    throw cutShort(text);
  }
  if (unified === "interrupted") throw cutShort(text);
  if (unified === "error" || raw === "error") throw reportedError("", text);
  return "other";
}

/** Rejects as soon as the signal is aborted, also where the model ignores it. */
function unlessAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    void promise.then(resolve, reject).then(() => signal.removeEventListener("abort", abort));
  });
}
