import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rngFrom } from "../../../src/core/index.ts";
import { RankedList } from "../../../src/core/populations/ranked-list.ts";
import { fits } from "./play.ts";

/** The same by a sorted array: the fittest first, of equals the newer first. */
class Model {
  readonly entries: { readonly fitness: number; readonly member: number }[] = [];
  insert(fitness: number, member: number): void {
    const index = this.entries.findIndex((entry) => entry.fitness <= fitness);
    this.entries.splice(index === -1 ? this.entries.length : index, 0, { fitness, member });
  }
}

function contentOf(list: RankedList<number>) {
  return Array.from({ length: list.size }, (_, rank) => {
    const place = list.at(rank);
    return { fitness: list.fitness(place), member: list.member(place) };
  });
}

/** A list of so many members, 0, 1, 2, ..., whose fitness is given. */
function listOf(count: number, fitnessOf: (member: number) => number): RankedList<number> {
  const list = new RankedList<number>();
  for (let member = 0; member < count; member++) list.insert(fitnessOf(member), member);
  return list;
}

describe("a ranked list", () => {
  it("does the same as a sorted array, whatever comes and goes", () => {
    // Bursts, so that blocks fill up, are split and are emptied; few or many different numbers.
    const burst = fc.record({
      insert: fc.boolean(),
      count: fc.integer({ min: 1, max: 700 }),
      seed: fc.integer(),
      kinds: fc.constantFrom(1, 3, 50, 1e6),
    });
    fc.assert(
      fc.property(fc.array(burst, { maxLength: 8 }), (bursts) => {
        const list = new RankedList<number>();
        const model = new Model();
        let member = 0;
        for (const { insert, count, seed, kinds } of bursts) {
          const rng = rngFrom(seed);
          for (let step = 0; step < count; step++) {
            if (insert || model.entries.length === 0) {
              const fitness = Math.floor(rng() * kinds);
              list.insert(fitness, member);
              model.insert(fitness, member);
              member += 1;
            } else {
              const { fitness, member: last } = model.entries.pop()!;
              if (list.worstFitness !== fitness || list.removeWorst() !== last) expect.fail(`not ${last}`);
            }
            if (step % 97 === 0 && list.size > 0) {
              const rank = Math.floor(rng() * list.size);
              expect(list.member(list.at(rank))).toBe(model.entries[rank]!.member);
            }
          }
          expect(contentOf(list)).toEqual(model.entries);
        }
      }),
      { seed: 5, numRuns: 25 },
    );
  });

  it("keeps ranks right over many groups of blocks", () => {
    const rng = rngFrom("groups");
    const count = 40_000;
    const fitness = Float64Array.from({ length: count }, () => rng());
    const list = listOf(count, (member) => fitness[member]!);
    const sorted = [...fitness.slice().sort().reverse()];
    expect(contentOf(list).map((one) => one.fitness)).toEqual(sorted);
    const removed = Array.from({ length: count - 500 }, () => fitness[list.removeWorst()]);
    expect(removed.reverse()).toEqual(sorted.slice(500));
    expect(contentOf(list).map((one) => one.fitness)).toEqual(sorted.slice(0, 500));
  });

  it("orders minus infinity and infinity like any other number", () => {
    const list = listOf(
      4,
      (member) => [Number.NEGATIVE_INFINITY, 1e308, -1e308, Number.POSITIVE_INFINITY][member]!,
    );
    expect(contentOf(list).map(({ member }) => member)).toEqual([3, 1, 2, 0]);
    expect(list.worstFitness).toBe(Number.NEGATIVE_INFINITY);
  });

  it("draws every member with the same probability", () => {
    for (const count of [1, 2, 256, 700]) {
      const rng = rngFrom("draw", count);
      const list = listOf(count + 300, (member) => (member * 7919) % 997);
      for (let removed = 0; removed < 300; removed++) list.removeWorst();
      list.insert(-1, 5000); // into a block with free places
      list.removeWorst();
      const counts = new Map(contentOf(list).map(({ member }) => [member, 0]));
      expect(counts.size).toBe(count);
      for (let draw = 0; draw < 40 * count; draw++) {
        const member = list.member(list.draw(rng));
        counts.set(member, counts.get(member)! + 1);
      }
      expect(counts.size).toBe(count);
      if (count > 1)
        expect([...counts.values()]).toSatisfy((drawn: number[]) =>
          fits(drawn, Array(count).fill(1 / count)),
        );
    }
  });

  it("compares members by fitness alone, also where it knows more by their blocks", () => {
    for (const kinds of [1, 2, 5, 1e9]) {
      const rng = rngFrom("compare", kinds);
      const list = listOf(2000, () => Math.floor(rng() * kinds));
      const pairs = Array.from({ length: 2000 }, () => [list.draw(rng), list.draw(rng)] as const);
      expect(pairs.map(([place, other]) => list.isFitter(place, other))).toEqual(
        pairs.map(([place, other]) => list.fitness(place) > list.fitness(other)),
      );
      for (const shift of [0, 0.5, -0.5]) {
        expect(pairs.map(([place, other]) => list.isAbove(place, list.fitness(other) + shift))).toEqual(
          pairs.map(([place, other]) => list.fitness(place) > list.fitness(other) + shift),
        );
      }
    }
  });

  it("is empty after clear, and can be used again", () => {
    const list = listOf(1000, (member) => member % 10);
    list.clear();
    expect([list.size, list.worstFitness]).toEqual([0, Number.NEGATIVE_INFINITY]);
    const model = new Model();
    for (let member = 0; member < 1000; member++) {
      list.insert(member % 7, member);
      model.insert(member % 7, member);
    }
    expect(contentOf(list)).toEqual(model.entries);
  });
});
