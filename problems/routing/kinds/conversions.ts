/** Kinds of task that write the same in another form, or look something up. */
import { drawLong, drawWhole, drawWords, type Kind, numbersOf, times, wordsOf } from "./kind.ts";

/** The months of a year, January first. */
export const months: readonly string[] =
  "January February March April May June July August September October November December".split(" ");

/** The days of a week, Monday first. */
export const weekdays: readonly string[] = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(
  " ",
);

/** The weekday so many days after another one; undefined where that is none. */
export function weekdayAfter(day: string, days: number): string | undefined {
  const place = weekdays.indexOf(day);
  return place < 0 ? undefined : weekdays[(place + days) % 7];
}

const ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
const tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"];
const hundreds = ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"];
const romanValues: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

function toRoman(number: number): string {
  const digit = (place: number) => Math.floor(number / place) % 10;
  return `${hundreds[digit(100)]}${tens[digit(10)]}${ones[digit(1)]}`;
}

function fromRoman(text: string): number {
  let value = 0;
  let before = 0;
  for (const letter of text) {
    const next = romanValues[letter] ?? 0;
    value += before < next ? next - 2 * before : next;
    before = next;
  }
  return value;
}

/** A number with a leading zero where it has one digit. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** The time of day so many minutes later, as 15:05. */
export function timeLater(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = numbersOf(time);
  const later = 60 * hour + minute + minutes;
  return `${twoDigits(Math.floor(later / 60) % 24)}:${twoDigits(later % 60)}`;
}

/** Formats, units and look-ups, written by hand. */
export const conversionKinds: readonly Kind[] = [
  {
    name: "day-and-month",
    wanted: "the date as month and day such as May 7",
    label: "date",
    make(rng) {
      const [year, month, day] = [drawWhole(rng, 1950, 2049), drawWhole(rng, 1, 12), drawWhole(rng, 1, 28)];
      return {
        given: `${year}-${twoDigits(month)}-${twoDigits(day)}`,
        answer: `${months[month - 1]} ${day}`,
      };
    },
    solve(given) {
      const [, month = 0, day] = numbersOf(given);
      return `${months[month - 1] ?? ""} ${day}`;
    },
  },
  {
    name: "km-to-m",
    wanted: "the distance in metres",
    label: "distance",
    make(rng) {
      const metres = String(drawLong(rng));
      return { given: `${metres.slice(0, -3)}.${metres.slice(-3)} kilometres`, answer: metres };
    },
    solve: (given) => String(Math.round(1000 * Number.parseFloat(given))),
  },
  {
    name: "c-to-f",
    wanted: "the two temperatures in Fahrenheit",
    label: "Celsius",
    make(rng) {
      const steps = times(2, () => drawWhole(rng, 1, 50));
      return {
        given: steps.map((step) => 5 * step).join(" "),
        answer: steps.map((step) => 9 * step + 32).join(" "),
      };
    },
    solve: (given) =>
      numbersOf(given)
        .map((celsius) => Math.round(1.8 * celsius + 32))
        .join(" "),
  },
  {
    name: "roman-to-number",
    wanted: "the two Roman numbers in our digits",
    label: "Roman",
    extraTokens: 4,
    make(rng) {
      const pair = times(2, () => drawWhole(rng, 1, 999));
      return { given: pair.map(toRoman).join(" "), answer: pair.join(" ") };
    },
    solve: (given) => wordsOf(given).map(fromRoman).join(" "),
  },
  {
    name: "binary-to-number",
    wanted: "the two binary numbers as decimals",
    label: "binary",
    make(rng) {
      const pair = times(2, () => drawWhole(rng, 2, 255));
      return { given: pair.map((one) => one.toString(2)).join(" "), answer: pair.join(" ") };
    },
    solve: (given) =>
      given
        .split(" ")
        .map((digits) => [...digits].reduce((value, digit) => 2 * value + Number(digit), 0))
        .join(" "),
  },
  {
    name: "day-after-day",
    wanted: "the next weekday after each one",
    label: "days",
    make(rng) {
      const places = times(3, () => drawWhole(rng, 0, 6));
      return {
        given: places.map((place) => weekdays[place]).join(" "),
        answer: places.map((place) => weekdays[place === 6 ? 0 : place + 1]).join(" "),
      };
    },
    solve: (given) =>
      wordsOf(given)
        .map((day) => weekdayAfter(day, 1))
        .join(" "),
  },
  {
    name: "time-plus-half",
    wanted: "the time half an hour later",
    label: "time",
    make(rng) {
      const [hour, minute] = [drawWhole(rng, 0, 23), drawWhole(rng, 0, 29)];
      const isLate = rng() < 0.5;
      const [from, to] = isLate
        ? [[hour, minute + 30] as const, [(hour + 1) % 24, minute] as const]
        : [[hour, minute] as const, [hour, minute + 30] as const];
      return { given: from.map(twoDigits).join(":"), answer: to.map(twoDigits).join(":") };
    },
    solve: (given) => timeLater(given, 30),
  },
  {
    name: "value-of-key",
    wanted: "the value of the key in the record",
    label: "key",
    extraTokens: -2, // marks that follow each other are one
    make(rng) {
      const keys = drawWords(rng, 3);
      const values = keys.map(() => drawWords(rng, 3).join(" "));
      const record = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
      const asked = drawWhole(rng, 0, 2);
      return { given: `${keys[asked]} of ${JSON.stringify(record)}`, answer: values[asked] ?? "" };
    },
    solve(given) {
      const [, key] = /^(\w+) of \{/.exec(given) ?? [];
      return new RegExp(`"${key}":"([^"]*)"`).exec(given)?.[1];
    },
  },
  {
    name: "row-of-table",
    wanted: "the words of the row in the table",
    label: "row",
    make(rng) {
      const rows = times(4, () => drawWords(rng, 3).join(" "));
      const asked = drawWhole(rng, 1, 4);
      const table = rows.map((row, index) => `${index + 1} ${row}`).join("; ");
      return { given: `number ${asked} of ${table}`, answer: rows[asked - 1] ?? "" };
    },
    solve(given) {
      const [, asked, table = ""] = /^number (\d+) of (.*)$/.exec(given) ?? [];
      const row = table.split("; ").find((one) => one.startsWith(`${asked} `));
      return row?.replace(/^\d+ /, "");
    },
  },
];
