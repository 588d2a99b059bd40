/** Small dense linear algebra: a few unknowns, a few dozen rows. */

/** The solution of a symmetric positive definite system together with the inverse of its matrix. */
export interface Solution {
  readonly values: readonly number[];
  readonly inverse: readonly (readonly number[])[];
}

/**
 * Solves `matrix * values = right` by Gauss-Jordan elimination with pivoting, after scaling the diagonal to
 * one so that columns of very different size do not look singular. Undefined when the matrix is singular.
 */
export function solveSymmetric(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): Solution | undefined {
  const order = right.length;
  const scale = matrix.map((row, i) => Math.sqrt(row[i] ?? 0));
  if (scale.some((value) => !(value > 0 && Number.isFinite(value)))) return undefined;
  const scaleAt = (i: number) => scale[i] ?? 1;
  // Each row: scaled matrix | scaled right side | identity.
  const rows = matrix.map((row, i) => [
    ...row.map((value, j) => value / (scaleAt(i) * scaleAt(j))),
    (right[i] ?? 0) / scaleAt(i),
    ...right.map((_, j) => (i === j ? 1 : 0)),
  ]);
  for (let column = 0; column < order; column++) {
    let pivot = column;
    for (let i = column + 1; i < order; i++) {
      if (Math.abs(rows[i]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = i;
    }
    const pivotRow = rows[pivot];
    const swapped = rows[column];
    const divisor = pivotRow?.[column] ?? 0;
    if (!pivotRow || !swapped || !(Math.abs(divisor) > 1e-13)) return undefined;
    rows[pivot] = swapped;
    const unit = pivotRow.map((value) => value / divisor);
    for (let i = 0; i < order; i++) {
      const factor = rows[i]?.[column] ?? 0;
      if (i !== column) rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (unit[j] ?? 0));
    }
    rows[column] = unit;
  }
  return {
    values: rows.map((row, i) => (row[order] ?? 0) / scaleAt(i)),
    inverse: rows.map((row, i) => row.slice(order + 1).map((value, j) => value / (scaleAt(i) * scaleAt(j)))),
  };
}

/** A weighted least-squares fit. */
export interface LeastSquares {
  readonly coefficients: readonly number[];
  /** Inverse of `X' W X`: the covariance of the coefficients when the weights are inverse variances. */
  readonly covariance: readonly (readonly number[])[];
  /** Weighted sum of squared residuals. */
  readonly residual: number;
}

/** Fits `response ~ design` with the given non-negative weights; undefined when the design is singular. */
export function weightedLeastSquares(
  design: readonly (readonly number[])[],
  response: readonly number[],
  weights: readonly number[],
): LeastSquares | undefined {
  const order = design[0]?.length ?? 0;
  const matrix = Array.from({ length: order }, () => new Array<number>(order).fill(0));
  const right = new Array<number>(order).fill(0);
  for (const [i, row] of design.entries()) {
    const weight = weights[i] ?? 0;
    for (const [j, value] of row.entries()) {
      right[j] = (right[j] ?? 0) + weight * value * (response[i] ?? 0);
      const matrixRow = matrix[j] ?? [];
      for (const [other, second] of row.entries()) {
        matrixRow[other] = (matrixRow[other] ?? 0) + weight * value * second;
      }
    }
  }
  const solution = solveSymmetric(matrix, right);
  if (!solution) return undefined;
  let residual = 0;
  for (const [i, row] of design.entries()) {
    residual += (weights[i] ?? 0) * ((response[i] ?? 0) - dot(row, solution.values)) ** 2;
  }
  return { coefficients: solution.values, covariance: solution.inverse, residual };
}

/** The inner product of two vectors of the same length. */
export function dot(left: readonly number[], right: readonly number[]): number {
  let sum = 0;
  for (const [i, value] of left.entries()) sum += value * (right[i] ?? 0);
  return sum;
}

/** The bilinear form `left' * matrix * right`. */
export function quadraticForm(
  left: readonly number[],
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number {
  let sum = 0;
  for (const [i, value] of left.entries()) sum += value * dot(matrix[i] ?? [], right);
  return sum;
}
