/** Runs one command to its end or to one of its limits, and ends every process that it started. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { AlleleError } from "../../core/index.ts";
import { withoutInherited } from "../inherited-files.ts";
import { killMarked, signalProcess } from "../processes.ts";
import { ProcessTree } from "./process-watch.ts";

/** What a command is and may use. */
export interface CommandRun {
  /** The program's absolute path, and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  /** The whole environment; it holds the marker. */
  readonly environment: Readonly<Record<string, string>>;
  /** `NAME=value` of a variable that only the processes of this command have. */
  readonly marker: string;
  /** Whether the program is bwrap: its processes end with it, and it reports on file descriptor 3. */
  readonly isCaged: boolean;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly outputBytes: number;
  readonly processes: number;
}

/** How a command ended: by itself, by a signal of somebody else, or by a limit. */
export type Ending =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "limit"; readonly limit: "time" | "memory" | "processes" | "output" };

/** What a command left besides files. All of it comes from code that nobody trusts, but `status`. */
export interface CommandOutcome {
  readonly ending: Ending;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** What bwrap reported, which the command cannot write to. */
  readonly status: string;
}

/** How long the end of a killed tree and of its pipes is waited for, in milliseconds. */
const patienceMs = 40;
/** The same, while there is time, for a command that ended by itself: its last output may be in the pipe. */
const drainMs = 1000;

/** Runs a command. Rejects with the signal's reason when it is aborted, and when the command does not start. */
export async function runCommand(run: CommandRun, signal: AbortSignal): Promise<CommandOutcome> {
  signal.throwIfAborted();
  let exceed: (ending: Ending) => void = () => undefined;
  const exceeded = new Promise<Ending>((resolve) => {
    exceed = resolve;
  });
  const atLimit = (limit: "time" | "memory" | "processes" | "output") => exceed({ kind: "limit", limit });
  const tree = new ProcessTree({
    marker: run.isCaged ? undefined : run.marker,
    memoryMb: run.memoryMb,
    processes: run.processes,
    exceeded: atLimit,
  });
  const deadline = performance.now() + run.timeoutMs;
  const timer = setTimeout(() => atLimit("time"), run.timeoutMs);
  let abort: () => void = () => undefined;
  try {
    const child = start(run);
    const aborted = new Promise<undefined>((resolve) => {
      abort = () => resolve(undefined);
      signal.addEventListener("abort", abort, { once: true });
    });
    const ended = endOf(child);
    if (child.pid !== undefined) tree.start(child.pid);
    const output = new Output(child, run.outputBytes, () => atLimit("output"));
    const ending = await Promise.race([ended, exceeded, aborted]);
    await finish(run, child, tree, ending?.kind === "exit");
    const leftMs = ending?.kind === "exit" ? deadline - performance.now() : 0;
    await output.drain(Math.max(patienceMs, Math.min(drainMs, leftMs)));
    if (ending === undefined) throw signal.reason;
    return { ending: output.isOverLimit ? { kind: "limit", limit: "output" } : ending, ...output.texts() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    tree.close();
  }
}

function start(run: CommandRun): ChildProcess {
  const [program, ...args] = run.command;
  const standard = ["ignore", "pipe", "pipe", ...(run.isCaged ? ["pipe" as const] : [])] as const;
  return spawn(program, args, {
    cwd: run.folder,
    env: { ...run.environment },
    stdio: withoutInherited([...standard]),
    detached: true,
  });
}

/** Settles as the first process ends. */
function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(new AlleleError(`Command '${child.spawnfile}' could not be started: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      resolve(code === null ? { kind: "signal", signal: String(signal) } : { kind: "exit", code });
    });
  });
}

/** Ends what is left of the tree, and waits for that for a moment; the rest is done while nobody waits. */
async function finish(
  run: CommandRun,
  child: ChildProcess,
  tree: ProcessTree,
  isOver: boolean,
): Promise<void> {
  // The processes of a bwrap that ended by itself are gone with its namespace.
  if (isOver && run.isCaged) return;
  if (child.pid !== undefined) {
    signalProcess(-child.pid, "SIGSTOP"); // a shell would write that its children were killed
    tree.killDescendants(child.pid);
    signalProcess(-child.pid, "SIGKILL");
  }
  await Promise.race([killMarked(run.marker), delay(patienceMs)]);
}

/** The output of a command, as it comes. */
class Output {
  readonly #streams: readonly Readable[];
  readonly #chunks: readonly Buffer[][];
  readonly #closed: Promise<unknown>;
  #bytes = 0;
  #limit: number;

  constructor(child: ChildProcess, limit: number, exceeded: () => void) {
    this.#limit = limit;
    this.#closed = new Promise((resolve) => child.once("close", resolve));
    // A process that could not be started, for want of file descriptors, has no streams at all.
    const [, stdout, stderr, status] = (child.stdio ?? []) as (Readable | null)[];
    this.#streams = [stdout, stderr, status].filter((stream) => stream instanceof Object);
    this.#chunks = this.#streams.map((stream, index) => {
      const chunks: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => {
        if (this.isOverLimit) return;
        chunks.push(chunk);
        if (index < 2) this.#bytes += chunk.length;
        if (this.isOverLimit) exceeded();
      });
      return chunks;
    });
  }

  get isOverLimit(): boolean {
    return this.#bytes > this.#limit;
  }

  /** Waits for the end of the output, but no longer than this: a process that escaped may hold it open. */
  async drain(timeoutMs: number): Promise<void> {
    const patience = new AbortController();
    // What is in the pipe when the time is over is read before it is closed.
    const late = delay(timeoutMs, undefined, { signal: patience.signal }).then(
      () => new Promise(setImmediate),
    );
    await Promise.race([this.#closed, late]);
    late.catch(() => undefined);
    patience.abort();
    for (const stream of this.#streams) stream.destroy();
  }

  texts(): { stdout: Buffer; stderr: Buffer; status: string } {
    const [stdout, stderr, status] = this.#chunks.map((chunks) => Buffer.concat(chunks));
    const empty = Buffer.alloc(0);
    return { stdout: stdout ?? empty, stderr: stderr ?? empty, status: String(status ?? "") };
  }
}
