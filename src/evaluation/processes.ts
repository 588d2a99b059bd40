/** Reads processes from /proc and ends them. Where there is no /proc (not Linux), it finds none. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Ids of all processes that run. */
export function listProcesses(): number[] {
  return (read(() => readdirSync("/proc")) ?? []).map(Number).filter((pid) => pid > 0);
}

/** The parent of a process and its resident memory, now and at most so far; undefined when it is gone. */
export function readProcess(pid: number): { parent: number; residentKb: number; peakKb: number } | undefined {
  const text = read(() => readFileSync(`/proc/${pid}/status`, "latin1"));
  if (text === undefined) return undefined;
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return { parent: field("PPid"), residentKb: field("VmRSS"), peakKb: field("VmHWM") };
}

/** Memory of a process where a page shared by n counts as 1/n; undefined when it cannot be read. */
export function proportionalKb(pid: number): number | undefined {
  const text = read(() => readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"));
  const match = /^Pss:\s+(\d+)/m.exec(text ?? "");
  return match === null ? undefined : Number(match[1]);
}

/** Whether a process was started with this text in its environment. */
export function carries(pid: number, marker: string): boolean {
  return read(() => readFileSync(`/proc/${pid}/environ`, "latin1"))?.includes(marker) === true;
}

/** Sends a signal to a process, or to a group by its negative id, that may be gone. */
export function signalProcess(pid: number, name: "SIGKILL" | "SIGSTOP"): void {
  read(() => process.kill(pid, name));
}

/**
 * Ends every process that carries the marker, wherever it went: to another session, or to another parent.
 * All are stopped before the first is killed, so that none has time to start another.
 */
export async function killMarked(marker: string): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    const stopped = new Set<number>();
    for (let news = marked(marker, stopped); news.length > 0; news = marked(marker, stopped)) {
      for (const pid of news) {
        signalProcess(pid, "SIGSTOP");
        stopped.add(pid);
      }
    }
    if (stopped.size === 0) return;
    for (const pid of stopped) signalProcess(pid, "SIGKILL");
    await delay(2);
  }
}

function marked(marker: string, known: ReadonlySet<number>): number[] {
  return listProcesses().filter((pid) => !known.has(pid) && carries(pid, marker));
}

/** A process can end between any two steps, or belong to another user. */
function read<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
