/** Looking into a directory: its files, its programs, what it says about the task. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { UsageError } from "../core/index.ts";

const skipped = new Set(["node_modules", "__pycache__", "venv", "results", "openevolve_output"]);

/** Paths of the files in a directory and below, sorted, with forward slashes; hidden ones are left out. */
export function listFiles(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !skipped.has(name))
    .flatMap((entry) => {
      const path = `${below}${entry.name}`;
      return entry.isDirectory() ? listFiles(folder, `${path}/`) : entry.isFile() ? [path] : [];
    })
    .sort();
}

/** Names of the files of a directory itself. */
export function fileNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .sort();
}

/** Picks the program among several files of one stem, and says so where there was a choice. */
export function pickProgram(names: readonly string[]): { name: string; warnings: string[] } {
  const [first = ""] = names;
  const name = names.find((each) => extname(each) === ".py") ?? first;
  const others = names.filter((each) => each !== name);
  const warnings =
    others.length === 0 ? [] : [`${name} is the program to evolve; not read: ${others.join(", ")}.`];
  return { name, warnings };
}

/** The first paragraph of the directory's README that is prose; undefined without one. */
export function readmeParagraph(folder: string): string | undefined {
  const name = fileNames(folder).find((each) => /^readme(\.(md|txt|rst))?$/i.test(each));
  if (name === undefined) return undefined;
  const text = readFileSync(join(folder, name), "utf8").replace(/```[\s\S]*?(```|$)/g, "");
  const paragraphs = text.split(/\r?\n\s*\r?\n/).map((paragraph) =>
    paragraph
      .split(/\r?\n/)
      .filter((line) => !/^\s*(#|=+\s*$|-+\s*$)/.test(line))
      .join("\n")
      .trim(),
  );
  return paragraphs.find(
    (paragraph) => /^[\p{L}\p{N}"'*_`[(]/u.test(paragraph) && !/^\[?!\[/.test(paragraph),
  );
}

/** What to tell a model about a directory that says nothing itself. */
export function defaultStatement(folder: string): string {
  return (
    readmeParagraph(folder) ??
    "Improve the program so that its evaluator gives it a higher score. Keep what the evaluator calls."
  );
}

/** The configuration file to read: the one asked for, or the first of the usual names that exists. */
export function findConfig(
  folder: string,
  { asked, usual, similar }: { asked: string | undefined; usual: readonly string[]; similar: RegExp },
): { name: string | undefined; warnings: string[] } {
  if (asked !== undefined) {
    if (existsSync(join(folder, asked))) return { name: asked, warnings: [] };
    throw new UsageError(
      `${folder} has no file ${asked}; name a configuration file that is in the directory`,
    );
  }
  const names = fileNames(folder);
  const name = usual.find((each) => names.includes(each));
  const others = names.filter((each) => similar.test(each) && each !== name);
  if (name !== undefined || others.length === 0) return { name, warnings: [] };
  if (others.length === 1) return { name: others[0], warnings: [] };
  const list = others.join(", ");
  return { name: undefined, warnings: [`No configuration was read: choose one of ${list} with --config.`] };
}
