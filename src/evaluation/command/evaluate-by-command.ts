/**
 * Scores a candidate of any language: a command runs in a working copy of it, with limits, and says the result.
 * A bad candidate is a failed evaluation; what throws is the user's mistake or an abort.
 */
import { randomUUID } from "node:crypto";
import { isAbsolute } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type CommandScoring, type Evaluation, type SourceFile, UsageError } from "../../core/index.ts";
import { systemPath, type Wall } from "../bubblewrap.ts";
import { type Cage, cageArguments, isShown, planCage } from "./cage.ts";
import { findProgram, pathEntries, systemProgram } from "./find-program.ts";
import { judge } from "./judge.ts";
import { limitPrefix } from "./limits.ts";
import { type ResultReading, readResult } from "./read-result.ts";
import { type CommandOutcome, runCommand } from "./run-command.ts";
import { findToolchains, isWithin, type Toolchains } from "./toolchains.ts";
import { makeWorkingCopy, removeWorkingCopy, type WorkingCopy } from "./working-copy.ts";

/** What an evaluation by a command needs besides its scoring. */
export interface CommandOptions {
  readonly wall: Wall;
  /** The user's PATH, where programs are looked for; undefined: the folders of the system. */
  readonly environmentPath: string | undefined;
  readonly signal: AbortSignal;
  /** Most processes that one command may have at a time; default 1,024. */
  readonly processes?: number;
}

/** How long the removal of a working copy is waited for; one with a million files is removed in the background. */
const removalMs = 2000;

/**
 * Scores the files of a solution. The command and everything that it started has ended when this settles.
 * Throws a UsageError when the command cannot be started, and the signal's reason when it is aborted.
 */
export async function evaluateByCommand(
  scoring: CommandScoring,
  files: readonly SourceFile[],
  repeat: number,
  options: CommandOptions,
): Promise<Evaluation> {
  const { wall, signal, environmentPath = systemPath } = options;
  signal.throwIfAborted();
  const path = scoring.environment.PATH ?? environmentPath;
  const plan = planOf(scoring, path, wall);
  const copy = await makeWorkingCopy(scoring.folder, files, signal);
  try {
    const command = fillIn(scoring.command, copy, repeat);
    checkProgram(command[0], copy, path, plan.cage);
    const marker = { name: "ALLELE_EVALUATION", value: randomUUID() };
    const outcome = await runCommand(
      {
        command: await wrapped(command, plan.cage, copy, scoring.timeoutMs),
        folder: copy.folder,
        environment: {
          ...{ PATH: path, LANG: "C.UTF-8", HOME: copy.home, PYTHONDONTWRITEBYTECODE: "1" },
          TMPDIR: plan.cage === undefined ? copy.temporary : "/tmp",
          ...plan.toolchains.environment,
          ...{ ALLELE_RESULT: copy.result, ALLELE_REPEAT: String(repeat), ...scoring.environment },
          [marker.name]: marker.value,
        },
        marker: `${marker.name}=${marker.value}`,
        isCaged: plan.cage !== undefined,
        ...{ timeoutMs: scoring.timeoutMs, memoryMb: scoring.memoryMb, outputBytes: scoring.outputBytes },
        processes: options.processes ?? 1024,
      },
      signal,
    );
    if (plan.cage !== undefined) checkStarted(outcome, command[0], copy);
    const reading = await readResult(copy.result, outcome.stdout.toString("utf8"), scoring.outputBytes);
    return judge(scoring, ...withoutPlace(outcome, reading, copy));
  } finally {
    await Promise.race([removeWorkingCopy(copy.place), delay(removalMs, undefined, { ref: false })]);
  }
}

/**
 * Takes the working copy's path out of what is said about the candidate: it differs each time, and would make
 * the feedback, and so the next prompt, differ with it.
 */
function withoutPlace(
  outcome: CommandOutcome,
  reading: ResultReading,
  { folder, place }: WorkingCopy,
): [CommandOutcome, ResultReading] {
  const plain = (text: string) => text.replaceAll(`${folder}/`, "").replaceAll(place, "");
  const plainBytes = (bytes: Buffer) =>
    bytes.includes(place) ? Buffer.from(plain(bytes.toString("utf8"))) : bytes;
  const { stdout, stderr } = outcome;
  return [
    { ...outcome, stdout: plainBytes(stdout), stderr: plainBytes(stderr) },
    "problem" in reading
      ? { ...reading, problem: plain(reading.problem) }
      : {
          ...reading,
          sections: reading.sections.map((section) => ({ ...section, text: plain(section.text) })),
        },
  ];
}

/** What is the same for every candidate. */
interface Plan {
  readonly path: string;
  readonly wall: Wall;
  readonly toolchains: Toolchains;
  readonly cage: Cage | undefined;
}

const plans = new WeakMap<CommandScoring, Plan>();

function planOf(scoring: CommandScoring, path: string, wall: Wall): Plan {
  const known = plans.get(scoring);
  if (known?.path === path && known.wall === wall) return known;
  const [name = ""] = scoring.command;
  // A program of the working copy is none of a toolchain's.
  const isOutside = name !== "{file}" && (isAbsolute(name) || !name.includes("/"));
  const program = isOutside ? findProgram(name, "/", path)[0] : undefined;
  const toolchains = findToolchains(pathEntries(path), program);
  const cage = wall === "none" ? undefined : planCage(scoring, toolchains);
  const plan = { path, wall, toolchains, cage };
  plans.set(scoring, plan);
  return plan;
}

type Command = readonly [string, ...string[]];

function fillIn(command: readonly string[], copy: WorkingCopy, repeat: number): Command {
  const values = { file: copy.file, folder: copy.folder, result: copy.result, repeat: String(repeat) };
  const [program = "", ...args] = command.map((argument) =>
    argument.replace(/\{(file|folder|result|repeat)\}/g, (_match, name: keyof typeof values) => {
      const value = values[name];
      if (value === undefined)
        throw new UsageError("command: '{file}' is used, but the solution has no file");
      return value;
    }),
  );
  return [program, ...args];
}

/** Throws a UsageError when the program is not there, or not to be seen in the cage. */
function checkProgram(name: string, copy: WorkingCopy, path: string, cage: Cage | undefined): void {
  const found = findProgram(name, copy.folder, path);
  const isSeen = (file: string) => cage === undefined || isWithin(file, copy.place) || isShown(cage, file);
  if (!found.some(isSeen)) {
    throw new UsageError(
      `Command '${name}' (${found.join(", ")}) is not visible in the sandbox; add it, and what it needs, to 'readable'`,
    );
  }
}

/** The command in its limits and its cage. */
async function wrapped(
  command: Command,
  cage: Cage | undefined,
  copy: WorkingCopy,
  timeoutMs: number,
): Promise<Command> {
  const parts = [...limitPrefix(timeoutMs)];
  if (cage !== undefined) parts.push(bubblewrap(), ...(await cageArguments(cage, copy)));
  const [program = "", ...args] = [...parts, ...command];
  return [program, ...args];
}

function bubblewrap(): string {
  const program = systemProgram("bwrap");
  if (program !== undefined) return program;
  throw new UsageError("bubblewrap (bwrap) is not installed; install the package 'bubblewrap'");
}

/**
 * Throws a UsageError when bwrap did not come to run the program: then it reports no exit code. A program of the
 * working copy may be the candidate's, and its failure to start is the candidate's as well.
 */
function checkStarted({ ending, status, stderr }: CommandOutcome, program: string, copy: WorkingCopy): void {
  if (ending.kind !== "exit" || ending.code === 0 || status.includes('"exit-code"')) return;
  if (program.startsWith(".") || isWithin(program, copy.place)) return;
  throw new UsageError(
    `Command '${program}' could not be started in the sandbox: ${stderr.toString("utf8").trim().slice(0, 500)}; what it needs must be visible: add it to 'readable'`,
  );
}
