import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EvaluatedCandidate, fitnessOf, rngFrom } from "../../../src/core/index.ts";
import { drawSample } from "../../../src/core/populations/draw-sample.ts";
import { rankFronts } from "../../../src/core/populations/fronts.ts";
import { pareto } from "../../../src/core/populations/pareto.ts";
import { evaluated, genomeOf } from "../fixtures.ts";
import { initially, membersOf } from "./members.ts";
import { crowdingOf, leavingOf, type Point, ranksOf } from "./nsga-ii.ts";
import { ask, crashed, fits, tellAll } from "./play.ts";

const letters = ["a", "b", "c"] as const;

/** A candidate with metrics a, b, c, as many as given. */
const at = (...values: readonly number[]) => ofFitnessAt(0, ...values);

function ofFitnessAt(fitness: number, ...values: readonly number[]): EvaluatedCandidate {
  const metrics = Object.fromEntries(values.map((value, index) => [letters[index], value]));
  return evaluated({ status: "ok", fitness, metrics });
}

const both = { a: "max", b: "max" } as const;

describe("fronts", () => {
  const rank = (points: readonly Point[]) => {
    const metrics = points[0]!.length;
    const standings = new Float64Array(2 * points.length);
    rankFronts({ cells: Float64Array.from(points.flat()), metrics }, points.length, standings);
    const column = (offset: number) => points.map((_, row) => standings[2 * row + offset]);
    return { ranks: column(0), crowding: column(1) };
  };

  it("have the ranks that peeling gives, also among equals and where values lack", () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Number.NEGATIVE_INFINITY));
    const points = fc.integer({ min: 1, max: 4 }).chain((metrics) => {
      const point = fc.array(value, { minLength: metrics, maxLength: metrics });
      return fc.array(point, { minLength: 1, maxLength: 40, size: "max" });
    });
    fc.assert(
      fc.property(points, (given) => {
        const { ranks, crowding } = rank(given);
        expect(ranks).toEqual(ranksOf(given));
        expect(crowding.every((distance) => distance! >= 0)).toBe(true);
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it("have crowding distances as defined", () => {
    const rng = rngFrom("crowding");
    for (const metrics of [1, 2, 3]) {
      const points = Array.from({ length: 40 }, () => Array.from({ length: metrics }, () => rng()));
      const { ranks, crowding } = rank(points);
      for (const [index, point] of points.entries()) {
        const front = points.filter((_, other) => ranks[other] === ranks[index]);
        expect(crowding[index]).toBeCloseTo(crowdingOf(point, front), 12);
      }
    }
  });

  it("measure nothing by a metric in which all are equal, and take a lacking value for the worst", () => {
    expect(rank([3, 1, 2, 4].map((value) => [value, 7, -value])).crowding).toEqual([
      4 / 3,
      Number.POSITIVE_INFINITY,
      4 / 3,
      Number.POSITIVE_INFINITY,
    ]);
    const { crowding } = rank([
      [Number.NEGATIVE_INFINITY, 5],
      [1, 4],
      [2, 3],
      [5, 1],
    ]);
    // a: 1 (for none), 1, 2, 5, range 4; b: 5, 4, 3, 1, range 4.
    expect(crowding).toEqual([Number.POSITIVE_INFINITY, 3 / 4, 7 / 4, Number.POSITIVE_INFINITY]);
  });
});

describe("the pareto population", () => {
  it("lets the most crowded of the last front go, the oldest of equals", () => {
    const [first, second, third, fourth] = [at(1, 5), at(2, 4), at(4, 2), at(5, 1)];
    const state = pareto({ size: 4, metrics: both }).start(initially(first));
    expect(tellAll(state, [second, third, fourth])).toEqual([true, true, true]);
    // Of (2,4), (3,3) and (4,2) each has distance 2/4 + 2/4: the oldest goes.
    const middle = at(3, 3);
    expect(tellAll(state, [middle])).toEqual([true]);
    expect(membersOf(state)).toEqual(new Set([initially(first), middle, third, fourth]));
    // Distances: (3,3): 3/4 + 3/4, (4,2) and (4.5,1.5): less; (4.5,1.5): 1/4 + 1/4 is the least.
    expect(tellAll(state, [at(4.5, 1.5)])).toEqual([false]);
    // A dominated one goes at once, whatever its distance.
    expect(tellAll(state, [at(1, 1), at(2, 3)])).toEqual([false, false]);
    // One that dominates all others but the best in b makes the last front of the others.
    const best = at(9, 4);
    expect(tellAll(state, [best, at(3, 4.5), at(2, 4.75)])).toEqual([true, true, true]);
    expect(membersOf(state).size).toBe(4);
    expect(membersOf(state)).toContain(best);
  });

  it("lets the oldest of equals go, wherever it is kept", () => {
    const [initial, ...others] = Array.from({ length: 6 }, () => at(1, 1));
    const state = pareto({ size: 3, metrics: both }).start(initially(initial!));
    expect(tellAll(state, others.slice(0, 3))).toEqual([true, true, true]);
    const sequences = () => [...membersOf(state)].map(({ candidate }) => candidate.sequence).sort();
    const of = (...members: readonly EvaluatedCandidate[]) =>
      members.map(({ candidate }) => candidate.sequence);
    // The initial solution stays as the best of each metric.
    expect(sequences()).toEqual([0, ...of(others[1]!, others[2]!)].sort());
    tellAll(state, [others[3]!]);
    expect(sequences()).toEqual([0, ...of(others[2]!, others[3]!)].sort());
  });

  it("no longer keeps the best of a metric when one as good in it dominates it", () => {
    const initial = initially(at(5, 1));
    const state = pareto({ size: 3, metrics: both }).start(initial);
    const told = [at(5, 2), at(0, 9), at(4, 5)];
    expect(tellAll(state, told)).toEqual([true, true, true]);
    expect(membersOf(state)).toEqual(new Set(told));
  });

  it("takes the goals as they are: what is least of a metric, and of the length", () => {
    const written = (fitness: number, text: string) =>
      evaluated({ status: "ok", fitness }, genomeOf(text, ""));
    const initial = initially(written(1, "12345"));
    const state = pareto({ size: 2 }).start(initial);
    expect(pareto().parameters).toEqual({ size: 50, metrics: "max fitness, min length", sample: 50 });
    const shorter = written(0, "123");
    expect(tellAll(state, [shorter, written(1, "123456"), written(-1, "1234")])).toEqual([
      true,
      false,
      false,
    ]);
    expect(membersOf(state)).toEqual(new Set([initial, shorter]));
    const dominating = written(2, "1");
    expect(tellAll(state, [dominating])).toEqual([true]);
    expect(membersOf(state)).toContain(dominating);
  });

  it.each([
    { size: 8, metrics: both },
    { size: 20, metrics: { a: "max", b: "min" } as const },
    { size: 15, metrics: { a: "min", b: "max", c: "min" } as const },
    { size: 30, metrics: { a: "min" } as const, sample: 30 },
  ])("is NSGA-II with one child a generation, as long as the sample is everyone: %o", (options) => {
    const rng = rngFrom("reference", JSON.stringify(options));
    const goals = Object.values(options.metrics);
    const draw = () => {
      const angle = rng();
      // Near a trade-off, so that the first front is long at times.
      return goals.map((goal, metric) => (goal === "min" ? -1 : 1) * (metric === 0 ? angle : -angle + rng()));
    };
    // Each point by its raw values; the reference has them all to be maximized.
    const pointOf = (values: readonly number[]) =>
      values.map((value, metric) => (goals[metric] === "min" ? -value : value));
    const initial = initially(ofFitnessAt(rng(), ...draw()));
    const valuesOf = ({ evaluation }: EvaluatedCandidate) =>
      evaluation.status === "ok" ? Object.values(evaluation.metrics!) : [];
    const points = new Map<Point, EvaluatedCandidate>([[pointOf(valuesOf(initial)), initial]]);
    const state = pareto(options).start(initial);
    let leftFromLaterFronts = 0;
    for (let result = 0; result < 300; result++) {
      const child = ofFitnessAt(rng(), ...draw());
      const point = pointOf(valuesOf(child));
      points.set(point, child);
      let isAccepted = true;
      if (points.size > options.size) {
        const all = [...points.keys()];
        const fitness = (one: Point) => fitnessOf(points.get(one)!.evaluation);
        const fittest = all.reduce((best, one) => (fitness(one) > fitness(best) ? one : best));
        const isBest = (one: Point) =>
          one.some((value, metric) => all.every((other) => (other[metric] as number) <= value)) ||
          one === fittest;
        const leaving = leavingOf(all, (one) => !isBest(one));
        if (Math.max(...ranksOf(all)) > 0) leftFromLaterFronts += 1;
        points.delete(leaving);
        isAccepted = leaving !== point;
      }
      ask(state);
      expect(state.tell(child)).toBe(isAccepted);
    }
    expect(leftFromLaterFronts).toBeGreaterThan(0);
    expect([...membersOf(state)].map(({ candidate }) => candidate.sequence).sort()).toEqual(
      [...points.values()].map(({ candidate }) => candidate.sequence).sort(),
    );
  });

  it("never loses the best of a metric nor the fittest, also where a sample decides who goes", () => {
    const small = fc.integer({ min: 0, max: 6 });
    const told = fc.array(fc.tuple(small, small, small), { minLength: 1, maxLength: 60, size: "max" });
    const options = fc.constantFrom({ size: 3, sample: 3 }, { size: 6, sample: 3 }, { size: 20, sample: 5 });
    fc.assert(
      fc.property(options, told, fc.nat(), (given, all, seed) => {
        const candidates = all.map(([fitness, a, b]) =>
          evaluated({ status: "ok", fitness, metrics: { a, b } }),
        );
        const initial = initially(candidates[0]!);
        const state = pareto({ ...given, metrics: { a: "max", b: "min" } }).start(initial);
        const rng = rngFrom(seed);
        const values = ({ evaluation }: EvaluatedCandidate) =>
          evaluation.status === "ok"
            ? [evaluation.fitness, evaluation.metrics!.a!, -evaluation.metrics!.b!]
            : [];
        const bestOf = (some: Iterable<EvaluatedCandidate>) =>
          [0, 1, 2].map((metric) => Math.max(...[...some].map((one) => values(one)[metric]!)));
        const seen = [initial];
        for (const child of candidates.slice(1)) {
          seen.push(child);
          state.ask(rng, 1);
          state.tell(child);
          const members = membersOf(state);
          expect(members.size).toBe(Math.min(given.size, seen.length));
          expect(bestOf(members)).toEqual(bestOf(seen));
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("comes near the front of what it was told, also where a sample decides who goes", () => {
    const rng = rngFrom("quality");
    const draw = () => {
      const [a, loss] = [rng(), rng()];
      return at(a, 1 - a - loss);
    };
    const state = pareto({ size: 200, sample: 10, metrics: both }).start(initially(draw()));
    for (let result = 0; result < 5000; result++) {
      state.ask(rng, 1);
      state.tell(draw());
    }
    const losses = [...membersOf(state)].map(({ evaluation }) =>
      evaluation.status === "ok" ? 1 - evaluation.metrics!.a! - evaluation.metrics!.b! : 1,
    );
    expect(losses).toHaveLength(200);
    // Without selection: mean 0.5, standard error 0.29 / sqrt(200) = 0.02. The best 200 of 5,000 have 0.02.
    expect(losses.reduce((sum, loss) => sum + loss, 0) / 200).toBeLessThan(0.25);
  });

  it("draws parents by tournaments of two: domination, then rank, then crowding distance", () => {
    const shares = (members: readonly EvaluatedCandidate[], parentCount: number, sample?: number) => {
      const options = { size: members.length, ...(sample === undefined ? {} : { sample }) };
      // One that leaves as soon as they are too many, whose place the last one then takes.
      const state = pareto({ ...options, metrics: both }).start(initially(at(-1, -1)));
      tellAll(state, members);
      const rng = rngFrom("tournament");
      const counts = members.map(() => 0);
      for (let draw = 0; draw < 6000; draw++) {
        const { parents } = state.ask(rng, parentCount)!;
        const { evaluation } = parents.at(-1)!;
        counts[members.findIndex((one) => one.evaluation === evaluation)]! += 1;
      }
      return counts;
    };
    const chain = [at(3, 3), at(2, 2), at(1, 1)];
    expect(fits(shares(chain, 1), [2 / 3, 1 / 3, 0])).toBe(true);
    // The second parent wins among the two that are left.
    expect(fits(shares(chain, 2), [1 / 3, 2 / 3, 0])).toBe(true);
    // One front: two ends (a draw of one of them first wins), then distances 8/9 + 7/9 and 5/9 + 6/9.
    const front = [at(0, 9), at(4, 5), at(8, 2), at(9, 0)];
    expect(fits(shares(front, 1), [5 / 12, 1 / 6, 0, 5 / 12])).toBe(true);
    // Domination decides also where ranks are out of date, as the sample is small.
    const long = Array.from({ length: 10 }, (_, index) => at(index, index));
    expect(
      fits(
        shares(long, 1, 3),
        long.map((_, index) => index / 45),
      ),
    ).toBe(true);
    // Neither of (1,4) and (4,0) dominates the other; their ranks are 0 and 1.
    const ranked = [at(1, 4), at(4, 0), at(5, 1)];
    expect(fits(shares(ranked, 1), [1 / 3 + 1 / 6, 0, 1 / 3 + 1 / 6])).toBe(true);
  });

  it("counts a candidate that lacks a metric as the worst possible in it", () => {
    const initial = initially(evaluated({ status: "ok", fitness: 1, metrics: { a: 0 } }));
    const state = pareto({ size: 3, metrics: { a: "min", fitness: "max" } }).start(initial);
    const fit = evaluated({ status: "ok", fitness: 2 });
    const odd = evaluated({ status: "ok", fitness: 2, metrics: { a: Number.NaN } });
    const good = evaluated({ status: "ok", fitness: 1.5, metrics: { a: 1e300 } });
    expect(tellAll(state, [fit, good])).toEqual([true, true]);
    const unfit = evaluated({ status: "ok", fitness: 1, metrics: {} });
    expect(tellAll(state, [unfit])).toEqual([false]);
    expect(membersOf(state)).toEqual(new Set([initial, fit, good]));
    expect(tellAll(pareto({ metrics: { a: "min" } }).start(initial), [odd])).toEqual([true]);
  });

  it("lets no failed evaluation enter, and takes immigrants as if they were told", () => {
    const initial = initially(at(1, 1));
    const state = pareto({ size: 3, metrics: both }).start(initial);
    expect(tellAll(state, [undefined, crashed()])).toEqual([false, false]);
    state.immigrate?.(crashed());
    const better = at(2, 2);
    state.immigrate?.({ ...better, candidate: { ...better.candidate, generation: 5 } });
    expect(ask(state)).toMatchObject({ parents: [{ evaluation: better.evaluation }], generation: 6 });
    expect(membersOf(state).size).toBe(2);
  });

  it("shows other members as inspirations, and the same parent again only where there is no other", () => {
    const initial = initially(at(1, 1));
    const state = pareto({ metrics: both }).start(initial);
    expect(ask(state, 2, 2)).toEqual({ parents: [initial, initial], generation: 1, inspirations: [] });
    tellAll(state, [at(2, 2), at(3, 1)]);
    const { parents, inspirations = [] } = ask(state, 2, 2);
    expect(inspirations).toHaveLength(1);
    expect(new Set([...parents, ...inspirations]).size).toBe(3);
  });

  it("takes its samples from the generator of the candidate, whatever else is in flight", () => {
    const rng = rngFrom("told");
    const children = Array.from({ length: 300 }, () => at(rng(), rng()));
    const kept = (key: string, inFlight: number) => {
      const state = pareto({ size: 40, sample: 5, metrics: both }).start(initially(children[0]!));
      for (let first = 1; first < children.length; first += inFlight) {
        const some = children.slice(first, first + inFlight);
        for (const index of some.keys()) state.ask(rngFrom(key, first + index), 1);
        for (const child of some) state.tell(child);
      }
      return [...membersOf(state)].map(({ candidate }) => candidate.sequence).sort();
    };
    expect(kept("one", 13)).toEqual(kept("one", 13));
    expect(kept("one", 13)).not.toEqual(kept("other", 13));
  });

  it("says what is wrong with its options", () => {
    expect(() => pareto({ goals: {} } as never)).toThrow(
      "pareto: option 'goals' is unknown; known: size, metrics, sample",
    );
    expect(() => pareto({ metrics: {} })).toThrow("metrics must name at least one metric");
    expect(() => pareto({ metrics: { a: "least" } } as never)).toThrow(
      `pareto: metric 'a' must be "max" or "min", got least`,
    );
    expect(() => pareto({ size: 2, metrics: both })).toThrow(
      "size must be a whole number of at least 3, got 2",
    );
    expect(() => pareto({ sample: 1 })).toThrow("sample must be a whole number of at least 2, got 1");
    expect(() => pareto({ metrics: both }).start(initially(at(1)))).toThrow(
      "pareto: the initial solution's evaluation has no metric 'b'; known: a, diversity, fitness, length",
    );
    expect(fitnessOf(ask(pareto({ metrics: both }).start(at(1))).parents[0].evaluation)).toBe(0);
  });
});

describe("samples", () => {
  it("have different numbers, each set of them as likely as any other", () => {
    const sample = new Int32Array(3);
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 20_000; seed++) {
      drawSample(Math.imul(seed, 0x9e3779b9), 6, sample);
      const drawn = [...sample].sort().join();
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].every((drawn) => new Set(drawn.split(",")).size === 3)).toBe(true);
    expect(counts.size).toBe(20);
    expect(fits([...counts.values()], new Array(20).fill(1 / 20))).toBe(true);
  });
});
