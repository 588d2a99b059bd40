/** Counts the generations of populations that wait for all results of one before they begin the next. */

/** Numbers generations of a fixed number of candidates, from 1. */
export class Generations {
  readonly #size: number;
  #number = 0;
  /** The largest generation of an immigrant: its children come after it. */
  #latest = 0;
  #asked: number;
  #told: number;

  constructor(size: number) {
    this.#size = size;
    this.#asked = this.#told = size; // the next ask begins the first one
  }

  /**
   * The generation of a candidate that is asked for now; undefined while results of the last one are awaited.
   * Before a new one is numbered, `begin` is called.
   */
  ask(begin: () => void): number | undefined {
    if (this.#asked === this.#size) {
      if (this.#told < this.#size) return undefined;
      begin();
      this.#number = Math.max(this.#number, this.#latest) + 1;
      this.#asked = this.#told = 0;
    }
    this.#asked += 1;
    return this.#number;
  }

  /** Takes note of a result. */
  tell(): void {
    this.#told += 1;
  }

  /** Takes note of a member of another population. */
  immigrate(generation: number): void {
    this.#latest = Math.max(this.#latest, generation);
  }
}
