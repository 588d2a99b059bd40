/** Waits for a promise no longer than a signal allows. */

/** The longest time that a timer of Node can wait, in ms. */
export const longestTimerMs = 2 ** 31 - 1;

/**
 * Settles as the promise does, or rejects with the signal's reason as soon as it is aborted: for work of
 * plugins, which may ignore the signal.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
