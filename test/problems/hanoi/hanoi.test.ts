import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hanoi } from "../../../problems/hanoi/problem.ts";
import { hanoiLine, solutionLines, towersAfter, writeStart } from "../../../problems/hanoi/towers.ts";
import type { Genome, Instance } from "../../../src/core/index.ts";
import { scoreOf } from "../blocks/measure.ts";

/** The solution by recursion: to move n disks, move n - 1 out of the way, then the largest, then the n - 1 back. */
function byRecursion(disks: number): string[] {
  const pegs: number[][] = [Array.from({ length: disks }, (_, index) => disks - index), [], []];
  const lines: string[] = [];
  const move = (count: number, from: number, to: number): void => {
    if (count === 0) return;
    const spare = 3 - from - to;
    move(count - 1, from, spare);
    const disk = pegs[from]!.pop()!;
    pegs[to]!.push(disk);
    const state = pegs.map((peg, index) => ["ABC"[index], ...peg].join(" ")).join(" | ");
    lines.push(`${disk} ${"ABC"[from]} ${"ABC"[to]}: ${state}`);
    move(count - 1, spare, to);
  };
  move(disks, 0, 2);
  return lines;
}

/** The solution of an instance with these texts in its components, the others as they are at first. */
function withTexts({ components }: Instance, texts: Readonly<Record<number, string>>): Genome {
  return components.map((component, index) => ({ ...component, text: texts[index] ?? component.text }));
}

describe("the shortest solution by number of its moves", () => {
  it.each([1, 2, 3, 4, 7, 10])("is the solution by recursion, of %i disks", (disks) => {
    expect(solutionLines(1, 2 ** disks - 1, disks)).toEqual(byRecursion(disks));
  });

  it("can begin at any move", () => {
    const all = byRecursion(8);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 40 }), (first, more) => {
        const last = Math.min(255, first + more);
        expect(solutionLines(first, last, 8)).toEqual(all.slice(first - 1, last));
      }),
      { seed: 1 },
    );
  });

  it("starts with all disks on A and ends with all on C, also of 30", () => {
    expect(writeStart(towersAfter(0, 4))).toBe("start: A 4 3 2 1 | B | C");
    const [last] = solutionLines(2 ** 30 - 1, 2 ** 30 - 1, 30);
    expect(last).toMatch(/^1 [AB] C: A \| B \| C 30 29 .* 2 1$/);
  });
});

describe("hanoi", () => {
  const problem = hanoi({ disks: 3, stretch: 3 });
  const instance = problem.instance({ size: 7, seed: 1 });
  const lines = byRecursion(3);
  const stretches = [lines.slice(0, 3), lines.slice(3, 6), lines.slice(6)].map((part) => part.join("\n"));

  it("has a component for each stretch of moves, with as many lines", () => {
    expect(instance.components.map(({ name, text }) => [name, text])).toEqual([
      ["moves-1", "?\n?\n?\n"],
      ["moves-2", "?\n?\n?\n"],
      ["moves-3", "?\n"],
    ]);
    expect(instance.target).toBe(7);
    expect(hanoi().instance({ size: 2048, seed: 1 }).components).toHaveLength(2);
    expect(hanoi().instance({ size: 2049, seed: 1 }).components).toHaveLength(3);
  });

  it("says in the specs what is wanted, and where the first stretch starts", () => {
    const of =
      "of the shortest solution of the Towers of Hanoi with 3 disks from peg A to peg C, one line each.";
    expect(instance.components.map(({ spec }) => spec)).toEqual([
      `Moves 1 to 3 ${of}\nNumber of lines: 3\nLine before the first: start: A 3 2 1 | B | C`,
      `Moves 4 to 6 ${of}\nNumber of lines: 3`,
      `Move 7 ${of}\nNumber of lines: 1`,
    ]);
    for (const line of lines) expect(line).toMatch(hanoiLine);
    expect(instance.statement).toContain("1 A C: A 3 2 | B | C 1");
    expect(instance.statement).toContain("A to C to B to A");
  });

  it.each([2, 5])("says rightly which way disk 1 goes in the shortest solution of %i disks", (disks) => {
    const { statement } = hanoi({ disks }).instance({ size: 1, seed: 1 });
    const [, first, , , again] = /from (.) to (.) to (.) to (.)/.exec(statement) ?? [];
    expect(first).toBe(again);
    const order = /from ([ABC to]+);/.exec(statement)![1]!.split(" to ");
    const moves = byRecursion(disks).filter((_, index) => index % 2 === 0);
    for (const [index, line] of moves.entries()) {
      expect(line.startsWith(`1 ${order[index % 3]} ${order[(index % 3) + 1]}:`)).toBe(true);
    }
  });

  it("counts the moves before the first that is wrong or missing, and names its stretch alone", () => {
    const score = (texts: Readonly<Record<number, string>>) => {
      const { fitness, improvable, feedback } = scoreOf(instance, withTexts(instance, texts));
      return [fitness, improvable, feedback];
    };
    const at = (move: number) => `Move ${move} is the first that is wrong or missing.`;
    const [first = "", second = "", third = ""] = stretches;
    expect(score({})).toEqual([0, [0], at(1)]);
    expect(score({ 0: lines[0]! })).toEqual([1, [0], at(2)]);
    expect(score({ 0: first })).toEqual([3, [1], at(4)]);
    expect(score({ 0: first, 2: third })).toEqual([3, [1], at(4)]);
    expect(score({ 0: first, 1: second.replace("3 A C", "3 A B") })).toEqual([3, [1], at(4)]);
    expect(score({ 0: first, 1: second })).toEqual([6, [2], at(7)]);
    expect(score({ 0: first, 1: second, 2: third })).toEqual([7, [], undefined]);
    const other = first.replace("B 2 1", "B 1 2");
    expect(score({ 0: other, 1: second, 2: third })).toEqual([2, [0], at(3)]);
  });

  it("takes other white space for what it is, and no line too many", () => {
    const [first = "", second = "", third = ""] = stretches;
    const loose = first.replaceAll("\n", " \r\n\n").replaceAll(" | ", "  |\t");
    expect(scoreOf(instance, withTexts(instance, { 0: loose })).fitness).toBe(3);
    const longer = withTexts(instance, { 0: first, 1: second, 2: `${third}\n${third}` });
    expect(scoreOf(instance, longer)).toMatchObject({ fitness: 6, improvable: [2] });
  });

  it("scores a text that was scored before as it did then", () => {
    const texts = [...stretches.map((_, index) => stretches.slice(0, index + 1)), [], stretches.slice(0, 1)];
    for (const some of [...texts, ...texts]) {
      const genome = withTexts(instance, Object.fromEntries(some.entries()));
      expect(scoreOf(instance, genome).fitness).toBe(Math.min(7, 3 * some.length));
    }
  });

  it("checks its options, and the size against what the disks allow", () => {
    expect(hanoi().parameters).toEqual({ disks: 20, stretch: 1024 });
    expect(() => problem.instance({ size: 8, seed: 1 })).toThrow(
      "hanoi: a size is a number of moves, at most 7 with 3 disks, got 8",
    );
    expect(() => hanoi({ disks: 31 })).toThrow("hanoi: disks must be a number from 1 to 30, got 31");
    expect(() => hanoi({ stretch: 0 })).toThrow("hanoi: stretch must be a whole number of at least 1, got 0");
    expect(() => hanoi({ pegs: 4 } as never)).toThrow("hanoi: option 'pegs' is unknown");
  });
});
