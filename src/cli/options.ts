/** Reads option values of the command line. */
import type { CostModel } from "../analysis/index.ts";
import { type BudgetLimits, UsageError } from "../core/index.ts";
import type { Target } from "../store/index.ts";

/** Reads a number of at least `least`, a whole one of at least `least`, or any. */
export function readNumber(
  option: string,
  kind: "whole" | "real" | "any",
  least: number,
): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const isRight = Number.isFinite(value) && (kind === "any" || value >= least);
    if (isRight && (kind !== "whole" || Number.isInteger(value))) return value;
    if (kind === "any") throw new UsageError(`${option} expects a number, got '${text}'`);
    throw new UsageError(
      `${option} expects a ${kind === "whole" ? "whole number" : "number"} of at least ${least}, got '${text}'`,
    );
  };
}

/** Reads sizes such as 1,2,4. */
export function readSizes(text: string): readonly number[] {
  return text.split(",").map(readNumber("--sizes", "whole", 1));
}

/** Reads a target: a fitness, or a share of each run's own target such as 90%. */
export function readTarget(text: string): Target {
  const [, digits = "", percent] = /^(.*?)(%?)$/s.exec(text.trim()) ?? [];
  const value = digits.trim() === "" ? Number.NaN : Number(digits);
  if (!Number.isFinite(value) || (percent === "%" && value <= 0)) {
    throw new UsageError(
      `--target expects a fitness such as 7, or a share above 0 such as 90%, got '${text}'`,
    );
  }
  return percent === "%" ? { share: value / 100 } : { fitness: value };
}

const costModels: readonly string[] = ["primitives", "linear", "calls", "usd"] satisfies readonly CostModel[];

/** Reads the name of a cost model. */
export function readCostModel(text: string): CostModel {
  if (!costModels.includes(text)) {
    throw new UsageError(`--cost expects one of ${costModels.join(", ")}, got '${text}'`);
  }
  return text as CostModel;
}

/** What a campaign as a whole may spend, by the options that limit it. */
export function budgetOf(options: {
  readonly maxPrimitives?: number;
  readonly maxCost?: number;
  readonly maxUsd?: number;
  readonly maxSeconds?: number;
}): Omit<BudgetLimits, "evaluations"> {
  const { maxPrimitives, maxCost, maxUsd, maxSeconds } = options;
  return {
    ...(maxPrimitives === undefined ? {} : { primitives: maxPrimitives }),
    ...(maxCost === undefined ? {} : { primitiveCost: maxCost }),
    ...(maxUsd === undefined ? {} : { usd: maxUsd }),
    ...(maxSeconds === undefined ? {} : { wallMs: 1000 * maxSeconds }),
  };
}

/** Reads one NAME=value and adds it to those before. */
export function readVariable(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--env expects NAME=value, got '${text}'`);
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}
