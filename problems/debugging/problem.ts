/**
 * Debugging: k JavaScript functions, b of which have a bug, and unit tests that tell only how many functions pass;
 * who debugs must read the code (Meyerson and Qiu, ICML 2025, section 3.2). The code base is that of `repair`.
 */
import { defineProblem, type Problem, parametersOf } from "../../src/core/index.ts";
import { makeInstance } from "../repair/instance.ts";
import { type DebuggingOptions, readOptions, requestOf } from "./options.ts";

export type { DebuggingOptions } from "./options.ts";

/**
 * Makes the debugging problem. Fitness is the number of functions whose unit tests all pass; the target is k. The
 * functions and their bugs depend on the seed. A function stands behind those that it calls, so that whoever
 * repairs them in order makes each one pass.
 */
export function debugging(options: DebuggingOptions = {}): Problem {
  const known = readOptions(options);
  return defineProblem({
    name: "debugging",
    description: "k JavaScript functions, b with a bug; the unit tests tell only how many pass",
    structure: "Components independent, but for a function that fails where one fails that it calls",
    parameters: parametersOf(known),
    instance: (request) =>
      makeInstance(requestOf(known, request), { tellWhich: false, timeoutMs: known.timeoutMs }),
  });
}
