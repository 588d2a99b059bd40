/** The Towers of Hanoi move by move: a long task in which each step is easy and a single error spoils the rest. */

import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  defineProblem,
  type Problem,
  UsageError,
} from "../../src/core/index.ts";
import { solutionLines, towersAfter, writeStart } from "./towers.ts";

/** Options of hanoi; the size of an instance is s, the number of moves that are wanted. */
export interface HanoiOptions {
  /** Disks, from 1 to 30; default 20. The shortest solution has 2^disks - 1 moves, the most that a size can be. */
  readonly disks?: number;
  /** Most moves of a component; default 1024. */
  readonly stretch?: number;
}

/**
 * Makes the hanoi problem (after arXiv 2511.09030): the first s moves of the shortest solution of a number of disks
 * from peg A to peg C. Each component is a stretch of moves, a line each, "1 A C: A 3 2 | B | C 1": the disk, the
 * peg it leaves, the one it goes to, and the state after the move. Fitness is the number of moves before the first
 * that is wrong or missing; the target is s. The only component that can improve is the stretch of that move.
 *
 * What an evaluation costs is in proportion to the stretch that changed, not to s.
 */
export function hanoi(options: HanoiOptions = {}): Problem {
  checkKeys("hanoi", options, ["disks", "stretch"]);
  const disks = checkWhole("hanoi: disks", options.disks ?? 20, 1);
  checkBetween("hanoi: disks", disks, 1, 30); // moves are numbered by 31 bits
  const stretch = checkWhole("hanoi: stretch", options.stretch ?? 1024, 1);
  return defineProblem({
    name: "hanoi",
    description: "s moves of the Towers of Hanoi, one after another; the first error ends the count",
    parameters: { disks, stretch },
    structure: "Components in a fixed order, each going on where the one before ends",
    instance({ size }) {
      if (size > 2 ** disks - 1) {
        throw new UsageError(
          `hanoi: a size is a number of moves, at most ${2 ** disks - 1} with ${disks} disks, got ${size}`,
        );
      }
      const count = Math.ceil(size / stretch);
      const firstOf = (index: number) => index * stretch + 1;
      const lastOf = (index: number) => Math.min(size, (index + 1) * stretch);
      const components = Array.from({ length: count }, (_, index): Component => {
        const [first, last] = [firstOf(index), lastOf(index)];
        return {
          name: `moves-${index + 1}`,
          text: "?\n".repeat(last - first + 1), // as many lines as compact answers must have
          spec: specOf(disks, first, last),
          kind: "stretch",
        };
      });
      /** What was checked last of each stretch: its text, and how many of its moves are right. */
      const checked: { readonly text: string; readonly right: number }[] = [];
      const rightMoves = (index: number, text: string): number => {
        const known = checked[index];
        if (known?.text === text) return known.right;
        const right = countRight(text, solutionLines(firstOf(index), lastOf(index), disks));
        checked[index] = { text, right };
        return right;
      };
      return {
        components,
        target: size,
        statement: statementOf(disks),
        evaluate(genome) {
          for (const [index, { text }] of genome.entries()) {
            const right = rightMoves(index, text);
            const [first, last] = [firstOf(index), lastOf(index)];
            if (right > last - first) continue;
            const fitness = first - 1 + right;
            const feedback = `Move ${fitness + 1} is the first that is wrong or missing.`;
            return { status: "ok", fitness, feedback, improvable: [index] };
          }
          return { status: "ok", fitness: size, improvable: [] };
        },
      };
    },
  });
}

/** How many lines are right, from the first on. A text that goes on after its last move has that one wrong. */
function countRight(text: string, expected: readonly string[]): number {
  const lines = text.split("\n").flatMap((line) => {
    const written = line.trim().replace(/\s+/g, " ");
    return written === "" ? [] : [written];
  });
  const wrong = expected.findIndex((line, index) => line !== lines[index]);
  if (wrong >= 0) return wrong;
  return lines.length > expected.length ? expected.length - 1 : expected.length;
}

function statementOf(disks: number): string {
  const order = disks % 2 === 0 ? "A to B to C to A" : "A to C to B to A";
  const [example = ""] = solutionLines(1, 1, disks);
  return `The Towers of Hanoi: ${disks} disks, numbered from 1, the smallest, to ${disks}, lie on the pegs A, B and C, at first all on A.
They are to go to C in as few moves as possible. A move takes the topmost disk of a peg to another peg, never onto a
smaller disk. In the shortest solution every other move, from the first on, takes disk 1 one peg on, from ${order};
each move between is the only one that leaves disk 1 where it is.
A move is one line: the disk, the peg it leaves, the peg it goes to, a colon, and the disks on each peg after the
move, the largest first. The first move is:
${example}`;
}

/** What a stretch must be, in words, and in the fixed form that the operator step-by-step reads. */
function specOf(disks: number, first: number, last: number): string {
  const which = first === last ? `Move ${first}` : `Moves ${first} to ${last}`;
  const what = `${which} of the shortest solution of the Towers of Hanoi with ${disks} disks from peg A to peg C`;
  const before = `Line before the first: ${writeStart(towersAfter(0, disks))}\n`;
  return `${what}, one line each.
Number of lines: ${last - first + 1}
${first === 1 ? before : ""}`.trimEnd();
}
