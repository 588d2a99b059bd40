import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { AlleleError, type SandboxScoring, type SourceFile, UsageError } from "../../../src/core/index.ts";
import { SandboxPool } from "../../../src/evaluation/sandbox/pool.ts";
import { needs } from "../../needs.ts";
import { evaluate, expectFullStrength, honest, honestEvaluation, openPool, scoredBy, wall } from "./pools.ts";

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "allele-sandbox-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Evaluates files given as a table from path to text. */
function evaluateFiles(
  pool: SandboxPool,
  files: Readonly<Record<string, string>>,
  scoring: SandboxScoring = scoredBy("run"),
) {
  const list: SourceFile[] = Object.entries(files).map(([path, text]) => ({ path, text }));
  return pool.evaluate(scoring, list, 0, never);
}

/** Processes of this machine that name the file among their arguments. */
function processesOf(path: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(path);
    } catch {
      return false; // it has ended in the meantime
    }
  });
}

/** A copy of the sandbox's program, by whose path its processes are found. */
function ownProgram(name: string): string {
  const path = join(folder, `${name}.mjs`);
  copyFileSync(fileURLToPath(new URL("../../../src/evaluation/sandbox/child.mjs", import.meta.url)), path);
  return path;
}

const untilNoneIsLeft = async (path: string) => {
  while (processesOf(path).length > 0) await new Promise((resolve) => setImmediate(resolve));
};

describe("a pool of sandboxes", () => {
  const pool = openPool();

  it("runs TypeScript, its types stripped and not checked", async () => {
    const text = `
      enum Factor { One = 1, Two }
      interface Input { readonly value: number }
      class Box<T extends Input> { constructor(private readonly input: T) {} get(): number { return this.input.value; } }
      const wrong: string = 5 as unknown as number;
      export function run(value: number): number { return new Box({ value } satisfies Input).get() * Factor.Two; }`;
    expect(await evaluateFiles(pool, { "main.ts": text })).toEqual(honestEvaluation);
  });

  it("links files that import each other, with and without endings", async () => {
    const files = {
      "src/main.ts":
        'import half, { type Unused, count } from "./lib/half.js"; import * as all from "../all"; import "./lib/effect.mjs";' +
        "export type { Unused }; export const run = (x: number): number => 4 * half(all.same(x)) + count - 2;",
      "src/lib/half.ts":
        'import { same } from "../../all.js"; export type Unused = 1; export let count = 1; ' +
        "export const add = () => { count += 1; }; export default (x: number) => same(x) / 2;",
      "src/lib/effect.mjs": 'import { add } from "./half"; add();',
      "all.js": 'export * from "./same.js"; export { run as later } from "./src/main";',
      "same.js": "export function same(x) { return x; }",
      "unused.js": "this is no code",
    };
    expect(await evaluateFiles(pool, files)).toEqual(honestEvaluation);
  });

  it("says where code cannot be parsed, and what it may not import", async () => {
    expect(await evaluateFiles(pool, { "main.ts": "export const run = 1;\nlet x: = 2;" })).toEqual({
      status: "failed",
      reason: "syntax",
      feedback: "main.ts:2:8: Unexpected token",
    });
    const missing = { "main.js": 'import { b } from "./other.js"; export const run = b;', "other.js": "" };
    expect(await evaluateFiles(pool, missing)).toEqual({
      status: "failed",
      reason: "syntax",
      feedback: "Loading it failed: './other.js' exports no 'b'",
    });
    expect(await evaluate(pool, 'import "left-pad"; export const run = 1;')).toEqual({
      status: "failed",
      reason: "forbidden",
      feedback:
        "main.js: importing 'left-pad', which is no file of the solution, is not allowed in the sandbox",
    });
    expect(await evaluate(pool, "export const run = 1; const run = 2;")).toMatchObject({ reason: "syntax" });
  });

  it("says which function threw what", async () => {
    expect(await evaluate(pool, "export const run = (x) => x.y.z;")).toEqual({
      status: "failed",
      reason: "crash",
      feedback: "run() threw TypeError: Cannot read properties of undefined (reading 'z')",
    });
  });

  it("calls the functions of the entry that is asked for", async () => {
    const files = { "a.js": "export const run = () => 1;", "b.js": honest() };
    expect(await evaluateFiles(pool, files)).toEqual({ status: "ok", fitness: 1 });
    expect(await evaluateFiles(pool, files, scoredBy("run", { entry: "./b.js" }))).toEqual(honestEvaluation);
  });

  it("tells a scorer which functions there are", async () => {
    const names = ["a", "b", "c", "toString", "__proto__", "default"];
    const code = "export const a = () => 1; export let b = 5; export default async function c() {}";
    const evaluation = await evaluate(pool, code, scoredBy("names", { data: { names } }));
    expect(evaluation).toEqual({ status: "ok", fitness: 2 });
  });

  it("copies numbers that JSON lacks, in both directions, and all else that JSON has", async () => {
    const numbers = Array.from({ length: 5000 }, (_, index) => (index - 2500) / 7);
    const values = [
      ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1.5e300, 5e-324],
      ...[undefined, null, true, "", "\ud800\u2028\n\u0000\u{1f600}", '{"@":"NaN"}', "__proto__"],
      ...[
        [],
        {},
        [[Number.NaN, undefined], { a: -0, b: { c: undefined } }],
        numbers,
        [...numbers, Number.NaN],
      ],
      ...[{ "@": "NaN" }, { "@": "object", value: [1] }, [{ "@": { "@": Number.NaN } }]],
    ];
    const echo = await evaluate(
      pool,
      "export const run = (value) => value;",
      scoredBy("values", { data: { values } }),
    );
    expect(echo).toEqual({ status: "ok", fitness: values.length, feedback: "[]" });
    const typed = await evaluate(
      pool,
      "export const run = (list) => Float64Array.from(list);",
      scoredBy("values", { data: { values: [numbers, [Number.NaN]] } }),
    );
    expect(typed).toEqual({ status: "ok", fitness: 2, feedback: "[]" });
  });

  it("gives the same program the same random numbers, and others with another repeat", async () => {
    const code = "export const run = () => Math.random() + Math.random();";
    const all = await Promise.all(
      [0, 0, 0, 1, 2].map((repeat) => evaluate(pool, code, scoredBy("run"), { repeat })),
    );
    const [first, second, third, ...others] = all;
    expect([second, third]).toEqual([first, first]);
    expect(new Set([first, ...others].map((one) => JSON.stringify(one))).size).toBe(3);
  });

  it("fails a candidate whose process had to be ended, whatever the scorer makes of it", async () => {
    const scoring = scoredBy("forgiving", { timeoutMs: 300 });
    expect(await evaluate(pool, "export const run = () => { throw 1; };", scoring)).toEqual({
      status: "ok",
      fitness: 1,
    });
    expect(await evaluate(pool, "export const run = () => { for (;;); };", scoring)).toMatchObject({
      reason: "timeout",
    });
  });

  it("bounds what a candidate may send in all its replies together", async () => {
    const code = "export const run = () => 'x'.repeat(6e6);";
    expect(await evaluate(pool, code, scoredBy("often", { data: { calls: 2 } }))).toMatchObject({
      fitness: 12e6,
    });
    expect(await evaluate(pool, code, scoredBy("often", { data: { calls: 3 } }))).toEqual({
      status: "failed",
      reason: "invalid",
      feedback: "Its results are larger than 16 MB",
    });
    await expectFullStrength(pool);
  });

  it("does not hold the garbage of one candidate against the next", async () => {
    const code = `export function run() {
      const all = Array.from({ length: 40 }, () => new Uint8Array(1e6).fill(1));
      return all.length + 2;
    }`;
    for (let times = 0; times < 12; times++) expect(await evaluate(pool, code)).toEqual(honestEvaluation);
  });

  it("takes more memory where a problem allows it", async () => {
    const code = `export const run = () => new Uint8Array(150e6).fill(1).length && 42;`;
    expect(await evaluate(pool, code, scoredBy("run", { memoryMb: 64 }))).toMatchObject({ reason: "memory" });
    expect(await evaluate(pool, code, scoredBy("run", { memoryMb: 256 }))).toEqual(honestEvaluation);
  });

  it("rejects with the signal's reason, and goes on", async () => {
    const reason = new Error("enough");
    expect.assertions(4);
    await expect(
      evaluate(pool, honest(), scoredBy("run"), { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    const loop = "export const run = () => { for (;;); };";
    const pending = [loop, loop, loop, honest()].map((code) =>
      evaluate(pool, code, scoredBy("run"), { signal: controller.signal }),
    );
    const other = evaluate(pool, honest());
    controller.abort(reason);
    expect(await Promise.allSettled(pending)).toEqual(pending.map(() => ({ status: "rejected", reason })));
    expect(await other).toEqual(honestEvaluation);
    await expectFullStrength(pool);
  });

  it("takes a scorer's own failures as evaluations", async () => {
    expect(await evaluate(pool, honest(), scoredBy("throws"))).toEqual({
      status: "failed",
      reason: "crash",
      feedback: "The scorer threw: the scorer has no data",
    });
    expect(await evaluate(pool, honest(), scoredBy("no-evaluation"))).toEqual({
      status: "failed",
      reason: "invalid",
      feedback: "The scorer returned no evaluation: expected a finite fitness, got high",
    });
    expect(await evaluate(pool, honest(), scoredBy("relative"))).toEqual({
      status: "failed",
      reason: "invalid",
      feedback: "the scorer does not like it",
    });
  });

  it("tells the user of a scorer that is none, of data that cannot be copied, and of a wrong entry", async () => {
    const messages = await Promise.all(
      [
        evaluate(pool, honest(), scoredBy("missing")),
        evaluate(pool, honest(), scoredBy("no-function")),
        evaluate(pool, honest(), scoredBy("run", { data: { input: () => 1 } })),
        evaluate(pool, honest(), scoredBy("run", { entry: "other.js" })),
        evaluateFiles(pool, { "main.py": "pass" }),
      ].map((one) => one.catch((error) => `${error instanceof UsageError} ${error.message}`)),
    );
    expect(messages).toEqual([
      expect.stringMatching(/^true Scorer 'file:.*missing.ts' cannot be loaded: /),
      expect.stringMatching(/^true Scorer 'file:.*no-function.ts' must export a function as its default/),
      expect.stringMatching(/^true sandboxed: data cannot be copied to the scorer's thread: /),
      "true sandboxed: the entry 'other.js' is not among the files of the solution: main.js",
      "true sandboxed: the entry 'main.py' must end in .js, .mjs, .ts or .mts",
    ]);
    await expectFullStrength(pool);
  });
});

describe("the threads and processes of a pool", () => {
  for (const [name, declare, options] of [
    ["behind bubblewrap", needs.bubblewrap, { wall: "bubblewrap" }],
    ["without a wall", it, { wall: "none" }],
  ] as const) {
    declare(`end with a scorer that does not end, and others take their place, ${name}`, async () => {
      const program = ownProgram(`hang-${options.wall}`);
      const pool = new SandboxPool({ threads: 2, graceMs: 200, program, ...options });
      const other = evaluate(pool, honest(3_000_000));
      const hanging = scoredBy("hang-meanwhile", { timeoutMs: 300 });
      expect(await evaluate(pool, "export const run = () => { for (;;); };", hanging)).toEqual({
        status: "failed",
        reason: "timeout",
        feedback: "The scorer itself did not end within 500 ms",
      });
      expect(await other).toEqual(honestEvaluation);
      await expectFullStrength(pool);
      expect(processesOf(program).length).toBeGreaterThan(0);
      await pool.close();
      await untilNoneIsLeft(program);
    });

    declare(`end when it is closed, whatever they do, ${name}`, async () => {
      const program = ownProgram(`close-${options.wall}`);
      const pool = new SandboxPool({ threads: 2, program, ...options });
      await evaluate(pool, honest());
      const pending = evaluate(pool, "export const run = () => { for (;;); };");
      const closed = expect(pending).rejects.toThrow(new AlleleError("The pool of sandboxes was closed"));
      await pool.close();
      await closed;
      await untilNoneIsLeft(program);
      await expect(evaluate(pool, honest())).rejects.toThrow("The pool of sandboxes was closed");
    });
  }

  it("work without a wall when the user asks for that", async () => {
    const pool = openPool({ wall: "none" });
    await expectFullStrength(pool);
    const scoring = scoredBy("run", { timeoutMs: 5000 });
    const codes = [
      "export const run = () => { const a = []; for (;;) a.push([a.length]); };",
      "export const run = () => process.exit();",
      "export const run = () => { throw new Error('x'); };",
    ];
    const all = await Promise.all(codes.map((code) => evaluate(pool, code, scoring)));
    expect(all.map((one) => one.status === "failed" && one.reason)).toEqual(["memory", "forbidden", "crash"]);
    await expectFullStrength(pool);
  });

  it("are replaced after 500 candidates", async () => {
    const program = fileURLToPath(new URL("./children/escaped.mjs", import.meta.url));
    const pool = openPool({ threads: 1, program });
    const scoring = scoredBy("run", { data: { input: "tools.n = (tools.n ?? 0) + 1; return tools.n;" } });
    const counts: unknown[] = [];
    for (let times = 0; times < 502; times++) {
      const evaluation = await evaluate(pool, "export const run = 0;", scoring);
      counts.push(evaluation.status === "ok" && evaluation.fitness);
    }
    expect(counts).toEqual([...Array.from({ length: 500 }, (_, index) => index + 1), 1, 2]);
  });

  it("say why they do not start", async () => {
    const program = fileURLToPath(new URL("./children/ends-at-once.mjs", import.meta.url));
    const pool = openPool({ threads: 1, program });
    await expect(evaluate(pool, honest())).rejects.toThrow(
      new AlleleError("The sandbox does not start: this program does not work"),
    );
  });

  it("do not keep a program from ending", async () => {
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `
      import { createJiti } from "jiti";
      const { SandboxPool } = await createJiti(${url("./")}).import(${url("../../../src/evaluation/sandbox/pool.ts")});
      const pool = new SandboxPool({ threads: 2, wall: ${JSON.stringify(wall)} });
      const scoring = ${JSON.stringify(scoredBy("run"))};
      const files = [{ path: "a.js", text: "export const run = (x) => 2 * x;" }];
      console.log(JSON.stringify(await pool.evaluate(scoring, files, 0, new AbortController().signal)));
      await pool.close();`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    expect(JSON.parse(stdout)).toEqual(honestEvaluation);
  });
});
