/**
 * What p workers are worth (section 5.3): 64 queries of 8 kinds, answered by a generalist that takes 25 ms for a call
 * and never has more than p calls in flight. The total work is the same in all strategies; they differ in how many
 * queries a candidate takes on at once, and thereby in the longest chain of calls that wait for each other. `allele
 * compare --parallel` predicts the speed-up from total and chain; the runs' wall times measure it.
 */
import {
  defineCampaign,
  generalist,
  hanoi,
  hanoiLine,
  hanoiStep,
  routing,
  routingTasks,
  type StrategyDefinition,
  simulatedCapable,
  stepByStep,
  voting,
} from "allele";

const latency = { perCallMs: 25 };
const kinds = 8;

/** A strategy by its name. */
type Named = readonly [string, StrategyDefinition];

function atOnce(together: number, workers: number): Named {
  const model = simulatedCapable({ capabilities: routingTasks(kinds), latency, concurrency: workers });
  const strategy = { operators: [generalist({ together })], models: { generalist: model } };
  return [`${together} at once, p = ${workers}`, strategy];
}

function votes(workers: number): Named {
  const able = { capabilities: [hanoiStep()], errorRate: 0.1 };
  const model = simulatedCapable({ ...able, latency, concurrency: workers });
  const strategy = {
    operators: [stepByStep({ line: hanoiLine })],
    models: { specialist: voting(model, { lead: 4 }) },
  };
  return [`votes, p = ${workers}`, strategy];
}

const stream = defineCampaign({
  name: "parallel-queries",
  problem: routing({ queries: 64 }),
  prompt: "compact",
  strategies: Object.fromEntries([
    ...[1, 16].map((workers) => atOnce(1, workers)),
    ...[1, 2, 4, 8, 16].map((workers) => atOnce(8, workers)),
    ...[1, 2, 4, 8, 16].map((workers) => atOnce(64, workers)),
  ]),
  sizes: [kinds],
  seeds: 2,
});

const steps = defineCampaign({
  name: "parallel-votes",
  problem: hanoi({ disks: 10 }),
  prompt: "compact",
  strategies: Object.fromEntries([1, 2, 4, 8].map(votes)),
  sizes: [15],
  seeds: 2,
});

export default [stream, steps];
