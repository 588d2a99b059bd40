/** Reading a directory in our own format: a program, a command that scores it, perhaps `allele.yaml`. */
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type CommandScoring,
  checkKeys,
  command,
  longestTimerMs,
  type Screen,
  UsageError,
} from "../core/index.ts";
import { type Granularity, readGranularity, readSourceFile } from "../decompose/index.ts";
import { defaultStatement, fileNames, listFiles } from "./folder.ts";
import { matchFiles } from "./match-files.ts";
import { findPython, pythonEnvironment } from "./python.ts";
import {
  isMapping,
  kind,
  listAt,
  numberAt,
  readSettings,
  type Settings,
  textAt,
  textItem,
  valueAt,
  wholeAt,
} from "./settings-file.ts";
import { type EvolveOptions, settingsOf, type TaskParts } from "./task.ts";

const keys = [
  "files",
  "evaluate",
  "fitness",
  "target",
  "statement",
  "timeout_ms",
  "memory_mb",
  "granularity",
  "repeats",
  "screens",
];

/** What runs a script, by the script's suffix; the empty suffix is an executable. */
const interpreters: Readonly<Record<string, string>> = {
  "": "",
  ".py": "python3",
  ".sh": "sh",
  ".js": "node",
  ".mjs": "node",
};

const evaluators = Object.keys(interpreters).map((suffix) => `evaluate${suffix}`);

/** Whether a directory without settings holds a program and a script that evaluates it. */
export function isAlleleFolder(root: string): boolean {
  return fileNames(root).some((name) => evaluators.includes(name)) && defaultFiles(root).length > 0;
}

/** Reads such a directory; `file` is the name of its settings file, if it has one. */
export function readAllele(root: string, file: string | undefined, options: EvolveOptions): TaskParts {
  const settings =
    file === undefined ? { file: "allele.yaml", values: {} } : readSettings(join(root, file), file, "1.2");
  checkKeys(settings.file, settings.values, keys);
  const paths = programFiles(root, settings);
  const scoring = makeScoring(root, settings, options);
  const target = options.target ?? numberAt(settings, "target", -Number.MAX_VALUE, Number.MAX_VALUE);
  const screens = listAt(settings, "screens", (value, where): Screen => {
    if (!isMapping(value)) throw new UsageError(`${where} must be a mapping, got ${kind(value)}`);
    checkKeys(where, value, ["evaluate", "at_least"]);
    const screen: Settings = { file: where, values: value };
    const atLeast = numberAt(screen, "at_least", -Number.MAX_VALUE, Number.MAX_VALUE);
    const words = commandWords(screen);
    if (atLeast === undefined || words === undefined) {
      throw new UsageError(`${where} needs evaluate and at_least, got ${Object.keys(value).join(", ")}`);
    }
    return { evaluate: scoring(words), atLeast };
  });
  const repeats = wholeAt(settings, "repeats", 1);
  return {
    format: "allele",
    files: paths.map((path) => readSourceFile(join(root, path), root)),
    granularity: options.granularity ?? granularityAt(settings),
    statement: textAt(settings, "statement") ?? statementFile(root) ?? defaultStatement(root),
    evaluate: scoring(commandWords(settings) ?? defaultCommand(root)),
    ...(screens === undefined ? {} : { screens }),
    ...(repeats === undefined ? {} : { repeats }),
    settings: settingsOf({ maxEvaluations: undefined, parallel: undefined, target }),
    warnings: [],
  };
}

/** Makes scorings by commands of one directory: they differ in the command alone. */
function makeScoring(
  root: string,
  settings: Settings,
  options: EvolveOptions,
): (words: readonly string[]) => CommandScoring {
  const timeoutMs = numberAt(settings, "timeout_ms", 1, longestTimerMs);
  const memoryMb = wholeAt(settings, "memory_mb", 16);
  const fitness = textAt(settings, "fitness");
  return (words) => {
    const [program = "", ...rest] = words;
    const runner = findRunner(program, options.python);
    return command({
      command: [runner.executable, ...rest],
      folder: root,
      readable: runner.readable,
      environment: { ...runner.environment, ...options.environment },
      ...(fitness === undefined ? {} : { fitness }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(memoryMb === undefined ? {} : { memoryMb }),
    });
  };
}

/** The program of a command; for Python and Node the interpreter itself, past launchers. */
function findRunner(program: string, python: string | undefined) {
  if (program === "python3" || program === "python") {
    const found = findPython(python ?? program);
    return { ...found, environment: { ...found.environment, ...pythonEnvironment } };
  }
  if (program !== "node") return { executable: program, readable: [], environment: {} };
  return { executable: process.execPath, readable: [], environment: {} };
}

/** The command of the key `evaluate`: a list, or a text that is split at spaces. */
function commandWords(settings: Settings): readonly string[] | undefined {
  const value = valueAt(settings, "evaluate");
  const words =
    typeof value === "string" ? value.split(/\s+/).filter(Boolean) : listAt(settings, "evaluate", textItem);
  if (words?.length === 0) throw new UsageError(`${settings.file}: evaluate is empty; expected a command`);
  return words;
}

function defaultCommand(root: string): readonly string[] {
  const names = fileNames(root);
  const [script, ...others] = evaluators.filter((name) => names.includes(name));
  if (script === undefined) {
    throw new UsageError(
      `'${root}' has no evaluate script; add the key evaluate, or one of ${evaluators.join(", ")}`,
    );
  }
  if (others.length > 0) {
    throw new UsageError(`'${root}' has ${script} and ${others.join(", ")}; say which with the key evaluate`);
  }
  const interpreter = interpreters[script.slice("evaluate".length)];
  if (interpreter) return [interpreter, script, "{file}"];
  try {
    accessSync(join(root, script), constants.X_OK);
  } catch {
    throw new UsageError(`'${join(root, script)}' is not executable; make it so with chmod +x`);
  }
  return ["./evaluate", "{file}"];
}

function programFiles(root: string, settings: Settings): readonly string[] {
  const value = valueAt(settings, "files");
  const patterns = typeof value === "string" ? [value] : listAt(settings, "files", textItem);
  if (patterns !== undefined) return matchFiles(root, patterns, settings.file);
  const files = defaultFiles(root);
  if (files.length > 0) return files;
  throw new UsageError(
    `'${root}' has no file with EVOLVE-BLOCK markers and not one single program.*; name the files with the key files`,
  );
}

/** All files with markers, else the one that is called program. */
function defaultFiles(root: string): readonly string[] {
  const files = listFiles(root).filter(
    (path) => !/^(evaluate|allele)(\.|$)|^(readme|statement)\./i.test(path),
  );
  const marked = files.filter((path) => hasMarkers(join(root, path)));
  if (marked.length > 0) return marked;
  const programs = files.filter((path) => /^program\.[^.]+$/.test(path));
  return programs.length === 1 ? programs : [];
}

function hasMarkers(path: string): boolean {
  return statSync(path).size <= 1_000_000 && readFileSync(path, "latin1").includes("EVOLVE-BLOCK-START");
}

function statementFile(root: string): string | undefined {
  const path = join(root, "statement.md");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function granularityAt(settings: Settings): Granularity | undefined {
  const text = textAt(settings, "granularity");
  return text === undefined ? undefined : readGranularity(text);
}
