/**
 * Function minimization: a search algorithm that must find the global minimum of functions it can only ask
 * for values. At size 2 they are shifted and rotated copies of the function of OpenEvolve's example; in
 * higher dimensions, means of it over pairs of rotated coordinates.
 */
import {
  type Component,
  checkBetween,
  checkKeys,
  checkWhole,
  defineProblem,
  moduleBeside,
  type Problem,
  rngFrom,
  sandboxed,
} from "../../src/core/index.ts";
import { decompose } from "../../src/decompose/index.ts";
import { box, drawObjective, sampleMean } from "./objective.ts";
import type { MinimizationData, MinimizationTask } from "./scorer.ts";
import { seed as text } from "./seed.ts";

/** Options of function minimization; the size of an instance is the dimension: variables of each function. */
export interface FunctionMinimizationOptions {
  /** Number of functions, drawn from the run's seed. Default 5. */
  readonly functions?: number;
  /** Evaluations of each function per dimension. Default 100. */
  readonly evaluationsPerDimension?: number;
  /** Target: 1 less the mean regret to reach. Default 0.999. */
  readonly target?: number;
  /** Time for one solution. Default 10,000. */
  readonly timeoutMs?: number;
}

const given =
  "history lists the points tried, oldest first, as { point, value }; task is { dimension, low, high, budget }; " +
  "random() is uniform in [0, 1).";

const blocks: Readonly<Record<string, Pick<Component, "signature" | "spec">>> = {
  decision: {
    signature: "function wantsExploit(history, task, random)",
    spec: `Returns true when the next point should come from exploit, false for explore. ${given}`,
  },
  explore: {
    signature: "function explore(history, task, random)",
    spec: `Returns a point, a list of task.dimension numbers, to look at new regions; history may be empty. ${given}`,
  },
  exploit: {
    signature: "function exploit(best, history, task, random)",
    spec: `Returns a point, a list of task.dimension numbers, to improve on best, the lowest entry of history. ${given}`,
  },
};

/**
 * Makes the function minimization problem. Fitness is 1 less the mean regret: 1 when every minimum is found,
 * 0 when the best value found is that of an average point of the box.
 */
export function functionMinimization(options: FunctionMinimizationOptions = {}): Problem {
  checkKeys("function-minimization", options, [
    "functions",
    "evaluationsPerDimension",
    "target",
    "timeoutMs",
  ]);
  const { functions = 5, evaluationsPerDimension = 100, target = 0.999, timeoutMs = 10_000 } = options;
  checkWhole("function-minimization: functions", functions, 1);
  checkWhole("function-minimization: evaluationsPerDimension", evaluationsPerDimension, 1);
  checkBetween("function-minimization: target", target, 0, 1);
  checkWhole("function-minimization: timeoutMs", timeoutMs, 1);
  return defineProblem({
    name: "function-minimization",
    description: "a search algorithm for the global minimum of multimodal functions of d variables",
    parameters: { functions, evaluationsPerDimension, target, timeoutMs },
    instance({ size, seed }) {
      checkWhole("function-minimization: size", size, 1);
      const tasks = Array.from({ length: functions }, (_, index): MinimizationTask => {
        const rng = rngFrom("function-minimization", size, seed, index);
        const objective = drawObjective(size, rng);
        return { objective, reference: sampleMean(objective, rng) };
      });
      const budget = evaluationsPerDimension * size;
      const solution = decompose([{ path: "search.js", text }]);
      const data: MinimizationData = { tasks, budget, target };
      return {
        ...solution,
        components: solution.components.map((one) => ({ ...one, ...blocks[one.name] })),
        target,
        statement: statementOf({ size, functions, budget, target }),
        evaluate: sandboxed({ scorer: moduleBeside(import.meta.url, "scorer"), data, timeoutMs }),
      };
    },
  });
}

interface Setting {
  readonly size: number;
  readonly functions: number;
  readonly budget: number;
  readonly target: number;
}

function statementOf({ size, functions, budget, target }: Setting): string {
  return `Write a search algorithm that finds the global minimum of an unknown smooth function of ${size} ${size === 1 ? "variable" : "variables"}, each from ${box.low} to ${box.high}. The function has many local minima. Its formula and its gradient are not given; it may be evaluated ${budget} times.

Before each evaluation, if wantsExploit(history, task, random) is true and a point was tried before, the next point is exploit(best, history, task, random), else explore(history, task, random). Coordinates outside the range are moved to its border. history lists all points tried so far, oldest first, as { point, value }; best is the one of lowest value; task is { dimension, low, high, budget }; random() is uniform in [0, 1). Only the functions wantsExploit, explore and exploit can be changed.

Score: 1 minus the mean regret over ${functions} hidden functions, each searched afresh; regret is (best value found - minimum) / (mean value of the function - minimum). Higher is better. Target: ${target}.

Write plain JavaScript: no imports, no input or output, no timers, no promises. Use random() for chance: the same program always gets the same score.`;
}
