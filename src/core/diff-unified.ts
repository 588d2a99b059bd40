/** Reads a unified diff as blocks: what its hunks keep and drop is searched, what they keep and add replaces it. */

import { findFences } from "./answer-fence.ts";
import { areRelated } from "./answer-language.ts";
import type { Block } from "./diff-blocks.ts";

/** What an answer holds of a unified diff; `isUnclear` where a line of it cannot be read. */
export interface UnifiedDiff {
  readonly blocks: readonly Block[];
  readonly isUnclear: boolean;
}

const heading = /^(?:diff |index |new file|deleted file|old mode|new mode|similarity |rename )/;

/**
 * Finds the hunks of unified diffs: those in code fences of the language diff, else those in the text, each of
 * which ends with a blank line. Where hunks say which lines they are about, that is not looked at.
 */
export function readUnified(text: string): UnifiedDiff {
  const hunks = new Hunks();
  const fences = text.includes("```") || text.includes("~~~") ? findFences(text) : [];
  const diffs = fences.filter(({ language }) => areRelated(language, "diff"));
  for (const { contentStart, contentEnd, isClosed } of diffs) {
    if (!isClosed) hunks.isUnclear = true;
    hunks.read(text.slice(contentStart, contentEnd), true);
  }
  if (diffs.length === 0) hunks.read(text, false);
  return { blocks: hunks.blocks, isUnclear: hunks.isUnclear };
}

/** The hunks found so far. */
class Hunks {
  readonly blocks: Block[] = [];
  isUnclear = false;

  /** Reads the lines of a diff; `isAll` where the text is nothing else. */
  read(text: string, isAll: boolean): void {
    const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
    if (lines.at(-1) === "") lines.pop();
    let hunk: string[] | undefined = isAll ? [] : undefined;
    for (const [at, line] of lines.entries()) {
      const isStart = line.startsWith("@@");
      const startsFile = line.startsWith("--- ") && lines[at + 1]?.startsWith("+++ ") === true;
      const isHead = startsFile || (line.startsWith("+++ ") && lines[at - 1]?.startsWith("--- ") === true);
      if (isStart || isHead || heading.test(line)) {
        this.#end(hunk);
        hunk = isStart || isAll ? [] : undefined;
      } else if (hunk !== undefined) {
        const ends = isAll ? false : !/^[ +\\-]/.test(line);
        if (ends) {
          this.#end(hunk);
          hunk = undefined;
        } else hunk.push(line);
      }
    }
    this.#end(hunk);
  }

  #end(hunk: string[] | undefined): void {
    if (hunk === undefined) return;
    while (hunk.at(-1) === "") hunk.pop();
    while (hunk[0] === "") hunk.shift();
    if (!hunk.some((line) => /^[+-]/.test(line))) return;
    const [search, replace]: [string[], string[]] = [[], []];
    for (const line of hunk) {
      const sign = line[0] ?? " ";
      const rest = line.slice(1);
      if (sign === "\\") continue;
      if (!" +-".includes(sign)) this.isUnclear = true;
      if (sign !== "+") search.push(rest);
      if (sign !== "-") replace.push(rest);
    }
    this.blocks.push({
      ...{ number: this.blocks.length + 1, search, replace, place: undefined, isExact: true },
    });
  }
}
