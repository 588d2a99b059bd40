/** Limits that the system itself keeps, by prlimit: the second wall should this process be busy, or gone. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { systemProgram } from "./find-program.ts";

/** Processes and threads of a user, of all programs together; root is not held to it. */
const mostTasks = 8192;
/** Largest file that a command can write. */
const mostFileBytes = 2 ** 30;

/** What comes before a command to run it with limits; empty where prlimit is not installed. */
export function limitPrefix(timeoutMs: number): string[] {
  prlimit ??= { program: systemProgram("prlimit") };
  if (prlimit.program === undefined) return [];
  // Time of all cores: no limit on a command that ends in time, only on one that nobody is left to end.
  const cpuSeconds = Math.ceil((timeoutMs / 1000) * availableParallelism()) + 10;
  return [
    prlimit.program,
    "--core=0",
    `--cpu=${atMost("Max cpu time", cpuSeconds)}`,
    `--fsize=${atMost("Max file size", mostFileBytes)}`,
    `--nproc=${atMost("Max processes", mostTasks)}`,
    "--",
  ];
}

let prlimit: { readonly program: string | undefined } | undefined;
let ownLimits: string | undefined;

/** A limit, or the one that this process is held to where that is lower: it cannot be raised. */
function atMost(name: string, limit: number): number {
  ownLimits ??= readFileSync("/proc/self/limits", "latin1");
  const hard = new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, "m").exec(ownLimits)?.[1];
  return hard === undefined ? limit : Math.min(limit, Number(hard));
}
