/** One answer of a loaded model: from the request to tokens and back, with their counts. It knows no package. */
import type { Inputs, TextGenerator, Tokenizer } from "./library.ts";
import type { Answer, GenerateOrder } from "./messages.ts";

/** What happens while an answer is generated. */
export interface Watch {
  /** Whether to end it at the next token. */
  isStopped(): boolean;
  /** Called now and then with what has come. */
  onProgress(text: string): void;
}

/** Time between two reports of what has come of an answer. */
const progressMs = 100;

/**
 * Answers one prompt. Throws an Error for an empty one, and for one that fills the model's context. What the
 * request leaves open is as in the model's generation_config.json.
 */
export async function answer(
  { tokenizer, context = Number.POSITIVE_INFINITY, endIds, generate, seed }: TextGenerator,
  order: GenerateOrder,
  { isStopped, onProgress }: Watch,
): Promise<Answer> {
  const inputs = tokenize(tokenizer, order);
  const inputTokens = inputs.input_ids.dims.at(-1) ?? 0;
  if (inputTokens === 0) throw new Error("The prompt is empty");
  if (inputTokens >= context) {
    const room = `the model's context holds ${context}, the answer included`;
    throw new Error(`The prompt has ${inputTokens} tokens, but ${room}`);
  }
  const maxTokens = Math.min(order.maxTokens, context - inputTokens);
  const decode = (ids: readonly number[]) =>
    tokenizer.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  const newIds = (ids: readonly (number | bigint)[], from = 0) => ids.slice(inputTokens + from).map(Number);
  const hasStop = stopWatch(order.stop, decode);

  let wasStopped = false;
  let nextProgress = 0;
  const isEnough = (ids: readonly (number | bigint)[]) => {
    wasStopped = isStopped();
    if (performance.now() >= nextProgress) {
      onProgress(decode(newIds(ids)));
      nextProgress = performance.now() + progressMs;
    }
    return wasStopped || hasStop(ids.length - inputTokens, (from) => newIds(ids, from));
  };
  seed(order.seed);
  const outputIds = newIds(
    await generate(inputs, { ...samplingOf(order.temperature), ...oneAnswer(maxTokens) }, isEnough),
  );
  const whole = decode(outputIds);
  const at = findStop(whole, order.stop);
  const isFinished = at >= 0 || endIds.includes(outputIds.at(-1) ?? Number.NaN);
  const isFull = outputIds.length >= maxTokens;
  return {
    type: "answer",
    text: at < 0 ? whole : whole.slice(0, at),
    end: isFinished ? "stop" : isFull ? "length" : wasStopped ? "stopped" : "stop",
    inputTokens,
    outputIds,
  };
}

/** What makes one answer, and no beams of which only one is seen and counted. */
function oneAnswer(maxTokens: number): Readonly<Record<string, unknown>> {
  return {
    max_new_tokens: maxTokens,
    ...{ num_beams: 1, num_return_sequences: 1, return_dict_in_generate: false },
  };
}

function samplingOf(temperature: number | undefined): Readonly<Record<string, unknown>> {
  if (temperature === undefined) return {}; // as the model's own generation_config.json has it
  return temperature === 0 ? { do_sample: false } : { do_sample: true, temperature };
}

/** Writes the prompt as the model's template has it, or, where it has none, as plain text. */
function tokenize(tokenizer: Tokenizer, { system, messages }: GenerateOrder): Inputs {
  const turns = messages.map(({ role, text }) => ({ role, content: text }));
  if (!tokenizer.chat_template) {
    const text = [system, ...messages.map((message) => message.text)].filter(Boolean).join("\n\n");
    return tokenizer(text, { add_special_tokens: true });
  }
  const fill = (chat: Parameters<Tokenizer["apply_chat_template"]>[0]) => {
    const text = tokenizer.apply_chat_template(chat, { tokenize: false, add_generation_prompt: true });
    return tokenizer(text, { add_special_tokens: false }); // the template has written them
  };
  if (system === undefined) return fill(turns);
  try {
    return fill([{ role: "system", content: system }, ...turns]);
  } catch (error) {
    // Some templates know no system message; there it belongs at the head of the first one.
    const [first, ...rest] = turns;
    if (first?.role !== "user") throw error;
    return fill([{ role: "user", content: `${system}\n\n${first.content}` }, ...rest]);
  }
}

/**
 * Tells after each token whether a stop text has come. To look costs the same at each token: only the last
 * ones are decoded, as many as a stop text can have bytes and some more.
 */
function stopWatch(stop: readonly string[], decode: (ids: readonly number[]) => string) {
  if (stop.length === 0) return () => false;
  const most = 16 + Math.max(...stop.map((text) => Buffer.byteLength(text)));
  return (count: number, idsFrom: (from: number) => number[]): boolean =>
    findStop(decode(idsFrom(Math.max(0, count - most))), stop) >= 0 &&
    findStop(decode(idsFrom(0)), stop) >= 0;
}

/** Where the first stop text begins; -1 when there is none. */
function findStop(text: string, stop: readonly string[]): number {
  const places = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}
