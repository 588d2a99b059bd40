/** Keeps the files that this process inherited from the processes that it starts. */
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";

/** What a new process gets as one of its streams. */
type Standard = "ignore" | "pipe" | number;

let inherited: readonly number[] | undefined;
let nowhere: number | undefined;

/**
 * Adds to the standard streams of a new process a cover for each file descriptor that this process inherited and
 * would pass on: it may be an open file that the command could write to, sandbox or not. What Node opens is
 * closed on exec.
 */
export function withoutInherited(standard: Standard[]): Standard[] {
  inherited ??= inheritedDescriptors();
  for (const descriptor of inherited) {
    while (standard.length < descriptor) standard.push("ignore");
    nowhere ??= openSync("/dev/null", "r+");
    if (standard.length === descriptor) standard.push(nowhere);
    else if (standard[descriptor] === "ignore" && descriptor > 2) standard[descriptor] = nowhere;
  }
  return standard;
}

function inheritedDescriptors(): number[] {
  if (!existsSync("/proc/self/fdinfo")) return [];
  return readdirSync("/proc/self/fdinfo")
    .map(Number)
    .filter((descriptor) => descriptor > 2 && descriptor < 1024 && isPassedOn(descriptor))
    .sort((a, b) => a - b);
}

function isPassedOn(descriptor: number): boolean {
  const closedOnExec = 0o2000000;
  try {
    const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"));
    return flags !== null && (Number.parseInt(flags[1] ?? "", 8) & closedOnExec) === 0;
  } catch {
    return false; // it was open to list the others
  }
}
