/**
 * Global mutation by changes: the model sees every component and answers with SEARCH/REPLACE blocks, the form
 * of edits of aider, OpenEvolve and ShinkaEvolve.
 */

import {
  askFor,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  commonParts,
  defineOperator,
  diffFormat,
  type Operator,
  parametersOf,
  type RequestLimits,
  readDiff,
  requestLimits,
  writePrompt,
} from "../src/core/index.ts";

const instructions = `You improve solutions that consist of named components.
You are shown a task and the components of a good solution, each between tags.
Make the changes that improve it most.`;

/** Options of global-diff. */
export interface GlobalDiffOptions extends RequestLimits {
  /** Other good solutions that the prompt shows at most; default 0. */
  readonly inspirations?: number;
}

/** Makes the operator that asks the mutator for changes to any components. */
export function globalDiff(options: GlobalDiffOptions = {}): Operator {
  checkKeys("global-diff", options, ["temperature", "maxTokens", "inspirations"]);
  checkLimitsOf("global-diff", options);
  const { inspirations = 0, ...limits } = options;
  return defineOperator({
    name: "global-diff",
    description: "the model changes lines of any components by SEARCH/REPLACE blocks",
    parameters: parametersOf({ ...options }),
    scope: "global",
    roles: ["mutator"],
    inspirationCount: checkWhole("global-diff: inspirations", inspirations, 0),
    isCompactable: false,
    async propose(context) {
      const { genome } = context.parents[0].candidate;
      const indexes = [...genome.keys()];
      const texts = { instructions, format: diffFormat(genome), ...commonParts(context, indexes) };
      const request = { ...requestLimits(limits), ...writePrompt(context, texts) };
      return askFor(context.models.mutator, request, ({ text, stopReason }) =>
        readDiff(text, genome, stopReason),
      );
    },
  });
}
