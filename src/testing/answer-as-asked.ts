/** The stand-in for a model in the checks of operators: it does what the prompt asks, as a good model would. */
import type { ModelRequest } from "../core/index.ts";

/** A component as prompts show it between its tags: all of the opening tag, the tag's word, the text. */
const taggedComponent = /(<(component(?:-x)*) name="(?:[^"\\]|\\.)*">)\n([\s\S]*?)<\/\2>/g;
const searchMarker = /^(<+) SEARCH$/m;

/**
 * Answers a request with other words: each component between its tags, else the first one as a SEARCH/REPLACE
 * block where the prompt asks for one, else a note, else the prompt's lines.
 */
export function answerAsAsked({ system = "", messages }: ModelRequest): string {
  const prompt = messages.at(-1)?.text ?? "";
  const shown = [...prompt.matchAll(taggedComponent)];
  const [, marks] = searchMarker.exec(`${system}\n${prompt}`) ?? [];
  if (marks !== undefined) {
    const text = shown[0]?.[3] ?? "";
    const divider = "=".repeat(marks.length);
    return `${marks} SEARCH\n${text}${divider}\n${reword(text)}${">".repeat(marks.length)} REPLACE\n`;
  }
  if (shown.length > 0)
    return shown.map(([, open, tag, text = ""]) => `${open}\n${reword(text)}</${tag}>`).join("\n");
  return system === "" ? reword(prompt) : "Shorter lines did better than longer ones.";
}

/** A text with another first word in each line; a line of its own in the place of an empty text. */
export function reword(text: string): string {
  return text.trim() === "" ? "other words\n" : text.replace(/^(\s*)(\S+)/gm, "$1other-$2");
}
