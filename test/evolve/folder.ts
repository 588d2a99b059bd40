/** Folders in the formats that `allele evolve` reads, and what their evaluators say of a program. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type CommandScoring, composeFiles, type Evaluation, type Instance } from "../../src/core/index.ts";
import { whyNoBubblewrap } from "../../src/evaluation/bubblewrap.ts";
import { evaluateByCommand } from "../../src/evaluation/command/evaluate-by-command.ts";
import { type EvolveOptions, type EvolveTask, readDirectory } from "../../src/evolve/index.ts";
import { findPython } from "../../src/evolve/python.ts";

const wall = (await whyNoBubblewrap()) === undefined ? "bubblewrap" : "none";

/** Makes a folder with these files, by path; those named `evaluate` can be executed. */
export function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "allele-evolve-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    if (basename(path) === "evaluate") chmodSync(join(folder, path), 0o755);
  }
  return folder;
}

let python: string | undefined;

/** Reads a folder with the interpreter itself: a launcher in its place would take most of the tests' time. */
export function read(folder: string, options: EvolveOptions = {}): EvolveTask {
  python ??= findPython("python3").executable;
  return readDirectory(folder, { python, ...options });
}

/** The instance of a task. */
export function instanceOf(task: EvolveTask): Instance {
  return task.problem.instance({ size: 1, seed: 1 });
}

/** How a task's programs are scored; every format scores them by a command. */
export function scoringOf(task: EvolveTask): CommandScoring {
  const { evaluate } = instanceOf(task);
  if (typeof evaluate === "function" || evaluate.kind !== "command") throw new Error("expected a command");
  return evaluate;
}

/** Evaluates a task's initial program, or the one whose first file is this text. */
export function score(task: EvolveTask, text?: string): Promise<Evaluation> {
  const { layout = [], components } = instanceOf(task);
  const files = composeFiles(layout, components).map((file, index) =>
    index === 0 && text !== undefined ? { ...file, text } : file,
  );
  return evaluateByCommand(scoringOf(task), files, 0, {
    wall,
    environmentPath: process.env.PATH,
    signal: AbortSignal.timeout(60_000),
  });
}
