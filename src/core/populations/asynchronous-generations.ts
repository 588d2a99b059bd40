/** Counts generations for populations that do not wait for results. */

/**
 * Gives each candidate 1 + the largest generation told so far. Results come in ask order, so that the candidates
 * in flight are of two sorts: those of the generations told already, and those of the next one.
 */
export class AsynchronousGenerations {
  #told = 0;
  /** Candidates in flight whose generation is told already, and those of the generation after it. */
  #old = 0;
  #young = 0;

  /** The generation of a candidate that is asked for now. */
  ask(): number {
    this.#young += 1;
    return this.#told + 1;
  }

  /** Takes note of the result of the oldest candidate in flight. */
  tell(): void {
    if (this.#old > 0) {
      this.#old -= 1;
    } else if (this.#young > 0) {
      this.#told += 1;
      this.#old = this.#young - 1;
      this.#young = 0;
    }
  }

  /** Takes note of a member of another population: its children come after it. */
  immigrate(generation: number): void {
    if (generation <= this.#told) return;
    this.#told = generation;
    this.#old += this.#young;
    this.#young = 0;
  }
}
