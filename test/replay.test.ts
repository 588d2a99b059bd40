/** Replay of live campaigns in which calls fail, budgets end, and models are chosen by what came of them. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  bandit,
  blocks,
  type Campaign,
  type CampaignDefinition,
  type CampaignOptions,
  defineCampaign,
  defineOperator,
  escalation,
  findDifference,
  globalRewrite,
  greedy,
  localRewrite,
  type Model,
  ModelError,
  openToRead,
  proposed,
  readRecording,
  rngFrom,
  runCampaign,
  type SimulatedOptions,
  Store,
  simulated,
  voting,
} from "../src/index.ts";
import { temporaryFolder } from "./cli/allele.ts";

/** A live model that fails now and then in every way, by the order in which calls come. */
function unsteady(options: SimulatedOptions, onCall: () => void = () => {}): Model {
  const inner = simulated(options);
  const rng = rngFrom("unsteady", inner.name);
  return {
    ...inner,
    provider: "live",
    isDeterministic: false,
    calls: { retries: 2, retryDelayMs: 0 },
    async generate(request) {
      onCall();
      await new Promise(setImmediate);
      const draw = rng();
      if (draw < 0.1) throw new ModelError("server answered 429", { isRetryable: true });
      if (draw < 0.15)
        throw new ModelError("connection lost", { isRetryable: true, partialText: "half an ans" });
      if (draw < 0.2) throw new ModelError("refused to answer");
      const answer = await inner.generate(request);
      return draw < 0.3 ? { ...answer, inputTokens: undefined, outputTokens: undefined } : answer;
    },
  };
}

/**
 * Makes calls in two chains at once, each in two roles, and a last call that depends on which chain was first; at
 * temperature 0, where answers are used again, on none.
 */
const atOnce = (temperature: number | undefined, isRace: boolean) =>
  defineOperator({
    ...{ name: "at-once", scope: "global", roles: ["mutator", "qa"] },
    async propose({ models, parents, rng }) {
      const ask = async (role: "mutator" | "qa", text: string) => {
        const options = temperature === undefined ? {} : { temperature };
        return (await models[role].generate({ ...options, messages: [{ role: "user", text }] })).text;
      };
      const chain = async (text: string) => `${text} ${await ask("qa", await ask("mutator", text))}`;
      const chains = [chain("first"), chain("second")];
      const winner = isRace ? await Promise.race(chains) : "none";
      await Promise.all(chains);
      await ask("mutator", winner);
      const [{ candidate }] = parents;
      return proposed(new Map([[0, `${candidate.genome[0]?.text}${rng() < 0.5 ? winner : ""}\n`]]));
    },
  });

/** Answers after a random number of turns, so that calls overtake each other. */
function unhurried(model: Model): Model {
  const rng = rngFrom("unhurried", model.name);
  return {
    ...model,
    async generate(request) {
      for (let turns = Math.floor(rng() * 20); turns > 0; turns--) await new Promise(setImmediate);
      return model.generate(request);
    },
  };
}

function parallelCampaign(
  more: Partial<CampaignDefinition>,
  qa: Model,
  temperature?: number,
  isRace = temperature !== 0,
): Campaign {
  const mutator = unhurried(unsteady({ name: "parallel", vocabulary: 4 }));
  return defineCampaign({
    name: "parallel",
    problem: blocks({ tokensPerBlock: 3 }),
    strategies: { all: { operators: [atOnce(temperature, isRace)], population: greedy({ offspring: 3 }) } },
    models: { mutator, qa },
    sizes: [2, 3],
    seeds: 2,
    runBudget: { evaluations: 20 },
    ...more,
  });
}

function campaign(onCall?: () => void): Campaign {
  const price = { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 5 };
  const small = unsteady({ name: "small", vocabulary: 4 }, onCall);
  const large = unsteady({ name: "large", size: 10, price }, onCall);
  const operators = [localRewrite(), { operator: globalRewrite(), weight: 0.2 }];
  const population = greedy({ offspring: 3 });
  return defineCampaign({
    name: "unsteady",
    problem: blocks({ tokensPerBlock: 3 }),
    strategies: {
      bandit: { operators, population, models: { mutator: bandit([small, large]) } },
      voted: { operators, population, models: { mutator: voting(small, { lead: 2, mostCalls: 12 }) } },
      escalation: { operators, population, models: { mutator: escalation([small, large]) } },
      large: { operators, population, models: { mutator: large } },
    },
    sizes: [2, 6],
    seeds: 3,
    prompt: "compact",
    runBudget: { calls: 25 },
  });
}

async function carryOut(options: Partial<CampaignOptions> = {}, carried = campaign()) {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new Store(path);
  const { campaignId } = await runCampaign(carried, {
    store,
    signal: new AbortController().signal,
    ...options,
  });
  store.close();
  const connection = openToRead(path);
  onTestFinished(() => {
    connection.close();
  });
  return { store: connection, campaignId };
}

describe("a replay", () => {
  it("gives every row again: failed and repeated tries, estimates, budgets, choices of a model", async () => {
    // One run after the other, so that what happens does not depend on the machine.
    const live = await carryOut({ concurrency: 1 });
    const again = await carryOut({ recording: readRecording(live.store, live.campaignId), concurrency: 3 });
    expect(findDifference(live, again)).toBeUndefined();
    // All of that did happen.
    const count = (sql: string) => Number(again.store.prepare(sql).pluck().get());
    expect(count("SELECT count(*) FROM llm_call WHERE attempt = 3")).toBeGreaterThan(0);
    expect(
      count("SELECT count(*) FROM llm_call WHERE outcome = 'error' AND response IS NOT NULL"),
    ).toBeGreaterThan(0);
    expect(count("SELECT count(*) FROM llm_call WHERE is_estimated = 1 AND outcome = 'ok'")).toBeGreaterThan(
      0,
    );
    expect(
      count("SELECT count(*) FROM candidate WHERE reject_reason LIKE '%refused to answer'"),
    ).toBeGreaterThan(0);
    expect(count("SELECT count(*) FROM run WHERE stop_reason = 'budget'")).toBeGreaterThan(0);
    expect(count("SELECT count(*) FROM run WHERE stop_reason = 'target'")).toBeGreaterThan(0);
    expect(count("SELECT count(DISTINCT model_id) FROM llm_call")).toBe(2);
    expect(count("SELECT count(*) FROM model WHERE price_as_of IS NOT NULL")).toBe(1);
  });

  it("goes as far as the answers of a campaign that was interrupted, and ends as it did", async () => {
    const controller = new AbortController();
    let calls = 0;
    const stop = () => {
      if (++calls === 90) controller.abort();
    };
    const live = await carryOut({ signal: controller.signal }, campaign(stop));
    const again = await carryOut({ recording: readRecording(live.store, live.campaignId) });
    expect(findDifference(live, again)).toBeUndefined();
    const ends = again.store.prepare("SELECT DISTINCT stop_reason FROM run").pluck().all();
    expect(ends).toContain("interrupted");
    const proposed = again.store
      .prepare("SELECT count(*) FROM candidate WHERE status = 'proposed'")
      .pluck()
      .get();
    expect(proposed).toBeGreaterThan(0);
  });

  const paidQa = () => unhurried(unsteady({ name: "qa", vocabulary: 4 }));
  const freeQa = () => simulated({ name: "qa", vocabulary: 4 });

  it.each([
    ["of every call", {}, paidQa],
    ["that ends at a budget of calls", { runBudget: { calls: 20 } }, paidQa],
    ["that ends at a budget of primitives shared by runs", { budget: { primitives: 150 } }, paidQa],
    ["that ends at a time", { runBudget: { wallMs: 30 } }, paidQa],
    ["with free models among paid ones", { runBudget: { calls: 20 } }, freeQa],
  ] as const)("lets calls that were made at once end in the same order: %s", async (_case, more, qa) => {
    const live = await carryOut({}, parallelCampaign(more, qa()));
    const options = { recording: readRecording(live.store, live.campaignId), concurrency: 1 };
    const again = await carryOut(options, parallelCampaign(more, qa()));
    expect(findDifference(live, again)).toBeUndefined();
  });

  it.each([
    ["that operators ask for", 0, {}],
    ["of the models' own", undefined, { temperature: 0 }],
  ])("knows requests with a temperature %s, and which answers were used again", async (_case, asked, own) => {
    const steady = (name: string): Model => ({
      ...simulated({ name, vocabulary: 4 }),
      ...{ provider: "live", isDeterministic: false, ...own },
    });
    const made = () => {
      const models = { mutator: unhurried(steady("m")), qa: unhurried(steady("q")) };
      return parallelCampaign({ reuseAnswers: true, models }, models.qa, asked, false);
    };
    const live = await carryOut({}, made());
    const recording = readRecording(live.store, live.campaignId);
    const again = await carryOut({ recording, concurrency: 1 }, made());
    expect(findDifference(live, again)).toBeUndefined();
    const [{ calls, candidates }] = again.store
      .prepare("SELECT (SELECT count(*) FROM llm_call) AS calls, count(*) AS candidates FROM candidate")
      .all() as [{ calls: number; candidates: number }];
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(candidates); // each made five requests
  });

  it("goes as far as the answers of a campaign whose process was killed", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "whole.sqlite");
    const killed = join(folder, "killed.sqlite");
    const store = new Store(path);
    let candidates = 0;
    await runCampaign(campaign(), {
      ...{ store, signal: new AbortController().signal },
      onProgress({ kind }) {
        if (kind !== "candidate" || ++candidates !== 60) return;
        const reader = openToRead(path); // sees what is committed: what a killed process leaves behind
        reader.exec(`VACUUM INTO '${killed}'`);
        reader.close();
      },
    });
    store.close();
    const live = { store: openToRead(killed), campaignId: 1 };
    onTestFinished(() => {
      live.store.close();
    });
    expect(live.store.prepare("SELECT count(*) FROM run WHERE stop_reason IS NULL").pluck().get()).not.toBe(
      0,
    );
    const again = await carryOut({ recording: readRecording(live.store, live.campaignId) });
    expect(findDifference(live, again)).toBeUndefined();
  });

  it("says what does not fit the recording", async () => {
    const live = await carryOut();
    const recording = readRecording(live.store, live.campaignId);
    const forRun = (run: Parameters<typeof recording.forRun>[0]) =>
      recording.forRun({ ...run, seed: (run.seed % 3) + 1 });
    await expect(carryOut({ recording: { ...recording, forRun } })).rejects.toThrow(
      /^Candidate \d asks the mutator for something that the recording does not hold/,
    );
    await expect(carryOut({ recording: { ...recording, forRun: () => undefined } })).rejects.toThrow(
      "The recording has no run of bandit at size 2 with seed 1; replay the campaign as it was",
    );
  });
});
