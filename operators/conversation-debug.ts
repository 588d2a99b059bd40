/**
 * Debugging in one growing conversation: quality assurance and developer share a history of the whole code, the
 * paper's section 3.2, equations (4)-(7).
 */
import {
  applyChanges,
  checkKeys,
  checkLimitsOf,
  checkWhole,
  defineOperator,
  type Genome,
  type Message,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type Operator,
  type ProposeContext,
  parametersOf,
  proposed,
  type RequestLimits,
  rejected,
  requestLimits,
  rewriteKey,
} from "../src/core/index.ts";
import { readReportOnAll, reportKey } from "./debugging/read-report.ts";
import {
  assistant,
  type DebugAnswer,
  readRewrite,
  user,
  writeCode,
  writeFirstTurn,
  writeReport,
} from "./debugging/write-turn.ts";

const qaParts = {
  instructions: `You do quality assurance on a solution that consists of named components.
You are shown the task and all components, each between tags. A developer writes
them anew as you report, and shows them to you again.
Find a component that does not do what it must do.`,
  format: `Answer with the name of one such component, a colon, and what is wrong with it in one
sentence. Where nothing is wrong, answer with the words: no bug`,
};

const developerParts = {
  instructions: `You develop a solution that consists of named components.
You are shown the task, all components, each between tags, and a report of
quality assurance on one that is wrong. Further reports may follow.
Put right what the report names and leave everything else as it is.`,
  format: `Answer each report with all components, each between the same tags as it was shown,
with the same name, in full, and nothing else.`,
};

/** Options of conversation-debug. */
export interface ConversationDebugOptions extends RequestLimits {
  /** Most rounds of report and rewriting in one conversation; default 20. */
  readonly rounds?: number;
}

/**
 * Makes the operator that lets quality assurance report and the developer rewrite all of the code in turns, until
 * nothing is found. One conversation is one proposal: of what it has come to, also where a call that fails or
 * an answer that cannot be read ends it early.
 */
export function conversationDebug(options: ConversationDebugOptions = {}): Operator {
  checkKeys("conversation-debug", options, ["rounds", "temperature", "maxTokens"]);
  checkLimitsOf("conversation-debug", options);
  const { rounds = 20, ...given } = options;
  checkWhole("conversation-debug: rounds", rounds, 1);
  const limits = requestLimits(given);
  return defineOperator({
    name: "conversation-debug",
    description: "QA and developer share one growing history; the developer rewrites everything",
    parameters: parametersOf({ rounds, ...given }),
    scope: "global",
    roles: ["qa", "developer"],
    async propose(context) {
      const { genome } = context.parents[0].candidate;
      const { code, reason, failure } = await converse(context, limits, rounds);
      const changes = new Map<number, string>();
      for (const [index, { text }] of code.entries())
        if (text !== genome[index]?.text) changes.set(index, text);
      if (changes.size > 0) return proposed(changes);
      if (failure !== undefined) throw failure;
      return rejected(reason);
    },
  });
}

/** What the code has come to, and why the conversation ended; `failure` is that of its last call. */
interface End {
  readonly code: Genome;
  readonly reason: string;
  readonly failure?: ModelError;
}

/** Holds one conversation. */
async function converse(
  context: ProposeContext<"qa" | "developer">,
  limits: RequestLimits,
  rounds: number,
): Promise<End> {
  const { qa, developer } = context.models;
  let code = context.parents[0].candidate.genome;
  const indexes = code.map((_, index) => index);
  const readReport = (answer: DebugAnswer) => readReportOnAll(answer, code);
  const read = (answer: DebugAnswer) => readRewrite(context, code, indexes, answer);

  // One history, seen from both sides: what one says is the other's prompt.
  const forQa = writeFirstTurn(context, indexes, qaParts);
  const toQa = [...forQa.messages];
  const toDeveloper: Message[] = [];
  let forDeveloper: Pick<ModelRequest, "system"> = {};
  for (let round = 1; round <= rounds; round++) {
    const said = await answerOf(qa, {
      ...{ ...limits, ...forQa, messages: [...toQa] },
      readAs: (answer) => reportKey(readReport(answer)),
    });
    if (said instanceof ModelError) return { code, reason: said.message, failure: said };
    const report = readReport(said);
    if (report.status === "ok") return { code, reason: "quality assurance found nothing wrong" };
    if (report.status === "unreadable") return { code, reason: report.reason };
    toQa.push(assistant(report.text));
    if (round === 1) {
      const { messages, ...rest } = writeFirstTurn(context, indexes, developerParts, report.text);
      forDeveloper = rest;
      toDeveloper.push(...messages);
    } else toDeveloper.push(user(writeReport(context, report.text)));
    const written = await answerOf(developer, {
      ...{ ...limits, ...forDeveloper, messages: [...toDeveloper] },
      readAs: (answer) => rewriteKey(read(answer)),
    });
    if (written instanceof ModelError) return { code, reason: written.message, failure: written };
    const rewrite = read(written);
    if (rewrite.status === "rejected") return { code, reason: rewrite.reason };
    code = applyChanges(code, rewrite.changes);
    const text = writeCode(context, code);
    toDeveloper.push(assistant(text));
    toQa.push(user(text));
  }
  return { code, reason: "the conversation changed nothing" };
}

/** The answer to a request, or the failure of a call that costs no more than the rest of the conversation. */
async function answerOf(model: Model, request: ModelRequest): Promise<ModelResponse | ModelError> {
  try {
    return await model.generate(request);
  } catch (error) {
    if (error instanceof ModelError && !error.isFatal) return error;
    throw error;
  }
}
