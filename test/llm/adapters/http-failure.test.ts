import { describe, expect, it, vi } from "vitest";
import {
  connectionFailure,
  plain,
  retryAfterMs,
  serverMessage,
  statusFailure,
} from "../../../src/llm/http-failure.ts";
import { recorded } from "./recorded.ts";

const answer = (status: number, body = "", headers: Readonly<Record<string, string>> = {}) => ({
  ...{ status, headers, body },
});

describe("the server's own words", () => {
  it.each([
    ["openai-500", "The server had an error while processing your request. Sorry about that!"],
    [
      "mistral-422",
      "seed: Extra inputs are not permitted; stream_options.include_usage: Extra inputs are not permitted",
    ],
    ["gemini-400", 'Invalid JSON payload received. Unknown name "seed": Cannot find field.'],
    ["xai-stop", "Argument not supported on this model: stop"],
    [
      "ollama-too-long",
      "request (9412 tokens) exceeds the available context size (4096 tokens), try increasing it",
    ],
    ["openai-answer-error", "Provider returned error (overloaded)"],
    ["nginx-503", "503 Service Temporarily Unavailable"],
  ])("are found in %s", (name, message) => expect(serverMessage(recorded(name).body)).toBe(message));

  it.each([
    ['{"detail":"Not Found"}', "Not Found"],
    ['{"error":{"message":""},"message":"later"}', "later"],
    ['{"error":null}', '{"error":null}'],
    ["[]", "[]"],
    ["upstream connect error", "upstream connect error"],
    ["<!doctype html><p>hi", "a web page"],
    ["{not json", "{not json"],
    ["", ""],
  ])("are found in %s", (body, message) => expect(serverMessage(body)).toBe(message));
});

describe("a message", () => {
  it("is one line without control characters, of at most 300 characters", () => {
    expect(plain("a\r\n\tb\u001b[31mc\u0000d\u202ee\u2028f. ")).toBe("a b [31mc d e f");
    expect(plain("x".repeat(1000))).toBe("x".repeat(300));
    expect(plain(`${"x".repeat(299)}🙂`).isWellFormed()).toBe(true);
  });

  it("holds no key", () => {
    expect(plain("key abcd-efgh and sk-proj-12345678***90, gsk_abcdefgh12", ["abcd-efgh"])).toBe(
      "key [key] and [key], [key]",
    );
  });
});

describe("a status", () => {
  it.each([
    ...[408, 409, 425, 429, 500, 502, 503, 504, 529].map((status) => [status, true, false] as const),
    ...[401, 402, 403, 404].map((status) => [status, false, true] as const),
    ...[400, 413, 422].map((status) => [status, false, false] as const),
  ])("of %i may pass: %s; needs mending: %s", (status, isRetryable, isFatal) => {
    expect(statusFailure(answer(status))).toMatchObject({
      ...{ message: `HTTP ${status}`, isRetryable, isFatal, partialText: undefined },
    });
  });

  it("of 403 for a prompt that was flagged ends no campaign", () => {
    const body =
      '{"error":{"message":"Your chosen model requires moderation and your input was flagged","code":403}}';
    expect(statusFailure(answer(403, body))).toMatchObject({ isRetryable: false, isFatal: false });
  });
});

describe("the wait that a server asks for", () => {
  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.25" }, 250],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "7", "retry-after-ms": "1500" }, 1500],
    [{ "retry-after": "Fri, 31 Dec 1999 23:59:59 GMT", date: "Sat, 01 Jan 2000 00:00:00 GMT" }, 0],
    [{ "retry-after": "Sat, 01 Jan 2000 00:01:00 GMT", date: "Sat, 01 Jan 2000 00:00:00 GMT" }, 60_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{}, undefined],
  ])("%j is %s ms", (headers, ms) =>
    expect(retryAfterMs(answer(429, "", headers as Record<string, string>))).toBe(ms),
  );

  it("is counted by our clock where the server tells no time", () => {
    vi.useFakeTimers({ now: Date.UTC(2000, 0, 1) });
    const headers = { "retry-after": "Sat, 01 Jan 2000 00:00:10 GMT" };
    expect(retryAfterMs(answer(429, "", headers))).toBe(10_000);
    vi.useRealTimers();
  });

  it("may be in the body, as Google has it", () => {
    const body = '[{"error":{"code":429,"details":[{"@type":"x.RetryInfo","retryDelay":"34.07s"}]}}]';
    expect(retryAfterMs(answer(429, body))).toBe(34_070);
  });
});

describe("a connection", () => {
  const error = (code: string, cause?: object) => Object.assign(new Error("low level"), { code, cause });
  const url = "http://me:secret@box:8000/v1";
  it.each([
    ["ECONNREFUSED", "Connection refused by http://box:8000: is the server running there?", undefined],
    ["ENOTFOUND", "The host of http://box:8000 was not found (ENOTFOUND)", undefined],
    ["EAI_AGAIN", "The host of http://box:8000 was not found (EAI_AGAIN)", undefined],
    ["EHOSTUNREACH", "The connection to http://box:8000 failed: low level", undefined],
    ["ECONNRESET", "http://box:8000 closed the connection before its answer was complete", ""],
    ["EPIPE", "http://box:8000 closed the connection before its answer was complete", ""],
    ["ETIMEDOUT", "http://box:8000 did not answer in time (ETIMEDOUT)", ""],
  ])("that ends with %s is told, and whether the call was sent", (code, message, partialText) => {
    expect(connectionFailure(error(code), { url, partialText: "" })).toMatchObject({
      ...{ message, partialText, isRetryable: true, isFatal: false },
    });
  });

  it("to a name with several addresses fails as its first does", () => {
    const several = new AggregateError([error("ECONNREFUSED"), error("ECONNREFUSED")], "");
    expect(connectionFailure(several, { url, partialText: "" }).message).toMatch(/^Connection refused/);
  });
});
