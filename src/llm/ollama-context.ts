/**
 * How much of a prompt an Ollama model reads. Left to itself Ollama cuts a prompt that is longer than its
 * context and says nothing; a cut prompt is an error here, and the context grows where the user set none.
 */
import { ModelError, type ModelRequest } from "../core/index.ts";
import { type FailedAnswer, plain, serverMessage } from "./http-failure.ts";
import { countRequestTokens } from "./tokenizer.ts";

/** What is known of a model's context. */
export interface ContextLimits {
  /** What the user set. */
  readonly contextTokens: number | undefined;
  /** What the model was trained for; undefined where the server does not say. */
  readonly trainedTokens: number | undefined;
  /** Of the server; undefined where it does not say. */
  readonly version: string | undefined;
}

/** Output for which a grown context has room, beside as much as the prompt. */
const leastAnswerTokens = 2048;

/** The context of one model. */
export class OllamaContext {
  readonly #limits: ContextLimits;
  #grown: number | undefined;

  constructor(limits: ContextLimits) {
    this.#limits = limits;
  }

  /** num_ctx to send; undefined leaves it to the server. */
  get tokens(): number | undefined {
    return this.#limits.contextTokens ?? this.#grown;
  }

  /**
   * n of an answer; undefined where it is no count of the prompt: before 0.1.49, and in 0.30.0, prompt tokens
   * found in the cache were left out (ollama/ollama issues 2068 and 16414). Others leave out a count of 0.
   */
  inputTokens(counted: number | undefined): number | undefined {
    const { version } = this.#limits;
    if (version !== undefined && (version === "0.30.0" || isOlder(version, "0.1.49"))) return undefined;
    return counted === 0 ? undefined : counted;
  }

  /** Throws when an answer was given to a part of the prompt: servers before 0.12.6 ignore `truncate: false`. */
  checkWhole(request: ModelRequest, { inputTokens, sentTokens, partialText }: Reading): void {
    const { version } = this.#limits;
    if (inputTokens === undefined || (version !== undefined && !isOlder(version, "0.12.6"))) return;
    // A prompt that was cut fills its context, which is a multiple of 1024 where nobody set it.
    const isFull = inputTokens >= (sentTokens ?? Number.POSITIVE_INFINITY) || inputTokens % 1024 === 0;
    if (!isFull && !isFarBelow(request, inputTokens)) return;
    throw this.#tooLong(Math.ceil(1.25 * countRequestTokens(request)), { request, sentTokens, partialText });
  }

  /** Reads the answer to a prompt that does not fit; undefined when the server refuses something else. */
  refused(
    answer: FailedAnswer,
    request: ModelRequest,
    sentTokens: number | undefined,
  ): ModelError | undefined {
    if (answer.status !== 400 && answer.status !== 500) return undefined;
    const said = plain(serverMessage(answer.body));
    if (!tooLong.test(said)) return undefined;
    const [, told] = /\((\d+) tokens\)/.exec(said) ?? [];
    const promptTokens = told === undefined ? Math.ceil(1.25 * countRequestTokens(request)) : Number(told);
    return this.#tooLong(promptTokens, { request, sentTokens, partialText: undefined });
  }

  /** Asks for a larger context from the next call on, where the user left it open and the model has one. */
  #tooLong(promptTokens: number, call: Reading & { readonly request: ModelRequest }): ModelError {
    const { contextTokens, trainedTokens = Number.POSITIVE_INFINITY } = this.#limits;
    const { request, sentTokens = 0, partialText } = call;
    const prompt = `The prompt of about ${promptTokens} tokens is longer than the context`;
    if (contextTokens !== undefined) {
      return new ModelError(
        `${prompt} of ${contextTokens} tokens; raise contextTokens (',context=N' in a text)`,
        { partialText },
      );
    }
    const answerTokens = Math.max(request.maxTokens ?? promptTokens, leastAnswerTokens);
    const needed = Math.min(2 ** Math.ceil(Math.log2(promptTokens + answerTokens)), trainedTokens);
    if (promptTokens >= trainedTokens || needed <= sentTokens) {
      const most = Number.isFinite(trainedTokens) ? trainedTokens : sentTokens;
      return new ModelError(`${prompt} of the model, ${most} tokens; use another model`, { partialText });
    }
    this.#grown = Math.max(needed, this.#grown ?? 0);
    const message = `${prompt} that the server allots; it will be asked for ${this.#grown} tokens from now on`;
    return new ModelError(message, { isRetryable: true, retryAfterMs: 0, partialText });
  }
}

/** How a prompt was read. */
interface Reading {
  readonly inputTokens?: number | undefined;
  /** num_ctx of the request; undefined when it held none. */
  readonly sentTokens: number | undefined;
  /** Undefined when nothing was generated. */
  readonly partialText: string | undefined;
}

/** What Ollama and the servers it starts say of a prompt that does not fit, over the years. */
const tooLong =
  /exceeds the (?:available )?context|longer than the context|context (?:size|length) .{0,40}exceed/i;

/**
 * Whether far fewer tokens were read than the prompt has. No model's tokenizer needs less than 0.7 of what
 * ours does on text or code; a prompt of so few characters a token that it cannot be is not counted at all.
 */
function isFarBelow(request: ModelRequest, inputTokens: number): boolean {
  let length = request.system?.length ?? 0;
  for (const { text } of request.messages) length += text.length;
  return length > 4 * inputTokens && inputTokens < 0.7 * countRequestTokens(request);
}

/** Whether a version such as "0.12.6-rc0" comes before another. */
function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/).map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  const at = [0, 1, 2].find((i) => a[i] !== b[i]);
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}
