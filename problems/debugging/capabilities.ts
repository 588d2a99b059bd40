/**
 * What a simulated programmer can do who knows the library of `repair` by heart: say which function of a code base
 * is wrong, and put one right. It reads the text of a prompt alone, bare or between tags.
 */
import { type Capability, checkBetween, checkKeys, checkWhole, randomIndex } from "../../src/core/index.ts";
import { applyBug, drawBug } from "../repair/bugs.ts";
import { type LibraryFunction, library } from "../repair/library.ts";
import { isSameCode, type SeenCode, type SeenFunction, seeCode, writeCode } from "./see-code.ts";

/** Options of both capabilities. */
export interface DebugOptions {
  /** Share of wrong answers, from 0 to 1; default 0. */
  readonly errorRate?: number;
  /** How many functions of the library it knows at least; default 200. Larger code bases may hold others. */
  readonly functions?: number;
}

const ok = "ok";

/**
 * Quality assurance: names the first function of the latest code that differs from what it remembers, or says "ok".
 * A function that it does not know is right to it. Its errors: a right function named (a false alarm); for a wrong
 * one, half of them "ok" and half another function.
 */
export function debugQa(options: DebugOptions = {}): Capability {
  const recall = memoryOf("debugQa", options);
  return {
    name: "debug-qa",
    ...rateOf(options),
    answer(prompt) {
      const seen = seeCode(prompt);
      if (seen === undefined || seen.report !== undefined || !seen.functions.some(recall)) return undefined;
      return seen.functions.find((shown) => isWrong(shown, recall(shown)))?.shownName ?? ok;
    },
    wrong(prompt, right, rng) {
      const names = (seeCode(prompt)?.functions ?? []).map(({ shownName }) => shownName);
      const others = names.filter((name) => name !== right);
      if (right !== ok && (others.length === 0 || rng() < 0.5)) return ok;
      return others[randomIndex(rng, others.length)] ?? ok;
    },
  };
}

/**
 * Development: writes the latest code anew, with the function that the report names as it remembers it and all else
 * as it was. Where one function is shown, the report need not name it. Its errors: half of them leave a wrong
 * function as it is, the others write another bug.
 */
export function debugDeveloper(options: DebugOptions = {}): Capability {
  const recall = memoryOf("debugDeveloper", options);
  return {
    name: "debug-developer",
    ...rateOf(options),
    answer(prompt) {
      const seen = seeCode(prompt);
      if (seen?.report === undefined || !seen.functions.some(recall)) return undefined;
      const named = namedIn(seen);
      const original = named && recall(named);
      if (named === undefined || original === undefined || !isWrong(named, original)) return writeCode(seen);
      return writeCode(seen, named, original.source);
    },
    wrong(prompt, right, rng) {
      const seen = seeCode(prompt);
      if (seen === undefined) return right;
      const known = seen.functions.filter(recall);
      const named = namedIn(seen) ?? known[randomIndex(rng, known.length)];
      const original = named && recall(named);
      if (named === undefined || original === undefined) return right;
      if (isWrong(named, original) && rng() < 0.5) return writeCode(seen);
      return writeCode(seen, named, applyBug(original.source, drawBug(original, rng)));
    },
  };
}

type Recall = (shown: SeenFunction) => LibraryFunction | undefined;

/** What it remembers of a function: the library is read when it is first needed. */
function memoryOf(where: string, options: DebugOptions): Recall {
  checkKeys(where, options, ["errorRate", "functions"]);
  const { errorRate = 0, functions = 200 } = options;
  checkBetween(`${where}: errorRate`, errorRate, 0, 1);
  checkWhole(`${where}: functions`, functions, 1);
  let byName: ReadonlyMap<string, LibraryFunction> | undefined;
  return ({ name }) => {
    byName ??= new Map(library(functions).map((one) => [one.name, one]));
    return byName.get(name);
  };
}

function rateOf({ errorRate }: DebugOptions): Pick<Capability, "errorRate"> {
  return errorRate === undefined ? {} : { errorRate };
}

function isWrong({ text }: SeenFunction, original: LibraryFunction | undefined): boolean {
  return original !== undefined && !isSameCode(text, original.source);
}

/** The function that the report names first; where one is shown, that one. */
function namedIn({ functions, report = "" }: SeenCode): SeenFunction | undefined {
  const [only, second] = functions;
  if (second === undefined) return only;
  const byName = new Map(functions.map((one) => [one.name, one]));
  for (const [word] of report.matchAll(/[A-Za-z_$][\w$]*/g)) {
    const named = byName.get(word);
    if (named !== undefined) return named;
  }
  return undefined;
}
