/** The options of the debugging problem and what they come to at a size. */
import { checkKeys, checkWhole, UsageError } from "../../src/core/index.ts";
import type { RepairRequest } from "../repair/instance.ts";

/** Options of the debugging problem: `bugs` or `functions`, not both. */
export interface DebuggingOptions {
  /** b: functions with a bug; the size of an instance is then k, the number of functions. Default 2. */
  readonly bugs?: number;
  /** k: functions; the size of an instance is then b, the number of functions with a bug. */
  readonly functions?: number;
  /** Functions in one file. Default 20. */
  readonly functionsPerFile?: number;
  /** Time for all unit tests of one solution. Default 5,000. */
  readonly timeoutMs?: number;
}

/** Checks the options and fills in the defaults; throws a UsageError that says what is wrong. */
export function readOptions(options: DebuggingOptions) {
  checkKeys("debugging", options, ["bugs", "functions", "functionsPerFile", "timeoutMs"]);
  const { functions, functionsPerFile = 20, timeoutMs = 5000 } = options;
  if (functions !== undefined && options.bugs !== undefined) {
    throw new UsageError(
      `debugging: bugs or functions can be fixed, got bugs ${options.bugs} and functions ${functions}; ` +
        "leave out the one that is to be the size",
    );
  }
  const bugs = functions === undefined ? (options.bugs ?? 2) : undefined;
  if (functions !== undefined) checkWhole("debugging: functions", functions, 1);
  if (bugs !== undefined) checkWhole("debugging: bugs", bugs, 1);
  checkWhole("debugging: functionsPerFile", functionsPerFile, 1);
  checkWhole("debugging: timeoutMs", timeoutMs, 1);
  return { bugs, functions, functionsPerFile, timeoutMs } as const;
}

/** What the instance of a size and a seed is made from; throws a UsageError for a size that cannot be. */
export function requestOf(
  { bugs, functions, functionsPerFile }: ReturnType<typeof readOptions>,
  { size, seed }: { readonly size: number; readonly seed: number },
): RepairRequest {
  checkWhole("debugging: size", size, 1);
  const [functionCount, bugCount] = functions === undefined ? [size, bugs ?? size] : [functions, size];
  if (bugCount > functionCount) {
    throw new UsageError(
      `debugging: ${bugCount} bugs need at least as many functions, got ${functionCount}; the size is the ` +
        `number of ${functions === undefined ? "functions" : "bugs"}`,
    );
  }
  return { problem: "debugging", functionCount, bugCount, functionsPerFile, seed };
}
