/**
 * Constructive heuristics for the travelling salesman: a rule chooses city after city (Liu et al.,
 * "Evolution of Heuristics", ICML 2024). Tours are compared to the Held-Karp lower bound.
 */
import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  defineProblem,
  moduleBeside,
  type Problem,
  sandboxed,
} from "../../src/core/index.ts";
import { decompose } from "../../src/decompose/index.ts";
import { drawCities, nearestNeighbourTour, tourLength } from "./cities.ts";
import { heldKarpBound } from "./held-karp.ts";
import type { TourInstance, TspData } from "./scorer.ts";
import { seed as text } from "./seed.ts";

/** Options of tsp-construct; the size of an instance is the number of cities of each map, at least 3. */
export interface TspConstructOptions {
  /** Number of maps, drawn from the run's seed. Default 5. */
  readonly maps?: number;
  /** Target: the share of the nearest neighbour's excess over the bound that must go. Default 0.3. */
  readonly improvement?: number;
  /** Time for one solution. Default 10,000. */
  readonly timeoutMs?: number;
}

const given =
  "current is the city where the tour stands, first the one where it began, unvisited lists the cities left " +
  "(at least 2), and distances[a][b] is the distance of two cities. Cities are indexes.";

const blocks: Readonly<Record<string, Pick<Component, "signature" | "spec">>> = {
  start: {
    signature: "function startCity(cities, distances)",
    spec:
      "Returns the index of the city where the tour begins. cities lists the places [x, y]; distances[a][b] is " +
      "the distance of the cities a and b.",
  },
  score: {
    signature: "function score(city, current, first, unvisited, distances)",
    spec: `Returns a number, lower for better, for going on to city, one of unvisited. ${given}`,
  },
  choice: {
    signature: "function choose(scores, current, first, unvisited, distances)",
    spec: `Returns the city to go on to, one of unvisited; scores[i] is the score of unvisited[i]. ${given}`,
  },
};

/**
 * Makes the tour construction problem. Fitness is minus the mean excess of the tours over the Held-Karp
 * bound, in percent: nearest neighbour scores about -25, and the shortest tours about -0.7.
 */
export function tspConstruct(options: TspConstructOptions = {}): Problem {
  checkKeys("tsp-construct", options, ["maps", "improvement", "timeoutMs"]);
  const { maps = 5, improvement = 0.3, timeoutMs = 10_000 } = options;
  checkWhole("tsp-construct: maps", maps, 1);
  checkBetween("tsp-construct: improvement", improvement, 0, 1);
  checkWhole("tsp-construct: timeoutMs", timeoutMs, 1);
  return defineProblem({
    name: "tsp-construct",
    description: "tours built city by city by a rule; excess over the Held-Karp lower bound",
    parameters: { maps, improvement, timeoutMs },
    instance({ size, seed }) {
      checkWhole("tsp-construct: size", size, 3);
      const instances = Array.from({ length: maps }, (_, index): TourInstance => {
        const cities = drawCities(size, seed, index);
        const nearestNeighbour = tourLength(cities, nearestNeighbourTour(cities));
        return { cities, bound: heldKarpBound(cities), nearestNeighbour };
      });
      const excess = instances.reduce((sum, one) => sum + (one.nearestNeighbour - one.bound) / one.bound, 0);
      const target = 0 - (1 - improvement) * 100 * (excess / maps); // not -0
      const solution = decompose([{ path: "tour.js", text }]);
      const data: TspData = { instances, target };
      return {
        ...solution,
        components: solution.components.map((one) => ({ ...one, ...blocks[one.name] })),
        target,
        statement: statementOf(size, maps, target),
        evaluate: sandboxed({ scorer: moduleBeside(import.meta.url, "scorer"), data, timeoutMs }),
      };
    },
  });
}

function statementOf(size: number, maps: number, target: number): string {
  return `Write a rule that builds short closed tours through ${size} random cities in the unit square, city after city.

The tour begins at startCity(cities, distances). Then, as long as at least 2 cities are left, each of them gets score(city, current, first, unvisited, distances), and choose(scores, current, first, unvisited, distances) names the city to go on to. At the end the tour takes the last city and returns to its first. Only the functions startCity, score and choose can be changed. The initial program goes to the nearest city.

Score: minus the mean excess of the tours' lengths over a lower bound, in percent, over ${maps} maps; higher is better. Target: ${target.toFixed(2)}. A tour that names a city twice, or one that does not exist, gets no score.

Write plain JavaScript: no imports, no input or output, no timers, no promises. Random numbers are seeded: the same program always gets the same score.`;
}
