import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  adaptiveLocality,
  blocks,
  type CrossoverKind,
  componentCrossover,
  defineCampaign,
  definePopulation,
  defineProblem,
  type EvaluatedCandidate,
  fromScratch,
  type Genome,
  globalRewrite,
  localRewrite,
  openToRead,
  reflect,
  repairFailures,
  runCampaign,
  runStrategy,
  Store,
  type StrategyDefinition,
  simulated,
  simulatedChooser,
  steadyState,
  trapBlocks,
} from "../src/index.ts";
import { MemoryRecorder } from "./engine/fixtures.ts";
import { temporaryFolder } from "./store/folder.ts";

const signal = new AbortController().signal;

/** Carries a campaign out in a new store and asks it something. */
async function ask<Row>(definition: Parameters<typeof defineCampaign>[0], sql: string): Promise<Row[]> {
  const path = join(temporaryFolder(), "store.sqlite");
  const store = new Store(path);
  await runCampaign(defineCampaign(definition), { store, signal }).finally(() => store.close());
  const reader = openToRead(path);
  const rows = reader.prepare(sql).all() as Row[];
  reader.close();
  return rows;
}

describe("component-crossover of two complementary parents", () => {
  const k = 6;
  const instance = blocks().instance({ size: k, seed: 1 });
  const evaluate = instance.evaluate as (genome: Genome) => EvaluatedCandidate["evaluation"];

  /** A right text for each block: of so many fresh lines one is. */
  const right = instance.components.map((component, index) => {
    for (let number = 0; ; number++) {
      const genome = instance.components.map((one, at) =>
        at === index ? { ...one, text: `try ${number}\n` } : one,
      );
      const evaluation = evaluate(genome);
      if (evaluation.status === "ok" && evaluation.fitness === 1)
        return { ...component, text: `try ${number}\n` };
    }
  });
  const half = (isFirst: boolean): EvaluatedCandidate => {
    const genome = instance.components.map((one, index) => (index < k / 2 === isFirst ? right[index]! : one));
    const candidate = { sequence: 0, generation: 0, parents: [], operator: "initial", changed: [], genome };
    return { candidate, evaluation: evaluate(genome) };
  };
  const pair = definePopulation({
    name: "pair",
    start: () => ({ ask: () => ({ parents: [half(true), half(false)], generation: 1 }), tell: () => false }),
  });

  it.each<[CrossoverKind, number]>([
    ["uniform", 1 / (2 ** k - 2)], // one of the ways to take some and leave some
    ["one-point", 1 / (2 * (k - 1))], // one place to cut, one side
    ["two-point", 1 / (k * (k - 1))], // one start, one length
  ])("solves them with probability 1 / ... an application, and no model call (%s)", async (kind, p) => {
    const runs = 300;
    let applications = 0;
    for (let seed = 0; seed < runs; seed++) {
      const recorder = new MemoryRecorder();
      const result = await runStrategy({
        ...{
          key: `${kind}/${seed}`,
          instance,
          operators: [{ operator: componentCrossover({ kind }), weight: 1 }],
        },
        ...{ population: pair, models: {}, promptMode: "normal", limits: {}, budgets: [], inFlight: 1 },
        ...{ recorder, signal, now: () => performance.now() },
      });
      expect(result.stopReason).toBe("target");
      expect(recorder.calls).toEqual([]);
      applications += result.applications;
    }
    // Geometric: mean 1 / p, standard deviation sqrt(1 - p) / p; four standard errors.
    expect(Math.abs(applications / runs - 1 / p)).toBeLessThan((4 * Math.sqrt(1 - p)) / p / Math.sqrt(runs));
  });
});

describe("on trap-blocks with groups of 4", () => {
  const solvedOf = async (strategies: Record<string, StrategyDefinition>) => {
    const rows = await ask<{ strategy: string; solved: number; runs: number }>(
      {
        ...{ name: "traps", problem: trapBlocks({ g: 4 }), models: { mutator: simulated() }, strategies },
        ...{ sizes: [8], seeds: 3, prompt: "compact", runBudget: { calls: 1500, evaluations: 10_000 } },
      },
      "SELECT strategy, sum(is_solved) AS solved, count(*) AS runs FROM run GROUP BY 1",
    );
    return Object.fromEntries(rows.map(({ strategy, solved, runs }) => [strategy, `${solved} of ${runs}`]));
  };

  it("mutation of one component fails, and of several, or crossover of fresh solutions, does not", async () => {
    const found = await solvedOf({
      sequential: { operators: [localRewrite()] },
      random: { operators: [localRewrite({ schedule: "random" })] },
      "in a population": {
        operators: [localRewrite({ schedule: "random" })],
        population: steadyState({ size: 20 }),
      },
      "four at a time": { operators: [adaptiveLocality({ rate: "fixed", count: 4 })] },
      "heavy-tailed": { operators: [adaptiveLocality({ rate: "heavy-tailed" })] },
      crossover: {
        operators: [fromScratch(), { operator: componentCrossover({ kind: "two-point" }), weight: 4 }],
        population: steadyState({ size: 64 }),
      },
    });
    expect(found).toEqual({
      ...{ sequential: "0 of 3", random: "0 of 3", "in a population": "0 of 3" },
      ...{ "four at a time": "3 of 3", "heavy-tailed": "3 of 3", crossover: "3 of 3" },
    });
  });
});

describe("a store", () => {
  /** Modules of options, where an answer now and then is none of them. */
  const fragile = defineProblem({
    name: "fragile",
    instance: () => ({
      components: ["a", "b"].map((name) => ({ name, text: "one\n", spec: "one of: one, two, three, none" })),
      statement: "Set both modules right.",
      target: 2,
      evaluate(genome) {
        const texts = genome.map(({ text }) => text.trim());
        if (texts.includes("none")) {
          return { status: "failed", reason: "invalid", feedback: "none is no option" };
        }
        return { status: "ok", fitness: texts.filter((text) => text === "three").length / 4 };
      },
    }),
  });
  const definition = {
    ...{ name: "repairs", problem: fragile, models: { mutator: simulatedChooser() }, sizes: [1], seeds: 1 },
    strategies: { mended: { operators: [globalRewrite(), repairFailures(), reflect({ every: 10 })] } },
    runBudget: { calls: 200 },
  };

  it("keeps failed candidates as the parents of what repairs them", async () => {
    const rows = await ask<{ parent: string; status: string; feedback: string }>(
      definition,
      `SELECT p.operator AS parent, p.status, e.feedback FROM candidate c JOIN candidate p ON p.id = c.parent_id
       JOIN evaluation e ON e.candidate_id = p.id WHERE c.operator = 'repair'`,
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const { status, feedback } of rows) {
      expect({ status, feedback }).toEqual({ status: "discarded", feedback: "none is no option" });
    }
    expect(new Set(rows.map(({ parent }) => parent))).toEqual(new Set(["global-rewrite", "repair"]));
  });

  it("keeps every note, which the prompts after it carry, and counts its call", async () => {
    const rows = await ask<{ note: string; calls: number; carried: number }>(
      definition,
      `SELECT c.note, (SELECT count(*) FROM llm_call k WHERE k.candidate_id = c.id) AS calls,
         (SELECT count(*) FROM llm_call k JOIN prompt t ON t.id = k.prompt_id
          WHERE k.candidate_id > c.id AND instr(t.text, json_quote(c.note)) = 0
            AND instr(t.text, substr(json_quote(c.note), 2, length(json_quote(c.note)) - 2)) > 0) AS carried
       FROM candidate c WHERE c.operator = 'reflect' AND c.note IS NOT NULL ORDER BY c.id`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { note, calls } of rows) {
      expect(note).toMatch(/\S/);
      expect(calls).toBe(1);
    }
    for (const { carried } of rows.slice(0, -1)) expect(carried).toBeGreaterThan(5);
  });
});
