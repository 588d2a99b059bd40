/** Makes the instances of all problems whose solution is a code base with bugs. */
import { type Instance, moduleBeside, sandboxed } from "../../src/core/index.ts";
import { decompose } from "../../src/decompose/index.ts";
import { type CodeBase, type CodeBaseFunction, makeCodeBase } from "./code-base.ts";
import type { FunctionTests, RepairData } from "./scorer.ts";
import { expectedOf } from "./trusted.ts";

/** What an instance is made from. */
export interface RepairRequest {
  /** Name of the problem, for messages. */
  readonly problem: string;
  readonly functionCount: number;
  readonly bugCount: number;
  readonly functionsPerFile: number;
  readonly seed: number;
}

/** What is scored, and how. */
export interface RepairScoring {
  /** Whether the evaluation names the functions whose unit tests fail. */
  readonly tellWhich: boolean;
  /** Time for all unit tests of one solution. */
  readonly timeoutMs: number;
}

/** A code base as components, one function each. */
export interface RepairParts extends Pick<Instance, "components" | "layout" | "accept"> {
  readonly codeBase: CodeBase;
  /** Each function with the index of its component. */
  readonly placed: readonly (CodeBaseFunction & { readonly component: number })[];
}

/** Makes the code base of a request and its components. */
export function makeParts({ problem, ...request }: RepairRequest): RepairParts {
  const codeBase = makeCodeBase(request);
  const solution = decompose(codeBase.files, { granularity: "functions" });
  const indexes = new Map(solution.components.map(({ name }, index) => [name, index]));
  const placed = codeBase.functions.map((one) => {
    const component = indexes.get(`${one.file}:${one.original.name}`);
    if (component === undefined)
      throw new Error(`${problem}: function ${one.original.name} of ${one.file} became no component`);
    return { ...one, component };
  });
  return { ...solution, codeBase, placed };
}

/** Makes the instance of a request: its target is that all functions pass their unit tests. */
export function makeInstance(request: RepairRequest, { tellWhich, timeoutMs }: RepairScoring): Instance {
  const { codeBase, placed, ...solution } = makeParts(request);
  const functions = placed.map(({ original, component }): FunctionTests => {
    const { name, calls } = original;
    return { name, component, calls, expected: expectedOf(original) };
  });
  const data: RepairData = { functions, tellWhich };
  const scorer = moduleBeside(import.meta.url, "scorer");
  return {
    ...solution,
    target: request.functionCount,
    statement: statementOf(request.functionCount),
    evaluate: sandboxed({ scorer, data, entry: codeBase.entry, timeoutMs }),
  };
}

function statementOf(size: number): string {
  const all = size === 1 ? "The JavaScript function" : `Some of ${size} JavaScript functions`;
  return (
    `${all} ${size === 1 ? "has" : "have"} a bug, most likely one wrong token. A function must do what its ` +
    "comment says; unit tests check each one. Fitness: the number of functions that pass all their tests. " +
    "Repair what is wrong, change nothing else, and keep names and parameters. Write plain JavaScript, " +
    "without imports and exports."
  );
}
