/**
 * Answers with SEARCH/REPLACE blocks as models really write them, each with what must come of it: the new
 * texts by index, or the reason of its rejection.
 */
import type { ModelResponse } from "../../../src/core/index.ts";
import type { genomes } from "./genomes.ts";

/** An answer and what must come of it. */
export interface DiffCase {
  readonly says: string;
  readonly genome: keyof typeof genomes;
  /** Default: stop. */
  readonly stopReason?: ModelResponse["stopReason"];
  readonly answer: string;
  readonly expected: Readonly<Record<number, string>> | string;
}

const lines = (...all: readonly string[]) => all.join("\n");
const block = (search: readonly string[], replace: readonly string[]) =>
  lines("<<<<<<< SEARCH", ...search, "=======", ...replace, ">>>>>>> REPLACE");
const fenced = (language: string, ...body: readonly string[]) => lines(`\`\`\`${language}`, ...body, "```");
const tagged = (name: string, ...body: readonly string[]) =>
  lines(`<component name="${name}">`, ...body, "</component>");

const push = ["    out.push(item);"];
const unshift = ["    out.unshift(item);"];
const one = block(push, unshift);
const packText =
  "function pack(items) {\n  const out = [];\n  for (const item of items) {\n    out.unshift(item);\n  }\n  return out;\n}\n";
const packed = { 0: packText };
const cube = block(["  const out = x * x;"], ["  const out = x * x * x;"]);
const cubeText = "function score(x) {\n  const out = x * x * x;\n  return out;\n}\n";
const both = { 0: packText, 1: cubeText };
const noBlock = "the answer has no SEARCH/REPLACE block";
const nowhere = "block 1 has a text to find that is in no component";

const wellFormed: readonly DiffCase[] = [
  { says: "one block", genome: "code", answer: one, expected: packed },
  { says: "two blocks", genome: "code", answer: lines(one, cube), expected: both },
  { says: "them in another order", genome: "code", answer: lines(cube, "", one), expected: both },
  {
    ...{ says: "a block with lines around the change", genome: "code" },
    answer: block(
      ["function score(x) {", "  const out = x * x;"],
      ["function score(x) {", "  const out = x;"],
    ),
    expected: { 1: "function score(x) {\n  const out = x;\n  return out;\n}\n" },
  },
  {
    ...{ says: "two blocks for one component", genome: "code" },
    answer: lines(one, block(["function pack(items) {"], ["function pack(items, size) {"])),
    expected: { 0: packText.replace("(items)", "(items, size)") },
  },
  {
    ...{ says: "more lines in place of one", genome: "code" },
    answer: block(push, ["    // new", "", ...push]),
    expected: { 0: packText.replace("    out.unshift(item);", "    // new\n\n    out.push(item);") },
  },
  {
    ...{ says: "nothing in place of a line, to delete it", genome: "code" },
    answer: block(push, []),
    expected: { 0: packText.replace("    out.unshift(item);\n", "") },
  },
  {
    ...{ says: "nothing in place of a whole component", genome: "words" },
    answer: block(["one two"], []),
    expected: { 0: "\n" },
  },
  {
    ...{ says: "lines behind the last one", genome: "words" },
    answer: block(["three four"], ["three four", "five"]),
    expected: { 1: "three four\nfive\n" },
  },
  {
    ...{ says: "a change of a line without a line break", genome: "line" },
    answer: block(["(r) => 3 * r * r"], ["(r) => Math.PI * r * r"]),
    expected: { 0: "(r) => Math.PI * r * r" },
  },
  {
    ...{ says: "a block that follows from the one before", genome: "words" },
    answer: lines(block(["one two"], ["uno two"]), block(["uno two"], ["uno due"])),
    expected: { 0: "uno due\n" },
  },
  {
    ...{ says: "blocks between the tags of components with the same lines", genome: "words" },
    answer: lines(tagged("d", block(["same same"], ["other"])), tagged("a", block(["one two"], ["uno"]))),
    expected: { 0: "uno\n", 3: "other\n" },
  },
  {
    ...{ says: "nothing to find between the tags of an empty component", genome: "gap" },
    answer: tagged("body", block([], ["print(x)"])),
    expected: { 1: "print(x)" },
  },
  {
    ...{ says: "nothing to find where one component is empty", genome: "gap" },
    answer: block([""], ["print(x)"]),
    expected: { 1: "print(x)" },
  },
];

const around: readonly DiffCase[] = [
  {
    ...{ says: "prose around the blocks", genome: "code" },
    answer: lines("Sure! Two changes:", "", "1. Faster:", one, "", "2. Cubes:", cube, "", "**Done.**"),
    expected: both,
  },
  {
    ...{ says: "a sentence about the markers", genome: "code" },
    answer: lines("<<<<<<< SEARCH and >>>>>>> REPLACE blocks follow.", "A heading", "=======", one),
    expected: packed,
  },
  { says: "a fence around all", genome: "code", answer: fenced("", one, cube), expected: both },
  {
    ...{ says: "a fence around each block, with a file name above", genome: "code" },
    answer: lines("main.js", fenced("javascript", one), "main.js", fenced("diff", cube)),
    expected: both,
  },
  {
    ...{ says: "thinking first", genome: "code" },
    answer: lines("<think>", "Perhaps:", block(push, ["draft"]), "</think>", one),
    expected: packed,
  },
  {
    ...{ says: "thinking whose start is not shown", genome: "code" },
    answer: lines("Perhaps:", block(push, ["draft"]), "</think>", "", one),
    expected: packed,
  },
  {
    ...{ says: "thinking that ends within a block", genome: "code" },
    answer: lines("Perhaps:", "<<<<<<< SEARCH", "<<<<<<< SEARCH", "a", "</think>", one),
    expected: packed,
  },
  {
    ...{ says: "thinking that ends with a block that does not", genome: "code" },
    answer: lines("Perhaps:", "<<<<<<< SEARCH", "a", "=======", "b", "</think>", cube),
    expected: { 1: cubeText },
  },
  {
    ...{ says: "thinking between blocks", genome: "code" },
    answer: lines(one, "<think>And the other?</think>", cube),
    expected: both,
  },
  {
    ...{ says: "thinking without an end", genome: "code" },
    answer: lines("<think>", "Perhaps", one),
    expected: "the answer was cut while thinking",
  },
  {
    ...{ says: "thinking within a block", genome: "code" },
    answer: block(push, ["<think>hm</think>", ...unshift]),
    expected: "block 1 holds thinking",
  },
  {
    ...{ says: "a text about thinking", genome: "prompt" },
    answer: block(["Think between <think> and </think>."], ["Think between <think> and </think>, long."]),
    expected: { 0: "Think between <think> and </think>, long.\nThen answer.\n" },
  },
  {
    ...{ says: "the end of its turn behind a marker, and another turn", genome: "code" },
    answer: lines(`${one}<|im_end|>`, "<|im_start|>user", cube),
    expected: packed,
  },
  {
    ...{ says: "the end of its turn on a line of its own", genome: "code" },
    answer: lines(one, "<|eot_id|>", cube),
    expected: packed,
  },
  {
    ...{ says: "a byte order mark and CRLF", genome: "code" },
    answer: `\ufeff${lines(one, cube)}`.replaceAll("\n", "\r\n"),
    expected: both,
  },
  {
    ...{ says: "LF for a text with CRLF", genome: "windows" },
    answer: block(["let b = 2;", "let c = 3;"], ["let b = 4;", "let d = 5;", "let c = 3;"]),
    expected: { 0: "let a = 1;\r\nlet b = 4;\r\nlet d = 5;\r\nlet c = 3;\r\n" },
  },
  {
    ...{ says: "the component as it was before its blocks", genome: "words" },
    answer: lines(tagged("a", "one two"), block(["one two"], ["uno"])),
    expected: { 0: "uno\n" },
  },
  {
    ...{ says: "the component as it becomes behind its blocks", genome: "words" },
    answer: lines(block(["one two"], ["uno"]), tagged("a", "uno")),
    expected: { 0: "uno\n" },
  },
  {
    ...{ says: "blocks for one component and another as a whole", genome: "words" },
    answer: lines(block(["one two"], ["uno"]), tagged("b", "due")),
    expected: "the answer gives component b beside its blocks",
  },
];

const markers: readonly DiffCase[] = [
  ...[5, 6, 8, 9].map(
    (signs): DiffCase => ({
      ...{ says: `markers of ${signs} signs`, genome: "code" },
      answer: lines(
        `${"<".repeat(signs)} SEARCH`,
        ...push,
        "=".repeat(signs),
        ...unshift,
        `${">".repeat(signs)} REPLACE`,
      ),
      expected: packed,
    }),
  ),
  {
    ...{ says: "markers of different lengths", genome: "code" },
    answer: lines("<<<<<< SEARCH", ...push, "========", ...unshift, ">>>>>>>>> REPLACE"),
    expected: packed,
  },
  {
    ...{ says: "markers of ten signs", genome: "code" },
    answer: one.replace("<<<<<<<", "<<<<<<<<<<").replace(">>>>>>>", ">>>>>>>>>>"),
    expected: "the answer has <<<<<<<<<< SEARCH, expected <<<<<<< SEARCH and >>>>>>> REPLACE",
  },
  {
    says: "lower case",
    genome: "code",
    answer: one.replace(/SEARCH|REPLACE/g, (w) => w.toLowerCase()),
    expected: packed,
  },
  { says: "no space", genome: "code", answer: one.replace(/ (SEARCH|REPLACE)/g, "$1"), expected: packed },
  {
    ...{ says: "spaces around markers, and colons", genome: "code" },
    answer: lines("  <<<<<<<  SEARCH: ", ...push, "  =======  ", ...unshift, " >>>>>>> REPLACE >"),
    expected: packed,
  },
  {
    ...{ says: "the words of another tool", genome: "code" },
    answer: lines("<<<<<<< ORIGINAL", ...push, "=======", ...unshift, ">>>>>>> UPDATED"),
    expected: packed,
  },
  {
    ...{ says: "the signs of another tool", genome: "code" },
    answer: lines("------- SEARCH", ...push, "=======", ...unshift, "+++++++ REPLACE"),
    expected: packed,
  },
  { says: "no words", genome: "code", answer: one.replace(/ (SEARCH|REPLACE)/g, ""), expected: packed },
  {
    ...{ says: "the last marker turned round", genome: "code" },
    answer: one.replace(">>>>>>>", "<<<<<<<"),
    expected: packed,
  },
  {
    ...{ says: "the component behind the first marker", genome: "words" },
    answer: block(["same same"], ["new"]).replace("SEARCH", "SEARCH d"),
    expected: { 3: "new\n" },
  },
  {
    ...{ says: "a file behind the first marker", genome: "code" },
    answer: one.replace("SEARCH", "SEARCH main.js"),
    expected: packed,
  },
  {
    ...{ says: "one component behind the marker, and another around it", genome: "words" },
    answer: tagged("c", block(["same same"], ["new"]).replace("SEARCH", "SEARCH d")),
    expected: "block 1 names two components",
  },
  {
    ...{ says: "a merge conflict", genome: "code" },
    answer: lines("<<<<<<< HEAD", ...push, "=======", ...unshift, ">>>>>>> new"),
    expected: "the answer has <<<<<<< HEAD, expected <<<<<<< SEARCH and >>>>>>> REPLACE",
  },
  {
    ...{ says: "a heading in a block, with the divider of the right length", genome: "code" },
    answer: block(["function score(x) {"], ["// Score", "// it", "=====", "function score(x) {"]),
    expected: { 1: "// Score\n// it\n=====\nfunction score(x) {\n  const out = x * x;\n  return out;\n}\n" },
  },
  {
    ...{ says: "no divider", genome: "code" },
    answer: lines("<<<<<<< SEARCH", ...push, ...unshift, ">>>>>>> REPLACE"),
    expected: "block 1 lacks its line =======",
  },
  {
    ...{ says: "two dividers", genome: "code" },
    answer: block(push, [...unshift, "======="]),
    expected: "block 1 has more than one line =======",
  },
  {
    ...{ says: "no first marker", genome: "code" },
    answer: lines(...push, "=======", ...unshift, ">>>>>>> REPLACE"),
    expected: "the answer has >>>>>>> REPLACE without a block that it ends",
  },
  {
    ...{ says: "no end of the last block", genome: "code" },
    answer: lines(cube, one.replace("\n>>>>>>> REPLACE", "\n")),
    expected: both,
  },
  {
    ...{ says: "no end of a block in a fence, and an explanation", genome: "code" },
    answer: lines(fenced("js", one.replace("\n>>>>>>> REPLACE", "")), "", "This is faster."),
    expected: packed,
  },
  {
    ...{ says: "no end of a block, and an explanation", genome: "code" },
    answer: lines(one.replace("\n>>>>>>> REPLACE", ""), "", "This is faster."),
    expected: "block 1 does not end with >>>>>>> REPLACE",
  },
  {
    ...{ says: "no end of a block before the next one", genome: "code" },
    answer: lines(one.replace("\n>>>>>>> REPLACE", ""), cube),
    expected: "block 1 does not end with >>>>>>> REPLACE",
  },
  {
    ...{ says: "a block in a block", genome: "code" },
    answer: lines("<<<<<<< SEARCH", one, "=======", "x", ">>>>>>> REPLACE"),
    expected: "block 1 does not end with >>>>>>> REPLACE",
  },
  {
    ...{ says: "a block that was cut", genome: "code", stopReason: "length" },
    answer: lines(cube, one.replace("\n>>>>>>> REPLACE", "")),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ says: "an end that was cut", genome: "code", stopReason: "length" },
    answer: one.replace("REPLACE", "REPL"),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ says: "an end that was filtered", genome: "code", stopReason: "other" },
    answer: one.replace("\n>>>>>>> REPLACE", ""),
    expected: "block 1 does not end with >>>>>>> REPLACE",
  },
  {
    ...{ says: "an explanation that was cut", genome: "code", stopReason: "length" },
    answer: lines(one, "", "This is fas"),
    expected: packed,
  },
  {
    ...{ says: "only HTML", genome: "code" },
    answer: one.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    expected: "the answer's markers are HTML-escaped",
  },
  {
    ...{ says: "markers as long as asked for, around headings", genome: "headings" },
    answer: lines("<<<<<<<< SEARCH", "Guide", "=======", "========", "Manual", "=======", ">>>>>>>> REPLACE"),
    expected: { 0: "Manual\n=======\n\nRun make.\n\nEnd\n===\n" },
  },
  {
    ...{ says: "usual markers where others were asked for", genome: "headings" },
    answer: block(["Run make."], ["Run it."]),
    expected: "the answer has <<<<<<< SEARCH, expected <<<<<<<< SEARCH and >>>>>>>> REPLACE",
  },
  {
    ...{ says: "a conflict in a text about conflicts", genome: "conflict" },
    answer: lines(
      "<<<<<<<< SEARCH",
      "<<<<<<< HEAD",
      "mine",
      "=======",
      "========",
      "<<<<<<< HEAD",
      "ours",
      "=======",
      ">>>>>>>> REPLACE",
    ),
    expected: { 0: "A conflict:\n<<<<<<< HEAD\nours\n=======\nyours\n>>>>>>> branch\nThe end.\n" },
  },
];

const copies: readonly DiffCase[] = [
  {
    ...{ says: "white space at the ends of lines", genome: "code" },
    answer: block(
      ["  for (const item of items) { ", "    out.push(item);\t"],
      ["  for (const item of items) {", ...unshift],
    ),
    expected: packed,
  },
  {
    ...{ says: "no white space at the ends of lines that have some", genome: "trailing" },
    answer: block(["Roses", "are red", "violets"], ["Roses", "are blue", "violets"]),
    expected: { 0: "Roses  \nare blue\nviolets\n" },
  },
  {
    ...{ says: "no indentation at all", genome: "code" },
    answer: block(["out.push(item);"], ["if (item) {", "  out.push(item);", "}"]),
    expected: {
      0: packText.replace("    out.unshift(item);", "    if (item) {\n      out.push(item);\n    }"),
    },
  },
  {
    ...{ says: "too little indentation, all alike", genome: "python" },
    answer: block(
      ["with open(path) as file:", "    text = file.read()"],
      ["with open(path, 'rb') as file:", "    text = file.read()", "", "text += ''"],
    ),
    expected: {
      0: "def load(path):\n    with open(path, 'rb') as file:\n        text = file.read()\n\n    text += ''\n    return text\n",
    },
  },
  {
    ...{ says: "too much indentation, all alike", genome: "python" },
    answer: block(["      def load(path):"], ["      def load(path, mode):"]),
    expected: {
      0: "def load(path, mode):\n    with open(path) as file:\n        text = file.read()\n    return text\n",
    },
  },
  {
    ...{ says: "markers and text indented like a list", genome: "code" },
    answer: one.replace(/^/gm, "   "),
    expected: packed,
  },
  {
    ...{ says: "too much indentation, but not in the new lines", genome: "python" },
    answer: block(["  def load(path):"], ["def load(path, mode):"]),
    expected: "block 1 is indented otherwise than the text it was found in",
  },
  {
    ...{ says: "indentation that is wrong in one line only", genome: "python" },
    answer: block(["    with open(path) as file:", "    text = file.read()"], ["    text = ''"]),
    expected: nowhere,
  },
  {
    ...{ says: "spaces for tabs", genome: "go" },
    answer: block(["    return a + b"], ["    return b + a"]),
    expected: nowhere,
  },
  {
    ...{ says: "no tabs", genome: "go" },
    answer: block(["return a + b"], ["return b + a"]),
    expected: { 0: "func sum(a, b int) int {\n\treturn b + a\n}\n" },
  },
  {
    ...{ says: "blank lines around the text", genome: "code" },
    answer: block(["", ...push, ""], ["", ...unshift, ""]),
    expected: packed,
  },
  {
    ...{ says: "fences within a block", genome: "code" },
    answer: block(["```js", ...push, "```"], ["```js", ...unshift, "```"]),
    expected: packed,
  },
  {
    ...{ says: "a fence around what is between the markers", genome: "code" },
    answer: block(["```js", ...push], [...unshift, "```"]),
    expected: packed,
  },
  {
    ...{ says: "a fence around the new lines only", genome: "code" },
    answer: block(push, ["```js", ...unshift, "```"]),
    expected: packed,
  },
  {
    ...{ says: "prose and a fence in place of lines", genome: "code" },
    answer: block(push, ["Better:", "```js", ...unshift, "```"]),
    expected: "block 1 mixes text and code fences",
  },
  {
    ...{ says: "numbers of lines", genome: "code" },
    answer: block(
      ["3:   for (const item of items) {", "4:     out.push(item);"],
      ["3:   for (const item of items) {", "4:     out.unshift(item);"],
    ),
    expected: packed,
  },
  {
    ...{ says: "numbers of lines before the old ones only", genome: "code" },
    answer: block(["  4 |     out.push(item);"], unshift),
    expected: packed,
  },
  {
    ...{ says: "numbers of lines that jump", genome: "code" },
    answer: block(["3|  for (const item of items) {", "9|    out.push(item);"], unshift),
    expected: nowhere,
  },
  {
    ...{ says: "signs of a diff", genome: "code" },
    answer: block(
      ["   for (const item of items) {", "-    out.push(item);"],
      ["   for (const item of items) {", "+    out.unshift(item);"],
    ),
    expected: packed,
  },
  {
    ...{ says: "signs of a diff and a space", genome: "code" },
    answer: block(["-     out.push(item);"], ["+     out.unshift(item);"]),
    expected: packed,
  },
  {
    ...{ says: "a list, whose signs are its own", genome: "list" },
    answer: block(["- milk"], ["+ milk"]),
    expected: { 0: "Buy:\n- bread\n+ milk\n- salt\n" },
  },
  {
    ...{ says: "the tags of the component in a block", genome: "words" },
    answer: block(
      ['<component name="d">', "same same", "</component>"],
      ['<component name="d">', "new", "</component>"],
    ),
    expected: { 3: "new\n" },
  },
  {
    ...{ says: "the tags of two components in a block", genome: "words" },
    answer: block(
      [tagged("a", "one two"), tagged("b", "three four")].flatMap((text) => text.split("\n")),
      ["new"],
    ),
    expected: "block 1 holds a tag: </component>",
  },
  {
    ...{ says: "a tag among the new lines", genome: "words" },
    answer: block(["one two"], ["uno", "</component>", "due"]),
    expected: "block 1 holds a tag: </component>",
  },
  {
    ...{ says: "a text about tags", genome: "tags" },
    answer: tagged("reader", block(["const x = 1;"], ["const x = '</component>';"])).replaceAll(
      /^(<\/?component)/gm,
      "$1-x",
    ),
    expected: { 0: "const end = \"</component>\";\nconst x = '</component>';\n" },
  },
];

const places: readonly DiffCase[] = [
  {
    says: "a text that is nowhere",
    genome: "code",
    answer: block(["out.push(items);"], unshift),
    expected: nowhere,
  },
  {
    ...{ says: "a part of a line", genome: "code" },
    answer: block(["out.push"], ["out.unshift"]),
    expected: nowhere,
  },
  {
    ...{ says: "lines that are not next to each other", genome: "code" },
    answer: block(["function pack(items) {", ...push], unshift),
    expected: nowhere,
  },
  {
    ...{ says: "lines of two components", genome: "code" },
    answer: block(["}", "function score(x) {"], ["}"]),
    expected: nowhere,
  },
  {
    ...{ says: "a text that two components have", genome: "code" },
    answer: block(["  return out;"], ["  return [];"]),
    expected: "block 1 has a text to find that is in components pack and score",
  },
  {
    ...{ says: "a text that a component has twice", genome: "conflict" },
    answer: lines(
      "<<<<<<<< SEARCH\nmine\n========\nsame\n>>>>>>>> REPLACE",
      "<<<<<<<< SEARCH\nyours\n========\nsame\n>>>>>>>> REPLACE",
      "<<<<<<<< SEARCH\nsame\n========\nother\n>>>>>>>> REPLACE",
    ),
    expected: "block 3 has a text to find that is in component help more than once",
  },
  {
    ...{ says: "an exact text, which is elsewhere with other indentation", genome: "go" },
    answer: lines(block(["func sum(a, b int) int {"], ["return a + b", "{"]), block(["return a + b"], ["x"])),
    expected: { 0: "x\n{\n\treturn a + b\n}\n" },
  },
  {
    ...{ says: "a text of another component than the named one", genome: "words" },
    answer: tagged("b", block(["one two"], ["uno"])),
    expected: "block 1 has a text to find that is not in component b",
  },
  {
    ...{ says: "dots for lines that it leaves out", genome: "code" },
    answer: block(
      ["function pack(items) {", "  ...", "  return out;"],
      ["function pack() {", "  return [];"],
    ),
    expected: "block 1 leaves out lines of the text to find: ...",
  },
  {
    ...{ says: "nothing to find, and no component is empty", genome: "code" },
    answer: block([], ["// a note"]),
    expected: "block 1 has nothing to find",
  },
  {
    ...{ says: "blocks that overlap", genome: "code" },
    answer: lines(
      block([...push, "  }"], [...unshift, "  }"]),
      block(["  for (const item of items) {", ...push], ["  x"]),
    ),
    expected: "block 2 has a text to find that is in no component",
  },
  { says: "the same block twice", genome: "code", answer: lines(one, one), expected: packed },
  {
    ...{ says: "the same block twice, whose new lines hold the old ones", genome: "words" },
    answer: lines(block(["one two"], ["one two", "x"]), block(["one two"], ["one two", "x"])),
    expected: { 0: "one two\nx\n" },
  },
  {
    ...{ says: "a block that changes nothing beside one that does", genome: "code" },
    answer: lines(block(["  return out;"], ["  return out;"]), one),
    expected: packed,
  },
  {
    ...{ says: "blocks that change nothing", genome: "code" },
    answer: block(push, push),
    expected: "the answer's blocks change nothing",
  },
  {
    ...{ says: "a change and its opposite", genome: "code" },
    answer: lines(one, block(unshift, push)),
    expected: "the answer's blocks change nothing",
  },
  {
    ...{ says: "one right block and one that is nowhere", genome: "code" },
    answer: lines(one, block(["nowhere"], ["x"])),
    expected: "block 2 has a text to find that is in no component",
  },
  {
    ...{ says: "that it leaves out code", genome: "code" },
    answer: block(push, [...unshift, "    // ... rest of the code"]),
    expected: "the answer leaves out code: // ... rest of the code",
  },
  {
    ...{ says: "marker lines of the file", genome: "code" },
    answer: block(["function score(x) {"], ["// EVOLVE-BLOCK-START", "function score(x) {"]),
    expected: "component score may not contain EVOLVE-BLOCK-START: the marker lines are fixed",
  },
  {
    ...{ says: "a control character", genome: "code" },
    answer: block(push, ["\u0000"]),
    expected: "component pack holds the control character U+0000",
  },
];

const unified = [
  " function score(x) {",
  "-  const out = x * x;",
  "+  const out = x * x * x;",
  "   return out;",
];

const otherForms: readonly DiffCase[] = [
  {
    ...{ says: "a unified diff in a fence", genome: "code" },
    answer: lines(
      "Cubes:",
      fenced("diff", "--- a/main.js", "+++ b/main.js", "@@ -9,3 +9,3 @@", ...unified),
      "",
      "- Done.",
    ),
    expected: { 1: cubeText },
  },
  {
    ...{ says: "a unified diff without a fence", genome: "code" },
    answer: lines(
      "diff --git a/main.js b/main.js",
      "--- a/main.js",
      "+++ b/main.js",
      "@@ -9,3 +9,3 @@ x",
      ...unified,
      "\\ No newline",
      "",
      "+ faster",
    ),
    expected: { 1: cubeText },
  },
  {
    ...{ says: "a unified diff of two hunks", genome: "code" },
    answer: fenced(
      "diff",
      "@@ -4 +4 @@",
      "-    out.push(item);",
      "+    out.unshift(item);",
      "@@ -9,3 +9,3 @@",
      ...unified,
    ),
    expected: both,
  },
  {
    ...{ says: "a diff without a head", genome: "code" },
    answer: fenced("diff", ...unified),
    expected: { 1: cubeText },
  },
  {
    ...{ says: "a diff whose lines are in two components", genome: "code" },
    answer: fenced("diff", "@@ -6 +6 @@", "-  return out;", "+  return [];"),
    expected: "block 1 has a text to find that is in components pack and score",
  },
  {
    ...{ says: "a diff with other indentation", genome: "code" },
    answer: fenced("diff", "@@ @@", "-out.push(item);", "+out.unshift(item);"),
    expected: nowhere,
  },
  {
    ...{ says: "a diff that only adds", genome: "code" },
    answer: fenced("diff", "@@ -1,0 +1 @@", "+// a note"),
    expected: "block 1 has nothing to find",
  },
  {
    ...{ says: "a diff with other text in it", genome: "code" },
    answer: fenced("diff", "@@ @@", ...unified, "and so on"),
    expected: "the answer's diff cannot be read",
  },
  {
    ...{ says: "a diff that was cut", genome: "code", stopReason: "length" },
    answer: lines("```diff", "@@ @@", ...unified),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ says: "a component as a whole, between its tags", genome: "code" },
    answer: tagged("score", ...cubeText.trimEnd().split("\n")),
    expected: { 1: cubeText },
  },
  {
    ...{ says: "only the lines of a component that changed, between its tags", genome: "code" },
    answer: tagged("pack", ...unshift),
    expected: "the answer gives less than half of component pack, and no block",
  },
  {
    ...{ says: "a component as a whole that leaves out code", genome: "code" },
    answer: tagged("score", "function score(x) {", "  // ... existing code ...", "}"),
    expected: "the answer leaves out code: // ... existing code ...",
  },
  {
    ...{ says: "a component as a whole that was cut", genome: "code", stopReason: "length" },
    answer: lines('<component name="score">', "function score(x) {", "  const out = x * x * x;"),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ says: "what it was shown", genome: "words" },
    answer: tagged("a", "one two"),
    expected: "the answer changes nothing",
  },
  {
    says: "a code fence",
    genome: "python",
    answer: fenced("python", "def load(path):", "    pass"),
    expected: noBlock,
  },
  { says: "prose", genome: "code", answer: "I would use unshift() in place of push().", expected: noBlock },
  {
    ...{ says: "all on one line", genome: "code" },
    answer: one.replaceAll("\n", "\\n"),
    expected: noBlock,
  },
  { says: "nothing", genome: "code", answer: " \n", expected: "the answer is empty" },
  {
    ...{ says: "nothing behind its thinking", genome: "code" },
    answer: lines("<think>", one, "</think>", ""),
    expected: "the answer ends after its thinking",
  },
  {
    ...{ says: "a refusal", genome: "code" },
    answer: "I'm sorry, but I can't help with that.",
    expected: "the answer is a refusal",
  },
  {
    ...{ says: "JSON", genome: "code" },
    answer: JSON.stringify({ search: push[0], replace: unshift[0] }),
    expected: "the answer is JSON, expected SEARCH/REPLACE blocks",
  },
  {
    ...{ says: "a call of a tool", genome: "code" },
    answer: '<tool_call>{"name": "edit"}</tool_call>',
    expected: "the answer calls a tool, expected SEARCH/REPLACE blocks",
  },
  {
    ...{ says: "prose that was cut", genome: "code", stopReason: "length" },
    answer: "I would first",
    expected: "the answer was cut at its token limit",
  },
];

export const corpus: readonly DiffCase[] = [
  ...wellFormed,
  ...around,
  ...markers,
  ...copies,
  ...places,
  ...otherForms,
];
