/**
 * Evaluates JavaScript and TypeScript candidates: worker threads run trusted scorers, and the candidates' code
 * runs in a process of each thread's own, behind walls (docs/security.md). Nothing that a candidate does ends
 * the pool or touches another evaluation.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import {
  AlleleError,
  abortable,
  type Evaluation,
  longestTimerMs,
  moduleBeside,
  type SandboxScoring,
  type SourceFile,
  UsageError,
} from "../../core/index.ts";
import type { Wall } from "../bubblewrap.ts";
import { Slots } from "../slots.ts";
import { killTree } from "./process-tree.ts";
import {
  type ChildNotice,
  type SandboxOutcome,
  type SandboxTask,
  taskField,
  type WorkerOptions,
} from "./task.ts";

/** Options of a pool. */
export interface SandboxPoolOptions {
  /** Most evaluations at once; default: the number of cores. */
  readonly threads?: number;
  readonly wall: Wall;
  /** Time that a scorer may take beyond its candidate's; default: 5,000. */
  readonly graceMs?: number;
  /** Path of another program in the place of the one that runs candidates: to try the outer wall alone. */
  readonly program?: string;
}

/** Time in which a task must begin: a thread and a child start, a scorer is loaded. */
const beginMs = 60_000;
/** Time in which an aborted task ends by itself once its candidate has been killed. */
const endMs = 250;

/** A pool of worker threads, each with a child process. Close it at the end. */
export class SandboxPool {
  readonly #piscina: Piscina<SandboxTask, SandboxOutcome>;
  readonly #slots: Slots;
  readonly #graceMs: number;
  readonly #stops = new Set<AbortController>();
  #isClosed = false;
  /** The thread of each child process that lives. */
  readonly #children = new Map<number, number>();

  constructor({ threads = availableParallelism(), wall, graceMs = 5000, program }: SandboxPoolOptions) {
    const workerData: WorkerOptions = {
      worker: moduleBeside(import.meta.url, "worker"),
      cage: { wall, program: program ?? beside("child.mjs"), isRestricted: program === undefined },
      // It loads packages with parts in machine code from wherever they are installed, and runs none of the code.
      reader: { wall: "none", program: beside("reader.mjs"), isRestricted: false },
    };
    this.#graceMs = graceMs;
    this.#slots = new Slots(threads);
    this.#piscina = new Piscina({
      filename: beside("thread.mjs"),
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: "disabled", // an idle thread must go on reading what its child sends
      recordTiming: false,
      workerData,
    });
    this.#piscina.on("message", ({ thread, pid, isAlive }: ChildNotice) => {
      if (isAlive) this.#children.set(pid, thread);
      else this.#children.delete(pid);
    });
    this.#piscina.on("error", () => {}); // its task rejects, too
  }

  /**
   * Scores a candidate. Rejects with the signal's reason when it is aborted, with a UsageError for a scorer
   * that cannot be loaded or an entry that is none, with an AlleleError when no sandbox can be started.
   */
  async evaluate(
    scoring: SandboxScoring,
    files: readonly SourceFile[],
    repeat: number,
    signal: AbortSignal,
  ): Promise<Evaluation> {
    const outcome = await this.#stoppable(signal, (stop) =>
      // Whoever asked need not wait until an aborted task has ended; its place in the pool does.
      abortable(
        this.#slots.use(stop, () => this.#run(scoring, files, repeat, stop)),
        stop,
      ),
    );
    if ("evaluation" in outcome) return outcome.evaluation;
    throw outcome.isUsage ? new UsageError(outcome.error) : new AlleleError(outcome.error);
  }

  /** Ends all threads and child processes; evaluations in flight reject. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops) stop.abort(closed());
    await this.#piscina.destroy();
    this.#killChildren(() => true);
  }

  /** Kills what threads that are gone have left behind. */
  #killChildren(isGone: (thread: number) => boolean): void {
    for (const [pid, thread] of this.#children) {
      if (!isGone(thread)) continue;
      killTree(pid);
      this.#children.delete(pid);
    }
  }

  /** Does work under a signal that is aborted with the given one, and when the pool closes. */
  async #stoppable<T>(signal: AbortSignal, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const abort = () => stop.abort(signal.reason);
    if (signal.aborted) abort();
    else if (this.#isClosed) stop.abort(closed());
    signal.addEventListener("abort", abort, { once: true });
    this.#stops.add(stop);
    try {
      return await work(stop.signal);
    } finally {
      signal.removeEventListener("abort", abort);
      this.#stops.delete(stop);
    }
  }

  async #run(
    scoring: SandboxScoring,
    files: readonly SourceFile[],
    repeat: number,
    stop: AbortSignal,
  ): Promise<SandboxOutcome> {
    const mostMs = scoring.timeoutMs + this.#graceMs;
    const shared = new BigInt64Array(new SharedArrayBuffer(8 * taskField.count));
    const latestStart = process.hrtime.bigint() + BigInt(beginMs) * 1_000_000n;
    const thread = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const wait = (ms: number, next: () => void) => {
      clearTimeout(timer);
      timer = setTimeout(next, Math.min(Math.ceil(ms), longestTimerMs)).unref();
    };
    // The thread itself keeps the candidate's deadline; this one is for a scorer that does not end.
    const check = () => {
      const startedAt = Atomics.load(shared, taskField.startedAt);
      const since = startedAt > 0n ? startedAt : latestStart;
      const leftMs = mostMs - Number(process.hrtime.bigint() - since) / 1e6;
      if (leftMs > 0) wait(Math.min(leftMs, mostMs), check);
      else thread.abort();
    };
    const end = () => {
      Atomics.store(shared, taskField.isStopped, 1n);
      killTree(Number(Atomics.load(shared, taskField.pid))); // then the scorer's next call fails
      wait(endMs, () => thread.abort());
    };
    wait(mostMs, check);
    stop.addEventListener("abort", end, { once: true });
    try {
      return await this.#piscina.run({ scoring, files, repeat, shared }, { signal: thread.signal });
    } catch (error) {
      const gone = Number(Atomics.load(shared, taskField.thread));
      this.#killChildren((thread) => thread === gone);
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof DOMException && error.name === "DataCloneError") {
        throw new UsageError(`sandboxed: data cannot be copied to the scorer's thread: ${message}`);
      }
      const feedback = thread.signal.aborted
        ? `The scorer itself did not end within ${mostMs} ms`
        : `The scorer ended its thread: ${message}`;
      return {
        evaluation: { status: "failed", reason: thread.signal.aborted ? "timeout" : "crash", feedback },
      };
    } finally {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
    }
  }
}

function closed(): AlleleError {
  return new AlleleError("The pool of sandboxes was closed");
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
