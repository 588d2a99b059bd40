/**
 * The sandbox's speed on candidates that do nothing: throughput of the pool per core, beside bare calls of
 * piscina and bare round trips to a child process with the same framing, in alternating rounds; what a
 * candidate costs, with a fresh context for each; and how soon an endless loop is over. Run with
 * `npm run bench`.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { Piscina } from "piscina";
import { CandidateFailure, type Scorer, sandboxed } from "../src/core/index.ts";
import { type Wall, whyNoBubblewrap } from "../src/evaluation/bubblewrap.ts";
import { Child } from "../src/evaluation/sandbox/child.ts";
import { SandboxPool } from "../src/evaluation/sandbox/pool.ts";

const threads = availableParallelism();
/** Evaluations in flight for each thread. */
const inFlight = 4;

const score: Scorer = async ({ candidate }) => ({
  status: "ok",
  fitness: Number(await candidate.call("run", 1)),
});
export default score;

/** What a thread does for a bare call. */
export function add(x: number): number {
  return x + 1;
}

/** Does `count` pieces of work with so many at once; returns how many a second. */
async function rate(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const line = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return count / ((performance.now() - startedAt) / 1000);
}

/** The time of each of `count` pieces of work, one after another, in ms, ascending. */
async function times(count: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now();
    await work(index);
    all.push(performance.now() - startedAt);
  }
  return all.sort((a, b) => a - b);
}

const quantile = (ascending: readonly number[], share: number) =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
const median = (values: readonly number[]) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const round = (value: number, digits = 2) => Number(value.toFixed(digits));

async function main(candidates: number, rounds: number): Promise<void> {
  const wall: Wall = (await whyNoBubblewrap()) === undefined ? "bubblewrap" : "none";
  console.log(
    `${candidates} candidates a round, medians of ${rounds} alternating rounds, ${threads} threads, ` +
      `wall: ${wall}, Node ${process.version}`,
  );
  const program = fileURLToPath(new URL("../src/evaluation/sandbox/child.mjs", import.meta.url));
  const scoring = sandboxed({ scorer: import.meta.url, timeoutMs: 5000 });
  const looping = sandboxed({ scorer: import.meta.url, timeoutMs: 200 });
  const never = new AbortController().signal;
  const pool = new SandboxPool({ threads, wall });
  const single = new SandboxPool({ threads: 1, wall });
  const bare = new Piscina({
    filename: fileURLToPath(import.meta.url),
    name: "add",
    minThreads: threads,
    maxThreads: threads,
    atomics: "disabled",
  });
  const children = Array.from(
    { length: threads },
    () => new Child({ wall, program, isRestricted: true, memoryMb: 128, onEnd: () => {} }),
  );
  const evaluate = (where: SandboxPool, code: string, how = scoring) =>
    where.evaluate(how, [{ path: "main.js", text: code }], 0, never);
  const trivial = (index: number) => `export const run = (x) => x + ${index};`;
  const roundTrip = async (index: number) => {
    await children[index % threads]?.ask("has", "run");
  };
  try {
    for (const child of children) await child.ready;
    await rate(200, threads, (index) => evaluate(pool, trivial(index))); // warm
    await rate(200, 1, (index) => evaluate(single, trivial(index)));

    const rates = { sandbox: [] as number[], bare: [] as number[], child: [] as number[] };
    for (let turn = 0; turn < rounds; turn++) {
      const atOnce = threads * inFlight;
      rates.sandbox.push(await rate(candidates, atOnce, (index) => evaluate(pool, trivial(index))));
      rates.bare.push(await rate(candidates, atOnce, (index) => bare.run(index)));
      // A child works on one request at a time: a line for each child.
      const lines = children.map((child) => rate(candidates, 1, () => child.ask("has", "run")));
      rates.child.push((await Promise.all(lines)).reduce((sum, one) => sum + one, 0));
    }
    const sandboxRate = median(rates.sandbox);
    const rows = [
      { what: "sandboxed candidates", "per s": sandboxRate },
      { what: "bare piscina calls", "per s": median(rates.bare) },
      { what: "bare round trips to a child", "per s": median(rates.child) },
    ].map((row) => ({
      what: row.what,
      "per s": Math.round(row["per s"]),
      "per s and core": Math.round(row["per s"] / threads),
      "times the sandbox": round(row["per s"] / sandboxRate, 1),
    }));
    console.table(rows);

    const sandboxTimes = await times(candidates, (index) => evaluate(single, trivial(index)));
    const bareTimes = await times(candidates, (index) => bare.run(index));
    const childTimes = await times(candidates, roundTrip);
    const costs = [
      { what: "sandboxed candidate, fresh context", all: sandboxTimes },
      { what: "bare piscina call", all: bareTimes },
      { what: "bare round trip to a child", all: childTimes },
    ].map(({ what, all }) => ({
      what,
      "median ms": round(quantile(all, 0.5), 3),
      "p95 ms": round(quantile(all, 0.95), 3),
    }));
    console.table(costs);

    const late: number[] = [];
    const again: number[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const startedAt = performance.now();
      await evaluate(single, "export const run = () => { for (;;); };", looping);
      const endedAt = performance.now();
      await evaluate(single, trivial(turn));
      late.push(endedAt - startedAt - looping.timeoutMs);
      again.push(performance.now() - endedAt);
    }
    const loops = [
      { what: "from the deadline to the end of an endless loop", all: late },
      { what: "from there to the same worker's next answer", all: again },
    ].map(({ what, all }) => ({
      what,
      "median ms": round(median(all), 1),
      "most ms": round(Math.max(...all), 1),
    }));
    console.table(loops);
    console.log(JSON.stringify({ rows, costs, loops }));
  } finally {
    await Promise.all([pool.close(), single.close(), bare.destroy()]);
    for (const child of children) child.kill(new CandidateFailure("crash", "The benchmark is over"));
  }
}

if (isMainThread) await main(Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 5));
