/** Live progress on standard error: one line that is rewritten in a terminal, a line now and then elsewhere. */
import type { CampaignProgress } from "../run-campaign.ts";
import { duration, harmlessLine, number } from "./text.ts";

const redrawMs = 100;
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

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#shownAt = stream.isTTY ? 0 : this.#startedAt;
    stream.once("error", () => {
      this.#isBroken = true;
    });
  }

  /** Takes news; draws when enough time has passed. */
  update(progress: CampaignProgress): void {
    if (progress.kind === "start") this.#bestFitness = undefined;
    this.#bestFitness = progress.run?.bestFitness ?? this.#bestFitness;
    if (this.#isBroken) return;
    const now = performance.now();
    if (now - this.#shownAt < (this.#stream.isTTY ? redrawMs : lineMs)) return;
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
    if (this.#isShown && !this.#isBroken) this.#stream.write("\r\u001b[2K");
    this.#isShown = false;
  }

  #line(progress: CampaignProgress, elapsedMs: number): string {
    const { strategy, size, runsDone, runsPlanned, applications, primitiveCost, remainingMs } = progress;
    const rate = applications / Math.max(0.001, elapsedMs / 1000);
    const parts = [
      `${runsDone}/${runsPlanned} runs`,
      remainingMs === undefined
        ? "first runs"
        : `${remainingMs < 1000 ? "<1 s" : duration(remainingMs)} left`,
      `${strategy} k=${size} best ${number(this.#bestFitness)}`,
      `cost ${number(primitiveCost)}`,
      `${number(applications)} tried, ${number(rate)}/s`,
    ];
    return harmlessLine(parts.join(" | "));
  }
}
