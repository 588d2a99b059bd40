/** Hard budgets: reserved with the worst case before a call starts, settled with the true counts after it. */
import { abortable } from "./abortable.ts";
import { affordableOutputTokens, primitiveCost, type UsdPrice, usdCost } from "./cost.ts";
import { BudgetExhausted, checkBetween, checkKeys, checkWhole, UsageError } from "./errors.ts";

/** Most that may be spent; an absent limit is no limit. */
export interface BudgetLimits {
  readonly calls?: number;
  /** LLM primitives: output tokens. */
  readonly primitives?: number;
  /** Cost in LLM primitives, Def. 2.2. */
  readonly primitiveCost?: number;
  /** US dollars, at the prices of the models. */
  readonly usd?: number;
  readonly evaluations?: number;
  readonly wallMs?: number;
}

/** The limits in the order in which they are named. */
export const budgetKeys = ["calls", "primitives", "primitiveCost", "usd", "evaluations", "wallMs"] as const;

/** Checks limits that a user gave. */
export function checkLimits(where: string, limits: BudgetLimits): BudgetLimits {
  checkKeys(where, limits, budgetKeys);
  for (const [key, least] of [
    ["calls", 0],
    ["primitives", 0],
    ["evaluations", 1],
  ] as const) {
    if (limits[key] !== undefined) checkWhole(`${where}: ${key}`, limits[key], least);
  }
  for (const key of ["primitiveCost", "usd", "wallMs"] as const) {
    if (limits[key] !== undefined) checkBetween(`${where}: ${key}`, limits[key], 0, Number.MAX_VALUE);
  }
  return limits;
}

/** What a call is about to need. */
export interface CallNeed {
  readonly modelSize: number;
  /** Most that its prompt can come to. */
  readonly inputTokens: number;
  /** Worst-case output; undefined means: as much as the budget affords, within what is usual. */
  readonly maxTokens: number | undefined;
  /** Needed where US dollars are limited. */
  readonly price?: UsdPrice | undefined;
}

/** What a call came to. */
export interface CallUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Room set aside for one call. */
export interface Reservation {
  /** Limit to send with the request; undefined sends none. */
  readonly maxTokens: number | undefined;
  /** Gives back the room and counts what the call really used; undefined for a failed call that was not billed. */
  settle(use: CallUse | undefined): void;
  /** Gives back the room of a call that was not made, and does not count it. */
  cancel(): void;
}

/**
 * Output that a request without a limit of its own is taken to need, in tokens: twice its input, so that a
 * long text can be written anew, and no less than 4096.
 */
export function usualOutputTokens(inputTokens: number): number {
  return Math.max(4096, 2 * inputTokens);
}

/** Amounts that calls use up, in the measures that can be limited. */
interface Amounts {
  readonly primitives: number;
  readonly primitiveCost: number;
  readonly usd: number;
}

const nothing: Amounts = { primitives: 0, primitiveCost: 0, usd: 0 };

/** The measures, each with how a refusal names its limit. */
const measures: readonly (readonly [keyof Amounts, (limit: number) => string])[] = [
  ["primitives", (limit) => `${limit} primitives`],
  ["primitiveCost", (limit) => `primitive cost ${limit}`],
  ["usd", (limit) => `${limit} US dollars`],
];

/** What may still be spent on model calls, shared by all calls of a run or of a campaign. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #isCostLimited: boolean;
  #calls = 0;
  #spent = nothing;
  #reserved = nothing;
  #inFlight = 0;
  #waiting: (() => void)[] = [];
  #refused: BudgetExhausted | undefined;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    this.#isCostLimited = measures.some(([measure]) => limits[measure] !== undefined);
  }

  /** Whether a reservation needs to know the input tokens. */
  get isCostLimited(): boolean {
    return this.#isCostLimited;
  }
  /** The first refusal of a call; undefined while there was none. */
  get refused(): BudgetExhausted | undefined {
    return this.#refused;
  }
  /** Calls made so far, those in flight included. */
  get spentCalls(): number {
    return this.#calls;
  }
  /** Primitive cost of the calls that have ended. */
  get spentCost(): number {
    return this.#spent.primitiveCost;
  }
  /** US dollars spent on the calls that have ended; those without a price count 0. */
  get spentUsd(): number {
    return this.#spent.usd;
  }

  /**
   * Sets room aside for a call. Waits while calls in flight may give enough room back; throws
   * BudgetExhausted when the call cannot fit, and the signal's reason when it is aborted while it waits. At once
   * where nothing is limited: the common case is fast.
   */
  reserve(need: CallNeed, signal?: AbortSignal): Reservation | Promise<Reservation> {
    if (this.#limits.calls === undefined && !this.#isCostLimited) {
      return this.#take(need, nothing, need.maxTokens);
    }
    return this.#reserveWithin(need, signal);
  }

  async #reserveWithin(need: CallNeed, signal: AbortSignal | undefined): Promise<Reservation> {
    const { calls, usd } = this.#limits;
    if (usd !== undefined && need.price === undefined) {
      throw new UsageError("A budget in US dollars needs the price of every model that is called");
    }
    for (;;) {
      if (calls !== undefined && this.#calls >= calls) throw this.#refuse(`${calls} calls`);
      if (!this.#isCostLimited) return this.#take(need, nothing, need.maxTokens);
      const maxTokens = need.maxTokens ?? usualOutputTokens(need.inputTokens);
      const worst = amountsOf(need, { inputTokens: need.inputTokens, outputTokens: maxTokens });
      const tight = measures.find(([measure]) => worst[measure] > this.#left(measure));
      if (tight === undefined) return this.#take(need, worst, maxTokens);
      if (this.#inFlight === 0) {
        const affordable = this.#affordable(need);
        if (need.maxTokens !== undefined || affordable < 1) {
          const [measure, name] = tight;
          throw this.#refuse(name(this.#limits[measure] ?? 0));
        }
        const room = amountsOf(need, { inputTokens: need.inputTokens, outputTokens: affordable });
        return this.#take(need, room, affordable);
      }
      const room = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await (signal === undefined ? room : abortable(room, signal));
    }
  }

  /** Counts a call that was made at another time, whatever the limits. */
  count(need: CallNeed, use: CallUse): void {
    this.#take(need, nothing, undefined).settle(use);
  }

  #left(measure: keyof Amounts): number {
    const limit = this.#limits[measure] ?? Number.POSITIVE_INFINITY;
    return limit - this.#spent[measure] - this.#reserved[measure];
  }

  /** The longest output that every limit has room for, in tokens. */
  #affordable({ modelSize, inputTokens, price }: CallNeed): number {
    const left = this.#left("primitiveCost");
    const byCost =
      left === Number.POSITIVE_INFINITY ? left : affordableOutputTokens(left, modelSize, inputTokens);
    const { usdPerMillionInputTokens: input = 0, usdPerMillionOutputTokens: output = 0 } = price ?? {};
    const usd = this.#left("usd");
    const usdOf = (t: number) => (inputTokens * input + t * output) / 1e6;
    let byUsd =
      usdOf(0) > usd
        ? 0
        : output > 0
          ? Math.floor((usd * 1e6 - inputTokens * input) / output)
          : Number.POSITIVE_INFINITY;
    while (byUsd > 0 && Number.isFinite(byUsd) && usdOf(byUsd) > usd) byUsd -= 1; // rounding
    return Math.min(byCost, byUsd, this.#left("primitives"), usualOutputTokens(inputTokens));
  }

  #refuse(budget: string): BudgetExhausted {
    this.#refused ??= new BudgetExhausted(budget);
    return this.#refused;
  }

  #take(need: CallNeed, room: Amounts, maxTokens: number | undefined): Reservation {
    this.#calls += 1;
    this.#inFlight += 1;
    if (room !== nothing) this.#reserved = sum(this.#reserved, room, 1);
    const settle = (use: CallUse | undefined) => {
      this.#inFlight -= 1;
      if (room !== nothing) this.#reserved = this.#inFlight === 0 ? nothing : sum(this.#reserved, room, -1);
      if (use !== undefined) this.#spent = sum(this.#spent, amountsOf(need, use), 1);
      for (const wake of this.#waiting.splice(0)) wake();
    };
    const cancel = () => {
      this.#calls -= 1;
      settle(undefined);
    };
    return { maxTokens, settle, cancel };
  }
}

function amountsOf({ modelSize, price }: CallNeed, { inputTokens, outputTokens }: CallUse): Amounts {
  const counts = { modelSize, inputTokens, outputTokens };
  return { primitives: outputTokens, primitiveCost: primitiveCost(counts), usd: usdCost(counts, price) ?? 0 };
}

function sum(a: Amounts, b: Amounts, sign: 1 | -1): Amounts {
  return {
    primitives: a.primitives + sign * b.primitives,
    primitiveCost: a.primitiveCost + sign * b.primitiveCost,
    usd: a.usd + sign * b.usd,
  };
}
