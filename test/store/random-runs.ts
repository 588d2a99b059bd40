/** Random runs, written to a store through its recorder, and what core/cost.ts says that they cost. */
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import {
  type CallRecord,
  type Candidate,
  type Connection,
  linearCost,
  type Model,
  openToRead,
  primitiveCost,
  Store,
  usdCost,
} from "../../src/index.ts";
import { scripted } from "../scripted-model.ts";
import { temporaryFolder } from "./folder.ts";
import type { Row } from "./tables.ts";

const model = (name: string, size: number, price?: Model["price"]) =>
  scripted([], { name, size, isDeterministic: false, ...(price === undefined ? {} : { price }) });
const cheap = model("cheap", 0.5, { usdPerMillionInputTokens: 0.25, usdPerMillionOutputTokens: 1 });
const dear = model("dear", 70, { usdPerMillionInputTokens: 3, usdPerMillionOutputTokens: 16 });
const unpriced = model("unpriced", 8);

/** Any call: one that was counted, or one that failed and was not. Sizes and counts keep sums exact in a double. */
const anyCall: fc.Arbitrary<Omit<CallRecord, "chainCost">> = fc
  .record({
    role: fc.constantFrom("mutator", "judge"),
    model: fc.constantFrom(cheap, dear, unpriced),
    tokens: fc.option(fc.tuple(fc.nat(200_000), fc.nat(100_000)), { freq: 6 }),
    isEstimated: fc.boolean(),
    attempt: fc.integer({ min: 1, max: 3 }),
    outcome: fc.constantFrom("ok", "length", "other"),
    failure: fc.constantFrom("error", "aborted"),
    latencyMs: fc.nat(1000),
  })
  .map(({ tokens, failure, outcome, ...call }) => ({
    ...call,
    role: call.role as CallRecord["role"],
    request: { messages: [{ role: "user", text: "?" }] },
    text: tokens === null ? undefined : "!",
    inputTokens: tokens?.[0],
    outputTokens: tokens?.[1],
    outcome: (tokens === null ? failure : outcome) as CallRecord["outcome"],
    error: tokens === null ? "no answer" : undefined,
  }));

/** Any calls of a candidate: each waits for the longest chain before it, or for nothing. */
const anyCalls: fc.Arbitrary<readonly CallRecord[]> = fc
  .array(fc.tuple(anyCall, fc.boolean()), { maxLength: 4 })
  .map((calls) => {
    let longest = 0;
    return calls.map(([call, isWaiting]) => {
      const chainCost = (isWaiting ? longest : 0) + costs([call]).primitive;
      longest = Math.max(longest, chainCost);
      return { ...call, chainCost };
    });
  });

/** Any candidate but the first of a run; `isLater` begins a new generation. */
const anyCandidate = fc.record({
  operator: fc.constantFrom("local", "global"),
  status: fc.constantFrom("accepted", "discarded", "rejected"),
  isLater: fc.boolean(),
  isNote: fc.boolean(),
  fitness: fc.option(fc.integer({ min: -3, max: 12 })),
  calls: anyCalls,
});

const anyRun = fc.record({
  strategy: fc.constantFrom("one", "two"),
  size: fc.constantFrom(1, 2),
  candidates: fc.array(anyCandidate, { maxLength: 8 }),
});

/** A random run. */
export type AnyRun = typeof anyRun extends fc.Arbitrary<infer T> ? T : never;
type AnyCandidate = AnyRun["candidates"][number];

/** The target of every random run. */
export const target = 10;

/** Writes runs as the engine would, in a campaign of their own. */
function write(store: Store, runs: readonly AnyRun[]): number {
  const campaignId = store.addCampaign({
    ...{
      name: "random",
      problem: "none",
      promptMode: "normal",
      config: {},
      alleleVersion: "0",
      createdAt: "",
    },
  });
  const genome = [{ name: "only", text: "" }];
  for (const [seed, { strategy, size, candidates }] of runs.entries()) {
    const run = store.startRun({ campaignId, strategy, size, seed, target, genome, startedAt: "" });
    const first: Candidate = {
      sequence: 0,
      generation: 0,
      parents: [],
      operator: "initial",
      changed: [],
      genome,
    };
    const at = { evaluationMs: 0, rejectReason: undefined };
    run.candidate({
      ...at,
      ...{
        head: { ...first, parents: [] },
        status: "initial",
        candidate: first,
        changes: new Map([[0, ""]]),
      },
      ...{ evaluation: { status: "ok", fitness: 0 }, calls: [] },
    });
    let generation = 1;
    for (const [index, { operator, status, isLater, isNote, fitness, calls }] of candidates.entries()) {
      if (isLater) generation += 1;
      run.candidate({
        ...at,
        head: { sequence: index + 1, generation, operator, parents: [first] },
        ...{ status: status as "accepted", candidate: undefined, changes: new Map(), calls },
        note: status === "rejected" && isNote ? "do better" : undefined,
        evaluation:
          status === "rejected"
            ? undefined
            : fitness === null
              ? { status: "failed", reason: "crash" }
              : { status: "ok", fitness },
      });
    }
    const solvedBy = solver(candidates);
    run.finish({
      ...{ stopReason: solvedBy === undefined ? "budget" : "target", detail: undefined, wallMs: 0 },
      ...{ solvedBy, bestFitness: 0, applications: candidates.length },
    });
  }
  store.commit();
  return campaignId;
}

/** The fitness of a candidate; null when it has none. */
export const fitnessOf = ({ status, fitness }: AnyCandidate) => (status === "rejected" ? null : fitness);

/** Sequence of the first candidate that reached a fitness above 0, the target if none is given. */
export function solver(candidates: readonly AnyCandidate[], level = target): number | undefined {
  const index = candidates.findIndex((candidate) => (fitnessOf(candidate) ?? -1) >= level);
  return index < 0 ? undefined : index + 1;
}

/** The sum of numbers; 0 of none. */
export const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** What core/cost.ts says of calls; a call that was not counted costs nothing. */
export function costs(calls: readonly Omit<CallRecord, "chainCost">[]) {
  const counted = calls.flatMap(({ model, inputTokens, outputTokens }) =>
    inputTokens === undefined || outputTokens === undefined
      ? []
      : [{ counts: { modelSize: model.size, inputTokens, outputTokens }, price: model.price }],
  );
  const money = counted.map(({ counts, price }) => usdCost(counts, price));
  return {
    calls: calls.length,
    inputTokens: sum(counted.map(({ counts }) => counts.inputTokens)),
    outputTokens: sum(counted.map(({ counts }) => counts.outputTokens)),
    primitive: sum(counted.map(({ counts }) => primitiveCost(counts))),
    linear: sum(counted.map(({ counts }) => linearCost(counts))),
    usd: money.includes(undefined) ? null : sum(money.map((value) => value ?? 0)),
  };
}

/** Matches a number up to rounding. */
export const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 6));

/** The row of run_cost that a run must give. */
export function runCost({ strategy, size, candidates }: AnyRun, seed: number, level = target) {
  const upToTarget = candidates.slice(0, solver(candidates, level));
  const { calls, outputTokens, primitive, linear, usd } = costs(upToTarget.flatMap((one) => one.calls));
  const generations: number[] = [];
  let generation = 0;
  for (const candidate of upToTarget) {
    if (candidate.isLater) generation += 1;
    const chains = candidate.calls.map(({ chainCost }) => chainCost);
    generations[generation] = Math.max(generations[generation] ?? 0, ...chains);
  }
  return {
    ...{ strategy, size, seed, status: "done", is_solved: solver(candidates, level) === undefined ? 0 : 1 },
    ...{ applications: upToTarget.length, calls, primitives: outputTokens },
    ...{ primitive_cost: primitive, linear_cost: linear, usd: near(usd) },
    critical_path_cost: sum(generations.map((cost) => cost ?? 0)),
  };
}

/** Groups values by a key, in the order of the keys. */
export function groupBy<T>(values: readonly T[], key: (value: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Checks one view after another on random runs. */
export async function onRandomRuns(
  check: (
    runs: readonly AnyRun[],
    rows: (sql: string) => readonly Row[],
    reader: Connection,
    campaignId: number,
  ) => void,
) {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new Store(path, { batchMs: 60_000 });
  const reader = openToRead(path);
  try {
    fc.assert(
      fc.property(fc.array(anyRun, { minLength: 1, maxLength: 4 }), (runs) => {
        const campaignId = write(store, runs);
        check(runs, (sql) => reader.prepare<[number], Row>(sql).all(campaignId), reader, campaignId);
      }),
      { seed: 1, numRuns: 30 },
    );
  } finally {
    reader.close();
    store.close();
  }
}
