/** Runs a command when no file can be opened any more, and prints what came of it. */
import { closeSync, openSync } from "node:fs";
import { runCommand } from "../../../../src/evaluation/command/run-command.ts";

const run = {
  ...{ command: ["/bin/true"] as const, folder: "/", environment: { MARK: "1" }, marker: "MARK=1" },
  ...{ isCaged: false, timeoutMs: 10_000, memoryMb: 100, outputBytes: 100, processes: 10 },
};
const { signal } = new AbortController();
await runCommand(run, signal); // opens what is opened once
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  // None is left.
}
const outcome = await runCommand(run, signal).catch((error: unknown) => error);
for (const descriptor of taken) closeSync(descriptor);
console.log(String(outcome));
