import { describe, expect, it } from "vitest";
import { countRunsEndedBelow, readRunCosts } from "../../src/index.ts";
import {
  type AnyRun,
  costs,
  fitnessOf,
  groupBy,
  near,
  onRandomRuns,
  runCost,
  solver,
  sum,
  target,
} from "./random-runs.ts";

describe("on random calls, the views agree with core/cost.ts:", () => {
  it("run_cost, up to the target, with the critical path", () =>
    onRandomRuns((runs, rows) => {
      const found = rows("SELECT * FROM run_cost WHERE campaign_id = ? ORDER BY run_id");
      expect(found.map(({ run_id, campaign_id, ...row }) => row)).toEqual(
        runs.map((run, seed) => runCost(run, seed)),
      );
    }));

  it("run_role_cost, up to the target", () =>
    onRandomRuns((runs, rows) => {
      const expected = runs.flatMap(({ candidates }, seed) => {
        const calls = candidates.slice(0, solver(candidates)).flatMap((one) => one.calls);
        return groupBy(calls, (call) => call.role).map((group) => {
          const { usd, primitive, linear, ...counts } = costs(group);
          return {
            ...{ seed, role: group[0]?.role, calls: counts.calls },
            ...{ input_tokens: counts.inputTokens, output_tokens: counts.outputTokens },
            model_size: near(sum(group.map((call) => call.model.size)) / group.length),
            ...{ primitive_cost: primitive, linear_cost: linear, usd: near(usd) },
            is_estimated: group.some((call) => call.isEstimated) ? 1 : 0,
          };
        });
      });
      const found = rows(
        `SELECT r.seed, x.* FROM run_role_cost x JOIN run r ON r.id = x.run_id WHERE x.campaign_id = ?
         ORDER BY run_id, role`,
      );
      expect(found.map(({ run_id, campaign_id, ...row }) => row)).toEqual(expected);
    }));

  it("cost_to_target, over the runs of a strategy and size", () =>
    onRandomRuns((runs, rows) => {
      const expected = groupBy(
        runs.map((run, seed) => runCost(run, seed)),
        (run) => `${run.strategy}/${run.size}`,
      ).map((group) => {
        const solved = sum(group.map((run) => run.is_solved));
        const mean = (key: "applications" | "calls" | "primitive_cost" | "linear_cost") =>
          near(sum(group.map((run) => run[key])) / group.length);
        const perSolved = (total: number) => near(solved === 0 ? null : total / solved);
        const usd = groupUsd(runs, group[0]?.strategy, group[0]?.size);
        return {
          ...{ strategy: group[0]?.strategy, size: group[0]?.size, runs: group.length, solved },
          ...{ mean_applications: mean("applications"), mean_calls: mean("calls") },
          ...{ mean_primitive_cost: mean("primitive_cost"), mean_linear_cost: mean("linear_cost") },
          expected_primitive_cost: perSolved(sum(group.map((run) => run.primitive_cost))),
          expected_linear_cost: perSolved(sum(group.map((run) => run.linear_cost))),
          expected_usd: usd === null ? null : perSolved(usd),
        };
      });
      const found = rows("SELECT * FROM cost_to_target WHERE campaign_id = ? ORDER BY strategy, size");
      expect(found.map(({ campaign_id, ...row }) => row)).toEqual(expected);
    }));

  it("operator_summary, over all candidates", () =>
    onRandomRuns((runs, rows) => {
      const candidates = runs.flatMap((run) =>
        run.candidates.map((one) => ({ ...one, strategy: run.strategy })),
      );
      const expected = groupBy(candidates, (one) => `${one.strategy}/${one.operator}`).map((group) => {
        const count = (status: string) => group.filter((one) => one.status === status).length;
        const notes = group.filter((one) => one.status === "rejected" && one.isNote).length;
        const { calls, primitive } = costs(group.flatMap((one) => one.calls));
        return {
          ...{ strategy: group[0]?.strategy, operator: group[0]?.operator, candidates: group.length },
          ...{ accepted: count("accepted"), discarded: count("discarded") },
          ...{ rejected: count("rejected") - notes, notes, calls, primitive_cost: primitive },
        };
      });
      const found = rows("SELECT * FROM operator_summary WHERE campaign_id = ? ORDER BY strategy, operator");
      expect(found.map(({ campaign_id, ...row }) => row)).toEqual(expected);
    }));

  it("model_summary, over all calls", () =>
    onRandomRuns((runs, rows) => {
      const calls = runs.flatMap((run) => run.candidates.flatMap((one) => one.calls));
      const expected = groupBy(calls, (call) => `${call.role}/${call.model.name}`).map((group) => {
        const { usd, primitive, linear, inputTokens, outputTokens } = costs(group);
        const { name, provider, size } = group[0]!.model;
        return {
          ...{ role: group[0]?.role, model: name, provider, size, calls: group.length },
          failed_calls: group.filter((call) => call.text === undefined).length,
          ...{ input_tokens: inputTokens, output_tokens: outputTokens },
          ...{ primitive_cost: primitive, linear_cost: linear, usd: near(usd) },
          mean_latency_ms: near(sum(group.map((call) => call.latencyMs)) / group.length),
        };
      });
      const found = rows("SELECT * FROM model_summary WHERE campaign_id = ? ORDER BY role, model");
      expect(found.map(({ campaign_id, ...row }) => row)).toEqual(expected);
    }));

  it("best_so_far, with the cost of everything before", () =>
    onRandomRuns((runs, rows) => {
      const expected = runs.flatMap(({ candidates }, seed) => {
        let best = 0;
        const records = [{ seed, sequence: 0, fitness: 0, calls: 0, primitive_cost: 0, linear_cost: 0 }];
        for (const [index, candidate] of candidates.entries()) {
          const fitness = fitnessOf(candidate);
          if (fitness === null || fitness <= best) continue;
          best = fitness;
          const spent = costs(candidates.slice(0, index + 1).flatMap((one) => one.calls));
          const { calls, primitive, linear } = spent;
          records.push({
            ...{ seed, sequence: index + 1, fitness },
            ...{ calls, primitive_cost: primitive, linear_cost: linear },
          });
        }
        return records;
      });
      const found = rows(
        `SELECT r.seed, b.sequence, b.fitness, b.calls, b.primitive_cost, b.linear_cost
         FROM best_so_far b JOIN run r ON r.id = b.run_id WHERE r.campaign_id = ? ORDER BY r.id, b.sequence`,
      );
      expect(found).toEqual(expected);
    }));
});

describe("on random calls, the costs that the analysis reads agree with core/cost.ts:", () => {
  it.each([
    ["up to the target of the run", undefined, target],
    ["up to a fitness that the user names", { fitness: 5 }, 5],
    ["up to a share of the target", { share: 0.3 }, 3],
    ["to the end, where the target is out of reach", { fitness: 99 }, 99],
  ])("%s", (_what, asked, level) =>
    onRandomRuns((runs, _rows, reader, campaignId) => {
      const expected = runs.flatMap((run, seed) => {
        const { strategy, size, is_solved, applications, critical_path_cost } = runCost(run, seed, level);
        if (is_solved === 0 && applications === 0) return []; // nothing was tried
        const isEndedBelow = is_solved === 0 && solver(run.candidates) !== undefined; // by its own target
        if (isEndedBelow) return [];
        const calls = run.candidates.slice(0, solver(run.candidates, level)).flatMap((one) => one.calls);
        const roles = groupBy(calls, (call) => call.role).map((group) => {
          const { usd, primitive, linear, ...counts } = costs(group);
          return {
            ...{ role: group[0]?.role, ...counts, primitiveCost: primitive, linearCost: linear },
            modelSize: near(sum(group.map((call) => call.model.size)) / group.length),
            usd: near(usd) ?? undefined,
          };
        });
        return [
          {
            ...{ runId: expect.any(Number), strategy, size, seed, isSolved: is_solved === 1, applications },
            ...{ criticalPathCost: critical_path_cost, roles },
          },
        ];
      });
      expect(readRunCosts(reader, campaignId, asked)).toEqual(expected);
      const endedBelow = runs.filter(
        ({ candidates }) => solver(candidates) !== undefined && solver(candidates, level) === undefined,
      );
      if (asked) expect(countRunsEndedBelow(reader, campaignId, asked)).toBe(endedBelow.length);
    }),
  );
});

/** Money of the runs of a strategy and size up to the target; null when a call has no price. */
function groupUsd(runs: readonly AnyRun[], strategy: string | undefined, size: number | undefined) {
  const calls = runs
    .filter((run) => run.strategy === strategy && run.size === size)
    .flatMap(({ candidates }) => candidates.slice(0, solver(candidates)).flatMap((one) => one.calls));
  return costs(calls).usd;
}
