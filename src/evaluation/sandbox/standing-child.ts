/** A child process that is always there: when one ends, another is started at once. */
import { AlleleError, CandidateFailure } from "../../core/index.ts";
import type { CageOptions } from "./cage.ts";
import { Child } from "./child.ts";

/** So often a child may fail to get ready before that is taken as our fault, not a candidate's. */
const mostStarts = 3;

/** What runs, and what hears of it. */
export interface StandingChildOptions {
  readonly cage: Omit<CageOptions, "memoryMb">;
  /** A child takes no more candidates than this: what they leave behind in its memory stays bounded. */
  readonly mostCandidates: number;
  /** Called when a process starts and when it has ended or has been killed. */
  readonly onChange: (pid: number, isAlive: boolean) => void;
}

/** Keeps one child process. */
export class StandingChild {
  readonly #options: StandingChildOptions;
  #child: Child | undefined;

  constructor(options: StandingChildOptions) {
    this.#options = options;
  }

  /** Starts the child unless it is there, with so much memory for its JavaScript. */
  start(memoryMb: number): Child {
    const old = this.#child;
    const isUsedUp = old !== undefined && old.candidates >= this.#options.mostCandidates;
    if (old !== undefined && old.failure === undefined && old.memoryMb === memoryMb && !isUsedUp) return old;
    this.#child = undefined;
    old?.kill(new CandidateFailure("crash", "Its process was replaced"));
    const { cage, onChange } = this.#options;
    const child = new Child({
      ...cage,
      memoryMb,
      onEnd: (ended) => {
        onChange(ended.pid, false);
        // One that never started would not start now either; whoever needs it is told.
        if (ended === this.#child && ended.isStarted) this.start(ended.memoryMb);
      },
    });
    onChange(child.pid, true);
    this.#child = child;
    return child;
  }

  /** The child, ready for a candidate. Throws an AlleleError when none can be started. */
  async ready(memoryMb: number): Promise<Child> {
    for (let starts = 1; ; starts++) {
      const child = this.start(memoryMb);
      try {
        await child.ready;
        if (child.failure === undefined) return child;
      } catch (error) {
        if (child.isStarted || starts < mostStarts) continue;
        const why = child.lastWords || (error instanceof Error ? error.message : String(error));
        throw new AlleleError(`The sandbox does not start: ${why.slice(0, 1000)}`);
      }
    }
  }
}
