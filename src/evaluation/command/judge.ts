/** Makes an evaluation of how a command ended and of what it reported. */
import { constants } from "node:os";
import type { CommandScoring, Evaluation, FailureReason } from "../../core/index.ts";
import { composeFeedback, line, type Section } from "./feedback.ts";
import type { Report, ResultReading } from "./read-result.ts";
import type { CommandOutcome, Ending } from "./run-command.ts";

type Limits = Pick<CommandScoring, "fitness" | "timeoutMs" | "memoryMb" | "outputBytes">;

/**
 * Judges a candidate: by the limit that ended it, then by a failure that it reports itself, then by its exit
 * code, and only then by the fitness that it reports.
 */
export function judge(limits: Limits, outcome: CommandOutcome, reading: ResultReading): Evaluation {
  const { ending } = outcome;
  const report = "problem" in reading ? undefined : reading;
  const fail = (reason: FailureReason, note: string) =>
    failed(reason, note, outcome, ending.kind === "limit" ? undefined : report);
  if (ending.kind === "limit") return fail(...limitFailure(ending.limit, limits));
  if (report?.isFailed && report.reason !== undefined) return fail(report.reason, "");
  if (ending.kind === "signal" || ending.code !== 0) return fail("crash", endingText(ending));
  if ("problem" in reading) return fail("invalid", reading.problem);
  if (reading.isFailed) return fail("invalid", "The evaluator reports that the candidate failed.");
  const fitness = reading.metrics.get(limits.fitness);
  if (fitness === undefined || !Number.isFinite(fitness)) {
    return fail("invalid", missingFitness(limits.fitness, reading, fitness !== undefined));
  }
  const metrics = [...reading.metrics].filter(([, value]) => Number.isFinite(value));
  const feedback = composeFeedback([...reading.sections, standardError(outcome)]);
  return {
    status: "ok",
    fitness,
    metrics: Object.fromEntries(metrics.map(([name, value]) => [line(name).slice(0, 100), value])),
    ...(feedback === undefined ? {} : { feedback }),
  };
}

function failed(
  reason: FailureReason,
  note: string,
  outcome: CommandOutcome,
  report: Report | undefined,
): Evaluation {
  const feedback = composeFeedback([
    { text: note, keep: "ends" },
    ...(report?.sections ?? []),
    standardError(outcome),
    // Where there is a report, the output before it is of no interest.
    ...(report === undefined ? [standardOutput(outcome)] : []),
  ]);
  return { status: "failed", reason, ...(feedback === undefined ? {} : { feedback }) };
}

const standardError = ({ stderr }: CommandOutcome): Section => stream("Standard error", stderr);
const standardOutput = ({ stdout }: CommandOutcome): Section => stream("Standard output", stdout);

function stream(label: string, bytes: Buffer): Section {
  return { label, text: bytes.subarray(-64_000).toString("utf8"), keep: "end" };
}

function limitFailure(
  limit: Extract<Ending, { kind: "limit" }>["limit"],
  { timeoutMs, memoryMb, outputBytes }: Limits,
): [FailureReason, string] {
  const number = (value: number) => value.toLocaleString("en-US");
  switch (limit) {
    case "time":
      return ["timeout", `Ended after the time limit of ${number(timeoutMs)} ms.`];
    case "memory":
      return ["memory", `Ended for using more than the memory limit of ${number(memoryMb)} MB.`];
    case "processes":
      return ["memory", "Ended for starting too many processes."];
    case "output":
      return ["invalid", `Ended for writing more than the output limit of ${number(outputBytes)} bytes.`];
  }
}

function endingText(ending: Exclude<Ending, { kind: "limit" }>): string {
  if (ending.kind === "signal") return `The command was ended by the signal ${ending.signal}.`;
  // Shells and bwrap report a signal as 128 and its number.
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === ending.code - 128) ?? [];
  const meaning = signal === undefined ? "" : ` (${signal})`;
  return `The command ended with exit code ${ending.code}${meaning}.`;
}

function missingFitness(name: string, { metrics }: Report, isNamed: boolean): string {
  const names = [...metrics.keys()].slice(0, 20).map(line).join(", ");
  const fault = isNamed ? "is not a finite number" : "is missing";
  const hint = names === "" ? "a metric is a number, not a text" : "name the one that is the fitness";
  return `The metric "${name}" ${fault}; metrics that came: ${names === "" ? "none" : names}; ${hint}.`;
}
