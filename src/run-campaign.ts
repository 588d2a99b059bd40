/** Carries a campaign out: which run comes when, shared budgets, and what each leaves in the store. */
import { type Campaign, type EqualCostSeeds, modelsOf, pilotRuns, type Strategy } from "./campaign.ts";
import {
  Budget,
  BudgetExhausted,
  checkBetween,
  checkInstance,
  longestTimerMs,
  type RunResult,
  StoreError,
  UsageError,
} from "./core/index.ts";
import { describeCampaign } from "./describe-campaign.ts";
import { type RunProgress, runStrategy } from "./engine.ts";
import { Evaluators } from "./evaluation/evaluators.ts";
import { type Prepared, prepareModels } from "./prepare-models.ts";
import { replayOf } from "./replay.ts";
import type { CampaignStatus, Recording, RunRecording, Store, TheoryValue } from "./store/index.ts";
import { version } from "./version.ts";

/** What carrying out a campaign needs. */
export interface CampaignOptions {
  readonly store: Store;
  readonly signal: AbortSignal;
  /** Most runs at once; undefined: 1 when all models are deterministic, so that rows come in a fixed order, else 4. */
  readonly concurrency?: number | undefined;
  /** Carries out the evaluations; undefined: own ones, closed at the end. */
  readonly evaluators?: Evaluators;
  /** Variables for the models, such as API keys; default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Answers of an earlier campaign, in the place of its paid models. */
  readonly recording?: Recording | undefined;
  onProgress?(progress: CampaignProgress): void;
}

/** How far a campaign is. */
export interface CampaignProgress {
  readonly kind: "start" | "run" | "candidate" | "trouble";
  readonly strategy: string;
  readonly size: number;
  readonly seed: number;
  readonly runsDone: number;
  /** Runs planned so far; grows when pilot runs have shown how many seeds a size gets. */
  readonly runsPlanned: number;
  /** Candidates of all runs so far. */
  readonly applications: number;
  /** Primitive cost of all calls so far. */
  readonly primitiveCost: number;
  /** US dollars of all calls so far, as far as models have prices. */
  readonly usd: number;
  /** Expected time to the end; undefined until pilot runs have shown how many runs there will be. */
  readonly remainingMs: number | undefined;
  /** Progress of this run. */
  readonly run: RunProgress | undefined;
  /** How this run ended. */
  readonly result: RunResult | undefined;
  /** Of kind "trouble": the call that failed, and after how many milliseconds it is tried again. */
  readonly trouble?: { readonly message: string; readonly waitMs: number } | undefined;
}

/** A run that is planned. */
interface Job {
  readonly strategy: Strategy;
  readonly size: number;
  readonly seed: number;
}

/** A run that ended, with what it cost. */
interface Finished {
  readonly result: RunResult;
  readonly primitiveCost: number;
}

/** A run in which a plugin threw. */
const brokenOff = {
  stopReason: "error",
  solvedBy: undefined,
  bestFitness: Number.NEGATIVE_INFINITY,
  applications: 0,
  wallMs: 0,
} as const;

const noWall = "untrusted code was run without bubblewrap, behind process limits alone";

/** A pilot with a smaller share of solved runs ends the growing of sizes. */
const leastSolvedShare = 0.3;

/** How a campaign ended. */
export interface CampaignResult {
  readonly campaignId: number;
  readonly status: CampaignStatus;
  /** What went wrong in the run that ended the campaign; undefined unless the status is error. */
  readonly error: string | undefined;
  /** Sentences on what was not run, and why. */
  readonly notes: readonly string[];
}

/** Carries out a campaign and returns its id in the store and how it ended. */
export async function runCampaign(defined: Campaign, options: CampaignOptions): Promise<CampaignResult> {
  const theory = readTheory(defined);
  const { environment = {}, signal, recording } = options;
  const today = new Date().toISOString().slice(0, 10);
  const prepared = await prepareModels(defined, { environment, signal, recording, today });
  try {
    return await carryOut(prepared, theory, options);
  } finally {
    await prepared.close();
  }
}

async function carryOut(
  { campaign, limiterOf }: Prepared,
  theory: readonly TheoryValue[],
  options: CampaignOptions,
): Promise<CampaignResult> {
  const { store } = options;
  const campaignId = store.addCampaign({
    name: campaign.name,
    problem: campaign.problem.name,
    promptMode: campaign.promptMode,
    config: describeCampaign(campaign),
    alleleVersion: version,
    createdAt: new Date().toISOString(),
  });
  for (const value of theory) store.addTheory(campaignId, value);
  const evaluators = options.evaluators ?? new Evaluators();
  const run = new CampaignRun(campaign, campaignId, { ...options, evaluators, limiterOf });
  let status: CampaignStatus = "error";
  try {
    if (typeof campaign.seeds === "number") {
      // Seed by seed, so that what is there at any moment covers all sizes alike.
      const seeds = range(1, campaign.seeds);
      await run.all(
        seeds.flatMap((seed) =>
          campaign.strategies.flatMap((strategy) => jobs(strategy, strategy.sizes, [seed])),
        ),
      );
    } else {
      await run.equalCost(campaign.seeds);
    }
    status = run.status();
    run.noteTooSmall(status);
  } finally {
    run.end();
    store.finishCampaign(campaignId, status);
    if (options.evaluators === undefined) await evaluators.close();
  }
  return { campaignId, status, error: run.error, notes: run.notes };
}

/** What the strategies' theories expect at their sizes. */
function readTheory({ strategies }: Campaign): TheoryValue[] {
  return strategies.flatMap(({ name, sizes, theory }) =>
    (theory === undefined ? [] : sizes).map((size) => {
      const where = `Strategy '${name}': theory(${size})`;
      const { applications, primitiveCost } = theory?.(size) ?? {};
      checkBetween(`${where}.applications`, applications, 0, Number.MAX_VALUE);
      if (primitiveCost !== undefined)
        checkBetween(`${where}.primitiveCost`, primitiveCost, 0, Number.MAX_VALUE);
      return { strategy: name, size, applications: Number(applications), primitiveCost };
    }),
  );
}

interface CampaignRunOptions extends CampaignOptions {
  readonly evaluators: Evaluators;
  readonly limiterOf: Prepared["limiterOf"];
}

/** The state of a campaign under way. */
class CampaignRun {
  readonly #campaign: Campaign;
  readonly #campaignId: number;
  readonly #options: CampaignRunOptions;
  readonly #budget: Budget;
  readonly #concurrency: number;
  readonly #times = new Map<string, { left: number; done: number; ms: number }>();
  #remainingMs: number | undefined;
  /** While pilot runs decide how many runs there will be. */
  #isPilot = false;
  #runsDone = 0;
  #runsPlanned = 0;
  #applications = 0;
  #error: string | undefined;
  readonly notes: string[] = [];
  /** Ends the other runs when one throws. */
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;

  constructor(campaign: Campaign, campaignId: number, options: CampaignRunOptions) {
    this.#campaign = campaign;
    this.#campaignId = campaignId;
    this.#options = options;
    this.#budget = new Budget(campaign.budget);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    const models = campaign.strategies.flatMap(modelsOf);
    this.#concurrency = options.concurrency ?? (models.every((model) => model.isDeterministic) ? 1 : 4);
    const { wallMs } = campaign.budget;
    // A recording says itself where it ends.
    if (wallMs !== undefined && wallMs <= longestTimerMs && options.recording === undefined) {
      const overtime = () => this.#stop.abort(new BudgetExhausted(`${wallMs} ms wall time`));
      this.#timer = setTimeout(overtime, wallMs);
    }
  }

  /** Says so where the budget had no room for a single call. */
  noteTooSmall(status: CampaignStatus): void {
    if (status !== "budget" || this.#budget.spentCalls > 0 || this.#budget.refused === undefined) return;
    this.notes.push(
      `the budget of ${this.#budget.refused.budget} has no room for the longest answer that the first call may get: ` +
        "raise it, or lower the model's max-tokens",
    );
  }

  /** Ends the clock of the campaign's wall time. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** What went wrong in the run that ended the campaign. */
  get error(): string | undefined {
    return this.#error;
  }

  status(): CampaignStatus {
    if (this.#options.signal.aborted) return "interrupted";
    if (this.#error !== undefined) return "error";
    if (this.#stop.signal.reason instanceof BudgetExhausted) return "budget";
    return this.#budget.refused ? "budget" : "done";
  }

  /**
   * Pilot runs at every size of every strategy, then as many more as make each size cost about the same:
   * S(k) = clamp(round(atLargest max C / C(k)), atLargest, atMost) with C the pilot's mean primitive cost.
   */
  async equalCost({ atLargest, atMost }: EqualCostSeeds): Promise<void> {
    const rest: Job[] = [];
    this.#isPilot = true;
    for (const strategy of this.#campaign.strategies) {
      const costs = new Map<number, number>();
      for (const size of strategy.sizes) {
        const finished = await this.all(jobs(strategy, [size], range(1, pilotRuns)));
        if (finished.length < pilotRuns) return;
        costs.set(
          size,
          finished.reduce((sum, { primitiveCost }) => sum + primitiveCost, 0) / finished.length,
        );
        const solved = finished.filter(({ result }) => result.stopReason === "target").length;
        if (solved / finished.length < leastSolvedShare) {
          this.#noteHopeless(strategy, size);
          break;
        }
      }
      const largest = Math.max(...costs.values());
      for (const [size, cost] of costs) {
        const wanted = cost > 0 ? Math.round((atLargest * largest) / cost) : atMost;
        const seeds = Math.min(atMost, Math.max(atLargest, wanted));
        rest.push(...jobs(strategy, [size], range(pilotRuns + 1, seeds)));
      }
    }
    this.#isPilot = false;
    await this.all(rest);
  }

  #noteHopeless({ name, sizes }: Strategy, size: number): void {
    const larger = sizes.filter((one) => one > size);
    if (larger.length === 0) return;
    const share = `fewer than ${leastSolvedShare * 100} % of the pilot runs at k = ${size} reached the target`;
    this.notes.push(`${name} was not run at k = ${larger.join(", ")}: ${share}`);
  }

  /** Carries out the given runs, several at once, until all are done or the campaign has to end. */
  async all(planned: readonly Job[]): Promise<Finished[]> {
    this.#runsPlanned += planned.length;
    for (const job of planned) this.#time(job).left += 1;
    const finished: Finished[] = [];
    const queue = planned.values();
    const worker = async () => {
      for (const job of queue) {
        // What ended a recorded campaign, others of its runs were under way with.
        const isOver = this.#options.recording === undefined && this.status() !== "done";
        if (this.#signal.aborted || isOver) return;
        try {
          const recorded = this.#recordingOf(job);
          if (recorded === undefined && this.#options.recording !== undefined) continue; // it was never begun
          finished.push(await this.#one(job, recorded));
        } catch (error) {
          this.#stop.abort();
          throw error;
        }
      }
    };
    const workers = Array.from({ length: Math.min(this.#concurrency, planned.length) }, worker);
    const thrown = (await Promise.allSettled(workers)).find((one) => one.status === "rejected");
    if (thrown !== undefined) throw thrown.reason;
    return finished;
  }

  /** What a run was, where a recording is replayed; throws a UsageError for another campaign's recording. */
  #recordingOf({ strategy, size, seed }: Job): RunRecording | undefined {
    const { recording } = this.#options;
    const recorded = recording?.forRun({ strategy: strategy.name, size, seed });
    if (recording?.isWhole && recorded === undefined) {
      throw new UsageError(
        `The recording has no run of ${strategy.name} at size ${size} with seed ${seed}; replay the campaign as it was`,
      );
    }
    return recorded;
  }

  async #one({ strategy, size, seed }: Job, recorded: RunRecording | undefined): Promise<Finished> {
    const { problem, promptMode, prompts, reuseAnswers, runBudget, inFlight } = this.#campaign;
    const { store, evaluators, limiterOf } = this.#options;
    const instance = problem.instance({ size, seed });
    checkInstance(problem.name, instance);
    const wall = await evaluators.wallFor(instance);
    if (wall === "none" && !this.notes.includes(noWall)) this.notes.unshift(noWall);
    const run = { campaignId: this.#campaignId, strategy: strategy.name, size, seed };
    const recorder = store.startRun({
      ...run,
      target: instance.target,
      genome: instance.components,
      layout: instance.layout,
      wall,
      startedAt: new Date().toISOString(),
    });
    const runCosts = new Budget(runBudget);
    const report = (
      kind: CampaignProgress["kind"],
      progress?: RunProgress,
      result?: RunResult,
      trouble?: CampaignProgress["trouble"],
    ) =>
      this.#options.onProgress?.({
        kind,
        trouble,
        strategy: strategy.name,
        size,
        seed,
        run: progress,
        result,
        runsDone: this.#runsDone,
        runsPlanned: this.#runsPlanned,
        applications: this.#applications,
        primitiveCost: this.#budget.spentCost,
        usd: this.#budget.spentUsd,
        remainingMs: this.#remainingMs,
      });
    report("start");
    const result = await runStrategy({
      key: `${strategy.name}/${size}/${seed}`,
      instance,
      evaluators,
      operators: strategy.operators,
      mix: strategy.mix,
      population: strategy.population,
      models: strategy.modelsAt(size),
      promptMode,
      prompts,
      reuseAnswers,
      limiterOf,
      replay: recorded === undefined ? undefined : replayOf(recorded, { reuseAnswers }),
      limits: runBudget,
      budgets: [runCosts, this.#budget],
      inFlight,
      recorder,
      signal: this.#signal,
      now: () => performance.now(),
      onProgress: (progress) => {
        this.#applications += 1;
        report("candidate", progress);
      },
      onWait: (waitMs, { message }) => report("trouble", undefined, undefined, { message, waitMs }),
    }).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      if (!(error instanceof StoreError)) recorder.finish({ ...brokenOff, detail });
      throw error;
    });
    this.#runsDone += 1;
    const time = this.#time({ strategy, size });
    time.left -= 1;
    time.done += 1;
    time.ms += result.wallMs;
    this.#estimate();
    if (result.stopReason === "error")
      this.#error ??= `run ${strategy.name} k=${size} seed ${seed}: ${result.detail}`;
    report("run", undefined, result);
    return { result, primitiveCost: runCosts.spentCost };
  }

  #time({ strategy, size }: Pick<Job, "strategy" | "size">) {
    const key = `${strategy.name}/${size}`;
    const time = this.#times.get(key) ?? { left: 0, done: 0, ms: 0 };
    this.#times.set(key, time);
    return time;
  }

  /** Expects every run still planned to take as long as the finished ones of its size. */
  #estimate(): void {
    let sum = 0;
    for (const { left, done, ms } of this.#times.values()) if (left > 0) sum += (left * ms) / done;
    this.#remainingMs = !this.#isPilot && Number.isFinite(sum) ? sum / this.#concurrency : undefined;
  }
}

function jobs(strategy: Strategy, sizes: readonly number[], seeds: readonly number[]): Job[] {
  return sizes.flatMap((size) => seeds.map((seed) => ({ strategy, size, seed })));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
