import { describe, expect, it } from "vitest";
import {
  type Campaign,
  type CampaignDefinition,
  defineCampaign,
  overrideCampaign,
} from "../../src/campaign.ts";
import { ensemble, escalation, type Model } from "../../src/core/index.ts";
import { describeCampaign } from "../../src/describe-campaign.ts";
import { simulated } from "../../src/llm/simulated.ts";
import { voting } from "../../src/llm/voting.ts";

const definition: CampaignDefinition = {
  name: "c",
  problem: "blocks",
  models: { mutator: "simulated" },
  strategies: { local: { operators: ["local-rewrite"] } },
  sizes: [1],
  seeds: 1,
};

describe("the budgets of a campaign", () => {
  it("of all runs together are all limits but evaluations, which nothing would keep", () => {
    const price = { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 2 };
    const priced = { ...definition, models: { mutator: simulated({ price }) } };
    const budget = { calls: 5, primitives: 50, primitiveCost: 9, usd: 0.1, wallMs: 100 };
    expect(defineCampaign({ ...priced, budget }).budget).toEqual(budget);
    expect(() => defineCampaign({ ...priced, budget: { evaluations: 100 } as never })).toThrow(
      "Campaign: budget: option 'evaluations' is unknown; known: calls, primitives, primitiveCost, usd, wallMs",
    );
    const runBudget = { ...budget, evaluations: 7 };
    expect(defineCampaign({ ...priced, runBudget }).runBudget).toEqual(runBudget);
  });

  it("in US dollars need the price of every model, also of those that are chosen among", () => {
    const price = { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 };
    const dear = { ...simulated({ name: "dear" }), isDeterministic: false };
    const models = { mutator: ensemble([simulated({ price }), simulated(), dear]) }; // the second one is free
    for (const limits of [{ budget: { usd: 1 } }, { runBudget: { usd: 1 } }]) {
      expect(() => defineCampaign({ ...definition, models, ...limits })).toThrow(
        /^A budget in US dollars needs the price of model 'dear' \(simulated\), per million tokens in and out: add/,
      );
    }
    const campaign = defineCampaign({ ...definition, models });
    expect(() => overrideCampaign(campaign, { budget: { usd: 1 } })).toThrow("the price of model 'dear'");
  });
});

describe("the models of a campaign", () => {
  it("may be named, with options; one text is one model, so that its limits hold for all", () => {
    const { strategies } = defineCampaign({
      ...definition,
      models: { mutator: "ollama:qwen2.5-coder:7b,size=7.6,concurrency=3" },
      strategies: { a: definition.strategies.local!, b: definition.strategies.local! },
    });
    const [a, b] = strategies.map(({ modelsAt }) => modelsAt(1).mutator);
    expect(a).toBe(b);
    expect(a).toMatchObject({
      ...{ name: "qwen2.5-coder:7b", provider: "ollama", size: 7.6, isDeterministic: false },
      calls: { concurrency: 3 },
    });
  });

  it("may be several for a role, named or made", () => {
    const small = simulated({ name: "small" });
    const { strategies } = defineCampaign({
      ...definition,
      models: { mutator: escalation([small, "simulated,size=70"], { after: 2 }) },
    });
    const { mutator } = strategies[0]!.modelsAt(1);
    expect(mutator).toMatchObject({ name: "escalation", models: [{ name: "small" }, { size: 70 }] });
    expect(describeCampaign(defineCampaign({ ...definition, models: { mutator: mutator! } }))).toMatchObject({
      strategies: [
        { models: { mutator: { choice: "escalation", models: [{ model: "small" }, { size: 70 }] } } },
      ],
    });
  });

  it("are replaced by the command line's, for the roles that it names", () => {
    const campaign = defineCampaign(definition);
    const [strategy] = overrideCampaign(campaign, { models: { mutator: "simulated,size=3" } }).strategies;
    expect(strategy!.modelsAt(1)).toMatchObject({ mutator: { size: 3 } });
    expect(() => overrideCampaign(campaign, { models: { qa: "simulated" } })).toThrow(
      "No strategy has the role qa; used are: mutator",
    );
  });

  it("may not be a choice within a choice", () => {
    const nested = escalation([ensemble([simulated()]) as never, simulated()]);
    expect(() => defineCampaign({ ...definition, models: { mutator: nested } })).toThrow(
      "A choice of models cannot be one of the models that another choice picks from",
    );
  });
});

describe("models by size", () => {
  const grown = (size: number) => simulated({ name: "grown", size });

  it("are made for each size of a strategy, once, and described with it", () => {
    const campaign = defineCampaign({
      ...definition,
      sizes: [1, 4],
      models: (size) => ({ mutator: grown(10 * size) }),
    });
    const [strategy] = campaign.strategies;
    expect([1, 4, 4].map((size) => strategy!.modelsAt(size).mutator)).toMatchObject([
      ...[{ size: 10 }, { size: 40 }, { size: 40 }],
    ]);
    expect(strategy!.modelsAt(4)).toBe(strategy!.modelsAt(4));
    expect(describeCampaign(campaign)).toMatchObject({
      strategies: [
        {
          modelsBySize: [
            { size: 1, models: { mutator: { model: "grown", size: 10 } } },
            { size: 4, models: { mutator: { model: "grown", size: 40 } } },
          ],
        },
      ],
    });
  });

  it("give way to a strategy's own and to the command line's", () => {
    const campaign = defineCampaign({
      ...definition,
      models: (size) => ({ mutator: grown(size) }),
      strategies: { own: { ...definition.strategies.local!, models: { mutator: grown(7) } } },
    });
    expect(campaign.strategies[0]!.modelsAt(2)).toMatchObject({ mutator: { size: 7 } });
    const overridden = overrideCampaign(campaign, { models: { mutator: "simulated,size=3" } });
    expect(overridden.strategies[0]!.modelsAt(2)).toMatchObject({ mutator: { size: 3 } });
  });

  it("are checked before anything runs", () => {
    const bad = () =>
      defineCampaign({
        ...definition,
        sizes: [1, 2],
        models: (size) => (size === 1 ? { mutator: grown(1) } : {}),
      });
    expect(bad).toThrow("needs a model for role mutator");
  });
});

describe("what the command line puts in the place of a campaign's models and prompts", () => {
  const campaign = defineCampaign({
    ...definition,
    sizes: [1, 2],
    prompt: "compact",
    strategies: {
      plain: { ...definition.strategies.local!, theory: (k) => ({ applications: k, primitiveCost: 9 * k }) },
      voted: {
        ...definition.strategies.local!,
        models: { mutator: voting(simulated(), { lead: 3 }) },
        theory: (k) => ({ applications: k, primitiveCost: 27 * k }),
      },
    },
    claims: [{ optimistic: "voted", optimized: "plain", improvement: "1", ratio: () => 3 }],
  });

  it("is voted on where the model before was, as it was or as it says itself", () => {
    const votes = (text: string) =>
      overrideCampaign(campaign, { models: { mutator: text } }).strategies.map(
        ({ modelsAt }) => (modelsAt(1).mutator as Model).voting,
      );
    expect(votes("simulated,size=3")).toEqual([undefined, { lead: 3, mostCalls: 60 }]);
    expect(votes("simulated,votes=2")).toEqual([
      { lead: 2, mostCalls: 40 },
      { lead: 2, mostCalls: 40 },
    ]);
    const mixed = overrideCampaign(campaign, {
      models: { mutator: ensemble(["simulated", "simulated,votes=2"]) },
    });
    expect(mixed.strategies[1]!.modelsAt(1).mutator).toMatchObject({
      models: [{ voting: { lead: 3 } }, { voting: { lead: 2 } }],
    });
  });

  it("leaves exact costs out, which were those of other models or prompts", () => {
    const expected = (given: Campaign) => given.strategies.map(({ theory }) => theory?.(2));
    expect(expected(campaign)).toEqual([
      { applications: 2, primitiveCost: 18 },
      { applications: 2, primitiveCost: 54 },
    ]);
    for (const change of [{ models: { mutator: "simulated" } }, { prompt: "normal" }] as const) {
      const changed = overrideCampaign(campaign, change);
      expect(expected(changed)).toEqual([{ applications: 2 }, { applications: 2 }]);
      expect(changed.claims).toEqual([{ optimistic: "voted", optimized: "plain", improvement: "1" }]);
    }
    expect(expected(overrideCampaign(campaign, { seeds: 2 }))).toEqual(expected(campaign));
  });

  it("may be other prompts, as far as operators and parts of prompts allow", () => {
    expect(overrideCampaign(campaign, { prompt: "normal" }).promptMode).toBe("normal");
    const wordy = { ...definition, strategies: { a: { operators: ["global-diff"] } } };
    expect(() => overrideCampaign(defineCampaign(wordy), { prompt: "compact" })).toThrow(
      "operator 'global-diff' needs instructions in its prompts",
    );
    const own = defineCampaign({ ...definition, prompts: { "local-rewrite": { statement: "Do it." } } });
    expect(() => overrideCampaign(own, { prompt: "compact" })).toThrow("compact prompts have no parts");
  });
});

describe("models that a function of the size makes", () => {
  it("fail with the place and the size, also where a role is missing at one size alone", () => {
    const make = (models: CampaignDefinition["models"]) => () =>
      defineCampaign({ ...definition, sizes: [1, 4], models: models! });
    const mutator = simulated();
    expect(make((k) => (k < 4 ? { mutator } : {}))).toThrow(
      "Strategy 'local' needs a model for role mutator at size 4; add models: { mutator: simulated() }",
    );
    expect(make((k) => ({ mutator: simulated({ size: 4 - k }) }))).toThrow(
      "Campaign: models at size 4: simulated: size must be a number from",
    );
    expect(make(() => undefined as never)).toThrow("Campaign: models at size 1 needs an object with options");
  });
});
