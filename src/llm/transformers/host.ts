/** Talks with a process in which an ONNX model runs. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { moduleBeside } from "../../core/index.ts";
import type { GenerateOrder, LoadOrder, Notice, Order, Reply } from "./messages.ts";

/** What came of an order; `gone` when the process ended first. */
export type Outcome = Reply | { readonly type: "gone"; readonly reason: string };

/** One such process, from its start to its end. While nothing is asked it keeps nobody waiting. */
export class Host {
  readonly #child: ChildProcess;
  readonly #exit: Promise<void>;
  #goneFor: string | undefined;
  /** Hears what the process says while it is asked something. */
  #hear: ((said: Notice | Outcome) => void) | undefined;

  constructor() {
    const program = fileURLToPath(new URL("host.mjs", import.meta.url));
    const child = fork(program, [moduleBeside(import.meta.url, "generator")], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [],
    });
    this.#child = child;
    let lastWords = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    // That stream keeps this process alive by itself.
    (child.stderr as { unref?(): void } | null)?.unref?.();
    child.on("message", (notice: Notice) => this.#hear?.(notice));
    this.#exit = new Promise((resolve) => {
      child.on("exit", resolve);
      child.on("error", (error) => {
        this.#end(error.message);
        if (child.pid === undefined) resolve();
      });
    });
    child.on("close", (code, signal) => {
      this.#end([howEnded(code, signal), lastWords.trim().split("\n").at(-1)].filter(Boolean).join(": "));
    });
    this.#hold(false);
  }

  /** Id of the process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }
  get isGone(): boolean {
    return this.#goneFor !== undefined;
  }

  /** Gives an order and resolves with what comes of it. One at a time. */
  ask(order: LoadOrder | GenerateOrder, onProgress: (text: string) => void = () => {}): Promise<Outcome> {
    return new Promise((resolve) => {
      if (this.#goneFor !== undefined) return resolve({ type: "gone", reason: this.#goneFor });
      this.#hold(true);
      this.#hear = (said) => {
        if (said.type === "progress") return onProgress(said.text);
        this.#hear = undefined;
        this.#hold(false);
        resolve(said);
      };
      this.#send(order);
    });
  }

  /** Asks the process to end the answer under way at its next token. */
  stop(): void {
    this.#send({ type: "stop" });
  }

  /** Ends the process at once; what it is asked is `gone`. */
  kill(reason: string): void {
    this.#child.kill("SIGKILL");
    this.#end(reason);
  }

  /** Ends the process and resolves when it is gone. */
  async close(reason: string): Promise<void> {
    this.kill(reason);
    this.#hold(true);
    await this.#exit;
  }

  #end(reason: string): void {
    this.#goneFor ??= reason;
    this.#hear?.({ type: "gone", reason });
  }

  #send(order: Order): void {
    this.#child.send(order, () => {}); // one that cannot hear has ended, which is noticed elsewhere
  }

  /** Whether this process waits for the other; else it can end, and the other ends with it. */
  #hold(isAsked: boolean): void {
    const verb = isAsked ? "ref" : "unref";
    this.#child[verb]();
    this.#child.channel?.[verb]();
  }
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === null) return `exit code ${code}`;
  return signal === "SIGKILL" ? "killed, perhaps for want of memory" : `ended by ${signal}`;
}
