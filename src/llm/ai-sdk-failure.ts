/** Makes a ModelError of whatever an AI SDK language model threw or sent as an error. */
import { ModelError } from "../core/index.ts";
import {
  connectionFailure,
  cutShort,
  type FailedAnswer,
  isErrorObject,
  malformed,
  modelErrorIn,
  networkCode,
  parsed,
  plain,
  reportedError,
  statusFailure,
} from "./http-failure.ts";

/** What is known of the call that failed. */
export interface CallState {
  /** What had come of the answer; undefined while nothing was sent. */
  readonly text: string | undefined;
  readonly url?: string | undefined;
  readonly secrets?: readonly string[] | undefined;
}

/** The fields that the SDK's errors have, by their names. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly url?: string;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  /** What a type did not fit. */
  readonly value?: unknown;
  /** What is no JSON. */
  readonly text?: string;
}

/** Errors of the SDK that are found before anything is sent. */
const unsent =
  /^AI_(LoadAPIKey|LoadSetting|NoSuchModel|InvalidPrompt|InvalidArgument|UnsupportedFunctionality)Error$/;

/** Says what failed, in one sentence, and what may be done about it. */
export function callFailure(error: unknown, state: CallState): ModelError {
  const { secrets = [], text = "" } = state;
  const known = modelErrorIn(error);
  if (known !== undefined) return known;
  if (typeof error !== "object" || error === null) return reportedError(String(error), text, secrets);
  const { name = "", message = "", value, statusCode = 0, responseBody: body = "" } = error as SdkError;
  if (statusCode >= 400) return statusFailure(answerOf(error, statusCode, body), { secrets });
  if (networkCode(error) !== undefined || /^(fetch failed|failed to fetch)$/i.test(message)) {
    const { url = (error as SdkError).url } = state;
    return connectionFailure(error, { url, partialText: state.text });
  }
  if (statusCode >= 200)
    return isErrorObject(parsed(body)) ? reportedError(body, text, secrets) : malformed(text, body, secrets);
  if (!(error instanceof Error)) return reportedError(error, text, secrets);
  if (name === "AI_TypeValidationError") {
    return isErrorObject(value)
      ? reportedError(value, text, secrets)
      : malformed(text, JSON.stringify(value), secrets);
  }
  if (name === "AI_JSONParseError") return malformed(text, (error as SdkError).text ?? "", secrets);
  if (name === "AI_InvalidResponseDataError" && /finish reason/i.test(message)) return cutShort(text);
  if (/^AI_(InvalidResponseData|EmptyResponseBody|NoContentGenerated)Error$/.test(name)) {
    return malformed(text, message, secrets);
  }
  const said = plain(message, secrets) || name;
  if (unsent.test(name)) {
    const isFatal = /^AI_(Load|NoSuch)/.test(name);
    return new ModelError(said, { isFatal, cause: error });
  }
  const isRetryable = name === "AbortError" || name === "TimeoutError"; // of the model's own making
  return new ModelError(said, { isRetryable, partialText: text, cause: error });
}

function answerOf(error: object, status: number, body: string): FailedAnswer {
  const { responseHeaders = {}, message = "" } = error as SdkError;
  const headers = Object.entries(responseHeaders).map(([name, value]) => [name.toLowerCase(), value]);
  return { status, headers: Object.fromEntries(headers), body: body === "" ? message : body };
}
