/** Cities, distances and tours in the plane. */
import { rngFrom } from "../../src/core/index.ts";

/** A place in the plane. */
export type City = readonly [x: number, y: number];

/** Draws cities uniformly from the unit square. */
export function drawCities(count: number, ...key: readonly (string | number)[]): City[] {
  const rng = rngFrom("tsp-construct", count, ...key);
  return Array.from({ length: count }, () => [rng(), rng()]);
}

/** Euclidean distance. */
export function distance([x1, y1]: City, [x2, y2]: City): number {
  return Math.hypot(x1 - x2, y1 - y2);
}

/** Length of each step of a closed tour, the last one back to its first city; the tour lists cities by index. */
export function stepLengths(cities: readonly City[], tour: readonly number[]): number[] {
  const places = tour.map((index) => {
    const city = cities[index];
    if (city === undefined) throw new RangeError(`City ${index} is none of ${cities.length}`);
    return city;
  });
  return places.map((city, at) => distance(city, places[(at + 1) % places.length] ?? city));
}

/** Length of a closed tour. */
export function tourLength(cities: readonly City[], tour: readonly number[]): number {
  return stepLengths(cities, tour).reduce((sum, length) => sum + length, 0);
}

/** The tour that starts at city 0 and always goes on to the nearest city left. */
export function nearestNeighbourTour(cities: readonly City[]): number[] {
  const left = new Map(cities.entries());
  const tour: number[] = [];
  let here = cities[0];
  while (here !== undefined) {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, city] of left) {
      const length = distance(here, city);
      if (length < least) {
        nearest = index;
        least = length;
      }
    }
    here = left.get(nearest);
    if (left.delete(nearest)) tour.push(nearest);
  }
  return tour;
}
