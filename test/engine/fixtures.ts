/** What tests of the engine share: a recorder in memory, small problems, and a run with defaults. */
import {
  type CallRecord,
  type CandidateHead,
  type CandidateRecord,
  defineOperator,
  type Genome,
  greedy,
  type Instance,
  type Operator,
  type Proposal,
  type ProposeContext,
  proposed,
  type Role,
  type RunRecorder,
  type RunResult,
  schedules,
} from "../../src/core/index.ts";
import { type RunOptions, runStrategy } from "../../src/engine.ts";
import { genomeOf } from "../core/fixtures.ts";

/** Keeps in memory what a run leaves behind. */
export class MemoryRecorder implements RunRecorder {
  readonly begun: CandidateHead[] = [];
  readonly candidates: CandidateRecord[] = [];
  readonly results: RunResult[] = [];
  readonly #early: CallRecord[] = [];

  begin(head: CandidateHead): void {
    this.begun.push(head);
  }
  call(head: CandidateHead, call: CallRecord): void {
    if (!this.begun.includes(head)) throw new Error(`call of candidate ${head.sequence} before its begin`);
    this.#early.push(call);
  }
  candidate(record: CandidateRecord): void {
    this.candidates.push(record);
  }
  finish(result: RunResult): void {
    this.results.push(result);
  }
  /** Every recorded call, by whichever way it came. */
  get calls(): readonly CallRecord[] {
    return [...this.#early, ...this.candidates.flatMap(({ calls }) => calls)];
  }
}

/** Solutions of k numbers, "0\n" at first; fitness is their sum. */
export function sums(k: number, target = Number.POSITIVE_INFINITY): Instance {
  return {
    components: genomeOf(...new Array<string>(k).fill("0\n")),
    statement: "Find large numbers.",
    target,
    evaluate: (genome: Genome) => ({
      status: "ok",
      fitness: genome.reduce((sum, { text }) => sum + Number(text), 0),
    }),
  };
}

/** An operator without models, made of one function of its context. */
export function operatorOf(
  scope: Operator["scope"],
  propose: (context: ProposeContext) => Proposal | Promise<Proposal>,
): Operator {
  return defineOperator<Role>({
    name: `test-${scope}`,
    scope,
    roles: [],
    ...(scope === "local" ? { schedule: schedules["round-robin"] } : {}),
    propose: async (context) => propose(context),
  });
}

/** Adds 1 to the number of the announced component. */
export const addOne = operatorOf("local", ({ parents, component }) => {
  const text = parents[0].candidate.genome[component]!.text;
  return proposed(new Map([[component, `${Number(text) + 1}\n`]]));
});

/** Asks the mutator as often as `times` says and proposes the last answer for the announced component. */
export function asking(times = 1): Operator {
  return defineOperator({
    name: "asking",
    scope: "local",
    roles: ["mutator"],
    schedule: schedules["round-robin"],
    async propose({ component, models }) {
      let text = "";
      for (let call = 1; call <= times; call++) {
        const request = { messages: [{ role: "user" as const, text: `${component}, call ${call}` }] };
        text = (await models.mutator.generate(request)).text;
      }
      return proposed(new Map([[component, text]]));
    },
  });
}

/** Runs one strategy with defaults; it is aborted after `stopAfter` applications, 50 if not told. */
export async function run(
  options: Partial<RunOptions> & { readonly operator?: Operator; readonly stopAfter?: number },
) {
  const recorder = new MemoryRecorder();
  const controller = new AbortController();
  const { operator = addOne, stopAfter = 50, onProgress, ...rest } = options;
  const result = await runStrategy({
    key: "test/1/1",
    instance: sums(3),
    operators: [{ operator, weight: 1 }],
    population: greedy(),
    models: {},
    promptMode: "normal",
    limits: {},
    budgets: [],
    inFlight: 1,
    recorder,
    signal: controller.signal,
    now: () => performance.now(),
    onProgress(progress) {
      onProgress?.(progress);
      if (progress.applications >= stopAfter) controller.abort();
    },
    ...rest,
  });
  return { result, recorder, candidates: recorder.candidates };
}
