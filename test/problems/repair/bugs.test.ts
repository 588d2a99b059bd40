import { describe, expect, it } from "vitest";
import { applyBug, type Bug, drawBug, isGoodBug, possibleBugs } from "../../../problems/repair/bugs.ts";
import { type LibraryFunction, library, parseLibrary } from "../../../problems/repair/library.ts";
import { isSameValue } from "../../../problems/repair/same-value.ts";
import { tokensOf } from "../../../problems/repair/tokens.ts";
import { expectedOf, runTests } from "../../../problems/repair/trusted.ts";
import { rngFrom } from "../../../src/core/index.ts";

const all = library();

describe("tokens", () => {
  it("joined are the source again, for every function", () => {
    for (const { source } of all)
      expect(
        tokensOf(source)
          .map(({ text }) => text)
          .join(""),
      ).toBe(source);
  });

  it("tell patterns from divisions, and texts from names", () => {
    const kinds = tokensOf('a / b / c.replace(/[/"]+/g, "x")')
      .filter(({ kind }) => kind === "pattern" || kind === "string")
      .map(({ text }) => text);
    expect(kinds).toEqual(['/[/"]+/g', '"x"']);
  });
});

describe("a drawn bug", () => {
  const drawn = all.map((one): [LibraryFunction, Bug] => [one, drawBug(one, rngFrom("test", one.name))]);

  it("is one changed token of the body, and fails at least one unit test but not all by errors", () => {
    for (const [one, bug] of drawn) {
      const source = applyBug(one.source, bug);
      const before = tokensOf(one.source).map(({ text }) => text);
      const rest = before.slice(bug.at + 1).join("");
      expect(source).toBe(before.slice(0, bug.at).join("") + bug.text + rest);
      expect(source.split("\n")[0]).toBe(one.source.split("\n")[0]);
      const expected = expectedOf(one);
      const outcomes = runTests(one, source);
      const isFailing = outcomes.some(
        (outcome, index) => outcome.status !== "returned" || !isSameValue(outcome.value, expected[index]),
      );
      expect([one.name, isFailing]).toEqual([one.name, true]);
      expect(outcomes.map(({ status }) => status)).toContain("returned");
      expect(outcomes.map(({ status }) => status)).not.toContain("endless");
    }
  });

  it("is of every sort somewhere", () => {
    const kinds = new Set(drawn.map(([, { kind }]) => kind));
    expect([...kinds].sort()).toEqual([
      ...["arithmetic", "comparison", "constant", "logic", "method", "name", "text"],
    ]);
  });

  it("is the same for the same generator", () => {
    const again = drawn.map(([one]) => drawBug(one, rngFrom("test", one.name)));
    expect(again).toEqual(drawn.map(([, bug]) => bug));
  });
});

describe("good bugs", () => {
  const [count] = parseLibrary(`
/** Counts down. */
function countDown(from) {
  const all = [];
  while (from > 0) {
    all.push(from);
    from -= 1;
  }
  return all;
}
[0], [1], [3]
`);
  const withChange = (before: string, after: string) =>
    possibleBugs(count!.source).find((bug) => {
      const source = applyBug(count!.source, bug);
      return source === count!.source.replace(before, after);
    });

  it("leave out what never ends, what no test notices, and what names nothing", () => {
    const cases: [string, string, boolean][] = [
      ["from > 0", "from >= 0", true],
      ["from -= 1", "from += 1", false], // never ends
      ["all.push", "all.unshift", true],
      ["from -= 1", "from -= 2", true],
      ["all.push(from)", "all.push(all)", true],
    ];
    for (const [before, after, isGood] of cases) {
      const bug = withChange(before, after);
      expect([after, bug !== undefined && isGoodBug(count!, bug)]).toEqual([after, isGood]);
      expect(bug).toBeDefined();
    }
    const [same] = parseLibrary(`
/** Ten. */
function ten(n) {
  return Math.min(n + 100, 10);
}
[0], [1]
`);
    const unnoticed = possibleBugs(same!.source).filter((bug) => bug.text === "101" || bug.text === "99");
    expect(unnoticed).toHaveLength(2);
    expect(unnoticed.map((bug) => isGoodBug(same!, bug))).toEqual([false, false]);
  });

  it("must exist: a function without any is a mistake of the library", () => {
    const [nothing] = parseLibrary(
      "/** Hello. */\nfunction hello() {\n  return Hello;\n}\n[], []".replace("Hello;", "[];"),
    );
    expect(() => drawBug(nothing!, rngFrom("x"))).toThrow("No single token of hello can be wrong");
  });
});
