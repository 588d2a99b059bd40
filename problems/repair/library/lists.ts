/** Functions on lists. The format is that of `parseLibrary`. */
export const lists = `
/** The elements of a list without repetitions, in the order of their first occurrence. */
function uniqueOf(list) {
  const result = [];
  for (const item of list) {
    if (!result.includes(item)) {
      result.push(item);
    }
  }
  return result;
}
[[1, 2, 1]], [[]], [["b", "a", "b"]], [[3, 3, 3]], [[1, 2, 3]], [[2, 1, 1, 2, 5]]

/** Pairs of the elements at equal places of two lists, as many as the shorter list has. */
function zipLists(left, right) {
  const pairs = [];
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    pairs.push([left[i], right[i]]);
  }
  return pairs;
}
[[1, 2], ["a", "b"]], [[1], [2, 3]], [[], [1]], [[5, 6, 7], [8, 9]], [[true], [false]], [["x", "y"], ["z", "w"]]

/** A list turned to the left by count places; count may exceed its length. */
function rotateList(list, count) {
  if (list.length === 0) {
    return [];
  }
  const start = count % list.length;
  return list.slice(start).concat(list.slice(0, start));
}
[[1, 2, 3], 1], [[1, 2, 3], 0], [[], 2], [[1, 2, 3], 4], [["a", "b", "c", "d"], 2], [[9], 5]

/** Splits numbers into those below zero, zero and above zero, in order: an object of three lists. */
function partitionBySign(numbers) {
  const parts = { negative: [], zero: [], positive: [] };
  for (const number of numbers) {
    if (number < 0) {
      parts.negative.push(number);
    } else if (number === 0) {
      parts.zero.push(number);
    } else {
      parts.positive.push(number);
    }
  }
  return parts;
}
[[1, -2, 0]], [[]], [[-1, -3]], [[0, 0, 4]], [[5, -5, 6, -6]], [[1]]

/** A sorted list with one more number, inserted before the first element that is not smaller. */
function insertSorted(sorted, number) {
  let place = 0;
  while (place < sorted.length && sorted[place] < number) {
    place += 1;
  }
  return [...sorted.slice(0, place), number, ...sorted.slice(place)];
}
[[1, 3, 5], 4], [[], 2], [[1, 2], 0], [[1, 2], 9], [[2, 2, 3], 2], [[-5, 0, 5], -1]

/** Index of a number in an ascending list of distinct numbers, or -1. */
function binarySearch(sorted, wanted) {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle] === wanted) {
      return middle;
    }
    if (sorted[middle] < wanted) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return -1;
}
[[1, 3, 5, 7], 5], [[1, 3, 5, 7], 1], [[1, 3, 5, 7], 7], [[1, 3], 2], [[], 1], [[4], 4], [[2, 4, 6, 8, 10], 8]

/** Merges two ascending lists into one ascending list. */
function mergeSorted(left, right) {
  const merged = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (j >= right.length || (i < left.length && left[i] <= right[j])) {
      merged.push(left[i]);
      i += 1;
    } else {
      merged.push(right[j]);
      j += 1;
    }
  }
  return merged;
}
[[1, 4], [2, 3]], [[], [1]], [[5, 6], []], [[1, 1], [1]], [[2, 8, 9], [3, 10]], [[-1], [-2]]

/** Length of the longest stretch of equal neighbours in a list; 0 for an empty list. */
function longestRun(list) {
  let longest = 0;
  let current = 0;
  for (let i = 0; i < list.length; i++) {
    current = i > 0 && list[i] === list[i - 1] ? current + 1 : 1;
    longest = Math.max(longest, current);
  }
  return longest;
}
[[1, 1, 2]], [[]], [[1, 2, 3]], [[2, 3, 3, 3, 2, 2]], [["a"]], [["x", "x", "y", "y", "y"]]

/** The second largest of the distinct numbers in a list, or null when there is none. */
function secondLargest(numbers) {
  let first = null;
  let second = null;
  for (const number of numbers) {
    if (first === null || number > first) {
      second = first;
      first = number;
    } else if (number < first && (second === null || number > second)) {
      second = number;
    }
  }
  return second;
}
[[1, 2, 3]], [[5, 5]], [[]], [[9, 4, 7]], [[-1, -5, -3]], [[2, 2, 1, 1]], [[3, 8, 8, 6]]

/** Elements of two lists in turn, the first list first; what remains of the longer one comes at the end. */
function interleave(left, right) {
  const result = [];
  const longer = Math.max(left.length, right.length);
  for (let i = 0; i < longer; i++) {
    if (i < left.length) {
      result.push(left[i]);
    }
    if (i < right.length) {
      result.push(right[i]);
    }
  }
  return result;
}
[[1, 2], [3, 4]], [[1], []], [[], [5, 6]], [[1, 2, 3], [9]], [["a"], ["b", "c"]], [[0], [0]]

/** Differences of neighbours in a list: each element minus the one before it. */
function differencesOf(numbers) {
  const result = [];
  for (let i = 1; i < numbers.length; i++) {
    result.push(numbers[i] - numbers[i - 1]);
  }
  return result;
}
[[1, 4, 9]], [[]], [[5]], [[3, 1]], [[2, 2, 7, 0]], [[-1, 1]]

/** Number of pairs of places whose elements are in descending order. */
function countInversions(numbers) {
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    for (let j = i + 1; j < numbers.length; j++) {
      if (numbers[i] > numbers[j]) {
        count += 1;
      }
    }
  }
  return count;
}
[[1, 2, 3]], [[3, 2, 1]], [[2, 1, 3]], [[]], [[5, 1, 4, 2]], [[2, 2, 1]]

/** Largest sum of a stretch of neighbours in a list of numbers; 0 for the empty stretch. */
function maximumStretchSum(numbers) {
  let best = 0;
  let current = 0;
  for (const number of numbers) {
    current = Math.max(0, current + number);
    best = Math.max(best, current);
  }
  return best;
}
[[1, -2, 3, 4]], [[-1, -2]], [[]], [[2, -1, 2]], [[5, -9, 6]], [[1, 2, 3]]

/** The first two places, in order, whose numbers add up to the target; an empty list when there are none. */
function twoSum(numbers, target) {
  for (let i = 0; i < numbers.length; i++) {
    for (let j = i + 1; j < numbers.length; j++) {
      if (numbers[i] + numbers[j] === target) {
        return [i, j];
      }
    }
  }
  return [];
}
[[2, 7, 11], 9], [[1, 2], 5], [[3, 3], 6], [[1, 5, 3, 4], 7], [[], 0], [[8, -2, 4, 2], 6]

/** Elements of a list up to the first one that is not above zero, which is left out. */
function takePositive(numbers) {
  const taken = [];
  for (const number of numbers) {
    if (number <= 0) {
      break;
    }
    taken.push(number);
  }
  return taken;
}
[[1, 2, -3, 4]], [[]], [[0, 1]], [[5, 6]], [[3, 0, 2]], [[-1]]

/** Every second element of a list, from the given start index on. */
function everySecond(list, start) {
  return list.filter((_, index) => index >= start && (index - start) % 2 === 0);
}
[[1, 2, 3, 4], 0], [[1, 2, 3, 4], 1], [[1, 2, 3, 4, 5], 2], [[], 0], [["a", "b", "c"], 0], [[7, 8, 9], 3]
`;
