/** Hard budgets: reserved with the worst case before a call starts, settled with the true counts after it. */
import { affordableOutputTokens, primitiveCost } from "./cost.ts";
import { BudgetExhausted, checkBetween, checkKeys, checkWhole } from "./errors.ts";

/** Most that may be spent; an absent limit is no limit. */
export interface BudgetLimits {
  readonly calls?: number;
  /** Cost in LLM primitives, Def. 2.2. */
  readonly primitiveCost?: number;
  readonly evaluations?: number;
  readonly wallMs?: number;
}

/** Checks limits that a user gave. */
export function checkLimits(where: string, limits: BudgetLimits): BudgetLimits {
  checkKeys(where, limits, ["calls", "primitiveCost", "evaluations", "wallMs"]);
  if (limits.calls !== undefined) checkWhole(`${where}: calls`, limits.calls, 0);
  if (limits.evaluations !== undefined) checkWhole(`${where}: evaluations`, limits.evaluations, 1);
  for (const key of ["primitiveCost", "wallMs"] as const) {
    if (limits[key] !== undefined) checkBetween(`${where}: ${key}`, limits[key], 0, Number.MAX_VALUE);
  }
  return limits;
}

/** What a call is about to need. */
export interface CallNeed {
  readonly modelSize: number;
  readonly inputTokens: number;
  /** Worst-case output; undefined means: as much as the budget affords, within what is usual. */
  readonly maxTokens: number | undefined;
}

/** Room set aside for one call. */
export interface Reservation {
  /** Limit to send with the request; undefined sends none. */
  readonly maxTokens: number | undefined;
  /** Gives back the room and counts what the call really cost (0 for a failed call that was not billed). */
  settle(cost: number): void;
  /** Gives back the room of a call that was not made, and does not count it. */
  cancel(): void;
}

/**
 * Output that a request without a limit of its own is taken to need, in tokens: twice its input, so that a
 * long text can be written anew, and no less than 4096.
 */
function usualOutputTokens(inputTokens: number): number {
  return Math.max(4096, 2 * inputTokens);
}

/** Calls and primitive cost that may still be spent, shared by all calls of a run or of a campaign. */
export class Budget {
  readonly #limits: BudgetLimits;
  #calls = 0;
  #spent = 0;
  #reserved = 0;
  #inFlight = 0;
  #waiting: (() => void)[] = [];
  #refused: BudgetExhausted | undefined;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  /** Whether a reservation needs to know the input tokens. */
  get isCostLimited(): boolean {
    return this.#limits.primitiveCost !== undefined;
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
    return this.#spent;
  }

  /**
   * Sets room aside for a call. Waits while calls in flight may give enough room back; throws
   * BudgetExhausted when the call cannot fit. At once where nothing is limited: the common case is fast.
   */
  reserve(need: CallNeed): Reservation | Promise<Reservation> {
    const { calls, primitiveCost: limit } = this.#limits;
    if (calls === undefined && limit === undefined) return this.#take(0, need.maxTokens);
    return this.#reserveWithin(calls, limit, need);
  }

  async #reserveWithin(
    calls: number | undefined,
    limit: number | undefined,
    need: CallNeed,
  ): Promise<Reservation> {
    for (;;) {
      if (calls !== undefined && this.#calls >= calls) throw this.#refuse(`${calls} calls`);
      if (limit === undefined) return this.#take(0, need.maxTokens);
      const left = limit - this.#spent - this.#reserved;
      const maxTokens = need.maxTokens ?? usualOutputTokens(need.inputTokens);
      const worst = costOf(need, maxTokens);
      if (worst <= left) return this.#take(worst, maxTokens);
      if (this.#inFlight === 0) {
        const affordable = affordableOutputTokens(left, need.modelSize, need.inputTokens);
        if (need.maxTokens !== undefined || affordable < 1) throw this.#refuse(`primitive cost ${limit}`);
        return this.#take(costOf(need, affordable), affordable);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #refuse(budget: string): BudgetExhausted {
    this.#refused ??= new BudgetExhausted(budget);
    return this.#refused;
  }

  #take(room: number, maxTokens: number | undefined): Reservation {
    this.#calls += 1;
    this.#inFlight += 1;
    this.#reserved += room;
    const settle = (cost: number) => {
      this.#inFlight -= 1;
      this.#reserved -= room;
      this.#spent += cost;
      for (const wake of this.#waiting.splice(0)) wake();
    };
    const cancel = () => {
      this.#calls -= 1;
      settle(0);
    };
    return { maxTokens, settle, cancel };
  }
}

function costOf(need: CallNeed, outputTokens: number): number {
  return primitiveCost({ modelSize: need.modelSize, inputTokens: need.inputTokens, outputTokens });
}
