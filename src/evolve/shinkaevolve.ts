/** Reading a directory in ShinkaEvolve's format: `initial.*`, `evaluate.py`, perhaps `shinka.yaml`. */
import { isAbsolute, join, relative } from "node:path";
import { command, UsageError } from "../core/index.ts";
import { readSourceFile } from "../decompose/index.ts";
import { defaultStatement, fileNames, findConfig, pickProgram } from "./folder.ts";
import { findPython, peerOutputBytes, pythonEnvironment, pythonFolder } from "./python.ts";
import {
  flagAt,
  isMapping,
  kind,
  readSettings,
  type Settings,
  textAt,
  valueAt,
  wholeAt,
} from "./settings-file.ts";
import { shinkaSettings } from "./shinkaevolve-settings.ts";
import { type EvolveOptions, settingsOf, type TaskParts } from "./task.ts";
import { unusedSettings } from "./unused-settings.ts";

/** Reads such a directory; `programs` are the names of its initial programs, at least one. */
export function readShinkaEvolve(
  root: string,
  programs: readonly string[],
  options: EvolveOptions,
): TaskParts {
  const config = findConfig(root, {
    asked: options.config,
    usual: ["shinka.yaml", "shinka.yml"],
    similar: /^shinka.*\.ya?ml$/,
  });
  const settings = readShinkaSettings(root, config.name);
  const names = fileNames(root);
  const fileAt = (path: string, known: readonly string[]) =>
    known.find((name) => name === textAt(settings, path));
  const namedProgram = fileAt("evo.init_program_path", programs);
  const namedEvaluator = fileAt("job.eval_program_path", names);
  const program = pickProgram(namedProgram === undefined ? programs : [namedProgram]);
  const python = findPython(options.python ?? pythonOf(settings, root) ?? "python3");
  const shim = {
    evaluate: join(root, namedEvaluator ?? "evaluate.py"),
    arguments: extraArguments(settings),
    useTextFeedback: flagAt(settings, "evo.use_text_feedback") ?? true,
  };
  const unused = unusedSettings(
    settings,
    shinkaSettings([
      ...(namedProgram === undefined ? [] : ["evo.init_program_path"]),
      ...(namedEvaluator === undefined ? [] : ["job.eval_program_path"]),
    ]),
  );
  const script = names.includes("run_evo.py")
    ? ["run_evo.py was not read, since it is code: give the settings that it holds as options."]
    : [];
  return {
    format: "shinkaevolve",
    files: [readSourceFile(join(root, program.name))],
    granularity: options.granularity,
    statement: textAt(settings, "evo.task_sys_msg") ?? defaultStatement(root),
    evaluate: command({
      command: [
        python.executable,
        join(pythonFolder, "run_shinka.py"),
        JSON.stringify(shim),
        "{file}",
        "{result}",
      ],
      readable: [root, pythonFolder, ...python.readable],
      environment: {
        ...python.environment,
        ...pythonEnvironment,
        SHINKA_EVAL_VERBOSE: (flagAt(settings, "job.eval_verbose") ?? true) ? "1" : "0",
        ...threadLimits(wholeAt(settings, "job.numeric_threads_per_job", 1)),
        ...options.environment,
      },
      fitness: "combined_score",
      timeoutMs: timeLimitMs(settings),
      outputBytes: peerOutputBytes,
    }),
    settings: settingsOf({
      maxEvaluations: wholeAt(settings, "evo.num_generations", 1),
      target: options.target,
      parallel: wholeAt(settings, "max_evaluation_jobs", 1),
    }),
    warnings: [...program.warnings, ...config.warnings, ...script, ...(unused === undefined ? [] : [unused])],
  };
}

/** Reads the settings; the sections' long names, such as evo_config, become the short ones. */
function readShinkaSettings(root: string, name: string | undefined): Settings {
  if (name === undefined) return { file: "shinka.yaml", values: {} };
  const { file, values } = readSettings(join(root, name), name, "1.1");
  const entries = Object.entries(values).map(([key, value]) => [
    key.replace(/^(evo|db|job)_config$/, "$1"),
    value,
  ]);
  if (new Set(entries.map(([key]) => key)).size < entries.length) {
    throw new UsageError(
      `${file}: holds a section under both of its names, e.g. evo and evo_config; keep one`,
    );
  }
  return { file, values: Object.fromEntries(entries) };
}

/**
 * The Python that the settings name: a name on the PATH, or an absolute path outside the directory. It is started
 * outside the sandbox, so that the directory must not bring it: only the user can say that it may.
 */
function pythonOf(settings: Settings, root: string): string | undefined {
  const name = textAt(settings, "job.python_executable");
  if (name === undefined || !name.includes("/")) return name;
  if (isAbsolute(name) && relative(root, name).startsWith("..")) return name;
  throw new UsageError(
    `${settings.file}: job.python_executable is the path ${name}, which the directory may have brought itself; if you trust it, give it with --python`,
  );
}

function extraArguments(settings: Settings): string[] {
  const value = valueAt(settings, "job.extra_cmd_args") ?? {};
  if (!isMapping(value)) {
    throw new UsageError(`${settings.file}: job.extra_cmd_args must be a mapping, got ${kind(value)}`);
  }
  return Object.entries(value).flatMap(([name, argument]) => [`--${name}`, argumentText(argument)]);
}

/** An argument as Python's str() writes it, which is what evaluators are made to read. */
function argumentText(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The time of `job.time`, hours:minutes:seconds; ShinkaEvolve has no limit of its own, we take an hour. */
function timeLimitMs(settings: Settings): number {
  const time = valueAt(settings, "job.time") ?? "01:00:00";
  // YAML 1.1 reads 01:30:00 without quotes as a number of seconds.
  if (typeof time === "number" && time > 0) return time * 1000;
  const [, hours, minutes, seconds] = /^(\d+):(\d+):(\d+)$/.exec(String(time)) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (total > 0) return total * 1000;
  throw new UsageError(`${settings.file}: job.time must be a time as hh:mm:ss above zero, got ${kind(time)}`);
}

/** The variables by which numeric libraries are told how many threads they may use. */
function threadLimits(threads: number | undefined): Record<string, string> {
  if (threads === undefined) return {};
  const libraries = ["OMP", "OPENBLAS", "MKL", "NUMEXPR", "BLIS", "GOTO"];
  return Object.fromEntries(libraries.map((library) => [`${library}_NUM_THREADS`, String(threads)]));
}
