/** Reflection: every so many candidates the model distils what worked into a note for the prompts to come. */
import {
  type Attempt,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  commonParts,
  defineOperator,
  type EvaluatedCandidate,
  fitnessOf,
  type Operator,
  parametersOf,
  type RequestLimits,
  readNote,
  rejected,
  requestLimits,
  writePrompt,
} from "../src/core/index.ts";

const instructions = (
  maxCharacters: number,
) => `You advise a search that improves solutions made of named components.
You are shown the task, what was tried last with what came of it, and the lessons so far.
Write a note of at most ${maxCharacters} characters for those who try next: what worked, what did not, and
what to try. Keep the lessons that still hold: your note takes their place.`;

const format = "Answer with the note alone, as plain text.";

/** Options of reflect. */
export interface ReflectOptions extends RequestLimits {
  /** N: it makes every N-th candidate of a run; default 20. */
  readonly every?: number;
  /** Most characters of the note; default 1000. */
  readonly maxCharacters?: number;
}

/** Makes the operator that asks the mutator for a note; later prompts in normal mode carry it. */
export function reflect(options: ReflectOptions = {}): Operator {
  checkKeys("reflect", options, ["every", "maxCharacters", "temperature", "maxTokens"]);
  checkLimitsOf("reflect", options);
  const { every = 20, maxCharacters = 1000, ...limits } = options;
  checkWhole("reflect: maxCharacters", maxCharacters, 1);
  return defineOperator({
    name: "reflect",
    description: "every so many candidates, the model writes a note on what worked for later prompts",
    parameters: parametersOf({ every, maxCharacters, ...limits }),
    scope: "global",
    roles: ["mutator"],
    every,
    isCompactable: false,
    async propose(context) {
      const tried = context.attempts.slice(-every);
      if (tried.length === 0) return rejected("there is nothing to reflect on yet");
      const { statement, note } = commonParts(context, []);
      const feedback = `What was tried last, the oldest first:\n${tried.map(describeAttempt).join("\n")}`;
      const texts = { instructions: instructions(maxCharacters), format, statement, feedback, note };
      const prompt = writePrompt(context, texts);
      const answer = await context.models.mutator.generate({ ...requestLimits(limits), ...prompt });
      return readNote(answer, maxCharacters);
    },
  });
}

/** Bounds of what is said of one attempt. */
const mostNames = 4;
const longestName = 40;
const longestReason = 160;
const longestExcerpt = 120;

function describeAttempt({ operator, parent, child, reason }: Attempt): string {
  if (child === undefined) return `- ${operator}: rejected: ${shorten(reason ?? "no reason", longestReason)}`;
  const { changed, genome } = child.candidate;
  const names = changed.slice(0, mostNames).map((index) => shorten(genome[index]?.name ?? "", longestName));
  const others = changed.length > mostNames ? ` and ${changed.length - mostNames} more` : "";
  const head = `- ${operator} changed ${names.join(", ")}${others}: ${scoreOf(parent)} -> ${scoreOf(child)}`;
  const first = genome[changed[0] ?? 0];
  return first === undefined ? head : `${head}\n  ${names[0]} became: ${shorten(first.text, longestExcerpt)}`;
}

function scoreOf({ evaluation }: EvaluatedCandidate): string {
  if (evaluation.status === "ok") return `score ${Number(fitnessOf(evaluation).toPrecision(6))}`;
  const { reason, feedback } = evaluation;
  return `failed (${reason})${feedback ? `: ${shorten(feedback, longestReason)}` : ""}`;
}

/** A text on one line, of so many characters at most. */
function shorten(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(/\s+/g, " ")
    .trim();
  const isWhole = text.length <= 4 * most && line.length <= most;
  return isWhole ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
