/** How solutions are scored. What these values mean is carried out by the evaluation layer. */
import { longestTimerMs } from "./abortable.ts";
import type { Evaluation, FailureReason } from "./candidate.ts";
import type { Genome } from "./component.ts";
import { AlleleError, checkBetween, checkKeys, checkWhole, UsageError } from "./errors.ts";

/**
 * Scores a solution in this process: for evaluators that run no code of candidates. `repeat` counts from 0
 * where an instance asks for several evaluations. It gives way to the event loop or answers at once.
 */
export type EvaluateFunction = (
  genome: Genome,
  signal: AbortSignal,
  repeat: number,
) => Evaluation | Promise<Evaluation>;

/** Scores JavaScript or TypeScript solutions: a trusted scorer in a worker thread calls their code in a sandbox. */
export interface SandboxScoring {
  readonly kind: "sandbox";
  /** URL of the module whose default export is the `Scorer`; see `moduleBeside`. */
  readonly scorer: string;
  /** Given to the scorer, by structured clone. It never enters the sandbox, so it may hold the answers. */
  readonly data: unknown;
  /** Path of the file whose exports the scorer calls; undefined: the solution's first file. */
  readonly entry: string | undefined;
  /** Time for one solution, loading and all calls together. */
  readonly timeoutMs: number;
  /** Memory of the process that runs the solution, beyond what an idle one needs. */
  readonly memoryMb: number;
}

/** Scores solutions in any language by running a command in a working copy of the solution. */
export interface CommandScoring {
  readonly kind: "command";
  /**
   * Program and arguments, without a shell. `{file}` stands for the path of the solution's first file,
   * `{folder}` for that of the working copy, `{result}` for the file that the result may be written to,
   * `{repeat}` for the number of the repeat, from 0.
   */
  readonly command: readonly string[];
  /** Folder whose other files a working copy gets; undefined: the solution's files alone. */
  readonly folder: string | undefined;
  /** Paths outside the working copy that the command may read, e.g. an evaluator with its data. */
  readonly readable: readonly string[];
  /** Variables for the command besides PATH, HOME, LANG and TMPDIR. */
  readonly environment: Readonly<Record<string, string>>;
  /** The metric that is the fitness. */
  readonly fitness: string;
  readonly timeoutMs: number;
  /** Memory of the command and all its children together. */
  readonly memoryMb: number;
  /** Most bytes that it may write to its standard output and error. */
  readonly outputBytes: number;
}

/** How solutions are scored. */
export type Scoring = EvaluateFunction | SandboxScoring | CommandScoring;

/** The candidate's code, as a scorer sees it: functions to call, with arguments and results copied as JSON. */
export interface CandidateProgram {
  /**
   * Calls a function that the entry file exports and waits for its result. Arguments and results are plain
   * data (JSON, and numbers that are not finite); results come from hostile code: check their shape. Throws a
   * CandidateFailure when the code throws, ends its process, or exceeds a limit; let it pass.
   */
  call(name: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Whether the entry file exports a function of this name. */
  has(name: string): Promise<boolean>;
}

/** What a scorer is given. */
export interface ScorerContext<Data = unknown> {
  readonly candidate: CandidateProgram;
  readonly data: Data;
  /** Counts from 0 where an instance asks for several evaluations. */
  readonly repeat: number;
}

/** Scores one solution; the default export of a scorer module. */
export type Scorer<Data = unknown> = (context: ScorerContext<Data>) => Promise<Evaluation>;

/** Candidate code failed; becomes the failed evaluation of its reason. */
export class CandidateFailure extends AlleleError {
  override readonly name = "CandidateFailure";
  readonly reason: FailureReason;
  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

const sandboxKeys = ["scorer", "data", "entry", "timeoutMs", "memoryMb"];

/** Scoring in a sandbox; defaults: 5 s, 128 MB. */
export function sandboxed(
  options: Pick<SandboxScoring, "scorer"> & Partial<Omit<SandboxScoring, "kind">>,
): SandboxScoring {
  checkKeys("sandboxed", options, sandboxKeys);
  const { scorer, data, entry, timeoutMs = 5000, memoryMb = 128 } = options;
  if (!URL.canParse(scorer)) {
    throw new UsageError(
      `sandboxed: scorer must be the URL of a module, got ${String(scorer)}; use moduleBeside(import.meta.url, "scorer")`,
    );
  }
  checkBetween("sandboxed: timeoutMs", timeoutMs, 1, longestTimerMs);
  checkWhole("sandboxed: memoryMb", memoryMb, 16);
  return Object.freeze({ kind: "sandbox", scorer, data, entry, timeoutMs, memoryMb });
}

const commandKeys = [
  "command",
  "folder",
  "readable",
  "environment",
  "fitness",
  "timeoutMs",
  "memoryMb",
  "outputBytes",
];

/** Scoring by a command; defaults: the metric `fitness`, 60 s, 2,048 MB, 1 MB of output. */
export function command(
  options: Pick<CommandScoring, "command"> & Partial<Omit<CommandScoring, "kind">>,
): CommandScoring {
  checkKeys("command", options, commandKeys);
  const { folder, readable = [], environment = {}, fitness = "fitness" } = options;
  const { timeoutMs = 60_000, memoryMb = 2048, outputBytes = 1_000_000 } = options;
  if (!Array.isArray(options.command) || options.command.length === 0) {
    throw new UsageError(
      'command: expected a program and its arguments, e.g. ["python3", "evaluate.py", "{file}"]',
    );
  }
  checkBetween("command: timeoutMs", timeoutMs, 1, longestTimerMs);
  checkWhole("command: memoryMb", memoryMb, 16);
  checkWhole("command: outputBytes", outputBytes, 1);
  return Object.freeze({
    kind: "command",
    command: options.command,
    ...{ folder, readable, environment, fitness, timeoutMs, memoryMb, outputBytes },
  });
}

/** The URL of the module `name` beside the one at `url`, in the same language: for scorers. */
export function moduleBeside(url: string, name: string): string {
  const extension = /\.[cm]?[jt]s$/.exec(new URL(url).pathname)?.[0] ?? ".js";
  return new URL(`./${name}${extension}`, url).href;
}
