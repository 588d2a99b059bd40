/** Global mutation: the model writes every component anew, the paper's section 3.3, equation (12). */
import {
  askToRewrite,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  defineOperator,
  type Operator,
  parametersOf,
  type RequestLimits,
} from "../src/core/index.ts";

const instructions = `You improve solutions that consist of named components.
You are shown a task and the components of a good solution, each between tags.
Write a better version of every component.`;

/** Options of global-rewrite. */
export interface GlobalRewriteOptions extends RequestLimits {
  /** Other good solutions that the prompt shows at most; default 0. */
  readonly inspirations?: number;
}

/** Makes the operator that asks the mutator for the whole solution anew. */
export function globalRewrite(options: GlobalRewriteOptions = {}): Operator {
  checkKeys("global-rewrite", options, ["temperature", "maxTokens", "inspirations"]);
  checkLimitsOf("global-rewrite", options);
  const { inspirations = 0, ...limits } = options;
  return defineOperator({
    name: "global-rewrite",
    description: "the model writes every component anew",
    parameters: parametersOf({ ...options }),
    scope: "global",
    roles: ["mutator"],
    inspirationCount: checkWhole("global-rewrite: inspirations", inspirations, 0),
    propose(context) {
      const indexes = context.parents[0].candidate.genome.map((_, index) => index);
      return askToRewrite(context.models.mutator, context, { ...limits, indexes, parts: { instructions } });
    },
  });
}
