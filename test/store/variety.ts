/**
 * A campaign that uses everything the store keeps: global, local and recombination operators, operators by
 * weight, several offspring, malformed answers, failed evaluations, answers that come out of order, theory.
 * It is deterministic. Free of vitest, so that a child process can run it as well.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  blocks,
  type Campaign,
  defineCampaign,
  defineOperator,
  defineProblem,
  globalRewrite,
  greedy,
  localRewrite,
  type Model,
  proposed,
  runCampaign,
  Store,
  sequentialTheory,
  simulated,
} from "../../src/index.ts";
import { score } from "../score.ts";

/** Answers after 0, 1 or 2 ms, so that answers overtake each other. */
function jittery(model: Model): Model {
  return {
    ...model,
    async generate(request) {
      await sleep((request.seed ?? 0) % 3);
      return model.generate(request);
    },
  };
}

/** Takes every second component from the second parent, and the rest of the first from the model. */
const crossover = defineOperator({
  name: "crossover",
  scope: "recombination",
  roles: ["judge"],
  parentCount: 2,
  async propose({ parents, models, rng }) {
    const [first, second = first] = parents;
    const text = `${Math.floor(rng() * 1000)} ${first.candidate.genome[0]?.text}`;
    const answer = await models.judge.generate({ messages: [{ role: "user", text }] });
    const changes = new Map<number, string>([[0, answer.text]]);
    for (const [index, component] of second.candidate.genome.entries()) {
      if (index % 2 === 1) changes.set(index, component.text);
    }
    return proposed(changes);
  },
});

const base = blocks();

/** Blocks, of which some new texts crash the evaluator, with metrics and feedback. */
const fragileBlocks = defineProblem({
  ...base,
  name: "fragile-blocks",
  instance(request) {
    const instance = base.instance(request);
    const places = instance.components.map((_, component) => [{ fixed: "> " }, { component }]);
    return {
      ...instance,
      layout: [{ path: "blocks.txt", parts: places.flat() }],
      evaluate(genome, signal) {
        const isNew = (text: string, index: number) => text !== instance.components[index]?.text;
        if (genome.some(({ text }, index) => isNew(text, index) && /^[stw]/.test(text))) {
          throw new Error("a text begins with s, t or w");
        }
        const evaluation = score(instance, genome, signal);
        if (evaluation instanceof Promise || evaluation.status === "failed") return evaluation;
        return {
          ...evaluation,
          metrics: { words: genome.length * 7 },
          feedback: `${evaluation.fitness} right`,
        };
      },
    };
  },
});

/** Makes the campaign; `seeds` runs at each of two sizes for each of four strategies. */
export function varietyCampaign(seeds = 2): Campaign {
  const mutator = jittery(simulated({ size: 7, malformedRate: 0.1 }));
  return defineCampaign({
    name: "variety",
    problem: fragileBlocks,
    models: { mutator, judge: simulated({ name: "judge", size: 0.5 }) },
    sizes: [2, 3],
    seeds,
    strategies: {
      global: { operators: [globalRewrite()], population: greedy({ offspring: 4 }) },
      local: {
        operators: [localRewrite()],
        theory: sequentialTheory({ modelSize: 7 }),
      },
      random: { operators: [localRewrite({ schedule: "random" })], population: greedy({ acceptTies: true }) },
      mixed: {
        operators: [
          { operator: localRewrite({ schedule: "round-robin" }), weight: 3 },
          { operator: crossover, weight: 1 },
        ],
        population: greedy({ offspring: 3 }),
      },
    },
    runBudget: { calls: 60 },
  });
}

/** Runs a campaign into a store file and returns its id. */
export async function runInto(path: string, campaign: Campaign): Promise<number> {
  const store = new Store(path);
  try {
    const { campaignId } = await runCampaign(campaign, { store, signal: new AbortController().signal });
    return campaignId;
  } finally {
    store.close();
  }
}
