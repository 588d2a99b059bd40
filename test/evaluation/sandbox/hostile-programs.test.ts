import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hostilePrograms } from "./hostile-programs.ts";
import { evaluate, expectFullStrength, honest, honestEvaluation, openPool, scoredBy } from "./pools.ts";

/** What happened to each program, as docs/security.md says it. */
const happened = new Map<string, string>();

describe("a pool of sandboxes", () => {
  const pool = openPool();
  const quick = scoredBy("run", { timeoutMs: 400 });
  const patient = scoredBy("run", { timeoutMs: 8000 });

  it.each(hostilePrograms)("survives $kind: $name", async ({ name, code, ends }) => {
    const others = [honest(3_000_000), honest(), honest()].map((text) => evaluate(pool, text));
    const evaluation = await evaluate(pool, code, ends === "timeout" ? quick : patient);
    const got = evaluation.status === "failed" ? evaluation.reason : evaluation;
    expect(got, JSON.stringify(evaluation)).toEqual(ends === "no effect" ? honestEvaluation : ends);
    expect(evaluation.status === "ok" || (evaluation.feedback?.length ?? 0) < 2500).toBe(true);
    expect(await Promise.all(others)).toEqual(others.map(() => honestEvaluation));
    await expectFullStrength(pool);
    happened.set(name, ends === "no effect" ? "no effect: scored like an honest program" : `failed: ${ends}`);
  });
});

describe("docs/security.md", () => {
  it("lists every hostile program with what happened to it", () => {
    const rows = hostilePrograms.map(
      ({ kind, name, tries }) => `| ${kind} | ${name} | ${tries} | ${happened.get(name)} |`,
    );
    expect(new Set(hostilePrograms.map(({ name }) => name)).size).toBe(hostilePrograms.length);
    expect(rows.length).toBeGreaterThanOrEqual(45);
    const text = readFileSync("docs/security.md", "utf8");
    const table = /<!-- programs -->\n\n[^\n]*\n[^\n]*\n([\s\S]*?)\n\n<!-- end -->/.exec(text)?.[1];
    expect(table?.split("\n")).toEqual(rows);
  });
});
