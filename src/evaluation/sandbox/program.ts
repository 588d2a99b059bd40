/** Reads a candidate's files before they go into the sandbox, with the help of a process that parses them. */
import { posix } from "node:path";
import { CandidateFailure, type FailureReason, type SourceFile, UsageError } from "../../core/index.ts";
import type { Child, Reply } from "./child.ts";

/**
 * A module as the sandbox loads it: its path, a script whose value is its code as an async function of
 * (exports, import, export all), and the path of the file that each import means.
 */
export type ProgramModule = readonly [path: string, code: string, imports: Readonly<Record<string, string>>];

/** A candidate's program: the entry and all it imports. */
export interface Program {
  readonly entry: string;
  readonly modules: readonly ProgramModule[];
}

/** Time to parse a candidate. */
const readMs = 2000;
const endings = /\.m?[jt]s$/;

/**
 * Reads the entry (undefined: the first file) and what it imports. Throws a CandidateFailure for code that
 * cannot be parsed or asks for what is not there, a UsageError for an entry that cannot be one.
 */
export async function readProgram(
  reader: Child,
  files: readonly SourceFile[],
  entry: string | undefined,
): Promise<Program> {
  const byPath = files.map(({ path, text }) => [posix.normalize(path), text] as const);
  const start = posix.normalize(entry ?? files[0]?.path ?? "");
  if (!byPath.some(([path]) => path === start)) {
    const known = files.map(({ path }) => path).join(", ") || "none";
    throw new UsageError(`sandboxed: the entry '${start}' is not among the files of the solution: ${known}`);
  }
  if (!endings.test(start)) {
    throw new UsageError(`sandboxed: the entry '${start}' must end in .js, .mjs, .ts or .mts`);
  }
  const { tag, body } = await ask(reader, start, byPath);
  if (tag === "value") return { entry: start, modules: JSON.parse(body) };
  const [reason, message] = JSON.parse(body) as [FailureReason, string];
  throw new CandidateFailure(reason, message);
}

async function ask(
  reader: Child,
  entry: string,
  files: readonly (readonly [string, string])[],
): Promise<Reply> {
  const late = new CandidateFailure("syntax", `It takes longer than ${readMs} ms to parse`);
  const timer = setTimeout(() => reader.kill(late), readMs);
  reader.begin();
  try {
    return await reader.ask("read", entry, files);
  } catch (error) {
    if (error === late) throw error;
    throw new CandidateFailure("syntax", "It is nested too deep, or too large, to be parsed");
  } finally {
    clearTimeout(timer);
    reader.rest();
  }
}
