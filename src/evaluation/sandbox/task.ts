/** What the pool and its worker threads say to each other. */
import type { Evaluation, SandboxScoring, SourceFile } from "../../core/index.ts";
import type { CageOptions } from "./cage.ts";

/** What every thread is given at its start. */
export interface WorkerOptions {
  /** URL of the module with what the thread does. */
  readonly worker: string;
  /** The process that runs candidates, and the one that parses them. */
  readonly cage: Omit<CageOptions, "memoryMb">;
  readonly reader: Omit<CageOptions, "memoryMb">;
}

/** One evaluation. */
export interface SandboxTask {
  readonly scoring: SandboxScoring;
  readonly files: readonly SourceFile[];
  readonly repeat: number;
  /** Shared with the pool; see `TaskField`. */
  readonly shared: BigInt64Array<SharedArrayBuffer>;
}

/** What the numbers of `SandboxTask.shared` mean. */
export const taskField = {
  /** Id of the process that runs the candidate; 0: none. */
  pid: 0,
  /** When the candidate started, by the clock of the machine in nanoseconds; 0: not yet. */
  startedAt: 1,
  /** Id of the thread that works on it; 0: none yet. */
  thread: 2,
  /** 1 once the evaluation is not wanted any more. */
  isStopped: 3,
  count: 4,
} as const;

/** What came of a task: an evaluation, or a mistake of the user's or of ours, since errors lose their class on the way. */
export type SandboxOutcome =
  | { readonly evaluation: Evaluation }
  | { readonly error: string; readonly isUsage: boolean };

/** Sent by a thread when a child process starts and when it has ended. */
export interface ChildNotice {
  readonly thread: number;
  readonly pid: number;
  readonly isAlive: boolean;
}
