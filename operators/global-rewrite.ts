/** Global mutation: the model writes every component anew, the paper's section 3.3, equation (12). */
import {
  askToRewrite,
  checkKeys,
  defineOperator,
  feedbackParagraph,
  type Operator,
  parametersOf,
  specsParagraph,
} from "../src/core/index.ts";

const instructions = `You improve solutions that consist of named components.
You are shown a task and the components of the best solution so far, each between tags.
Write a better version of every component. Answer with all components, each between the same tags as it was
shown, with the same name, and nothing else.`;

/** Options of global-rewrite. */
export interface GlobalRewriteOptions {
  /** Sampling temperature of the model; undefined leaves it to the model. */
  readonly temperature?: number;
  /** Most output tokens of an answer; undefined leaves it to the model. */
  readonly maxTokens?: number;
}

/** Makes the operator that asks the mutator for the whole solution anew. */
export function globalRewrite(options: GlobalRewriteOptions = {}): Operator {
  checkKeys("global-rewrite", options, ["temperature", "maxTokens"]);
  return defineOperator({
    name: "global-rewrite",
    description: "the model writes every component anew",
    parameters: parametersOf({ ...options }),
    scope: "global",
    roles: ["mutator"],
    async propose({ parents, statement, promptMode, models }) {
      const [{ candidate, evaluation }] = parents;
      return askToRewrite(models.mutator, {
        ...options,
        genome: candidate.genome,
        indexes: candidate.genome.map((_, index) => index),
        promptMode,
        instructions,
        context:
          promptMode === "compact"
            ? []
            : [statement, specsParagraph(candidate.genome), feedbackParagraph(evaluation)],
      });
    },
  });
}
