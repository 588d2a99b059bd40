/** Functions on matrices, grids and points. The format is that of `parseLibrary`. */
export const tables = `
/** Inner product of two lists of numbers of equal length. */
function dotProduct(left, right) {
  let total = 0;
  for (let i = 0; i < left.length; i++) {
    total += left[i] * right[i];
  }
  return total;
}
[[1, 2], [3, 4]], [[], []], [[5], [-2]], [[1, 0, 2], [7, 8, 9]], [[0.5, 2], [4, 0.25]], [[3, 3, 3], [1, 2, 3]]

/** A matrix with rows and columns exchanged; matrices are lists of rows of equal length. */
function transpose(matrix) {
  const rows = [];
  for (let column = 0; column < matrix[0].length; column++) {
    rows.push(matrix.map((row) => row[column]));
  }
  return rows;
}
[[[1, 2], [3, 4]]], [[[1, 2, 3]]], [[[1], [2]]], [[[7]]], [[[1, 2], [3, 4], [5, 6]]], [[["a", "b"]]]

/** Product of two matrices, the first with as many columns as the second has rows. */
function multiplyMatrices(left, right) {
  const columns = transpose(right);
  return left.map((row) => columns.map((column) => dotProduct(row, column)));
}
[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[2]], [[3]]], [[[1, 2]], [[3], [4]]], [[[1], [2]], [[3, 4]]], [[[1, 0], [0, 1]], [[9, 8], [7, 6]]]

/** Sum of the numbers on the diagonal of a square matrix. */
function traceOf(matrix) {
  let sum = 0;
  for (let i = 0; i < matrix.length; i++) {
    sum += matrix[i][i];
  }
  return sum;
}
[[[1, 2], [3, 4]]], [[[7]]], [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[0, 5], [5, 0]]], [[[-1, 0], [0, 3]]]

/** Whether a square matrix equals its transpose. */
function isSymmetric(matrix) {
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j < i; j++) {
      if (matrix[i][j] !== matrix[j][i]) {
        return false;
      }
    }
  }
  return true;
}
[[[1, 2], [2, 1]]], [[[1, 2], [3, 1]]], [[[5]]], [[[1, 2, 3], [2, 5, 6], [3, 7, 9]]], [[[0, 4, 5], [4, 0, 6], [5, 6, 0]]]

/** A grid turned by a quarter to the right; grids are lists of rows. */
function turnClockwise(grid) {
  const turned = [];
  for (let column = 0; column < grid[0].length; column++) {
    turned.push(grid.map((row) => row[column]).reverse());
  }
  return turned;
}
[[[1, 2], [3, 4]]], [[[1, 2, 3]]], [[[1], [2]]], [[["x"]]], [[[1, 2], [3, 4], [5, 6]]]

/** The numbers of a grid in spiral order: along the first row, down, back, and so on inwards. */
function spiralOf(grid) {
  const rows = grid.map((row) => row.slice());
  const order = [];
  while (rows.length > 0) {
    order.push(...rows.shift());
    for (const row of rows) {
      if (row.length > 0) {
        order.push(row.pop());
      }
    }
    rows.reverse();
    for (const row of rows) {
      row.reverse();
    }
  }
  return order;
}
[[[1, 2], [3, 4]]], [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[1, 2, 3]]], [[[1], [2], [3]]], [[[1, 2, 3, 4], [5, 6, 7, 8]]]

/** Determinant of a matrix of 2 or 3 rows, by the first row. */
function determinantOf(matrix) {
  const [[a, b, c], second, third] = matrix;
  if (matrix.length === 2) {
    return a * second[1] - b * second[0];
  }
  const [d, e, f] = second;
  const [g, h, i] = third;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
[[[1, 2], [3, 4]]], [[[2, 0], [0, 3]]], [[[2, 1, 3], [0, 4, 1], [5, 2, 6]]], [[[1, 0, 0], [0, 1, 0], [0, 0, 1]]], [[[3, 5, 7], [1, 2, 9], [4, 8, 2]]]

/** Area of a polygon by its corners [x, y] in order, by the shoelace rule. */
function polygonArea(corners) {
  let twice = 0;
  for (let i = 0; i < corners.length; i++) {
    const [x1, y1] = corners[i];
    const [x2, y2] = corners[(i + 1) % corners.length];
    twice += x1 * y2 - x2 * y1;
  }
  return Math.abs(twice) / 2;
}
[[[0, 0], [2, 0], [2, 2], [0, 2]]], [[[0, 0], [4, 0], [0, 3]]], [[[1, 1], [1, 4], [5, 4]]], [[[0, 0], [3, 1], [4, 5], [-1, 3]]], [[[2, 2], [3, 3]]]

/** The smallest box around points [x, y]: an object with left, right, bottom and top. */
function boundingBox(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
}
[[[1, 2], [3, 0]]], [[[5, 5]]], [[[-1, -2], [4, 7], [0, 9]]], [[[2, 8], [2, 1]]], [[[0, 0], [1, 1], [-3, 2]]]

/** Whether a point [x, y] is within a circle of the given center and radius, its edge included. */
function isInCircle(point, center, radius) {
  const dx = point[0] - center[0];
  const dy = point[1] - center[1];
  return dx * dx + dy * dy <= radius * radius;
}
[[0, 0], [0, 0], 1], [[3, 4], [0, 0], 5], [[3, 5], [0, 0], 5], [[1, 1], [2, 2], 1], [[-1, 2], [1, 2], 2], [[7, 1], [1, 1], 5]

/** Length of a way through points [x, y] when each step goes along the axes. */
function cityBlockLength(points) {
  let length = 0;
  for (let i = 1; i < points.length; i++) {
    length += Math.abs(points[i][0] - points[i - 1][0]);
    length += Math.abs(points[i][1] - points[i - 1][1]);
  }
  return length;
}
[[[0, 0], [3, 4]]], [[]], [[[1, 1]]], [[[0, 0], [1, 0], [1, 2]]], [[[5, 5], [-1, 3], [0, 0]]], [[[2, 9], [2, 4]]]

/** Number of living cells (1) among the eight neighbours of a cell in a grid of 0 and 1. */
function livingNeighbours(grid, row, column) {
  let count = 0;
  for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, grid.length - 1); r++) {
    for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, grid[r].length - 1); c++) {
      if (r !== row || c !== column) {
        count += grid[r][c];
      }
    }
  }
  return count;
}
[[[1, 1], [1, 1]], 0, 0], [[[0, 1, 0], [1, 1, 1], [0, 1, 0]], 1, 1], [[[0, 0], [0, 1]], 1, 1], [[[1, 0, 1], [0, 0, 0], [1, 0, 1]], 1, 1], [[[1, 1, 1], [1, 0, 1], [1, 1, 1]], 2, 2], [[[1, 0, 1], [1, 1, 0], [0, 0, 1]], 0, 1]

/** Whether a cell of a grid of 0 and 1 lives in the next step of the game of life. */
function livesOn(grid, row, column) {
  const neighbours = livingNeighbours(grid, row, column);
  return neighbours === 3 || (neighbours === 2 && grid[row][column] === 1);
}
[[[1, 1], [1, 0]], 1, 1], [[[1, 1], [0, 0]], 1, 0], [[[1, 1, 1], [0, 1, 0], [0, 0, 0]], 1, 1], [[[1, 1], [1, 1]], 0, 0], [[[1, 0, 1], [0, 1, 0], [0, 0, 0]], 1, 1], [[[0, 0], [0, 1]], 1, 1], [[[1, 1, 1], [1, 1, 1], [0, 0, 0]], 0, 1]

/** Pascal's triangle with so many rows. */
function pascalTriangle(rowCount) {
  const rows = [];
  for (let n = 0; n < rowCount; n++) {
    const row = [1];
    for (let k = 1; k <= n; k++) {
      row.push((row[k - 1] * (n - k + 1)) / k);
    }
    rows.push(row);
  }
  return rows;
}
[0], [1], [2], [3], [5]
`;
