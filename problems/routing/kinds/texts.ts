/** Kinds of task on words. */
import { words } from "../../../src/core/index.ts";
import { byAlphabet, drawWhole, drawWords, type Kind, shuffled, times, wordsOf } from "./kind.ts";

const inOrder: readonly string[] = [...words].sort(byAlphabet);

/** Sorting, counting and the like, written by hand. */
export const textKinds: readonly Kind[] = [
  {
    name: "sort-by-name",
    wanted: "the words in alphabetical order",
    label: "words",
    make(rng) {
      const drawn = new Set(drawWords(rng, 3));
      return {
        given: shuffled([...drawn], rng).join(" "),
        answer: inOrder.filter((word) => drawn.has(word)).join(" "),
      };
    },
    solve: (given) => wordsOf(given).sort(byAlphabet).join(" "),
  },
  {
    name: "last-by-name",
    wanted: "the last three words by the alphabet in its order",
    label: "words",
    make(rng) {
      const drawn = new Set(drawWords(rng, 8));
      const sorted = inOrder.filter((word) => drawn.has(word));
      return { given: shuffled(sorted, rng).join(" "), answer: sorted.slice(-3).join(" ") };
    },
    solve: (given) => wordsOf(given).sort(byAlphabet).slice(5).join(" "),
  },
  {
    name: "first-of-two",
    wanted: "of each pair the word that is first by the alphabet",
    label: "pairs",
    make(rng) {
      const places = drawWords(rng, 6).map((word) => inOrder.indexOf(word));
      const pairs = times(3, (index) => places.slice(2 * index, 2 * index + 2));
      return {
        given: pairs.map((pair) => pair.map((place) => inOrder[place]).join(" or ")).join(", "),
        answer: pairs.map((pair) => inOrder[Math.min(...pair)]).join(" "),
      };
    },
    solve: (given) =>
      given
        .split(",")
        .map((pair) => pair.trim().split(" or ").sort(byAlphabet)[0])
        .join(" "),
  },
  {
    name: "back-to-front",
    wanted: "the words in reverse order",
    label: "words",
    make(rng) {
      const [first, second, third] = drawWords(rng, 3);
      return { given: `${first} ${second} ${third}`, answer: `${third} ${second} ${first}` };
    },
    solve: (given) => wordsOf(given).reverse().join(" "),
  },
  {
    name: "list-to-set",
    wanted: "the words of the list once each and in the same order",
    label: "list",
    make(rng) {
      const [first = "", second = "", third = ""] = drawWords(rng, 3);
      const others = shuffled([first, second, third], rng).slice(0, 2);
      return {
        given: [first, first, second, first, third, ...others].join(", "),
        answer: `${first} ${second} ${third}`,
      };
    },
    solve: (given) => [...new Set(given.split(", "))].join(" "),
  },
  {
    name: "words-in-upper",
    wanted: "the words that are in capitals but without capitals",
    label: "text",
    make(rng) {
      const drawn = drawWords(rng, 12).map((word) => ({ word, isShouted: false }));
      const shouted = new Set(shuffled([...drawn.keys()], rng).slice(0, 3));
      return {
        given: drawn.map(({ word }, index) => (shouted.has(index) ? word.toUpperCase() : word)).join(" "),
        answer: drawn
          .filter((_, index) => shouted.has(index))
          .map(({ word }) => word)
          .join(" "),
      };
    },
    solve: (given) => (given.match(/\b[A-Z]+\b/g) ?? []).join(" ").toLowerCase(),
  },
  {
    name: "count-of-word",
    wanted: "how often each of the two words is in the text",
    label: "count",
    make(rng) {
      const [first = "", second = "", ...others] = drawWords(rng, 14);
      const counts = [drawWhole(rng, 1, 5), drawWhole(rng, 1, 5)] as const;
      const copies = [...times(counts[0], () => first), ...times(counts[1], () => second)];
      const text = shuffled([...copies, ...others.slice(0, 16 - copies.length)], rng);
      return { given: `${first} and ${second} in ${text.join(" ")}`, answer: counts.join(" ") };
    },
    solve(given) {
      const [, first, second, text = ""] = /^(\w+) and (\w+) in (.*)$/.exec(given) ?? [];
      const all = wordsOf(text);
      return [first, second].map((word) => all.filter((one) => one === word).length).join(" ");
    },
  },
  {
    name: "size-of-word",
    wanted: "how many letters each of the two words has",
    label: "words",
    make(rng) {
      const [first = "", second = ""] = drawWords(rng, 2);
      return { given: `${first} ${second}`, answer: `${first.length} ${second.length}` };
    },
    solve: (given) => given.replace(/[a-z]+/g, (word) => String([...word].length)),
  },
];
