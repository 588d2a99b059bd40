/** Local mutation: the model writes one component anew, the paper's section 3.3, equation (13). */
import {
  askToRewrite,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  defineOperator,
  type Operator,
  parametersOf,
  pickKnown,
  type RequestLimits,
  type Schedule,
  type ScheduleName,
  schedules,
} from "../src/core/index.ts";

const instructions = `You improve one component of a solution; the other components stay as they are.
You are shown the task, what the component must do, and its text between tags.
Write a better version of it.`;

/** Options of local-rewrite. */
export interface LocalRewriteOptions extends RequestLimits {
  /** Which component comes next: a schedule or the name of a built-in one; default "sequential". */
  readonly schedule?: ScheduleName | Schedule;
  /** Other solutions whose version of the component the prompt shows at most; default 0. */
  readonly inspirations?: number;
}

/** Makes the operator that asks the mutator for one component anew. */
export function localRewrite(options: LocalRewriteOptions = {}): Operator {
  checkKeys("local-rewrite", options, ["schedule", "temperature", "maxTokens", "inspirations"]);
  checkLimitsOf("local-rewrite", options);
  const { schedule = "sequential", ...given } = options;
  const { inspirations = 0, ...limits } = given;
  return defineOperator({
    name: "local-rewrite",
    description: `the model writes one component anew; schedules: ${Object.keys(schedules).join(", ")}`,
    parameters: parametersOf(given),
    scope: "local",
    roles: ["mutator"],
    inspirationCount: checkWhole("local-rewrite: inspirations", inspirations, 0),
    schedule: typeof schedule === "string" ? pickKnown("Schedule", schedule, schedules) : schedule,
    propose(context) {
      const { components, models } = context;
      return askToRewrite(models.mutator, context, {
        ...limits,
        indexes: components,
        parts: { instructions },
      });
    },
  });
}
