/**
 * Reuse of answers: a wrapper that gives the answer of an earlier request again where the same request comes a
 * second time in a run. Off by default: candidates that share an answer are not independent.
 */
import type { Model, ModelRequest, ModelResponse } from "../core/index.ts";

/** The answers of one run by request, the oldest first. */
export type Answers = Map<string, Promise<ModelResponse>>;

/** Most answers that are remembered. */
const mostAnswers = 10_000;

/**
 * Wraps a metered model. An answer that is used again is no call: it costs nothing and leaves no row. At
 * temperature 0 the seed does not tell requests apart, since it does not change the answer.
 */
export function reuse(model: Model, answers: Answers): Model {
  return {
    ...model,
    generate(request) {
      if (request.seed === undefined && request.temperature !== 0) return model.generate(request); // a new seed each time
      const key = keyOf(model, request);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = model.generate(request);
      answers.set(key, answer);
      answer.catch(() => answers.delete(key)); // a failed call may succeed the next time
      const [oldest] = answers.keys();
      if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
      return answer;
    },
  };
}

/** Models of one name may differ in all else. */
function keyOf(
  { provider, name, size, parameters, maxTokens: most }: Model,
  { system, messages, maxTokens, temperature, seed, stop }: ModelRequest,
) {
  const drawn = temperature === 0 ? undefined : seed;
  return JSON.stringify([
    provider,
    name,
    size,
    parameters,
    system,
    messages,
    maxTokens ?? most,
    temperature,
    drawn,
    stop,
  ]);
}
