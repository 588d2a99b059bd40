import { UsageError } from "../errors.ts";
import type { Parameters } from "../parameters.ts";
import type { Population } from "../population.ts";

/** What a population that wraps another says of it: its name, and its parameters with "population." in front. */
export function innerParameters(where: string, population: Population): Parameters {
  if (typeof population?.start !== "function") {
    const got = typeof population === "string" ? `'${population}'` : `a ${typeof population} without start()`;
    throw new UsageError(`${where} needs a population first, got ${got}; write ${where}(greedy(), { ... })`);
  }
  const { name, parameters } = population;
  const named = Object.entries(parameters).map(([key, value]) => [`population.${key}`, value] as const);
  return { population: name, ...Object.fromEntries(named) };
}
