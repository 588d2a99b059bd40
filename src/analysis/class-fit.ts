/**
 * Fits the mean cost of a strategy as a function of size under one growth class, by Fisher scoring on the
 * censored gamma likelihood with the shapes held fixed.
 */
import { type Cell, cellLikelihood, hasSolved } from "./cell.ts";
import { type GrowthClass, logPolynomialAt } from "./growth-class.ts";
import { quadraticForm, solveSymmetric, weightedLeastSquares } from "./numeric/linear.ts";

/** A mean function with its estimated parameters. */
export interface ClassFit {
  readonly parameters: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly logLikelihood: number;
  /** Log of the fitted mean at a size. */
  logMean(size: number): number;
  /** Derivatives of the log mean at a size with respect to the parameters. */
  gradient(size: number): readonly number[];
}

/** A parametric mean function. */
interface MeanFunction {
  logMean(parameters: readonly number[], size: number): number;
  gradient(parameters: readonly number[], size: number): readonly number[];
}

/** The log mean is `log A + log g(k) + log b * k`, the last term only for an exponential class. */
export function fitPure(
  growthClass: GrowthClass,
  cells: readonly Cell[],
  shapes: readonly number[],
): ClassFit | undefined {
  const offset = (size: number) => logPolynomialAt(growthClass, size);
  return fitLogLinear(cells, shapes, offset, growthClass.isExponential ? (size) => size : undefined);
}

/** The log mean is `log A + a log k`: the local exponent of a power law over the measured sizes. */
export function fitPower(cells: readonly Cell[], shapes: readonly number[]): ClassFit | undefined {
  return fitLogLinear(cells, shapes, () => 0, Math.log);
}

function fitLogLinear(
  cells: readonly Cell[],
  shapes: readonly number[],
  offset: (size: number) => number,
  regressor: ((size: number) => number) | undefined,
): ClassFit | undefined {
  const row = (size: number) => (regressor ? [1, regressor(size)] : [1]);
  const start = startValues(cells, shapes, row, (expected, size) => Math.log(expected) - offset(size));
  if (!start) return undefined;
  return fisherScoring(cells, shapes, start, {
    logMean: ([intercept = 0, slope = 0], size) =>
      offset(size) + intercept + (regressor ? slope * regressor(size) : 0),
    gradient: (_, size) => row(size),
  });
}

/**
 * The mean is `A g(k) + B h(k)` with `A > 0`, a class with one lower-order term, such as `k log k + k`.
 * Without these variants a lower-order term is mistaken for another class, the more surely the more seeds.
 */
export function fitTwoTerm(
  leading: GrowthClass,
  lower: GrowthClass,
  cells: readonly Cell[],
  shapes: readonly number[],
): ClassFit | undefined {
  const terms = (size: number) =>
    [Math.exp(logPolynomialAt(leading, size)), Math.exp(logPolynomialAt(lower, size))] as const;
  const mean = ([a = 0, b = 0]: readonly number[], size: number) => {
    const [g, h] = terms(size);
    return a > 0 ? a * g + b * h : Number.NaN;
  };
  const twoTerm: MeanFunction = {
    logMean: (parameters, size) => Math.log(mean(parameters, size)), // NaN where the mean is not positive
    gradient: (parameters, size) => terms(size).map((term) => term / mean(parameters, size)),
  };
  const isValid = (parameters: readonly number[]) => cells.every((cell) => mean(parameters, cell.size) > 0);

  let start = startValues(cells, shapes, terms, (expected) => expected, true);
  if (!start || !isValid(start)) {
    const pure = fitPure(leading, cells, shapes);
    if (!pure) return undefined;
    start = [Math.exp(pure.parameters[0] ?? 0), 0];
  }
  return fisherScoring(cells, shapes, start, twoTerm);
}

/** Weighted least squares on the ERT of each cell, on the scale that `response` maps it to. */
function startValues(
  cells: readonly Cell[],
  shapes: readonly number[],
  row: (size: number) => readonly number[],
  response: (expected: number, size: number) => number,
  isRelative = false,
): readonly number[] | undefined {
  const design: (readonly number[])[] = [];
  const responses: number[] = [];
  const weights: number[] = [];
  for (const [i, cell] of cells.entries()) {
    if (!hasSolved(cell)) continue;
    design.push(row(cell.size));
    responses.push(response(cell.expectedRunTime, cell.size));
    weights.push(((shapes[i] ?? 1) * cell.solved) / (isRelative ? cell.expectedRunTime ** 2 : 1));
  }
  if (design.length < (design[0]?.length ?? 1)) return undefined;
  return weightedLeastSquares(design, responses, weights)?.coefficients;
}

interface Evaluation {
  readonly logLikelihood: number;
  readonly cells: readonly { readonly score: number; readonly information: number }[];
}

/** Maximizes the likelihood over the parameters of a mean function; undefined when the problem is singular. */
function fisherScoring(
  cells: readonly Cell[],
  shapes: readonly number[],
  start: readonly number[],
  meanFunction: MeanFunction,
): ClassFit | undefined {
  const evaluate = (parameters: readonly number[]): Evaluation => {
    const parts = cells.map((cell, i) =>
      cellLikelihood(cell, meanFunction.logMean(parameters, cell.size), shapes[i] ?? 1),
    );
    return { logLikelihood: parts.reduce((sum, part) => sum + part.logLikelihood, 0), cells: parts };
  };
  let parameters = start;
  let current = evaluate(parameters);
  if (!Number.isFinite(current.logLikelihood)) return undefined;
  let covariance: readonly (readonly number[])[] | undefined;

  for (let iteration = 0; iteration < 80; iteration++) {
    const step = scoringStep(cells, current, meanFunction, parameters);
    if (!step) return undefined;
    covariance = step.inverse;
    const next = improve(parameters, step.values, current, evaluate);
    if (!next) break;
    const gain = next.evaluation.logLikelihood - current.logLikelihood;
    parameters = next.parameters;
    current = next.evaluation;
    if (gain < 1e-9) break;
  }
  if (!covariance) return undefined;
  const fitted = parameters;
  return {
    parameters: fitted,
    covariance,
    logLikelihood: current.logLikelihood,
    logMean: (size) => meanFunction.logMean(fitted, size),
    gradient: (size) => meanFunction.gradient(fitted, size),
  };
}

/** One Newton step with the observed information of each cell; its inverse matrix is the covariance. */
function scoringStep(
  cells: readonly Cell[],
  current: Evaluation,
  meanFunction: MeanFunction,
  parameters: readonly number[],
) {
  const order = parameters.length;
  const matrix = Array.from({ length: order }, () => new Array<number>(order).fill(0));
  const right = new Array<number>(order).fill(0);
  for (const [i, cell] of cells.entries()) {
    const gradient = meanFunction.gradient(parameters, cell.size);
    const information = Math.max(current.cells[i]?.information ?? 0, 1e-9);
    const residual = Math.max(-3, Math.min(3, (current.cells[i]?.score ?? 0) / information));
    for (const [j, value] of gradient.entries()) {
      right[j] = (right[j] ?? 0) + value * information * residual;
      const row = matrix[j] ?? [];
      for (const [other, second] of gradient.entries()) {
        row[other] = (row[other] ?? 0) + value * second * information;
      }
    }
  }
  return solveSymmetric(matrix, right);
}

/** Halves a step until the likelihood does not fall; undefined when no length does. */
function improve(
  parameters: readonly number[],
  step: readonly number[],
  current: Evaluation,
  evaluate: (parameters: readonly number[]) => Evaluation,
) {
  for (let length = 1; length > 1e-7; length /= 2) {
    const moved = parameters.map((value, j) => value + length * (step[j] ?? 0));
    const evaluation = evaluate(moved);
    if (evaluation.logLikelihood >= current.logLikelihood - 1e-10) return { parameters: moved, evaluation };
  }
  return undefined;
}

/** Variance of the fitted log mean at a size, or covariance between two sizes. */
export function logMeanCovariance(fit: ClassFit, size: number, other = size): number {
  return quadraticForm(fit.gradient(size), fit.covariance, fit.gradient(other));
}
