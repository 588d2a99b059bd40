/**
 * Focused debugging: quality assurance reads one component at a time, and the developer rewrites those that are
 * wrong, each by itself; the paper's section 3.2, equations (8)-(10).
 */
import {
  answerFormats,
  askFor,
  checkKeys,
  checkLimitsOf,
  defineOperator,
  type Operator,
  type ProposeContext,
  parametersOf,
  pickKnown,
  type RequestLimits,
  type Rewrite,
  rejected,
  requestLimits,
  type Schedule,
  type ScheduleName,
  schedules,
} from "../src/core/index.ts";
import { answerEach } from "./answer-each.ts";
import { readReportOnOne, reportKey } from "./debugging/read-report.ts";
import { type DebugAnswer, readRewrite, writeFirstTurn } from "./debugging/write-turn.ts";

const qaInstructions = `You do quality assurance on one component of a solution.
You are shown the task, what the component must do, and its text between tags.
Find out whether it does what it must do.`;

const qaFormat = `Answer with the word ok if it does. Else say in one or two short sentences what is
wrong with it; do not write code.`;

const developerInstructions = `You develop one component of a solution; the other components stay as they are.
You are shown the task, what the component must do, its text between tags, and
what quality assurance found wrong with it.
Put that right and leave everything else as it is.`;

/** Options of focused-debug. */
export interface FocusedDebugOptions extends RequestLimits {
  /**
   * Which component comes next: a schedule or the name of a built-in one; default "round-robin", which visits each
   * once in a sweep, whatever came of it.
   */
  readonly schedule?: ScheduleName | Schedule;
}

/**
 * Makes the operator that asks quality assurance about one component and, where something is wrong, the developer
 * for that component anew. One that is said to be right is a rejection, at the cost of the report alone.
 */
export function focusedDebug(options: FocusedDebugOptions = {}): Operator {
  checkKeys("focused-debug", options, ["schedule", "temperature", "maxTokens"]);
  checkLimitsOf("focused-debug", options);
  const { schedule = "round-robin", ...given } = options;
  const limits = requestLimits(given);
  return defineOperator({
    name: "focused-debug",
    description: "QA reads one component; the developer rewrites it where it is wrong",
    parameters: parametersOf(given),
    scope: "local",
    roles: ["qa", "developer"],
    schedule: typeof schedule === "string" ? pickKnown("Schedule", schedule, schedules) : schedule,
    // What one component needs does not depend on the others.
    propose: (context) => answerEach(context, (component, own) => debugOne(own, limits, component)),
  });
}

async function debugOne(
  context: ProposeContext<"qa" | "developer">,
  limits: RequestLimits,
  component: number,
): Promise<Rewrite> {
  const { qa, developer } = context.models;
  const { genome } = context.parents[0].candidate;
  const readReport = (answer: DebugAnswer) => readReportOnOne(answer, genome, component);
  const report = readReport(
    await qa.generate({
      ...limits,
      ...writeFirstTurn(context, [component], { instructions: qaInstructions, format: qaFormat }),
      readAs: (answer) => reportKey(readReport(answer)),
    }),
  );
  if (report.status === "ok") return rejected("quality assurance found nothing wrong");
  if (report.status === "unreadable") return rejected(report.reason);
  const parts = { instructions: developerInstructions, format: answerFormats.one };
  const request = { ...limits, ...writeFirstTurn(context, [component], parts, report.text) };
  return askFor(developer, request, (answer) => readRewrite(context, genome, [component], answer));
}
