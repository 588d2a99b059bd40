/** Evaluations by real commands, for tests. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it, vi } from "vitest";
import { type CommandScoring, command, type Evaluation, type SourceFile } from "../../../src/core/index.ts";
import type { Wall } from "../../../src/evaluation/bubblewrap.ts";
import { evaluateByCommand } from "../../../src/evaluation/command/evaluate-by-command.ts";
import { needs } from "../../needs.ts";
import { temporaryFolder } from "../../store/folder.ts";

/** How to declare a test behind each wall. */
export const testBehind = { bubblewrap: needs.bubblewrap, none: it };
export const walls: readonly Wall[] = ["bubblewrap", "none"];

export const systemPath = "/usr/local/bin:/usr/bin:/bin";

export interface Trial extends Partial<CommandScoring> {
  readonly wall?: Wall;
  readonly files?: readonly SourceFile[];
  readonly repeat?: number;
  readonly path?: string | undefined;
  readonly signal?: AbortSignal;
  readonly processes?: number;
}

/** Evaluates with a command, by default behind no wall and with the system's programs alone. */
export function evaluate(argv: readonly string[], trial: Trial = {}): Promise<Evaluation> {
  const {
    wall = "none",
    files = [],
    repeat = 0,
    path = systemPath,
    signal,
    processes,
    kind,
    ...scoring
  } = trial;
  return evaluateByCommand(command({ ...scoring, command: argv }), files, repeat, {
    wall,
    environmentPath: path,
    signal: signal ?? new AbortController().signal,
    ...(processes === undefined ? {} : { processes }),
  });
}

/** Evaluates with a shell script. */
export function shell(script: string, trial: Trial = {}): Promise<Evaluation> {
  return evaluate(["sh", "-c", script], trial);
}

/** What the result's feedback says; the empty text for none. */
export function feedbackOf(evaluation: Evaluation): string {
  return evaluation.feedback ?? "";
}

/** Ids of the processes that carry a text in their environment. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(join("/proc", String(pid), "environ"), "latin1").includes(text);
      } catch {
        return false; // it ended, or is not ours
      }
    });
}

/** Makes the folder that working copies of this test are made in; it can be looked at afterwards. */
export function ownTemporaryFolder(): string {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  if (!existsSync(folder)) throw new Error("no folder");
  return folder;
}
