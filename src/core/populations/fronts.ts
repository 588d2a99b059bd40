/**
 * Non-dominated fronts and crowding distances of rows of numbers: fast non-dominated sorting and the density
 * estimate of NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002, IEEE Transactions on Evolutionary Computation 6,
 * section III), the fronts found by sequential search (Zhang, Tian, Cheng and Jin 2015, ENS-SS).
 */

/**
 * A table of numbers. A row holds the values of a member, one a metric, all to be maximized, minus infinity for one
 * that it lacks.
 */
export interface Rows {
  readonly cells: Float64Array;
  readonly metrics: number;
}

/** Two numbers a row: its rank (0 for the first front) and its crowding distance. */
export type Standings = Float64Array;

/** Whether a row is at least as good as another in each metric, and better in one. */
export function dominates({ cells, metrics }: Rows, row: number, other: number): boolean {
  let isBetter = false;
  for (let metric = 0; metric < metrics; metric++) {
    const difference = at(cells, row * metrics + metric) - at(cells, other * metrics + metric);
    if (difference < 0) return false;
    if (difference > 0) isBetter = true;
  }
  return isBetter;
}

/** Whether a row's rank is lower than another's, or its crowding distance greater at the same rank. */
export function isLessCrowded(standings: Standings, row: number, other: number): boolean {
  const difference = at(standings, 2 * row) - at(standings, 2 * other);
  return difference < 0 || (difference === 0 && at(standings, 2 * row + 1) > at(standings, 2 * other + 1));
}

/** The number in a cell that exists. Of cells alone: it is fast as it sees one kind of list. */
export function at(cells: Float64Array, index: number): number {
  return cells[index] as number;
}

/** Writes the standings of the first `count` rows among themselves. */
export function rankFronts(rows: Rows, count: number, standings: Standings): void {
  const { metrics } = rows;
  const order: number[] = [];
  for (let row = 0; row < count; row++) order.push(row);
  // Descending in the first metric, of equals in the next: a row is dominated by earlier ones only.
  for (let metric = metrics - 1; metric >= 0; metric--) sortBy(rows, metric, order);
  const fronts: number[][] = [];
  for (const row of order) {
    let rank = 0;
    while (rank < fronts.length && isDominatedIn(rows, fronts[rank] as number[], row)) rank += 1;
    if (rank === fronts.length) fronts.push([row]);
    else (fronts[rank] as number[]).push(row);
    standings[2 * row] = rank;
  }
  for (const front of fronts) measureCrowding(rows, front, standings);
}

/** Whether a member of the front dominates the row, which comes after them in descending order. */
function isDominatedIn(rows: Rows, front: readonly number[], row: number): boolean {
  // With two metrics the last one has the greatest value of the second; with more it is the likeliest.
  const earliest = rows.metrics === 2 ? front.length - 1 : 0;
  for (let place = front.length - 1; place >= earliest; place--)
    if (dominates(rows, front[place] as number, row)) return true;
  return false;
}

/**
 * The crowding distances of one front: the sum over the metrics of the gap between a row's two neighbours, in units
 * of the front's range; infinite for the ends. A metric in which all are equal tells nothing; a lacking value
 * counts as the front's worst.
 */
function measureCrowding(rows: Rows, front: number[], standings: Standings): void {
  const { metrics } = rows;
  const last = front.length - 1;
  for (const row of front) standings[2 * row + 1] = last < 2 ? Number.POSITIVE_INFINITY : 0;
  if (last < 2) return;
  for (let metric = 0; metric < metrics; metric++) {
    front.reverse(); // what is best in one metric is often worst in the next
    const values = sortBy(rows, metric, front);
    const high = values[0] as number;
    let end = last;
    while (end > 0 && (values[end] as number) === Number.NEGATIVE_INFINITY) end -= 1;
    const low = values[end] as number;
    if (!(high > low)) continue;
    values.fill(low, end + 1);
    for (let place = 0; place <= last; place++) {
      const isEnd = place === 0 || place === last;
      const gap = isEnd
        ? Number.POSITIVE_INFINITY
        : (values[place - 1] as number) - (values[place + 1] as number);
      const cell = 2 * (front[place] as number) + 1;
      standings[cell] = at(standings, cell) + gap / (high - low);
    }
  }
}

/** Sorts rows by a metric, descending and stably, by insertion as they are few; returns its values in that order. */
function sortBy({ cells, metrics }: Rows, metric: number, entries: number[]): number[] {
  const values: number[] = [];
  for (let end = 0; end < entries.length; end++) {
    const entry = entries[end] as number;
    const value = at(cells, entry * metrics + metric);
    values.push(value);
    let place = end;
    for (; place > 0 && value > (values[place - 1] as number); place--) {
      values[place] = values[place - 1] as number;
      entries[place] = entries[place - 1] as number;
    }
    values[place] = value;
    entries[place] = entry;
  }
  return values;
}
