/** Scores repairs: the number of functions whose unit tests all pass. Runs outside the sandbox, with the answers. */
import { CandidateFailure, type CandidateProgram, type Scorer } from "../../src/core/index.ts";
import { isSameValue, showValue } from "./same-value.ts";

/** The unit tests of one function. */
export interface FunctionTests {
  readonly name: string;
  /** Index of its component. */
  readonly component: number;
  /** Arguments of each test. */
  readonly calls: readonly (readonly unknown[])[];
  /** What each test must give. */
  readonly expected: readonly unknown[];
}

/** What the scorer knows. */
export interface RepairData {
  readonly functions: readonly FunctionTests[];
  /** Whether the evaluation tells which functions fail. */
  readonly tellWhich: boolean;
}

/** Failing tests of a function that its feedback shows. */
const mostShown = 2;
/** Characters of the list of failing functions. */
const mostSummary = 1500;

/**
 * A function that throws or returns something else fails alone; one that never ends, or ends its process,
 * fails the whole solution. A correct function that calls a wrong one may fail, too.
 */
const score: Scorer<RepairData> = async ({ candidate, data: { functions, tellWhich } }) => {
  const improvable: number[] = [];
  const componentFeedback: Record<number, string> = {};
  const summary: string[] = [];
  for (const tests of functions) {
    const failures = await failuresOf(candidate, tests);
    const [first] = failures;
    if (first === undefined) continue;
    improvable.push(tests.component);
    componentFeedback[tests.component] = `Unit tests fail:\n${failures.join("\n")}`;
    summary.push(first);
  }
  const failed = improvable.length;
  const fitness = functions.length - failed;
  const result = { status: "ok", fitness, metrics: { passed: fitness, failed } } as const;
  const count = `${fitness} of ${functions.length} functions pass all their unit tests.`;
  if (!tellWhich || failed === 0) return { ...result, feedback: count };
  improvable.sort((a, b) => a - b);
  return { ...result, feedback: `${count} Failing:\n${firstLines(summary)}`, improvable, componentFeedback };
};
export default score;

/** The first failing tests of a function, in words. */
async function failuresOf(candidate: CandidateProgram, tests: FunctionTests): Promise<string[]> {
  const failures: string[] = [];
  for (const [index, args] of tests.calls.entries()) {
    const expected = tests.expected[index];
    let got: string;
    try {
      const value = await candidate.call(tests.name, ...args);
      if (isSameValue(value, expected)) continue;
      got = `gave ${showValue(value, 60)}`;
    } catch (error) {
      if (!(error instanceof CandidateFailure) || !/^(?:crash|invalid)$/.test(error.reason)) throw error;
      got = showFailure(error.message, `${tests.name}() `);
    }
    const shown = showValue(args, 100).slice(1).replace(/\]$/, "");
    failures.push(`${tests.name}(${shown}) ${got}, expected ${showValue(expected, 60)}`);
    if (failures.length === mostShown) break;
  }
  return failures;
}

/** Shows why a call failed, without the name of the function in front. */
function showFailure(message: string, prefix: string): string {
  const text = message.startsWith(prefix) ? message.slice(prefix.length) : `failed: ${message}`;
  return text.slice(0, 100).replace(/\s+/g, " ").toWellFormed();
}

function firstLines(lines: readonly string[]): string {
  let text = "";
  for (const [index, line] of lines.entries()) {
    if (text.length + line.length > mostSummary) return `${text}and ${lines.length - index} more`;
    text += `${line}\n`;
  }
  return text.trimEnd();
}
