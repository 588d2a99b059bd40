/** Tries again what failed for a reason that may pass: exponential backoff with jitter, Retry-After first. */
import { setMaxListeners } from "node:events";
import { ModelError } from "../core/index.ts";

/** How often and how long to wait. */
export interface RetryOptions {
  /** Tries after the first one. */
  readonly retries: number;
  /** Wait before the second try, doubled before each further one, up to a minute. */
  readonly delayMs: number;
  readonly signal: AbortSignal;
  /** Uniform in [0, 1). Default: Math.random, since when a call is made again is no part of a run's result. */
  readonly random?: () => number;
  /** Called before each wait, also one of 0 ms. */
  onWait?(ms: number, error: ModelError): void;
}

/** The longest wait that is chosen here. */
const longestDelayMs = 60_000;
/** The longest wait that a server may ask for. */
export const longestRetryAfterMs = 600_000;

/**
 * Calls attempt(1), attempt(2), ... until one succeeds, and throws what the last one threw, as it is. Only a
 * retryable ModelError is tried again. Throws the signal's reason when it is aborted before an attempt.
 *
 * It waits as long as the server asked to, but for more than ten minutes it gives up with a ModelError that
 * says so; else `delayMs` 2^(i-1) after attempt i, less up to half of it at random, so that calls which
 * failed together do not all come back together.
 */
export async function retry<T>(attempt: (number: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, signal, onWait } = options;
  for (let number = 1; ; number++) {
    signal.throwIfAborted();
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof ModelError) || !error.isRetryable || number > retries) throw error;
      const ms = waitMs(error, number, options);
      signal.throwIfAborted();
      onWait?.(ms, error);
      if (ms > 0) await wait(ms, signal);
    }
  }
}

function waitMs(error: ModelError, number: number, { delayMs, random = Math.random }: RetryOptions): number {
  const { message, isRetryable, isFatal, retryAfterMs, partialText } = error;
  if (retryAfterMs === undefined) {
    return Math.min(delayMs * 2 ** (number - 1), longestDelayMs) * (0.5 + random() / 2);
  }
  if (retryAfterMs > longestRetryAfterMs) {
    const minutes = Math.ceil(retryAfterMs / 60_000);
    const asked = `the server asks to wait ${minutes} min, longer than the 10 min that are waited for`;
    throw new ModelError(`${message} (${asked})`, {
      ...{ isRetryable, isFatal, retryAfterMs, partialText },
      cause: error,
    });
  }
  return retryAfterMs;
}

/** Resolves after a time, or rejects with the signal's reason as soon as it is aborted. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const end = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const timer = setTimeout(end, ms);
    setMaxListeners(0, signal); // all calls of a run wait on its one signal: no leak to warn of
    signal.addEventListener("abort", abort, { once: true });
  });
}
