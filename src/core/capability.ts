/** Capabilities of simulated models (Meyerson and Qiu, ICML 2025, Def. 2.3). */
import { tagLike } from "./component-tag.ts";
import type { ModelRequest } from "./model.ts";
import type { Rng } from "./rng.ts";

/** All that a model sees of a request. */
export type SeenPrompt = Pick<ModelRequest, "system" | "messages">;

/**
 * A task that a simulated model performs: a function from the prompt's text alone to an answer, with a rate of
 * errors. It knows what a model may know, and never the instance or its evaluator.
 */
export interface Capability {
  readonly name: string;
  /** The right answer; undefined where the prompt asks for something else. */
  answer(prompt: SeenPrompt): string | undefined;
  /** A wrong answer of the right form. */
  wrong(prompt: SeenPrompt, right: string, rng: Rng): string;
  /** Share of wrong answers, from 0 to 1, or what it is for a prompt that has an answer; default 0. */
  readonly errorRate?: number | ((prompt: SeenPrompt) => number);
}

/**
 * The answer to a prompt that shows one component: the text between the component's tags, and by itself where
 * the prompt has no tags.
 */
export function answerInTags({ messages }: SeenPrompt, text: string): string {
  const shown = messages.at(-1)?.text ?? "";
  if (!shown.includes("<")) return text;
  const opening = new RegExp(`${tagLike.source} name="(?:[^"\\\\]|\\\\.)*">`).exec(shown);
  if (opening === null) return text;
  return `${opening[0]}\n${text.endsWith("\n") ? text : `${text}\n`}</${opening[2]}>`;
}
