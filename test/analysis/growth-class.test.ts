import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmonic, logPolynomialAt } from "../../src/analysis/growth-class.ts";
import {
  exponentialClass,
  formatGrowthClass,
  type GrowthClass,
  isSameClass,
  outgrows,
  parseGrowthClass,
  polynomialClass,
  quotientClass,
  timesPower,
} from "../../src/analysis/index.ts";

const anyClass: fc.Arbitrary<GrowthClass> = fc.record({
  isExponential: fc.boolean(),
  powerOfK: fc.nat(4),
  powerOfLog: fc.nat(2),
});

describe("growth classes", () => {
  it("print as text", () => {
    const texts = [
      polynomialClass(0),
      polynomialClass(0, 1),
      polynomialClass(1, 1),
      polynomialClass(2, 1),
      exponentialClass(),
      exponentialClass(2),
    ].map(formatGrowthClass);
    expect(texts).toEqual(["1", "log k", "k log k", "k^2 log k", "b^k", "b^k k^2"]);
  });

  it("print quotients with what they divide by", () => {
    const over = (below: GrowthClass) => formatGrowthClass(quotientClass(exponentialClass(2), below));
    expect([over(polynomialClass(1)), over(polynomialClass(1, 1)), over(polynomialClass(3, 1))]).toEqual([
      "b^k k",
      "b^k k / log k",
      "b^k / (k log k)",
    ]);
  });

  it("are read back from their text", () => {
    fc.assert(
      fc.property(anyClass, (one) => {
        const parsed = parseGrowthClass(formatGrowthClass(one));
        expect(parsed).toEqual({ growthClass: one, base: undefined });
      }),
      { seed: 2 },
    );
    const quotient = fc
      .tuple(
        anyClass,
        anyClass.map((one) => ({ ...one, isExponential: false })),
      )
      .map(([above, below]) => quotientClass(above, below));
    fc.assert(
      fc.property(quotient, (one) => {
        expect(parseGrowthClass(formatGrowthClass(one))).toEqual({ growthClass: one, base: undefined });
      }),
      { seed: 4 },
    );
    expect(parseGrowthClass("2^k / (k log k)")?.base).toBe(2);
  });

  it("are read with a numeric base, and other text is refused", () => {
    expect(parseGrowthClass("2^k k^2")).toEqual({ growthClass: exponentialClass(2), base: 2 });
    expect(parseGrowthClass("1.5^k")).toEqual({ growthClass: exponentialClass(0), base: 1.5 });
    for (const text of [
      "",
      "n",
      "k!",
      "k^a",
      "2^n",
      "log",
      "k / ",
      "k / b^k",
      "k / k / k",
      "/ k",
      "0^k k",
      "1^k",
    ])
      expect(parseGrowthClass(text)).toBeUndefined();
    expect(parseGrowthClass(`k${" ".repeat(100)}log k`)).toBeUndefined();
  });

  it("are strictly ordered by growth, except exponentials among themselves", () => {
    fc.assert(
      fc.property(anyClass, anyClass, (left, right) => {
        expect(outgrows(left, right) && outgrows(right, left)).toBe(false);
        if (!left.isExponential || !right.isExponential) {
          expect(outgrows(left, right) || outgrows(right, left)).toBe(!isSameClass(left, right));
        }
      }),
      { seed: 3 },
    );
    expect(outgrows(exponentialClass(), polynomialClass(9))).toBe(true);
    expect(outgrows(exponentialClass(1), exponentialClass(0))).toBe(false);
    expect(outgrows(polynomialClass(1, 1), polynomialClass(1))).toBe(true);
    expect(outgrows(polynomialClass(1, 1), polynomialClass(2))).toBe(false);
  });

  it("grow by a power of k when multiplied by it", () => {
    expect(timesPower(polynomialClass(1, 1), 2)).toEqual(polynomialClass(3, 1));
    expect(timesPower(exponentialClass(), 2)).toEqual(exponentialClass(2));
  });

  it("use harmonic numbers that join their asymptotic series without a step", () => {
    expect(harmonic(1)).toBe(1);
    expect(harmonic(4)).toBeCloseTo(25 / 12, 14);
    expect(logPolynomialAt(polynomialClass(2, 1), 4)).toBeCloseTo(Math.log((16 * 25) / 12), 12);
    expect(harmonic(101) - harmonic(100)).toBeCloseTo(1 / 101, 9);
  });
});
