/** Reading a directory in OpenEvolve's format: `initial_program.*`, `evaluator.py`, perhaps `config.yaml`. */
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { command } from "../core/index.ts";
import { readSourceFile } from "../decompose/index.ts";
import { defaultStatement, findConfig, pickProgram } from "./folder.ts";
import { openEvolveSettings } from "./openevolve-settings.ts";
import { findPython, peerOutputBytes, pythonEnvironment, pythonFolder } from "./python.ts";
import {
  flagAt,
  listAt,
  numberAt,
  numberItem,
  readSettings,
  type Settings,
  textAt,
  textItem,
  valueAt,
  wholeAt,
} from "./settings-file.ts";
import { type EvolveOptions, settingsOf, type TaskParts } from "./task.ts";
import { unusedSettings } from "./unused-settings.ts";

/** Reads such a directory; `programs` are the names of its initial programs, at least one. */
export function readOpenEvolve(root: string, programs: readonly string[], options: EvolveOptions): TaskParts {
  const program = pickProgram(programs);
  const config = findConfig(root, {
    asked: options.config,
    usual: ["config.yaml", "config.yml"],
    similar: /^config.*\.ya?ml$/,
  });
  const settings =
    config.name === undefined
      ? { file: "config.yaml", values: {} }
      : readSettings(join(root, config.name), config.name, "1.1");
  const source = readSourceFile(join(root, program.name));
  const python = findPython(options.python ?? "python3");
  const evaluator = join(root, "evaluator.py");
  const isCascade = flagAt(settings, "evaluator.cascade_evaluation") ?? true;
  const stages = isCascade ? countStages(readFileSync(evaluator, "utf8")) : 1;
  const areArtifactsOn = flagAt(settings, "evaluator.enable_artifacts") ?? true;
  const longest = wholeAt(settings, "max_code_length", 1);
  const target = options.target ?? numberAt(settings, "target_score", -Number.MAX_VALUE, Number.MAX_VALUE);
  const shim = {
    evaluator,
    isCascade,
    thresholds: listAt(settings, "evaluator.cascade_thresholds", numberItem) ?? [0.5, 0.75, 0.9],
    featureDimensions: listAt(settings, "database.feature_dimensions", textItem) ?? [
      "complexity",
      "diversity",
    ],
    includeArtifacts: flagAt(settings, "prompt.include_artifacts") ?? true,
    artifactCharacters: wholeAt(settings, "prompt.max_artifact_bytes", 0) ?? 20 * 1024,
    // The initial program itself may be longer than the limit on new ones.
    maxCodeLength: longest === undefined ? null : Math.max(longest, [...source.text].length),
  };
  const timeoutMs = (numberAt(settings, "evaluator.timeout", 0.001, 700_000) ?? 300) * 1000 * stages;
  const memoryMb = wholeAt(settings, "evaluator.memory_limit_mb", 16);
  const unused = unusedSettings(settings, openEvolveSettings(fileSuffixIsUsed(settings, program.name)));
  return {
    format: "openevolve",
    files: [source],
    granularity: options.granularity,
    statement: systemMessage(settings) ?? defaultStatement(root),
    evaluate: command({
      command: [
        python.executable,
        join(pythonFolder, "run_openevolve.py"),
        JSON.stringify(shim),
        "{file}",
        "{result}",
      ],
      readable: [root, pythonFolder, ...python.readable],
      environment: {
        ...python.environment,
        ...pythonEnvironment,
        ENABLE_ARTIFACTS: String(areArtifactsOn),
        ...options.environment,
      },
      fitness: "combined_score",
      timeoutMs,
      ...(memoryMb === undefined ? {} : { memoryMb }),
      outputBytes: peerOutputBytes,
    }),
    settings: settingsOf({
      maxEvaluations: wholeAt(settings, "max_iterations", 1),
      target,
      parallel: wholeAt(settings, "evaluator.parallel_evaluations", 1),
    }),
    warnings: [...program.warnings, ...config.warnings, ...(unused === undefined ? [] : [unused])],
  };
}

/** The task in words; OpenEvolve's own default is the name of a template, which says nothing. */
function systemMessage(settings: Settings): string | undefined {
  const text = textAt(settings, "prompt.system_message")?.trim();
  return text === "" || text === "system_message" ? undefined : text;
}

/** How many functions a candidate of a cascade may go through, each with its own timeout. */
function countStages(evaluator: string): number {
  const has = (stage: number) => new RegExp(`\\bevaluate_stage${stage}\\b`).test(evaluator);
  if (!has(1) || !has(2)) return 1;
  return has(3) ? 3 : 2;
}

/** Whether the suffix is what the candidate's file has anyway; `.py` is what it says when it says nothing. */
function fileSuffixIsUsed(settings: Settings, program: string): boolean {
  const suffix = valueAt(settings, "file_suffix");
  return suffix === ".py" || suffix === extname(program);
}
