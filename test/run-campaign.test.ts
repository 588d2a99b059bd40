import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  blocks,
  type CampaignDefinition,
  type CampaignOptions,
  defineCampaign,
  defineOperator,
  defineProblem,
  globalRewrite,
  localRewrite,
  type Model,
  openToRead,
  runCampaign,
  Store,
  simulated,
} from "../src/index.ts";

/** Runs a campaign in a new store and gives a way to ask it. */
async function carryOut(definition: Partial<CampaignDefinition>, options: Partial<CampaignOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "allele-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "store.sqlite");
  const store = new Store(path);
  const campaign = defineCampaign({
    name: "test",
    problem: blocks({ tokensPerBlock: 4 }),
    models: { mutator: simulated() },
    strategies: { local: { operators: [localRewrite()] } },
    sizes: [1, 2],
    seeds: 2,
    prompt: "compact",
    ...definition,
  });
  const signal = new AbortController().signal;
  const ended = await runCampaign(campaign, { store, signal, ...options })
    .catch((error: unknown) => ({ thrown: error }))
    .finally(() => store.close());
  const query = <Row>(sql: string): Row[] => {
    const reader = openToRead(path);
    const rows = reader.prepare(sql).all() as Row[];
    reader.close();
    return rows;
  };
  return { ended, query };
}

describe("equal-cost seeds", () => {
  it("give size k clamp(round(atLargest C(kmax) / C(k)), atLargest, atMost) runs, C from three pilot runs", async () => {
    const { query } = await carryOut({ sizes: [1, 2, 3, 6, 9], seeds: { atLargest: 4, atMost: 20 } });
    const rows = query<{ size: number; seed: number; cost: number }>(
      "SELECT size, seed, primitive_cost AS cost FROM run_cost ORDER BY size, seed",
    );
    const sizes = [...new Set(rows.map(({ size }) => size))];
    expect(sizes).toEqual([1, 2, 3, 6, 9]);
    const pilot = (size: number) =>
      rows.filter((row) => row.size === size && row.seed <= 3).reduce((sum, { cost }) => sum + cost, 0) / 3;
    const largest = Math.max(...sizes.map(pilot));
    for (const size of sizes) {
      const seeds = Math.min(20, Math.max(4, Math.round((4 * largest) / pilot(size))));
      const found = rows.filter((row) => row.size === size).map(({ seed }) => seed);
      expect([size, found]).toEqual([size, Array.from({ length: seeds }, (_, index) => index + 1)]);
    }
  });

  it("stop adding sizes when fewer than 30 % of a pilot reach the target", async () => {
    // Global mutation at k = 12 takes 4096 applications in the mean; 20 are hopeless.
    const { ended, query } = await carryOut({
      strategies: { global: { operators: [globalRewrite()] } },
      sizes: [1, 12, 13, 14],
      seeds: { atLargest: 3, atMost: 3 },
      runBudget: { calls: 20 },
    });
    expect(ended).toMatchObject({ status: "done" });
    expect(query("SELECT size, count(*) AS runs FROM run GROUP BY size")).toEqual([
      { size: 1, runs: 3 },
      { size: 12, runs: 3 },
    ]);
  });
});

describe("a campaign", () => {
  it("ends with an error when a model keeps failing, and says what the model said", async () => {
    const broken: Model = {
      ...simulated({ name: "broken" }),
      generate: () => Promise.reject(new Error("503 try later")),
    };
    const { ended, query } = await carryOut({ models: { mutator: broken } });
    expect(ended).toMatchObject({ status: "error", error: expect.stringContaining("503 try later") });
    expect(query("SELECT status, stop_reason FROM run")).toEqual([{ status: "error", stop_reason: "error" }]);
    // Five failures in a row end the run; each is a counted row.
    expect(query("SELECT count(*) AS calls, outcome FROM llm_call")).toEqual([
      { calls: 5, outcome: "error" },
    ]);
  });

  it("throws what a plugin throws, ends the other runs, and leaves no run behind as running", async () => {
    let proposals = 0;
    const faulty = defineOperator({
      name: "faulty",
      scope: "global",
      roles: ["mutator"],
      async propose({ models }) {
        await models.mutator.generate({ messages: [{ role: "user", text: "a\n" }] });
        proposals += 1;
        if (proposals === 7) throw new TypeError("a mistake in the operator");
        return { status: "rejected", reason: "not yet" };
      },
    });
    const { ended, query } = await carryOut(
      { strategies: { faulty: { operators: [faulty] } }, sizes: [1], seeds: 6 },
      { concurrency: 3 },
    );
    expect(ended).toEqual({ thrown: new TypeError("a mistake in the operator") });
    const runs = query<{ status: string; detail: string | null }>(
      "SELECT status, stop_detail AS detail FROM run",
    );
    expect(runs.map(({ status }) => status).sort()).toEqual(["error", "interrupted", "interrupted"]);
    expect(runs.filter(({ status }) => status === "error")).toEqual([
      { status: "error", detail: "a mistake in the operator" },
    ]);
    expect(query("SELECT status FROM campaign")).toEqual([{ status: "error" }]);
  });

  it.each([
    ["two components of one name", ["a", "b", "a"], 1, "made two components named 'a'; names must differ"],
    ["no components", [], 1, "made a solution without components"],
    ["a target that is no number", ["a"], Number.NaN, "made the target NaN; expected a finite fitness"],
  ])("refuses a problem with %s", async (_what, names, target, message) => {
    const problem = defineProblem({
      name: "odd",
      instance: () => ({
        components: names.map((name) => ({ name, text: "" })),
        statement: "",
        target,
        evaluate: () => ({ status: "ok", fitness: 0 }),
      }),
    });
    const { ended } = await carryOut({ problem });
    expect(ended).toMatchObject({
      thrown: { name: "UsageError", message: expect.stringContaining(message) },
    });
  });
});
