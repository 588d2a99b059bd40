/**
 * A long text step by step: the model writes one line at a time and sees the last line alone, the most that a task
 * can be split (arXiv 2511.09030). Made for voting: each line is a question of its own.
 */
import {
  type Component,
  checkKeys,
  checkLimitsOf,
  defineOperator,
  type Genome,
  type ModelRequest,
  type ModelResponse,
  type Operator,
  type PromptContext,
  parametersOf,
  proposed,
  type RequestLimits,
  readTagged,
  rejected,
  requestLimits,
  schedules,
  specsParagraph,
  UsageError,
  writePrompt,
  writeTagged,
} from "../src/core/index.ts";

const instructions = `You carry out a long task one line at a time; each line follows from the one before.
You are shown the task, what the lines must be, and the last line so far
between tags. Write the one line that comes next.`;

const format = `Answer with the next line alone, between the same tags as the last one was
shown, and nothing else.`;

/** Options of step-by-step. */
export interface StepByStepOptions extends RequestLimits {
  /** What a line looks like; an answer that is no such line cannot be read. Default: any line that is not blank. */
  readonly line?: RegExp;
}

/**
 * Makes the operator that has a specialist write one component line by line, a call for each line. The model sees
 * the last line, at first that of the component before, and writes the next. In compact mode it sees nothing else.
 *
 * The component's spec may hold, each on a line of its own: "Number of lines: N" (default 1), and "Line before the first:
 * ...", what stands before a component that has none before it. An answer that cannot be read is discarded by voting,
 * else the proposal is rejected.
 */
export function stepByStep(options: StepByStepOptions = {}): Operator {
  checkKeys("step-by-step", options, ["line", "temperature", "maxTokens"]);
  checkLimitsOf("step-by-step", options);
  const { line, ...given } = options;
  if (line !== undefined && !(line instanceof RegExp)) {
    throw new UsageError(
      `step-by-step: line must be a regular expression such as /^\\d+$/, got ${String(line)}`,
    );
  }
  const limits = requestLimits(given);
  const pattern = line && new RegExp(line.source, line.flags.replace(/[gy]/g, "")); // those would remember places
  return defineOperator({
    name: "step-by-step",
    description: "the model writes one component line by line, each from the last line alone",
    parameters: parametersOf({ line: line?.source, ...limits }),
    scope: "local",
    roles: ["specialist"],
    schedule: schedules.sequential,
    async propose(context) {
      const { component, models } = context;
      const task = readTask(context.parents[0].candidate.genome, component);
      if ("reason" in task) return rejected(task.reason);
      const { shown, count } = task;
      let last = task.before;
      const lines: string[] = [];
      while (lines.length < count) {
        const { prompt, readAs } = nextLine(context, { ...shown, text: last }, pattern);
        const answer = await models.specialist.generate({ ...limits, ...prompt, readAs });
        const next = readAs(answer);
        if (next === undefined) return rejected(describeMalformed(lines.length + 1, answer, pattern));
        lines.push(next);
        last = next;
      }
      return proposed(new Map([[component, `${lines.join("\n")}\n`]]));
    },
  });
}

/** What a spec says of the lines of its component. */
interface LineTask {
  readonly shown: Component;
  readonly count: number;
  readonly before: string;
}

function readTask(genome: Genome, index: number): LineTask | { readonly reason: string } {
  const shown = genome[index];
  if (shown === undefined) throw new RangeError(`Component ${index} is outside the genome`);
  const { name, spec = "" } = shown;
  const before = lastLine(genome[index - 1]?.text ?? "") ?? /^Line before the first: (.*)$/m.exec(spec)?.[1];
  if (before === undefined) {
    return {
      reason: `component ${name} has no line before it; its spec may say "Line before the first: ..."`,
    };
  }
  const said = /^.*\bnumber of lines\b.*$/im.exec(spec)?.[0].trim() ?? "Number of lines: 1";
  const count = Number(/^Number of lines: ([1-9]\d{0,8})$/.exec(said)?.[1]);
  if (Number.isNaN(count)) {
    const found = JSON.stringify(said.slice(0, 100));
    return {
      reason: `the spec of component ${name} must say "Number of lines: N", a whole number, got ${found}`,
    };
  }
  return { shown, count, before };
}

type ReadAnswer = (answer: Pick<ModelResponse, "text" | "stopReason">) => string | undefined;

/** The last line of a text that is not blank; undefined where there is none. */
function lastLine(text: string): string | undefined {
  const end = text.trimEnd();
  return end === "" ? undefined : end.slice(end.lastIndexOf("\n") + 1).trim();
}

/** The request for the line after the one that `last` has as its text, and how its answer reads. */
function nextLine(context: PromptContext, last: Component, pattern: RegExp | undefined) {
  const lineIn = (text: string): string | undefined => {
    const line = text.trim().replace(/[ \t]+/g, " ");
    return line === "" || /[\r\n]/.test(line) || pattern?.test(line) === false ? undefined : line;
  };
  if (context.promptMode === "compact") {
    const prompt: Pick<ModelRequest, "messages"> = { messages: [{ role: "user", text: last.text }] };
    return { prompt, readAs: readOnce(lineIn) };
  }
  const genome = [last];
  const prompt = writePrompt(context, {
    ...{ instructions, format, statement: context.statement, specs: specsParagraph(genome) },
    note: context.note === undefined ? undefined : `Lessons so far:\n${context.note}`,
    parent: writeTagged(genome, [0]),
  });
  const readAs = readOnce((text) => {
    const read = readTagged(text, genome, [0]);
    if (read.status === "proposed") return lineIn(read.changes.get(0) ?? "");
    // Small models leave tags out; what looks like a line is one.
    return pattern === undefined ? undefined : lineIn(text);
  });
  return { prompt, readAs };
}

/** Reads answers that came to their end, those that are like the one before without reading them again. */
function readOnce(read: (text: string) => string | undefined): ReadAnswer {
  let known: { readonly text: string; readonly line: string | undefined } | undefined;
  return ({ text, stopReason }) => {
    if (stopReason !== "stop") return undefined;
    if (known?.text !== text) known = { text, line: read(text) };
    return known.line;
  };
}

function describeMalformed(
  number: number,
  { text, stopReason }: ModelResponse,
  pattern: RegExp | undefined,
): string {
  const what =
    stopReason === "stop" ? JSON.stringify(text.slice(0, 100).toWellFormed()) : `cut (${stopReason})`;
  const expected =
    pattern === undefined ? "one line as it was asked for" : `one line that matches ${pattern}`;
  return `line ${number} cannot be read: expected ${expected}, the answer is ${what}`;
}
