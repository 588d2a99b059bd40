/**
 * How components are written into a prompt and read back from an answer.
 *
 * Normal mode puts each component between tags and explains the task. Compact mode sends the texts alone,
 * line by line, with no constant instructions: the setting of the paper's cost formulae (section 3.3), which
 * a real model cannot be expected to understand.
 */
import type { Evaluation } from "./candidate.ts";
import type { Component, Genome } from "./component.ts";
import type { Model } from "./model.ts";
import { type Proposal, proposed, rejected } from "./operator.ts";

/** `normal` for real models, `compact` to reproduce the paper's setting. */
export type PromptMode = "normal" | "compact";

/**
 * The tag that no given text can open or close: "component", with "-x" added while a text contains it. Writer
 * and reader compute it from the components asked for; all else that a prompt shows passes `withoutTags`.
 */
function safeTag(texts: readonly string[]): string {
  let tag = "component";
  while (texts.some((text) => text.includes(`<${tag}`) || text.includes(`</${tag}`))) tag += "-x";
  return tag;
}

/** A text in which nothing looks like the tag of a component, whatever the tag. */
function withoutTags(text: string): string {
  return text.replace(/<(?=\/?component)/g, "< ");
}

function pick(genome: Genome, indexes: readonly number[]): readonly [number, Component][] {
  return indexes.map((index) => {
    const component = genome[index];
    if (component === undefined) throw new RangeError(`Component ${index} is outside the genome`);
    return [index, component];
  });
}

/** Writes components for a prompt in normal mode, each between tags that carry its name. */
export function writeTagged(genome: Genome, indexes: readonly number[]): string {
  const shown = pick(genome, indexes);
  const tag = tagFor(shown);
  return shown
    .map(([, { name, text }]) => `<${tag} name=${JSON.stringify(name)}>\n${endLine(text)}</${tag}>`)
    .join("\n");
}

function tagFor(shown: readonly (readonly [number, Component])[]): string {
  return safeTag(shown.flatMap(([, { name, text }]) => [name, text]));
}

/**
 * Reads the answer to `writeTagged`: each of the components exactly once; any other component is ignored. A
 * code fence around the whole of a component is taken off, unless the original has one.
 */
export function readTagged(answer: string, genome: Genome, indexes: readonly number[]): Proposal {
  const shown = pick(genome, indexes);
  const tag = tagFor(shown);
  const end = `</${tag}>`;
  const changes = new Map<number, string>();
  for (const [index, { name, text }] of shown) {
    const start = `<${tag} name=${JSON.stringify(name)}>`;
    const from = answer.indexOf(start);
    if (from < 0) return rejected(`the answer lacks component ${name}`);
    if (answer.indexOf(start, from + 1) >= 0) return rejected(`the answer gives component ${name} twice`);
    const to = answer.indexOf(end, from + start.length);
    if (to < 0) return rejected(`component ${name} does not end with ${end}`);
    const body = answer.slice(from + start.length, to).replace(/^\r?\n/, "");
    if (body.includes(`<${tag} name=`)) return rejected(`component ${name} does not end with ${end}`);
    const inner = fence.test(text) ? body : (fence.exec(body)?.[1] ?? body);
    changes.set(index, likeOriginal(inner, text));
  }
  return proposed(changes);
}

/** A text that is one fenced code block and nothing else. */
const fence = /^\s*```[^`\r\n]*\r?\n((?:(?![ \t]*```)[^\n]*\n)*?)[ \t]*```\s*$/;

/** Writes components for a prompt in compact mode: their texts alone, each ended by a line break. */
export function writeCompact(genome: Genome, indexes: readonly number[]): string {
  return pick(genome, indexes)
    .map(([, { text }]) => endLine(text))
    .join("");
}

/** Reads the answer to `writeCompact`: as many lines as were sent, each component keeping its number of lines. */
export function readCompact(answer: string, genome: Genome, indexes: readonly number[]): Proposal {
  const lines = endLine(answer).split("\n").slice(0, -1);
  const changes = new Map<number, string>();
  let at = 0;
  for (const [index, { text }] of pick(genome, indexes)) {
    const lineCount = endLine(text).split("\n").length - 1;
    changes.set(index, likeOriginal(`${lines.slice(at, at + lineCount).join("\n")}\n`, text));
    at += lineCount;
  }
  if (answer.trim() === "") return rejected("the answer is empty");
  if (at !== lines.length) return rejected(`expected ${at} lines, got ${lines.length}`);
  return proposed(changes);
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** Ends the new text with a line break exactly when the original does. */
function likeOriginal(text: string, original: string): string {
  if (original.endsWith("\n")) return endLine(text);
  return text.replace(original.endsWith("\r") ? /\n$/ : /\r?\n$/, "");
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
  return readTagged(answer.text, genome, indexes);
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
