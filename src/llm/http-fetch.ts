/**
 * fetch over Node's own HTTP client. The global fetch gives up on a server that is silent for 300 s, which is
 * what a local server with a long prompt or a full queue looks like; here only the signal ends a request.
 * It follows no redirect, so that a key never goes to another server.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connectionFailure } from "./http-failure.ts";

/** Sends one request; rejects with a ModelError when no answer comes, or with the signal's reason. */
export function httpFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const { method = "GET", body } = init;
  const signal = init.signal ?? undefined;
  const headers: Record<string, string | number> = Object.fromEntries(new Headers(init.headers));
  headers["accept-encoding"] = "identity";
  if (typeof body === "string") headers["content-length"] = Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, { method, headers });
    let isSent = false;
    request.on("socket", (socket) => {
      // A socket that is used again is connected already.
      if (socket.connecting) {
        socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
          isSent = true;
        });
      } else isSent = true;
    });
    const abort = () => {
      request.destroy();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    request.on("error", (cause) => {
      signal?.removeEventListener("abort", abort);
      reject(connectionFailure(cause, { url: url.href, partialText: isSent ? "" : undefined }));
    });
    request.on("response", (response) => {
      signal?.removeEventListener("abort", abort);
      resolve(responseOf(response, request, signal));
    });
    request.end(typeof body === "string" ? body : undefined);
  });
}

function responseOf(
  message: IncomingMessage,
  request: ClientRequest,
  signal: AbortSignal | undefined,
): Response {
  const headers = new Headers();
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    headers.append(message.rawHeaders[i] ?? "", message.rawHeaders[i + 1] ?? "");
  }
  const status = Math.min(message.statusCode ?? 599, 599);
  const body = bodyOf(message, request, signal);
  return new Response(status === 204 || status === 205 || status === 304 ? null : body, { status, headers });
}

/**
 * The bytes as they come, and then the error, if any: nothing that came is lost by it. They are read to the
 * end at once, since only then can the socket be used again.
 */
function bodyOf(
  message: IncomingMessage,
  request: ClientRequest,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let end: { readonly error?: unknown } | undefined;
  let wake = () => {};
  const finish = (how: { readonly error?: unknown }) => {
    end ??= how;
    signal?.removeEventListener("abort", abort);
    wake();
  };
  const abort = () => {
    finish({ error: signal?.reason });
    request.destroy();
  };
  message.on("data", (chunk: Uint8Array) => {
    chunks.push(chunk);
    wake();
  });
  message.on("error", (error) => finish({ error })); // also a connection that ends before the body does
  message.on("end", () => finish({}));
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (chunks.length === 0 && end === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const chunk = chunks.shift();
        if (chunk !== undefined) controller.enqueue(chunk);
        else if (end !== undefined && "error" in end) controller.error(end.error);
        else controller.close();
      },
      cancel() {
        finish({});
        request.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
