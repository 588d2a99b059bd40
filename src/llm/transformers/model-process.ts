/**
 * Keeps an ONNX model loaded in a process of its own: asks it one thing at a time, ends answers that nobody
 * waits for, and starts another process when one has ended.
 */
import { setMaxListeners } from "node:events";
import { abortable, ModelError, type ModelRequest, type ModelResponse } from "../../core/index.ts";
import { Host, type Outcome } from "./host.ts";
import type { LoadOrder } from "./messages.ts";

/** After an abort, so long the process may take to say what has come of the answer. */
const partialMs = 200;

const notBegun = "The call was stopped before it began";

/** A loaded model. Close it at the end. */
export class ModelProcess {
  readonly #order: LoadOrder;
  readonly #defaultMaxTokens: number;
  readonly #passMs: number;
  #host: Host | undefined;
  /** Resolves when the process is free; undefined while it is. */
  #work: Promise<void> | undefined;
  #isClosed = false;

  /** After an abort, a forward pass may take `passMs` to end; then the process is killed. */
  constructor(order: LoadOrder, defaultMaxTokens: number, passMs = 5000) {
    this.#order = order;
    this.#defaultMaxTokens = defaultMaxTokens;
    this.#passMs = passMs;
  }

  /** Id of the process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#host?.isGone === false ? this.#host.pid : undefined;
  }

  /** Loads the model, unless it is. Throws a ModelError, a fatal one where it would fail again. */
  async load(signal: AbortSignal): Promise<void> {
    await this.#ready(signal);
  }

  /**
   * Answers one request, after those that came before; loads the model again where its process has ended.
   * Throws a ModelError, a retryable one where the process ends.
   */
  async generate(request: ModelRequest): Promise<ModelResponse> {
    const signal = request.signal ?? new AbortController().signal;
    setMaxListeners(0, signal); // many calls may wait under one signal: no leak to warn of
    while (this.#work !== undefined) {
      await abortable(this.#work, signal).catch((cause) => {
        throw new ModelError(notBegun, { cause });
      });
    }
    return new Promise((resolve, reject) => {
      this.#work = this.#answer(request, signal, reject)
        .then(resolve, reject)
        .finally(() => {
          this.#work = undefined;
        });
    });
  }

  /** Ends the process; what is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#host?.close("it was closed");
  }

  /** Settles when the process is free again; calls `fail` where nobody should wait so long. */
  async #answer(
    request: ModelRequest,
    signal: AbortSignal,
    fail: (error: ModelError) => void,
  ): Promise<ModelResponse> {
    if (signal.aborted) throw new ModelError(notBegun, { cause: signal.reason });
    const host = await this.#ready(signal);
    let partialText: string | undefined;
    const failure = () =>
      new ModelError("The call was stopped before its answer was complete", {
        partialText: partialText ?? "",
        cause: signal.reason,
      });
    const outcome = await whileAsked(
      host.ask(this.#orderOf(request), (text) => {
        partialText = text;
      }),
      signal,
      () => {
        host.stop();
        const late = setTimeout(() => fail(failure()), partialMs);
        const tooLate = setTimeout(() => host.kill("aborted"), this.#passMs);
        return () => {
          clearTimeout(late);
          clearTimeout(tooLate);
        };
      },
    );
    if (outcome.type === "answer") {
      const { text, end, inputTokens, outputIds } = outcome;
      if (end !== "stopped") {
        return { text, stopReason: end, inputTokens, outputTokens: outputIds.length, raw: { outputIds } };
      }
      partialText = text;
    }
    if (signal.aborted) throw failure();
    if (outcome.type === "gone") {
      const isRetryable = !this.#isClosed;
      const message = `The process in which '${this.#order.model}' runs ended: ${outcome.reason}`;
      throw new ModelError(message, { isRetryable, partialText: partialText ?? "" });
    }
    throw new ModelError(wordsOf(outcome), { partialText });
  }

  #orderOf({ system, messages, maxTokens, temperature, seed, stop = [] }: ModelRequest) {
    return {
      ...{ type: "generate" as const, system, messages, temperature, seed },
      maxTokens: maxTokens ?? this.#defaultMaxTokens,
      stop: stop.filter((text) => text !== ""),
    };
  }

  /** The process with the model in it. */
  async #ready(signal: AbortSignal): Promise<Host> {
    if (this.#isClosed) throw new ModelError(`Model '${this.#order.model}' is closed`);
    if (this.#host?.isGone === false) return this.#host;
    const { model } = this.#order;
    const host = new Host();
    this.#host = host;
    const outcome = await whileAsked(host.ask(this.#order), signal, () => {
      host.kill("aborted");
      return () => {};
    });
    if (outcome.type === "loaded") return host;
    host.kill("it has no model");
    if (signal.aborted) throw new ModelError(`Loading '${model}' was stopped`, { cause: signal.reason });
    if (outcome.type === "gone") {
      const isRetryable = !this.#isClosed;
      throw new ModelError(`The process that loads '${model}' ended: ${outcome.reason}`, { isRetryable });
    }
    throw new ModelError(`'${model}' cannot be loaded: ${wordsOf(outcome)}`, { isFatal: true });
  }
}

/** Waits for an outcome; `onAbort` is called when nobody does any more, and what it returns at the end. */
async function whileAsked(
  asked: Promise<Outcome>,
  signal: AbortSignal,
  onAbort: () => () => void,
): Promise<Outcome> {
  let end = () => {};
  const abort = () => {
    end = onAbort();
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await asked;
  } finally {
    signal.removeEventListener("abort", abort);
    end();
  }
}

function wordsOf(outcome: Outcome): string {
  return outcome.type === "failed" ? outcome.message : `unexpected ${outcome.type}`;
}
