/** What a directory is read into, and the one place where its parts become a problem plugin. */
import { basename, resolve } from "node:path";
import {
  type CommandScoring,
  defineProblem,
  type Instance,
  type Problem,
  parametersOf,
  type Screen,
  type SourceFile,
} from "../core/index.ts";
import { decompose, type Granularity } from "../decompose/index.ts";

/** Whose conventions a directory follows. */
export type EvolveFormat = "openevolve" | "shinkaevolve" | "allele";

/** What the caller may decide about a directory; each wins over the directory's own configuration. */
export interface EvolveOptions {
  /** How fine the components are; undefined: the markers if there are any, else what suits the language. */
  readonly granularity?: Granularity | undefined;
  /** The Python that runs the evaluator: a name on the PATH or a path. Default python3. */
  readonly python?: string | undefined;
  /** Variables for the evaluator, e.g. those that an example asks to set. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Name of the configuration file, relative to the directory; undefined: the format's usual one. */
  readonly config?: string | undefined;
  /** The fitness at which the search has succeeded. */
  readonly target?: number | undefined;
}

/** What a configuration says about the run; undefined where it says nothing. */
export interface EvolveSettings {
  readonly maxEvaluations?: number;
  readonly target?: number;
  /** How many evaluations may run at a time. */
  readonly parallel?: number;
}

/** A directory, read. */
export interface EvolveTask {
  readonly format: EvolveFormat;
  readonly problem: Problem;
  readonly settings: EvolveSettings;
  /** Sentences for the user on what was not read or is not used. */
  readonly warnings: readonly string[];
}

/** What the reader of a format has found out. */
export interface TaskParts {
  readonly format: EvolveFormat;
  readonly files: readonly SourceFile[];
  readonly granularity: Granularity | undefined;
  /** The task in words, without the line on the metric. */
  readonly statement: string;
  readonly evaluate: CommandScoring;
  readonly screens?: readonly Screen[];
  readonly repeats?: number;
  readonly settings: EvolveSettings;
  readonly warnings: readonly string[];
}

/** Makes a problem of what was read. The directory fixes everything: size and seed change nothing. */
export function makeTask(folder: string, parts: TaskParts): EvolveTask {
  const { format, files, granularity, evaluate, screens, repeats, settings, warnings } = parts;
  const solution = decompose(files, granularity === undefined ? {} : { granularity });
  const instance: Instance = {
    ...solution,
    statement: `${parts.statement.trim()}\n\nThe fitness is the metric ${evaluate.fitness}; higher is better.`,
    // A target must be finite: this one means that no fitness is enough.
    target: settings.target ?? Number.MAX_VALUE,
    evaluate,
    ...(screens === undefined ? {} : { screens }),
    ...(repeats === undefined ? {} : { repeats }),
  };
  const problem = defineProblem({
    name: basename(resolve(folder)),
    description: `the program in a directory of format ${format}`,
    parameters: parametersOf({ format, granularity: granularityName(granularity) }),
    instance: () => instance,
  });
  return { format, problem, settings, warnings };
}

function granularityName(granularity: Granularity | undefined): string | undefined {
  return typeof granularity === "object" ? `lines:${granularity.lines}` : granularity;
}

/** The settings that have a value. */
export function settingsOf(
  settings: {
    readonly [Key in keyof EvolveSettings]: number | undefined;
  },
): EvolveSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
