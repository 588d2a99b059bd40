/**
 * What a worker thread of the pool does: it runs the trusted scorer, and drives the thread's own child process,
 * in which the candidate's code runs. Another process of its own parses that code.
 */
import { parentPort, threadId, workerData } from "node:worker_threads";
import {
  AlleleError,
  CandidateFailure,
  type Evaluation,
  type FailureReason,
  UsageError,
} from "../../core/index.ts";
import { findFault } from "../check-evaluation.ts";
import { loadScorer } from "./load-scorer.ts";
import { readProgram } from "./program.ts";
import { Session } from "./session.ts";
import { StandingChild } from "./standing-child.ts";
import {
  type ChildNotice,
  type SandboxOutcome,
  type SandboxTask,
  taskField,
  type WorkerOptions,
} from "./task.ts";

const { cage, reader } = workerData as WorkerOptions;
const onChange = (pid: number, isAlive: boolean) => {
  const notice: ChildNotice = { thread: threadId, pid, isAlive };
  parentPort?.postMessage(notice);
};
const runner = new StandingChild({ cage, mostCandidates: 500, onChange });
const parser = new StandingChild({ cage: reader, mostCandidates: 10_000, onChange });
/** Memory of the process that parses candidates. */
const parserMb = 512;

/** Carries out one evaluation. */
export default async function evaluate(task: SandboxTask): Promise<SandboxOutcome> {
  try {
    return { evaluation: await evaluateCandidate(task) };
  } catch (error) {
    const failure = asFailure(error);
    if (failure !== undefined) return { evaluation: failedBy(failure) };
    if (!(error instanceof AlleleError)) throw error;
    return { error: error.message, isUsage: error instanceof UsageError };
  }
}

async function evaluateCandidate({ scoring, files, repeat, shared }: SandboxTask): Promise<Evaluation> {
  const { timeoutMs, memoryMb, entry } = scoring;
  Atomics.store(shared, taskField.thread, BigInt(threadId));
  runner.start(memoryMb); // it gets ready while the rest is done
  const scorer = await loadScorer(scoring.scorer);
  const program = await readProgram(await parser.ready(parserMb), files, entry);
  const child = await runner.ready(memoryMb);
  Atomics.store(shared, taskField.pid, BigInt(child.pid));
  if (Atomics.load(shared, taskField.isStopped) !== 0n) throw new AlleleError("Stopped");
  Atomics.store(shared, taskField.startedAt, process.hrtime.bigint());
  const session = new Session(child, timeoutMs);
  try {
    await session.load(program, repeat + 1);
    const evaluation = await scored(() => scorer({ candidate: session, data: scoring.data, repeat }));
    child.checkPeak();
    return session.failure === undefined ? evaluation : failedBy(session.failure);
  } finally {
    session.end();
    runner.start(memoryMb); // another one, if this one is used up
  }
}

/** What the scorer returns, or the failure that it throws. */
async function scored(score: () => Promise<Evaluation>): Promise<Evaluation> {
  let evaluation: Evaluation;
  try {
    evaluation = await score();
  } catch (error) {
    const failure = asFailure(error);
    if (failure !== undefined) return failedBy(failure);
    const message = error instanceof Error ? error.message : String(error);
    return { status: "failed", reason: "crash", feedback: `The scorer threw: ${message}` };
  }
  const fault = findFault(evaluation, Number.POSITIVE_INFINITY) ?? whyNotCopied(evaluation);
  return fault === undefined
    ? evaluation
    : { status: "failed", reason: "invalid", feedback: `The scorer returned no evaluation: ${fault}` };
}

function whyNotCopied(evaluation: Evaluation): string | undefined {
  try {
    structuredClone(evaluation);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A CandidateFailure, also one of another copy of the class: a scorer may have loaded its own. */
function asFailure(error: unknown): { reason: FailureReason; message: string } | undefined {
  if (error instanceof CandidateFailure) return error;
  const isOther = error instanceof Error && error.name === "CandidateFailure" && "reason" in error;
  return isOther ? (error as CandidateFailure) : undefined;
}

function failedBy({ reason, message }: { reason: FailureReason; message: string }): Evaluation {
  return { status: "failed", reason, feedback: message };
}
