/** Finds the program of a command before anything of a candidate runs, so that its absence is the user's mistake. */
import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { UsageError } from "../../core/index.ts";
import { systemPath } from "../bubblewrap.ts";

/** The folders of a PATH. Relative ones are left out: they would name programs of the candidate. */
export function pathEntries(path: string): string[] {
  return [...new Set(path.split(":").filter((entry) => isAbsolute(entry)))];
}

/** Absolute path of a program of the system, such as bwrap; undefined when it is not installed. */
export function systemProgram(name: string): string | undefined {
  return pathEntries(systemPath)
    .map((entry) => join(entry, name))
    .find(isExecutable);
}

/**
 * Every executable file that `name` can mean, as absolute paths in the order of PATH; a name with a slash is
 * relative to `folder`. Throws a UsageError that says what was tried when there is none.
 */
export function findProgram(name: string, folder: string, path: string): string[] {
  const tried = name.includes("/")
    ? [resolve(folder, name)]
    : pathEntries(path).map((entry) => join(entry, name));
  const found = tried.filter(isExecutable);
  if (found.length > 0) return found;
  const file = tried.find(isFile);
  throw new UsageError(
    file === undefined
      ? `Command '${name}' was not found ${name.includes("/") ? `at ${tried.join()}` : `in PATH (${path})`}; install it, or name it by its absolute path`
      : `Command '${name}' is the file ${file}, which is not executable; run chmod +x on it, or start its interpreter, e.g. ["sh", "{file}"]`,
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
