/** Reading a directory for `allele evolve`: finds out whose format it has, and leaves the rest to that reader. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../core/index.ts";
import { isAlleleFolder, readAllele } from "./allele.ts";
import { fileNames } from "./folder.ts";
import { readOpenEvolve } from "./openevolve.ts";
import { readShinkaEvolve } from "./shinkaevolve.ts";
import { type EvolveOptions, type EvolveTask, makeTask, type TaskParts } from "./task.ts";

/**
 * Reads a directory in OpenEvolve's format, ShinkaEvolve's, or our own, and makes a problem of it. Runs nothing
 * of it, but asks Python where it lives. Throws a UsageError that says what was looked for if it is none.
 */
export function readDirectory(folder: string, options: EvolveOptions = {}): EvolveTask {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(`'${folder}' is no directory; expected one that holds a program and its evaluator`);
  }
  const root = resolve(folder);
  return makeTask(root, readParts(root, options));
}

function readParts(root: string, options: EvolveOptions): TaskParts {
  const names = fileNames(root);
  const matching = (pattern: RegExp) => names.filter((name) => pattern.test(name));
  const openEvolve = matching(/^(initial_program|init_program)\.[^.]+$/);
  const shinka = matching(/^initial\.[^.]+$/);
  const settings = matching(/^allele\.(ya?ml|json)$/);
  if (settings.length > 1) {
    throw new UsageError(`'${root}' holds ${settings.join(" and ")}; keep one of them`);
  }
  if (settings.length === 1) return readOurs(root, settings[0], options);
  if (openEvolve.length > 0 && names.includes("evaluator.py"))
    return readOpenEvolve(root, openEvolve, options);
  if (shinka.length > 0 && names.includes("evaluate.py")) return readShinkaEvolve(root, shinka, options);
  if (isAlleleFolder(root)) return readOurs(root, undefined, options);
  const found = names.length === 0 ? "no files" : shorten(names);
  throw new UsageError(
    `'${root}' has no known format. Looked for initial_program.* with evaluator.py (OpenEvolve), ` +
      `initial.* with evaluate.py (ShinkaEvolve), allele.yaml or a program with an evaluate script (ours); found ${found}`,
  );
}

/** Reads a directory in our own format, whose settings have one place alone. */
function readOurs(root: string, file: string | undefined, options: EvolveOptions): TaskParts {
  if (options.config === undefined || options.config === file) return readAllele(root, file, options);
  throw new UsageError(
    `'${root}' is in our own format, whose settings are in allele.yaml; --config ${options.config} is for OpenEvolve's and ShinkaEvolve's`,
  );
}

function shorten(names: readonly string[]): string {
  const rest = names.length - 12;
  return rest > 0 ? `${names.slice(0, 12).join(", ")} and ${rest} more` : names.join(", ");
}
