/** Values that tests of the core build from few words. */
import {
  type Component,
  type EvaluatedCandidate,
  type Evaluation,
  type Genome,
  type Model,
  type ProposeContext,
  rngFrom,
} from "../../src/core/index.ts";

/** Components named a, b, c, ... with the given texts. */
export function genomeOf(...texts: readonly string[]): Genome {
  return texts.map((text, index): Component => ({ name: String.fromCharCode(97 + index), text }));
}

let sequence = 0;

/** A candidate with an evaluation; each has its own sequence number. */
export function evaluated(evaluation: Evaluation, genome: Genome = genomeOf("x\n")): EvaluatedCandidate {
  sequence += 1;
  return {
    candidate: { sequence, generation: 0, parents: [], operator: "test", changed: [], genome },
    evaluation,
  };
}

/** A candidate of a fitness; `improvable` where the evaluator tells it. */
export function ofFitness(fitness: number, improvable?: readonly number[]): EvaluatedCandidate {
  return evaluated({ status: "ok", fitness, ...(improvable === undefined ? {} : { improvable }) });
}

/** What an operator is given, in normal mode, with one model for all roles. */
export function contextOf(model: Model, more: Partial<ProposeContext> = {}): ProposeContext {
  const { components = [] } = more;
  return {
    parents: [evaluated({ status: "ok", fitness: 0 })],
    components,
    component: components[0] ?? -1,
    inspirations: [],
    note: undefined,
    attempts: [],
    statement: "The task.",
    promptMode: "normal",
    prompt: {},
    models: { mutator: model } as Partial<ProposeContext["models"]> as ProposeContext["models"],
    team: () => [model],
    rng: rngFrom("x"),
    signal: new AbortController().signal,
    ...more,
  };
}
