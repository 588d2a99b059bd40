/** Runs the library's own functions, whole or with an injected bug, in this process: trusted code, never a candidate's. */
import { compileFunction } from "node:vm";
import type { LibraryFunction } from "./library.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** What a call came to. */
export type Outcome =
  | { readonly status: "returned"; readonly value: unknown }
  | { readonly status: "threw"; readonly error: unknown }
  /** It went on for more steps than a sound function needs. */
  | { readonly status: "endless" };

/** Rounds of loops and calls that one unit test may take; the library needs fewer than 200. */
const mostSteps = 2000;

class Endless extends Error {}

/**
 * Runs all unit tests of a function with the given source in place of its own. Steps are counted, not timed,
 * so that the same source always has the same outcomes. Throws a SyntaxError when it does not compile.
 */
export function runTests(one: LibraryFunction, source = one.source): Outcome[] {
  let steps = 0;
  const step = () => {
    steps += 1;
    if (steps > mostSteps) throw new Endless();
  };
  const needed = [...neededBy(one)].filter((other) => other !== one).map((other) => other.source);
  const text = [...needed, source].map(withSteps).join("\n");
  const make = compileFunction(`"use strict";\n${text}\nreturn ${one.name};`, ["step"]);
  const run: (...args: unknown[]) => unknown = make(step);
  return one.calls.map((args): Outcome => {
    steps = 0;
    try {
      return { status: "returned", value: run(...structuredClone(args)) };
    } catch (error) {
      return error instanceof Endless ? { status: "endless" } : { status: "threw", error };
    }
  });
}

/** A function and all that it uses, directly or not. */
export function neededBy(one: LibraryFunction, needed = new Set<LibraryFunction>()): Set<LibraryFunction> {
  if (needed.has(one)) return needed;
  needed.add(one);
  for (const used of one.uses) neededBy(used, needed);
  return needed;
}

const known = new WeakMap<LibraryFunction, readonly unknown[]>();

/** What a function returns in each of its unit tests. */
export function expectedOf(one: LibraryFunction): readonly unknown[] {
  let expected = known.get(one);
  if (expected === undefined) {
    expected = runTests(one).map((outcome) => {
      if (outcome.status === "returned") return outcome.value;
      throw new Error(`${one.name} of the library ${outcome.status} in one of its own tests`);
    });
    known.set(one, expected);
  }
  return expected;
}

/** The source with a call of `step` at the start of each loop and function body. */
function withSteps(source: string): string {
  const tokens = tokensOf(source);
  const bodies = new Set<Token | undefined>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "word" && /^(?:for|while|function)$/.test(token.text))
      bodies.add(bodyAfter(tokens, index));
  }
  return tokens.map((token) => (bodies.has(token) ? "{ step();" : token.text)).join("");
}

/** The brace that opens the body after the parentheses that follow a token. */
function bodyAfter(tokens: readonly Token[], index: number): Token | undefined {
  let depth = 0;
  for (const token of tokens.slice(index)) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (token.text === "{" && depth === 0) return token;
  }
  return undefined;
}
