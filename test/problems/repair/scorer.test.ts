import { describe, expect, it } from "vitest";
import { isSameValue, showValue } from "../../../problems/repair/same-value.ts";
import score, { type RepairData } from "../../../problems/repair/scorer.ts";
import { CandidateFailure, type FailureReason } from "../../../src/core/index.ts";

const data: RepairData = {
  functions: [
    { name: "twice", component: 1, calls: [[1], [2], [3]], expected: [2, 4, 6] },
    { name: "join", component: 0, calls: [["a", "b"]], expected: ["ab"] },
  ],
  tellWhich: true,
};
const right: Readonly<Record<string, (...args: never[]) => unknown>> = {
  twice: (n: number) => 2 * n,
  join: (a: string, b: string) => a + b,
};

/** Scores functions of this process. */
function scoreFunctions(changed: typeof right, more: Partial<RepairData> = {}) {
  const functions = { ...right, ...changed };
  const candidate = {
    call: async (name: string, ...args: readonly unknown[]) => functions[name]?.(...(args as never[])),
    has: async () => true,
  };
  return score({ candidate, data: { ...data, ...more }, repeat: 0 });
}
const fails = (reason: FailureReason, message: string) => () => {
  throw new CandidateFailure(reason, message);
};

describe("the repair scorer", () => {
  it("counts functions that pass all tests", async () => {
    expect(await scoreFunctions({})).toEqual({
      ...{ status: "ok", fitness: 2, metrics: { passed: 2, failed: 0 } },
      feedback: "2 of 2 functions pass all their unit tests.",
    });
  });

  it("tells of a wrong function two failing cases, its component alone", async () => {
    expect(await scoreFunctions({ twice: (n: number) => 2 + n })).toEqual({
      ...{ status: "ok", fitness: 1, metrics: { passed: 1, failed: 1 }, improvable: [1] },
      feedback: "1 of 2 functions pass all their unit tests. Failing:\ntwice(1) gave 3, expected 2",
      componentFeedback: { 1: "Unit tests fail:\ntwice(1) gave 3, expected 2\ntwice(3) gave 5, expected 6" },
    });
  });

  it("goes on after a function that throws or is not there", async () => {
    expect(
      await scoreFunctions({
        twice: fails("crash", "twice() threw TypeError:\n x is null"),
        join: fails("invalid", "none"),
      }),
    ).toEqual({
      ...{ status: "ok", fitness: 0, metrics: { passed: 0, failed: 2 }, improvable: [0, 1] },
      feedback:
        "0 of 2 functions pass all their unit tests. Failing:\ntwice(1) threw TypeError: x is null, expected 2\n" +
        'join("a", "b") failed: none, expected "ab"',
      componentFeedback: {
        0: 'Unit tests fail:\njoin("a", "b") failed: none, expected "ab"',
        1:
          "Unit tests fail:\ntwice(1) threw TypeError: x is null, expected 2\n" +
          "twice(2) threw TypeError: x is null, expected 4",
      },
    });
  });

  it.each<FailureReason>(["timeout", "memory", "forbidden", "syntax"])(
    "lets a failure of the whole program pass: %s",
    async (reason) => {
      await expect(scoreFunctions({ twice: fails(reason, "gone") })).rejects.toMatchObject({ reason });
    },
  );

  it("lets errors that are not the candidate's pass", async () => {
    const error = new Error("pool closed");
    const throws = () => {
      throw error;
    };
    await expect(scoreFunctions({ join: throws })).rejects.toBe(error);
  });

  it("tells the number alone where it must not tell which", async () => {
    expect(await scoreFunctions({ twice: () => 0 }, { tellWhich: false })).toEqual({
      ...{ status: "ok", fitness: 1, metrics: { passed: 1, failed: 1 } },
      feedback: "1 of 2 functions pass all their unit tests.",
    });
  });

  it("keeps its feedback short whatever the code returns and however many functions fail", async () => {
    let deep: unknown = [];
    for (let i = 0; i < 5000; i++) deep = [deep, "x".repeat(100)];
    const functions = Array.from({ length: 300 }, (_, component) => ({
      ...{ name: "join", component, calls: [["y".repeat(500)], ["z"]], expected: ["w".repeat(500), 1] },
    }));
    const evaluation = await scoreFunctions({ join: () => deep }, { functions });
    if (evaluation.status !== "ok") throw new Error("expected a score");
    expect(evaluation.feedback!.length).toBeLessThan(1700);
    expect(evaluation.feedback).toMatch(/\nand \d+ more$/);
    const texts = Object.values(evaluation.componentFeedback!);
    expect(texts).toHaveLength(300);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(520);
  });
});

describe("isSameValue", () => {
  it.each<[unknown, unknown, boolean]>([
    [1, 1, true],
    [0.1 + 0.2, 0.3, true],
    [1.0001, 1, false],
    [1e12 + 1, 1e12, true],
    [-0, 0, true],
    [Number.NaN, 1, false],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
    [Number.POSITIVE_INFINITY, 5, false],
    ["1", 1, false],
    [1, "1", false],
    [null, null, true],
    [undefined, null, false],
    [{}, null, false],
    [null, {}, false],
    [true, true, true],
    [[1, [2]], [1, [2]], true],
    [[1, 2], [1], false],
    [[1], [1, 2], false],
    [{ length: 0 }, [], false],
    [[], {}, false],
    [{ a: 1, b: [] }, { b: [], a: 1 }, true],
    [{ a: 1, c: 1 }, { a: 1, b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{}, { toString: 1 }, false],
  ])("of %j for the expected %j is %s", (value, expected, isSame) => {
    expect(isSameValue(value, expected)).toBe(isSame);
  });
});

describe("showValue", () => {
  it("writes plain values like JSON, and cuts long, wide and deep ones", () => {
    expect(showValue({ a: [1, "x\n", null, true, Number.NaN] }, 80)).toBe(
      '{"a": [1, "x\\n", null, true, NaN]}',
    );
    expect(showValue("x".repeat(1e6), 20)).toBe(`"${"x".repeat(18)}…`);
    expect(showValue(new Array(1e6).fill(1), 80)).toBe(`[${"1, ".repeat(12)}…]`);
    expect(showValue([[[[[[1]]]]]], 80)).toBe("[[[[…]]]]");
    expect(showValue(undefined, 80)).toBe("undefined");
  });
});
