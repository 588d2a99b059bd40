import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EvaluatedCandidate, rngFrom } from "../../../src/core/index.ts";
import { CellTable } from "../../../src/core/populations/cell-table.ts";
import { mapElites } from "../../../src/core/populations/map-elites.ts";
import { evaluated, genomeOf } from "../fixtures.ts";
import { initially, membersOf } from "./members.ts";
import { ask, crashed, fits, tellAll } from "./play.ts";

/** A candidate of a fitness with metrics. */
const of = (fitness: number, metrics: Readonly<Record<string, number>> = {}) =>
  evaluated({ status: "ok", fitness, metrics });
const speed = (fitness: number, value: number) => of(fitness, { speed: value });
const speeds = { name: "speed", low: 0, high: 10, bins: 5 };

describe("the map-elites population", () => {
  it("keeps the fittest of each cell, the older of equals", () => {
    const initial = initially(speed(0, 1));
    const state = mapElites({ measures: [speeds] }).start(initial);
    const [better, other, tie, worse] = [speed(1, 1.9), speed(-5, 2), speed(1, 0), speed(-6, 3)];
    expect(tellAll(state, [better, other, tie, worse])).toEqual([true, true, false, false]);
    expect(membersOf(state)).toEqual(new Set([better, other]));
  });

  it("puts what lies outside of the range into the nearest bin", () => {
    const state = mapElites({ measures: [speeds] }).start(initially(speed(0, 5)));
    const told = [speed(0, 1), speed(0, -1e300), speed(0, 9), speed(0, 10), speed(0, 1e300), speed(1, 11)];
    expect(tellAll(state, told)).toEqual([true, false, true, false, false, true]);
  });

  it("makes a cell of each combination of bins", () => {
    const measures = [speeds, { name: "size", low: -1, high: 1, bins: 4 }];
    const state = mapElites({ measures }).start(initially(of(0, { speed: 0, size: -1 })));
    const told = [];
    for (let one = 0; one < 5; one++)
      for (let other = 0; other < 4; other++)
        told.push(of(0, { speed: 2 * one + 1, size: other / 2 - 0.75 }));
    expect(tellAll(state, told)).toEqual(told.map((_, index) => index > 0)); // the first has the initial one's cell
    expect(membersOf(state).size).toBe(20);
  });

  it("sorts by length and by distance from the initial solution by default, for any problem", () => {
    const text = (fitness: number, ...texts: string[]) =>
      evaluated({ status: "ok", fitness }, genomeOf(...texts));
    const initial = initially(text(0, "aaaaa", "bbbbb")); // 10 characters: bins of 2 characters up to 20
    const state = mapElites().start(initial);
    const told: readonly (readonly [EvaluatedCandidate, boolean])[] = [
      [text(0, "aaaaa", "bbbbx"), true], // length 10, distance 0.1: another bin of diversity
      [text(0, "aaaaa", "bbxbb"), false], // the same cell
      [text(0, "aaaaa", "bbxxb"), true], // distance 0.2
      [text(0, "aaaaa", "bbbbbxx"), true], // length 12, distance 2/12
      [text(0, "aaaaa", "bbbbbx"), false], // length 11, distance 1/11: bins of "bbbbb" itself
      [text(0, "y".repeat(500), ""), true], // the border bins of both
      [text(1, "z".repeat(19), ""), true], // the same cell, better
    ];
    expect(
      tellAll(
        state,
        told.map(([one]) => one),
      ),
    ).toEqual(told.map(([, enters]) => enters));
    expect(membersOf(state).size).toBe(5);
  });

  it("takes 1,000 characters as the greatest length where the initial solution is empty", () => {
    const text = (length: number) => evaluated({ status: "ok", fitness: 0 }, genomeOf("x".repeat(length)));
    const state = mapElites({ measures: [{ name: "length" }] }).start(initially(text(0)));
    expect(tellAll(state, [text(99), text(100), text(950), text(1e4)])).toEqual([false, true, true, false]);
  });

  it("draws parents uniformly from the elites, the second from the others", () => {
    const elites = [0, 2, 4, 6, 8].map((value) => speed(value, value));
    const state = mapElites({ measures: [speeds] }).start(initially(elites[0]!));
    tellAll(state, elites.slice(1));
    const rng = rngFrom("uniform");
    const pairs = new Map<string, number>();
    for (let draw = 0; draw < 20_000; draw++) {
      const { parents } = state.ask(rng, 2)!;
      const pair = parents.map(({ evaluation }) => evaluation.status === "ok" && evaluation.fitness).join();
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    expect(pairs.size).toBe(20);
    expect(fits([...pairs.values()], new Array(20).fill(1 / 20))).toBe(true);
  });

  it("shows other elites as inspirations, as many as there are", () => {
    const elites = [initially(speed(0, 0)), ...[2, 4, 6].map((value) => speed(value, value))];
    const state = mapElites({ measures: [speeds] }).start(elites[0]!);
    expect(ask(state, 2, 3)).toEqual({ parents: [elites[0], elites[0]], generation: 1, inspirations: [] });
    tellAll(state, elites.slice(1));
    const { parents, inspirations = [] } = ask(state, 2, 5);
    expect(inspirations).toHaveLength(2);
    expect(new Set([...parents, ...inspirations])).toEqual(new Set(elites));
    expect(ask(state, 1, 2).inspirations).toHaveLength(2);
  });

  it("lets nothing enter that failed or lacks a metric", () => {
    const initial = initially(speed(0, 1));
    const state = mapElites({ measures: [speeds] }).start(initial);
    expect(tellAll(state, [undefined, crashed(), of(9), of(9, { speed: Number.NaN })])).toEqual(
      new Array(4).fill(false),
    );
    state.immigrate?.(of(9));
    state.immigrate?.(crashed());
    expect(membersOf(state)).toEqual(new Set([initial]));
  });

  it("takes immigrants into their cells, whose children are of a later generation", () => {
    const [initial, worse, better] = [initially(speed(1, 1)), speed(0, 1), speed(2, 1)];
    const state = mapElites({ measures: [speeds] }).start(initial);
    state.immigrate?.(worse);
    expect(ask(state)).toEqual({ parents: [initial], generation: 1 });
    state.immigrate?.({ ...better, candidate: { ...better.candidate, generation: 4 } });
    expect(ask(state)).toMatchObject({ parents: [{ evaluation: better.evaluation }], generation: 5 });
  });

  it("never waits, and gives 1 + the largest generation told so far", () => {
    const state = mapElites().start(initially(of(0)));
    const generations = () => ask(state).generation;
    expect([generations(), generations(), generations()]).toEqual([1, 1, 1]);
    state.tell(undefined);
    expect(generations()).toBe(2);
    for (let result = 0; result < 2; result++) state.tell(of(0));
    expect(generations()).toBe(2);
    state.tell(of(0));
    expect(generations()).toBe(3);
  });

  it("keeps a grid of any size: the elites are the same as in a small one", () => {
    const measures = [speeds, { name: "size", low: 0, high: 1, bins: 7 }];
    const great = [...measures, { name: "unused", low: 0, high: 1, bins: 2 ** 40 }];
    const metrics = fc.record({
      speed: fc.integer({ min: -1, max: 11 }),
      size: fc.double({ min: 0, max: 1 }),
    });
    const told = fc.tuple(
      fc.integer({ min: 0, max: 9 }),
      metrics.map((one) => ({ ...one, unused: 0.7 })),
    );
    fc.assert(
      fc.property(fc.array(told, { maxLength: 80, size: "max" }), (all) => {
        const candidates = all.map(([fitness, one]) => of(fitness, one));
        const initial = initially(of(0, { speed: 0, size: 0, unused: 0.7 }));
        const [small, large] = [measures, great].map((given) =>
          mapElites({ measures: given }).start(initial),
        );
        expect(tellAll(large!, candidates)).toEqual(tellAll(small!, candidates));
        expect(membersOf(large!)).toEqual(membersOf(small!));
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("says what it was made with", () => {
    expect(mapElites().parameters).toEqual({ measures: "length in 10 bins; diversity 0..1 in 10 bins" });
    const measures = [speeds, { name: "length", high: 500, bins: 3 }];
    expect(mapElites({ measures }).parameters).toEqual({
      measures: "speed 0..10 in 5 bins; length 0..500 in 3 bins",
    });
  });

  it("says what is wrong with its options", () => {
    const message = (measures: unknown) => {
      try {
        mapElites({ measures } as never);
      } catch (error) {
        return (error as Error).message;
      }
      return "nothing";
    };
    expect(() => mapElites({ axes: [] } as never)).toThrow("option 'axes' is unknown; known: measures");
    expect(message([])).toBe("map-elites: measures must name at least one measure, got none");
    expect(message([speeds, speeds])).toBe(
      "map-elites: measure 'speed' is given twice; each measure makes one side",
    );
    expect(message([{ ...speeds, max: 3 }])).toContain(
      "option 'max' is unknown; known: name, low, high, bins",
    );
    expect(message([{ name: "speed", low: 0 }])).toContain(
      "measure 'speed': high must be a number, got undefined",
    );
    expect(message([{ ...speeds, low: 10 }])).toBe(
      "map-elites: measure 'speed': low must be below high, got 10 and 10",
    );
    expect(message([{ ...speeds, bins: 0 }])).toContain("bins must be a whole number of at least 1, got 0");
    expect(
      message([
        { name: "length", bins: 2 ** 30 },
        { name: "diversity", bins: 2 ** 30 },
      ]),
    ).toContain("the bins must multiply to at most 2^53 - 1");
  });

  it("says which metrics there are when the initial solution has not the one it needs", () => {
    const initial = initially(of(0, { sped: 1 }));
    expect(() => mapElites({ measures: [speeds] }).start(initial)).toThrow(
      "map-elites: the initial solution's evaluation has no metric 'speed'; known: diversity, fitness, length, sped",
    );
    expect(() => mapElites({ measures: [speeds] }).start(of(0))).toThrow("lacks one of the measures");
  });
});

describe("the table of cells", () => {
  it("finds each cell again, whatever their numbers", () => {
    const cell = fc.oneof(
      fc.maxSafeNat(),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 1000 }).map((high) => high * 2 ** 32),
    );
    fc.assert(
      fc.property(fc.uniqueArray(cell, { maxLength: 300, size: "max" }), (cells) => {
        const table = new CellTable(Number.MAX_SAFE_INTEGER);
        for (const [position, one] of cells.entries()) {
          expect(table.positionIn(table.rowOf(one))).toBe(-1);
          table.occupy(table.rowOf(one), one, position, -position);
        }
        for (const [position, one] of cells.entries()) {
          const row = table.rowOf(one);
          expect([table.positionIn(row), table.fitnessIn(row)]).toEqual([position, -position]);
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });
});
