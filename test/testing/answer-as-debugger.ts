/** Stand-in for quality assurance and developer in the checks of operators that debug. */
import type { ModelRequest } from "../../src/core/index.ts";
import { answerAsAsked, reword } from "../../src/testing/answer-as-asked.ts";

const report = "line-1: it is too long";

/** Finds fault with the code that comes first, once, and writes what a report is on with other words. */
export function answerAsDebugger(request: ModelRequest): string {
  const { system, messages } = request;
  const isReported = messages.at(-1)?.text.endsWith(report);
  if (!isReported) return messages.length === 1 ? report : "no bug";
  if (system !== undefined) return answerAsAsked({ ...request, messages: messages.slice(0, 1) });
  // Code stands below what it must do; the report is the last line.
  const lines = messages[0]?.text.split("\n").slice(0, -1) ?? [];
  return reword(`${lines.filter((_, index) => index % 2 === 1).join("\n")}\n`);
}
