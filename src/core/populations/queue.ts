/** A queue whose cost does not depend on its length. */
export class Queue<T> {
  #first: Entry<T> | undefined;
  #last: Entry<T> | undefined;

  push(value: T): void {
    const entry: Entry<T> = { value, next: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
  }

  /** Takes the oldest value out; undefined where there is none. */
  shift(): T | undefined {
    const entry = this.#first;
    this.#first = entry?.next;
    if (this.#first === undefined) this.#last = undefined;
    return entry?.value;
  }
}

interface Entry<T> {
  readonly value: T;
  next: Entry<T> | undefined;
}
