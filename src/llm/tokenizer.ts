/** Token counts where no provider gives them: the o200k encoding, a byte-pair encoding in wide use. */
import { createRequire } from "node:module";
import type { ModelRequest } from "../core/index.ts";

type Encoding = typeof import("gpt-tokenizer/encoding/o200k_base");

let encoding: Encoding | undefined;

/** Loads the encoding when it is first needed: its table takes a quarter of a second, which most commands can spare. */
function loaded(): Encoding {
  encoding ??= createRequire(import.meta.url)("gpt-tokenizer/encoding/o200k_base") as Encoding;
  return encoding;
}

/** Text that looks like a special token is counted as the text it is. */
const options = { disallowedSpecial: new Set<string>() };

/** Number of tokens of a text. */
export function countTokens(text: string): number {
  return loaded().countTokens(text, options);
}

/** The text of the first tokens of a text, at most so many. */
export function firstTokens(text: string, most: number): string {
  const { decode, encode } = loaded();
  decode(encode("🫀")); // several tokens: it takes the bytes that the decoder keeps of a character cut earlier
  return decode(encode(text, options).slice(0, most));
}

/** Number of tokens of all texts of a request, without any chat template. */
export function countRequestTokens({ system, messages }: ModelRequest): number {
  let tokens = system === undefined ? 0 : countRepeated(system);
  for (const { text } of messages) tokens += countRepeated(text);
  return tokens;
}

/** Tokens that a chat template adds: to a request, and to each of its messages. */
const templateTokens = { perRequest: 128, perMessage: 16 };

/**
 * Most tokens that any model can count for a request: one for each byte of UTF-8, as all byte-level encodings
 * do at worst, and room for a chat template. What a budget must set aside.
 */
export function mostRequestTokens({ system = "", messages }: ModelRequest): number {
  let tokens = templateTokens.perRequest + Buffer.byteLength(system);
  for (const { text } of messages) tokens += Buffer.byteLength(text) + templateTokens.perMessage;
  return tokens;
}

/** Counts of texts seen lately: the prompt of an unchanged parent, and votes, come again and again. */
const lately = new Map<string, number>();
const mostRemembered = 500;

/** Number of tokens of a text that is likely to come again soon. */
export function countRepeated(text: string): number {
  const known = lately.get(text);
  if (known !== undefined) return known;
  if (lately.size >= mostRemembered) lately.clear();
  const tokens = countTokens(text);
  lately.set(text, tokens);
  return tokens;
}
