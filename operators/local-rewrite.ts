/** Local mutation: the model writes one component anew, the paper's section 3.3, equation (13). */
import {
  askToRewrite,
  checkKeys,
  componentFeedbackParagraph,
  defineOperator,
  type Operator,
  parametersOf,
  pickKnown,
  type Schedule,
  type ScheduleName,
  schedules,
  signaturesParagraph,
} from "../src/core/index.ts";

const instructions = `You improve one component of a solution; the other components stay as they are.
You are shown the task, what the component must do, and its text between tags.
Write a better version of it. Answer with the component alone, between the same tags as it was shown, and
nothing else.`;

/** Options of local-rewrite. */
export interface LocalRewriteOptions {
  /** Which component comes next: a schedule or the name of a built-in one; default "sequential". */
  readonly schedule?: ScheduleName | Schedule;
  /** Sampling temperature of the model; undefined leaves it to the model. */
  readonly temperature?: number;
  /** Most output tokens of an answer; undefined leaves it to the model. */
  readonly maxTokens?: number;
}

/** Makes the operator that asks the mutator for one component anew. */
export function localRewrite(options: LocalRewriteOptions = {}): Operator {
  checkKeys("local-rewrite", options, ["schedule", "temperature", "maxTokens"]);
  const { schedule = "sequential", ...limits } = options;
  return defineOperator({
    name: "local-rewrite",
    description: "the model writes one component anew; schedules: sequential, round-robin, random",
    parameters: parametersOf(limits),
    scope: "local",
    roles: ["mutator"],
    schedule: typeof schedule === "string" ? pickKnown("Schedule", schedule, schedules) : schedule,
    async propose({ parents, component, statement, promptMode, models }) {
      const [{ candidate, evaluation }] = parents;
      const spec = candidate.genome[component]?.spec;
      return askToRewrite(models.mutator, {
        ...limits,
        genome: candidate.genome,
        indexes: [component],
        promptMode,
        instructions,
        context:
          promptMode === "compact"
            ? []
            : [
                statement,
                spec ? `What the component must do: ${spec}` : undefined,
                signaturesParagraph(candidate.genome, component),
                componentFeedbackParagraph(evaluation, component),
              ],
      });
    },
  });
}
