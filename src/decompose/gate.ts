/** The gate between a model's answer and the files: what may take the place of a component, and in which form. */

import { applyChanges, type Component } from "../core/component.ts";
import { findBreach, fitText } from "../core/component-breach.ts";
import type { Layout } from "../core/layout.ts";
import type { Accept } from "../core/problem.ts";
import { fitSyntax } from "./check-syntax.ts";
import { createFixedCheck } from "./fixed-check.ts";

/**
 * Makes the gate for solutions of a layout, given the original components. A text that passes leaves the fixed
 * text in place and, as far as `checkSyntax` and `createFixedCheck` can tell, in its meaning. Groups of lines
 * depend on each other, so the gate does not look at their meaning: use `createFixedCheck` on the new solution.
 */
export function createGate(layout: Layout, components: readonly Component[]): Accept {
  const check = createFixedCheck(layout, components);
  const surroundings = surroundingsOf(layout, components.length);
  return (index, text) => {
    const component = components[index];
    if (component === undefined) throw new RangeError(`Component ${index} is outside the solution`);
    if (text === component.text) return { text };
    const { before, after } = surroundings[index] ?? { before: "", after: "" };
    // An empty block shows no line break of its own: the marker line above does.
    const model = component.text || (/(?:\r\n|\n|\r)$/.exec(before)?.[0] ?? "");
    const fitted = fitText(text, model, component);
    const breach = findBreach(component, fitted);
    if (breach !== undefined) return { reason: breach };
    const result = fitSyntax(component, fitted);
    if ("reason" in result || !dependsOnPlace(component, result.text, after)) return result;
    const reason = check(applyChanges(components, new Map([[index, result.text]])));
    return reason === undefined ? result : { reason: `component ${component.name}: ${reason}` };
  };
}

/** Whether a text that is right by itself may still change what is around it. */
function dependsOnPlace({ kind, text: original }: Component, text: string, after: string): boolean {
  // It may go on with a statement above that no semicolon ends.
  if (kind === "statement") return /^[([`+\-/]/.test(text);
  // Where the body of an arrow function was {} and is an expression now, the line below may go on with it.
  if (kind === "function")
    return !/^(?:async\s+)?function\b/.test(original) && !/^\s*(?:[;,)\]}]|$)/.test(after);
  return kind === "block" || kind === "file";
}

interface Surroundings {
  readonly before: string;
  readonly after: string;
}

/** The fixed text right before and right after each component. */
function surroundingsOf(layout: Layout, count: number): readonly Surroundings[] {
  const surroundings: Surroundings[] = Array.from({ length: count }, () => ({ before: "", after: "" }));
  for (const { parts } of layout) {
    for (const [at, part] of parts.entries()) {
      if (!("component" in part)) continue;
      const [before, after] = [parts[at - 1], parts[at + 1]].map((other) =>
        other !== undefined && "fixed" in other ? other.fixed : "",
      );
      surroundings[part.component] = { before: before ?? "", after: after ?? "" };
    }
  }
  return surroundings;
}
