/**
 * How components are written into a prompt; `read-answer.ts` reads them back.
 *
 * Normal mode puts each component between tags and explains the task. Compact mode sends the texts alone,
 * line by line, with no constant instructions: the setting of the paper's cost formulae (section 3.3), which
 * a real model cannot be expected to understand.
 */
import type { Evaluation } from "./candidate.ts";
import type { Component, Genome } from "./component.ts";
import { pick, tagFor, withoutTags } from "./component-tag.ts";
import { endLine } from "./line-break.ts";
import type { Model } from "./model.ts";
import { type Proposal, rejected } from "./operator.ts";
import { readCompact, readTagged } from "./read-answer.ts";

/** `normal` for real models, `compact` to reproduce the paper's setting. */
export type PromptMode = "normal" | "compact";

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

/** One request to a model to write components anew. */
export interface RewriteRequest {
  readonly genome: Genome;
  /** The components to write anew, ascending. */
  readonly indexes: readonly number[];
  readonly promptMode: PromptMode;
  /** System text of normal mode: what to do and how to answer. */
  readonly instructions: string;
  /** Paragraphs of normal mode above the components, e.g. statement and feedback; undefined ones are left out. */
  readonly context: readonly (string | undefined)[];
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/** Asks a model to write components anew and reads its answer. */
export async function askToRewrite(model: Model, request: RewriteRequest): Promise<Proposal> {
  const { genome, indexes, promptMode, instructions, context, temperature, maxTokens } = request;
  const limits = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
  if (promptMode === "compact") {
    const text = writeCompact(genome, indexes);
    const answer = await model.generate({ ...limits, messages: [{ role: "user", text }] });
    if (answer.stopReason === "length") return rejected("the answer was cut at its token limit");
    return readCompact(answer.text, genome, indexes);
  }
  const shown = context.filter((part) => part !== undefined).map(withoutTags);
  const text = [...shown, writeTagged(genome, indexes)].join("\n\n");
  const answer = await model.generate({
    ...limits,
    system: instructions,
    messages: [{ role: "user", text }],
  });
  return readTagged(answer.text, genome, indexes, answer.stopReason);
}

/** Most characters of feedback on a solution that a prompt shows. */
const mostFeedback = 2000;
/** Most characters of feedback on a single component that a prompt shows. */
const mostComponentFeedback = 800;

/** The paragraph with an evaluation's feedback, of bounded size; undefined where there is none. */
export function feedbackParagraph({ feedback }: Evaluation): string | undefined {
  return feedback ? `Feedback on the best solution:\n${cutMiddle(feedback, mostFeedback)}` : undefined;
}

/**
 * The paragraph with an evaluation's feedback for a model that works on one component, of bounded size: on
 * that component alone where the evaluator tells components apart.
 */
export function componentFeedbackParagraph(evaluation: Evaluation, index: number): string | undefined {
  if (evaluation.status === "failed" || evaluation.componentFeedback === undefined) {
    return feedbackParagraph(evaluation);
  }
  const feedback = evaluation.componentFeedback[index];
  return feedback ? `Feedback on this component:\n${cutMiddle(feedback, mostComponentFeedback)}` : undefined;
}

/** A text of about so many characters at most: of a longer one, two thirds from its start and one from its end. */
function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 3);
  const head = text.slice(0, most - tail).toWellFormed();
  return `${head}\n[... ${text.length - most} characters left out ...]\n${text.slice(-tail).toWellFormed()}`;
}

/** Bounds of the paragraph with signatures. */
const mostSignatures = 12;
const mostSignatureLetters = 600;
const longestSignature = 160;

/** What the components must do, for a prompt that shows all of them; undefined where none says so. */
export function specsParagraph(genome: Genome): string | undefined {
  const given = genome.filter(({ spec }) => spec !== undefined && spec !== "");
  const [first] = given;
  if (first === undefined) return undefined;
  if (given.length === genome.length && given.every(({ spec }) => spec === first.spec)) {
    return `What each component must do: ${first.spec}`;
  }
  const lines = given.map(({ name, spec = "" }) => `- ${name}: ${spec.replace(/\n/g, "\n  ")}`);
  return `What the components must do:\n${lines.join("\n")}`;
}

/**
 * The paragraph with the signatures around a component: of those that its text or spec names, then of its
 * nearest neighbours in the same file. Its size does not depend on the number of components. Undefined where
 * there are none.
 */
export function signaturesParagraph(genome: Genome, index: number): string | undefined {
  const lines = new Set<string>();
  let left = mostSignatureLetters;
  for (const other of aroundComponent(genome, index)) {
    if (!other.signature) continue;
    const line = oneLine(other.signature);
    if (lines.has(line)) continue;
    if (lines.size === mostSignatures || line.length > left) break;
    lines.add(line);
    left -= line.length + 1;
  }
  if (lines.size === 0) return undefined;
  return `Signatures of other components that it may call:\n${[...lines].join("\n")}`;
}

/** The other components: those named in a component, then those of its file from near to far. */
function* aroundComponent(genome: Genome, index: number): Generator<Component> {
  const component = genome[index];
  if (component === undefined) return;
  const named = new Set(`${component.text}\n${component.spec ?? ""}`.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
  for (const other of genome) {
    if (other.signature && other !== component && named.has(calledName(other))) yield other;
  }
  for (let distance = 1; distance < genome.length; distance++) {
    for (const near of [index - distance, index + distance]) {
      const other = genome[near];
      if (other !== undefined && other.file === component.file) yield other;
    }
  }
}

/** The word that code calls a component by: the last one of its name, e.g. `area` of "shapes.js:Circle.area#2". */
function calledName({ name }: Component): string {
  return /([\p{L}\p{N}_$]+)(?:#\d+)?$/u.exec(name)?.[1] ?? name;
}

function oneLine(signature: string): string {
  const line = signature
    .slice(0, 4 * longestSignature)
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= longestSignature ? line : `${line.slice(0, longestSignature - 1).toWellFormed()}…`;
}
