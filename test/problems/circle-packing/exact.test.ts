import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isApart, sumIsAtMostOne, toUnits } from "../../../problems/circle-packing/exact.ts";
import { type Circle, violations } from "../../../problems/circle-packing/packing.ts";
import { next } from "../next.ts";

describe("a double as a whole number of 2^-1074", () => {
  it.each<[number, bigint]>([
    [0, 0n],
    [Number.MIN_VALUE, 1n],
    [-3 * Number.MIN_VALUE, -3n],
    [2 ** -1022, 2n ** 52n],
    [next(2 ** -1022), 2n ** 52n + 1n],
    [1, 2n ** 1074n],
    [-0.75, -3n * 2n ** 1072n],
    [Number.MAX_VALUE, (2n ** 53n - 1n) * 2n ** (971n + 1074n)],
  ])("is exact for %d", (value, units) => {
    expect(toUnits(value)).toBe(units);
  });

  it("keeps the order of any two doubles", () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(double, double, (a, b) => {
        expect(toUnits(a) < toUnits(b)).toBe(a < b);
      }),
      { seed: 1 },
    );
  });
});

describe("two circles", () => {
  // Coordinates and radii are multiples of 2^-26, so that whole numbers decide exactly.
  const unit = 2 ** -26;
  const place = fc.integer({ min: 0, max: 2 ** 26 });

  it("are told apart from overlapping ones exactly, however near to touching", () => {
    fc.assert(
      fc.property(place, place, place, place, fc.integer({ min: -2, max: 2 }), (x1, y1, x2, y2, off) => {
        const square = (x1 - x2) ** 2 + (y1 - y2) ** 2; // at most 2^53: exact
        const sum = Math.max(0, Math.floor(Math.sqrt(square)) + off);
        const r1 = Math.floor(sum / 3);
        const a: Circle = [x1 * unit, y1 * unit, r1 * unit];
        const b: Circle = [x2 * unit, y2 * unit, (sum - r1) * unit];
        expect(isApart(a, b)).toBe(BigInt(square) >= BigInt(sum) ** 2n);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it("may touch along a slope, and overlap when a radius grows by one unit in the last place", () => {
    // 3-4-5 triangle in sixteenths
    const a: Circle = [4 / 16, 4 / 16, 2 / 16];
    const touching: Circle = [7 / 16, 8 / 16, 3 / 16];
    expect(violations([a, touching])).toEqual([]);
    expect(violations([a, [7 / 16, 8 / 16, next(3 / 16)]])).toEqual([
      { text: "circles 0 and 1 overlap", amount: expect.closeTo(0, 15) },
    ]);
    expect(violations([a, [7 / 16, next(8 / 16), 3 / 16]])).toEqual([]);
  });

  it("overlap when they have one centre, unless both are points", () => {
    expect(isApart([0.5, 0.5, 0], [0.5, 0.5, Number.MIN_VALUE])).toBe(false);
    expect(isApart([0.5, 0.5, 0], [0.5, 0.5, 0])).toBe(true);
  });
});

describe("a circle at the wall", () => {
  it("is measured without rounding", () => {
    const belowOne = 1 - 2 ** -53;
    expect(sumIsAtMostOne(belowOne, 2 ** -53)).toBe(true);
    const tooLarge = next(2 ** -53);
    expect(belowOne + tooLarge).toBe(1); // what rounding would say
    expect(sumIsAtMostOne(belowOne, tooLarge)).toBe(false);
  });

  it.each<[string, Circle]>([
    ["left", [next(0.25, -1), 0.5, 0.25]],
    ["right", [next(0.75), 0.5, 0.25]],
    ["lower", [0.5, next(0.25, -1), 0.25]],
    ["upper", [0.5, next(0.75), 0.25]],
  ])("may touch the %s one and not pass it by one unit in the last place", (_, outside) => {
    const inside = outside.map((one) => Math.round(one * 4) / 4) as unknown as Circle;
    expect(violations([inside])).toEqual([]);
    expect(violations([outside])).toEqual([
      { text: "circle 0 leaves the square", amount: expect.closeTo(0, 15) },
    ]);
  });
});
