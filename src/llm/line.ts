/** A line to stand in: in at its end, out from anywhere, each in constant time (an array's shift is not). */

/** A place in a line. */
export interface Link<T> {
  readonly value: T;
}

interface Place<T> extends Link<T> {
  before: Place<T> | undefined;
  after: Place<T> | undefined;
  isIn: boolean;
}

/** A doubly linked list. */
export class Line<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;
  #length = 0;

  /** The place of the one who came first of all still in line; undefined when it is empty. */
  get first(): Link<T> | undefined {
    return this.#first;
  }
  get length(): number {
    return this.#length;
  }

  /** Puts a value at the end; returns its place, for `remove`. */
  add(value: T): Link<T> {
    const place: Place<T> = { value, before: this.#last, after: undefined, isIn: true };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#length += 1;
    return place;
  }

  /** Takes a place of this line out of it; one that is out already stays out. */
  remove(link: Link<T>): void {
    const place = link as Place<T>;
    if (!place.isIn) return;
    place.isIn = false;
    if (place.before === undefined) this.#first = place.after;
    else place.before.after = place.after;
    if (place.after === undefined) this.#last = place.before;
    else place.after.before = place.before;
    this.#length -= 1;
  }
}
