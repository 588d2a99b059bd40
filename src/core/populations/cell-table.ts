/** A grid of so many cells has a row for each of them, a greater one rows for those that are occupied. */
const mostFlatCells = 2 ** 22;

/**
 * Where the elite of each cell of a grid is, and its fitness. Both are side by side, so that a look at a cell touches
 * one place in memory. In a great grid, rows are found by hashing with linear probing, at most half of them in use.
 */
export class CellTable {
  /** 1 + cell by row, 0 for an unused row; undefined where the row of a cell has its number. */
  #cells: Float64Array | undefined;
  /** Two numbers a row: 1 + the elite's position, 0 for an empty cell; then its fitness. */
  #rows: Float64Array;
  #occupied = 0;

  constructor(cells: number) {
    this.#cells = cells <= mostFlatCells ? undefined : new Float64Array(64);
    this.#rows = new Float64Array(2 * (this.#cells?.length ?? cells));
  }

  /** The row of a cell; it stays the same until a cell is occupied. */
  rowOf(cell: number): number {
    const cells = this.#cells;
    if (cells === undefined) return cell;
    const last = cells.length - 1;
    // Fibonacci hashing of both halves of a number below 2^53 (Knuth, volume 3, section 6.4).
    const mixed = Math.imul(cell | 0, 0x9e3779b1) ^ Math.imul((cell / 2 ** 32) | 0, 0x85ebca6b);
    let row = (mixed ^ (mixed >>> 15)) & last;
    while (cells[row] !== 0 && cells[row] !== cell + 1) row = (row + 1) & last;
    return row;
  }

  /** Position of the elite in a row; -1 where there is none. */
  positionIn(row: number): number {
    return (this.#rows[2 * row] as number) - 1;
  }

  /** Fitness of the elite in a row that has one. */
  fitnessIn(row: number): number {
    return this.#rows[2 * row + 1] as number;
  }

  /** Gives an elite another fitness. */
  improve(row: number, fitness: number): void {
    this.#rows[2 * row + 1] = fitness;
  }

  /** Puts an elite into an empty cell, whose row is given. */
  occupy(row: number, cell: number, position: number, fitness: number): void {
    this.#rows[2 * row] = position + 1;
    this.#rows[2 * row + 1] = fitness;
    if (this.#cells === undefined) return;
    this.#cells[row] = cell + 1;
    this.#occupied += 1;
    if (2 * this.#occupied > this.#cells.length) this.#grow(this.#cells, this.#rows);
  }

  #grow(cells: Float64Array, rows: Float64Array): void {
    this.#cells = new Float64Array(2 * cells.length);
    this.#rows = new Float64Array(2 * rows.length);
    for (const [row, used] of cells.entries()) {
      if (used === 0) continue;
      const next = this.rowOf(used - 1);
      this.#cells[next] = used;
      this.#rows.set(rows.subarray(2 * row, 2 * row + 2), 2 * next);
    }
  }
}
