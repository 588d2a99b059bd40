/**
 * The Towers of Hanoi as text: states, moves, and the shortest solution by number of its moves. Disks are numbered
 * from 1, the smallest; pegs are A, B and C.
 */

/** The names of the pegs. */
export const pegs = ["A", "B", "C"] as const;

/** The disks on each peg as text, the largest first, each after a space: " 3 1". */
export type Towers = readonly [string, string, string];

/** A move: the disk on top of one peg goes to another. Pegs by index. */
export interface Move {
  readonly disk: number;
  readonly from: number;
  readonly to: number;
}

/** What a line looks like, a move and the state after it: for `stepByStep({ line: hanoiLine })`. */
export const hanoiLine = /^\d+ [ABC] [ABC]: A(?: \d+)* \| B(?: \d+)* \| C(?: \d+)*$/;

/** Writes a state: "A 3 | B | C 2 1". */
export function writeTowers([a, b, c]: Towers): string {
  return `A${a} | B${b} | C${c}`;
}

/** Writes the line that stands before the first move. */
export function writeStart(towers: Towers): string {
  return `start: ${writeTowers(towers)}`;
}

/** Writes the line of a move, with the state after it. */
export function writeMove({ disk, from, to }: Move, after: Towers): string {
  return `${disk} ${pegs[from]} ${pegs[to]}: ${writeTowers(after)}`;
}

/** The state after a move, of a state in which the disk lies on top. */
export function afterMove(towers: Towers, { disk, from, to }: Move): Towers {
  const text = ` ${disk}`;
  const peg = (index: number): string => {
    const disks = towers[index] ?? "";
    if (index === from) return disks.slice(0, disks.length - text.length);
    return index === to ? disks + text : disks;
  };
  return [peg(0), peg(1), peg(2)];
}

/**
 * Move number m, from 1, of the shortest solution from peg A to peg C: disk 1 + (the zeros at the end of m in
 * binary) goes from peg (m & (m - 1)) mod 3 to peg ((m | (m - 1)) + 1) mod 3, where B and C change places for an
 * even number of disks. At most 30 disks.
 */
export function moveNumber(m: number, disks: number): Move {
  const peg = (index: number) => (disks % 2 === 0 ? (3 - index) % 3 : index);
  return {
    disk: 32 - Math.clz32(m & -m),
    from: peg((m & (m - 1)) % 3),
    to: peg(((m | (m - 1)) + 1) % 3),
  };
}

/**
 * The state after m moves of the shortest solution from peg A to peg C. Disk d has then moved (m + 2^(d-1)) div 2^d
 * times, each time one peg on: down the alphabet where d is as even as the number of disks, else up.
 */
export function towersAfter(m: number, disks: number): Towers {
  const towers: [string, string, string] = ["", "", ""];
  for (let disk = disks; disk >= 1; disk--) {
    const moved = Math.floor((m + 2 ** (disk - 1)) / 2 ** disk);
    const step = (disks - disk) % 2 === 0 ? 2 : 1;
    const peg = (moved * step) % 3;
    towers[peg] += ` ${disk}`;
  }
  return towers;
}

/** The lines of moves `first` to `last` of the shortest solution from peg A to peg C. */
export function solutionLines(first: number, last: number, disks: number): readonly string[] {
  const lines: string[] = [];
  let towers = towersAfter(first - 1, disks);
  for (let m = first; m <= last; m++) {
    const move = moveNumber(m, disks);
    towers = afterMove(towers, move);
    lines.push(writeMove(move, towers));
  }
  return lines;
}
