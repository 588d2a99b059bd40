/** Token counts where no provider gives them: the o200k encoding, a byte-pair encoding in wide use. */
import { countTokens as count } from "gpt-tokenizer/encoding/o200k_base";
import type { ModelRequest } from "../core/index.ts";

/** Text that looks like a special token is counted as the text it is. */
const options = { disallowedSpecial: new Set<string>() };

/** Number of tokens of a text. */
export function countTokens(text: string): number {
  return count(text, options);
}

/** Number of tokens of all texts of a request, without any chat template. */
export function countRequestTokens(request: ModelRequest): number {
  let tokens = request.system === undefined ? 0 : countTokens(request.system);
  for (const message of request.messages) tokens += countTokens(message.text);
  return tokens;
}
