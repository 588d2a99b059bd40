/** What the two ways of debugging share: how code and reports are written, and how a rewriting is read. */
import {
  commonParts,
  type Genome,
  type Message,
  type ModelRequest,
  type ModelResponse,
  type PromptContext,
  type PromptTexts,
  type Rewrite,
  readCompact,
  readTagged,
  writeCompact,
  writePrompt,
  writeTagged,
} from "../../src/core/index.ts";

/** An answer as it is read. */
export type DebugAnswer = Pick<ModelResponse, "text" | "stopReason">;

/**
 * Writes the first turn about some components: what they must do and their texts, then the report on them where
 * there is one. In compact mode nothing else; in normal mode `parts` holds instructions and format.
 */
export function writeFirstTurn(
  context: PromptContext,
  indexes: readonly number[],
  parts: PromptTexts,
  report?: string,
): Pick<ModelRequest, "system" | "messages"> {
  if (context.promptMode === "compact") {
    const code = writeWithSpecs(context.parents[0].candidate.genome, indexes);
    return { messages: [user(code + (report ?? ""))] };
  }
  const texts = commonParts(context, indexes);
  const parent = report === undefined ? texts.parent : `${texts.parent}\n\n${writeReport(context, report)}`;
  return writePrompt(context, { ...texts, ...parts, parent });
}

/** Components in compact mode, each below what it must do. */
function writeWithSpecs(genome: Genome, indexes: readonly number[]): string {
  const write = (index: number) => {
    const spec = genome[index]?.spec;
    return (spec ? `${spec}\n` : "") + writeCompact(genome, [index]);
  };
  return indexes.map(write).join("");
}

/** Writes a report as a turn of its own. */
export function writeReport({ promptMode }: PromptContext, report: string): string {
  return promptMode === "compact" ? report : `Report of quality assurance:\n${report}`;
}

/** Writes all of the code as a turn of its own. */
export function writeCode({ promptMode }: PromptContext, genome: Genome): string {
  const indexes = genome.map((_, index) => index);
  return promptMode === "compact" ? writeCompact(genome, indexes) : writeTagged(genome, indexes);
}

/** Reads components from the developer's answer, by the solution that it was shown last. */
export function readRewrite(
  { promptMode }: PromptContext,
  shown: Genome,
  indexes: readonly number[],
  { text, stopReason }: DebugAnswer,
): Rewrite {
  const read = promptMode === "normal" ? readTagged : readCompact;
  return read(text, shown, indexes, stopReason);
}

/** A turn of the one who asks. */
export function user(text: string): Message {
  return { role: "user", text };
}

/** A turn of the one who answers. */
export function assistant(text: string): Message {
  return { role: "assistant", text };
}
