/** Live progress on standard error: one line that is rewritten in a terminal, a line now and then elsewhere. */
import type { CampaignProgress } from "../run-campaign.ts";
import { duration, harmlessLine, number } from "./text.ts";

const redrawMs = 100;
/** How often the line of a terminal shows that time passes, while a model thinks. */
const tickMs = 1000;
const lineMs = 5000;

/** Shows the progress of a campaign. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #startedAt = performance.now();
  #shownAt = 0;
  #bestFitness: number | undefined;
  #isShown = false;
  /** Whether nobody reads the stream any more. */
  #isBroken = false;
  #last: CampaignProgress | undefined;
  /** Shown until the next candidate. */
  #trouble: CampaignProgress["trouble"];
  readonly #ticks: NodeJS.Timeout;
  readonly #onError = () => {
    this.#isBroken = true;
  };

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#shownAt = stream.isTTY ? 0 : this.#startedAt;
    stream.once("error", this.#onError);
    const tick = () => {
      if (this.#last !== undefined) this.update(this.#last);
    };
    this.#ticks = setInterval(tick, tickMs).unref();
  }

  /** Takes news; draws when enough time has passed. */
  update(progress: CampaignProgress): void {
    if (progress !== this.#last) {
      if (progress.kind === "start") this.#bestFitness = undefined;
      this.#bestFitness = progress.run?.bestFitness ?? this.#bestFitness;
    }
    const isNewTrouble = progress.kind === "trouble" && this.#trouble === undefined;
    if (progress.kind !== "trouble") this.#trouble = undefined;
    else if (progress !== this.#last) this.#trouble = progress.trouble;
    this.#last = progress;
    if (this.#isBroken) return;
    const now = performance.now();
    // The first failure is said at once: what follows may be a long wait.
    if (!isNewTrouble && now - this.#shownAt < (this.#stream.isTTY ? redrawMs : lineMs)) return;
    this.#shownAt = now;
    const line = this.#line(progress, now - this.#startedAt);
    if (!this.#stream.isTTY) {
      this.#stream.write(`${line}\n`);
      return;
    }
    const width = (this.#stream.columns ?? 80) - 1;
    this.#stream.write(`\r\u001b[2K${line.slice(0, width)}`);
    this.#isShown = true;
  }

  /** Clears the line. */
  end(): void {
    clearInterval(this.#ticks);
    this.#stream.off("error", this.#onError);
    if (this.#isShown && !this.#isBroken) this.#stream.write("\r\u001b[2K");
    this.#isShown = false;
  }

  #line(progress: CampaignProgress, elapsedMs: number): string {
    const { strategy, size, runsDone, runsPlanned, applications, primitiveCost, usd, remainingMs } = progress;
    const rate = applications / Math.max(0.001, elapsedMs / 1000);
    const trouble = this.#trouble;
    // What moves comes first: a narrow terminal cuts the end.
    const parts = [
      `${runsDone}/${runsPlanned} runs`,
      duration(elapsedMs),
      ...(trouble === undefined ? [] : [`${trouble.message}: again in ${duration(trouble.waitMs)}`]),
      `${number(applications)} tried, ${number(rate)}/s`,
      remainingMs === undefined
        ? "first runs"
        : `${remainingMs < 1000 ? "<1 s" : duration(remainingMs)} left`,
      `${strategy} k=${size} best ${number(this.#bestFitness)}`,
      `primitive cost ${number(primitiveCost)}${usd > 0 ? `, $${usd.toFixed(usd < 1 ? 4 : 2)}` : ""}`,
    ];
    return harmlessLine(parts.join(" | "));
  }
}
