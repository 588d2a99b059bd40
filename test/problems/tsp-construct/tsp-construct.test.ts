import { describe, expect, it } from "vitest";
import {
  type City,
  drawCities,
  nearestNeighbourTour,
  tourLength,
} from "../../../problems/tsp-construct/cities.ts";
import { type TspConstructOptions, tspConstruct } from "../../../problems/tsp-construct/problem.ts";
import score, { type TspData } from "../../../problems/tsp-construct/scorer.ts";
import { seed as seedText } from "../../../problems/tsp-construct/seed.ts";
import { composeFiles, type SandboxScoring } from "../../../src/core/index.ts";
import { scoreInSandbox } from "../in-sandbox.ts";
import { answering, plain, programFrom, programOf, withTexts } from "../program.ts";

const make = (size: number, options: TspConstructOptions = {}, seed = 1) =>
  tspConstruct(options).instance({ size, seed });
const dataOf = (instance: ReturnType<typeof make>) => (instance.evaluate as SandboxScoring).data as TspData;
const evaluate = (instance: ReturnType<typeof make>) =>
  score({ candidate: programFrom(instance), data: dataOf(instance), repeat: 0 });

const square: City[] = [
  [0, 0],
  [1, 1],
  [0, 1],
  [1, 0],
];
const data: TspData = { target: -1, instances: [{ cities: square, bound: 4, nearestNeighbour: 4 }] };

describe("the score of a constructive rule", () => {
  it("is minus the excess of the closed tour over the bound, in percent", async () => {
    const inOrder = programOf({
      begin: () => 0,
      next: (_current: number, unvisited: number[]) => unvisited[0],
    });
    // 0 - 1 - 2 - 3 - 0 crosses the square twice: 2 + 2 sqrt 2.
    const excess = 100 * ((2 + 2 * Math.SQRT2) / 4 - 1);
    const evaluation = await score({ candidate: inOrder, data, repeat: 0 });
    expect(evaluation).toEqual({
      status: "ok",
      fitness: expect.closeTo(-excess, 10),
      metrics: { excessPercent: expect.closeTo(excess, 10), nearestNeighbourExcessPercent: 0 },
      feedback:
        "Tours are 20.71 % longer than the lower bound; wanted: 1.00 %; nearest neighbour: 0.00 %. " +
        "The last step, back to the first city, takes 20.7 % of a tour, the longest step 29.3 %. " +
        "Lengths: 4.828 (bound 4.000).",
    });
  });

  it("comes from giving the cities once, then asking from city to city until one is left", async () => {
    const calls: unknown[] = [];
    const candidate = programOf({
      begin: (cities: City[]) => {
        calls.push(cities);
        return 3;
      },
      next: (current: number, unvisited: number[]) => {
        calls.push([current, unvisited]);
        return unvisited.at(-1);
      },
    });
    expect(await score({ candidate, data, repeat: 0 })).toMatchObject({ status: "ok" });
    expect(calls).toEqual([square, [3, [0, 1, 2]], [2, [0, 1]]]);
  });
});

describe("an answer that is no city to go to", () => {
  it.each<[string, unknown, string]>([
    ["nothing", undefined, "got undefined"],
    ["null", null, "got null"],
    ["a text", "0", 'got "0"'],
    ["a long text", "x".repeat(1000), 'got "xxx'],
    ["NaN", Number.NaN, "got NaN"],
    ["infinity", Number.POSITIVE_INFINITY, "got Infinity"],
    ["a fraction", 0.5, "got 0.5"],
    ["a negative number", -1, "got -1"],
    ["a city that does not exist", 4, "got 4"],
    ["a huge number", 1e308, "got 1e+308"],
    ["a list", [0], "got [0]"],
    ["an object", { city: [{ nested: 0 }] }, 'got {"city":[{"nested":0}]}'],
  ])("fails as invalid, at the first city and later: %s", async (_, answer, got) => {
    const first = await score({ candidate: answering(answer), data, repeat: 0 });
    expect(first).toMatchObject({ status: "failed", reason: "invalid" });
    expect(first.feedback).toContain("the first city must be a whole number from 0 to 3; ");
    expect(first.feedback).toContain(got);
    const later = await score({
      candidate: programOf({ begin: () => 0, next: () => answer }),
      data,
      repeat: 0,
    });
    expect(later).toMatchObject({ status: "failed", reason: "invalid" });
    expect(later.feedback).toContain("after 1 cities, the next one must be an unvisited city; ");
    expect(later.feedback).toContain(got);
    expect(later.feedback!.length).toBeLessThan(200);
  });

  it("says so when a city was visited before", async () => {
    const evaluation = await score({ candidate: answering(2), data, repeat: 0 });
    expect(evaluation).toEqual({
      status: "failed",
      reason: "invalid",
      feedback: "after 1 cities, the next one must be an unvisited city; got 2, a city visited before",
    });
  });
});

describe("an instance of tsp-construct", () => {
  it("starts as nearest neighbour from city 0", async () => {
    const instance = make(30);
    const { instances } = dataOf(instance);
    const excess = instances.map(
      ({ cities, bound }) => tourLength(cities, nearestNeighbourTour(cities)) / bound - 1,
    );
    const mean = (100 * excess.reduce((sum, one) => sum + one, 0)) / excess.length;
    const evaluation = await evaluate(instance);
    expect(evaluation).toMatchObject({ status: "ok", fitness: expect.closeTo(-mean, 8) });
    expect(instance.target).toBeCloseTo(-0.7 * mean, 8);
  });

  it("gets shorter tours from a start that tries all cities", async () => {
    const start = `function startCity(cities, distances) {
      const lengthFrom = (first) => {
        const left = new Set(cities.keys());
        left.delete(first);
        let [at, length] = [first, 0];
        while (left.size > 0) {
          const next = [...left].reduce((a, b) => (distances[at][b] < distances[at][a] ? b : a));
          length += distances[at][next];
          left.delete(next);
          at = next;
        }
        return length + distances[at][first];
      };
      return [...cities.keys()].reduce((a, b) => (lengthFrom(b) < lengthFrom(a) ? b : a));
    }\n`;
    const instance = make(30);
    const before = (await evaluate(instance)) as { fitness: number };
    const after = (await evaluate(withTexts(instance, { start }))) as { fitness: number };
    expect(after.fitness).toBeGreaterThan(before.fitness + 2);
  });

  it("is the same for the same seed, and another one for another seed or map", () => {
    expect(plain(make(10, {}, 3))).toEqual(plain(make(10, {}, 3)));
    const maps = [...dataOf(make(10, {}, 3)).instances, ...dataOf(make(10, {}, 4)).instances];
    expect(new Set(maps.map(({ cities }) => cities.join())).size).toBe(10);
    expect(
      drawCities(5, 1)
        .flat()
        .every((one) => one >= 0 && one < 1),
    ).toBe(true);
  });

  it("has three components, that make up the program with their fixed surroundings", () => {
    const { components, layout, statement } = make(12, { maps: 2 });
    expect(components.map(({ name, signature }) => [name, signature])).toEqual([
      ["start", "function startCity(cities, distances)"],
      ["score", "function score(city, current, first, unvisited, distances)"],
      ["choice", "function choose(scores, current, first, unvisited, distances)"],
    ]);
    for (const { text, signature } of components) expect(text.startsWith(`${signature} {\n`)).toBe(true);
    expect(components.every(({ spec }) => spec !== undefined)).toBe(true);
    expect(composeFiles(layout!, components)).toEqual([{ path: "tour.js", text: seedText }]);
    expect(statement).toContain("12 random cities");
    expect(statement).toContain("over 2 maps");
  });

  it("scores in the sandbox what it scores outside, and refuses what the sandbox hands back", async () => {
    const wrong = withTexts(make(10), { choice: "const choose = (scores, current) => current;\n" });
    const [nearest, refused] = await scoreInSandbox(make(30), wrong);
    expect(nearest).toEqual(await evaluate(make(30)));
    expect(refused).toMatchObject({ reason: "invalid", feedback: expect.stringContaining("visited before") });
  });

  it("refuses options and sizes that make no sense", () => {
    expect(() => tspConstruct({ map: 1 } as object)).toThrow(/option 'map' is unknown/);
    expect(() => tspConstruct({ maps: 0 })).toThrow(/maps must be a whole number/);
    expect(() => make(2)).toThrow(/size must be a whole number of at least 3/);
  });
});
