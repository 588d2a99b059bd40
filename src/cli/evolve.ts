/** `allele evolve`: evolves the program in a folder; examples of two peers run unchanged. */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, relative, resolve, sep } from "node:path";
import { globalRewrite } from "../../operators/global-rewrite.ts";
import { localRewrite } from "../../operators/local-rewrite.ts";
import { type Campaign, defineCampaign, modelsOf, type StrategyDefinition } from "../campaign.ts";
import { greedy, type Instance, UsageError } from "../core/index.ts";
import { readGranularity } from "../decompose/index.ts";
import { type EvolveTask, readDirectory } from "../evolve/index.ts";
import { type Connection, openToRead } from "../store/index.ts";
import { findBest, writeFiles } from "./best.ts";
import { carryOut } from "./carry-out.ts";
import { compareCampaign } from "./compare.ts";
import { exitCode } from "./exit-code.ts";
import { makeModels, modelText } from "./make-models.ts";
import { budgetOf } from "./options.ts";
import type { ModelTexts } from "./read-model-option.ts";
import { harmless, harmlessLine, heading, noteText, number, shellWord, table, wrap } from "./text.ts";

/** Options of `allele evolve`. */
export interface EvolveOptions {
  readonly model?: ModelTexts;
  readonly strategy: string;
  readonly granularity?: string;
  readonly maxEvaluations?: number;
  readonly maxCalls?: number;
  readonly maxPrimitives?: number;
  readonly maxCost?: number;
  readonly maxUsd?: number;
  readonly maxSeconds?: number;
  readonly target?: number;
  readonly seeds: number;
  readonly parallel?: number;
  readonly concurrency?: number;
  readonly replay?: string;
  readonly replayCampaign?: number;
  readonly config?: string;
  readonly python?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly store?: string;
  readonly out?: string;
  readonly unsafeSandbox?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Evaluations of a run where neither the options nor the folder's configuration say how many. */
const defaultEvaluations = 100;
/** Most calls of a run for each of its evaluations, where the options do not say how many. */
const callsPerEvaluation = 10;
const defaultModel = "simulated-programmer";
/** A target above this stands for none. */
const noTarget = 1e300;

/** Evolves the program of a folder; returns the exit code. */
export async function evolve(folder: string, options: EvolveOptions): Promise<number> {
  const granularity = options.granularity === undefined ? undefined : readGranularity(options.granularity);
  const task = readDirectory(folder, {
    environment: options.env ?? {},
    config: options.config,
    python: options.python,
    granularity,
    target: options.target,
  });
  for (const warning of task.warnings) console.error(wrap(`Warning: ${warning}`, ""));
  const instance = task.problem.instance({ size: 1, seed: 1 });
  const name = basename(resolve(folder));
  const campaign = campaignOf(name, task, instance, options);
  const storePath =
    options.store ??
    join(
      isInside(".", folder) ? ".allele" : "runs/out",
      `${name}${options.replay === undefined ? "" : ".replay"}.sqlite`,
    );
  const out = options.out ?? storePath.replace(/\.[^./]*$/, "");
  const planned = { ...plan(folder, task, instance, campaign, options), store: storePath, out };
  console.error(wrap(planText(planned), ""));
  if (options.dryRun) {
    if (options.json) console.log(JSON.stringify(planned, null, 2));
    return exitCode.done;
  }
  for (const place of [storePath, out]) checkPlace(place, folder);
  makeFolder(out);
  const { campaignId, status, error, notes } = await carryOut(campaign, storePath, {
    ...options,
    threads: Math.max(availableParallelism(), campaign.inFlight),
  });
  const store = openToRead(storePath);
  try {
    const result = { ...report(store, campaignId, out), error };
    const { notes: losses } = compareCampaign(store, campaignId, "primitives");
    for (const note of [...notes, ...losses]) console.error(wrap(noteText(note), ""));
    if (options.json)
      console.log(JSON.stringify({ store: storePath, campaignId, status, ...result }, null, 2));
    else console.log(reportText(result, storePath));
  } finally {
    store.close();
  }
  if (error !== undefined) console.error(harmless(`allele: evolving '${name}' stopped: ${error}`));
  return exitCode[status];
}

/** Whether a path is a folder or lies below it. */
function isInside(path: string, folder: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`);
}

/** Refuses to write where the next evolution of the folder would take it for a part of the program. */
function checkPlace(place: string, folder: string): void {
  const inside = relative(resolve(folder), resolve(place));
  if (!isInside(place, folder) || inside.split(sep).some((part) => part.startsWith("."))) return;
  throw new UsageError(
    `'${place}' lies inside ${folder} and would become a part of the program; choose a place outside, or below ` +
      "a folder whose name begins with a dot",
  );
}

/** Makes the folder for the best program before anything is paid for. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The folder for the best program cannot be made: ${message}; choose another with --out`,
    );
  }
}

function campaignOf(name: string, task: EvolveTask, instance: Instance, options: EvolveOptions): Campaign {
  const { settings } = task;
  // Equal offspring do not replace their parent: evaluators that score a broken program 0 would let it rot.
  const offspring = options.parallel ?? settings.parallel ?? 1;
  const population = greedy({ offspring });
  const strategies: Readonly<Record<string, StrategyDefinition>> = {
    local: { operators: [localRewrite({ schedule: "random" })], population },
    global: { operators: [globalRewrite()], population },
  };
  const evaluations = options.maxEvaluations ?? settings.maxEvaluations ?? defaultEvaluations;
  const chosen =
    options.strategy === "auto" ? (instance.components.length > 1 ? "local" : "global") : options.strategy;
  return defineCampaign({
    name,
    problem: task.problem,
    models: { mutator: mutatorOf(options) },
    budget: budgetOf(options),
    strategies: chosen === "both" ? strategies : { [chosen]: pickStrategy(chosen, strategies) },
    sizes: [1],
    seeds: options.seeds,
    inFlight: offspring,
    runBudget: {
      evaluations,
      // Answers that bring nothing new cost calls and no evaluation.
      calls: options.maxCalls ?? callsPerEvaluation * evaluations,
    },
  });
}

function mutatorOf({ model = {} }: EvolveOptions) {
  const { mutator = defaultModel, ...others } = makeModels(model, ["mutator"]);
  const [unused] = Object.keys(others);
  if (unused === undefined) return mutator;
  throw new UsageError(`No operator of 'evolve' has the role ${unused}; it uses the mutator alone`);
}

function pickStrategy(name: string, known: Readonly<Record<string, StrategyDefinition>>): StrategyDefinition {
  const strategy = known[name];
  if (strategy !== undefined) return strategy;
  throw new UsageError(`--strategy expects local, global, both or auto, got '${name}'`);
}

/** What will be done, as plain data. */
function plan(
  folder: string,
  task: EvolveTask,
  instance: Instance,
  campaign: Campaign,
  options: EvolveOptions,
) {
  const { components, layout = [], target } = instance;
  return {
    folder,
    format: task.format,
    warnings: task.warnings,
    files: layout.map(({ path }) => path),
    components: components.map((component) => component.name),
    strategies: campaign.strategies.map((strategy) => strategy.name),
    model:
      campaign.strategies
        .map(({ modelsAt, sizes: [size = 1] }) => modelsAt(size).mutator)
        .flatMap((mutator) => (mutator ? [modelText(mutator)] : []))[0] ?? "",
    isSimulated: campaign.strategies.flatMap(modelsOf).every(({ provider }) => provider === "simulated"),
    runs: options.seeds,
    runBudget: campaign.runBudget,
    ...(target < noTarget ? { target } : {}),
  };
}

function planText({
  folder,
  format,
  files,
  components,
  strategies,
  model,
  isSimulated,
  runs,
  runBudget,
  target,
}: ReturnType<typeof plan>) {
  const names = components.slice(0, 8);
  const more = components.length > names.length ? `, and ${components.length - names.length} more` : "";
  const goal = target === undefined ? "" : `, target ${number(target)}`;
  return harmlessLine(
    `${folder} (${format} format): ${files.join(", ")}; ${components.length} ` +
      `component${components.length === 1 ? "" : "s"} (${names.join(", ")}${more}); ` +
      `${strategies.join(" and ")} rewriting by ${model}` +
      `${isSimulated ? " (random changes to the text: it costs nothing and knows nothing)" : ""}, ` +
      `at most ${runBudget.evaluations} evaluations a run, ${runs} run${runs === 1 ? "" : "s"}${goal}.`,
  );
}

interface StrategyResult {
  readonly strategy: string;
  readonly runs: number;
  readonly solved: number;
  /** Up to the target or the end, as are the calls. */
  readonly meanEvaluations: number;
  readonly meanCalls: number;
  readonly bestFitness: number | null;
}

function report(store: Connection, campaignId: number, out: string) {
  const strategies = store
    .prepare<[number], StrategyResult>(
      `SELECT r.strategy, count(*) AS runs, sum(r.is_solved) AS solved,
         avg((SELECT count(*) FROM candidate c JOIN evaluation e ON e.candidate_id = c.id
           WHERE c.run_id = r.id AND e.is_cached = 0
             AND e.stage = 1 AND (r.target_candidate_id IS NULL OR c.id <= r.target_candidate_id))) AS meanEvaluations,
         avg(x.calls) AS meanCalls, max(r.best_fitness) AS bestFitness
       FROM run r JOIN run_cost x ON x.run_id = r.id WHERE r.campaign_id = ? GROUP BY r.strategy ORDER BY r.strategy`,
    )
    .all(campaignId);
  const isScored = strategies.some(({ bestFitness }) => bestFitness !== null);
  const ended = endsOf(store, campaignId);
  if (!isScored) return { strategies, ended, best: undefined };
  const best = findBest(store, campaignId);
  const folder = join(out, `campaign-${campaignId}`);
  writeFiles(folder, best.files, { isOurs: true });
  return { strategies, ended, best: { ...best, files: best.files.map(({ name }) => join(folder, name)) } };
}

/** Why the runs of a campaign ended, with how many of them. */
function endsOf(store: Connection, campaignId: number): string {
  const rows = store
    .prepare<[number], { reason: string; runs: number }>(
      `SELECT coalesce(CASE stop_reason WHEN 'target' THEN 'target reached' WHEN 'interrupted' THEN 'interrupted'
         WHEN 'error' THEN 'error' ELSE stop_detail END, 'not ended') AS reason, count(*) AS runs
       FROM run WHERE campaign_id = ? GROUP BY 1 ORDER BY 2 DESC`,
    )
    .all(campaignId);
  const total = rows.reduce((sum, { runs }) => sum + runs, 0);
  return rows.map(({ reason, runs }) => (total === 1 ? reason : `${reason} (${runs} runs)`)).join(", ");
}

function reportText({ strategies, best, ended }: ReturnType<typeof report>, storePath: string): string {
  const rows = strategies.map((row) => [
    ...[row.strategy, String(row.runs), String(row.solved), number(row.meanEvaluations)],
    ...[number(row.meanCalls), number(row.bestFitness ?? undefined)],
  ]);
  const head = ["strategy", "runs", "solved", "mean evaluations", "mean calls", "best fitness"];
  const word = harmlessLine(shellWord(storePath));
  return [
    table([head, ...rows], [false, true, true, true, true, true]),
    wrap(`Ended by: ${ended}`, ""),
    ...(best === undefined
      ? []
      : [
          "",
          heading(
            `Best fitness ${number(best.fitness)}, initially ${number(best.initialFitness ?? undefined)}`,
          ),
          ...best.files.map((file) => `  ${harmlessLine(file)}`),
        ]),
    "",
    "Try next:",
    `  npx allele show ${word}${best === undefined ? "" : ` ${best.runId}`}`,
    ...(best === undefined ? [] : [`  npx allele best ${word}`]),
  ].join("\n");
}
