/**
 * The working copy of a candidate: a fresh folder with the user's files and the candidate's written over them.
 * What the command left in it is hostile: it is removed without following links.
 */
import { execFile } from "node:child_process";
import { constants, type Dirent } from "node:fs";
import {
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { type SourceFile, UsageError } from "../../core/index.ts";
import { systemPath } from "../bubblewrap.ts";

/** Paths of a working copy and of what else belongs to one evaluation. All are absolute, without links. */
export interface WorkingCopy {
  /** Holds all of the others; the only place that the command may write to. */
  readonly place: string;
  /** The working copy itself. */
  readonly folder: string;
  /** The solution's first file; undefined when it has none. */
  readonly file: string | undefined;
  /** The file for the result, not there yet. */
  readonly result: string;
  /** An empty folder. */
  readonly home: string;
  /** A folder for temporary files. */
  readonly temporary: string;
}

const prefix = "allele-candidate-";
const skipped = [".git", ".allele", "__pycache__"];
const linked = "node_modules";

/**
 * Makes the working copy of a solution. Links out of `source` are left out, `node_modules` is linked, not
 * copied. Throws a UsageError for a file outside the copy, and the signal's reason.
 */
export async function makeWorkingCopy(
  source: string | undefined,
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<WorkingCopy> {
  const paths = files.map(({ path }) => insidePath(path));
  const place = await mkdtemp(join(await realpath(tmpdir()), prefix));
  try {
    const [folder, home, temporary] = [join(place, "work"), join(place, "home"), join(place, "tmp")];
    await Promise.all([folder, home, temporary].map((path) => mkdir(path)));
    if (source !== undefined) {
      const from = await realpath(source);
      await copyFolder({ from, to: folder, signal }, ".");
    }
    for (const [index, path] of paths.entries()) await writeInside(folder, path, files[index]?.text ?? "");
    signal.throwIfAborted();
    const file = paths[0] === undefined ? undefined : join(folder, paths[0]);
    return { place, folder, file, result: join(place, "result.json"), home, temporary };
  } catch (error) {
    await removeWorkingCopy(place);
    throw error;
  }
}

/** Removes what an evaluation left, also what is unwritable or nested too deep for a path. Never throws. */
export async function removeWorkingCopy(place: string): Promise<void> {
  try {
    await rm(place, { recursive: true, force: true });
  } catch {
    const run = promisify(execFile);
    const environment = { env: { PATH: systemPath } };
    // The programs walk by open folders, so no path is too long, and chmod follows no links on its way.
    await run("chmod", ["-R", "u+rwX", place], environment).catch(() => undefined);
    await run("rm", ["-rf", place], environment).catch(() => undefined);
  }
}

/** The normal form of a relative path, or a UsageError when it leads out. */
function insidePath(path: string): string {
  const normal = posix.normalize(path);
  const isInside = !isAbsolute(normal) && !/^\.\.(\/|$)|^\.?\/?$|\/$|\0/.test(normal);
  if (isInside) return normal;
  throw new UsageError(
    `Solution file '${path}' would lie outside the working copy; name files relative to the solution's folder`,
  );
}

interface Copying {
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
}

async function copyFolder(copying: Copying, path: string): Promise<void> {
  copying.signal.throwIfAborted();
  const entries = await readdir(join(copying.from, path), { withFileTypes: true });
  await Promise.all(entries.map((entry) => copyEntry(copying, join(path, entry.name), entry)));
}

/** Copies one entry of a folder; what is neither file, folder nor link (a socket, a pipe) is left out. */
async function copyEntry(copying: Copying, path: string, entry: Dirent): Promise<void> {
  const [from, to] = [join(copying.from, path), join(copying.to, path)];
  // A folder that holds the system's temporary folder would be copied into itself.
  if (skipped.includes(entry.name) || entry.name.startsWith(prefix)) return;
  if (entry.isDirectory() && entry.name === linked) await symlink(from, to);
  else if (entry.isDirectory()) {
    await mkdir(to);
    await copyFolder(copying, path);
  } else if (entry.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE);
  else if (entry.isSymbolicLink()) await copyLink(copying, from, to);
}

/** Makes the same link within the copy, unless it is broken or leads out of the folder. */
async function copyLink({ from: source, to: copy }: Copying, from: string, to: string): Promise<void> {
  const target = await realpath(from).catch(() => undefined);
  if (target === undefined) return;
  const inside = relative(source, target);
  if (inside.startsWith("..") || isAbsolute(inside)) return;
  // A link that is written relative and stays inside is kept as it is written.
  const written = await readlink(from);
  const direct = relative(source, resolve(dirname(from), written));
  const isKept = !isAbsolute(written) && !direct.startsWith("..");
  await symlink(isKept ? written : relative(dirname(to), join(copy, inside)), to);
}

/** Writes a file of the solution in place of the one that was copied, keeping whether it can be executed. */
async function writeInside(folder: string, path: string, text: string): Promise<void> {
  let parent = folder;
  for (const name of dirname(path).split("/")) {
    parent = join(parent, name);
    const stats = await lstat(parent).catch(() => undefined);
    if (stats === undefined) await mkdir(parent);
    else if (!stats.isDirectory()) {
      throw new UsageError(
        `Solution file '${path}' cannot be written: ${relative(folder, parent)} is a link or a file, not a folder`,
      );
    }
  }
  const target = join(parent, basename(path));
  const old = await lstat(target).catch(() => undefined);
  await rm(target, { force: true });
  await writeFile(target, text, { flag: "wx", mode: old?.isFile() ? old.mode | 0o600 : 0o666 });
}
