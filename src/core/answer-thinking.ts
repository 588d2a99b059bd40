/** What reasoning models write before or between their answer, in the notations found in the wild. */

const words = "(?:\\w{1,20}[:_])?(?:think|thinking|thought|thoughts|reasoning)";
// gpt-oss and Gemma name a channel; Kimi, Magistral, Command and Sky have tokens of their own.
const opens = `<${words}>|◁think▷|\\[THINK\\]|<\\|START_THINKING\\|>|<\\|begin_of_thought\\|>|<\\|channel\\|>(?:analysis|commentary)|<\\|channel>`;
// Where the tokens are taken off a channel's head, "assistantfinal" is left of it.
const finalChannel =
  "<\\|channel\\|>final[^<\\n]{0,20}(?:<\\|constrain\\|>[^<\\n]{0,20})?(?:<\\|message\\|>)?|assistantfinal(?=\\s*[<`])";
const closes = `</${words}>|◁/think▷|\\[/THINK\\]|<\\|END_THINKING\\|>|<\\|end_of_thought\\|>|<channel\\|>|${finalChannel}`;

/** Source of a pattern for the start of thinking. */
export const thinkingStart = opens;
/** Source of a pattern for the end of thinking. */
export const thinkingEnd = closes;
/** Source of a pattern for what ends a model's turn: nothing behind it is part of the answer. */
export const turnEnd =
  "<\\|(?:im_end|eot_id|end_of_text|endoftext|return)\\|>|<end_of_turn>|<｜end▁of▁sentence｜>|</s>(?=\\s*$)";

const border = new RegExp(`(${opens})|(?:${closes})`, "gi");

/** What a text holds of thinking: none, whole blocks, or the end of one that began before it. */
export type Thinking = "none" | "first" | "inside" | { readonly endedAt: number };

/**
 * Looks for thinking within a component: `first` where the text begins with it. `endedAt` is the offset behind
 * the first end that has no start.
 */
export function thinkingIn(text: string): Thinking {
  if (!mayHoldThinking(text)) return "none";
  let depth = 0;
  let found: Thinking = "none";
  for (const match of text.matchAll(border)) {
    if (isQuoted(text, match.index, match.index + match[0].length)) continue;
    if (match[1] !== undefined) {
      depth++;
      if (found === "none" && text.slice(0, match.index).trim() === "") found = "first";
    } else if (depth > 0) {
      depth--;
      if (found === "none") found = "inside";
    } else return { endedAt: match.index + match[0].length };
  }
  return found;
}

const quotes = "`'\"“”‘’";

/** Whether a stretch of a text stands between quotes: then it is only talked about, or a string of a program. */
export function isQuoted(text: string, start: number, end: number): boolean {
  const [before, after] = [text[start - 1], text[end]];
  return before !== undefined && after !== undefined && quotes.includes(before) && quotes.includes(after);
}

/** Cheap: where it says no, `thinkingIn` finds none. */
function mayHoldThinking(text: string): boolean {
  return (
    text.includes("</") ||
    text.includes("<think") ||
    text.includes("|>") ||
    text.includes("◁/") ||
    text.includes("THINK]")
  );
}
