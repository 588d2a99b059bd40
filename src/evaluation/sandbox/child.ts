/**
 * A child process that runs candidates, one after another, seen from outside. What it sends is hostile: a
 * reply that is not exactly the expected one ends it, and so does too much of anything.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { CandidateFailure } from "../../core/index.ts";
import { systemPath } from "../bubblewrap.ts";
import { withoutInherited } from "../inherited-files.ts";
import { type CageOptions, cageCommand } from "./cage.ts";
import { killTree, peakBytes, readTree, residentBytes } from "./process-tree.ts";

/** How a child is started. */
export interface ChildOptions extends CageOptions {
  /** Called once when it has ended or has been killed. */
  readonly onEnd: (child: Child) => void;
}

/** A reply: what kind it is, and its text. */
export interface Reply {
  readonly tag: string;
  readonly body: string;
}

/** Most bytes that a child may send during one evaluation. */
const mostReplyBytes = 16 * 2 ** 20;
/** How much of its last words on standard error is kept, to tell how it ended. */
const keptCharacters = 4096;
/** Time to start. */
const startMs = 20_000;
/** Time to get ready for the next candidate. */
const renewMs = 1000;
/** How often its processes are looked at while a candidate runs. */
const watchMs = 20;
/** bwrap outside, bwrap as the first process inside, node: with any more, the code has broken out. */
const mostProcesses = 3;
/** Memory that earlier candidates may leave behind before garbage is collected. */
const garbageBytes = 32 * 2 ** 20;

/** A child process. It is started at once; wait for `ready` before each candidate. */
export class Child {
  readonly memoryMb: number;
  /** Id of its first process; 0 when it could not be started. */
  readonly pid: number;
  /** Settles when it can take a candidate; rejects with the reason when it has ended instead. */
  ready: Promise<void>;
  /** Whether it has been ready once. */
  isStarted = false;
  /** Candidates that it was given. */
  candidates = 0;
  readonly #process: ChildProcess;
  readonly #onEnd: (child: Child) => void;
  #failure: CandidateFailure | undefined;
  #isGone = false;
  #waiting: { id: number; resolve(reply: Reply): void; reject(error: unknown): void } | undefined;
  #lastId = 0;
  #receivedBytes = 0;
  #line: Buffer[] = [];
  #lastWords = "";
  #watch: NodeJS.Timeout | undefined;
  /** The process that runs the code, and memory: of the others, of this one when fresh and when ready. */
  #runner = 0;
  #otherBytes = 0;
  #freshBytes = 0;
  #readyBytes = 0;
  /** The most memory that the runner has ever had, when a candidate begins. */
  #peakBytes = 0;
  /** Memory at which garbage is collected between candidates. */
  #fullBytes = 0;

  constructor({ onEnd, ...cage }: ChildOptions) {
    this.memoryMb = cage.memoryMb;
    this.#onEnd = onEnd;
    const { command, args } = cageCommand(cage);
    this.#process = spawn(command, args, {
      env: { PATH: systemPath }, // bwrap is the first process of the cage, where its environment might be read
      cwd: "/",
      detached: true, // a process group of its own: Ctrl-C is for us alone, and one signal ends it all
      stdio: withoutInherited(["pipe", "ignore", "pipe", "pipe"]),
    });
    this.pid = this.#process.pid ?? 0;
    const { stdin, stderr, stdio } = this.#process;
    for (const stream of [stdin, stderr, stdio[3]]) stream?.on("error", () => {}); // its end says enough
    stderr?.setEncoding("latin1").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-keptCharacters);
    });
    stdio[3]?.on("data", (bytes: Buffer) => this.#receive(bytes));
    this.#process.once("error", (error) => {
      this.#lastWords += error.message;
      this.#end("before it started");
    });
    this.#process.once("exit", (code, signal) => {
      this.#isGone = true;
      const end = () => this.#end(signal === null ? `with exit code ${code}` : `by ${signal}`);
      this.#process.once("close", end); // all it wrote has been read
      setTimeout(end, 100).unref(); // or what has broken out of it holds its output open
    });
    this.ready = this.#becomeReady(this.#expect(), startMs).then(() => {
      const { pids, bytes } = readTree(this.pid);
      this.isStarted = true;
      this.#runner = pids.at(-1) ?? 0;
      this.#readyBytes = residentBytes(this.#runner);
      this.#freshBytes = this.#readyBytes;
      this.#fullBytes = this.#freshBytes + garbageBytes;
      this.#otherBytes = bytes - this.#freshBytes;
    });
    this.ready.catch(() => {}); // whoever waits for it hears of it
  }

  /** Why it was ended or has ended; undefined while it lives. */
  get failure(): CandidateFailure | undefined {
    return this.#failure;
  }

  /** What it wrote last to standard error. */
  get lastWords(): string {
    return this.#lastWords.trim();
  }

  /** Sends a request and waits for its reply. Rejects with a CandidateFailure when the child ends instead. */
  ask(kind: string, ...details: readonly unknown[]): Promise<Reply> {
    this.#lastId += 1;
    const reply = this.#expect();
    if (this.#failure === undefined) {
      this.#process.stdin?.write(`${JSON.stringify([kind, this.#lastId, ...details])}\n`);
    }
    return reply;
  }

  /** Begins a candidate: counts what it sends, and watches its memory and its processes. */
  begin(): void {
    this.candidates += 1;
    this.#receivedBytes = 0;
    this.#peakBytes = peakBytes(this.#runner);
    const mostBytes = this.#otherBytes + this.#readyBytes + this.memoryMb * 2 ** 20;
    this.#watch = setInterval(() => {
      const { pids, bytes } = readTree(this.pid);
      if (pids.length > mostProcesses) {
        this.kill(new CandidateFailure("forbidden", "It started another process"));
      } else if (bytes > mostBytes) {
        this.#killForMemory();
      }
    }, watchMs).unref();
  }

  /** Ends a candidate that had too much memory between two looks of the watch: whether it fails is not luck. */
  checkPeak(): void {
    const peak = peakBytes(this.#runner);
    if (peak > this.#peakBytes && peak > this.#readyBytes + this.memoryMb * 2 ** 20) this.#killForMemory();
  }

  #killForMemory(): void {
    this.kill(new CandidateFailure("memory", `It used more than ${this.memoryMb} MB of memory`));
  }

  /** Ends the watch over a candidate. */
  rest(): void {
    clearInterval(this.#watch);
  }

  /** Ends the candidate and makes the child as new: `ready` says when. */
  renew(): void {
    this.rest();
    if (this.#failure !== undefined) return;
    const isFull = residentBytes(this.#runner) > this.#fullBytes;
    this.ready = this.#becomeReady(this.ask("end", isFull), renewMs).then(() => {
      this.#readyBytes = residentBytes(this.#runner);
      if (!isFull) return;
      this.#fullBytes = this.#readyBytes + garbageBytes;
      if (this.#fullBytes > this.#freshBytes + 3 * garbageBytes) {
        throw this.kill(new CandidateFailure("memory", "The memory of earlier candidates is not given back"));
      }
    });
    this.ready.catch(() => {});
  }

  /** Ends it and all it started, at once. Returns why it ended: the first reason stays. */
  kill(failure: CandidateFailure): CandidateFailure {
    const reason = this.#failure ?? failure;
    if (this.#failure === undefined) {
      this.#failure = reason;
      clearInterval(this.#watch);
      if (!this.#isGone) killTree(this.pid);
      this.#waiting?.reject(reason);
      this.#waiting = undefined;
      this.#onEnd(this);
    }
    return reason;
  }

  #expect(): Promise<Reply> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { id: this.#lastId, resolve, reject };
    });
  }

  async #becomeReady(reply: Promise<Reply>, timeoutMs: number): Promise<void> {
    const late = () => this.kill(new CandidateFailure("timeout", "The sandbox does not get ready"));
    const timer = setTimeout(late, timeoutMs).unref();
    try {
      const { tag } = await reply;
      if (tag !== "ready") throw this.#refuse();
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(bytes: Buffer): void {
    if (this.#failure !== undefined) return;
    this.#receivedBytes += bytes.length;
    if (this.#receivedBytes > mostReplyBytes) {
      this.kill(new CandidateFailure("invalid", "Its results are larger than 16 MB"));
      return;
    }
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      this.#line.push(bytes.subarray(from, end));
      const line = Buffer.concat(this.#line).toString();
      this.#line = [];
      from = end + 1;
      this.#accept(line);
    }
    if (from < bytes.length) this.#line.push(bytes.subarray(from));
  }

  /** Takes a reply only as the answer to the open request. */
  #accept(line: string): void {
    const waiting = this.#waiting;
    const [, id = "", tag = "", body = ""] = /^(\d+) ([a-z]+) (.*)$/s.exec(line) ?? [];
    if (waiting === undefined || id !== String(waiting.id)) {
      this.#refuse();
      return;
    }
    this.#waiting = undefined;
    waiting.resolve({ tag, body });
  }

  #refuse(): CandidateFailure {
    return this.kill(new CandidateFailure("invalid", "It sent a reply that nobody asked for"));
  }

  #end(how: string): void {
    const isMemory =
      /out of memory|bad_alloc|Allocation failed/i.test(this.#lastWords) || /137|SIGKILL/.test(how);
    this.kill(
      isMemory
        ? new CandidateFailure("memory", `Its process ran out of memory (limit ${this.memoryMb} MB)`)
        : new CandidateFailure("crash", `Its process ended ${how}`),
    );
  }
}
