/** One model for all kinds of work: it writes a component from its spec, the paper's section 3.1, equation (1). */
import { defineOperator, type Operator } from "../src/core/index.ts";
import { answerEach } from "./answer-each.ts";
import { answerSpec, readSpecAnswerOptions, type SpecAnswerOptions } from "./spec-answers.ts";

const instructions = `You write one component of a solution from what it must do.
You are shown the task, what the component must do, and a pair of tags with
nothing between them. Work it out and write the component.`;

/** Options of generalist. */
export type GeneralistOptions = SpecAnswerOptions;

/** Makes the operator that asks the generalist for components from their specs alone. */
export function generalist(options: GeneralistOptions = {}): Operator {
  const { limits, parameters, schedule } = readSpecAnswerOptions("generalist", options);
  return defineOperator({
    name: "generalist",
    description: "one model writes a component from its spec alone, whatever kind of work that is",
    parameters,
    scope: "local",
    roles: ["generalist"],
    schedule,
    propose: (context) =>
      answerEach(context, (index, own) =>
        answerSpec(own.models.generalist, own, index, { instructions, limits }),
      ),
  });
}
