import { describe, expect, it } from "vitest";
import {
  type EvaluatedCandidate,
  fitnessOf,
  type IslandsOptions,
  type Population,
  rngFrom,
} from "../../../src/core/index.ts";
import { greedy } from "../../../src/core/populations/greedy.ts";
import { islands } from "../../../src/core/populations/islands.ts";
import { randomSearch } from "../../../src/core/populations/random-search.ts";
import { steadyState } from "../../../src/core/populations/steady-state.ts";
import { ofFitness } from "../fixtures.ts";
import { ask, crashed, fits, tellAll } from "./play.ts";

const initial = ofFitness(0);

/** What became of one island: a number for what it was started from or sent, as text for what it was told. */
type Diary = (string | number)[];

/** A population that never waits and takes everything; each start opens the next diary. */
function recorded(diaries: Diary[]): Population {
  const text = (member: EvaluatedCandidate | undefined) =>
    member === undefined ? "rejected" : `${fitnessOf(member.evaluation)}`;
  return {
    name: "recorded",
    description: "",
    parameters: { depth: 2 },
    start(from) {
      const diary: Diary = [fitnessOf(from.evaluation)];
      diaries.push(diary);
      return {
        ask: () => ({ parents: [from], generation: 1, refuse: () => "always" }),
        tell(result) {
          diary.push(text(result));
          return result?.evaluation.status === "ok";
        },
        immigrate: (member) => void diary.push(fitnessOf(member.evaluation)),
      };
    },
  };
}

/** Plays one candidate at a time; the diaries of all islands, in the order in which they were started. */
function play(
  options: IslandsOptions,
  results: readonly (EvaluatedCandidate | number | undefined)[],
  key: string | number = "",
): Diary[] {
  const diaries: Diary[] = [];
  const state = islands(recorded(diaries), options).start(initial);
  for (const [index, result] of results.entries()) {
    state.ask(rngFrom(key, index), 1);
    state.tell(typeof result === "number" ? ofFitness(result) : result);
  }
  return diaries;
}

const rarely = { migrateEvery: 1000 };

describe("islands", () => {
  it("take turns, each with its own members", () => {
    const state = islands(greedy(), { count: 2, ...rarely }).start(initial);
    const better = ofFitness(1);
    expect([ask(state).parents, ask(state).parents]).toEqual([[initial], [initial]]);
    expect(state.ask(rngFrom("waits"), 1)).toBeUndefined(); // greedy has one in flight
    expect([state.tell(better), state.tell(ofFitness(-1))]).toEqual([true, false]);
    expect([ask(state).parents, ask(state).parents]).toEqual([[better], [initial]]);
  });

  it("hand each result to the island that was asked, however many are in flight", () => {
    const diaries: Diary[] = [];
    const state = islands(recorded(diaries), { count: 3, ...rarely }).start(initial);
    for (let candidate = 0; candidate < 7; candidate++) ask(state);
    for (const fitness of [1, 2, 3]) expect(state.tell(ofFitness(fitness))).toBe(true);
    ask(state);
    expect([state.tell(undefined), state.tell(crashed()), state.tell(ofFitness(6))]).toEqual([
      false,
      false,
      true,
    ]);
    for (const fitness of [7, 8]) state.tell(ofFitness(fitness));
    expect(diaries).toEqual([
      [0, "1", "rejected", "7"],
      [0, "2", "-Infinity", "8"],
      [0, "3", "6"],
    ]);
    expect(() => state.tell(undefined)).toThrow("a result was told that was not asked for");
  });

  it("send their best to the next one in a ring; all leave before any arrives", () => {
    expect(play({ count: 3, migrateEvery: 2 }, [1, 2, 3, undefined, 1.5, crashed()])).toEqual([
      [0, "1", "rejected", 3],
      [0, "2", "1.5", 1],
      [0, "3", "-Infinity", 2],
    ]);
  });

  it("send nothing that the other one knows: its own, and what it was sent before", () => {
    const round = [undefined, undefined, undefined];
    expect(
      play({ count: 3, migrateEvery: 1 }, [...round, 5, undefined, undefined, ...round, ...round]),
    ).toEqual([
      // The initial solution is everyone's. 5 goes round and does not come back.
      [0, "rejected", "5", "rejected", "rejected"],
      [0, "rejected", "rejected", 5, "rejected", "rejected"],
      [0, "rejected", "rejected", "rejected", 5, "rejected"],
    ]);
  });

  it("send as many as they are told to, the best first", () => {
    const results = [1, 10, 3, 30, 2, 20, 0.5, 5];
    expect(play({ count: 2, migrateEvery: 4, migrants: 2 }, results)).toEqual([
      [0, "1", "3", "2", "0.5", 30, 20],
      [0, "10", "30", "20", "5", 3, 2],
    ]);
  });

  it("send the earlier one of equals", () => {
    const sent: EvaluatedCandidate[] = [];
    const inner = recorded([]);
    const population: Population = {
      ...inner,
      start: (from) => ({ ...inner.start(from), immigrate: (member) => void sent.push(member) }),
    };
    const state = islands(population, { count: 2, migrateEvery: 2 }).start(initial);
    const [earlier, later] = [ofFitness(1), ofFitness(1)];
    tellAll(state, [earlier, undefined, later, undefined]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBe(earlier);
  });

  it("send each time to a random other one, uniformly, where they form no ring", () => {
    const counts = [0, 0, 0];
    for (let key = 0; key < 600; key++) {
      const sent = play({ count: 4, migrateEvery: 1, topology: "random" }, [1, -1, -2, -3], key);
      expect(sent[0]).toEqual([0, "1"]); // never to itself, and the others' best is the initial solution
      const receivers = sent.slice(1).map((diary) => diary.includes(1));
      expect(receivers.filter(Boolean)).toHaveLength(1);
      counts[receivers.indexOf(true)]! += 1;
    }
    expect(fits(counts, [1 / 3, 1 / 3, 1 / 3])).toBe(true);
  });

  it("start the worst one anew from the best of a random better one", () => {
    const options = { count: 3, resetEvery: 2, ...rarely };
    const founders: number[] = [];
    for (let key = 0; key < 400; key++) {
      const diaries = play(options, [5, 1, 3, undefined, undefined, undefined, 7, 8, 9], key);
      expect(diaries).toHaveLength(4);
      const [founder] = diaries[3]!;
      expect(diaries).toEqual([
        [0, "5", "rejected", "7"],
        [0, "1", "rejected"],
        [0, "3", "rejected", "9"],
        [founder, "8"], // in the place of the second one
      ]);
      founders.push(Number(founder));
    }
    expect(
      fits(
        [5, 3].map((one) => founders.filter((founder) => founder === one).length),
        [0.5, 0.5],
      ),
    ).toBe(true);
  });

  it("start the last of equally bad ones anew, and none while all are as good", () => {
    const options = { count: 3, resetEvery: 1, ...rarely };
    expect(play(options, [undefined, undefined, undefined])).toHaveLength(3);
    expect(play(options, [1, undefined, undefined, 2, 3, 4])).toEqual([
      [0, "1", "2"],
      [0, "rejected", "3"],
      [0, "rejected"],
      [1, "4"],
      [expect.any(Number)], // the first one, whose best is 2
    ]);
  });

  it("tell nobody what was asked of an island before it was started anew", () => {
    const diaries: Diary[] = [];
    const state = islands(recorded(diaries), { count: 2, resetEvery: 1, ...rarely }).start(initial);
    for (let candidate = 0; candidate < 4; candidate++) ask(state);
    expect([1, -1, 2, 100].map((fitness) => state.tell(ofFitness(fitness)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    ask(state);
    ask(state);
    expect([3, 4].map((fitness) => state.tell(ofFitness(fitness)))).toEqual([true, true]);
    // The second one was started anew twice, before and after the result that was lost.
    expect(diaries.slice(0, 4)).toEqual([[0, "1", "2", "3"], [0, "-1"], [1], [2, "4"]]);
  });

  it("pass on what the population says of a child, and count generations over all of them", () => {
    const state = islands(recorded([]), { count: 2, ...rarely }).start(initial);
    expect(ask(state).refuse?.(initial.candidate)).toBe("always");
    expect([ask(state).generation, ask(state).generation]).toEqual([1, 1]);
    state.tell(undefined);
    expect(ask(state).generation).toBe(2);
    state.immigrate?.({ ...initial, candidate: { ...initial.candidate, generation: 8 } });
    expect(ask(state).generation).toBe(9);
  });

  it("take an immigrant where it is next asked", () => {
    const diaries: Diary[] = [];
    const state = islands(recorded(diaries), { count: 2, migrateEvery: 1 }).start(initial);
    tellAll(state, [undefined]);
    state.immigrate?.(ofFitness(4));
    tellAll(state, [undefined]);
    expect(diaries).toEqual([
      [0, "rejected", 4],
      [0, 4, "rejected"],
    ]);
  });

  it("need a population that takes migrants", () => {
    expect(() => islands(randomSearch()).start(initial)).toThrow(
      "islands: population 'random' takes no migrants; use one whose state has immigrate(), e.g. steady-state",
    );
  });

  it("say what they were made with, and what is wrong with their options", () => {
    const { parameters } = islands(recorded([]), { count: 2, resetEvery: 9 });
    expect(parameters).toEqual({
      ...{ count: 2, migrateEvery: 25, migrants: 1, topology: "ring", resetEvery: 9 },
      ...{ population: "recorded", "population.depth": 2 },
    });
    expect(islands().parameters).toMatchObject({ count: 4, population: steadyState().name });
    expect("resetEvery" in islands().parameters).toBe(false);
    const made = (options: object) => () => islands(undefined, options as IslandsOptions);
    expect(made({ islands: 3 })).toThrow("islands: option 'islands' is unknown; known: count, migrateEvery");
    expect(made({ topology: "star" })).toThrow('islands: topology must be "ring" or "random", got star');
    expect(made({ count: 1 })).toThrow("islands: count must be a whole number of at least 2, got 1");
    for (const name of ["migrateEvery", "migrants", "resetEvery"])
      expect(made({ [name]: 0 })).toThrow(`islands: ${name} must be a whole number of at least 1, got 0`);
  });
});
