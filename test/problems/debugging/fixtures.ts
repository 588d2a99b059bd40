/** What tests of debugging share: a run whose candidates are scored in this process, and prompts as operators write them. */
import { debugDeveloper, debugQa } from "../../../problems/debugging/capabilities.ts";
import { type DebuggingOptions, debugging } from "../../../problems/debugging/problem.ts";
import { makeParts, type RepairRequest } from "../../../problems/repair/instance.ts";
import {
  greedy,
  type Instance,
  type Operator,
  type PromptMode,
  primitiveCost,
} from "../../../src/core/index.ts";
import { simulatedCapable } from "../../../src/llm/simulated-capable.ts";
import { run } from "../../engine/fixtures.ts";
import { scoreGenome } from "../repair/program.ts";

/** An instance, and what it was made from. */
export function made(options: DebuggingOptions, size: number, seed: number) {
  const instance = debugging(options).instance({ size, seed });
  const request: RepairRequest = {
    ...{ problem: "debugging", functionsPerFile: options.functionsPerFile ?? 20, seed },
    functionCount: options.functions ?? size,
    bugCount: options.functions === undefined ? (options.bugs ?? 2) : size,
  };
  const { placed } = makeParts(request);
  const wrong = placed.filter(({ bug }) => bug !== undefined).sort((a, b) => a.component - b.component);
  return { instance, placed, wrong };
}

/** The same instance, scored in this process: its code is the library's. */
export function inProcess(instance: Instance): Instance {
  return { ...instance, evaluate: (genome) => scoreGenome(instance, genome) };
}

/** How a run is played. */
export interface Play {
  readonly promptMode?: PromptMode;
  /** Of QA and of the developer. */
  readonly errorRates?: readonly [number, number];
  readonly malformedRate?: number;
  readonly key?: string;
}

/** Plays an instance with simulated QA (m = 1) and developer (m = 10): the run's records, and its cost by role. */
export async function play(
  instance: Instance,
  operator: Operator,
  {
    promptMode = "compact",
    errorRates: [forQa, forDeveloper] = [0, 0],
    malformedRate = 0,
    key = "x",
  }: Play = {},
) {
  const shared = { malformedRate };
  const { result, recorder } = await run({
    ...{ instance: inProcess(instance), operator, promptMode, key, stopAfter: 2000 },
    population: greedy({ acceptTies: true }),
    models: {
      qa: simulatedCapable({ ...shared, name: "qa", capabilities: [debugQa()], errorRate: forQa }),
      developer: simulatedCapable({
        ...{ ...shared, name: "developer", size: 10, errorRate: forDeveloper },
        capabilities: [debugQa(), debugDeveloper()],
      }),
    },
  });
  const costOf = (role: string) =>
    recorder.calls
      .filter((call) => call.role === role)
      .reduce((sum, { model, inputTokens = 0, outputTokens = 0 }) => {
        return sum + primitiveCost({ modelSize: model.size, inputTokens, outputTokens });
      }, 0);
  const [qa, developer] = [costOf("qa"), costOf("developer")];
  return {
    result,
    recorder,
    cost: { applications: result.applications, qa, developer, primitiveCost: qa + developer },
  };
}
