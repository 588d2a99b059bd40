import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parallelCost, type RunRow, speedUp } from "../../src/analysis/index.ts";
import { runRow } from "./simulate.ts";

/** Calls that wait for earlier ones, by index: a graph without circles. */
type Graph = readonly { readonly cost: number; readonly after: readonly number[] }[];

const workOf = (graph: Graph) => graph.reduce((sum, { cost }) => sum + cost, 0);

/** The longest chain of calls each of which waits for the one before. */
function pathOf(graph: Graph): number {
  const ends: number[] = [];
  for (const { cost, after } of graph) ends.push(cost + Math.max(0, ...after.map((one) => ends[one] ?? 0)));
  return Math.max(0, ...ends);
}

/** When the last call ends on so many workers, none of which is idle while a call could begin. */
function greedyTime(graph: Graph, workers: number): number {
  const ends = new Map<number, number>();
  const running: { index: number; end: number }[] = [];
  let now = 0;
  while (ends.size < graph.length) {
    for (const [index, { cost, after }] of graph.entries()) {
      const isOpen = !ends.has(index) && running.every((one) => one.index !== index);
      if (isOpen && running.length < workers && after.every((one) => ends.has(one))) {
        running.push({ index, end: now + cost });
      }
    }
    running.sort((left, right) => left.end - right.end);
    const done = running.shift();
    if (!done) throw new Error("nothing can run");
    now = done.end;
    ends.set(done.index, now);
  }
  return now;
}

const chain: Graph = [1, 2, 3, 4].map((cost, i) => ({ cost, after: i === 0 ? [] : [i - 1] }));
const apart: Graph = Array.from({ length: 8 }, () => ({ cost: 5, after: [] }));
/** One call, eight that wait for it, one that waits for all. */
const fork: Graph = [
  { cost: 1, after: [] },
  ...Array.from({ length: 8 }, () => ({ cost: 1, after: [0] })),
  { cost: 1, after: [1, 2, 3, 4, 5, 6, 7, 8] },
];

describe("the speed-up with p workers", () => {
  it("is none of a chain, p of calls that do not wait, and between its bounds of a fork", () => {
    expect(speedUp(workOf(chain), pathOf(chain), 4)).toEqual({ workers: 4, low: 1, high: 1 });
    // D = 5 of W = 40: 4 workers take 10, and at most 10 + 5 * 3 / 4 by what is known of W and D alone.
    expect(speedUp(workOf(apart), pathOf(apart), 4)).toEqual({ workers: 4, low: 40 / 13.75, high: 4 });
    expect(greedyTime(apart, 4)).toBe(10);
    expect([workOf(fork), pathOf(fork), greedyTime(fork, 4), greedyTime(fork, 8)]).toEqual([10, 3, 4, 3]);
    expect(speedUp(10, 3, 4)).toEqual({ workers: 4, low: 10 / 4.75, high: 10 / 3 });
    expect(speedUp(10, 3, 8).high).toBeCloseTo(10 / 3, 12);
  });

  it("lies within its bounds whatever waits for whatever, if no worker is idle while a call could begin", () => {
    const graph = fc
      .array(
        fc.record({ cost: fc.integer({ min: 1, max: 9 }), picks: fc.array(fc.nat(30), { maxLength: 3 }) }),
        {
          minLength: 1,
          maxLength: 24,
        },
      )
      .map(
        (calls): Graph =>
          calls.map(({ cost, picks }, i) => ({ cost, after: i === 0 ? [] : picks.map((pick) => pick % i) })),
      );
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 16 }), (calls, workers) => {
        const work = workOf(calls);
        const { low, high } = speedUp(work, pathOf(calls), workers);
        const measured = work / greedyTime(calls, workers);
        expect(measured).toBeGreaterThanOrEqual(low - 1e-9);
        expect(measured).toBeLessThanOrEqual(high + 1e-9);
        expect(high).toBeLessThanOrEqual(workers + 1e-9);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe("the parallel cost of a campaign", () => {
  const run = (strategy: string, size: number, isSolved = true, share = 1): RunRow => {
    const row = runRow({ strategy, size, calls: 4 * size, isSolved });
    return { ...row, criticalPathCost: row.criticalPathCost * share };
  };
  // 50 tokens in and out: 50 * 50 + 25 * 49 primitives a call.
  const call = 3725;

  it("is told at the largest size that all have solved, with the mean total and critical path", () => {
    const runs = [
      ...[run("a", 2), run("a", 4), run("a", 8, true, 0.25), run("a", 8, true, 0.75), run("a", 16)],
      ...[run("b", 2), run("b", 8), run("b", 16, false)],
      ...[run("never", 4, false)],
    ];
    expect(parallelCost(runs)).toEqual({
      size: 8,
      rows: [
        {
          ...{ strategy: "a", work: expect.closeTo(32 * call), criticalPath: expect.closeTo(16 * call) },
          parallelism: expect.closeTo(2),
          speedUps: [2, 4, 8, 16].map((workers) => ({
            workers,
            low: expect.closeTo(speedUp(2, 1, workers).low),
            high: expect.closeTo(2),
          })),
        },
        expect.objectContaining({ strategy: "b", parallelism: 1 }),
      ],
    });
  });

  it("is told where most are, if no size has all; and nowhere without a solved run", () => {
    const runs = [run("a", 2), run("a", 8), run("b", 8), run("c", 16)];
    expect(parallelCost(runs)?.size).toBe(8);
    expect(parallelCost(runs)?.rows.map(({ strategy }) => strategy)).toEqual(["a", "b"]);
    expect(parallelCost([run("a", 2, false)])).toBeUndefined();
    const free = parallelCost([{ ...run("a", 2), roles: [], criticalPathCost: 0 }]);
    expect(free?.rows).toEqual([
      { strategy: "a", work: 0, criticalPath: 0, parallelism: undefined, speedUps: [] },
    ]);
  });
});
