/**
 * Repair: k JavaScript functions in files, b of which have a bug, one wrong token each; the setting of
 * debugging in the paper's section 3.2, where unit tests tell which function is wrong.
 */
import {
  checkKeys,
  checkWhole,
  defineProblem,
  type Problem,
  parametersOf,
  UsageError,
} from "../../src/core/index.ts";
import { makeInstance } from "./instance.ts";

/** Options of the repair problem; the size of an instance is k, the number of functions. */
export interface RepairOptions {
  /** b: functions with a bug; undefined: a quarter of them, and at least one. */
  readonly bugs?: number;
  /** Functions in one file. Default 20. */
  readonly functionsPerFile?: number;
  /**
   * Whether the evaluation names the functions whose unit tests fail, as improvable and with failing cases;
   * else it tells their number alone. Default true.
   */
  readonly tellWhich?: boolean;
  /** Time for all unit tests of one solution. Default 5,000. */
  readonly timeoutMs?: number;
}

/**
 * Makes the repair problem. Fitness is the number of functions whose unit tests all pass; the target is k.
 * The functions and their bugs depend on the seed. A correct function that calls a wrong one may fail, too.
 */
export function repair(options: RepairOptions = {}): Problem {
  checkKeys("repair", options, ["bugs", "functionsPerFile", "tellWhich", "timeoutMs"]);
  const { bugs, functionsPerFile = 20, tellWhich = true, timeoutMs = 5000 } = options;
  if (bugs !== undefined) checkWhole("repair: bugs", bugs, 1);
  checkWhole("repair: functionsPerFile", functionsPerFile, 1);
  checkWhole("repair: timeoutMs", timeoutMs, 1);
  return defineProblem({
    name: "repair",
    description: "k JavaScript functions with unit tests, some with a bug of one token",
    parameters: parametersOf({ bugs, functionsPerFile, tellWhich, timeoutMs }),
    instance({ size, seed }) {
      checkWhole("repair: size", size, 1);
      const bugCount = bugs ?? Math.max(1, Math.round(size / 4));
      if (bugCount > size) {
        throw new UsageError(`repair: ${bugCount} bugs need at least as many functions, got size ${size}`);
      }
      return makeInstance(
        { problem: "repair", functionCount: size, bugCount, functionsPerFile, seed },
        { tellWhich, timeoutMs },
      );
    },
  });
}
