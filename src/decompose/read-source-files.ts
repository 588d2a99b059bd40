/** Reads the text files of a solution from disk. */
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { UsageError } from "../core/errors.ts";
import type { SourceFile } from "../core/layout.ts";

/** Reads a UTF-8 file, byte order mark included; its path becomes relative to the root. */
export function readSourceFile(path: string, root: string = dirname(path)): SourceFile {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { path: relative(root, path).split(sep).join("/"), text: decode(path, bytes) };
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path} is not valid UTF-8; convert it, or leave it out of the solution`);
  }
}

/** Bytes at the start of a file in which a zero byte makes it binary. */
const probeBytes = 8000;

/**
 * Reads a file, or the text files of a folder and the folders in it, sorted by path. Of a folder, it leaves
 * out hidden files and folders, node_modules, symbolic links, and binary files (a zero byte in the first 8,000).
 * Throws a UsageError for what it cannot read or decode.
 */
export function readSourceFiles(path: string): SourceFile[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) throw new UsageError(`Cannot read ${path}: no such file or folder`);
  if (!isFolder) return [readSourceFile(path)];
  const files: SourceFile[] = [];
  collect(path);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));

  function collect(folder: string): void {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(".") || name === "node_modules") continue;
      const full = join(folder, name);
      const status = lstatSync(full);
      if (status.isDirectory()) collect(full);
      if (status.isFile() && !readFileSync(full).subarray(0, probeBytes).includes(0)) {
        files.push(readSourceFile(full, path));
      }
    }
  }
}
