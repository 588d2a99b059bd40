/**
 * Lets calls to one model in: so many at once, and so many requests and tokens in any 60 s. One limiter is
 * shared by all runs of a campaign. It knows no model and makes no call.
 */
import { setMaxListeners } from "node:events";
import { checkWhole, longestTimerMs } from "../core/index.ts";
import { Line } from "./line.ts";

/** What a server, or its user, allows. */
export interface LimiterLimits {
  /** Most calls in flight at once. */
  readonly concurrency: number;
  /** Most calls begun in any 60 s; undefined: no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** Most input and output tokens of the calls begun in any 60 s; undefined: no limit. */
  readonly tokensPerMinute?: number | undefined;
}

/** To be called once, with the input and output tokens really used, when a call has ended; more do nothing. */
export type Leave = (usedTokens: number) => void;

/** One that stands in line. */
interface Waiter {
  readonly tokens: number;
  readonly signal: AbortSignal;
  admit(leave: Leave): void;
  refuse(): void;
}

/** A call begun less than a window ago. */
interface Start {
  readonly at: number;
  /** The most it may use, until it is known what it used. */
  tokens: number;
  isOver: boolean;
}

const windowMs = 60_000;

/** Places for calls, given in the order in which they were asked for. */
export class Limiter {
  readonly #concurrency: number;
  readonly #requests: number;
  readonly #tokens: number;
  readonly #now: () => number;
  readonly #line = new Line<Waiter>();
  readonly #isRateLimited: boolean;
  /** Calls begun in the last window, oldest first; empty where no rate is limited. */
  readonly #starts = new Line<Start>();
  /** Sum of the tokens of `#starts`. */
  #tokensInWindow = 0;
  #inFlight = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Set only while somebody waits for nothing but time. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `now` gives milliseconds from any fixed moment and never goes back. */
  constructor(limits: LimiterLimits, now: () => number = () => performance.now()) {
    const { concurrency, requestsPerMinute, tokensPerMinute } = limits;
    const rate = (key: string, limit: number | undefined) =>
      limit === undefined ? Number.POSITIVE_INFINITY : checkWhole(`Limiter: ${key}`, limit, 1);
    this.#concurrency = checkWhole("Limiter: concurrency", concurrency, 1);
    this.#requests = rate("requestsPerMinute", requestsPerMinute);
    this.#tokens = rate("tokensPerMinute", tokensPerMinute);
    this.#isRateLimited = requestsPerMinute !== undefined || tokensPerMinute !== undefined;
    this.#now = now;
  }

  /**
   * Waits for a place for a call that uses at most so many input and output tokens; returns what is to be
   * called when it has ended. A call that needs more than a window allows gets in when no other call's tokens
   * are in the window. Rejects with the signal's reason when it is aborted before there is a place.
   */
  enter(tokens: number, signal: AbortSignal): Promise<Leave> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#line.first === undefined && this.#waitMs(tokens) === 0) {
      return Promise.resolve(this.#begin(tokens));
    }
    return new Promise((resolve, reject) => {
      const refuse = () => {
        this.#line.remove(link);
        reject(signal.reason);
      };
      const abort = () => {
        refuse();
        this.#admit(); // the next one may need less
      };
      const admit = (leave: Leave) => {
        signal.removeEventListener("abort", abort);
        resolve(leave);
      };
      const link = this.#line.add({ tokens, signal, admit, refuse });
      setMaxListeners(0, signal); // all calls of a run wait on its one signal: no leak to warn of
      signal.addEventListener("abort", abort, { once: true });
      this.#admit();
    });
  }

  /** Lets nobody in for so long: the server asked for it. Calls in flight go on; a shorter pause changes nothing. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + ms);
  }

  /** Lets in whoever may enter, in order, and sets the timer for the first one who may not. */
  #admit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let link = this.#line.first; link !== undefined; link = this.#line.first) {
      const { tokens, signal, admit, refuse } = link.value;
      if (signal.aborted) {
        refuse(); // one signal ends many: the listener of this one is still to be called
        continue;
      }
      const ms = this.#waitMs(tokens);
      if (ms > 0) {
        // Without a place it is a call's end that lets the next one in, not time.
        if (ms < Number.POSITIVE_INFINITY) {
          this.#timer = setTimeout(() => this.#admit(), Math.min(Math.ceil(ms), longestTimerMs));
        }
        return;
      }
      this.#line.remove(link);
      admit(this.#begin(tokens));
    }
  }

  /** How long a call cannot get in for certain; 0: it can now. Infinite while all places are taken. */
  #waitMs(tokens: number): number {
    if (this.#inFlight >= this.#concurrency) return Number.POSITIVE_INFINITY;
    if (this.#pausedUntil === Number.NEGATIVE_INFINITY && !this.#isRateLimited) return 0;
    const now = this.#now();
    if (this.#pausedUntil > now) return this.#pausedUntil - now;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
    for (let link = this.#starts.first; link !== undefined; link = this.#starts.first) {
      const start = link.value;
      const left = start.at + windowMs - now;
      if (left > 0) {
        const hasRequest = this.#starts.length < this.#requests;
        const hasTokens = this.#tokensInWindow + Math.min(tokens, this.#tokens) <= this.#tokens;
        return hasRequest && hasTokens ? 0 : left;
      }
      this.#starts.remove(link);
      start.isOver = true;
      this.#tokensInWindow -= start.tokens;
    }
    return 0;
  }

  /** Gives a call its place. */
  #begin(tokens: number): Leave {
    this.#inFlight += 1;
    let start: Start | undefined;
    if (this.#isRateLimited) {
      start = { at: this.#now(), tokens, isOver: false };
      this.#starts.add(start);
      this.#tokensInWindow += tokens;
    }
    let isIn = true;
    return (usedTokens) => {
      if (!isIn) return;
      isIn = false;
      this.#inFlight -= 1;
      if (start !== undefined && !start.isOver) {
        this.#tokensInWindow += usedTokens - start.tokens;
        start.tokens = usedTokens;
      }
      this.#admit();
    };
  }
}
