/** Generated answers for the fuzz tests: right blocks, slips that can be mended, all other slips, and soup. */

import { tagFor } from "../../../src/core/component-tag.ts";
import type { Component, Genome } from "../../../src/core/index.ts";
import type { Dice } from "../answers/dice.ts";

/** An answer; `expected` holds the texts that must come of it, where that is known. */
export interface DiffAnswer {
  readonly answer: string;
  readonly expected: ReadonlyMap<number, string> | undefined;
}

interface Block {
  search: string[];
  replace: string[];
  /** The component that it must be named for. */
  name: string | undefined;
}

const newWords = ["x", "result", "value + 1", "0", "naïve", "tour", "return", "<b>", "note", "   y", "z  "];

const prose = [
  "Sure! Here are the changes:\n\n",
  "I use SEARCH/REPLACE blocks.\n",
  "\n**Changes**\n- faster\n- `shorter`\n",
  "main.py\n",
  "Title\n=======\n",
  "…\u00a0\n",
];
const thinking = [
  "<think>\nShorter is better.\n</think>\n\n",
  "Okay.\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n</think>\n",
  "<think>\n<<<<<<< SEARCH\nx\n</think>\n",
  "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>\n",
];

const linesOf = (text: string) =>
  (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n").map((line) => line.replace(/\r$/, ""));

/** How often lines occur in a text, next to each other. */
function occurrences(search: readonly string[], text: string): number {
  const wanted = `\n${search.join("\n")}\n`;
  const all = `\n${linesOf(text).join("\n")}\n`;
  let count = 0;
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) count++;
  return count;
}

/** A right block for a component, and the text that it makes; undefined where its lines are not unique. */
function blockFor(
  dice: Dice,
  genome: Genome,
  texts: readonly string[],
  place: number,
): readonly [Block, string] | undefined {
  const text = texts[place]!;
  const { name } = genome[place]!;
  if (text.trim() === "") return undefined;
  const lines = linesOf(text);
  let from = dice.below(lines.length);
  let to = Math.min(lines.length, from + 1 + dice.below(3));
  const isNamed = dice.chance(0.2);
  const count = (search: readonly string[]) =>
    isNamed ? occurrences(search, text) : texts.reduce((sum, one) => sum + occurrences(search, one), 0);
  const isUsable = () =>
    count(lines.slice(from, to)) === 1 && lines.slice(from, to).some((line) => line.trim());
  while (!isUsable()) {
    if (from > 0) from--;
    else if (to < lines.length) to++;
    else return undefined;
  }
  const search = lines.slice(from, to);
  const replace = search.map((line) => {
    if (dice.chance(0.5)) return line;
    const indent = /^\s*/.exec(line)![0];
    return indent + dice.pick(newWords).trim() + (dice.chance(0.5) ? ` ${line.trim()}` : "");
  });
  if (dice.chance(0.3)) replace.splice(dice.below(replace.length + 1), 0, dice.pick(newWords));
  if (dice.chance(0.2) && lines.length > search.length) replace.pop();
  const made = [...lines.slice(0, from), ...replace, ...lines.slice(to)];
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  return [
    { search, replace, name: isNamed ? name : undefined },
    made.map((line) => line + lineBreak).join(""),
  ];
}

/** Marker lines of a prompt for components without lines like them. */
function written(dice: Dice, { search, replace, name }: Block, tag: string): string {
  const isPlain = dice.chance(0.5);
  const signs = () => (isPlain || dice.chance(0.8) ? 7 : 5 + dice.below(5));
  const word = (text: string) =>
    isPlain || dice.chance(0.8) ? ` ${text}` : dice.pick([text, text.toLowerCase()]);
  const text = [
    "<".repeat(signs()) + word("SEARCH"),
    ...search,
    "=".repeat(isPlain ? 7 : signs()),
    ...replace,
    ">".repeat(signs()) + word("REPLACE"),
  ].join("\n");
  return name === undefined ? text : `<${tag} name=${JSON.stringify(name)}>\n${text}\n</${tag}>`;
}

/** Answers whose blocks are right, also with slips that a reader must mend. */
export function rightAnswer(dice: Dice, genome: Genome): DiffAnswer {
  const texts = genome.map(({ text }) => text);
  const tag = tagFor(genome);
  const pieces: string[] = [];
  for (let blocks = 1 + dice.below(3); blocks > 0; blocks--) {
    const place = dice.below(genome.length);
    const made = blockFor(dice, genome, texts, place);
    if (made === undefined) continue;
    texts[place] = made[1];
    let text = written(dice, made[0], tag);
    if (dice.chance(0.1)) text = `\`\`\`\n${text}\n\`\`\``;
    if (dice.chance(0.1)) text = dice.pick(prose) + text;
    pieces.push(text);
  }
  let answer = pieces.join(dice.pick(["\n", "\n\n", "\nThen:\n"]));
  if (dice.chance(0.1)) answer = dice.pick(thinking) + answer;
  if (dice.chance(0.1)) answer += `\n${dice.pick(prose)}`;
  if (dice.chance(0.1)) answer = answer.replaceAll("\n", "\r\n");
  const expected = new Map<number, string>();
  for (const [place, { text }] of genome.entries()) {
    if (texts[place] !== text) expected.set(place, texts[place]!);
  }
  return { answer, expected };
}

const soup = [
  ...["<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "<<<<<<< search", "<<<<<<<", ">>>>>>>", "====="],
  ...[
    "<<<<<<< REPLACE",
    "------- SEARCH",
    "+++++++ REPLACE",
    "<<<<<<< HEAD",
    "<<<<<<<< SEARCH",
    ">>>> REPLACE",
  ],
  ...[
    "```",
    "```python",
    "```diff",
    "~~~",
    "@@ -1 +1 @@",
    "--- a",
    "+++ b",
    "",
    " ",
    "...",
    "// ...",
    "</think>",
  ],
  ...[
    "<think>",
    "<|im_end|>",
    "</component>",
    "EVOLVE-BLOCK-END",
    "# EVOLVE-BLOCK-START",
    "\u0000",
    "\ud83e",
  ],
];

/** Lines of markers, tags, fences, components and of their changes, in any order. */
export function soupAnswer(dice: Dice, genome: Genome): DiffAnswer {
  const lines: string[] = [];
  for (let count = 1 + dice.below(14); count > 0; count--) {
    const component: Component = dice.pick(genome);
    const own = linesOf(component.text);
    const kind = dice.below(10);
    if (kind < 5) lines.push(dice.pick(soup));
    else if (kind < 7) lines.push(dice.pick(own));
    else if (kind < 8) lines.push(dice.pick(["+", "-", " ", "1: ", "  "]) + dice.pick(own));
    else if (kind < 9) lines.push(dice.pick(newWords));
    else lines.push(`<${tagFor(genome)} name=${JSON.stringify(component.name)}>`);
    // The usual order, so that some blocks are whole.
    if (dice.chance(0.15))
      lines.push("<<<<<<< SEARCH", dice.pick(own), "=======", dice.pick(newWords), ">>>>>>> REPLACE");
  }
  return { answer: lines.join(dice.chance(0.9) ? "\n" : "\r\n"), expected: undefined };
}

/** A right answer with a slip of any kind. */
export function spoiltAnswer(dice: Dice, genome: Genome): DiffAnswer {
  const { answer } = rightAnswer(dice, genome);
  return { answer: spoilt(dice, answer, genome), expected: undefined };
}

function spoilt(dice: Dice, answer: string, genome: Genome): string {
  const at = dice.below(answer.length + 1);
  const lines = answer.split("\n");
  const line = dice.below(lines.length);
  const withLines = (from: number, count: number, ...put: readonly string[]) =>
    lines.toSpliced(from, count, ...put).join("\n");
  switch (dice.below(12)) {
    case 0:
      return answer.slice(0, at);
    case 1:
      return answer.slice(at);
    case 2:
      return answer.slice(0, at) + answer.slice(at + 1 + dice.below(20));
    case 3:
      return withLines(line, 1);
    case 4:
      return withLines(line, 0, dice.pick(soup));
    case 5:
      return withLines(line, 0, dice.pick(linesOf(dice.pick(genome).text)));
    case 6:
      return withLines(line, 1, `${dice.pick(["+", "-", " ", "  ", "\t", "12: "])}${lines[line]}`);
    case 7: {
      const prefix = dice.pick(["  ", "\t", "-", "+", " "]);
      return lines.map((one) => (/^[<=>]{5}/.test(one) ? one : prefix + one)).join("\n");
    }
    case 8:
      return lines.map((one) => one.trimStart()).join("\n");
    case 9:
      return lines.map((one, index) => (/^[<=>]{5}/.test(one) ? one : `${index}| ${one}`)).join("\n");
    case 10:
      return answer + answer;
    default:
      return answer.slice(0, at) + dice.pick(soup) + answer.slice(at);
  }
}
