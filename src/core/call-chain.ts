/** The calls of one candidate as a chain: which of them had to wait for which (section 5.3, parallel cost). */
import type { CallUse } from "./budget.ts";
import { primitiveCost } from "./cost.ts";

/**
 * The longest chain of one candidate's calls so far. A call depends on those that had ended when it was asked
 * for; calls that were asked for together do not depend on each other. What one did not really wait for is
 * counted as well, so that the chain is an upper bound.
 */
export class CallChain {
  #cost = 0;

  /** Cost in primitives of the longest chain of calls that have ended. */
  get cost(): number {
    return this.#cost;
  }

  /** Takes a call that ended, with what lay behind it when it was asked for; returns its chain's cost. */
  end(modelSize: number, { inputTokens = 0, outputTokens = 0 }: Partial<CallUse>, behind: number): number {
    const cost = behind + primitiveCost({ modelSize, inputTokens, outputTokens });
    if (cost > this.#cost) this.#cost = cost;
    return cost;
  }
}
