/** Paragraphs of prompts in normal mode, each of bounded size, whatever the size of the solution or of a feedback. */
import { type EvaluatedCandidate, type Evaluation, fitnessOf } from "./candidate.ts";
import type { Component, Genome } from "./component.ts";

/** Most characters of feedback on a solution that a prompt shows. */
const mostFeedback = 2000;
/** Most characters of feedback on a single component that a prompt shows. */
const mostComponentFeedback = 800;

/** Most metrics that a prompt shows, and most characters of a name. */
const mostMetrics = 20;
const longestMetricName = 60;

/** The paragraph with an evaluation's score, metrics and feedback, or how it failed. */
export function feedbackParagraph(evaluation: Evaluation): string {
  return withFeedback(scoreOf(evaluation), "Feedback on this solution", evaluation.feedback, mostFeedback);
}

function scoreOf(evaluation: Evaluation): string {
  if (evaluation.status === "failed") return `The evaluation of this solution failed (${evaluation.reason}).`;
  const metrics = Object.entries(evaluation.metrics ?? {}).slice(0, mostMetrics);
  const shown = metrics
    .map(([name, value]) => `${cutMiddle(name, longestMetricName)} ${shortNumber(value)}`)
    .join(", ");
  return `Score of this solution (higher is better): ${shortNumber(evaluation.fitness)}${shown === "" ? "" : `; ${shown}`}`;
}

function withFeedback(score: string, title: string, feedback: string | undefined, most: number): string {
  return feedback ? `${score}\n${title}:\n${cutMiddle(feedback, most)}` : score;
}

/** A number as a model can read it: at most 6 digits. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * The paragraph with an evaluation's score and feedback for a model that works on one component: on that
 * component alone where the evaluator tells components apart.
 */
export function componentFeedbackParagraph(evaluation: Evaluation, index: number): string {
  if (evaluation.status === "failed" || evaluation.componentFeedback === undefined) {
    return feedbackParagraph(evaluation);
  }
  const feedback = evaluation.componentFeedback[index];
  return withFeedback(scoreOf(evaluation), "Feedback on this component", feedback, mostComponentFeedback);
}

/** A text of about so many characters at most: of a longer one, two thirds from its start and one from its end. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 3);
  const head = text.slice(0, most - tail).toWellFormed();
  return `${head}\n[... ${text.length - most} characters left out ...]\n${text.slice(text.length - tail).toWellFormed()}`;
}

/** Bounds of the paragraph with signatures. */
const mostSignatures = 12;
const mostSignatureLetters = 600;
const longestSignature = 160;

/** What the shown components must do; undefined where none says so. */
export function specsParagraph(shown: readonly Component[]): string | undefined {
  const given = shown.filter(({ spec }) => spec !== undefined && spec !== "");
  const [first] = given;
  if (first === undefined) return undefined;
  if (shown.length === 1) return `What the component must do: ${first.spec}`;
  if (given.length === shown.length && given.every(({ spec }) => spec === first.spec)) {
    return `What each component must do: ${first.spec}`;
  }
  const lines = given.map(({ name, spec = "" }) => `- ${name}: ${spec.replace(/\n/g, "\n  ")}`);
  return `What the components must do:\n${lines.join("\n")}`;
}

/** Most characters of other solutions that a prompt shows. */
const mostInspiration = 4000;

/** The paragraph with other solutions, the shown components of each; undefined where there are none. */
export function inspirationsParagraph(
  others: readonly EvaluatedCandidate[],
  indexes: readonly number[],
): string | undefined {
  if (others.length === 0) return undefined;
  const most = Math.floor(mostInspiration / others.length);
  const shown = others.map(({ candidate, evaluation }) => {
    const texts = indexes.map((index) => {
      const { name = "", text = "" } = candidate.genome[index] ?? {};
      return `${name}:\n${text.trimEnd()}`;
    });
    return `Score ${shortNumber(fitnessOf(evaluation))}:\n${cutMiddle(texts.join("\n"), most)}`;
  });
  return `Other solutions, for inspiration:\n${shown.join("\n")}`;
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
