/**
 * How components are written into a prompt and read back from an answer.
 *
 * Normal mode puts each component between tags and explains the task. Compact mode sends the texts alone,
 * line by line, with no constant instructions: the setting of the paper's cost formulae (section 3.3), which
 * a real model cannot be expected to understand.
 */
import type { Component, Genome } from "./component.ts";
import type { Model } from "./model.ts";
import { type Proposal, proposed, rejected } from "./operator.ts";

/** `normal` for real models, `compact` to reproduce the paper's setting. */
export type PromptMode = "normal" | "compact";

/** The tag that no given text can open or close: "component", with "-x" added while a text contains it. */
function safeTag(texts: readonly string[]): string {
  let tag = "component";
  while (texts.some((text) => text.includes(`<${tag}`) || text.includes(`</${tag}`))) tag += "-x";
  return tag;
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
  const tag = safeTag(genome.map((component) => component.text));
  return pick(genome, indexes)
    .map(([, { name, text }]) => `<${tag} name=${JSON.stringify(name)}>\n${endLine(text)}</${tag}>`)
    .join("\n");
}

/** Reads the answer to `writeTagged`: each of the components exactly once; any other component is ignored. */
export function readTagged(answer: string, genome: Genome, indexes: readonly number[]): Proposal {
  const tag = safeTag(genome.map((component) => component.text));
  const end = `</${tag}>`;
  const changes = new Map<number, string>();
  for (const [index, { name, text }] of pick(genome, indexes)) {
    const start = `<${tag} name=${JSON.stringify(name)}>`;
    const from = answer.indexOf(start);
    if (from < 0) return rejected(`the answer lacks component ${name}`);
    if (answer.indexOf(start, from + 1) >= 0) return rejected(`the answer gives component ${name} twice`);
    const to = answer.indexOf(end, from + start.length);
    if (to < 0) return rejected(`component ${name} does not end with ${end}`);
    const body = answer.slice(from + start.length, to).replace(/^\r?\n/, "");
    if (body.includes(`<${tag} name=`)) return rejected(`component ${name} does not end with ${end}`);
    changes.set(index, likeOriginal(body, text));
  }
  return proposed(changes);
}

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
  const text = [...context, writeTagged(genome, indexes)].filter((part) => part !== undefined).join("\n\n");
  const answer = await model.generate({
    ...limits,
    system: instructions,
    messages: [{ role: "user", text }],
  });
  return readTagged(answer.text, genome, indexes);
}
