/**
 * The capable simulated model: performs the tasks of its capabilities set (Meyerson and Qiu, ICML 2025, Def. 2.3),
 * each with its rate of errors, and answers anything else with words that mean nothing, at its cost.
 */
import {
  answerInTags,
  type Capability,
  checkBetween,
  checkKeys,
  type Model,
  parametersOf,
  randomIndex,
  UsageError,
  words,
} from "../core/index.ts";
import { type SimulatedOptions, simulatedKeys, simulatedModel } from "./simulated-text.ts";

/** Options of a capable simulated model. */
export interface SimulatedCapableOptions extends Omit<SimulatedOptions, "rewriteRate"> {
  /** What it can do; the first that answers a prompt is taken. */
  readonly capabilities: readonly Capability[];
  /** Share of wrong answers, from 0 to 1, for all capabilities; default: what each one says. */
  readonly errorRate?: number;
}

/** Words of an answer to a task that is beyond the model. */
const wordsWhenLost = 4;

/** Makes a simulated model that performs the tasks of a capabilities set. */
export function simulatedCapable(options: SimulatedCapableOptions): Model {
  const kind = "simulated-capable";
  const keys = simulatedKeys.filter((key) => key !== "rewriteRate");
  checkKeys(kind, options, [...keys, "capabilities", "errorRate"]);
  const { capabilities, errorRate, ...shared } = options;
  if (!Array.isArray(capabilities) || !capabilities.every(isCapability)) {
    throw new UsageError(`${kind}: capabilities must be a list of capabilities, e.g. routingTasks(12)`);
  }
  if (errorRate !== undefined) checkBetween(`${kind}: errorRate`, errorRate, 0, 1);
  const rates = capabilities.map(({ name, errorRate: own = 0 }) => {
    const rate = errorRate ?? own;
    return typeof rate === "function" ? rate : checkBetween(`${kind}: errorRate of ${name}`, rate, 0, 1);
  });
  const names = capabilities.map(({ name }) => name);
  const model = simulatedModel(
    {
      kind,
      parameters: parametersOf({ capabilities: names.join(", "), errorRate }),
      rewrite: () => [],
      answer(prompt, rng) {
        for (const [index, capability] of capabilities.entries()) {
          const right = capability.answer(prompt);
          if (right === undefined) continue;
          const rate = rates[index] ?? 0;
          const isWrong = rng() < (typeof rate === "function" ? rate(prompt) : rate);
          return isWrong ? capability.wrong(prompt, right, rng) : right;
        }
        const lost = Array.from({ length: wordsWhenLost }, () => words[randomIndex(rng, words.length)]);
        return answerInTags(prompt, lost.join(" "));
      },
    },
    shared,
  );
  return Object.freeze({ ...model, capabilities: names });
}

/** Whether a user's own has all it needs: without `wrong`, the first error would end as a failed call. */
function isCapability(given: Partial<Capability> | null | undefined): boolean {
  const { name, answer, wrong } = given ?? {};
  return Boolean(name) && typeof answer === "function" && typeof wrong === "function";
}
