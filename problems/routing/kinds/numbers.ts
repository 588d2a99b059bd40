/** Kinds of task on numbers. */
import { bySize, drawLong, drawWhole, type Kind, numbersOf, times } from "./kind.ts";

/** Arithmetic and the like, written by hand. */
export const numberKinds: readonly Kind[] = [
  {
    name: "sum-of-all",
    wanted: "the sum of all the numbers",
    label: "numbers",
    make(rng) {
      const all = times(4, () => drawLong(rng));
      let sum = 0;
      for (const one of all) sum += one;
      return { given: all.join(" "), answer: String(sum) };
    },
    solve: (given) => String(numbersOf(given).reduce((sum, one) => sum + one, 0)),
  },
  {
    name: "difference-of-two",
    wanted: "the larger number minus the smaller one",
    label: "numbers",
    make(rng) {
      const [smaller, answer] = [drawLong(rng), drawLong(rng)];
      const pair = [smaller, smaller + answer];
      return { given: (rng() < 0.5 ? pair : pair.reverse()).join(" "), answer: String(answer) };
    },
    solve(given) {
      const [first = 0, second = 0] = numbersOf(given);
      return String(Math.abs(first - second));
    },
  },
  {
    name: "product-of-two",
    wanted: "the product of the two numbers",
    label: "numbers",
    make(rng) {
      const [first, second] = [drawWhole(rng, 1000, 9999), drawWhole(rng, 1000, 9999)];
      return { given: `${first} ${second}`, answer: String(first * second) };
    },
    solve(given) {
      // As on paper: digit by digit of the second factor.
      const [first = 0, second = 0] = numbersOf(given);
      let product = 0;
      for (const digit of String(second)) product = 10 * product + Number(digit) * first;
      return String(product);
    },
  },
  {
    name: "square-of-one",
    wanted: "the square of the number",
    label: "number",
    make(rng) {
      const root = drawWhole(rng, 1000, 9999);
      return { given: String(root), answer: String(root ** 2) };
    },
    solve(given) {
      // (a + b)^2 with a the thousands.
      const root = Number(given);
      const [a, b] = [root - (root % 1000), root % 1000];
      return String(a * a + 2 * a * b + b * b);
    },
  },
  {
    name: "largest-of-all",
    wanted: "the largest of the numbers",
    label: "numbers",
    make(rng) {
      const all = times(5, () => drawLong(rng));
      return { given: all.join(" "), answer: String(Math.max(...all)) };
    },
    solve: (given) => String(numbersOf(given).sort(bySize).at(-1) ?? ""),
  },
  {
    name: "middle-of-all",
    wanted: "the middle one of the numbers by size",
    label: "numbers",
    make(rng) {
      const middle = drawLong(rng);
      const below = () => drawWhole(rng, 100_000, middle - 1);
      const above = () => drawWhole(rng, middle + 1, 50_000_000);
      const all = [above(), below(), middle, above(), below()];
      const from = drawWhole(rng, 0, 4);
      return { given: [...all.slice(from), ...all.slice(0, from)].join(" "), answer: String(middle) };
    },
    solve: (given) => String(numbersOf(given).sort(bySize)[2] ?? ""),
  },
  {
    name: "next-in-line",
    wanted: "the next number of the series with even steps",
    label: "series",
    make(rng) {
      const [start, step] = [drawLong(rng), drawWhole(rng, 1000, 900_000)];
      return {
        given: times(4, (index) => start + index * step).join(" "),
        answer: String(start + 4 * step),
      };
    },
    solve(given) {
      const [, , before = 0, last = 0] = numbersOf(given);
      return String(2 * last - before);
    },
  },
  {
    name: "factor-of-two",
    wanted: "the greatest common divisor of each pair",
    label: "pairs",
    make(rng) {
      // Neighbours have no common divisor but 1.
      const pairs = times(2, () => [drawWhole(rng, 2, 40), drawWhole(rng, 2, 20)] as const);
      return {
        given: pairs.map(([divisor, n]) => `${divisor * n} and ${divisor * (n + 1)}`).join(", "),
        answer: pairs.map(([divisor]) => divisor).join(" "),
      };
    },
    solve(given) {
      const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
      return given
        .split(",")
        .map((pair) => numbersOf(pair))
        .map(([a = 0, b = 0]) => divisor(a, b))
        .join(" ");
    },
  },
  {
    name: "odd-or-even",
    wanted: "for each number whether it is odd or even",
    label: "numbers",
    make(rng) {
      const all = times(3, () => ({ half: drawWhole(rng, 500_000, 20_000_000), isOdd: rng() < 0.5 }));
      return {
        given: all.map(({ half, isOdd }) => 2 * half + Number(isOdd)).join(" "),
        answer: all.map(({ isOdd }) => (isOdd ? "odd" : "even")).join(" "),
      };
    },
    solve: (given) =>
      (given.match(/\d+/g) ?? []).map((one) => (/[13579]$/.test(one) ? "odd" : "even")).join(" "),
  },
];
