/** `allele show`: looks at a store, at one of its runs, or at what one call sent. */
import { UsageError } from "../core/index.ts";
import {
  type Connection,
  findCampaign,
  lastPrompt,
  listCampaigns,
  openToRead,
  whyNothing,
} from "../store/index.ts";
import { exitCode } from "./exit-code.ts";
import { describeCall, type Report } from "./show-prompt.ts";
import { duration, harmless, harmlessLine, heading, number, shellWord, table, wrap } from "./text.ts";

/** Options of `allele show`. */
export interface ShowOptions {
  readonly campaign?: number;
  /** Id of a call to show in place of runs. */
  readonly prompt?: number;
  readonly json?: boolean;
}

/** Most runs that a listing shows. */
const mostRuns = 50;

/** Prints a summary of a store, or of one run, or what one call sent. */
export function show(path: string, runId: number | undefined, options: ShowOptions): number {
  checkOptions(path, runId, options);
  const store = openToRead(path);
  try {
    const report = reportOn(store, path, runId, options);
    console.log(options.json ? JSON.stringify(report.data, known, 2) : report.text());
  } finally {
    store.close();
  }
  return exitCode.done;
}

/** A call has an id of its own in the whole store, so that a run or a campaign beside it would say nothing. */
function checkOptions(path: string, runId: number | undefined, { prompt, campaign }: ShowOptions): void {
  if (prompt === undefined) return;
  const other =
    runId !== undefined ? `run ${runId}` : campaign === undefined ? undefined : `--campaign ${campaign}`;
  if (other === undefined) return;
  throw new UsageError(
    `--prompt names one call of the whole store, so leave ${other} out: ${showCommand(path)} --prompt ${prompt}; ` +
      `'${showCommand(path)} RUN' names a call of a run`,
  );
}

function showCommand(path: string): string {
  return `npx allele show ${harmlessLine(shellWord(path))}`;
}

function reportOn(
  store: Connection,
  path: string,
  runId: number | undefined,
  { campaign, prompt }: ShowOptions,
): Report {
  if (prompt !== undefined) return describeCall(store, prompt);
  return runId === undefined ? describeStore(store, campaign) : describeRun(store, path, runId);
}

interface RunRow {
  readonly id: number;
  readonly strategy: string;
  readonly size: number;
  readonly seed: number;
  readonly stopReason: string | null;
  readonly detail: string | null;
  readonly isSolved: number;
  readonly bestFitness: number | null;
  readonly target: number;
  readonly applications: number;
  readonly calls: number;
  readonly primitiveCost: number;
  readonly wallMs: number | null;
}

const runColumns = `r.id, r.strategy, r.size, r.seed, r.stop_reason AS stopReason, r.stop_detail AS detail,
  r.is_solved AS isSolved, r.best_fitness AS bestFitness, r.target, x.applications, x.calls,
  x.primitive_cost AS primitiveCost, r.wall_ms AS wallMs
  FROM run r JOIN run_cost x ON x.run_id = r.id`;

function describeStore(store: Connection, campaignId: number | undefined): Report {
  const campaign = findCampaign(store, campaignId);
  const campaigns = listCampaigns(store);
  const runs = store
    .prepare<[number], RunRow>(`SELECT ${runColumns} WHERE r.campaign_id = ? ORDER BY r.id`)
    .all(campaign.id);
  return {
    data: { campaigns, campaign, runs: runs.map(withBoolean) },
    text: () => {
      const lines = campaigns.map(({ id, name, problem, status, createdAt }) =>
        wrap(`Campaign ${id} '${name}' on problem '${problem}': ${status}, begun ${createdAt}`, ""),
      );
      const shown =
        runs.length > mostRuns ? [...runs.slice(0, mostRuns / 2), ...runs.slice(-mostRuns / 2)] : runs;
      const rows = shown.map((run) => [
        String(run.id),
        run.strategy,
        String(run.size),
        String(run.seed),
        run.stopReason ?? "not finished",
        `${number(run.bestFitness ?? undefined)}/${targetText(run.target)}`,
        number(run.applications),
        number(run.primitiveCost),
      ]);
      const head = ["run", "strategy", "k", "seed", "ended by", "best/target", "tried", "primitive cost"];
      const failed = runs.filter(({ stopReason }) => stopReason === "error");
      return [
        ...lines,
        "",
        heading(`Runs of campaign ${campaign.id}`),
        table([head, ...rows], [true, false, true, true, false, true, true, true]),
        ...(shown.length < runs.length
          ? [`(${shown.length} of ${runs.length} runs: the first and the last)`]
          : []),
        ...failed
          .slice(0, 5)
          .map(({ id, detail }) => wrap(`Run ${id} ended with an error: ${detail ?? ""}`, "")),
      ].join("\n");
    },
  };
}

function describeRun(store: Connection, path: string, runId: number): Report {
  const run = store.prepare<[number], RunRow>(`SELECT ${runColumns} WHERE r.id = ?`).get(runId);
  if (run === undefined) {
    const { low, high } = store
      .prepare<[], { low: number | null; high: number | null }>(
        "SELECT min(id) AS low, max(id) AS high FROM run",
      )
      .get() ?? { low: null, high: null };
    const known = low === null ? "it holds no run" : `it holds runs ${low} to ${high}`;
    throw new UsageError(`Run ${runId} is not in the store; ${known}`);
  }
  const history = store
    .prepare<[number], { candidate: number; fitness: number; calls: number; primitiveCost: number }>(
      `SELECT candidate_id AS candidate, fitness, calls, primitive_cost AS primitiveCost
       FROM best_so_far WHERE run_id = ? ORDER BY candidate_id`,
    )
    .all(runId);
  const outcomes = store
    .prepare<[number], { operator: string; status: string; reason: string | null; count: number }>(
      `SELECT c.operator, iif(c.note IS NULL, c.status, 'note') AS status, ${whyNothing} AS reason, count(*) AS count
       FROM candidate c LEFT JOIN evaluation e ON e.candidate_id = c.id AND e.status = 'failed'
       WHERE c.run_id = ? AND c.sequence > 0 GROUP BY 1, 2, 3 ORDER BY count DESC LIMIT 20`,
    )
    .all(runId);
  const best = history.at(-1);
  const lastCall = lastPrompt(store, runId);
  const components = store
    .prepare<[number], { name: string; text: string }>(
      "SELECT name, text FROM candidate_text WHERE candidate_id = ? ORDER BY component_index",
    )
    .all(best?.candidate ?? -1);
  return {
    data: {
      run: withBoolean(run),
      outcomes,
      bestSoFar: history,
      best: { candidate: best?.candidate, components },
      lastPrompt: lastCall,
    },
    text: () => {
      const { strategy, size, seed, stopReason, detail, applications, calls, primitiveCost, wallMs } = run;
      const ended =
        stopReason === null
          ? "not finished"
          : `ended by ${stopReason}${detail === null ? "" : ` (${detail})`}`;
      return [
        heading(`Run ${runId}: ${strategy} at k = ${size}, seed ${seed}, ${ended}`),
        wrap(
          `best ${number(run.bestFitness ?? undefined)} of target ${targetText(run.target)}; ${number(applications)} applications, ` +
            `${number(calls)} calls, primitive cost ${number(primitiveCost)}, ${wallMs === null ? "-" : duration(wallMs)}`,
          "",
        ),
        "",
        heading("Best so far"),
        table(
          [
            ["candidate", "fitness", "calls", "primitive cost"],
            ...history.map((step) => [
              String(step.candidate),
              number(step.fitness),
              number(step.calls),
              number(step.primitiveCost),
            ]),
          ],
          [true, true, true, true],
        ),
        "",
        heading("What became of the candidates"),
        table([
          ["operator", "outcome", "candidates"],
          ...outcomes.map(({ operator, status, reason, count }) => [
            operator,
            reason === null ? status : `${status}: ${harmlessLine(reason).slice(0, 60)}`,
            number(count),
          ]),
        ]),
        "",
        heading(`Best solution (candidate ${best?.candidate ?? "-"})`),
        ...components.map(({ name, text }) => `${harmlessLine(name)}: ${harmless(text).trimEnd()}`),
        ...(lastCall === undefined ? [] : ["", `Its last prompt: ${showCommand(path)} --prompt ${lastCall}`]),
      ].join("\n");
    },
  };
}

/** A target, or that there is none: `allele evolve` stores the largest number for that. */
function targetText(target: number): string {
  return target < 1e300 ? number(target) : "none";
}

/** Leaves out of JSON what is not known. */
function known(_key: string, value: unknown): unknown {
  return value === null || (typeof value === "number" && !Number.isFinite(value)) ? undefined : value;
}

function withBoolean(run: RunRow) {
  return { ...run, isSolved: run.isSolved === 1 };
}
