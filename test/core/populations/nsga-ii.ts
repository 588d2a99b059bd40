/** NSGA-II's survival by the definitions of Deb, Pratap, Agarwal and Meyarivan 2002, without any regard to cost. */

/** Values to maximize. */
export type Point = readonly number[];

export function isDominated(point: Point, by: Point): boolean {
  return (
    by.every((value, metric) => value >= (point[metric] as number)) &&
    by.some((value, metric) => value > (point[metric] as number))
  );
}

/** Ranks by peeling: the front of those that no one left dominates is taken off, again and again. */
export function ranksOf(points: readonly Point[]): number[] {
  const ranks = points.map(() => -1);
  for (let rank = 0; ranks.includes(-1); rank++) {
    const left = points.filter((_, index) => ranks[index] === -1);
    for (const [index, point] of points.entries())
      if (ranks[index] === -1 && !left.some((other) => isDominated(point, other))) ranks[index] = -2;
    for (const [index, found] of ranks.entries()) if (found === -2) ranks[index] = rank;
  }
  return ranks;
}

/** The crowding distance of one point of a front whose values all differ. */
export function crowdingOf(point: Point, front: readonly Point[]): number {
  let distance = 0;
  for (const [metric, value] of point.entries()) {
    const values = front.map((one) => one[metric] as number);
    const above = values.filter((one) => one > value);
    const below = values.filter((one) => one < value);
    if (above.length === 0 || below.length === 0) return Number.POSITIVE_INFINITY;
    distance += (Math.min(...above) - Math.max(...below)) / (Math.max(...values) - Math.min(...values));
  }
  return distance;
}

/** The point that has to leave: of the last front, the most crowded one, the first of equals among those allowed. */
export function leavingOf(points: readonly Point[], isAllowed: (point: Point) => boolean): Point {
  const ranks = ranksOf(points);
  const allowed = points.filter(isAllowed);
  const rankOf = (point: Point) => ranks[points.indexOf(point)] as number;
  const last = Math.max(...allowed.map(rankOf));
  const front = points.filter((point) => rankOf(point) === last);
  const crowded = allowed.filter((point) => rankOf(point) === last);
  return crowded.reduce((worst, point) =>
    crowdingOf(point, front) < crowdingOf(worst, front) ? point : worst,
  );
}
