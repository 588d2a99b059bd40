/** Whole campaigns through the HTTP adapters: the same model behind a server gives the same campaign. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ModelServer, serveModel } from "../../bench/model-server.ts";
import { compareCampaign } from "../../src/cli/compare.ts";
import {
  blocks,
  type Campaign,
  defineCampaign,
  findDifference,
  globalRewrite,
  localRewrite,
  type Model,
  openToRead,
  readRecording,
  runCampaign,
  Store,
  simulated,
} from "../../src/index.ts";
import { readModel } from "../../src/read-model.ts";
import { temporaryFolder } from "../cli/allele.ts";

/** A model that breaks format now and then, behind a server. */
async function server(): Promise<ModelServer> {
  const served = await serveModel(simulated({ malformedRate: 0.05 }));
  onTestFinished(() => served.close());
  return served;
}

const campaignOf = (mutator: Model | string): Campaign =>
  defineCampaign({
    name: "through-http",
    problem: blocks(),
    models: { mutator },
    strategies: {
      global: { operators: [globalRewrite()], sizes: [1, 2, 3, 4, 5] },
      local: { operators: [localRewrite({ schedule: "sequential" })], sizes: [1, 2, 4, 8, 16] },
    },
    sizes: [1],
    seeds: 4,
    prompt: "compact",
  });

/** Carries a campaign out in a store of its own. */
async function carryOut(campaign: Campaign, options: Partial<Parameters<typeof runCampaign>[1]> = {}) {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new Store(path);
  const { campaignId, status } = await runCampaign(campaign, {
    ...{ store, signal: new AbortController().signal, concurrency: 2 },
    ...options,
  });
  store.close();
  const connection = openToRead(path);
  onTestFinished(() => {
    connection.close();
  });
  return { store: connection, campaignId, status };
}

/** What matters of a campaign's candidates: all that the engine decided. */
function candidates({ store }: Awaited<ReturnType<typeof carryOut>>): unknown[] {
  return store
    .prepare(
      `SELECT r.strategy, r.size, r.seed, c.sequence, c.status, c.reject_reason, k.input_tokens, k.output_tokens
       FROM candidate c JOIN run r ON r.id = c.run_id LEFT JOIN llm_call k ON k.candidate_id = c.id
       ORDER BY r.strategy, r.size, r.seed, c.sequence`,
    )
    .raw()
    .all();
}

describe("a campaign through HTTP", () => {
  it("gives the candidates, the token counts and the verdicts of the same model in process", async () => {
    const { url, answered } = await server();
    const model = simulated({ malformedRate: 0.05 });
    const inProcess = await carryOut(campaignOf(model));
    const verdict = compareCampaign(inProcess.store, inProcess.campaignId, "primitives").comparison;
    expect(verdict.strategies.map(({ sizes }) => sizes.map(({ solved }) => solved))).toEqual([
      [4, 4, 4, 4, 4],
      [4, 4, 4, 4, 4],
    ]);
    for (const text of [`openai:simulated@${url}/v1`, "ollama:simulated"]) {
      const before = answered();
      const environment = { OLLAMA_HOST: url };
      const through = await carryOut(campaignOf(readModel(text).model), { environment });
      expect(candidates(through)).toEqual(candidates(inProcess));
      expect(compareCampaign(through.store, through.campaignId, "primitives").comparison).toEqual(verdict);
      const rows = through.store.prepare("SELECT count(*) FROM llm_call").pluck().get();
      expect(answered() - before).toBe(rows);
    }
  });

  it("is replayed from its store with no server, row for row", async () => {
    const { url, close } = await server();
    const campaign = campaignOf(`openai:simulated@${url}/v1,size=7,price=1/2`);
    const live = await carryOut(campaign);
    close();
    const recording = readRecording(live.store, live.campaignId);
    const again = await carryOut(campaign, { recording });
    expect(again.status).toBe("done");
    expect(findDifference(live, again)).toBeUndefined();
    // What was compared is really there, and a change would be seen.
    expect(candidates(again).length).toBeGreaterThan(500);
    const other = await carryOut(campaignOf(simulated()));
    expect(findDifference(live, other)).toMatch(/^\w+ row \d+ was .* and is /);
  });
});
