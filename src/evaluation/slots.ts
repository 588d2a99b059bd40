/** Bounds how much of something happens at once. */
import { abortable } from "../core/index.ts";

/** A number of places; work waits for one in the order in which it came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Does the work when there is a place for it; rejects with the signal's reason when that comes first. */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else {
      const turn = new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
      await abortable(turn, signal).catch((error: unknown) => {
        void turn.then(() => this.#leave()); // the place that comes to it goes to the next in line
        throw error;
      });
    }
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
