import { describe, expect, it } from "vitest";
import { handWrittenCount, kinds } from "../../../problems/routing/kinds.ts";
import { writeQuery } from "../../../problems/routing/query.ts";
import { rngFrom } from "../../../src/core/index.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";

const some = kinds.slice(0, 256);
const named = (name: string) => kinds.find((kind) => kind.name === name)!;

describe("the kinds of task", () => {
  it.each([
    ["sum-of-all", "1000001 20 300", "1000321"],
    ["difference-of-two", "3000000 10000001", "7000001"],
    ["product-of-two", "1234 5678", "7006652"],
    ["square-of-one", "1234", "1522756"],
    ["largest-of-all", "9 10 100 99", "100"],
    ["middle-of-all", "9 100 10 7 99", "10"],
    ["next-in-line", "2 5 8 11", "14"],
    ["factor-of-two", "84 and 36, 17 and 5", "12 1"],
    ["odd-or-even", "10 7 0", "even odd even"],
    ["sort-by-name", "team web home", "home team web"],
    ["last-by-name", "that this from return your have will class", "this will your"],
    ["first-of-two", "team or web, order or help, most or more", "team help more"],
    ["back-to-front", "team web home", "home web team"],
    ["list-to-set", "team, team, web, team, home, web", "team web home"],
    ["words-in-upper", "team WEB home LIFE STATE", "web life state"],
    ["count-of-word", "team and web in web home web team web", "1 3"],
    ["size-of-word", "team service", "4 7"],
    ["day-and-month", "2024-02-09", "February 9"],
    ["km-to-m", "12345.678 kilometres", "12345678"],
    ["c-to-f", "100 5", "212 41"],
    ["roman-to-number", "XLIV CMXCIX", "44 999"],
    ["binary-to-number", "101 11111111", "5 255"],
    ["day-after-day", "Sunday Friday Monday", "Monday Saturday Tuesday"],
    ["time-plus-half", "23:45", "00:15"],
    ["value-of-key", 'b of {"a":"one two","b":"three four"}', "three four"],
    ["row-of-table", "number 2 of 1 team web; 2 home life; 3 page", "home life"],
    ["shift-3", "wkdw wklv", "that this"],
    ["multiply-7", "1234567", "8641969"],
    ["every-3", "a b c d e f g h i j", "c f i"],
    ["add-7", "9999995", "10000002"],
    ["from-4", "a b c d e f g", "d e f"],
    ["rest-7", "15 700", "1 0"],
    ["days-9", "Monday Saturday Sunday", "Wednesday Monday Tuesday"],
    ["divide-7", "8641969", "1234567"],
    ["base-5", "44 100", "24 25"],
    ["minutes-25", "12:40", "13:05"],
    ["letters-4", "team web life open service", "team life open"],
    ["minus-7", "10000002", "9999995"],
  ])("%s of %j is %j", (name, given, answer) => {
    expect(named(name).solve(given)).toBe(answer);
  });

  it("are at least fourteen by hand, and more than 256 with those of families", () => {
    expect(handWrittenCount).toBeGreaterThanOrEqual(14);
    expect(kinds.length).toBeGreaterThan(256);
  });

  it("differ in their names and in what is wanted, which does not hold the name", () => {
    expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
    expect(new Set(kinds.map(({ wanted }) => wanted)).size).toBe(kinds.length);
    expect(kinds.filter(({ name, wanted }) => wanted.includes(name))).toEqual([]);
  });

  it("have answers, as their makers know them, that solving the material comes to", () => {
    for (const kind of kinds) {
      for (let draw = 0; draw < 8; draw++) {
        const { given, answer } = kind.make(rngFrom("solve", kind.name, draw));
        expect([kind.name, given, kind.solve(given)]).toEqual([kind.name, given, answer]);
      }
    }
  });

  it("make queries of equal length: first lines and answers exactly, all of it within 2 % in the mean", () => {
    const means = some.map((kind) => {
      let tokens = 0;
      const draws = 8;
      for (let draw = 0; draw < draws; draw++) {
        const rng = rngFrom("length", kind.name, draw);
        const task = kind.make(rng);
        const text = writeQuery(kind, task, 96, rng);
        const lengths = [text.split("\n", 1)[0]!, task.answer, kind.name].map(countTokens);
        expect([kind.name, task.answer, lengths]).toEqual([kind.name, task.answer, [23, 3, 3]]);
        tokens += countTokens(text) / draws;
      }
      return tokens;
    });
    const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
    expect(Math.abs(mean - (23 + 96))).toBeLessThan(1);
    expect(some.filter((_, index) => Math.abs(means[index]! / mean - 1) > 0.02)).toEqual([]);
  });
});
