/**
 * Forms of answers that prompts ask simulated models for, beside components between tags: SEARCH/REPLACE
 * blocks, merges of two solutions, notes. All is read off the prompt.
 */

import { writeBlock } from "../core/diff-markers.ts";
import { type ModelRequest, type Rng, randomIndex } from "../core/index.ts";
import type { PromptPart } from "./simulated-text.ts";

/** A component as a prompt shows it. */
export interface ShownPart {
  readonly part: PromptPart;
  readonly opening: string;
  readonly closing: string;
}

/** Rewrites some of the parts that were shown. */
export type Rewriter = (parts: readonly PromptPart[]) => readonly string[];

const firstMarker = /^(<{5,}) SEARCH$/m;

/** How long the marker lines are that a request asks for; undefined where it asks for no blocks. */
export function askedMarkers({ system = "" }: ModelRequest): number | undefined {
  return firstMarker.exec(system)?.[1]?.length;
}

/** The probability of a block for one more component. */
const oneMore = 1 / 4;
/** Most lines of a component that a block shows as a whole. */
const shortText = 3;

/**
 * Answers with blocks: one component, drawn at random, is rewritten, with probability 1/4 another one, and so
 * on. A malformed answer has a block whose text to find is not there, or which lacks its divider.
 */
export function blocksAnswer(
  shown: readonly ShownPart[],
  markerLength: number,
  rng: Rng,
  isMalformed: boolean,
  rewrite: Rewriter,
): string {
  const left = [...shown];
  const chosen: ShownPart[] = [];
  do chosen.push(...left.splice(randomIndex(rng, left.length), 1));
  while (left.length > 0 && rng() < oneMore);
  const texts = rewrite(chosen.map(({ part }) => part));
  const spoilt = isMalformed ? randomIndex(rng, chosen.length) : -1;
  const lacksDivider = isMalformed && rng() < 0.5;
  const markers = { length: markerLength, isStrict: false };
  const all = shown.map(({ part }) => linesOf(part.text));
  const blocks = chosen.map(({ part, opening, closing }, index) => {
    const { search, replace, isUnique } = changeOf(linesOf(part.text), linesOf(texts[index] ?? ""), all);
    const isSpoilt = index === spoilt;
    const found = isSpoilt && !lacksDivider ? [`${search[0] ?? ""}x`, ...search.slice(1)] : search;
    const block = writeBlock(markers, found, replace);
    const text = isSpoilt && lacksDivider ? block.replace(/^=+\n/m, "") : block;
    return isUnique ? text : `${opening}${text}\n${closing}`;
  });
  return blocks.join("\n\n");
}

/** The lines of a text, without their line breaks. */
function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The lines that change, with as many around them as make them unique among all that was shown. */
function changeOf(before: readonly string[], after: readonly string[], all: readonly (readonly string[])[]) {
  const [shorter, longer] = [Math.min(before.length, after.length), before.length];
  let above = 0;
  let below = 0;
  if (before.length > shortText) {
    while (above < shorter && before[above] === after[above]) above++;
    while (below < shorter - above && before.at(-1 - below) === after.at(-1 - below)) below++;
  }
  const search = () => before.slice(above, longer - below);
  const isFound = () => search().some((line) => line.trim() !== "") && countIn(all, search()) === 1;
  while (!isFound() && above + below > 0) {
    if (above > 0) above--;
    if (below > 0) below--;
  }
  return { search: search(), replace: after.slice(above, after.length - below), isUnique: isFound() };
}

/** How often lines stand next to each other in texts. */
function countIn(texts: readonly (readonly string[])[], search: readonly string[]): number {
  const wanted = `\n${search.join("\n")}\n`;
  let count = 0;
  for (const lines of texts) {
    const text = `\n${lines.join("\n")}\n`;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) count++;
  }
  return count;
}

const otherPart = /<other name=("(?:[^"\\]|\\.)*")>\n([\s\S]*?)<\/other>/g;

/** The texts of the other solution that a prompt shows, by the names in its tags; undefined where it shows none. */
export function othersIn(prompt: string): ReadonlyMap<string, string> | undefined {
  if (!prompt.includes("<other name=")) return undefined;
  return new Map([...prompt.matchAll(otherPart)].map(([, name = "", text = ""]) => [name, text]));
}

/**
 * Merges two solutions: of each component that both have, one of the two texts, each with probability 1/2;
 * the others are rewritten, and so are these with probability `rewriteRate`.
 */
export function mergedTexts(
  parts: readonly PromptPart[],
  others: readonly (string | undefined)[],
  rng: Rng,
  rewriteRate: number,
  rewrite: Rewriter,
): string[] {
  const again: number[] = [];
  const merged = parts.map((part, index) => {
    const other = others[index];
    if (other === undefined) again.push(index);
    else {
      const text = rng() < 0.5 ? other : part.text;
      if (rewriteRate > 0 && rng() < rewriteRate) again.push(index);
      return { ...part, text };
    }
    return part;
  });
  const texts = merged.map(({ text }) => text);
  const rewritten =
    again.length === 0 ? [] : rewrite(again.map((index) => merged[index] ?? { name: "", text: "" }));
  for (const [place, index] of again.entries()) texts[index] = rewritten[place] ?? "";
  return texts;
}

/** Whether a request asks for a note. */
export function asksForNote({ system = "" }: ModelRequest): boolean {
  return system.includes("Write a note");
}

/** A note of words that the prompt has: a stand-in for what a model learns from it. */
export function promptWords(prompt: string, count: number, rng: Rng): string {
  const found = prompt.slice(0, mostRead).match(/[A-Za-z]{2,20}/g) ?? ["nothing"];
  return Array.from({ length: count }, () => found[randomIndex(rng, found.length)]).join(" ");
}

/** Most characters of a prompt that a note is made of. */
const mostRead = 20_000;
