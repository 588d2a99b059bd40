/** Sandbox pools for tests, and honest candidates that tell when anything around them is not as it should be. */
import { afterAll, expect } from "vitest";
import { type Evaluation, type SandboxScoring, sandboxed } from "../../../src/core/index.ts";
import { type Wall, whyNoBubblewrap } from "../../../src/evaluation/bubblewrap.ts";
import { SandboxPool, type SandboxPoolOptions } from "../../../src/evaluation/sandbox/pool.ts";

/** The strongest wall that this machine has. */
export const wall: Wall = (await whyNoBubblewrap()) === undefined ? "bubblewrap" : "none";

/** A pool that is closed at the end of the test file. */
export function openPool(options: Partial<SandboxPoolOptions> = {}): SandboxPool {
  const pool = new SandboxPool({ threads: 2, wall, ...options });
  afterAll(() => pool.close());
  return pool;
}

/** Scoring by one of the scorers in the folder beside this file. */
export function scoredBy(scorer: string, options: Partial<SandboxScoring> = {}): SandboxScoring {
  const url = new URL(`./scorers/${scorer}.ts`, import.meta.url).href;
  const { data = { input: 21 }, entry, timeoutMs = 10_000, memoryMb = 64 } = options;
  return sandboxed({ scorer: url, data, entry, timeoutMs, memoryMb });
}

/** Evaluates a candidate of one JavaScript file. */
export function evaluate(
  pool: SandboxPool,
  code: string,
  scoring: SandboxScoring = scoredBy("run"),
  { repeat = 0, signal = new AbortController().signal } = {},
): Promise<Evaluation> {
  return pool.evaluate(scoring, [{ path: "main.js", text: code }], repeat, signal);
}

/** The first number that Math.random gives in an untouched context, with repeat 0. */
const firstRandom = 0.6270739405881613;

/**
 * Returns twice its input, plus 1 for each thing that another candidate has left behind. It takes `work` steps
 * before, so that it is in flight for a while.
 */
export function honest(work = 0): string {
  return `
    let wrong = 0;
    if (Math.random() !== ${firstRandom}) wrong++;
    for (const name of ["leak", "leak2", "666"]) if (name in globalThis || name in Object.prototype) wrong++;
    for (const one of [Object, Array, Promise, Function, String, Number, RegExp, Error, Symbol, Map]) {
      for (const owner of [one, one.prototype]) {
        if (Object.isFrozen(owner)) wrong++;
        for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
          if (typeof value === "function" && !/native code/.test(String(value))) wrong++;
        }
        if (Object.keys(owner).length > 0) wrong++;
      }
    }
    if (JSON.stringify([1]) !== "[1]" || RegExp.$1 !== "" || !(Date.now() > 1e12)) wrong++;
    let sum = 0;
    for (let step = 0; step < ${work}; step++) sum += step % 7;
    export const run = (x) => 2 * x + wrong + (sum < 0 ? 1 : 0);`;
}

/** What an honest candidate gets. */
export const honestEvaluation: Evaluation = { status: "ok", fitness: 42 };

/** Expects that all threads of a pool answer at once, and rightly. */
export async function expectFullStrength(pool: SandboxPool, threads = 2): Promise<void> {
  const all = Array.from({ length: threads }, () => evaluate(pool, honest()));
  expect(await Promise.all(all)).toEqual(all.map(() => honestEvaluation));
}
