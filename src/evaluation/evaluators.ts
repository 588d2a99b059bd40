/**
 * Carries out evaluations: looks up, screens, repeats. Holds what all runs of a campaign share: the pool of
 * sandboxes and the wall around untrusted code.
 */
import { hash } from "node:crypto";
import { availableParallelism } from "node:os";
import {
  composeFiles,
  type Evaluation,
  type Genome,
  type Instance,
  type Scoring,
  type SourceFile,
  type StageRecord,
  UsageError,
} from "../core/index.ts";
import { type Wall, whyNoBubblewrap } from "./bubblewrap.ts";
import { findFault } from "./check-evaluation.ts";
import { evaluateInProcess } from "./in-process.ts";
import { meanEvaluation } from "./mean-evaluation.ts";
import { Slots } from "./slots.ts";

/** Options of a campaign's evaluators. */
export interface EvaluatorsOptions {
  /** Most evaluations at once in sandboxes, and as many again by commands; default: the number of cores. */
  readonly threads?: number | undefined;
  /** Goes on without bubblewrap where there is none; undefined or false: a UsageError. */
  readonly unsafeSandbox?: boolean | undefined;
  /** Says why there is no wall around untrusted code; undefined: looks for bubblewrap. */
  readonly whyNoWall?: () => Promise<string | undefined>;
  /** Where commands find programs (the user's PATH); undefined: the system's usual folders. */
  readonly environmentPath?: string | undefined;
}

/** What came of evaluating a solution. */
export interface Evaluated {
  /** The very same object for all candidates of a run that have the same solution, where `isRemembered`. */
  readonly evaluation: Evaluation;
  readonly isRemembered: boolean;
  readonly wallMs: number;
  /** The screens that came before, in order. */
  readonly screens: readonly StageRecord[];
}

/** Evaluates the solutions of one run. */
export interface RunEvaluator {
  /** Rejects with the signal's reason when it is aborted, or with a UsageError. The initial solution passes every screen. */
  evaluate(genome: Genome, signal: AbortSignal, isInitial?: boolean): Promise<Evaluated>;
}

/** Most solutions of a run whose evaluations are remembered; beyond, the oldest are forgotten. */
const mostRemembered = 100_000;

/** What all runs of a campaign share; close it at the end. */
export class Evaluators {
  readonly #options: EvaluatorsOptions;
  readonly #threads: number;
  readonly #commandSlots: Slots;
  #wall: Promise<Wall> | undefined;
  #pool: Promise<import("./sandbox/pool.ts").SandboxPool> | undefined;

  constructor(options: EvaluatorsOptions = {}) {
    this.#options = options;
    this.#threads = options.threads ?? availableParallelism();
    this.#commandSlots = new Slots(this.#threads);
  }

  /**
   * The wall around the untrusted code that an instance's evaluation runs; undefined where it runs none.
   * Throws a UsageError where bubblewrap is missing and nobody asked to go on without.
   */
  async wallFor({ evaluate, screens = [] }: Instance): Promise<Wall | undefined> {
    const scorings: readonly Scoring[] = [evaluate, ...screens.map((screen) => screen.evaluate)];
    return scorings.every((scoring) => typeof scoring === "function") ? undefined : this.#findWall();
  }

  /** Makes the evaluator of one run; `now` gives milliseconds from any fixed moment. */
  forRun(instance: Instance, now: () => number): RunEvaluator {
    const known = new Map<string, Promise<Evaluated>>();
    /** Whether the evaluation is a function that answers at once: then remembering costs as much as asking. */
    let isImmediate: boolean | undefined;
    const stage = async (
      scoring: Scoring,
      genome: Genome,
      files: () => SourceFile[],
      signal: AbortSignal,
    ) => {
      const startedAt = now();
      const all = Array.from({ length: instance.repeats ?? 1 }, (_, repeat) =>
        this.#score(scoring, genome, files, repeat, signal),
      );
      if (all.some((one) => one instanceof Promise)) isImmediate = false;
      const mean = meanEvaluation(await Promise.all(all));
      return { evaluation: isImmediate ? mean : checked(mean, genome), wallMs: now() - startedAt };
    };
    const evaluate = async (genome: Genome, signal: AbortSignal, isInitial: boolean): Promise<Evaluated> => {
      let composed: SourceFile[] | undefined;
      const files = () => {
        composed ??= composeFiles(instance.layout ?? [], genome);
        return composed;
      };
      const screens: StageRecord[] = [];
      for (const [index, { evaluate: scoring, atLeast }] of (instance.screens ?? []).entries()) {
        const record = await stage(scoring, genome, files, signal);
        const missed = isInitial ? undefined : missedBy(record.evaluation, atLeast, index);
        if (missed !== undefined) {
          return { evaluation: missed, wallMs: record.wallMs, screens, isRemembered: true };
        }
        screens.push(record);
      }
      const last = await stage(instance.evaluate, genome, files, signal);
      isImmediate ??= true;
      return { ...last, screens, isRemembered: !isImmediate };
    };
    return {
      async evaluate(genome, signal, isInitial = false) {
        if (isImmediate) return evaluate(genome, signal, isInitial);
        const key = digest(genome);
        const earlier = known.get(key);
        if (earlier !== undefined) return earlier;
        const evaluated = evaluate(genome, signal, isInitial);
        known.set(key, evaluated);
        const [oldest] = known.size > mostRemembered ? known.keys() : [];
        if (oldest !== undefined) known.delete(oldest);
        evaluated.catch(() => known.delete(key)); // interrupted: it may be evaluated again
        return evaluated;
      },
    };
  }

  /** Ends the workers and what runs in them. */
  async close(): Promise<void> {
    await (await this.#pool)?.close();
  }

  /** Scores once; answers at once where the scoring is a function that does. */
  #score(
    scoring: Scoring,
    genome: Genome,
    files: () => SourceFile[],
    repeat: number,
    signal: AbortSignal,
  ): Evaluation | Promise<Evaluation> {
    if (typeof scoring === "function") return evaluateInProcess(scoring, genome, signal, repeat);
    return scoring.kind === "sandbox"
      ? this.#openPool().then((pool) => pool.evaluate(scoring, files(), repeat, signal))
      : this.#commandSlots.use(signal, async () => {
          const { evaluateByCommand } = await import("./command/evaluate-by-command.ts");
          const wall = await this.#findWall();
          const { environmentPath } = this.#options;
          return evaluateByCommand(scoring, files(), repeat, { wall, environmentPath, signal });
        });
  }

  async #openPool() {
    this.#pool ??= (async () => {
      const [{ SandboxPool }, wall] = await Promise.all([import("./sandbox/pool.ts"), this.#findWall()]);
      return new SandboxPool({ threads: this.#threads, wall });
    })();
    return this.#pool;
  }

  #findWall(): Promise<Wall> {
    this.#wall ??= (this.#options.whyNoWall?.() ?? whyNoBubblewrap()).then((problem) => {
      if (problem === undefined) return "bubblewrap";
      if (this.#options.unsafeSandbox) return "none";
      throw new UsageError(
        `This campaign runs untrusted code, and ${problem}; install it (apt-get install bubblewrap), or pass ` +
          "--unsafe-sandbox to go on with process limits alone, which hostile code can escape",
      );
    });
    return this.#wall;
  }
}

/** An evaluation of its own, if it is one: what comes from workers and commands, and a mean, may be none. */
function checked(evaluation: Evaluation, genome: Genome): Evaluation {
  const fault = findFault(evaluation, genome.length);
  return fault === undefined ? { ...evaluation } : { status: "failed", reason: "invalid", feedback: fault };
}

/** The failed evaluation of a solution that missed a screen; undefined when it passed. */
function missedBy(evaluation: Evaluation, atLeast: number, index: number): Evaluation | undefined {
  if (evaluation.status === "failed") return evaluation;
  if (evaluation.fitness >= atLeast) return undefined;
  const missed = `stage ${index + 1}: fitness ${evaluation.fitness} is below ${atLeast}`;
  const feedback = evaluation.feedback === undefined ? missed : `${missed}\n${evaluation.feedback}`;
  return { status: "failed", reason: "invalid", feedback };
}

/** A solution's content hash. */
function digest(genome: Genome): string {
  const lengths = genome.map(({ text }) => text.length).join();
  return hash("sha256", `${lengths}\n${genome.map(({ text }) => text).join("")}`, "base64");
}
