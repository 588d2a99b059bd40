/**
 * What a call of a model costs beside the model: adapter, meter, limiter and retry against a bare fetch of the
 * same stream from the same server, which answers at once, in alternating rounds; and how near 64 calls in
 * flight come to the throughput that a latency of 200 ms allows. Run with `npm run bench`.
 */
import { setMaxListeners } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Model } from "../src/core/index.ts";
import { Limiter } from "../src/llm/limiter.ts";
import { meter } from "../src/llm/meter.ts";
import { ollama } from "../src/llm/ollama.ts";
import { openai } from "../src/llm/openai.ts";

const calls = Number(process.argv[2] ?? 2000);
const atOnce = 64;
const latencyMs = 200;

/** Starts the server in a thread of its own and returns its address. */
async function serve(latency: number): Promise<{ readonly url: string; readonly thread: Worker }> {
  const file = fileURLToPath(
    new URL(`./model-server${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
  );
  const thread = new Worker(file, { workerData: { serve: "allele-bench", latencyMs: latency } });
  const url = await new Promise<string>((resolve, reject) =>
    thread.once("message", resolve).once("error", reject),
  );
  return { url, thread };
}

/** A model as a campaign calls it. */
async function asInCampaign(model: Model, concurrency: number): Promise<Model> {
  const signal = new AbortController().signal;
  setMaxListeners(0, signal);
  const ready = (await model.prepare?.({ environment: {}, signal })) ?? model;
  let seed = 0;
  return meter(ready, {
    ...{ role: "mutator", nextSeed: () => ++seed, budgets: [], record: () => {}, signal },
    limiter: new Limiter({ concurrency }),
  });
}

const request = {
  system: "Write it anew.",
  messages: [{ role: "user", text: "one two three four" }],
} as const;

async function bareFetch(url: string): Promise<void> {
  const messages = [
    { role: "system", content: request.system },
    { role: "user", content: "one two three four" },
  ];
  const path = url.includes("/v1") ? "/chat/completions" : "/api/chat";
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "m", stream: true, seed: 1, messages }),
  });
  await response.text();
}

function quantile(times: readonly number[], share: number): number {
  const ascending = [...times].sort((a, b) => a - b);
  return ascending[Math.floor(share * (ascending.length - 1))] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const fast = await serve(0);
const slow = await serve(latencyMs);
const cases = [
  { name: "ollama", bare: fast.url, make: (url: string) => ollama("simulated", { host: url }) },
  {
    name: "openai",
    bare: `${fast.url}/v1`,
    make: (url: string) => openai("simulated", { baseUrl: `${url}/v1` }),
  },
];
console.log(`${calls} calls each, one after another, against a server that answers at once`);
for (const { name, bare, make } of cases) {
  const model = await asInCampaign(make(fast.url), atOnce);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let call = 0; call < calls + 100; call++) {
    const pair = [await timed(() => model.generate(request)), await timed(() => bareFetch(bare))] as const;
    if (call < 100) continue; // both are compiled by then
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  const [a, b] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  console.log(
    `${name}: median ${a.toFixed(3)} ms, bare fetch ${b.toFixed(3)} ms: ratio ${(a / b).toFixed(2)}, ` +
      `overhead ${(a - b).toFixed(3)} ms at the median, ${(quantile(ours, 0.95) - quantile(theirs, 0.95)).toFixed(3)} ms at p95`,
  );
}
console.log(`${atOnce} calls in flight, ${latencyMs} ms latency`);
const bareCase = { name: "bare fetch", call: (): Promise<unknown> => bareFetch(`${slow.url}/v1`) };
const ours = await Promise.all(
  cases.map(async ({ name, make }) => {
    const model = await asInCampaign(make(slow.url), atOnce);
    return { name, call: (): Promise<unknown> => model.generate(request) };
  }),
);
for (const { name, call } of [bareCase, ...ours]) {
  await Promise.all(Array.from({ length: atOnce }, call)); // connections are open by then
  const total = atOnce * 20;
  let left = total;
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (left-- > 0) await call();
      }),
    ),
  );
  const rate = (1000 * total) / ms;
  const ideal = (1000 * atOnce) / latencyMs;
  console.log(
    `${name}: ${rate.toFixed(0)} calls/s, ${((100 * rate) / ideal).toFixed(1)} % of the ideal ${ideal.toFixed(0)}`,
  );
}
await Promise.all([fast.thread.terminate(), slow.thread.terminate()]);
