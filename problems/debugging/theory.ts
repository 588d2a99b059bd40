/**
 * Exact costs of debugging without errors (Meyerson and Qiu, ICML 2025, section 3.2), as sums of Def. 2.2 over the
 * calls that are made, outputs included, from the token counts of an instance's own functions; beside them the
 * paper's closed forms. They hold in compact mode: prompts that explain the task cost more.
 */
import { primitiveCost } from "../../src/core/index.ts";
import { makeParts } from "../repair/instance.ts";
import { type DebuggingOptions, readOptions, requestOf } from "./options.ts";

/** A function of a code base to debug, in tokens. */
export interface FunctionTokens {
  /** Of what it must do, as the prompt shows it. */
  readonly spec: number;
  /** Of its text, with its line break. */
  readonly text: number;
  /** Undefined where it is right. */
  readonly bug:
    | {
        /** Of what quality assurance says of it. */
        readonly report: number;
        /** Of the text without the bug, with its line break. */
        readonly repaired: number;
      }
    | undefined;
}

/** The sizes of the models, and the tokens of the report that nothing is wrong. */
export interface DebuggingSetting {
  /** m_q; default 1. */
  readonly qaSize?: number;
  /** m_d; default 1. */
  readonly developerSize?: number;
  /** Default 1, of "ok". */
  readonly okTokens?: number;
}

/** Cost of one run up to its target, in LLM primitives. */
export interface DebuggingCost {
  readonly applications: number;
  /** Of the calls of quality assurance. */
  readonly qa: number;
  /** Of the calls of the developer. */
  readonly developer: number;
  /** Of both. */
  readonly primitiveCost: number;
}

/**
 * `conversation-debug`, equations (4)-(7): in round i of b both read all that was said before, and the developer
 * writes all the code anew; a last call finds nothing. The whole conversation is one application.
 */
export function conversationCost(
  functions: readonly FunctionTokens[],
  setting: DebuggingSetting = {},
): DebuggingCost {
  const { qaSize, developerSize, okTokens } = withDefaults(setting);
  let code = sum(functions.map(({ text }) => text));
  let history = code + sum(functions.map(({ spec }) => spec));
  let [qa, developer] = [0, 0];
  for (const { text, bug } of functions) {
    if (bug === undefined) continue;
    qa += primitiveCost({ modelSize: qaSize, inputTokens: history, outputTokens: bug.report });
    history += bug.report;
    code += bug.repaired - text;
    developer += primitiveCost({ modelSize: developerSize, inputTokens: history, outputTokens: code });
    history += code;
  }
  qa += primitiveCost({ modelSize: qaSize, inputTokens: history, outputTokens: okTokens });
  return { applications: 1, qa, developer, primitiveCost: qa + developer };
}

/**
 * `focused-debug` in a circle, equations (8)-(10): quality assurance reads each function by itself, the developer
 * those with a bug. The run ends with the last bug.
 */
export function focusedCost(
  functions: readonly FunctionTokens[],
  setting: DebuggingSetting = {},
): DebuggingCost {
  const { qaSize, developerSize, okTokens } = withDefaults(setting);
  const applications = functions.findLastIndex(({ bug }) => bug !== undefined) + 1;
  let [qa, developer] = [0, 0];
  for (const { spec, text, bug } of functions.slice(0, applications)) {
    const inputTokens = spec + text;
    qa += primitiveCost({ modelSize: qaSize, inputTokens, outputTokens: bug?.report ?? okTokens });
    if (bug === undefined) continue;
    developer += primitiveCost({
      ...{ modelSize: developerSize, inputTokens: inputTokens + bug.report, outputTokens: bug.repaired },
    });
  }
  return { applications, qa, developer, primitiveCost: qa + developer };
}

function withDefaults({ qaSize = 1, developerSize = 1, okTokens = 1 }: DebuggingSetting) {
  return { qaSize, developerSize, okTokens };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Mean applications of `focused-debug` with b bugs at uniformly random places among k: the place of the last one,
 * b (k + 1) / (b + 1).
 */
export function focusedApplications(k: number, b: number): number {
  return (b * (k + 1)) / (b + 1);
}

/** k functions of l tokens each, b bugs, and models of sizes m_q and m_d, as in the paper's closed forms. */
export interface DebuggingForm {
  readonly k: number;
  readonly l: number;
  readonly b: number;
  readonly qaSize: number;
  readonly developerSize: number;
}

/** The order of the conversation's cost, equation (7) with n = k l: m_q b^2 n + m_d b^2 n^2. */
export function conversationOrder({ k, l, b, qaSize, developerSize }: DebuggingForm) {
  const n = k * l;
  const [qa, developer] = [qaSize * b ** 2 * n, developerSize * b ** 2 * n ** 2];
  return { qa, developer, primitiveCost: qa + developer };
}

/** The order of focused debugging's cost, equation (10): m_q k l + m_d l^2 b. */
export function focusedOrder({ k, l, b, qaSize, developerSize }: DebuggingForm) {
  const [qa, developer] = [qaSize * k * l, developerSize * l ** 2 * b];
  return { qa, developer, primitiveCost: qa + developer };
}

/** Counts the functions of an instance, in their order; quality assurance names a function that has a bug. */
export function tokensOfFunctions(
  options: DebuggingOptions,
  request: { readonly size: number; readonly seed: number },
  countTokens: (text: string) => number,
): readonly FunctionTokens[] {
  const { components, placed } = makeParts(requestOf(readOptions(options), request));
  const made = new Map(placed.map((one) => [one.component, one]));
  return components.map(({ spec, text }, index): FunctionTokens => {
    const one = made.get(index);
    const bug =
      one?.bug === undefined
        ? undefined
        : { report: countTokens(one.original.name), repaired: countTokens(`${one.original.source}\n`) };
    return { spec: spec === undefined ? 0 : countTokens(`${spec}\n`), text: countTokens(`${text}\n`), bug };
  });
}

/** What a campaign's theory is made from. */
export interface DebuggingTheorySetting extends DebuggingSetting {
  /** The package's `countTokens`. */
  readonly countTokens: (text: string) => number;
  /** The campaign's number of runs at each size: their seeds are 1, 2, ... */
  readonly seeds: number;
}

/** Means over the seeds of a campaign, by size. */
export interface DebuggingTheory {
  conversation(size: number): DebuggingCost;
  focused(size: number): DebuggingCost;
  /** The conversation's cost over that of focused debugging: of the developer, or of both roles. */
  ratio(size: number, role?: "developer" | "qa"): number;
}

/** Makes the theory of a campaign's very instances, for its strategies' `theory`. */
export function debuggingTheory(
  options: DebuggingOptions,
  { countTokens, seeds, ...setting }: DebuggingTheorySetting,
): DebuggingTheory {
  const counted = new Map<number, readonly (readonly FunctionTokens[])[]>();
  const instances = (size: number) => {
    const all =
      counted.get(size) ??
      Array.from({ length: seeds }, (_, index) =>
        tokensOfFunctions(options, { size, seed: index + 1 }, countTokens),
      );
    counted.set(size, all);
    return all;
  };
  const theoryOf = (costOf: typeof conversationCost) => (size: number) =>
    meanOf(instances(size).map((functions) => costOf(functions, setting)));
  const [conversation, focused] = [theoryOf(conversationCost), theoryOf(focusedCost)];
  return {
    ...{ conversation, focused },
    ratio(size, role) {
      const key = role ?? "primitiveCost";
      return conversation(size)[key] / focused(size)[key];
    },
  };
}

function meanOf(costs: readonly DebuggingCost[]): DebuggingCost {
  const mean = (key: keyof DebuggingCost) => sum(costs.map((cost) => cost[key])) / costs.length;
  return {
    applications: mean("applications"),
    qa: mean("qa"),
    developer: mean("developer"),
    primitiveCost: mean("primitiveCost"),
  };
}
