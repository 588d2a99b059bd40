/** Families of functions that differ in a number n, for code bases of any size. The format is that of `parseLibrary`. */

/** Each writes the member for a whole number from 0 on. */
export const families: readonly ((member: number) => string)[] = [
  (member) => {
    const n = member + 3;
    return `
/** The numbers of a list that are multiples of ${n}, each divided by ${n}. */
function multiplesOf${n}(numbers) {
  const result = [];
  for (const number of numbers) {
    if (number % ${n} === 0) {
      result.push(number / ${n});
    }
  }
  return result;
}
[[]], [[${n}, ${n + 1}, ${2 * n}]], [[0, 1, 2]], [[${3 * n}, -${n}]], [[${5 * n}, ${5 * n + 1}, ${5 * n - 1}]]
`;
  },
  (member) => {
    const n = 5 * (member + 1);
    return `
/** A number rounded to the nearest multiple of ${n}, upwards from the middle on. */
function roundTo${n}(number) {
  const steps = Math.floor(number / ${n});
  const rest = number - steps * ${n};
  if (rest * 2 >= ${n}) {
    return (steps + 1) * ${n};
  }
  return steps * ${n};
}
[0], [${n / 2}], [${n + 1}], [${2 * n - 1}], [${-n - 1}], [${3.5 * n}], [${7 * n}]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** Digits of a whole number of at least 0 in base ${n}, the highest first; [0] for 0. */
function digitsInBase${n}(number) {
  if (number === 0) {
    return [0];
  }
  const digits = [];
  let left = number;
  while (left > 0) {
    digits.unshift(left % ${n});
    left = Math.floor(left / ${n});
  }
  return digits;
}
[0], [1], [${n}], [${n * n - 1}], [${n * n + 1}], [100]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** A list in pieces of ${n} elements; the last piece holds what remains. */
function chunksOf${n}(list) {
  const chunks = [];
  for (let start = 0; start < list.length; start += ${n}) {
    chunks.push(list.slice(start, start + ${n}));
  }
  return chunks;
}
[[]], [[1]], [${list(n)}], [${list(n + 1)}], [${list(2 * n)}], [${list(3 * n - 1)}]
`;
  },
  (member) => {
    const n = member + 7;
    return `
/** The seat that is some steps (below zero: backwards) from a seat at a round table with seats 0 to ${n - 1}. */
function seatAmong${n}(seat, steps) {
  const moved = (seat + steps) % ${n};
  if (moved < 0) {
    return moved + ${n};
  }
  return moved;
}
[0, 1], [${n - 1}, 1], [0, -1], [3, ${2 * n}], [2, -${n + 1}], [5, 4], [1, -1]
`;
  },
  (member) => {
    const n = (member % 25) + 1;
    const name = member < 25 ? `${n}` : `${n}v${member}`;
    return `
/** A text with every small letter moved ${n} places forward in the alphabet, from z on to a; others stay. */
function shiftLetters${name}(text) {
  let result = "";
  for (const letter of text) {
    const place = "abcdefghijklmnopqrstuvwxyz".indexOf(letter);
    if (place < 0) {
      result += letter;
    } else {
      result += "abcdefghijklmnopqrstuvwxyz"[(place + ${n}) % 26];
    }
  }
  return result;
}
["abc"], [""], ["xyz"], ["Hello, world"], ["a z"], ["quiz"]
`;
  },
  (member) => {
    const n = 40 + 2 * member;
    return `
/** Grade of a number of points: "fail" below ${n}, "pass", "merit" from ${n + 20} on, "distinction" from ${n + 35} on. */
function gradeFrom${n}(points) {
  if (points < ${n}) {
    return "fail";
  }
  if (points >= ${n + 35}) {
    return "distinction";
  }
  return points >= ${n + 20} ? "merit" : "pass";
}
[0], [${n}], [${n - 1}], [${n + 19}], [${n + 20}], [${n + 34}], [${n + 35}]
`;
  },
  (member) => {
    const n = 10 * (member + 1);
    return `
/** Price of a number of units: 3 each up to ${n}, 2 for each one above, and 5 for any order of at least one. */
function priceWithLimit${n}(units) {
  if (units <= 0) {
    return 0;
  }
  const normal = Math.min(units, ${n});
  const above = Math.max(units - ${n}, 0);
  return 5 + normal * 3 + above * 2;
}
[0], [1], [${n}], [${n + 1}], [${2 * n}], [-1], [${n - 1}]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** Sum of the ${n} largest numbers of a list, or of all when it has fewer. */
function sumOfTop${n}(numbers) {
  const sorted = numbers.slice().sort((a, b) => b - a);
  let sum = 0;
  for (let i = 0; i < sorted.length && i < ${n}; i++) {
    sum += sorted[i];
  }
  return sum;
}
[[]], [[1]], [${list(n)}], [${list(n + 1)}], [${list(2 * n)}], [[9, -1, 10, 2, 8]]
`;
  },
  (member) => {
    const n = 5 * (member + 1);
    return `
/** Of ascending times, those kept when each must be at least ${n} after the one kept before; the first is kept. */
function spacedBy${n}(times) {
  const kept = [];
  for (const time of times) {
    const last = kept[kept.length - 1];
    if (kept.length === 0 || time - last >= ${n}) {
      kept.push(time);
    }
  }
  return kept;
}
[[]], [[4]], [[0, ${n - 1}, ${n}]], [[1, ${n + 1}, ${n + 2}, ${2 * n + 1}]], [[3, 4, 5]], [[0, ${n + 1}, ${2 * n}]]
`;
  },
  (member) => {
    const n = member + 1;
    return `
/** What becomes of an amount after some years at ${n} percent, cut to whole units each year. */
function savingsAt${n}(amount, years) {
  let total = amount;
  for (let year = 1; year <= years; year++) {
    total += Math.floor((total * ${n}) / 100);
  }
  return total;
}
[1000, 1], [1000, 0], [5000, 2], [1990, 3], [350, 2], [0, 4]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** A text in groups of ${n} characters parted by spaces, counted from its end. */
function groupBy${n}(text) {
  const groups = [];
  let end = text.length;
  while (end > 0) {
    groups.unshift(text.slice(Math.max(end - ${n}, 0), end));
    end -= ${n};
  }
  return groups.join(" ");
}
[""], ["a"], ["${"ab".repeat(n)}"], ["${"x".repeat(n)}"], ["${"xyz".repeat(n)}q"], ["1234567"]
`;
  },
  (member) => {
    const n = member + 11;
    return `
/** Check number of a list of digits: each times its place from 1 on, added up, modulo ${n}. */
function checkNumber${n}(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += digits[i] * (i + 1);
  }
  return sum % ${n};
}
[[]], [[1]], [[9, 9, 9]], [[1, 2, 3, 4, 5]], [[${n}, 1]], [[0, 7, 5, 3, 8]]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** Whole numbers from first to last (included) in steps of ${n}, downwards when last is below first. */
function stepsOf${n}(first, last) {
  const numbers = [];
  const direction = last < first ? -1 : 1;
  for (let i = 0; i * ${n} <= Math.abs(last - first); i++) {
    numbers.push(first + i * ${n} * direction);
  }
  return numbers;
}
[0, 0], [0, ${2 * n}], [1, ${n + 2}], [${2 * n}, 0], [5, ${5 - n}], [-1, ${n - 2}]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** The values of a list that occur in it at least ${n} times, each once, in the order of their first occurrence. */
function repeated${n}Times(values) {
  const counts = new Map();
  for (const value of values) {
    counts.set(value, (counts.get(value) || 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= ${n}).map(([value]) => value);
}
[[]], [[1]], [${JSON.stringify(new Array(n).fill("a"))}], [${JSON.stringify([...new Array(n).fill(7), ...new Array(n - 1).fill(8)])}], [${JSON.stringify(["x", ...new Array(n + 1).fill("y")])}]
`;
  },
  (member) => {
    const n = member + 2;
    return `
/** The largest number of each stretch of ${n} neighbours in a list, from left to right. */
function peaksOver${n}(numbers) {
  const peaks = [];
  for (let end = ${n}; end <= numbers.length; end++) {
    const stretch = numbers.slice(end - ${n}, end);
    peaks.push(Math.max(...stretch));
  }
  return peaks;
}
[[]], [[5]], [${list(n)}], [${list(n + 2)}], [${list(2 * n)}]
`;
  },
];

/** A list of so many numbers in no simple order, as JSON. */
function list(length: number): string {
  return JSON.stringify(Array.from({ length }, (_, index) => ((index + 2) * 7) % 11));
}
