import { describe, expect, it } from "vitest";
import { definePopulation, greedy } from "../../../src/core/index.ts";
import { novel } from "../../../src/core/populations/novel.ts";
import { randomSearch } from "../../../src/core/populations/random-search.ts";
import { steadyState } from "../../../src/core/populations/steady-state.ts";
import { evaluated, genomeOf } from "../fixtures.ts";
import { ask } from "./play.ts";

/** A solution of 100 characters that differs from others of its kind in `edits` characters. */
const solution = (kind: string, edits = 0, fitness = 0) =>
  evaluated(
    { status: "ok", fitness },
    genomeOf(kind.repeat(50), "z".repeat(edits) + kind.repeat(50 - edits)),
  );

describe("novelty", () => {
  it("refuses what is closer to a parent or to a recent member than the least distance, and says to whom", () => {
    const initial = solution("a");
    const state = novel(steadyState(), { minDistance: 0.03 }).start(initial);
    const { refuse } = ask(state);
    expect(refuse?.(solution("a", 2).candidate)).toBe(
      `its distance 0.02 to candidate ${initial.candidate.sequence} is below 0.03`,
    );
    expect(refuse?.(solution("a", 3).candidate)).toBeUndefined();
    expect(refuse?.(solution("b").candidate)).toBeUndefined();

    const member = solution("b");
    expect(state.tell(member)).toBe(true);
    // By what was known at its ask the older question is answered as before.
    expect(refuse?.(solution("b").candidate)).toBeUndefined();
    expect(ask(state).refuse?.(solution("b").candidate)).toBe(
      `its distance 0 to candidate ${member.candidate.sequence} is below 0.03`,
    );
  });

  it("forgets all but the last members that entered before this generation, save the parents of the child", () => {
    const initial = solution("a");
    const state = novel(greedy({ offspring: 4 }), { among: 2 }).start(initial);
    const kinds = ["a", "b", "c", "d", "e"];
    const refused = () => {
      const { refuse } = ask(state);
      return kinds.filter((kind) => refuse?.(solution(kind).candidate) !== undefined);
    };
    for (const [index, kind] of ["b", "c", "d"].entries()) {
      expect(refused()).toEqual(["a"]); // whatever its own generation has brought
      expect(state.tell(solution(kind, 0, 1 + index))).toBe(true);
    }
    refused();
    expect(state.tell(solution("e", 0, -1))).toBe(false); // does not enter
    expect(refused()).toEqual(["c", "d"]);
  });

  it("compares with parents alone, or with nobody, when told so", () => {
    const initial = solution("a");
    const parentsOnly = novel(steadyState({ size: 1 }), { among: 0 }).start(initial);
    ask(parentsOnly);
    parentsOnly.tell(solution("b", 0, 1));
    const { refuse } = ask(parentsOnly);
    expect([refuse?.(solution("a").candidate), refuse?.(solution("b").candidate)]).toEqual([
      undefined,
      expect.stringContaining("its distance 0 "),
    ]);
    const lenient = novel(greedy(), { minDistance: 0 }).start(initial);
    expect(ask(lenient).refuse?.(initial.candidate)).toBeUndefined();
  });

  it("asks the population that it wraps first", () => {
    const strict = definePopulation({
      name: "strict",
      start: (initial) => ({
        ask: () => ({ parents: [initial], generation: 1, refuse: () => "no" }),
        tell: () => false,
      }),
    });
    expect(ask(novel(strict).start(solution("a"))).refuse?.(solution("b").candidate)).toBe("no");
  });

  it("passes immigrants on and compares with them", () => {
    const state = novel(steadyState({ size: 1 })).start(solution("a"));
    const immigrant = solution("b", 0, 1);
    state.immigrate?.(immigrant);
    const { parents, refuse } = ask(state);
    expect(parents).toEqual([immigrant]);
    expect(refuse?.(solution("b").candidate)).toContain(`to candidate ${immigrant.candidate.sequence} `);
    expect(novel(randomSearch()).start(immigrant).immigrate).toBeUndefined();
  });

  it("shows what it was made with and rejects impossible numbers", () => {
    expect(novel(greedy()).parameters).toEqual({
      minDistance: 0.02,
      among: 20,
      population: "greedy",
      "population.offspring": 1,
      "population.acceptTies": false,
    });
    expect(() => novel(greedy(), { minDistance: 2 })).toThrow(
      "novel: minDistance must be a number from 0 to 1",
    );
    expect(() => novel(greedy(), { among: -1 })).toThrow("novel: among must be a whole number of at least 0");
    expect(() => novel(greedy(), { distance: 1 } as never)).toThrow("novel: option 'distance' is unknown");
  });
});
