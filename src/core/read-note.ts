/** Reads a note from an answer: plain text of bounded length for the prompts to come. */
import { findParts } from "./answer-parts.ts";
import { withoutTags } from "./component-tag.ts";
import { anyLineBreak } from "./line-break.ts";
import type { ModelResponse } from "./model.ts";
import { noted, type Proposal, rejected } from "./operator.ts";

/** Control characters that no note needs. */
const control = /(?![\t\n])\p{Cc}/gu;

/**
 * Makes a note of an answer, or a rejection that says why there is none. Taken off: thinking, control
 * characters, white space around it, and what is beyond so many characters.
 */
export function readNote(
  answer: Pick<ModelResponse, "text" | "stopReason">,
  maxCharacters: number,
): Proposal {
  // Nothing in a note is the tag of a component, but all of its thinking is found as around one.
  const { text, fault, start } = findParts(
    withoutTags(answer.text),
    [],
    "component",
    answer.stopReason === "length",
  );
  if (fault !== undefined) return rejected(fault.reason);
  const note = text.replace(anyLineBreak, "\n").replace(control, "").trim();
  if (note === "") return rejected(start > 1 ? "the answer ends after its thinking" : "the answer is empty");
  if (note.length <= maxCharacters) return noted(note);
  // Half of a surrogate pair is no character.
  return noted(`${note.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, "")}…`);
}
