/**
 * Tells an answer from the thoughts before it. LlamaChat does so by the exact text around the marks of a known
 * template, and hides the marks that it does not expect; here the tokens of the marks decide.
 */
import type { LlamaModel, ResponseChunk } from "./llama-cpp-library.ts";

/** What has come of an answer. */
export interface Progress {
  text: string;
  thought: string;
}

const pairs = [
  ["<think>", "</think>"],
  ["[THINK]", "[/THINK]"],
  ["<thought>", "</thought>"],
  ["<|START_THINKING|>", "<|END_THINKING|>"],
] as const;

/** Makes what adds chunks to a progress: a mark counts where the model has one token for it. */
export function chunkReader(model: LlamaModel): (progress: Progress) => (chunk: ResponseChunk) => void {
  const tokensOf = (mark: string) => model.tokenize(mark, true);
  const marks = pairs.map(([open, close]) => [tokensOf(open), tokensOf(close)] as const);
  const known = marks.filter(([open, close]) => open.length === 1 && close.length === 1);
  const opening = new Set(known.flatMap(([open]) => open));
  const closing = new Set(known.flatMap(([, close]) => close));
  const isMark = (token: number) => opening.has(token) || closing.has(token);
  return (progress) => {
    let isThought = false;
    const add = (text: string) => {
      progress[isThought ? "thought" : "text"] += text;
    };
    return ({ type, text, tokens, segmentStartTime, segmentEndTime }) => {
      if (type === "segment" && segmentStartTime !== undefined) isThought = true;
      if (tokens.some(isMark)) {
        let rest = tokens;
        for (let at = rest.findIndex(isMark); at >= 0; at = rest.findIndex(isMark)) {
          add(model.detokenize(rest.slice(0, at)));
          const mark = rest[at] ?? 0;
          if (closing.has(mark) && !isThought) {
            // The template, or the model, began with the thought and left the opening mark out.
            progress.thought += progress.text;
            progress.text = "";
          }
          isThought = opening.has(mark);
          rest = rest.slice(at + 1);
        }
        add(model.detokenize(rest));
      } else {
        add(text);
      }
      if (type === "segment" && segmentEndTime !== undefined) isThought = false;
    };
  };
}
