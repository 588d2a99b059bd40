/** Metered calls over HTTP when things go wrong: each request that a server got is a row, and no other. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Budget, type CallRecord, type Model } from "../../src/core/index.ts";
import { Limiter } from "../../src/llm/limiter.ts";
import { meter } from "../../src/llm/meter.ts";
import { ollama } from "../../src/llm/ollama.ts";
import { openai } from "../../src/llm/openai.ts";
import { countTokens } from "../../src/llm/tokenizer.ts";

/** One way of a server to deal with a request. */
type Act = (response: ServerResponse, interfaceName: "ollama" | "openai") => void;

const status =
  (code: number, headers: Record<string, string> = {}): Act =>
  (response) =>
    response
      .writeHead(code, { "content-type": "application/json", ...headers })
      .end('{"error":{"message":"no"}}');
const garbage: Act = (response) =>
  response.writeHead(200, { "content-type": "text/event-stream" }).end("data: {oops\n\n");
const silence: Act = () => {}; // until the client closes

const part = (name: "ollama" | "openai", text: string) =>
  name === "ollama"
    ? `${JSON.stringify({ model: "m", message: { role: "assistant", content: text }, done: false })}\n`
    : `data: ${JSON.stringify({ id: "1", created: 1, model: "m", choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;
const end = (name: "ollama" | "openai") =>
  name === "ollama"
    ? `${JSON.stringify({ model: "m", message: { role: "assistant", content: "" }, done: true, done_reason: "stop", prompt_eval_count: 11, eval_count: 7 })}\n`
    : `data: ${JSON.stringify({ id: "1", created: 1, model: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n` +
      `data: ${JSON.stringify({ id: "1", created: 1, model: "m", choices: [], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } })}\n\ndata: [DONE]\n\n`;

const answer: Act = (response, name) => {
  response.writeHead(200, {
    "content-type": name === "ollama" ? "application/x-ndjson" : "text/event-stream",
  });
  response.end(part(name, "fine") + end(name));
};
const half: Act = (response, name) => {
  response.writeHead(200, {
    "content-type": name === "ollama" ? "application/x-ndjson" : "text/event-stream",
  });
  response.write(part(name, "half an answer"), () => setImmediate(() => response.destroy()));
};

/** A server that deals with chat requests by a script, one act each. */
async function scriptedServer(name: "ollama" | "openai", acts: readonly Act[]) {
  let requests = 0;
  const server = createServer((request: IncomingMessage, response) => {
    request.resume();
    request.on("end", () => {
      if (request.url === "/api/show") response.end('{"model_info":{"general.parameter_count":7000000000}}');
      else if (request.method === "GET") response.writeHead(404).end();
      else acts[requests++]?.(response, name);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, requests: () => requests };
}

async function metered(name: "ollama" | "openai", acts: readonly Act[], budget = new Budget({})) {
  const server = await scriptedServer(name, acts);
  const policy = { size: 7, retryDelayMs: 0, timeoutMs: 1000, retries: 9 };
  const made: Model =
    name === "ollama"
      ? ollama("m", { host: server.url, ...policy })
      : openai("m", { baseUrl: `${server.url}/v1`, ...policy });
  const signal = new AbortController().signal;
  const model = (await made.prepare?.({ environment: {}, signal })) ?? made;
  const records: CallRecord[] = [];
  const calls = meter(model, {
    ...{ role: "mutator", nextSeed: () => 1, budgets: [budget], signal },
    limiter: new Limiter({ concurrency: 2 }),
    record: (call) => records.push(call),
  });
  return { calls, records, requests: server.requests };
}

const request = { system: "Be brief.", messages: [{ role: "user", text: "one two three" }] } as const;
const promptTokens = countTokens("Be brief.") + countTokens("one two three");

describe.each(["ollama", "openai"] as const)("a metered call through %s", (name) => {
  it("leaves a row for each request that the server got: limits, errors, resets, silence, garbage", async () => {
    const acts = [
      status(429, { "retry-after": "0" }),
      status(500),
      status(503),
      half,
      garbage,
      silence,
      answer,
    ];
    const { calls, records, requests } = await metered(name, acts);
    expect(await calls.generate(request)).toMatchObject({ text: "fine", inputTokens: 11, outputTokens: 7 });
    expect(requests()).toBe(acts.length);
    const nothing = { inputTokens: undefined, outputTokens: undefined, isEstimated: false };
    const begun = { inputTokens: promptTokens, outputTokens: 0, isEstimated: true };
    expect(
      records.map(({ attempt, outcome, inputTokens, outputTokens, isEstimated }) => ({
        ...{ attempt, outcome, inputTokens, outputTokens, isEstimated },
      })),
    ).toEqual([
      { attempt: 1, outcome: "error", ...nothing },
      { attempt: 2, outcome: "error", ...nothing },
      { attempt: 3, outcome: "error", ...nothing },
      { attempt: 4, outcome: "error", ...begun, outputTokens: countTokens("half an answer") },
      { attempt: 5, outcome: "error", ...begun },
      { attempt: 6, outcome: "error", ...begun },
      { attempt: 7, outcome: "ok", inputTokens: 11, outputTokens: 7, isEstimated: false },
    ]);
    expect(records[0]!.error).toContain("429");
    expect(records[5]!.error).toBe("no answer within 1 s");
  });

  it("waits as long as the server asks before the next request", async () => {
    const { calls, records } = await metered(name, [status(429, { "retry-after": "1" }), answer]);
    const startedAt = performance.now();
    await calls.generate(request);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(records).toHaveLength(2);
  });

  it("makes one request where the key or the model is wrong", async () => {
    for (const code of [401, 404]) {
      const { calls, requests } = await metered(name, [status(code), answer]);
      await expect(calls.generate(request)).rejects.toMatchObject({ isFatal: true });
      expect(requests()).toBe(1);
    }
  });

  it("charges a budget what each try came to", async () => {
    const budget = new Budget({ primitives: 100_000 });
    const { calls } = await metered(name, [half, status(500), answer], budget);
    await calls.generate(request);
    const t = countTokens("half an answer");
    expect(budget.spentCost).toBe(7 * (t * promptTokens + (t * (t - 1)) / 2 + 7 * 11 + 21));
    expect(budget.spentCalls).toBe(3);
  });
});
