/** Recombination by a model: it merges two parents, as a whole or in one component. */
import {
  askToRewrite,
  checkKeys,
  checkLimitsOf,
  componentFeedbackParagraph,
  defineOperator,
  type EvaluatedCandidate,
  feedbackParagraph,
  type Operator,
  type PromptTexts,
  type ProposeContext,
  parametersOf,
  pickKnown,
  type RequestLimits,
  rejected,
  type Schedule,
  type ScheduleName,
  schedules,
  UsageError,
} from "../src/core/index.ts";

const globalInstructions = `You combine two good solutions that consist of named components.
You are shown a task, the components of one solution between tags, and those of
another one between <other> tags.
Write every component so that the solution has the best of both: take it from one of them, or merge both.`;

const localInstructions = `You combine two versions of one component of a solution; the other components stay as they are.
You are shown the task, what the component must do, one version of it between
tags, and another one between <other> tags.
Write the component so that it has the best of both: take one of them, or merge both.`;

/** Options of llm-crossover. */
export interface LlmCrossoverOptions extends RequestLimits {
  /** `global` (default): all components in one request. `local`: one component. */
  readonly scope?: "global" | "local";
  /** For scope `local`, which component comes next: a schedule or the name of a built-in one; default "random". */
  readonly schedule?: ScheduleName | Schedule;
}

/** Makes the operator that asks the mutator to merge two parents. */
export function llmCrossover(options: LlmCrossoverOptions = {}): Operator {
  checkKeys("llm-crossover", options, ["scope", "schedule", "temperature", "maxTokens"]);
  checkLimitsOf("llm-crossover", options);
  const { scope = "global", schedule, ...limits } = options;
  if (scope !== "global" && scope !== "local") {
    throw new UsageError(`llm-crossover: scope must be "global" or "local", got ${String(scope)}`);
  }
  const shared = {
    name: "llm-crossover",
    parameters: parametersOf({ scope, ...limits }),
    roles: ["mutator"],
    parentCount: 2,
    isCompactable: false,
  } as const;
  if (scope === "local") {
    const { random } = schedules;
    return defineOperator({
      ...shared,
      description: "the model merges one component of two parents",
      scope: "local",
      schedule:
        typeof schedule === "string" ? pickKnown("Schedule", schedule, schedules) : (schedule ?? random),
      propose: (context) => merge(context, context.components, localInstructions, limits),
    });
  }
  if (schedule !== undefined) throw new UsageError('llm-crossover: a schedule needs scope: "local"');
  return defineOperator({
    ...shared,
    description: "the model merges two parents",
    scope: "recombination",
    propose(context) {
      const indexes = context.parents[0].candidate.genome.map((_, index) => index);
      return merge(context, indexes, globalInstructions, limits);
    },
  });
}

async function merge(
  context: ProposeContext<"mutator">,
  indexes: readonly number[],
  instructions: string,
  limits: RequestLimits,
) {
  const [first, second = first] = context.parents;
  const textsOf = ({ candidate: { genome } }: EvaluatedCandidate) =>
    indexes.map((index) => genome[index]?.text);
  const others = textsOf(second);
  if (textsOf(first).every((text, place) => text === others[place])) {
    return rejected(indexes.length === 1 ? "the parents' components are equal" : "the parents are equal");
  }
  const parts: PromptTexts = { instructions, inspirations: otherParagraph(second, indexes) };
  return askToRewrite(context.models.mutator, context, { ...limits, indexes, parts });
}

/** The paragraph with the second parent: its score, its feedback and its components. */
function otherParagraph({ candidate, evaluation }: EvaluatedCandidate, indexes: readonly number[]): string {
  const [only = 0, second] = indexes;
  const feedback =
    second === undefined ? componentFeedbackParagraph(evaluation, only) : feedbackParagraph(evaluation);
  const shown = indexes.map((index) => {
    const { name = "", text = "" } = candidate.genome[index] ?? {};
    // Nothing in the text may read as its end.
    const safe = text.replace(/<(?=\/?\s*other)/gi, "< ");
    return `<other name=${JSON.stringify(name)}>\n${safe.endsWith("\n") ? safe : `${safe}\n`}</other>`;
  });
  return `The other solution:\n${feedback}\n${shown.join("\n")}`;
}
