/**
 * Members in the order of their fitness, for populations of up to millions. What an operation costs hardly
 * depends on how many there are: numbers lie in typed arrays, and few cache lines are touched.
 *
 * Members lie in blocks of at most `blockSize`; every member of a block is at least as fit as those of the next
 * block. A newcomer is appended to its block, which is put in order when somebody looks at it. Among equals
 * the newer comes first.
 */
import { type Rng, randomIndex } from "../rng.ts";

const blockSize = 256; // so that a place within its block fits into a byte
/** Blocks whose sizes are summed up, so that a rank is found without adding up all of them. */
const groupSize = 64;

/** Members by rank. Where a member lies, its `place`, is a number that holds until the list changes. */
export class RankedList<T> {
  #size = 0;
  // By address, which is block id * blockSize + 0..blockSize-1.
  #fitness = new Float64Array(blockSize);
  #members: (T | undefined)[] = Array.from({ length: blockSize }, () => undefined);
  /** The places of each block from the best to the worst; those past its count are free. */
  #order = Uint8Array.from({ length: blockSize }, (_, place) => place);
  // By position of the block, the best first.
  #blockCount = 1;
  #ids = new Int32Array(groupSize);
  #counts = new Int16Array(groupSize);
  /** How many places at the start of each block's `#order` are in order. */
  #sorted = new Int16Array(groupSize);
  /** The least fitness in each block, but the last. */
  #bounds = new Float64Array(groupSize);
  /** Members in each `groupSize` blocks. */
  #groups = new Int32Array(1);
  #usedIds = 1;
  readonly #freeIds: number[] = [];

  get size(): number {
    return this.#size;
  }

  /** The fitness of the last member; minus infinity for an empty list. */
  get worstFitness(): number {
    return this.#size === 0 ? Number.NEGATIVE_INFINITY : this.fitness(this.at(this.#size - 1));
  }

  /** The place of the member of a rank, from 0 (the best). */
  at(rank: number): number {
    let left = rank;
    let position = 0;
    if (rank === this.#size - 1) {
      position = this.#blockCount - 1;
      left = (this.#counts[position] ?? 0) - 1;
    } else {
      const groups = this.#groups;
      const counts = this.#counts;
      let group = 0;
      for (let count = groups[0] ?? 0; left >= count; count = groups[group] ?? left + 1) {
        left -= count;
        group += 1;
      }
      position = group * groupSize;
      for (let count = counts[position] ?? 0; left >= count; count = counts[position] ?? left + 1) {
        left -= count;
        position += 1;
      }
    }
    if (this.#sorted[position] !== this.#counts[position]) this.#sort(position);
    return position * blockSize + (this.#order[this.#base(position) + left] ?? 0);
  }

  /** The place of a member drawn uniformly; the list is not empty. */
  draw(rng: Rng): number {
    const last = this.#blockCount - 1;
    if (last === 0) return this.#order[this.#base(0) + randomIndex(rng, this.#size)] ?? 0;
    for (;;) {
      // Blocks are at least half full, but for the last: a few tries do.
      const drawn = rng() * this.#blockCount;
      const position = Math.floor(drawn);
      const index = Math.floor((drawn - position) * blockSize);
      if (index >= (this.#counts[position] ?? 0)) continue;
      // Only in the last block, where members leave, do free places lie between others.
      return position * blockSize + (position < last ? index : (this.#order[this.#base(last) + index] ?? 0));
    }
  }

  fitness(place: number): number {
    return this.#fitness[this.#address(place)] ?? Number.NaN;
  }

  /** The member at a place, which must be of this list. */
  member(place: number): T {
    return this.#members[this.#address(place)] as T;
  }

  /** Whether the fitness at a place is above that at another; mostly known without a look at either. */
  isFitter(place: number, other: number): boolean {
    const position = Math.floor(place / blockSize);
    const otherPosition = Math.floor(other / blockSize);
    if (position > otherPosition + 1 || otherPosition > position + 1) {
      const [before, after] =
        position < otherPosition ? [position, otherPosition] : [otherPosition, position];
      // Whatever lies in the block `after` is at most as fit as the least of the block in front of it.
      if ((this.#bounds[before] ?? 0) > (this.#bounds[after - 1] ?? 0)) return position < otherPosition;
    }
    return this.fitness(place) > this.fitness(other);
  }

  /** Whether the fitness at a place is above a number; mostly known without a look at it. */
  isAbove(place: number, fitness: number): boolean {
    const position = Math.floor(place / blockSize);
    if (position > 0 && (this.#bounds[position - 1] ?? 0) <= fitness) return false;
    if (position < this.#blockCount - 1 && (this.#bounds[position] ?? 0) > fitness) return true;
    return this.fitness(place) > fitness;
  }

  insert(fitness: number, member: T): void {
    let position = this.#find(fitness);
    if (this.#counts[position] === blockSize) {
      this.#split(position);
      if ((this.#bounds[position] ?? 0) > fitness) position += 1;
    }
    const count = this.#counts[position] ?? 0;
    const base = this.#base(position);
    const address = base + (position < this.#blockCount - 1 ? count : (this.#order[base + count] ?? 0));
    this.#fitness[address] = fitness;
    this.#members[address] = member;
    this.#resize(position, count + 1);
  }

  /** Takes the last member out; the list is not empty. */
  removeWorst(): T {
    const place = this.at(this.#size - 1);
    const address = this.#address(place);
    const member = this.#members[address] as T;
    this.#members[address] = undefined;
    const last = this.#blockCount - 1;
    const count = (this.#counts[last] ?? 0) - 1;
    this.#resize(last, count);
    this.#sorted[last] = count;
    if (count === 0 && last > 0) {
      this.#freeIds.push(this.#ids[last] ?? 0);
      this.#blockCount = last;
    }
    return member;
  }

  /** Takes all members out. */
  clear(): void {
    this.#members.fill(undefined, 0, this.#usedIds * blockSize);
    this.#groups.fill(0);
    this.#ids[0] = this.#counts[0] = this.#sorted[0] = this.#freeIds.length = this.#size = 0;
    this.#blockCount = this.#usedIds = 1;
  }

  #base(position: number): number {
    return (this.#ids[position] ?? 0) * blockSize;
  }

  #address(place: number): number {
    return this.#base(Math.floor(place / blockSize)) + (place % blockSize);
  }

  #resize(position: number, count: number): void {
    const group = Math.floor(position / groupSize);
    const more = count - (this.#counts[position] ?? 0);
    this.#groups[group] = (this.#groups[group] ?? 0) + more;
    this.#counts[position] = count;
    this.#size += more;
  }

  /** The position of the first block that holds a fitness of at most this one, or else of the last block. */
  #find(fitness: number): number {
    const bounds = this.#bounds;
    let position = 0;
    let left = this.#blockCount - 1;
    while (left > 0) {
      const half = (left + 1) >>> 1;
      // A product in place of a branch, which the processor could not predict: twice as fast.
      position += half * Number((bounds[position + half - 1] ?? 0) > fitness);
      left -= half;
    }
    return position;
  }

  /** Puts the newcomers of a block in order, the oldest first, each before its equals. */
  #sort(position: number): void {
    const fitness = this.#fitness;
    const order = this.#order;
    const base = this.#base(position);
    const count = this.#counts[position] ?? 0;
    for (let sorted = this.#sorted[position] ?? 0; sorted < count; sorted++) {
      const place = order[base + sorted] ?? 0;
      const own = fitness[base + place] ?? 0;
      let low = 0;
      for (let high = sorted; low < high; ) {
        const middle = (low + high) >>> 1;
        if ((fitness[base + (order[base + middle] ?? 0)] ?? 0) <= own) high = middle;
        else low = middle + 1;
      }
      for (let at = base + sorted; at > base + low; at--) order[at] = order[at - 1] ?? 0;
      order[base + low] = place;
    }
    this.#sorted[position] = count;
  }

  /** Moves the worse half of a full block into a new one behind it. */
  #split(position: number): void {
    this.#sort(position);
    if (this.#blockCount === this.#ids.length) this.#growDirectory();
    const id = this.#newId();
    for (const numbers of [this.#ids, this.#counts, this.#sorted, this.#bounds]) {
      numbers.copyWithin(position + 1, position, this.#blockCount);
    }
    this.#blockCount += 1;
    this.#ids[position + 1] = id;
    const half = blockSize / 2;
    for (const one of [position, position + 1]) this.#counts[one] = this.#sorted[one] = half;
    this.#moveHalf(this.#base(position), id * blockSize);
    this.#bounds[position] = this.#fitness[this.#base(position) + half - 1] ?? 0;
    this.#shiftGroups(Math.floor(position / groupSize));
  }

  /** Makes both halves of a block lie in order and without gaps, the worse one at another address. */
  #moveHalf(from: number, to: number): void {
    const addresses = Array.from(this.#order.subarray(from, from + blockSize), (place) => from + place);
    const fitness = addresses.map((address) => this.#fitness[address] ?? 0);
    const members = addresses.map((address) => this.#members[address]);
    const half = blockSize / 2;
    for (let rank = 0; rank < blockSize; rank++) {
      const address = rank < half ? from + rank : to + rank - half;
      this.#fitness[address] = fitness[rank] ?? 0;
      this.#members[address] = members[rank];
      this.#order[from + rank] = this.#order[to + rank] = rank;
    }
    this.#members.fill(undefined, from + half, from + blockSize);
  }

  /** Sums up again after a block was put into a group: it pushes one block into each later group. */
  #shiftGroups(first: number): void {
    const counts = this.#counts;
    for (let group = first; group * groupSize < this.#blockCount; group++) {
      const start = group * groupSize;
      const next = start + groupSize;
      const came = group === first ? 0 : (counts[start] ?? 0);
      const left = next < this.#blockCount ? (counts[next] ?? 0) : 0;
      this.#groups[group] = (this.#groups[group] ?? 0) + came - left;
    }
  }

  #newId(): number {
    const free = this.#freeIds.pop();
    if (free !== undefined) return free;
    const id = this.#usedIds++;
    if (id * blockSize === this.#fitness.length) {
      const length = Math.ceil(id * 1.5) * blockSize;
      this.#fitness = copyInto(new Float64Array(length), this.#fitness);
      this.#order = copyInto(new Uint8Array(length), this.#order);
      while (this.#members.length < length) this.#members.push(undefined);
    }
    return id;
  }

  #growDirectory(): void {
    const length = this.#ids.length * 2;
    this.#ids = copyInto(new Int32Array(length), this.#ids);
    this.#counts = copyInto(new Int16Array(length), this.#counts);
    this.#sorted = copyInto(new Int16Array(length), this.#sorted);
    this.#bounds = copyInto(new Float64Array(length), this.#bounds);
    this.#groups = copyInto(new Int32Array(length / groupSize), this.#groups);
  }
}

function copyInto<A extends Float64Array | Int32Array | Int16Array | Uint8Array>(target: A, source: A): A {
  target.set(source);
  return target;
}
