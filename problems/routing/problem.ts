/**
 * Routing: a stream of queries of k kinds, each with a first line that tells its kind (Meyerson and Qiu, ICML 2025,
 * section 3.1). A component is the answer to one query; the query is its spec.
 */
import { type Component, defineProblem, type Evaluation, type Problem } from "../../src/core/index.ts";
import { perComponent } from "../blocks/hashed-blocks.ts";
import { type RoutingOptions, readRoutingOptions, routingQueries } from "./queries.ts";
import { isSameAnswer } from "./same-answer.ts";

const statement = `Answer a query, by itself. Its first line says who asks and what is wanted; labels mean nothing.
Of the text below, only the line that begins with a name and a colon is meant, without that name; all else means
nothing. The answer is one short line: numbers in digits, without separators and units; words in lower case as
they are in the query, names of days and months with a capital; several of them apart by single spaces, in the
order in which they are asked for; times as 09:05.`;

/** Longest piece of a wrong answer that feedback repeats. */
const longestShown = 80;

/**
 * Makes the routing problem. Fitness is the number of right answers, the target the number of queries; at the start
 * all answers are empty. Queries of all kinds have about the same number of tokens (within 2 %), their first lines
 * exactly the same, and all right answers have three.
 */
export function routing(options: RoutingOptions = {}): Problem {
  const parameters = readRoutingOptions(options);
  return defineProblem({
    name: "routing",
    description: "a stream of queries of k kinds, real tasks on text, each with a line that tells its kind",
    parameters,
    structure: "Components independent, of k kinds",
    instance(request) {
      const queries = routingQueries(request, parameters);
      const components = queries.map(
        ({ text }, index): Component => ({
          name: `query-${index + 1}`,
          text: "",
          spec: text,
          kind: "answer",
        }),
      );
      const isRight = perComponent(queries.length, (index, text) => {
        const query = queries[index];
        return query !== undefined && isSameAnswer(query.answer, text);
      });
      return {
        components,
        statement,
        target: queries.length,
        evaluate(genome): Evaluation {
          const improvable: number[] = [];
          const componentFeedback: Record<number, string> = {};
          for (const [index, component] of genome.entries()) {
            if (isRight(index, component)) continue;
            improvable.push(index);
            const answer = component.text.trim();
            if (answer === "") continue;
            componentFeedback[index] =
              `The answer ${JSON.stringify(answer.slice(0, longestShown))} is wrong.`;
          }
          const right = queries.length - improvable.length;
          const feedback = `${right} of ${queries.length} answers are right.`;
          return { status: "ok", fitness: right, improvable, feedback, componentFeedback };
        },
      };
    },
  });
}
