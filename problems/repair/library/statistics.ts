/** Functions on samples of numbers. The format is that of `parseLibrary`. */
export const statistics = `
/** Sum of a list of numbers; 0 for an empty list. */
function sumOf(numbers) {
  let total = 0;
  for (const number of numbers) {
    total += number;
  }
  return total;
}
[[]], [[1]], [[1, 2, 3]], [[-4, 4]], [[0.5, 0.25]], [[10, -3, 2]]

/** Arithmetic mean of a list of numbers; 0 for an empty list. */
function meanOf(numbers) {
  if (numbers.length === 0) {
    return 0;
  }
  return sumOf(numbers) / numbers.length;
}
[[]], [[4]], [[1, 2, 3]], [[-4, 4, 3]], [[0.5, 0.25]], [[10, -3, 2, 7]]

/** Median of a list of numbers: the middle one, or the mean of the two in the middle; 0 for an empty list. */
function medianOf(numbers) {
  const sorted = numbers.slice().sort((a, b) => a - b);
  if (sorted.length === 0) {
    return 0;
  }
  const half = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) {
    return sorted[half];
  }
  return (sorted[half - 1] + sorted[half]) / 2;
}
[[]], [[4]], [[3, 1, 2]], [[10, 2, 9, 1]], [[5, 5, 1, 7, 30]], [[100, 20]]

/** Population variance of a list of numbers: the mean of the squared distances from the mean. */
function varianceOf(numbers) {
  const mean = meanOf(numbers);
  let squares = 0;
  for (const number of numbers) {
    squares += (number - mean) ** 2;
  }
  return numbers.length === 0 ? 0 : squares / numbers.length;
}
[[]], [[4]], [[1, 3]], [[2, 4, 9]], [[5, 5, 5]], [[1, 2, 3, 4]]

/** The value that occurs most often; the one that comes first among equals; null for an empty list. */
function modeOf(values) {
  const counts = new Map();
  let best = null;
  for (const value of values) {
    counts.set(value, (counts.get(value) || 0) + 1);
  }
  for (const [value, count] of counts) {
    if (best === null || count > counts.get(best)) {
      best = value;
    }
  }
  return best;
}
[[]], [[1, 2, 2]], [[3, 1, 3, 1]], [["a", "b", "b"]], [[7]], [[1, 2, 3, 3, 2, 2]]

/** The smallest value such that at least share (0 to 1) of the numbers are at most that value. */
function percentileOf(numbers, share) {
  const sorted = numbers.slice().sort((a, b) => a - b);
  const rank = Math.ceil(share * sorted.length);
  const index = Math.max(rank - 1, 0);
  return sorted[index];
}
[[15, 20, 35, 40, 50], 0.5], [[3, 1, 2], 1], [[3, 1, 2], 0], [[9, 7, 8, 6], 0.25], [[9, 7, 8, 10], 0.75], [[5], 0.3]

/** Means of all stretches of the given length of a list, from left to right. */
function movingAverage(numbers, length) {
  const means = [];
  for (let end = length; end <= numbers.length; end++) {
    means.push(meanOf(numbers.slice(end - length, end)));
  }
  return means;
}
[[1, 2, 3, 4], 2], [[1, 2], 3], [[5, 7, 9], 1], [[3, 3, 9, 9], 3], [[], 2], [[8, 4, 6, 2], 4]

/** How many numbers fall into each of count bins of the given width, the first one from 0 on; others are left out. */
function histogramOf(numbers, width, count) {
  const bins = new Array(count).fill(0);
  for (const number of numbers) {
    const bin = Math.floor(number / width);
    if (bin >= 0 && bin < count) {
      bins[bin] += 1;
    }
  }
  return bins;
}
[[1, 2, 5, 9], 5, 2], [[], 1, 3], [[-1, 0, 10], 5, 2], [[3, 3, 4, 7], 2, 4], [[0.5, 1.5, 1.6], 1, 2], [[6], 3, 3]

/** Numbers mapped linearly so that the smallest becomes 0 and the largest 1; all 0 when they are equal. */
function rescale(numbers) {
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  if (low === high) {
    return numbers.map(() => 0);
  }
  return numbers.map((number) => (number - low) / (high - low));
}
[[1, 2, 3]], [[5, 5]], [[-2, 0, 2]], [[10, 4]], [[7]], [[0, 1, 4, 2]]

/** Mean of values with weights; 0 when the weights add up to 0. */
function weightedMean(values, weights) {
  let total = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    total += values[i] * weights[i];
    weight += weights[i];
  }
  return weight === 0 ? 0 : total / weight;
}
[[1, 3], [1, 1]], [[1, 3], [3, 1]], [[], []], [[5, 9], [0, 0]], [[2, 4, 6], [1, 0, 3]], [[8], [5]]

/** For each place of a list, the largest number up to and including that place. */
function runningMaximum(numbers) {
  const result = [];
  let largest = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    largest = Math.max(largest, number);
    result.push(largest);
  }
  return result;
}
[[1, 3, 2]], [[]], [[-5, -7, -1]], [[4, 4, 5]], [[9, 1, 10, 2]], [[0]]

/** Ranks of numbers from 1 for the largest; equal numbers share the better rank. */
function ranksOf(numbers) {
  return numbers.map((number) => {
    let rank = 1;
    for (const other of numbers) {
      if (other > number) {
        rank += 1;
      }
    }
    return rank;
  });
}
[[10, 30, 20]], [[5, 5, 1]], [[]], [[1, 2, 3, 4]], [[7]], [[2, 9, 9, 4]]
`;
