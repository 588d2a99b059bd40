/** Remembers what neighbouring components together came to. */
import type { Component, Genome } from "../../src/core/index.ts";

/** Most results kept with one component. */
const mostKept = 1000;

/**
 * The same function of the texts of a component and of the `reach` components after it, in a circle, computed
 * once for the same component objects: candidates share those that they did not change. What is known of a
 * component goes with it.
 */
export function perNeighbourhood(
  size: number,
  reach: number,
  compute: (index: number, texts: readonly string[]) => boolean,
): (index: number, genome: Genome) => boolean {
  const numbers = new WeakMap<Component, number>();
  let numbered = 0;
  const numberOf = (component: Component) => {
    let number = numbers.get(component);
    if (number === undefined) {
      number = numbered++;
      numbers.set(component, number);
    }
    return number;
  };
  const known = Array.from({ length: size }, () => new WeakMap<Component, Map<string, boolean>>());
  return (index, genome) => {
    const members = Array.from({ length: reach + 1 }, (_, step) => genome[(index + step) % size]);
    const [first, ...others] = members.filter((member) => member !== undefined);
    if (first === undefined) throw new RangeError(`Expected a solution of ${size} blocks`);
    let results = known[index]?.get(first);
    if (results === undefined) {
      results = new Map();
      known[index]?.set(first, results);
    }
    const key = others.map(numberOf).join();
    let result = results.get(key);
    if (result === undefined) {
      if (results.size === mostKept) results.clear();
      result = compute(
        index,
        [first, ...others].map(({ text }) => text),
      );
      results.set(key, result);
    }
    return result;
  };
}
