import { describe, expect, it } from "vitest";
import { kinds } from "../../../problems/routing/kinds.ts";
import { routing } from "../../../problems/routing/problem.ts";
import { type RoutingOptions, routingQueries } from "../../../problems/routing/queries.ts";
import { isSameAnswer } from "../../../problems/routing/same-answer.ts";
import { applyChanges, type Genome } from "../../../src/core/index.ts";
import { scoreOf } from "../blocks/measure.ts";

const make = (size = 5, seed = 1, options: RoutingOptions = {}) => routing(options).instance({ size, seed });
const queriesOf = (size = 5, seed = 1, options: RoutingOptions = {}) =>
  routingQueries({ size, seed }, options);
const withTexts = (genome: Genome, texts: readonly string[]) =>
  applyChanges(genome, new Map(texts.map((text, index) => [index, text])));

describe("routing", () => {
  it("has a component for each query: the query is its spec, and its text is empty", () => {
    const { components, target } = make();
    expect(target).toBe(64);
    expect(components).toEqual(
      queriesOf().map(({ text }, index) => ({
        ...{ name: `query-${index + 1}`, text: "", spec: text, kind: "answer" },
      })),
    );
    expect(components[0]!.spec).toMatch(/^Ticket \d{3} from \w+, labels [a-z ]+: .+\.\n[\s\S]+\n\w+: .+\n/);
  });

  it.each([
    [5, 64, [12, 13]],
    [64, 64, [1]],
    [3, 8, [2, 3]],
    [100, 64, [1]],
  ])("deals %i kinds to %i queries as evenly as can be, each at least once", (size, queries, counts) => {
    const dealt = queriesOf(size, 1, { queries }).map(({ kind }) => kind);
    expect(dealt.length).toBe(Math.max(size, queries));
    const counted = kinds.slice(0, size).map(({ name }) => dealt.filter((kind) => kind === name).length);
    expect([...new Set(counted)].sort((a, b) => a - b)).toEqual(counts);
  });

  it("has the same queries for the same size, seed and key, others for others", () => {
    expect(make()).toEqual({ ...make(), evaluate: expect.any(Function) });
    const first = queriesOf();
    for (const other of [queriesOf(6), queriesOf(5, 2), queriesOf(5, 1, { instanceKey: "other" })]) {
      expect(other.filter(({ text }) => first.some((one) => one.text === text))).toEqual([]);
    }
  });

  it("scores right answers, names the others as improvable, and gives no answer away", () => {
    const instance = make();
    const queries = queriesOf();
    expect(scoreOf(instance, instance.components)).toEqual({
      ...{ status: "ok", fitness: 0, feedback: "0 of 64 answers are right.", componentFeedback: {} },
      improvable: queries.map((_, index) => index),
    });
    const right = withTexts(
      instance.components,
      queries.map(({ answer }) => answer),
    );
    expect(scoreOf(instance, right)).toMatchObject({ fitness: 64, improvable: [] });
    const evaluation = scoreOf(instance, withTexts(right, [" ", "word\n"]));
    expect(evaluation).toEqual({
      ...{ status: "ok", fitness: 62, improvable: [0, 1], feedback: "62 of 64 answers are right." },
      componentFeedback: { 1: 'The answer "word" is wrong.' },
    });
  });

  it("refuses what makes no sense", () => {
    expect(() => make(0)).toThrow("routing: size must be a whole number of at least 1, got 0");
    expect(() => make(5000)).toThrow(
      `routing: size must be at most ${kinds.length}, the kinds of task there are; got 5000`,
    );
    expect(() => routing({ bodyTokens: 47 })).toThrow(
      "routing: bodyTokens must be a whole number of at least 48",
    );
    expect(() => routing({ queries: 0 })).toThrow("routing: queries must be a whole number of at least 1");
    expect(() => routing({ querys: 3 } as never)).toThrow("option 'querys' is unknown");
  });

  it("has queries in the shortest body for every kind", () => {
    const made = queriesOf(256, 1, { bodyTokens: 48 });
    for (const { text } of made) expect(text.split("\n")).toEqual(Array(4).fill(expect.stringMatching(/\w/)));
  });
});

describe("the checker of answers", () => {
  it.each([
    ["12345678", "12345678"],
    ["12345678", " 12,345,678.\n"],
    ["12345678", "12 345 678"],
    ["44 912", "44, 912"],
    ["44 912", "44\n912"],
    ["team web home", '"Team, web,  home."'],
    ["March 14", "**march 14**"],
    ["09:05", "9:05"],
    ["Tuesday Friday Monday", "tuesday; friday; monday"],
  ])("takes for %j the answer %j", (expected, answer) => {
    expect(isSameAnswer(expected, answer)).toBe(true);
  });

  it.each([
    ["12345678", "12345679"],
    ["12345678", "1234 5678"],
    ["12345678", ""],
    ["12345678", `12345678${" ".repeat(200)}`],
    ["44 912", "44912"],
    ["44 912", "912 44"],
    ["team web home", "team web"],
    ["team web home", "teamwebhome"],
    ["09:05", "9:50"],
    ["15:20", "15.20"],
  ])("takes for %j no %j", (expected, answer) => {
    expect(isSameAnswer(expected, answer)).toBe(false);
  });
});
