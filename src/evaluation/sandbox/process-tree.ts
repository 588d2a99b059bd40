/** Looks at the processes under another one, on Linux; elsewhere there is nothing to see. */
import { readdirSync, readFileSync } from "node:fs";
import { readProcess, signalProcess } from "../processes.ts";

/** What a process and all its descendants use. */
export interface TreeUse {
  /** Ids, each after its parent's; none where the system does not tell. */
  readonly pids: readonly number[];
  /** Resident memory; pages that processes share count for each of them. */
  readonly bytes: number;
}

/** A tree is looked at no further than this. */
const mostProcesses = 64;

/** What the tree under `pid` uses now. */
export function readTree(pid: number): TreeUse {
  const pids: number[] = [];
  let bytes = 0;
  const left = [pid];
  for (let next = left.pop(); next !== undefined && pids.length < mostProcesses; next = left.pop()) {
    try {
      bytes += residentBytes(next);
      for (const thread of readdirSync(`/proc/${next}/task`)) {
        const children = readFileSync(`/proc/${next}/task/${thread}/children`, "latin1");
        for (const child of children.split(" ")) if (child !== "") left.push(Number(child));
      }
      pids.push(next);
    } catch {
      // It has ended in the meantime, or there is no /proc here.
    }
  }
  return { pids, bytes };
}

/** Resident memory of one process; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  return 1024 * (readProcess(pid)?.residentKb ?? 0);
}

/** The most resident memory that a process has had; 0 where the system does not tell. */
export function peakBytes(pid: number): number {
  return 1024 * (readProcess(pid)?.peakKb ?? 0);
}

/** Kills a process and its group at once; with the first process of a cage ends all in there. */
export function killTree(pid: number): void {
  if (pid <= 0) return; // 0 would mean this very process and its group
  for (const target of [-pid, pid]) signalProcess(target, "SIGKILL");
}
