import { describe, expect, it } from "vitest";
import { families } from "../../../problems/repair/library/families.ts";
import { library, parseLibrary } from "../../../problems/repair/library.ts";
import { expectedOf, neededBy } from "../../../problems/repair/trusted.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";

const all = library();

describe("the library", () => {
  it("has at least 200 functions of different names and sources, over 8,000 tokens in all", () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const bodies = all.map(({ name, source }) => source.replaceAll(name, "f"));
    expect(new Set(bodies).size).toBe(all.length);
    const tokens = all.map(({ comment, source }) => countTokens(`${comment}\n${source}`));
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(40);
    expect(tokens.reduce((sum, one) => sum + one)).toBeGreaterThan(8000);
  });

  it("has small functions with a one-line comment and 5 to 8 unit tests each", () => {
    const odd = all.filter(({ comment, source, calls }) => {
      const lines = source.split("\n");
      const isSmall = lines.length >= 3 && lines.length <= 20 && lines.every((line) => line.length <= 120);
      return !isSmall || comment.includes("\n") || calls.length < 5 || calls.length > 8;
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it("has functions whose unit tests return plain data, the same after a copy as JSON", () => {
    const odd = all.filter((one) => {
      const expected = expectedOf(one);
      return JSON.stringify(JSON.parse(JSON.stringify(expected))) !== JSON.stringify(expected);
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
    expect(all.flatMap(expectedOf)).not.toContain(undefined);
  });

  it("puts each function after those that it calls", () => {
    const late = all.filter((one, index) => one.uses.some((used) => all.indexOf(used) >= index));
    expect(late.map(({ name }) => name)).toEqual([]);
    expect(all.filter(({ uses }) => uses.length > 0).length).toBeGreaterThan(15);
  });

  it("grows to any size by members of its families, and what there was stays the same", () => {
    const grown = library(700);
    expect(grown.length).toBeGreaterThanOrEqual(700);
    expect(new Set(grown.map(({ name }) => name)).size).toBe(grown.length);
    expect(grown.slice(0, all.length)).toEqual(all);
    expect(library()).toEqual(all);
    const late = families.flatMap((family) => parseLibrary(family(60)));
    expect(late).toHaveLength(families.length);
    expect(late.flatMap(expectedOf)).not.toContain(undefined);
  });

  it("rejects text that is no function with its tests", () => {
    expect(() => parseLibrary("/** f. */\nfunction f() {\n  return 1;\n}\nno list")).toThrow(
      "Expected comment, function, and argument lists",
    );
  });
});

/** What a library function returns for one of its tests. */
function known(name: string, ...args: unknown[]): unknown {
  const one = all.find((candidate) => candidate.name === name)!;
  const index = one.calls.findIndex((call) => JSON.stringify(call) === JSON.stringify(args));
  return expectedOf(one)[index];
}

describe("the answers of the library", () => {
  it.each<[string, unknown[], unknown]>([
    ["gcd", [48, 36], 12],
    ["lcm", [21, 6], 42],
    ["primesUpTo", [20], [2, 3, 5, 7, 11, 13, 17, 19]],
    ["primeFactors", [360], [2, 2, 2, 3, 3, 5]],
    ["divisorClass", [28], "perfect"],
    ["divisorClass", [12], "abundant"],
    ["collatzSteps", [7], 16],
    ["powerModulo", [2, 10, 1000], 24],
    ["binomial", [10, 3], 120],
    ["fibonacci", [8], [0, 1, 1, 2, 3, 5, 8, 13]],
    ["toRoman", [1994], "MCMXCIV"],
    ["fromRoman", ["CDXLIX"], 449],
    ["medianOf", [[10, 2, 9, 1]], 5.5],
    ["varianceOf", [[1, 2, 3, 4]], 1.25],
    ["percentileOf", [[15, 20, 35, 40, 50], 0.5], 35],
    ["binarySearch", [[2, 4, 6, 8, 10], 8], 3],
    ["countInversions", [[5, 1, 4, 2]], 4],
    ["maximumStretchSum", [[1, -2, 3, 4]], 7],
    ["isPalindrome", ["No lemon, no melon!"], true],
    ["titleCase", ["the lord of the rings"], "The Lord of the Rings"],
    ["editDistance", ["kitten", "sitting"], 3],
    ["editDistance", ["flaw", "lawn"], 2],
    ["hammingDistance", ["karolin", "kathrin"], 3],
    ["formatBytes", [1536], "1.5 KB"],
    ["formatMoney", [-123456], "-$1,234.56"],
    ["evaluatePostfix", ["5 1 2 + 4 * + 3 -"], 14],
    ["passesLuhn", ["79927398713"], true],
    ["passesLuhn", ["79927398710"], false],
    ["isLeapYear", [1900], false],
    ["dayOfYear", [2024, 3, 1], 61],
    ["dayOfWeek", [1969, 7, 20], 1], // a Sunday
    ["dayOfWeek", [2000, 3, 1], 4], // a Wednesday
    ["addMinutes", ["23:50", 20], "00:10"],
    ["describeSeconds", [93605], "1d 2h 5s"],
    [
      "multiplyMatrices",
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      [
        [19, 22],
        [43, 50],
      ],
    ],
    [
      "determinantOf",
      [
        [
          [2, 1, 3],
          [0, 4, 1],
          [5, 2, 6],
        ],
      ],
      -11,
    ],
    [
      "spiralOf",
      [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
      [1, 2, 3, 6, 9, 8, 7, 4, 5],
    ],
    [
      "polygonArea",
      [
        [
          [0, 0],
          [4, 0],
          [0, 3],
        ],
      ],
      6,
    ],
    ["makeChange", [88], [50, 20, 10, 5, 2, 1]],
    [
      "orderTasks",
      [
        [
          { name: "b", needs: ["a"] },
          { name: "a", needs: [] },
        ],
      ],
      ["a", "b"],
    ],
    ["shiftLetters3", ["xyz"], "abc"],
    ["digitsInBase2", [100], [1, 1, 0, 0, 1, 0, 0]],
  ])("hold for %s of %j", (name, args, result) => {
    expect(known(name, ...args)).toEqual(result);
  });

  it("come from the function and all that it needs", () => {
    const livesOn = all.find(({ name }) => name === "livesOn")!;
    expect([...neededBy(livesOn)].map(({ name }) => name).sort()).toEqual(["livesOn", "livingNeighbours"]);
  });
});
