/** Numbers by which a population tells solutions apart: an evaluation's metrics and a few built-in ones. */
import type { EvaluatedCandidate } from "../candidate.ts";
import type { Genome } from "../component.ts";
import { UsageError } from "../errors.ts";
import { textDistance } from "../text-distance.ts";

/** Reads a number off a candidate whose evaluation is ok; undefined where it has none. */
export type Measure = (member: EvaluatedCandidate) => number | undefined;

/** Characters (UTF-16 units) of all components. */
export function lengthOf(genome: Genome): number {
  let length = 0;
  for (const { text } of genome) length += text.length;
  return length;
}

/** The measures that need no metric of the evaluation; they go before a metric of the same name. */
const builtIn: Readonly<Record<string, (initial: EvaluatedCandidate) => Measure>> = {
  fitness:
    () =>
    ({ evaluation }) =>
      evaluation.status === "ok" ? evaluation.fitness : undefined,
  length:
    () =>
    ({ candidate }) =>
      lengthOf(candidate.genome),
  diversity:
    (initial) =>
    ({ candidate }) =>
      textDistance(initial.candidate.genome, candidate.genome),
};

/**
 * The measure of a name: `fitness`, `length` (characters of all components), `diversity` (normalized text distance
 * from the initial solution, 0 to 1), or a metric of the evaluation. Throws UsageError when the run's initial
 * solution has no such metric: the name is misspelt.
 */
export function startMeasure(where: string, name: string, initial: EvaluatedCandidate): Measure {
  const start = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (start !== undefined) return start(initial);
  const measure: Measure = ({ evaluation }) => {
    const value = evaluation.status === "ok" ? evaluation.metrics?.[name] : undefined;
    return Number.isNaN(value) ? undefined : value;
  };
  // A population may also be started from a solution of the middle of a run, e.g. a new island.
  if (initial.candidate.sequence === 0 && measure(initial) === undefined) {
    const { evaluation } = initial;
    const metrics = Object.keys((evaluation.status === "ok" ? evaluation.metrics : undefined) ?? {});
    throw new UsageError(
      `${where}: the initial solution's evaluation has no metric '${name}'; ` +
        `known: ${[...Object.keys(builtIn), ...metrics].sort().join(", ")}`,
    );
  }
  return measure;
}
