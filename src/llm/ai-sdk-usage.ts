/** Token counts as the three versions of the AI SDK's specification give them. */

/** Usage of v2 (numbers) or of v3 and v4 (numbers by kind, and the provider's own object). */
export interface LanguageModelUsage {
  readonly inputTokens?: number | { readonly total?: number | undefined } | undefined;
  readonly outputTokens?:
    | number
    | {
        readonly total?: number | undefined;
        readonly text?: number | undefined;
        readonly reasoning?: number | undefined;
      }
    | undefined;
  /** v2 only, like `reasoningTokens`. */
  readonly totalTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
  readonly raw?: unknown;
}

/** Counts of one call; undefined where the provider gave none. */
interface Counts {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/**
 * Reads the counts. Reasoning is output: some providers leave it out of the output tokens but not out of the
 * total (xAI, Google), so the output is at least the total less the prompt. A 0 that cannot be true (no prompt;
 * a text of no tokens) stands for a count that was not given.
 */
export function readUsage(usage: LanguageModelUsage | undefined, text: string): Counts {
  const { input, output } = { ...countsOf(usage ?? {}) };
  return {
    inputTokens: input === 0 ? undefined : input,
    outputTokens: output === 0 && text !== "" ? undefined : output,
  };
}

function countsOf(usage: LanguageModelUsage) {
  const { inputTokens, outputTokens, totalTokens, reasoningTokens, raw } = usage;
  if (typeof raw === "object" && raw !== null && ("prompt_tokens" in raw || "completion_tokens" in raw)) {
    const own = raw as Readonly<Record<string, unknown>>;
    const input = count(own.prompt_tokens);
    return { input, output: atLeast(count(own.completion_tokens), input, count(own.total_tokens)) };
  }
  if (typeof outputTokens !== "object") {
    const input = count(inputTokens);
    const output = count(outputTokens);
    const reasoning = count(reasoningTokens);
    const isApart = output !== undefined && reasoning !== undefined && reasoning > output;
    return { input, output: atLeast(isApart ? output + reasoning : output, input, count(totalTokens)) };
  }
  const input = count(typeof inputTokens === "object" ? inputTokens.total : inputTokens);
  const { total, text, reasoning } = outputTokens;
  const parts = count(text) === undefined && count(reasoning) === undefined;
  return {
    input,
    output: count(total) ?? (parts ? undefined : (count(text) ?? 0) + (count(reasoning) ?? 0)),
  };
}

function atLeast(output: number | undefined, input: number | undefined, total: number | undefined) {
  if (input === undefined || total === undefined) return output;
  return output === undefined ? undefined : Math.max(output, total - input);
}

/** A whole number of tokens; undefined for anything else. */
function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}
