/** What several workers would save, as a table for a terminal or a document. */
import type { ParallelCost, ParallelRow, SpeedUp } from "../analysis/index.ts";
import { markdownTable, plain } from "./ranking-page.ts";
import { heading, namedTable, number, wrap } from "./text.ts";

/** The parallel cost of a campaign under the name that it goes by. */
export interface NamedParallel {
  readonly name: string;
  readonly parallel: ParallelCost;
}

/** Average parallelism below which calls were made one after another. */
const LEAST_PARALLELISM = 1.005;

const legend =
  "W: cost of all calls of a run; D: of its longest chain of calls each of which waited for the one before; W / D: " +
  "most workers that are of use on average. With p workers, each call on one of them, a run takes from max(W/p, D) to " +
  "W/p + D (1 - 1/p), the latter if no worker is idle while a call could begin (Brent 1974).";

/** The section for a terminal; empty where there is nothing to show. */
export function parallelText(all: readonly NamedParallel[]): readonly string[] {
  const { shown, workers, remark } = sort(all);
  if (shown.length === 0) return remark.map((text) => `\n${wrap(text, "")}`);
  const head = ["", "W", "D", "W / D", ...workers.map((count) => `p = ${count}`)];
  const rows = shown.flatMap(({ name, parallel }) => [
    [`${name}, k = ${parallel.size}`, ...head.slice(1).map(() => "")],
    ...parallel.rows.map((row) => [`  ${row.strategy}`, ...cellsOf(row, workers.length)]),
  ]);
  return [
    `\n${heading("Parallel cost in LLM primitives, and speed-up with p workers")}`,
    namedTable(
      [head, ...rows],
      head.map((_, column) => column > 0),
    ),
    ...[...remark, legend].map((text) => wrap(text, "  ")),
  ];
}

/** The section for a document; empty where there is nothing to show. */
export function parallelMarkdown(all: readonly NamedParallel[]): readonly string[] {
  const { shown, workers, remark } = sort(all);
  if (shown.length === 0) return remark.map(plain);
  const head = ["problem, strategy", "k", "W", "D", "W / D", ...workers.map((count) => `p = ${count}`)];
  const rows = shown.flatMap(({ name, parallel }) =>
    parallel.rows.map((row) => [
      `${name}, ${row.strategy}`,
      String(parallel.size),
      ...cellsOf(row, workers.length),
    ]),
  );
  return [
    "## Parallel cost in LLM primitives, and speed-up with p workers",
    markdownTable([head, ...rows]),
    ...[...remark, legend].map(plain),
  ];
}

/** Campaigns with a strategy that makes calls side by side; of the others it is enough to say so. */
function sort(all: readonly NamedParallel[]) {
  const known = all.filter(({ parallel }) => parallel.rows.some((row) => row.parallelism !== undefined));
  const isParallel = ({ parallel }: NamedParallel) =>
    parallel.rows.some(({ parallelism = 1 }) => parallelism >= LEAST_PARALLELISM);
  const shown = known.filter(isParallel);
  const chains = known.filter((one) => !isParallel(one)).map(({ name }) => name);
  const workers = shown.flatMap(({ parallel }) => parallel.rows.flatMap((row) => row.speedUps));
  const remark = `Each call waited for the one before (W = D), so that more workers would save nothing, in: ${chains.join(", ")}.`;
  return {
    shown,
    workers: [...new Set(workers.map((one) => one.workers))],
    remark: chains.length > 0 ? [remark] : [],
  };
}

function cellsOf(
  { work, criticalPath, parallelism, speedUps }: ParallelRow,
  count: number,
): readonly string[] {
  return [
    ...[work, criticalPath, parallelism].map(number),
    ...Array.from({ length: count }, (_, index) => rangeText(speedUps[index])),
  ];
}

/** Both bounds with one digit behind the point, once where they are the same. */
function rangeText(speedUp: SpeedUp | undefined): string {
  if (speedUp === undefined) return "-";
  const [low, high] = [speedUp.low, speedUp.high].map((value) => value.toFixed(1));
  return low === high ? `${low}` : `${low}-${high}`;
}
