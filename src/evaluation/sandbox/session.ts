/** One candidate in a child process: its functions to call, until its time is over. */
import { CandidateFailure, type CandidateProgram } from "../../core/index.ts";
import type { Child, Reply } from "./child.ts";
import { failureOf } from "./failures.ts";
import type { Program } from "./program.ts";
import { readValue, writeValue } from "./values.ts";

/** A loaded candidate. Calls wait for each other: the child works on one at a time. */
export class Session implements CandidateProgram {
  readonly #child: Child;
  readonly #deadline: NodeJS.Timeout;
  #last: Promise<unknown> = Promise.resolve();
  #failure: CandidateFailure | undefined;

  constructor(child: Child, timeoutMs: number) {
    this.#child = child;
    child.begin();
    const text = `It did not finish in its time of ${timeoutMs} ms`;
    this.#deadline = setTimeout(() => child.kill(new CandidateFailure("timeout", text)), timeoutMs);
  }

  /**
   * Why the evaluation fails, whatever the scorer makes of it: the child had to be ended, or the candidate
   * cannot go on; undefined where neither has happened.
   */
  get failure(): CandidateFailure | undefined {
    return this.#child.failure ?? this.#failure;
  }

  /** Loads the program; throws a CandidateFailure when that fails. */
  async load({ entry, modules }: Program, seed: number): Promise<void> {
    await this.#ask("Loading it failed:", "load", seed, entry, modules);
  }

  call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#inTurn(async () => {
      const { isTagged, text } = writeValue(args);
      const reply = await this.#ask(`${name}() threw`, "call", name, isTagged, text);
      if (reply === undefined) {
        throw new CandidateFailure("invalid", `It exports no function '${name}'`);
      }
      try {
        return readValue({ isTagged: reply.tag === "tagged", text: reply.body });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw this.#child.kill(new CandidateFailure("invalid", `Its reply cannot be read: ${why}`));
      }
    });
  }

  has(name: string): Promise<boolean> {
    return this.#inTurn(async () => (await this.#ask("It threw", "has", name)) !== undefined);
  }

  /** Ends the candidate; it is done, or its failure known. */
  end(): void {
    clearTimeout(this.#deadline);
    this.#child.renew();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {}); // also: a scorer may drop what it called
    return result;
  }

  /** The reply with a value; undefined: there is no such function. Everything else is a failure. */
  async #ask(where: string, kind: string, ...details: readonly unknown[]): Promise<Reply | undefined> {
    if (this.failure !== undefined) throw this.failure;
    const reply = await this.#child.ask(kind, ...details);
    const { tag, body } = reply;
    switch (tag) {
      case "value":
      case "tagged":
        return reply;
      case "missing":
        return undefined;
      case "stuck":
        this.#failure = new CandidateFailure("timeout", "It waits for a promise that nothing can settle");
        throw this.#failure;
      case "large":
        throw new CandidateFailure("invalid", "Its result is larger than 16 MB");
      case "forbidden":
        throw this.#child.kill(new CandidateFailure("forbidden", "It called import()"));
      case "unparsable":
        throw new CandidateFailure("syntax", `${where} ${this.#thrown(body)[1]}`);
      case "thrown": {
        const [name, message] = this.#thrown(body);
        if (kind === "load" && name === "SyntaxError")
          throw new CandidateFailure("syntax", `${where} ${message}`);
        throw failureOf(where, name, message);
      }
      case "unfit":
        throw new CandidateFailure("invalid", `Its result is not plain data: ${this.#thrown(body)[1]}`);
      default:
        throw this.#child.kill(new CandidateFailure("invalid", "It sent a reply of an unknown kind"));
    }
  }

  #thrown(body: string): [name: string, message: string] {
    try {
      const [name, message] = JSON.parse(body) as unknown[];
      if (typeof name === "string" && typeof message === "string") return [name, message];
    } catch {
      // It is no JSON.
    }
    throw this.#child.kill(new CandidateFailure("invalid", "It sent an error that cannot be read"));
  }
}
