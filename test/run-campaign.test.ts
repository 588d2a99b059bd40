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
  ensemble,
  type Genome,
  globalRewrite,
  greedy,
  localRewrite,
  type Model,
  ModelError,
  openToRead,
  proposed,
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
    expect(ended).toMatchObject({
      status: "done",
      notes: [
        "global was not run at k = 13, 14: fewer than 30 % of the pilot runs at k = 12 reached the target",
      ],
    });
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

  it("ends the other runs too when a problem cannot make an instance", async () => {
    const good = blocks({ tokensPerBlock: 4, successProbability: 1e-9 });
    const problem = defineProblem({
      name: "half",
      instance(request) {
        if (request.size === 2) throw new Error("no instance of size 2");
        return good.instance(request);
      },
    });
    const slow = simulated({ latency: { perCallMs: 5 } });
    const { ended, query } = await carryOut(
      { problem, models: { mutator: slow }, seeds: 1 },
      { concurrency: 2 },
    );
    expect(ended).toEqual({ thrown: new Error("no instance of size 2") });
    expect(query("SELECT size, status FROM run")).toEqual([{ size: 1, status: "interrupted" }]);
  });

  it("keeps the paid calls of candidates in flight when a plugin throws", async () => {
    let asked = 0;
    const paid: Model = { ...simulated(), name: "paid", isDeterministic: false };
    const faulty = defineOperator({
      name: "faulty",
      scope: "global",
      roles: ["mutator"],
      async propose({ models }) {
        asked += 1;
        const isFirst = asked === 1;
        await models.mutator.generate({ messages: [{ role: "user", text: "a\n" }] });
        if (isFirst) throw new TypeError("a mistake");
        return { status: "rejected", reason: "not yet" };
      },
    });
    const { ended, query } = await carryOut({
      models: { mutator: paid },
      strategies: { faulty: { operators: [faulty], population: greedy({ offspring: 4 }) } },
      sizes: [1],
      seeds: 1,
    });
    expect(ended).toEqual({ thrown: new TypeError("a mistake") });
    expect(query("SELECT count(*) AS calls FROM llm_call")).toEqual([{ calls: 4 }]);
  });

  it("stops at its budget although an operator swallows the refusal", async () => {
    const stubborn = defineOperator({
      name: "stubborn",
      scope: "global",
      roles: ["mutator"],
      async propose({ models }) {
        try {
          await models.mutator.generate({ messages: [{ role: "user", text: "a\n" }] });
        } catch {}
        return { status: "rejected", reason: "never mind" };
      },
    });
    const strategies = { stubborn: { operators: [stubborn] } };
    const { query } = await carryOut({ strategies, sizes: [1], seeds: 1, runBudget: { calls: 10 } });
    expect(query("SELECT stop_reason, stop_detail FROM run")).toEqual([
      { stop_reason: "budget", stop_detail: "10 calls" },
    ]);
    expect(query("SELECT count(*) AS calls FROM llm_call")).toEqual([{ calls: 10 }]);
  });

  it("gives up on an operator that rejects everything without asking a model", async () => {
    const idle = defineOperator({
      name: "idle",
      scope: "global",
      roles: [],
      propose: async () => ({ status: "rejected", reason: "nothing to do" }),
    });
    const { ended } = await carryOut({ strategies: { idle: { operators: [idle] } }, sizes: [1], seeds: 1 });
    expect(ended).toMatchObject({
      status: "error",
      error: expect.stringContaining("1000 proposals in a row were rejected without a model call"),
    });
  });

  it("keeps to its wall time and hears its signal although an evaluator never answers", async () => {
    const never = defineProblem({
      name: "never",
      instance: ({ size, seed }) => ({
        ...blocks().instance({ size, seed }),
        evaluate: (genome) =>
          genome[0]?.text === blocks().instance({ size, seed }).components[0]?.text
            ? { status: "ok", fitness: 0 }
            : new Promise(() => {}),
      }),
    });
    const { query } = await carryOut({ problem: never, sizes: [1], seeds: 1, runBudget: { wallMs: 50 } });
    expect(query("SELECT stop_reason, stop_detail FROM run")).toEqual([
      { stop_reason: "budget", stop_detail: "50 ms wall time" },
    ]);
    const signal = AbortSignal.timeout(50);
    const { ended } = await carryOut({ problem: never, sizes: [1], seeds: 1 }, { signal });
    expect(ended).toMatchObject({ status: "interrupted" });
  });

  it("hears its signal between runs that are shorter than a turn of the event loop", async () => {
    const signal = AbortSignal.timeout(100);
    const { ended, query } = await carryOut({ sizes: [1], seeds: 1_000_000 }, { signal });
    expect(ended).toMatchObject({ status: "interrupted" });
    const [{ runs } = { runs: 0 }] = query<{ runs: number }>("SELECT count(*) AS runs FROM run");
    expect(runs).toBeLessThan(20_000);
    expect(query("SELECT count(*) AS running FROM run WHERE status = 'running'")).toEqual([{ running: 0 }]);
  });

  it.each([
    [{ status: "ok", fitness: 1, feedback: 42 }, "expected feedback to be text, got number"],
    [{ status: "failed", reason: "compile error" }, "expected one of the reasons syntax, timeout"],
    [{ status: "ok", fitness: 1, metrics: { a: 1n } }, "expected metric a to be a finite number, got 1"],
    [{ status: "ok", fitness: "3" }, "expected a finite fitness, got 3"],
    [{ status: "ok", fitness: 0, improvable: [7] }, "expected component indexes in improvable, got 7"],
    [{ status: "fine" }, "expected status ok or failed, got fine"],
    [undefined, "expected an evaluation, got undefined"],
  ])("takes an evaluator's odd result %# as a failed evaluation", async (result, feedback) => {
    const problem = defineProblem({
      name: "odd",
      instance: (request) => {
        const made = blocks({ tokensPerBlock: 4 }).instance(request);
        const initial = made.components[0]?.text;
        const evaluate = (genome: Genome) =>
          genome[0]?.text === initial ? ({ status: "ok", fitness: 0 } as const) : (result as never);
        return { ...made, evaluate };
      },
    });
    const { query } = await carryOut({ problem, sizes: [1], seeds: 1, runBudget: { calls: 1 } });
    expect(
      query("SELECT status, fail_reason, feedback FROM evaluation ORDER BY candidate_id DESC LIMIT 1"),
    ).toEqual([{ status: "failed", fail_reason: "invalid", feedback: expect.stringContaining(feedback) }]);
  });

  it.each([
    ["better", "got better"],
    [{ status: "proposed", changes: { 0: "better" } }, "got another object"],
    [undefined, "got undefined"],
  ])("says what an operator must return when it returns %j", async (answer, got) => {
    const odd = defineOperator({
      name: "odd",
      scope: "global",
      roles: [],
      propose: async () => answer as never,
    });
    const { ended } = await carryOut({ strategies: { odd: { operators: [odd] } } });
    expect(ended).toMatchObject({ thrown: { name: "UsageError", message: expect.stringContaining(got) } });
  });

  it("asks for a plugin where it is given the function that makes one", () => {
    const strategies = { global: { operators: [globalRewrite as never] } };
    return expect(carryOut({ strategies })).rejects.toThrow(
      "Operator must be a plugin, got the function globalRewrite; write globalRewrite()",
    );
  });

  it("checks theory before anything is run", async () => {
    const theory = (size: number) => (size === 1 ? { applications: 2 } : (undefined as never));
    const { ended, query } = await carryOut({
      strategies: { local: { operators: [localRewrite()], theory } },
    });
    expect(ended).toMatchObject({
      thrown: {
        name: "UsageError",
        message: expect.stringContaining("Strategy 'local': theory(2).applications"),
      },
    });
    expect(query("SELECT * FROM campaign")).toEqual([]);
  });
});

describe("the models of a campaign", () => {
  /** A paid model that becomes what it is in prepare. */
  const unprepared = (events: string[], fails = false): Model => ({
    ...simulated({ price: { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 2 } }),
    ...{ provider: "test", size: Number.NaN, isDeterministic: false },
    async prepare({ environment }) {
      events.push(`prepare ${environment.KEY}`);
      if (fails) throw new ModelError("the file is missing; download it first", { isFatal: true });
      return {
        ...simulated({ size: 7, price: { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 2 } }),
        ...{ provider: "test", isDeterministic: false },
        close: async () => void events.push("close"),
      };
    },
  });

  it("are made ready once, before the first call, and let go of at the end; their price is dated", async () => {
    const events: string[] = [];
    const model = unprepared(events);
    const local = { operators: [localRewrite()] };
    const { query } = await carryOut(
      { models: { mutator: model }, strategies: { a: local, b: local } },
      { environment: { KEY: "secret" } },
    );
    expect(events).toEqual(["prepare secret", "close"]);
    expect(query("SELECT name, provider, size, price_as_of FROM model")).toEqual([
      { name: "simulated", provider: "test", size: 7, price_as_of: new Date().toISOString().slice(0, 10) },
    ]);
    expect(query("SELECT count(*) AS count FROM campaign WHERE config LIKE '%secret%'")).toEqual([
      { count: 0 },
    ]);
  });

  it("that cannot be made ready leave no campaign behind", async () => {
    const { ended, query } = await carryOut({ models: { mutator: unprepared([], true) } });
    expect(ended).toMatchObject({ thrown: { message: "the file is missing; download it first" } });
    expect(query("SELECT count(*) AS count FROM campaign")).toEqual([{ count: 0 }]);
  });

  it("that are free keep to a limit of calls at once, if they have one, whatever their operators ask for", async () => {
    const inner = simulated({ concurrency: 3 });
    let open = 0;
    let most = 0;
    const model: Model = {
      ...inner,
      async generate(request) {
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        return inner.generate(request).finally(() => {
          open -= 1;
        });
      },
    };
    const eager = defineOperator({
      ...{ name: "eager", scope: "local", roles: ["mutator"] },
      async propose({ models, component, parents }) {
        const text = parents[0].candidate.genome[component]?.text ?? "";
        const ask = () => models.mutator.generate({ messages: [{ role: "user", text }] });
        const answers = await Promise.all(Array.from({ length: 7 }, ask));
        return proposed(new Map([[component, answers[0]?.text ?? ""]]));
      },
    });
    const strategies = { eager: { operators: [eager] } };
    const { query } = await carryOut({ models: { mutator: model }, strategies, runBudget: { calls: 21 } });
    expect(most).toBe(3);
    expect(query("SELECT DISTINCT chain_cost = primitive_cost AS isAlone FROM call_cost")).toEqual([
      { isAlone: 1 }, // waiting for a turn is no dependence
    ]);
  });

  it("that are never ready let go when the campaign is stopped", async () => {
    const controller = new AbortController();
    const silent: Model = {
      ...unprepared([]),
      prepare() {
        setImmediate(() => controller.abort());
        return new Promise(() => {});
      },
    };
    const options = { signal: controller.signal };
    const { ended, query } = await carryOut({ models: { mutator: silent } }, options);
    const message = "Stopped before the models were ready; nothing was written and nothing was paid";
    expect(ended).toMatchObject({ thrown: { name: "AlleleError", message } });
    expect(query("SELECT count(*) AS count FROM campaign")).toEqual([{ count: 0 }]);
  });

  it("may be instances of classes with methods and private fields", async () => {
    class Own implements Model {
      readonly name = "own";
      readonly size = 1;
      readonly isDeterministic = false;
      readonly #inner = simulated();
      get provider() {
        return "test";
      }
      async generate(request: Parameters<Model["generate"]>[0]) {
        return this.#inner.generate(request);
      }
    }
    const { ended, query } = await carryOut({ models: { mutator: new Own() } });
    expect(ended).toMatchObject({ status: "done" });
    expect(query("SELECT name, provider FROM model")).toEqual([{ name: "own", provider: "test" }]);
  });

  it.each([
    [[simulated()], "Model needs a name, got a list; for several models write ensemble([...])"],
    [{}, "Model needs a name, got none"],
    [{ ...simulated(), generate: undefined }, "Model needs a function generate(request), got none"],
    [{ ...simulated(), size: 0 }, "Model 'simulated': size must be a number from"],
    [
      { ...simulated(), price: { usdPerMillionInputTokens: 1 } },
      "usdPerMillionOutputTokens must be a number",
    ],
    [{ ...simulated(), calls: { retries: -1 } }, "Model 'simulated': retries must be a whole number"],
    [{ ...simulated(), capabilities: "sum" }, "Model 'simulated': capabilities must be a list of names"],
    [{ ...simulated(), voting: { lead: 0, mostCalls: 9 } }, "Model 'simulated': voting.lead must be a whole"],
    [{ ...simulated(), voting: { lead: 2, mostCalls: 1 } }, "voting.mostCalls must be a whole number of at"],
    [{ name: "mine", models: [simulated()] }, "A choice of models needs start(sizes)"],
    [ensemble(["simulated,weight=3"]), "Model 'simulated,weight=3': a weight belongs to an ensemble"],
  ])("are checked before anything is run: %#", (mutator, message) =>
    expect(carryOut({ models: { mutator: mutator as Model } })).rejects.toThrow(message),
  );

  it("are given to roles that exist", () => {
    const models = { mutator: simulated(), generalst: simulated() };
    return expect(carryOut({ models })).rejects.toThrow(
      "Campaign: models: option 'generalst' is unknown; known: mutator, qa, ",
    );
  });

  it("end a campaign at its budget of dollars, primitives or time, never beyond it", async () => {
    const price = { usdPerMillionInputTokens: 1000, usdPerMillionOutputTokens: 2000 };
    const models = { mutator: simulated({ price, latency: { perCallMs: 1 } }) };
    const problem = blocks({ successProbability: 1e-9 });
    const spent = "SELECT sum(usd) AS usd, sum(output_tokens) AS primitives FROM llm_call";
    for (const [budget, detail] of [
      [{ usd: 0.5 }, "0.5 US dollars"],
      [{ primitives: 200 }, "200 primitives"],
      [{ wallMs: 100 }, "100 ms wall time"],
    ] as const) {
      const { ended, query } = await carryOut({ models, problem, budget });
      expect(ended).toMatchObject({ status: "budget" });
      const [{ usd, primitives }] = query<{ usd: number; primitives: number }>(spent) as [never];
      expect(usd).toBeLessThanOrEqual("usd" in budget ? budget.usd : Number.POSITIVE_INFINITY);
      expect(primitives).toBeLessThanOrEqual(
        "primitives" in budget ? budget.primitives : Number.POSITIVE_INFINITY,
      );
      const stops = query("SELECT DISTINCT stop_reason, stop_detail FROM run");
      expect(stops).toEqual([{ stop_reason: "budget", stop_detail: detail }]);
    }
  });
});
