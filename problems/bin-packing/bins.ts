/** Online packing: items arrive one by one, and each is put into a bin at once. */

/** The bins of a packing under way. */
export class Bins {
  readonly #capacity: number;
  /** What is left of each bin in use, oldest first. */
  readonly #left: number[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number of bins in use. */
  get count(): number {
    return this.#left.length;
  }

  /** Indexes of the bins that an item fits in, oldest first; the last one is a bin not yet in use. */
  fitting(item: number): number[] {
    const indexes: number[] = [];
    for (const [index, left] of this.#left.entries()) if (left >= item) indexes.push(index);
    indexes.push(this.#left.length);
    return indexes;
  }

  /** What is left of a bin, in use or not. */
  left(index: number): number {
    return this.#left[index] ?? this.#capacity;
  }

  /** Puts an item into a bin that it fits in. */
  put(item: number, index: number): void {
    this.#left[index] = this.left(index) - item;
  }
}

/** Number of bins that best fit uses: each item goes where it leaves least, to the oldest such bin. */
export function bestFitCount(items: readonly number[], capacity: number): number {
  const bins = new Bins(capacity);
  for (const item of items) {
    bins.put(
      item,
      bins.fitting(item).reduce((best, index) => (bins.left(index) < bins.left(best) ? index : best)),
    );
  }
  return bins.count;
}
