/** The stream of queries of an instance, with the answers that its maker knows. */
import { checkKeys, checkWhole, rngFrom } from "../../src/core/index.ts";
import { shuffled } from "./kinds/kind.ts";
import { firstKinds } from "./kinds.ts";
import { writeQuery } from "./query.ts";

/** Options of the routing problem; the size of an instance is k, the number of kinds of task. */
export interface RoutingOptions {
  /** Queries of a stream, at least 1; k where that is more, so that each kind occurs. Default 64. */
  readonly queries?: number;
  /** About how many tokens a query has beside its first line, at least 48. Default 96. */
  readonly bodyTokens?: number;
  /** Which queries the streams have, with the run's seed. Default "allele". */
  readonly instanceKey?: string;
}

/** A query with its answer. */
export interface RoutingQuery {
  /** Name of its kind of task. */
  readonly kind: string;
  /** What is asked: the first line is the prefix that a delegator reads. */
  readonly text: string;
  readonly answer: string;
}

/** Checks the options and fills in the defaults. */
export function readRoutingOptions(options: RoutingOptions): Required<RoutingOptions> {
  checkKeys("routing", options, ["queries", "bodyTokens", "instanceKey"]);
  const { queries = 64, bodyTokens = 96, instanceKey = "allele" } = options;
  checkWhole("routing: queries", queries, 1);
  checkWhole("routing: bodyTokens", bodyTokens, 48); // the longest material takes 32
  return { queries, bodyTokens, instanceKey };
}

/**
 * The queries of the instance of a size and a seed, with their answers: for theory's token counts and for looking
 * at them. The kinds are dealt as evenly as can be, in random order.
 */
export function routingQueries(
  { size, seed }: { readonly size: number; readonly seed: number },
  options: RoutingOptions = {},
): readonly RoutingQuery[] {
  const { queries, bodyTokens, instanceKey } = readRoutingOptions(options);
  const kinds = firstKinds("routing: size", size);
  const key = [instanceKey, "routing", size, seed] as const;
  const dealt = Array.from({ length: Math.max(queries, size) }, (_, index) => kinds[index % size]);
  return shuffled(dealt, rngFrom(...key)).flatMap((kind, index) => {
    if (kind === undefined) return [];
    const rng = rngFrom(...key, index);
    const task = kind.make(rng);
    return [{ kind: kind.name, text: writeQuery(kind, task, bodyTokens, rng), answer: task.answer }];
  });
}
