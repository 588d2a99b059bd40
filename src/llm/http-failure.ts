/** What went wrong with a call over HTTP, as a ModelError whose message is one plain sentence. */
import { ModelError, type ModelFailure } from "../core/index.ts";

/** An answer whose status says that the call failed. */
export interface FailedAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an adapter knows of a failed answer beside the answer. */
export interface Advice {
  /** Comes after the server's own words: what the user can do. */
  readonly fix?: string | undefined;
  readonly isFatal?: boolean;
  readonly isRetryable?: boolean;
  readonly retryAfterMs?: number;
  /** Texts that no message may hold. */
  readonly secrets?: readonly string[];
}

/** Statuses after which the same call may succeed later. */
function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

/** Says that a server refused a call. Nothing was generated, so nothing is billed. */
export function statusFailure(answer: FailedAnswer, advice: Advice = {}): ModelError {
  const { status, body } = answer;
  const { fix, secrets = [] } = advice;
  const isSpent = /insufficient_quota|billing_hard_limit|billing_not_active/.test(body);
  const isFlagged = status === 403 && /flagged|moderation/i.test(body);
  const isFatal = advice.isFatal ?? (isSpent || (!isFlagged && [401, 402, 403, 404].includes(status)));
  const said = plain(serverMessage(body), secrets);
  const parts = [`HTTP ${status}`, ...(said === "" ? [] : [said])].join(": ");
  return new ModelError(fix === undefined ? parts : `${parts}; ${fix}`, {
    isFatal,
    isRetryable: advice.isRetryable ?? (!isFatal && isRetryableStatus(status)),
    retryAfterMs: advice.retryAfterMs ?? (isFatal ? undefined : retryAfterMs(answer)),
  });
}

/** Reads an answer that failed: the first 64 kB of it. */
export async function failedAnswer(response: Response): Promise<FailedAnswer> {
  const headers = Object.fromEntries(response.headers);
  const decoder = new TextDecoder();
  let body = "";
  try {
    for await (const chunk of response.body ?? []) {
      body += decoder.decode(chunk, { stream: true });
      if (body.length >= 65_536) break;
    }
  } catch {
    // What came until the connection broke is what there is.
  }
  return { status: response.status, headers, body };
}

/** How long a server asks to wait: the headers Retry-After and retry-after-ms, or Google's retryDelay. */
export function retryAfterMs({ headers, body }: FailedAnswer): number | undefined {
  const ms = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (ms >= 0) return ms;
  const after = headers["retry-after"]?.trim();
  if (after !== undefined && after !== "") {
    const seconds = Number(after);
    if (seconds >= 0) return Math.ceil(seconds * 1000);
    // The server's own clock, where it gives it: ours may be wrong.
    const now = Date.parse(headers.date ?? "") || Date.now();
    const until = Date.parse(after);
    if (!Number.isNaN(until)) return Math.max(0, until - now);
  }
  const [, delay] = /"retryDelay"\s*:\s*"([\d.]+)s"/.exec(body) ?? [];
  return delay === undefined ? undefined : Math.ceil(Number(delay) * 1000);
}

/** Where a connection failed, and what had come by then. */
export interface BrokenConnection {
  /** Undefined where only a library knows it. */
  readonly url?: string | undefined;
  /** Undefined when the request was not sent. */
  readonly partialText: string | undefined;
}

/** Codes of errors before anything could be sent. */
const unsent = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
/** Codes of a secure connection that cannot be. */
const insecure = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/;

/** Says that a server could not be reached, or that the connection was lost. */
export function connectionFailure(cause: unknown, { url, partialText: came }: BrokenConnection): ModelError {
  const code = networkCode(cause) ?? "";
  const server = url === undefined ? "the server" : new URL(url).origin;
  const partialText = unsent.test(code) || insecure.test(code) ? undefined : came;
  if (insecure.test(code)) {
    const reason = plain(deepest(cause));
    const message = `No secure connection to ${server} (${reason}); check http:// against https:// and the certificate`;
    return new ModelError(message, { isFatal: true, cause });
  }
  const message = () => {
    if (code === "ECONNREFUSED") return `Connection refused by ${server}: is the server running there?`;
    if (/^(ENOTFOUND|EAI_)/.test(code)) return `The host of ${server} was not found (${code})`;
    if (/TIMEOUT|ETIMEDOUT/.test(code)) return `${server} did not answer in time (${code})`;
    if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code)) {
      return `${server} closed the connection before its answer was complete`;
    }
    return `The connection to ${server} failed: ${plain(deepest(cause))}`;
  };
  return new ModelError(message(), { isRetryable: true, partialText, cause });
}

/** The code of the network error in a chain of causes, such as ECONNRESET; undefined where there is none. */
export function networkCode(error: unknown): string | undefined {
  for (const link of chain(error)) {
    const code = (link as { readonly code?: unknown }).code;
    if (typeof code === "string" && /^(E[A-Z]+|EAI_\w+|UND_ERR_\w+|HPE_\w+)$/.test(code)) return code;
    if (typeof code === "string" && insecure.test(code)) return code;
  }
  return undefined;
}

/** The ModelError in a chain of causes. */
export function modelErrorIn(error: unknown): ModelError | undefined {
  return chain(error).find((link) => link instanceof ModelError);
}

/** Says that the signal ended a call. */
export function stopped(partialText: string | undefined, cause: unknown): ModelError {
  return new ModelError("The call was stopped before its answer was complete", { partialText, cause });
}

/** Says that an answer ended without the event that marks its end. */
export function cutShort(partialText: string, failure: ModelFailure = {}): ModelError {
  const message = "The answer ended without its final event: the connection was cut or the server failed";
  return new ModelError(message, { isRetryable: true, ...failure, partialText });
}

/** Says that an answer cannot be read. */
export function malformed(partialText: string, sample: string, secrets: readonly string[] = []): ModelError {
  const shown = plain(sample, secrets).slice(0, 100);
  const message = `The answer is not in the expected form${shown === "" ? "" : `: ${shown}`}`;
  return new ModelError(message, { isRetryable: true, partialText });
}

/** Says that a server reported an error in place of (the rest of) an answer with status 200. */
export function reportedError(
  error: unknown,
  partialText: string,
  secrets: readonly string[] = [],
): ModelError {
  const said = plain(serverMessage(typeof error === "string" ? error : JSON.stringify(error)), secrets);
  const status = Number(codeIn(typeof error === "string" ? parsed(error) : error));
  const isRetryable = !(status >= 400 && status < 500) || isRetryableStatus(status);
  return new ModelError(`The server reported an error: ${said === "" ? "it did not say which" : said}`, {
    isRetryable,
    partialText,
  });
}

/** The code or status in an error object, such as 429. */
function codeIn(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return undefined;
  const { error: inner, code, status } = error as Readonly<Record<string, unknown>>;
  return codeIn(inner) ?? code ?? status;
}

/** Whether a value is an error: `{"error": ...}`, or `{"message": ...}` as older versions of vLLM have it. */
export function isErrorObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "error" in value || ("message" in value && !("choices" in value));
}

/** A text of JSON as a value; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server's own words in the body of an answer, whatever its form; "" where there are none. */
export function serverMessage(body: string): string {
  const text = body.trim();
  if (text.startsWith("<")) return /<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? "a web page";
  return messageIn(parsed(text)) ?? text;
}

function messageIn(value: unknown): string | undefined {
  // llama.cpp's answer is a text of JSON within Ollama's.
  if (typeof value === "string") return value.trimStart().startsWith("{") ? serverMessage(value) : value;
  if (Array.isArray(value)) {
    const parts = value.map(messageIn).filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : [...new Set(parts)].join("; ");
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(fields.loc) && typeof fields.msg === "string") {
    return `${fields.loc.filter((part) => part !== "body").join(".")}: ${fields.msg}`;
  }
  for (const key of ["error", "message", "detail", "msg"]) {
    const found = messageIn(fields[key]);
    if (found === undefined || found === "") continue;
    // OpenRouter says "Provider returned error" and keeps the provider's words here.
    const { raw } = (fields.metadata ?? {}) as { readonly raw?: unknown };
    return typeof raw === "string" && raw !== "" ? `${found} (${messageIn(raw) ?? raw})` : found;
  }
  return undefined;
}

/** A text made fit for a message: one line, no control characters, no secrets, at most 300 characters. */
export function plain(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, "[key]");
  return clean
    .replace(/\b(?:sk|gsk|xai|nvapi|hf)[-_][\w*-]{6,}/g, "[key]") // OpenAI repeats a part of a wrong key
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, 300)
    .toWellFormed()
    .replace(/[.\s]+$/, "");
}

/** An error, its cause, the cause of that, ...; of several errors at once, the first. */
function chain(error: unknown): readonly object[] {
  const links: object[] = [];
  let link: unknown = error;
  while (typeof link === "object" && link !== null && !links.includes(link) && links.length < 20) {
    links.push(link);
    const { cause, errors } = link as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
    link = cause ?? errors?.[0];
  }
  return links;
}

/** The message of the innermost cause that has one. */
function deepest(error: unknown): string {
  const messages = chain(error).flatMap((link) =>
    link instanceof Error && link.message ? [link.message] : [],
  );
  return messages.at(-1) ?? String(error);
}
