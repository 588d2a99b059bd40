import { describe, expect, it } from "vitest";
import { type EvaluatedCandidate, rngFrom } from "../../../src/core/index.ts";
import { PowerLaw } from "../../../src/core/populations/power-law.ts";
import { RankedList } from "../../../src/core/populations/ranked-list.ts";
import { checkSelection, type SelectionOptions } from "../../../src/core/populations/selection.ts";
import { ofFitness } from "../fixtures.ts";
import { fits } from "./play.ts";

const draws = 20_000;

/** How often each member is the first parent, and the second one; members by their index in `fitness`. */
function drawPairs(options: SelectionOptions, fitness: readonly number[]) {
  const members = fitness.map((one) => ofFitness(one));
  const list = new RankedList<EvaluatedCandidate>();
  for (const [index, member] of members.entries()) list.insert(fitness[index]!, member);
  const select = checkSelection("test", options).start();
  const rng = rngFrom("selection", JSON.stringify(options), fitness.join());
  const first = fitness.map(() => 0);
  const pairs = fitness.map(() => fitness.map(() => 0));
  for (let draw = 0; draw < draws; draw++) {
    const [one, other] = select(list, rng, 2).map((place) => members.indexOf(list.member(place)));
    first[one!]! += 1;
    pairs[one!]![other!]! += 1;
  }
  return { first, pairs };
}

/** Checks both parents: the second is drawn as the first is, from the others. */
function expectSelection(
  options: SelectionOptions,
  fitness: readonly number[],
  probabilities: (fitness: readonly number[]) => readonly number[],
) {
  const { first, pairs } = drawPairs(options, fitness);
  const expected = probabilities(fitness);
  expect(first).toSatisfy((counts: number[]) => fits(counts, expected));
  const others = fitness.flatMap((_, taken) => {
    const rest = probabilities(fitness.toSpliced(taken, 1));
    return rest.toSpliced(taken, 0, 0).map((probability) => probability * expected[taken]!);
  });
  expect(pairs.flat()).toSatisfy((counts: number[]) => fits(counts, others));
}

/** Normalized to sum 1. */
function shares(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

describe("tournament selection", () => {
  /** Fitness ascending, no equals: the member of index i wins when all drawn are at most i, and one is i. */
  const ascending = (size: number) => (fitness: readonly number[]) =>
    fitness.map((_, index) => ((index + 1) / fitness.length) ** size - (index / fitness.length) ** size);

  it("takes each member with the probability that it is the best of those drawn", () => {
    for (const tournamentSize of [1, 2, 5]) {
      expectSelection({ tournamentSize }, [-3, 0, 1, 1.5, 7, 1e9], ascending(tournamentSize));
    }
  });

  it("is fair to equals", () => {
    expectSelection({ selection: "tournament", tournamentSize: 3 }, [4, 4, 4, 4, 4], (fitness) =>
      fitness.map(() => 1 / fitness.length),
    );
  });
});

describe("power-law selection", () => {
  it("takes the member of rank r with probability proportional to r^-exponent", () => {
    for (const exponent of [0, 0.5, 1, 3]) {
      // Fitness descending: the rank is the index + 1.
      expectSelection({ selection: "power-law", exponent }, [9, 5, 4, 3.5, 3, -2], (fitness) =>
        shares(fitness.map((_, index) => (index + 1) ** -exponent)),
      );
    }
  });

  it("ranks the newer of equals first", () => {
    const { first } = drawPairs({ selection: "power-law", exponent: 100 }, [1, 1, 1]);
    expect(first).toEqual([0, 0, draws]);
  });

  it("is exact for long tails too", () => {
    for (const exponent of [0.3, 1, 1.7]) {
      const n = 1000;
      const law = new PowerLaw(exponent);
      const rng = rngFrom("tail", exponent);
      // Numbers from 2^i to below 2^(i+1) together.
      const counts = Array<number>(10).fill(0);
      const weights = Array<number>(10).fill(0);
      for (let r = 1; r <= n; r++) weights[Math.floor(Math.log2(r))]! += r ** -exponent;
      for (let draw = 0; draw < draws; draw++) counts[Math.floor(Math.log2(law.draw(rng, n)))]! += 1;
      expect(counts).toSatisfy((drawn: number[]) => fits(drawn, shares(weights)));
    }
  });

  it("follows the number of members", () => {
    const law = new PowerLaw(1);
    const rng = rngFrom("growing");
    for (let n = 1; n < 200; n++) expect(law.draw(rng, n)).toSatisfy((r: number) => r >= 1 && r <= n);
    for (let draw = 0; draw < 100; draw++) expect(law.draw(rng, 1)).toBe(1);
  });
});

describe("fitness-proportional selection", () => {
  /** By what a member is above the worst of them all, also where that one is taken. */
  const above = (lowest: number) => (fitness: readonly number[]) =>
    shares(fitness.map((one) => one - lowest));

  it("takes each member with probability proportional to what it is above the worst", () => {
    expectSelection({ selection: "fitness-proportional" }, [10, 11, 12, 14, 18], above(10));
    expectSelection({ selection: "fitness-proportional" }, [-1e6, -1e6 + 1, -1e6 + 3], above(-1e6));
  });

  it("draws uniformly where all are equal", () => {
    expectSelection({ selection: "fitness-proportional" }, [2, 2, 2, 2], (fitness) =>
      fitness.map(() => 1 / fitness.length),
    );
  });

  it("draws uniformly among the others while the worst has no finite distance", () => {
    for (const worst of [Number.NEGATIVE_INFINITY, -1.7e308]) {
      const { first } = drawPairs({ selection: "fitness-proportional" }, [worst, 1, 2, 1.7e308]);
      expect(first).toSatisfy((counts: number[]) => fits(counts, [0, 1 / 3, 1 / 3, 1 / 3]));
    }
  });

  it("takes the fittest in the end where one is so far above all others that no draw is accepted", () => {
    const fitness = Array.from({ length: 100_000 }, (_, index) => index % 2);
    fitness[4711] = 1e300;
    const members = fitness.map((one) => ofFitness(one));
    const list = new RankedList<EvaluatedCandidate>();
    for (const [index, member] of members.entries()) list.insert(fitness[index]!, member);
    const select = checkSelection("test", { selection: "fitness-proportional" }).start();
    expect(select(list, rngFrom("outlier"), 1).map((place) => list.member(place))).toEqual([members[4711]]);
  });
});
