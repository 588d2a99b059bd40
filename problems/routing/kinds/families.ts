/** Families of kinds: the same task with another number is another kind. */
import { type Rng, words } from "../../../src/core/index.ts";
import { timeLater, twoDigits, weekdayAfter, weekdays } from "./conversions.ts";
import { drawLong, drawWhole, drawWords, type Kind, numbersOf, shuffled, times, wordsOf } from "./kind.ts";

/** Makes a kind of each of its numbers. */
export interface Family {
  /** From the first to the last, in steps of 1. */
  readonly numbers: readonly [number, number];
  /** Numbers in between that it leaves out: the tasks would be empty, or another kind's. */
  readonly without?: (number: number) => boolean;
  make(number: number): Kind;
}

/** More than enough; beyond 999 a number would be two tokens, and its kind's name longer than the others'. */
const mostNumber = 199;

const alphabet = "abcdefghijklmnopqrstuvwxyz";

/** Words of which each letter was moved so many places on, and back. */
function moved(word: string, places: number): string {
  return word.replace(/[a-z]/g, (letter) => alphabet[(alphabet.indexOf(letter) + places) % 26] ?? letter);
}

/** A number that so many times stays, as a product, within 7 to 9 digits. */
function drawFactor(rng: Rng, number: number): number {
  return drawWhole(rng, Math.ceil(1e6 / number), Math.floor(999_999_999 / number));
}

/** Each brings one kind in turn, until it has no more numbers. */
export const families: readonly Family[] = [
  {
    numbers: [1, 25],
    make: (places) => ({
      name: `shift-${places}`,
      wanted: `the words with all letters moved back ${places} places`,
      label: "words",
      extraTokens: 5,
      make(rng) {
        const plain = drawWords(rng, 3).join(" ");
        return { given: moved(plain, places), answer: plain };
      },
      solve: (given) => moved(given, 26 - places),
    }),
  },
  {
    numbers: [2, mostNumber],
    make: (factor) => ({
      name: `multiply-${factor}`,
      wanted: `the number times ${factor}`,
      label: "number",
      make(rng) {
        const number = drawFactor(rng, factor);
        return { given: String(number), answer: String(number * factor) };
      },
      solve(given) {
        // As on paper: digit by digit.
        let product = 0;
        for (const digit of given.trim()) product = 10 * product + Number(digit) * factor;
        return String(product);
      },
    }),
  },
  {
    numbers: [2, 9],
    make: (step) => ({
      name: `every-${step}`,
      wanted: `words ${step}, ${2 * step} and ${3 * step} of the text`,
      label: "text",
      make(rng) {
        const text = drawWords(rng, 3 * step + 2);
        return { given: text.join(" "), answer: times(3, (index) => text[(index + 1) * step - 1]).join(" ") };
      },
      solve: (given) =>
        wordsOf(given)
          .filter((_, index) => index % step === step - 1)
          .slice(0, 3)
          .join(" "),
    }),
  },
  {
    numbers: [1, mostNumber],
    make: (term) => ({
      name: `add-${term}`,
      wanted: `the number plus ${term}`,
      label: "number",
      make(rng) {
        const number = drawLong(rng);
        return { given: String(number), answer: String(number + term) };
      },
      solve: (given) => String(term + Number(given)),
    }),
  },
  {
    numbers: [2, 20],
    make: (place) => ({
      name: `from-${place}`,
      wanted: `three words of the text from word ${place} on`,
      label: "text",
      make(rng) {
        const answer = drawWords(rng, 3);
        const others = drawWords(rng, 21);
        const text = [...others.slice(0, place - 1), ...answer, ...others.slice(place - 1)];
        return { given: text.join(" "), answer: answer.join(" ") };
      },
      solve: (given) =>
        wordsOf(given)
          .slice(place - 1, place + 2)
          .join(" "),
    }),
  },
  {
    numbers: [2, mostNumber],
    make: (divisor) => ({
      name: `rest-${divisor}`,
      wanted: `what is left of both when divided by ${divisor}`,
      label: "numbers",
      make(rng) {
        const pair = times(2, () => ({
          fold: drawWhole(rng, 1000, 9999),
          rest: drawWhole(rng, 0, divisor - 1),
        }));
        return {
          given: pair.map(({ fold, rest }) => fold * divisor + rest).join(" "),
          answer: pair.map(({ rest }) => rest).join(" "),
        };
      },
      solve: (given) =>
        numbersOf(given)
          .map((number) => number % divisor)
          .join(" "),
    }),
  },
  {
    numbers: [2, 30],
    without: (days) => days % 7 === 0,
    make: (days) => ({
      name: `days-${days}`,
      wanted: `the weekdays ${days} days after each one`,
      label: "days",
      make(rng) {
        const start = times(3, () => drawWhole(rng, 0, 6));
        return {
          given: start.map((place) => weekdays[place]).join(" "),
          answer: start.map((place) => weekdays[(place + days) % 7]).join(" "),
        };
      },
      solve: (given) =>
        wordsOf(given)
          .map((day) => weekdayAfter(day, days))
          .join(" "),
    }),
  },
  {
    numbers: [2, mostNumber],
    make: (divisor) => ({
      name: `divide-${divisor}`,
      wanted: `the number divided by ${divisor}`,
      label: "number",
      make(rng) {
        const answer = drawLong(rng);
        return { given: String(answer * divisor), answer: String(answer) };
      },
      solve: (given) => String(Math.round(Number(given) / divisor)),
    }),
  },
  {
    numbers: [3, 9],
    make: (base) => ({
      name: `base-${base}`,
      wanted: `the two base ${base} numbers as decimals`,
      label: "numbers",
      make(rng) {
        const pair = times(2, () => drawWhole(rng, base, 200));
        return { given: pair.map((one) => one.toString(base)).join(" "), answer: pair.join(" ") };
      },
      solve: (given) =>
        given
          .split(" ")
          .map((digits) => [...digits].reduce((value, digit) => base * value + Number(digit), 0))
          .join(" "),
    }),
  },
  {
    numbers: [5, 59],
    without: (minutes) => minutes === 30,
    make: (minutes) => ({
      name: `minutes-${minutes}`,
      wanted: `the time ${minutes} minutes later`,
      label: "time",
      make(rng) {
        const [hour, minute] = [drawWhole(rng, 0, 23), drawWhole(rng, 0, 59)];
        const isNext = minute + minutes >= 60;
        const later = [isNext ? (hour + 1) % 24 : hour, minute + minutes - (isNext ? 60 : 0)];
        return { given: `${twoDigits(hour)}:${twoDigits(minute)}`, answer: later.map(twoDigits).join(":") };
      },
      solve: (given) => timeLater(given, minutes),
    }),
  },
  {
    numbers: [4, 7],
    make: (length) => ({
      name: `letters-${length}`,
      wanted: `the words of ${length} letters`,
      label: "text",
      make(rng) {
        const long = new Set(
          drawWords(
            rng,
            3,
            words.filter((word) => word.length === length),
          ),
        );
        const others = drawWords(
          rng,
          9,
          words.filter((word) => word.length !== length),
        );
        const text = shuffled([...long, ...others], rng);
        return { given: text.join(" "), answer: text.filter((word) => long.has(word)).join(" ") };
      },
      solve: (given) => (given.match(new RegExp(`\\b[a-z]{${length}}\\b`, "g")) ?? []).join(" "),
    }),
  },
  {
    numbers: [1, mostNumber],
    make: (term) => ({
      name: `minus-${term}`,
      wanted: `the number minus ${term}`,
      label: "number",
      make(rng) {
        const answer = drawLong(rng);
        return { given: String(answer + term), answer: String(answer) };
      },
      solve: (given) => String(Number(given) - term),
    }),
  },
];
