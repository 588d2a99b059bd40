/** The functions to minimize: shifted and rotated copies of one landscape with many local minima. */
import type { Rng } from "../../src/core/index.ts";

/** Lowest and highest value of every coordinate. */
export const box = { low: -5, high: 5 } as const;

/**
 * f(x, y) = sin x cos y + sin xy + (x^2 + y^2) / 20, the function of OpenEvolve's example. Its only global
 * minimum in the plane is `pairMinimum`.
 */
export function pairValue(x: number, y: number): number {
  return Math.sin(x) * Math.cos(y) + Math.sin(x * y) + (x * x + y * y) / 20;
}

/** Where f is least, and how little it is there. */
export const pairMinimum = {
  x: -1.7040828402758335,
  y: 0.6775078125907541,
  value: -1.5186858408485788,
} as const;

/** Where f(x, x) is least, and how little it is there. */
export const diagonalMinimum = { x: 2.167361890238131, value: -0.9949068364996505 } as const;

/** A function of d variables on the box, without its formula: f of a rotated and shifted point. */
export interface Objective {
  /** The point where it is least, inside the box. */
  readonly minimizer: readonly number[];
  /** Rows of an orthogonal matrix. */
  readonly rotation: readonly (readonly number[])[];
}

/**
 * Value at a point: the mean of f over the pairs of coordinates of z = z* + R (x - x*), z* being where all
 * pairs are least; the last coordinate of an odd number makes a pair with itself.
 */
export function objectiveValue({ minimizer, rotation }: Objective, point: readonly number[]): number {
  const dimension = minimizer.length;
  const z = rotation.map((row, at) => {
    const turned = row.reduce((sum, one, i) => sum + one * ((point[i] ?? 0) - (minimizer[i] ?? 0)), 0);
    return turned + coordinateOfMinimum(at, dimension);
  });
  let sum = 0;
  for (let at = 0; at < dimension; at += 2) {
    const x = z[at] ?? 0;
    sum += pairValue(x, z[at + 1] ?? x);
  }
  return sum / Math.ceil(dimension / 2);
}

function coordinateOfMinimum(at: number, dimension: number): number {
  if (at % 2 === 1) return pairMinimum.y;
  return at === dimension - 1 ? diagonalMinimum.x : pairMinimum.x;
}

/** The least value of every objective of d variables. */
export function leastValue(dimension: number): number {
  const pairs = Math.floor(dimension / 2);
  const odd = dimension % 2;
  return (pairs * pairMinimum.value + odd * diagonalMinimum.value) / (pairs + odd);
}

/** Draws an objective: the minimizer uniform in the middle 80 % of the box, the rotation uniform. */
export function drawObjective(dimension: number, rng: Rng): Objective {
  const minimizer = Array.from({ length: dimension }, () => 0.8 * (box.low + rng() * (box.high - box.low)));
  return { minimizer, rotation: drawRotation(dimension, rng) };
}

/** Mean value at uniform random points of the box, from a sample. */
export function sampleMean(objective: Objective, rng: Rng, samples = 2000): number {
  let sum = 0;
  for (let i = 0; i < samples; i++) {
    const point = objective.minimizer.map(() => box.low + rng() * (box.high - box.low));
    sum += objectiveValue(objective, point) / samples;
  }
  return sum;
}

/** A random orthogonal matrix: normal rows, made orthonormal (Gram and Schmidt). */
function drawRotation(dimension: number, rng: Rng): number[][] {
  const rows: number[][] = [];
  while (rows.length < dimension) {
    let row = Array.from({ length: dimension }, () => drawNormal(rng));
    for (const other of rows) {
      const along = dot(row, other);
      row = row.map((one, i) => one - along * (other[i] ?? 0));
    }
    const length = Math.sqrt(dot(row, row));
    if (length > 1e-6) rows.push(row.map((one) => one / length));
  }
  return rows;
}

function drawNormal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, one, i) => sum + one * (b[i] ?? 0), 0);
}
