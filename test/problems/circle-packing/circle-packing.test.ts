import { describe, expect, it } from "vitest";
import { bestKnownSum } from "../../../problems/circle-packing/best-known.ts";
import { circlePacking } from "../../../problems/circle-packing/problem.ts";
import score from "../../../problems/circle-packing/scorer.ts";
import { seed } from "../../../problems/circle-packing/seed.ts";
import { composeFiles, type SandboxScoring } from "../../../src/core/index.ts";
import { scoreInSandbox } from "../in-sandbox.ts";
import { next } from "../next.ts";
import { answering, plain, programFrom, programOf, withTexts } from "../program.ts";

const scored = (answer: unknown, n = 4) =>
  score({ candidate: answering(answer), data: { n, target: 1 }, repeat: 0 });

const quarters = [
  [0.25, 0.25, 0.25],
  [0.75, 0.25, 0.25],
  [0.25, 0.75, 0.25],
  [0.75, 0.75, 0.25],
];
const replaced = (index: number, circle: unknown) => quarters.map((one, i) => (i === index ? circle : one));

describe("the score of a packing", () => {
  it("is the sum of the radii, where circles may touch each other and the walls", async () => {
    expect(await scored(quarters)).toEqual({
      status: "ok",
      fitness: 1,
      metrics: { coveredArea: expect.closeTo(Math.PI / 4, 12), smallestRadius: 0.25, largestRadius: 0.25 },
      feedback:
        "The sum of radii is 1.000000; wanted: 1.000000. Radii from 0.2500 to 0.2500. " +
        "No circle can grow where it is; the centres must move.",
    });
  });

  it("names the circle with the most room to grow", async () => {
    const evaluation = await scored(replaced(2, [0.25, 0.75, 0.125]));
    expect(evaluation).toMatchObject({ status: "ok", fitness: 0.875 });
    expect(evaluation.feedback).toContain(
      "1 circles can grow where they are, most of all circle 2 at (0.2500",
    );
    expect(evaluation.feedback).toContain("by 0.1250");
  });

  it("is refused for an overlap of one unit in the last place", async () => {
    const pair = [
      [0.375, 0.5, 0.125],
      [0.625, 0.5, next(0.125)],
    ];
    expect(await scored(pair, 2)).toEqual({
      status: "failed",
      reason: "invalid",
      feedback:
        "1 rules broken; the worst: circles 0 and 1 overlap by less than 1e-15 (circles count from 0)",
    });
  });

  it("names the worst of several violations", async () => {
    const circles = [
      [0.3, 0.5, 0.2],
      [0.6, 0.5, 0.2],
      [0.62, 0.5, 0.2],
    ];
    expect(await scored(circles, 3)).toMatchObject({
      reason: "invalid",
      feedback: expect.stringContaining("3 rules broken; the worst: circles 1 and 2 overlap by 0.380"),
    });
  });
});

describe("an answer that is no packing", () => {
  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /must return 4 lists \[x, y, r\]; got undefined/],
    ["null", null, /got null/],
    ["a text", "0.25".repeat(100), /got "0\.250\.25.{1,71}$/],
    ["an object that calls itself a list", { length: 4, 0: [0, 0, 0] }, /must return 4 lists/],
    ["too few circles", quarters.slice(1), /must return 4 circles; got 3/],
    ["too many circles", [...quarters, [0, 0, 0]], /must return 4 circles; got 5/],
    ["a circle of two numbers", replaced(1, [0.5, 0.5]), /circle 1 must be a list .* got \["0\.5","0\.5"\]/],
    ["a circle of objects", replaced(1, [{}, {}, {}]), /circle 1 must be/],
    ["a circle of texts", replaced(3, ["0.75", "0.75", "0.25"]), /circle 3 must be/],
    ["a circle as an object", replaced(0, { x: 0.25, y: 0.25, r: 0.25 }), /circle 0 must be/],
    ["NaN", replaced(2, [0.25, 0.75, Number.NaN]), /circle 2 must be .* got \["0\.25","0\.75","NaN"\]/],
    ["infinity", replaced(2, [0.25, 0.75, Number.POSITIVE_INFINITY]), /circle 2 must be .*Infinity/],
    ["a negative radius", replaced(2, [0.25, 0.75, -0.25]), /radius of circle 2 is negative by 0\.25/],
    ["a huge radius", replaced(2, [0.25, 0.75, 1e308]), /circle 2 leaves the square by 1\.00e\+308/],
    ["a huge place", replaced(2, [1e308, 0.75, 0.25]), /circle 2 leaves the square by 1\.00e\+308/],
    ["a nested list", [[[[[quarters]]]], 1, 2, 3], /circle 0 must be/],
  ])("fails as invalid, with what was expected: %s", async (_, answer, feedback) => {
    const evaluation = await scored(answer);
    expect(evaluation).toMatchObject({ status: "failed", reason: "invalid" });
    expect(evaluation.feedback).toMatch(feedback);
    expect(evaluation.feedback!.length).toBeLessThan(200);
  });
});

describe("the best known sums of radii", () => {
  it("are those of AlphaEvolve's report for 26 and 32 circles, and closed forms for few", () => {
    expect([26, 32].map(bestKnownSum)).toEqual([2.635, 2.937]);
    // 1: one circle. 2: two circles on a diagonal, 2 - sqrt 2. 5: quarters with a circle between, (3 + sqrt 2) / 4.
    const exact = [0.5, 2 - Math.SQRT2, (3 + Math.SQRT2) / 4];
    for (const [i, n] of [1, 2, 5].entries()) {
      expect(exact[i]! - bestKnownSum(n)).toBeGreaterThanOrEqual(0);
      expect(exact[i]! - bestKnownSum(n)).toBeLessThan(0.001);
    }
  });

  it("grow with n, stay above the square grid's and below what a full square would give", () => {
    for (let n = 2; n <= 200; n++) {
      expect(bestKnownSum(n)).toBeGreaterThan(bestKnownSum(n - 1));
      expect(bestKnownSum(n)).toBeGreaterThanOrEqual(n / (2 * Math.ceil(Math.sqrt(n))));
      // Cauchy and Schwarz: (sum r)^2 <= n sum r^2 <= n / pi
      expect(bestKnownSum(n)).toBeLessThanOrEqual(Math.sqrt(n / Math.PI));
    }
  });
});

describe("an instance of circle packing", () => {
  const make = (size: number, options = {}) => circlePacking(options).instance({ size, seed: 1 });
  const evaluate = (instance: ReturnType<typeof make>) => {
    const { data } = instance.evaluate as SandboxScoring & { data: { n: number; target: number } };
    return score({ candidate: programFrom(instance), data, repeat: 0 });
  };

  it.each([1, 4, 9, 26, 100])("starts with a valid square grid of %d circles", async (n) => {
    const radius = 0.5 / Math.ceil(Math.sqrt(n));
    const evaluation = await evaluate(make(n));
    expect(evaluation).toMatchObject({ status: "ok", fitness: expect.closeTo(n * radius * (1 - 1e-12), 12) });
  });

  it("has three components, that make up the program with their fixed surroundings", () => {
    const { components, layout, target, statement } = make(26);
    expect(components.map(({ name, signature }) => [name, signature])).toEqual([
      ["placement", "function place(n)"],
      ["refinement", "function refine(centres)"],
      ["radii", "function radiiOf(centres)"],
    ]);
    for (const { text, signature } of components) expect(text.startsWith(`${signature} {\n`)).toBe(true);
    expect(components.every(({ spec }) => spec !== undefined)).toBe(true);
    expect(composeFiles(layout!, components)).toEqual([{ path: "pack.js", text: seed }]);
    expect(target).toBeCloseTo(0.98 * 2.635, 12);
    expect(statement).toContain("Target: 2.5823");
  });

  it("is the same for every seed, and the target a share of the best known sum", () => {
    const problem = circlePacking({ targetShare: 1 });
    expect(plain(problem.instance({ size: 32, seed: 1 }))).toEqual(
      plain(problem.instance({ size: 32, seed: 2 })),
    );
    expect(make(32, { targetShare: 1 }).target).toBe(2.937);
  });

  it("scores a change of one component", async () => {
    const placement =
      "const place = (n) => [[0.25, 0.25], [0.75, 0.75], [0.25, 0.75], [0.75, 0.25]].slice(0, n);\n";
    const radii = "const radiiOf = (centres) => centres.map(() => 0.2);\n";
    expect(await evaluate(withTexts(make(4), { placement, radii }))).toMatchObject({
      status: "ok",
      fitness: expect.closeTo(0.8, 10),
    });
    const wrong = "const radiiOf = (centres) => centres.map(() => 0.3);\n";
    expect(await evaluate(withTexts(make(4), { placement, radii: wrong }))).toMatchObject({
      reason: "invalid",
      feedback: expect.stringContaining("leaves the square by 0.0500"),
    });
  });

  it("lets a failure of the candidate's code pass", async () => {
    const candidate = programOf({
      pack: () => {
        throw new RangeError("from the candidate");
      },
    });
    await expect(score({ candidate, data: { n: 4, target: 1 }, repeat: 0 })).rejects.toThrow(
      "from the candidate",
    );
  });

  it("scores in the sandbox what it scores outside, and refuses what the sandbox hands back", async () => {
    const wrong = withTexts(make(4), { radii: "const radiiOf = (centres) => centres.map(() => NaN);\n" });
    const [grid, refused] = await scoreInSandbox(make(26), wrong);
    expect(grid).toEqual(await evaluate(make(26)));
    expect(refused).toMatchObject({ reason: "invalid", feedback: expect.stringContaining('"NaN"') });
  });

  it("refuses options and sizes that make no sense", () => {
    expect(() => circlePacking({ share: 1 } as object)).toThrow(/option 'share' is unknown/);
    expect(() => circlePacking({ targetShare: -1 })).toThrow(/targetShare must be a number from 0 to 2/);
    expect(() => circlePacking().instance({ size: 0, seed: 1 })).toThrow(/size must be a whole number/);
  });
});
