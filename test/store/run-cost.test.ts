import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defineCampaign, globalRewrite, greedy, primitiveCost, Store } from "../../src/index.ts";
import { scripted } from "../scripted-model.ts";
import { temporaryFolder } from "./folder.ts";
import { groupBy, sum } from "./random-runs.ts";
import { query } from "./tables.ts";
import { runInto, varietyCampaign } from "./variety.ts";

describe("the cost of a run", () => {
  it("counts up to the target, not the candidates that were in the works behind it", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    await runInto(path, varietyCampaign(3));
    const runs = query(path, "SELECT * FROM run WHERE is_solved = 1 ORDER BY id");
    let behind = 0;
    for (const { id } of runs) {
      const calls = query(
        path,
        `SELECT c.sequence, e.fitness, m.size AS modelSize, k.input_tokens AS inputTokens, k.output_tokens AS outputTokens
         FROM candidate c LEFT JOIN llm_call k ON k.candidate_id = c.id LEFT JOIN model m ON m.id = k.model_id
         LEFT JOIN evaluation e ON e.candidate_id = c.id WHERE c.run_id = ? ORDER BY c.sequence`,
        id,
      ) as unknown as readonly ({ sequence: number; fitness: number } & Parameters<
        typeof primitiveCost
      >[0])[];
      const size = query(path, "SELECT size FROM run WHERE id = ?", id)[0]?.size as number;
      const solvedBy = calls.find(({ fitness }) => fitness >= size)!.sequence;
      const counted = calls.filter(
        ({ sequence, inputTokens }) => sequence <= solvedBy && inputTokens !== null,
      );
      behind += calls.length - 1 - counted.length;
      const [found] = query(
        path,
        "SELECT applications, calls, primitive_cost FROM run_cost WHERE run_id = ?",
        id,
      );
      expect(found).toEqual({
        ...{ applications: solvedBy, calls: counted.length },
        primitive_cost: sum(counted.map(primitiveCost)),
      });
    }
    expect(behind).toBeGreaterThan(0);
  });

  it("has, with (1+4) offspring, the sum over generations of the costliest child as critical path", async () => {
    const path = join(temporaryFolder(), "store.sqlite");
    // A model whose calls differ in cost: it reports as many output tokens as its seed says, from 1 to 50.
    const uneven = scripted(
      ({ seed = 0 }) => ({ text: `${seed}\n`.repeat(3), inputTokens: 11, outputTokens: 1 + (seed % 50) }),
      { name: "uneven", size: 3 },
    );
    const campaign = defineCampaign({
      ...{ name: "lambda", problem: "blocks", models: { mutator: uneven }, prompt: "compact" },
      ...{
        sizes: [3],
        seeds: 5,
        strategies: { four: { operators: [globalRewrite()], population: greedy({ offspring: 4 }) } },
      },
    });
    await runInto(path, campaign);
    const calls = query(
      path,
      `SELECT c.run_id, c.generation, k.output_tokens FROM candidate c JOIN llm_call k ON k.candidate_id = c.id
       JOIN run r ON r.id = c.run_id JOIN candidate x ON x.id = r.target_candidate_id WHERE c.sequence <= x.sequence`,
    );
    const expected = groupBy(calls, ({ run_id }) => String(run_id)).map((run) => {
      const generations = groupBy(run, ({ generation }) => String(generation));
      const costliest = generations.map((children) =>
        Math.max(
          ...children.map(({ output_tokens }) =>
            primitiveCost({ modelSize: 3, inputTokens: 11, outputTokens: Number(output_tokens) }),
          ),
        ),
      );
      return { run_id: run[0]?.run_id, critical_path_cost: sum(costliest) };
    });
    expect(expected).toHaveLength(5);
    expect(query(path, "SELECT run_id, critical_path_cost FROM run_cost ORDER BY run_id")).toEqual(expected);
    const [total] = query(
      path,
      "SELECT sum(primitive_cost) > sum(critical_path_cost) AS isLess FROM run_cost",
    );
    expect(total).toEqual({ isLess: 1 });
  });
});

describe("a run that is not finished", () => {
  it("has a cost so far, and is no part of the cost to target", () => {
    const path = join(temporaryFolder(), "store.sqlite");
    const store = new Store(path);
    const campaign = { name: "c", problem: "none", promptMode: "normal", config: {} } as const;
    const campaignId = store.addCampaign({ ...campaign, alleleVersion: "0", createdAt: "" });
    const genome = [{ name: "only", text: "" }];
    const about = { campaignId, strategy: "s", size: 1, target: 1, genome, startedAt: "" };
    for (const seed of [1, 2]) {
      const run = store.startRun({ ...about, seed });
      const head = { sequence: 0, generation: 0, operator: "initial", parents: [] };
      const nothing = {
        rejectReason: undefined,
        candidate: undefined,
        changes: new Map(),
        evaluation: undefined,
      };
      run.candidate({ head, status: "initial", ...nothing, evaluationMs: 0, calls: [] });
      run.candidate({
        ...{ head: { ...head, sequence: 1, generation: 1 }, status: "rejected", ...nothing, evaluationMs: 0 },
        calls: [
          {
            ...{ role: "mutator", model: scripted([], { size: 2 }), request: { messages: [] }, text: "" },
            ...{ inputTokens: 10, outputTokens: seed, isEstimated: false, latencyMs: 0, attempt: 1 },
            chainCost: 0,
            ...{ outcome: "ok", error: undefined },
          },
        ],
      });
      const end = { stopReason: "budget", detail: undefined, solvedBy: undefined, bestFitness: 0 } as const;
      if (seed === 1) run.finish({ ...end, applications: 1, wallMs: 0 });
    }
    store.close();
    // m (t n + t (t - 1) / 2) with m = 2, n = 10 and t = 1, 2.
    expect(query(path, "SELECT seed, status, applications, primitive_cost FROM run_cost")).toEqual([
      { seed: 1, status: "done", applications: 1, primitive_cost: 20 },
      { seed: 2, status: "running", applications: 1, primitive_cost: 42 },
    ]);
    expect(
      query(path, "SELECT runs, solved, mean_primitive_cost, expected_primitive_cost FROM cost_to_target"),
    ).toEqual([{ runs: 1, solved: 0, mean_primitive_cost: 20, expected_primitive_cost: null }]);
  });
});

describe("a view that is filtered", () => {
  it.each([
    "SELECT * FROM lineage WHERE candidate_id = ?",
    "SELECT * FROM candidate_text WHERE candidate_id = ?",
    "SELECT * FROM best_so_far WHERE run_id = ?",
    "SELECT * FROM run_cost WHERE run_id = ?",
  ])("reads no whole table: %s", (sql) => {
    const path = join(temporaryFolder(), "store.sqlite");
    new Store(path).close();
    const plan = query(path, `EXPLAIN QUERY PLAN ${sql}`, 1).map(({ detail }) => String(detail));
    expect(plan.some((step) => step.startsWith("SEARCH"))).toBe(true);
    const scans = plan.filter((step) => step.startsWith("SCAN"));
    const ofIntermediateRows =
      /^SCAN (\(subquery-\d+\)|line|j VIRTUAL TABLE.*|CONSTANT ROW|best_so_far|run_cost)$/;
    expect(scans.filter((step) => !ofIntermediateRows.test(step))).toEqual([]);
  });
});
