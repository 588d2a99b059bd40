/** The stream of an OpenAI-compatible server, made into what its format says where the server strays from it. */
import { ModelError } from "../core/index.ts";
import type { AnswerEnd } from "./ai-sdk-call.ts";
import { isErrorObject, parsed, reportedError } from "./http-failure.ts";
import { type OpenAiAddress, shownUrl } from "./openai-address.ts";

/** What is known of the call. */
interface Call {
  /** Is told how the stream ends. */
  readonly end: AnswerEnd;
  readonly address: OpenAiAddress;
  readonly secrets: readonly string[];
}

/** Checks an answer with status 200 to a request for a stream. */
export async function receiveStream(response: Response, call: Call): Promise<Response> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("text/html")) {
    const { url } = call.address;
    const hint = /\/v\d/.test(url.pathname) ? "" : `: is it ${shownUrl(url)}/v1?`;
    const message = `There is a web page at ${shownUrl(url)}, not a model server; check the base URL${hint}`;
    throw new ModelError(message, { isFatal: true });
  }
  if (type.includes("json") && !type.includes("event-stream")) return asStream(await response.text(), call);
  const watched = response.body === null ? null : watchEnd(response.body, call.end);
  return new Response(watched, { status: response.status, headers: response.headers });
}

/** A whole answer where a stream was asked for: some servers know no streams. */
function asStream(text: string, { end, secrets }: Call): Response {
  const answer = parsed(text);
  if (isErrorObject(answer)) throw reportedError(answer, "", secrets);
  const { choices } = (answer ?? {}) as { readonly choices?: readonly { readonly message?: object }[] };
  const chunks = choices?.map(({ message, ...choice }) => ({ ...choice, delta: message }));
  const data = chunks === undefined ? text : JSON.stringify({ ...(answer as object), choices: chunks });
  end.isWhole = true;
  return new Response(`data: ${data}\n\ndata: [DONE]\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}

/**
 * Passes bytes on, and notes the [DONE] at their end. A lost connection ends the stream too, so that what came
 * before is not thrown away by the streams that follow.
 */
function watchEnd(body: ReadableStream<Uint8Array>, end: AnswerEnd): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let tail = "";
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        tail = (tail + Buffer.from(value.subarray(-40)).toString("latin1")).slice(-40);
        if (/data: ?\[DONE\]/.test(tail)) end.isWhole = true;
        controller.enqueue(value);
      } catch (error) {
        end.error = error;
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
