/** The fetch that Ollama's client is given: it carries the call's signal and sees what the client hides. */
import { type FailedAnswer, failedAnswer, parsed, statusFailure } from "./http-failure.ts";
import { httpFetch } from "./http-fetch.ts";

/** A line of an answer that is no part of it: no JSON, or an error. */
export class BadLine extends Error {
  readonly line: string;
  /** What Ollama says went wrong; undefined for a line that is no JSON. */
  readonly reported: unknown;
  constructor(line: string, reported: unknown) {
    super("bad line");
    this.line = line;
    this.reported = reported;
  }
}

/** What ended a stream before its time. */
export interface Ending {
  error?: unknown;
}

/**
 * Makes a fetch for one call. A status that is no success is thrown. A line that is no JSON, an error in a
 * stream, and a lost connection end the stream after what came before, and are noted: the client prints some
 * of them, skips others, and makes "[object Object]" of the rest.
 */
export function ollamaFetch(
  signal: AbortSignal | undefined,
  refuse: (answer: FailedAnswer) => Error = (answer) => statusFailure(answer),
  ending: Ending = {},
): typeof fetch {
  return async (input, init) => {
    const response = await httpFetch(input as string | URL | Request, { ...init, signal: signal ?? null });
    if (!response.ok) throw refuse(await failedAnswer(response));
    if (response.body === null || !String(input).endsWith("/api/chat")) return response;
    const lines = linesOf(response.body, ending);
    return new Response(lines, { status: response.status, headers: response.headers });
  };
}

/** The lines of a stream that are parts of an answer, up to the first that is not. */
function linesOf(body: ReadableStream<Uint8Array>, ending: Ending): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        for (let isWaiting = true; isWaiting; ) {
          const { done, value } = await reader.read();
          const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
          rest = done ? "" : (lines.pop() ?? "");
          for (const line of lines) {
            if (line.trim() === "") continue;
            checkLine(line);
            controller.enqueue(encoder.encode(`${line}\n`));
            isWaiting = false;
          }
          if (done) {
            controller.close();
            return;
          }
        }
      } catch (error) {
        ending.error = error;
        controller.close();
        void reader.cancel().catch(() => undefined);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function checkLine(line: string): void {
  const value = parsed(line);
  if (typeof value !== "object" || value === null) throw new BadLine(line, undefined);
  if ("error" in value) throw new BadLine(line, value);
}
