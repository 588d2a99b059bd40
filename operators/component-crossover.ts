/** Recombination without a model: a child takes some components from a second parent, at no primitive. */
import {
  checkBetween,
  checkKeys,
  defineOperator,
  type Genome,
  type Operator,
  parametersOf,
  pickKnown,
  proposed,
  type Rng,
  randomIndex,
  rejected,
  UsageError,
} from "../src/core/index.ts";

/** Which components the child takes from the second parent. */
export type CrossoverKind = "uniform" | "one-point" | "two-point";

/** Options of component-crossover. */
export interface ComponentCrossoverOptions {
  /**
   * `uniform` (default): each with probability `share`, by itself. `one-point`: all before a random point, or
   * all behind it. `two-point`: a random stretch, which may go around the end.
   */
  readonly kind?: CrossoverKind;
  /** For kind `uniform`: above 0 and below 1; default 0.5. */
  readonly share?: number;
}

/** Draws again so often where a child would be one of its parents. */
const mostDraws = 100;

/** Each draws, of so many components, at least 2, the places of those that come from the second parent. */
const kinds: Readonly<Record<CrossoverKind, (count: number, rng: Rng, share: number) => readonly number[]>> =
  {
    uniform(count, rng, share) {
      for (let draw = 0; draw < mostDraws; draw++) {
        const taken = placesTo(count).filter(() => rng() < share);
        if (taken.length > 0 && taken.length < count) return taken;
      }
      return [];
    },
    "one-point"(count, rng) {
      const point = 1 + randomIndex(rng, count - 1);
      const isHead = rng() < 0.5;
      return placesTo(count).filter((place) => place < point === isHead);
    },
    "two-point"(count, rng) {
      const start = randomIndex(rng, count);
      const length = 1 + randomIndex(rng, count - 1);
      return placesTo(length).map((step) => (start + step) % count);
    },
  };

function placesTo(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

/**
 * Makes the operator that takes some components from a second parent. Only components in which the parents
 * differ take part (the reduced surrogate of Booker 1987), so that the child is neither of them; where there
 * are not two such components, the proposal is a rejection.
 */
export function componentCrossover(options: ComponentCrossoverOptions = {}): Operator {
  checkKeys("component-crossover", options, ["kind", "share"]);
  const { kind = "uniform", share = 0.5 } = options;
  const draw = pickKnown("Kind", kind, kinds);
  if (options.share !== undefined && kind !== "uniform") {
    throw new UsageError(`component-crossover: share has no meaning with kind "${kind}"`);
  }
  checkBetween("component-crossover: share", share, 1e-9, 1 - 1e-9);
  return defineOperator({
    name: "component-crossover",
    description: `takes some components from a second parent, without a model; kinds: ${Object.keys(kinds).join(", ")}`,
    parameters: parametersOf({ kind, share: kind === "uniform" ? share : undefined }),
    scope: "recombination",
    roles: [],
    parentCount: 2,
    async propose({ parents: [first, second = first], rng }) {
      const other = second.candidate.genome;
      const differing = differingIndexes(first.candidate.genome, other);
      if (differing.length === 0) return rejected("the parents are equal");
      if (differing.length === 1) return rejected("the parents differ in one component only");
      const changes = new Map<number, string>();
      for (const place of draw(differing.length, rng, share)) {
        const index = differing[place] ?? 0;
        changes.set(index, other[index]?.text ?? "");
      }
      if (changes.size === 0) return rejected(`${mostDraws} draws gave one of the parents`);
      return proposed(changes);
    },
  });
}

function differingIndexes(first: Genome, second: Genome): number[] {
  return placesTo(first.length).filter((index) => first[index]?.text !== second[index]?.text);
}
