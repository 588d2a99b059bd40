/** The pareto population: several metrics at once, NSGA-II one candidate at a time. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkKeys, checkWhole, UsageError } from "../errors.ts";
import { type Ask, definePopulation, type Population, type PopulationState } from "../population.ts";
import { type Rng, randomIndex } from "../rng.ts";
import { AsynchronousGenerations } from "./asynchronous-generations.ts";
import { drawSample } from "./draw-sample.ts";
import { drawableList } from "./drawable-list.ts";
import { at, dominates, isLessCrowded, type Rows, rankFronts, type Standings } from "./fronts.ts";
import { type Drawable, drawPlace, makeAsk } from "./make-ask.ts";
import { type Measure, startMeasure } from "./measures.ts";
import { Queue } from "./queue.ts";

/** Options of the pareto population. */
export interface ParetoOptions {
  /** Mu: members, at least one for each metric and one for fitness. Default 50. */
  readonly size?: number;
  /**
   * What is sought: metrics of the evaluation by name, or "fitness", "length" (characters of all components) and
   * "diversity" (normalized text distance from the initial solution, 0 to 1). Default: fitness "max", length "min".
   */
  readonly metrics?: Readonly<Record<string, "max" | "min">>;
  /** Most members that a candidate is compared with when one has to leave; its square is the cost. Default 50. */
  readonly sample?: number;
}

/**
 * Makes a steady-state NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002; steady state: Durillo, Nebro, Luna and Alba
 * 2009, "On the effect of the steady-state selection scheme in multi-objective genetic algorithms"). Parents win
 * binary tournaments by domination, rank and crowding distance. A candidate joins, and when there are more than
 * `size` members, the one of the last front that is most crowded leaves, the oldest of equals. Ranks and distances
 * are exact up to `sample` members; beyond, they are those among a random sample, so that the cost stays flat. The
 * best member of each metric and the fittest never leave. A candidate that lacks a metric counts as the worst
 * possible in it; that the initial solution lacks it is a UsageError. It never waits.
 */
export function pareto(options: ParetoOptions = {}): Population {
  checkKeys("pareto", options, ["size", "metrics", "sample"]);
  const metrics = options.metrics ?? { fitness: "max", length: "min" };
  if (Object.keys(metrics).length === 0)
    throw new UsageError("pareto: metrics must name at least one metric, e.g. { length: 'min' }; got none");
  for (const [name, goal] of Object.entries(metrics)) {
    if (goal !== "max" && goal !== "min")
      throw new UsageError(`pareto: metric '${name}' must be "max" or "min", got ${String(goal)}`);
  }
  const size = checkWhole("pareto: size", options.size ?? 50, championCount(metrics));
  const sample = checkWhole("pareto: sample", options.sample ?? 50, championCount(metrics));
  return definePopulation({
    name: "pareto",
    description:
      "several metrics: domination, then crowding distance, decides who is a parent and who leaves",
    parameters: {
      size,
      metrics: Object.entries(metrics)
        .map(([name, goal]) => `${goal} ${name}`)
        .join(", "),
      sample,
    },
    start: (initial) => new ParetoState(initial, { metrics, size, sample }),
  });
}

type Plan = Required<ParetoOptions>;

/** One for each metric, and one for fitness. */
function championCount(metrics: Plan["metrics"]): number {
  const names = Object.keys(metrics);
  return names.includes("fitness") ? names.length : names.length + 1;
}

class ParetoState implements PopulationState {
  readonly #metrics: readonly { readonly measure: Measure; readonly sign: 1 | -1 }[];
  readonly #size: number;
  readonly #sample: number;
  readonly #members: EvaluatedCandidate[] = [];
  readonly #drawable: Drawable;
  /** By position, with room for a candidate that joins: values, standings in the last sample, number of arrival. */
  readonly #rows: Rows;
  readonly #standings: Standings;
  readonly #arrivals: Float64Array;
  /** Positions of those that are compared when a candidate joins, and their rows and standings in the same order. */
  readonly #pool: Int32Array;
  readonly #poolRows: Rows;
  readonly #poolStandings: Standings;
  /** Positions of the best member of each metric, and of the fittest where fitness is no metric. */
  readonly #champions: number[];
  /** What the samples of the candidates in flight are drawn from. */
  readonly #seeds = new Queue<number>();
  readonly #generations = new AsynchronousGenerations();
  #arrived = 0;

  constructor(initial: EvaluatedCandidate, { metrics, size, sample }: Plan) {
    this.#metrics = Object.entries(metrics).map(([name, goal]) => {
      return { measure: startMeasure("pareto", name, initial), sign: goal === "max" ? 1 : -1 };
    });
    this.#size = size;
    this.#sample = Math.min(sample, size);
    this.#drawable = drawableList(this.#members);
    const rows = (count: number) => {
      return { cells: new Float64Array(count * this.#metrics.length), metrics: this.#metrics.length };
    };
    this.#rows = rows(size + 1);
    this.#standings = new Float64Array(2 * (size + 1));
    this.#arrivals = new Float64Array(size + 1);
    this.#pool = new Int32Array(this.#sample + 1);
    this.#poolRows = rows(this.#sample + 1);
    this.#poolStandings = new Float64Array(2 * (this.#sample + 1));
    this.#champions = new Array(championCount(metrics)).fill(0);
    this.#join(initial, 0);
  }

  ask(rng: Rng, parentCount: number, inspirationCount?: number): Ask {
    const places: number[] = [];
    while (places.length < Math.min(parentCount, this.#members.length))
      places.push(this.#tournament(rng, places));
    // Chance comes with ask alone.
    if (this.#size > this.#sample) this.#seeds.push(randomIndex(rng, 2 ** 32));
    const generation = this.#generations.ask();
    return makeAsk(this.#drawable, places, generation, rng, parentCount, inspirationCount);
  }

  tell(result: EvaluatedCandidate | undefined): boolean {
    this.#generations.tell();
    const seed = this.#seeds.shift() ?? 0;
    return result?.evaluation.status === "ok" && this.#join(result, seed);
  }

  immigrate(member: EvaluatedCandidate): void {
    this.#generations.immigrate(member.candidate.generation);
    if (member.evaluation.status === "ok") this.#join(member, this.#arrived);
  }

  /** Draws two members that are not taken; returns the better one by the crowded comparison. */
  #tournament(rng: Rng, taken: readonly number[]): number {
    const one = drawPlace(this.#drawable, rng, taken);
    if (taken.length + 1 === this.#members.length) return one;
    const other = drawPlace(this.#drawable, rng, [...taken, one]);
    // Domination first, as ranks among different samples can be wrong.
    if (dominates(this.#rows, one, other)) return one;
    if (dominates(this.#rows, other, one)) return other;
    return isLessCrowded(this.#standings, other, one) ? other : one;
  }

  /** Takes a candidate in, and lets one go when there are too many; returns whether the candidate stays. */
  #join(member: EvaluatedCandidate, seed: number): boolean {
    const { cells, metrics } = this.#rows;
    const position = this.#members.push(member) - 1;
    for (const [metric, { measure, sign }] of this.#metrics.entries()) {
      cells[position * metrics + metric] = sign * (measure(member) ?? -sign * Number.POSITIVE_INFINITY);
    }
    this.#arrivals[position] = this.#arrived++;
    this.#crown(position);
    const leaving = this.#rank(position, seed);

    if (this.#members.length <= this.#size) return true;
    const last = this.#members.pop() as EvaluatedCandidate;
    if (leaving === position) return false;
    this.#members[leaving] = last;
    cells.copyWithin(leaving * metrics, position * metrics, (position + 1) * metrics);
    this.#standings.copyWithin(2 * leaving, 2 * position, 2 * position + 2);
    this.#arrivals.copyWithin(leaving, position, position + 1);
    for (const [metric, champion] of this.#champions.entries())
      if (champion === position) this.#champions[metric] = leaving;
    return true;
  }

  /** Makes a new member the champion of each metric in which it is better, or as good and dominating. */
  #crown(position: number): void {
    for (const [metric, champion] of this.#champions.entries()) {
      const gain = this.#valueOf(position, metric) - this.#valueOf(champion, metric);
      if (gain > 0 || (!(gain < 0) && dominates(this.#rows, position, champion)))
        this.#champions[metric] = position;
    }
  }

  #valueOf(position: number, metric: number): number {
    const { cells, metrics } = this.#rows;
    if (metric < metrics) return at(cells, position * metrics + metric);
    return fitnessOf((this.#members[position] as EvaluatedCandidate).evaluation);
  }

  /**
   * Ranks the newest member and a sample of the others among themselves. Returns which of them would have to leave:
   * the most crowded one of the last front, the oldest of equals, no champion.
   */
  #rank(newest: number, seed: number): number {
    const count = Math.min(newest, this.#sample);
    const pool = this.#pool.subarray(0, count + 1);
    if (newest > count) drawSample(seed, newest, pool.subarray(0, count));
    else for (let place = 0; place < count; place++) pool[place] = place;
    pool[count] = newest;
    const { cells, metrics } = this.#rows;
    // Read before they are worked on: reads that nothing waits for overlap, wherever in memory the rows are.
    let touched = 0;
    for (let place = 0; place <= count; place++) {
      const position = pool[place] as number;
      touched += at(cells, position * metrics) + at(this.#standings, 2 * position);
    }
    this.#poolStandings[0] = touched; // overwritten below; a sum that is not used would not be computed
    for (let place = 0; place <= count; place++) {
      const position = pool[place] as number;
      for (let metric = 0; metric < metrics; metric++)
        this.#poolRows.cells[place * metrics + metric] = at(cells, position * metrics + metric);
    }
    rankFronts(this.#poolRows, count + 1, this.#poolStandings);

    let worst = -1;
    for (const [place, position] of pool.entries()) {
      this.#standings[2 * position] = at(this.#poolStandings, 2 * place);
      this.#standings[2 * position + 1] = at(this.#poolStandings, 2 * place + 1);
      if (this.#champions.includes(position)) continue;
      if (worst === -1 || this.#leavesBefore(place, worst)) worst = place;
    }
    return pool[worst] as number;
  }

  /** Compares two places of the pool. */
  #leavesBefore(place: number, other: number): boolean {
    if (isLessCrowded(this.#poolStandings, place, other)) return false;
    if (isLessCrowded(this.#poolStandings, other, place)) return true;
    const arrival = (one: number) => at(this.#arrivals, this.#pool[one] as number);
    return arrival(place) < arrival(other);
  }
}
