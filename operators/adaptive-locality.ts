/** Mutation between local and global: the model writes as many components anew as a rate says. */
import {
  askToRewrite,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  defineOperator,
  type LocalityOptions,
  locality,
  type Operator,
  parametersOf,
  type RequestLimits,
} from "../src/core/index.ts";

const instructions = `You improve some components of a solution; the other components stay as they are.
You are shown the task, what these components must do, and their texts between tags.
Write a better version of each of them, so that they work together.`;

/** Options of adaptive-locality; `rate`, `count`, `exponent` and `choose` as of `locality`. */
export interface AdaptiveLocalityOptions extends LocalityOptions, RequestLimits {
  /** Other solutions whose versions of the components the prompt shows at most; default 0. */
  readonly inspirations?: number;
}

/** Makes the operator that asks the mutator for several components anew, in one request. */
export function adaptiveLocality(options: AdaptiveLocalityOptions = {}): Operator {
  const keys = ["rate", "count", "exponent", "choose", "temperature", "maxTokens", "inspirations"];
  checkKeys("adaptive-locality", options, keys);
  checkLimitsOf("adaptive-locality", options);
  const { temperature, maxTokens, inspirations, ...ofLocality } = options;
  return defineOperator({
    name: "adaptive-locality",
    description: "the model writes several components anew; rates: fixed, heavy-tailed, one-fifth",
    parameters: parametersOf({ temperature, maxTokens, inspirations }),
    scope: "local",
    roles: ["mutator"],
    inspirationCount: checkWhole("adaptive-locality: inspirations", inspirations ?? 0, 0),
    schedule: locality(ofLocality),
    propose(context) {
      const { components: indexes, models } = context;
      return askToRewrite(models.mutator, context, {
        ...{ temperature, maxTokens, indexes },
        parts: { instructions },
      });
    },
  });
}
