/**
 * Cost models of LLM calls (Meyerson and Qiu, ICML 2025, section 2). Each is a function of one call's
 * counts: model size m, input tokens n, output tokens t. The store's views hold the same formulae in SQL.
 */

/** The counts of one call that every cost model reads. */
export interface CallCounts {
  /** Size m of the model, in any unit that is the same for all models compared (e.g. billions of parameters). */
  readonly modelSize: number;
  /** n: tokens of the prompt. */
  readonly inputTokens: number;
  /** t: tokens of the completion; one LLM primitive each. */
  readonly outputTokens: number;
}

/**
 * Cost in LLM primitives, exactly as Def. 2.2 has it: token i is one forward pass over n + i tokens, so a
 * call costs m * sum_{i=0}^{t-1} (n + i) = m * (t n + t (t - 1) / 2).
 */
export function primitiveCost({ modelSize: m, inputTokens: n, outputTokens: t }: CallCounts): number {
  return m * (t * n + (t * (t - 1)) / 2);
}

/** Linear price, what interfaces bill and a key/value cache computes: m * (n + t). */
export function linearCost({ modelSize: m, inputTokens: n, outputTokens: t }: CallCounts): number {
  return m * (n + t);
}

/**
 * The largest t for which a call of a model of size m on n input tokens costs at most `available` under
 * Def. 2.2: the positive root of t²/2 + t (n - 1/2) = available / m, rounded down; at most the largest whole
 * number that can be counted to.
 */
export function affordableOutputTokens(available: number, modelSize: number, inputTokens: number): number {
  if (available < 0) return 0;
  const b = inputTokens - 0.5;
  let t = Math.floor(Math.sqrt(b * b + (2 * available) / modelSize) - b);
  if (t >= Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  const cost = (outputTokens: number) => primitiveCost({ modelSize, inputTokens, outputTokens });
  while (t > 0 && cost(t) > available) t -= 1; // rounding of the root
  while (cost(t + 1) <= available) t += 1;
  return t;
}

/** Price of a model in US dollars per million tokens. */
export interface UsdPrice {
  readonly usdPerMillionInputTokens: number;
  readonly usdPerMillionOutputTokens: number;
  /** Day on which the price held, e.g. "2026-11-22"; default: the day the campaign began. */
  readonly asOf?: string;
}

/** Money for one call; undefined without a price. */
export function usdCost(counts: CallCounts, price: UsdPrice | undefined): number | undefined {
  if (price === undefined) return undefined;
  const { usdPerMillionInputTokens: input, usdPerMillionOutputTokens: output } = price;
  return (counts.inputTokens * input + counts.outputTokens * output) / 1e6;
}
