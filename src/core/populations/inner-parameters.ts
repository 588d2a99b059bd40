import type { Parameters } from "../parameters.ts";
import type { Population } from "../population.ts";

/** What a population that wraps another says of it: its name, and its parameters with "population." in front. */
export function innerParameters({ name, parameters }: Population): Parameters {
  const named = Object.entries(parameters).map(([key, value]) => [`population.${key}`, value] as const);
  return { population: name, ...Object.fromEntries(named) };
}
