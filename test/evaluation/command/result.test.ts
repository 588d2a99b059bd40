/** What comes of the output of a command, whatever it is. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { command, type Evaluation } from "../../../src/core/index.ts";
import { findFault } from "../../../src/evaluation/check-evaluation.ts";
import { composeFeedback, feedbackLength } from "../../../src/evaluation/command/feedback.ts";
import { judge } from "../../../src/evaluation/command/judge.ts";
import { readResult } from "../../../src/evaluation/command/read-result.ts";
import type { Ending } from "../../../src/evaluation/command/run-command.ts";
import { temporaryFolder } from "../../store/folder.ts";

const scoring = command({ command: ["true"], fitness: "score" });

/** The evaluation of a command that left this output, and no result file unless one is given. */
async function outcome(stdout: string, more: { file?: string; stderr?: string; ending?: Ending } = {}) {
  const { file, stderr = "", ending = { kind: "exit", code: 0 } } = more;
  const path = join(temporaryFolder(), "result.json");
  if (file !== undefined) writeFileSync(path, file);
  const reading = await readResult(path, stdout, scoring.outputBytes);
  const left = { ending, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), status: "" };
  return judge(scoring, left, reading);
}

const ok = (fitness: number, more: object): Evaluation => ({ status: "ok", fitness, ...more });

describe("a result", () => {
  it("is flat, as peers return it: numbers are metrics, booleans and text are not", async () => {
    const flat = `{"score": 0.7, "eval_time": 1.2, "is_valid": true, "error": "late", "artifacts": {"log": "a\\nb", "shape": {"x": [1, 2]}}}`;
    expect(await outcome(`log\n${flat}\n`)).toEqual(
      ok(0.7, {
        metrics: { score: 0.7, eval_time: 1.2 },
        feedback: 'Error:\nlate\nlog:\na\nb\nshape:\n{"x":[1,2]}',
      }),
    );
  });

  it("has its fitness among the metrics first, then at the top", async () => {
    expect(await outcome(`{"score": 1, "metrics": {"score": 2, "time": 3}}`)).toEqual(
      ok(2, { metrics: { score: 2, time: 3 } }),
    );
  });

  it("may hold numbers that JSON has not, as Python writes them", async () => {
    expect(await outcome(`{"score": 2, "NaN": "Infinity \\"NaN", "a": -Infinity, "b": [NaN]}`)).toEqual(
      ok(2, { metrics: { score: 2 } }),
    );
    expect(await outcome(`{"score": 1e999}`)).toMatchObject({ reason: "invalid" });
  });

  it("is read from the output where the file is empty", async () => {
    expect(await outcome(`{"score": 1}`, { file: " \n" })).toMatchObject({ fitness: 1 });
    expect(await outcome(`{"score": 1}`, { file: "{" })).toMatchObject({ reason: "invalid" });
  });

  it("is looked for in a bounded number of lines that are none", async () => {
    const score = '{"score": 1}\n';
    expect(await outcome(`${score}${"{}}\n".repeat(999)}log\n`)).toMatchObject(ok(1, {}));
    expect(await outcome(`${score}${"{}}\n".repeat(1000)}`)).toMatchObject({ status: "failed" });
    expect(await outcome(`\ufeff${score}`)).toMatchObject(ok(1, {}));
  });

  it("cannot name a metric after a part of an object, or in many lines", async () => {
    const evaluation = await outcome(`{"score": 1, "__proto__": 5, "a\\n\\u001b[1mb": 2}`);
    expect(Object.entries((evaluation as { metrics: object }).metrics)).toEqual([
      ["score", 1],
      ["__proto__", 5],
      ["a b", 2],
    ]);
  });

  it("has a bounded number of metrics and artifacts", async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `m${index}`);
    const many = Object.fromEntries(names.map((name) => [name, 1]));
    const evaluation = await outcome(JSON.stringify({ metrics: { score: 1, ...many }, artifacts: many }));
    expect(Object.keys((evaluation as { metrics: object }).metrics)).toHaveLength(200);
    expect(evaluation.feedback).toContain("(4980 more artifacts)");
  });

  it("gives an evaluation, never an exception, whatever it is", async () => {
    const key = fc.oneof(
      fc.constantFrom("score", "metrics", "status", "reason", "feedback", "artifacts", "error"),
      fc.constantFrom("__proto__", "toString", "constructor"),
      fc.string(),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom<unknown>("failed", "ok", "crash", null, true),
        fc.double(),
        fc.string({ unit: "binary" }),
        fc.array(tie("any"), { maxLength: 3 }),
        tie("object"),
      ),
      object: fc.dictionary(key, tie("any"), { maxKeys: 6 }),
    }));
    const json = fc.oneof(
      value.object.map((object) => JSON.stringify(object)),
      fc.json(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(`{"score":${"[".repeat(200_000)}`, `{"score": NaN, "a": "${'\\"'.repeat(200_000)}}`),
      fc.constant(`{"score": 1, "feedback": ${"[".repeat(9000)}${"]".repeat(9000)}}`),
    );
    const ending = fc.oneof(
      fc.record({ kind: fc.constant("exit" as const), code: fc.integer({ min: 0, max: 255 }) }),
      fc.constant({ kind: "signal" as const, signal: "SIGKILL" }),
      fc.constant({ kind: "limit" as const, limit: "time" as const }),
    );
    await fc.assert(
      fc.asyncProperty(json, fc.option(json, { nil: undefined }), ending, async (stdout, file, ended) => {
        const more = { stderr: stdout, ending: ended, ...(file === undefined ? {} : { file }) };
        const evaluation = await outcome(stdout, more);
        expect(findFault(evaluation, 1)).toBeUndefined();
        expect(evaluation.feedback?.length ?? 0).toBeLessThanOrEqual(feedbackLength);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("feedback", () => {
  it("is plain text: no terminal escapes, no control characters, no change of direction", () => {
    const text =
      "\u001b[31mred\u001b[0m \u001b]0;title\u0007a\u0000b\u0008\r\nc\rd\te \u202eright\u2066 \ud800!";
    expect(composeFeedback([{ text, keep: "end" }])).toBe("red ab\nc\nd\te right \ufffd!");
  });

  it("keeps the end of an output and both ends of a text", () => {
    const long = `first ${"x".repeat(10_000)} last`;
    const output = composeFeedback([{ label: "Standard error", text: long, keep: "end" }]) ?? "";
    expect(output).toHaveLength(feedbackLength);
    expect(output).toMatch(/^Standard error:\n\[\.\.\. shortened \.\.\.\]\nx+ last$/);
    const text = composeFeedback([{ text: long, keep: "ends" }]) ?? "";
    expect(text).toHaveLength(feedbackLength);
    expect(text).toMatch(/^first x+\n\[\.\.\. shortened \.\.\.\]\nx+ last$/);
  });

  it("leaves short sections whole and divides the rest among the long ones", () => {
    const long = "y".repeat(9000);
    const feedback = composeFeedback([
      { label: "a", text: "short", keep: "ends" },
      { label: "b", text: long, keep: "ends" },
      { label: "c", text: long, keep: "end" },
    ]);
    const sizes = feedback?.split(/^[abc]:\n/m).map((part) => part.length);
    // 4,000 less three labels of 3, two line breaks and "short" is 3,984 for two; with its break, b has one more.
    expect(sizes).toEqual([0, 6, 1993, 1992]);
  });

  it("is bounded and well-formed for any text", () => {
    const section = fc.record({
      label: fc.string({ unit: "binary" }),
      text: fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ minLength: 1500, size: "max", maxLength: 40_000 }),
      ),
      keep: fc.constantFrom("end" as const, "ends" as const),
    });
    fc.assert(
      fc.property(fc.array(section, { maxLength: 25 }), (sections) => {
        const feedback = composeFeedback(sections) ?? "";
        expect(feedback.length).toBeLessThanOrEqual(feedbackLength);
        expect(feedback.isWellFormed()).toBe(true);
        expect(feedback).not.toMatch(/[^\P{Cc}\n\t]/u);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
