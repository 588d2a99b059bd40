/**
 * How a prompt is put together; `read-answer.ts` reads the answers.
 *
 * Normal mode explains the task in named parts and puts each component between tags. Compact mode sends the
 * texts of components alone, line by line, with no constant instructions: the setting of the paper's cost
 * formulae (section 3.3), which a real model cannot be expected to understand.
 */
import type { Genome } from "./component.ts";
import { pick, tagFor, withoutTags } from "./component-tag.ts";
import { checkBetween, checkKeys, checkWhole, UsageError } from "./errors.ts";
import { endLine } from "./line-break.ts";
import type { Model, ModelRequest, ModelResponse } from "./model.ts";
import type { PromptContext, Rewrite } from "./operator.ts";
import {
  componentFeedbackParagraph,
  feedbackParagraph,
  inspirationsParagraph,
  signaturesParagraph,
  specsParagraph,
} from "./prompt-paragraphs.ts";
import { readCompact, readTagged } from "./read-answer.ts";

/** `normal` for real models, `compact` to reproduce the paper's setting. */
export type PromptMode = "normal" | "compact";

/**
 * The parts of a prompt, in the order in which they are sent; the first two make up the system text. `format`
 * says how to answer, `feedback` holds scores and feedback, `parent` what is to be changed.
 */
export const promptParts = [
  ...(["instructions", "format"] as const),
  ...(["statement", "specs", "signatures", "feedback", "inspirations", "note", "parent"] as const),
] as const;

/** Name of a part of a prompt. */
export type PromptPart = (typeof promptParts)[number];

/** The texts of a prompt's parts; undefined and empty ones are left out. */
export type PromptTexts = Readonly<Partial<Record<PromptPart, string | undefined>>>;

/** Makes a part: its default text comes first. */
type PromptWriter = (text: string | undefined, context: PromptContext) => string | undefined;

/**
 * What takes the place of an operator's own parts: a text, in which `{default}` stands for the own text, or a
 * function. An empty text leaves the part out.
 */
export type PromptOverrides = Readonly<Partial<Record<PromptPart, string | PromptWriter>>>;

/** Checks overrides; throws a UsageError that says what is wrong. */
export function checkOverrides(where: string, overrides: PromptOverrides): PromptOverrides {
  checkKeys(where, overrides, promptParts);
  for (const part of promptParts) {
    const given: unknown = overrides[part];
    if (given === undefined || typeof given === "function") continue;
    if (typeof given !== "string") {
      throw new UsageError(
        `${where}: ${part} must be a text or a function, got ${given === null ? "null" : typeof given}`,
      );
    }
    if (part === "parent" && !given.includes("{default}")) {
      throw new UsageError(
        `${where}: parent must hold {default}, which stands for the components between their tags: without ` +
          "them no answer can be read",
      );
    }
  }
  return overrides;
}

/** Puts a prompt together from its parts and what the campaign puts in their places. */
export function writePrompt(
  context: PromptContext,
  texts: PromptTexts,
): Pick<ModelRequest, "system" | "messages"> {
  const written = (names: readonly PromptPart[]) =>
    names.flatMap((name) => {
      const text = overridden(name, texts[name], context.prompt[name], context);
      // What is not to be changed must not look as if it were; our own words may speak of tags.
      const isOurs = name === "parent" || name === "instructions" || name === "format";
      return text ? [isOurs ? text : withoutTags(text)] : [];
    });
  const [instructions, format, ...others] = promptParts;
  const system = written([instructions, format]).join("\n");
  return {
    ...(system === "" ? {} : { system }),
    messages: [{ role: "user", text: written(others).join("\n\n") }],
  };
}

function overridden(
  name: PromptPart,
  text: string | undefined,
  override: string | PromptWriter | undefined,
  context: PromptContext,
): string | undefined {
  if (override === undefined) return text;
  if (typeof override === "string") return override.replaceAll("{default}", () => text ?? "");
  const written: unknown = override(text, context);
  if (written === undefined || typeof written === "string") return written;
  throw new UsageError(
    `A function for part '${name}' of a prompt must return a text or undefined, got ${typeof written}`,
  );
}

/** Writes components for a prompt in normal mode, each between tags that carry its name. */
export function writeTagged(genome: Genome, indexes: readonly number[]): string {
  const shown = pick(genome, indexes);
  const tag = tagFor(shown);
  return shown
    .map(({ name, text }) => `<${tag} name=${JSON.stringify(name)}>\n${endLine(text)}</${tag}>`)
    .join("\n");
}

/** Writes components for a prompt in compact mode: their texts alone, each ended by a line break. */
export function writeCompact(genome: Genome, indexes: readonly number[]): string {
  return pick(genome, indexes)
    .map(({ text }) => endLine(text))
    .join("");
}

/** The parts that most prompts share, of a prompt that is about some components of the first parent. */
export function commonParts(context: PromptContext, indexes: readonly number[]): PromptTexts {
  const [{ candidate, evaluation }] = context.parents;
  const { genome } = candidate;
  const [only = 0, second] = indexes;
  const isOne = second === undefined;
  return {
    statement: context.statement,
    specs: specsParagraph(pick(genome, indexes)),
    signatures: isOne && genome.length > 1 ? signaturesParagraph(genome, only) : undefined,
    feedback: isOne ? componentFeedbackParagraph(evaluation, only) : feedbackParagraph(evaluation),
    inspirations: inspirationsParagraph(context.inspirations, indexes),
    note: context.note === undefined ? undefined : `Lessons so far:\n${context.note}`,
    parent: writeTagged(genome, indexes),
  };
}

/** Limits of one request. */
export interface RequestLimits {
  /** Sampling temperature; undefined leaves it to the model. */
  readonly temperature?: number | undefined;
  /** Most output tokens of the answer; undefined leaves it to the model. */
  readonly maxTokens?: number | undefined;
}

/** One request to a model to write components of the first parent anew. */
export interface RewriteRequest extends RequestLimits {
  /** The components to write anew, ascending. */
  readonly indexes: readonly number[];
  /** Parts in the place of the common ones: at least `instructions`, and `format`, which says how to answer. */
  readonly parts: PromptTexts;
  /** What the answer is about in place of the first parent's components, by the same indexes. */
  readonly genome?: Genome;
}

/** How an answer gives components, for the part `format`. */
export const answerFormats = {
  one: `Answer with the component alone, between the same tags as it was shown, and
nothing else.`,
  several: `Answer with all components shown, each between the same tags as it was
shown, with the same name, in full, and nothing else.`,
} as const;

/** Asks a model to write components anew and reads its answer. */
export async function askToRewrite(
  model: Model,
  context: PromptContext,
  { indexes, parts, genome = context.parents[0].candidate.genome, temperature, maxTokens }: RewriteRequest,
): Promise<Rewrite> {
  const limits = requestLimits({ temperature, maxTokens });
  if (context.promptMode === "compact") {
    const text = writeCompact(genome, indexes);
    return askFor(model, { ...limits, messages: [{ role: "user", text }] }, ({ text, stopReason }) =>
      readCompact(text, genome, indexes, stopReason),
    );
  }
  const format = indexes.length === 1 ? answerFormats.one : answerFormats.several;
  const texts = { format, ...commonParts(context, indexes), ...parts };
  return askFor(model, { ...limits, ...writePrompt(context, texts) }, ({ text, stopReason }) =>
    readTagged(text, genome, indexes, stopReason),
  );
}

type Answer = Pick<ModelResponse, "text" | "stopReason">;

/** Asks a model for a rewrite and reads its answer; answers to be voted on are equal where their rewrites are. */
export async function askFor(
  model: Model,
  request: ModelRequest,
  read: (answer: Answer) => Rewrite,
): Promise<Rewrite> {
  return read(await model.generate({ ...request, readAs: (answer) => rewriteKey(read(answer)) }));
}

/** A rewrite in a form in which equal ones are equal, for voting; undefined for a rejection. */
export function rewriteKey(rewrite: Rewrite): string | undefined {
  return rewrite.status === "proposed" ? JSON.stringify([...rewrite.changes]) : undefined;
}

/** Rejects limits that no request can have, for the operator called `where`. */
export function checkLimitsOf(where: string, { temperature, maxTokens }: RequestLimits): void {
  if (temperature !== undefined) checkBetween(`${where}: temperature`, temperature, 0, Number.MAX_VALUE);
  if (maxTokens !== undefined) checkWhole(`${where}: maxTokens`, maxTokens, 1);
}

/** The limits that are given. */
export function requestLimits({ temperature, maxTokens }: RequestLimits): RequestLimits {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}
