/** MAP-Elites: the best solution of each cell of a grid of measures. */
import { type EvaluatedCandidate, fitnessOf } from "../candidate.ts";
import { checkBetween, checkKeys, checkWhole, UsageError } from "../errors.ts";
import { type Ask, definePopulation, type Population, type PopulationState } from "../population.ts";
import type { Rng } from "../rng.ts";
import { AsynchronousGenerations } from "./asynchronous-generations.ts";
import { CellTable } from "./cell-table.ts";
import { drawableList } from "./drawable-list.ts";
import { type Drawable, drawPlaces, makeAsk } from "./make-ask.ts";
import { lengthOf, type Measure, startMeasure } from "./measures.ts";

/** One side of the grid. */
export interface MeasureOptions {
  /**
   * A metric of the evaluation, or "length" (characters of all components), "diversity" (normalized text distance
   * from the initial solution, 0 to 1) or "fitness". Each measure once.
   */
  readonly name: string;
  /**
   * Where the first bin begins and the last one ends; what lies outside goes to the nearest bin. Defaults: for
   * "length" from 0 to twice the initial solution's (1,000 where that is empty), for "diversity" from 0 to 1.
   */
  readonly low?: number;
  readonly high?: number;
  /** Number of bins, all of the same width, at least 1. Default 10. */
  readonly bins?: number;
}

/** Options of the map-elites population. */
export interface MapElitesOptions {
  /** The sides of the grid, at least one. Default: length and diversity, 10 bins each. */
  readonly measures?: readonly MeasureOptions[];
}

const measureKeys = ["name", "low", "high", "bins"];

/**
 * Makes a population that keeps the fittest solution of each cell of a grid (MAP-Elites; Mouret and Clune 2015,
 * "Illuminating search spaces by mapping elites", arXiv:1504.04909): a candidate enters when its cell is empty or
 * when it is better than the elite there. Parents and inspirations are drawn uniformly from the elites. It never
 * waits. A candidate that lacks a metric has no cell and does not enter; that the initial solution lacks it is a
 * UsageError.
 */
export function mapElites(options: MapElitesOptions = {}): Population {
  checkKeys("map-elites", options, ["measures"]);
  const given = options.measures ?? [{ name: "length" }, { name: "diversity" }];
  if (given.length === 0)
    throw new UsageError("map-elites: measures must name at least one measure, got none");
  const sides = given.map(checkSide);
  for (const [index, { name }] of sides.entries()) {
    if (sides.findIndex((side) => side.name === name) !== index)
      throw new UsageError(`map-elites: measure '${name}' is given twice; each measure makes one side`);
  }
  const cells = sides.reduce((product, { bins }) => product * bins, 1);
  if (cells > Number.MAX_SAFE_INTEGER)
    throw new UsageError(`map-elites: the bins must multiply to at most 2^53 - 1, got ${cells}`);
  return definePopulation({
    name: "map-elites",
    description: "the best solution of each cell of a grid of measures; parents are drawn from all cells",
    parameters: { measures: sides.map(describeSide).join("; ") },
    start: (initial) => new MapElitesState(initial, sides, cells),
  });
}

interface Side {
  readonly name: string;
  readonly bins: number;
  /** Undefined: from the initial solution's length. */
  readonly range: { readonly low: number; readonly high: number } | undefined;
}

function checkSide(options: MeasureOptions): Side {
  const where = `map-elites: measure '${options.name}'`;
  checkKeys(where, options, measureKeys);
  const { name, bins = 10 } = options;
  checkWhole(`${where}: bins`, bins, 1);
  const { low = name === "length" || name === "diversity" ? 0 : undefined } = options;
  const { high = name === "diversity" ? 1 : undefined } = options;
  if (name === "length" && options.high === undefined && low === 0) return { name, bins, range: undefined };
  checkBetween(`${where}: low`, low, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkBetween(`${where}: high`, high, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (low === undefined || high === undefined || low >= high)
    throw new UsageError(`${where}: low must be below high, got ${low} and ${high}`);
  return { name, bins, range: { low, high } };
}

function describeSide({ name, bins, range }: Side): string {
  return `${name}${range === undefined ? "" : ` ${range.low}..${range.high}`} in ${bins} bins`;
}

/** A side of the grid in one run. */
interface Axis {
  readonly measure: Measure;
  readonly low: number;
  /** Bins per unit. */
  readonly scale: number;
  readonly bins: number;
}

class MapElitesState implements PopulationState {
  readonly #axes: readonly Axis[];
  readonly #cells: CellTable;
  readonly #elites: EvaluatedCandidate[] = [];
  readonly #drawable: Drawable;
  readonly #generations = new AsynchronousGenerations();

  constructor(initial: EvaluatedCandidate, sides: readonly Side[], cells: number) {
    this.#axes = sides.map(({ name, bins, range }) => {
      const { low, high } = range ?? { low: 0, high: 2 * lengthOf(initial.candidate.genome) || 1000 };
      return { measure: startMeasure("map-elites", name, initial), low, scale: bins / (high - low), bins };
    });
    this.#cells = new CellTable(cells);
    this.#drawable = drawableList(this.#elites);
    if (!this.#place(initial))
      throw new UsageError("map-elites: the solution that it starts from lacks one of the measures");
  }

  ask(rng: Rng, parentCount: number, inspirationCount?: number): Ask {
    const places = drawPlaces(this.#drawable, rng, parentCount);
    const generation = this.#generations.ask();
    return makeAsk(this.#drawable, places, generation, rng, parentCount, inspirationCount);
  }

  tell(result: EvaluatedCandidate | undefined): boolean {
    this.#generations.tell();
    return result?.evaluation.status === "ok" && this.#place(result);
  }

  immigrate(member: EvaluatedCandidate): void {
    this.#generations.immigrate(member.candidate.generation);
    if (member.evaluation.status === "ok") this.#place(member);
  }

  /** Makes it the elite of its cell, if it is better; returns whether it is. */
  #place(member: EvaluatedCandidate): boolean {
    const cell = this.#cellOf(member);
    if (cell === undefined) return false;
    const fitness = fitnessOf(member.evaluation);
    const row = this.#cells.rowOf(cell);
    const position = this.#cells.positionIn(row);
    if (position < 0) {
      this.#cells.occupy(row, cell, this.#elites.push(member) - 1, fitness);
      return true;
    }
    if (!(fitness > this.#cells.fitnessIn(row))) return false;
    this.#cells.improve(row, fitness);
    this.#elites[position] = member;
    return true;
  }

  /** Number of the cell of a candidate; undefined where it lacks a measure. */
  #cellOf(member: EvaluatedCandidate): number | undefined {
    let cell = 0;
    for (const { measure, low, scale, bins } of this.#axes) {
      const value = measure(member);
      if (value === undefined) return undefined;
      const bin = Math.floor((value - low) * scale);
      cell = cell * bins + (bin < 0 ? 0 : bin < bins ? bin : bins - 1);
    }
    return cell;
  }
}
