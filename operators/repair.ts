/** Repair: the model mends what a candidate changed, from the feedback on its failure. */
import {
  askToRewrite,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  defineOperator,
  type EvaluatedCandidate,
  type Operator,
  type PromptContext,
  parametersOf,
  type RequestLimits,
} from "../src/core/index.ts";

const instructions = `You repair a solution that consists of named components.
You are shown a task, how the solution failed, and the components that were
changed last, each between tags; the other components worked before.
Find out what is wrong and write these components so that the solution works.`;

/** Options of repair. */
export interface RepairFailuresOptions extends RequestLimits {
  /** Most repairs of one failed candidate, one upon the other; default 3. */
  readonly attempts?: number;
}

/** Makes the operator that asks the mutator to mend a candidate whose evaluation failed. */
export function repairFailures(options: RepairFailuresOptions = {}): Operator {
  checkKeys("repair", options, ["attempts", "temperature", "maxTokens"]);
  checkLimitsOf("repair", options);
  const { attempts = 3, ...limits } = options;
  return defineOperator({
    name: "repair",
    description: "the model mends a candidate whose evaluation failed, from its feedback",
    parameters: parametersOf({ attempts, ...limits }),
    scope: "global",
    roles: ["mutator"],
    repairs: checkWhole("repair: attempts", attempts, 1),
    isCompactable: false,
    propose(context) {
      const indexes = suspects(context);
      return askToRewrite(context.models.mutator, context, { ...limits, indexes, parts: { instructions } });
    },
  });
}

/**
 * The components that changed since the last solution that worked, as far as the attempts go back: a repair
 * that failed as well may have changed only some of what is wrong.
 */
function suspects({ parents: [failed], attempts }: PromptContext): readonly number[] {
  const changed = new Set<number>();
  let at: EvaluatedCandidate | undefined = failed;
  while (at?.evaluation.status === "failed") {
    for (const index of at.candidate.changed) changed.add(index);
    const before: number | undefined = at.candidate.parents[0];
    at = attempts.find(({ child }) => child !== undefined && child.candidate.sequence === before)?.child;
  }
  if (changed.size === 0) return failed.candidate.genome.map((_, index) => index);
  return [...changed].sort((a, b) => a - b);
}
