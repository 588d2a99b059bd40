/** `allele best`: the best solution of a store, and its files. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { StoreError, UsageError } from "../core/index.ts";
import { type Connection, findCampaign, openToRead } from "../store/index.ts";
import { exitCode } from "./exit-code.ts";
import { harmless, harmlessLine, heading, number } from "./text.ts";

/** Options of `allele best`. */
export interface BestOptions {
  readonly campaign?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** The best candidate of a campaign, or of one run. */
export interface Best {
  readonly runId: number;
  readonly candidateId: number;
  readonly sequence: number;
  readonly fitness: number;
  /** The fitness of the same run's initial solution. */
  readonly initialFitness: number | null;
  /** Name of a file, or of a component where the solution has no files, and its text. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** Prints the best solution of a campaign, or writes its files to a folder. */
export function best(path: string, runId: number | undefined, options: BestOptions): number {
  const store = openToRead(path);
  try {
    const found = findBest(store, findCampaign(store, options.campaign).id, runId);
    if (options.out !== undefined) writeFiles(options.out, found.files);
    if (options.json) console.log(JSON.stringify(found, null, 2));
    else console.log(bestText(found, options.out));
  } finally {
    store.close();
  }
  return exitCode.done;
}

/** Finds the candidate of greatest fitness, the first of equals. Throws a UsageError where none was scored. */
export function findBest(store: Connection, campaignId: number, runId?: number): Best {
  const scope = runId === undefined ? "r.campaign_id = ?" : "r.id = ?";
  const run = store
    .prepare<[number], { id: number; fitness: number | null }>(
      `SELECT r.id, max(e.fitness) AS fitness FROM run r JOIN candidate c ON c.run_id = r.id
       JOIN evaluation e ON e.candidate_id = c.id WHERE ${scope} AND ${isLastStage} GROUP BY r.id
       ORDER BY fitness DESC, r.id LIMIT 1`,
    )
    .get(runId ?? campaignId);
  if (run?.fitness == null) {
    throw new UsageError(
      runId === undefined
        ? `Campaign ${campaignId} has no solution that was scored`
        : `Run ${runId} is not in the store, or none of its solutions was scored`,
    );
  }
  const head = store
    .prepare<[number, number], { candidateId: number; sequence: number; fitness: number }>(
      `SELECT c.id AS candidateId, c.sequence, e.fitness FROM candidate c JOIN evaluation e ON e.candidate_id = c.id
       WHERE c.run_id = ? AND e.fitness = ? AND ${isLastStage} ORDER BY c.sequence LIMIT 1`,
    )
    .get(run.id, run.fitness);
  if (head === undefined) throw new StoreError(`Run ${run.id} lost its best candidate`);
  const initial = store
    .prepare<[number], { fitness: number | null }>(
      `SELECT e.fitness FROM candidate c JOIN evaluation e ON e.candidate_id = c.id
       WHERE c.run_id = ? AND c.sequence = 0 ORDER BY e.stage DESC LIMIT 1`,
    )
    .get(run.id);
  const read = (sql: string) =>
    store.prepare<[number], { name: string; text: string }>(sql).all(head.candidateId);
  const files = read("SELECT file AS name, text FROM candidate_file WHERE candidate_id = ? ORDER BY file");
  return {
    runId: run.id,
    ...head,
    initialFitness: initial?.fitness ?? null,
    files:
      files.length > 0
        ? files
        : read("SELECT name, text FROM candidate_text WHERE candidate_id = ? ORDER BY component_index"),
  };
}

const isLastStage = "e.stage = (SELECT max(stage) FROM evaluation WHERE candidate_id = c.id)";

/** Writes the files below a folder; refuses names that lead out of it and, in a folder not ours, to replace other texts. */
export function writeFiles(folder: string, files: Best["files"], { isOurs = false } = {}): void {
  const root = resolve(folder);
  for (const { name, text } of files) {
    const path = resolve(root, name);
    if (!path.startsWith(root + sep))
      throw new UsageError(`File '${name}' lies outside ${folder}; it is not written`);
    if (!isOurs && existsSync(path) && readFileSync(path, "utf8") !== text) {
      throw new UsageError(
        `'${join(folder, name)}' exists with another text; choose another folder with --out`,
      );
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function bestText(
  { runId, candidateId, fitness, initialFitness, files }: Best,
  out: string | undefined,
): string {
  const from = initialFitness === null ? "" : ` (initially ${number(initialFitness)})`;
  const head = heading(`Best: fitness ${number(fitness)}${from}, candidate ${candidateId} of run ${runId}`);
  if (out !== undefined)
    return `${head}\nWritten to ${out}: ${harmlessLine(files.map(({ name }) => name).join(", "))}`;
  return [
    head,
    ...files.map(({ name, text }) => `--- ${harmlessLine(name)}\n${harmless(text).trimEnd()}`),
  ].join("\n");
}
