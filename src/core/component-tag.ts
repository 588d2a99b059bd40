/**
 * The tag around a component in prompts and answers. Writer and reader compute it from the components shown,
 * so that nothing in their texts reads as its end.
 */
import type { Component, Genome } from "./component.ts";

/**
 * All that may read as the tag of a component, in any spelling that a reader takes; its end is not looked at.
 * The first group tells an end from a start, the second is the tag's word.
 */
export const tagLike = /<(\/\s*)?((?:component|Component|COMPONENT)(?:-[xX])*)(?=[\s/>]|$)/;
const everyTagLike = new RegExp(tagLike, "g");

/** The tag that no given text can open or close: "component", with as many "-x" added as no text uses. */
export function tagFor(shown: readonly Component[]): string {
  let used: Set<number> | undefined;
  for (const { name, text } of shown) {
    if (mayHoldTag(text)) used = addSuffixes(text, used);
    if (mayHoldTag(name)) used = addSuffixes(name, used);
  }
  let suffixes = 0;
  while (used?.has(suffixes)) suffixes++;
  return `component${"-x".repeat(suffixes)}`;
}

function mayHoldTag(text: string): boolean {
  return text.includes("<c") || text.includes("<C") || text.includes("</");
}

function addSuffixes(text: string, used: Set<number> | undefined): Set<number> | undefined {
  let all = used;
  for (const [, , word = ""] of text.matchAll(everyTagLike)) {
    all ??= new Set();
    all.add((word.length - "component".length) / 2);
  }
  return all;
}

/** A text in which nothing looks like the tag of a component, whatever the tag. */
export function withoutTags(text: string): string {
  return text.replace(/<(?=\/?\s*component)/gi, "< ");
}

/** The components with these indexes. Throws a RangeError where the genome has none. */
export function pick(genome: Genome, indexes: readonly number[]): Component[] {
  return indexes.map((index) => {
    const component = genome[index];
    if (component === undefined) throw new RangeError(`Component ${index} is outside the genome`);
    return component;
  });
}
