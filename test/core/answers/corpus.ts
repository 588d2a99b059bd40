/**
 * Answers as models really write them, each with what must come of it: the new texts by index, or the reason
 * of its rejection. They are written after the habits of the models that they name.
 */
import type { ModelResponse } from "../../../src/core/index.ts";
import type { genomes } from "./genomes.ts";

/** An answer and what must come of it. */
export interface AnswerCase {
  readonly model: string;
  readonly says: string;
  readonly genome: keyof typeof genomes;
  /** The components asked for; default: all. */
  readonly indexes?: readonly number[];
  /** Default: stop. */
  readonly stopReason?: ModelResponse["stopReason"];
  readonly answer: string;
  readonly expected: Readonly<Record<number, string>> | string;
}

const lines = (...all: readonly string[]) => all.join("\n");
const tagged = (name: string, ...body: readonly string[]) =>
  lines(`<component name="${name}">`, ...body, "</component>");
const fenced = (language: string, ...body: readonly string[]) => lines(`\`\`\`${language}`, ...body, "```");

const sorted = ["function pack(items) {", "  return items.sort();", "}"];
const sortedText = `${sorted.join("\n")}\n`;
const load = ["def load(path):", "    with open(path) as file:", "        return file.read()"];
const loadText = `${load.join("\n")}\n`;
const score = ["def score(x):", "    return -x * x"];
const scoreText = `${score.join("\n")}\n`;
const bothPython = lines(tagged("load", ...load), tagged("score", ...score));
const bothTexts = { 0: loadText, 1: scoreText };

const wellFormed: readonly AnswerCase[] = [
  {
    ...{ model: "Claude", says: "the component and nothing else", genome: "pack" },
    answer: tagged("pack", ...sorted),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "both components, a blank line between them", genome: "python" },
    answer: lines(tagged("load", ...load), "", tagged("score", ...score)),
    expected: bothTexts,
  },
  {
    ...{ model: "Qwen", says: "them in another order", genome: "python" },
    answer: lines(tagged("score", ...score), tagged("load", ...load)),
    expected: bothTexts,
  },
  {
    ...{ model: "Gemini", says: "an introduction and an explanation around them", genome: "python" },
    answer: lines(
      "Here's a more robust version of both components:",
      "",
      bothPython,
      "",
      "**Changes**",
      "* `load` closes the file.",
      "* `score` is smooth now.",
    ),
    expected: bothTexts,
  },
  {
    ...{ model: "Llama", says: "explanations between them", genome: "python" },
    answer: lines(
      "First the loader:",
      tagged("load", ...load),
      "And the score:",
      tagged("score", ...score),
      "Hope this helps!",
    ),
    expected: bothTexts,
  },
  {
    ...{ model: "Mistral", says: "one component more than asked for", genome: "python", indexes: [1] },
    answer: bothPython,
    expected: { 1: scoreText },
  },
  {
    ...{ model: "Phi", says: "a component that does not exist", genome: "pack" },
    answer: lines(tagged("pack", ...sorted), tagged("helpers", "const x = 1;")),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemma", says: "the text on the line of the tag", genome: "line" },
    answer: '<component name="area">(r) => Math.PI * r ** 2</component>',
    expected: { 0: "(r) => Math.PI * r ** 2" },
  },
  {
    ...{ model: "Claude", says: "an empty component, to delete it", genome: "python", indexes: [0] },
    answer: '<component name="load">\n</component>',
    expected: { 0: "\n" },
  },
  {
    ...{ model: "Qwen", says: "what it was shown", genome: "pack" },
    answer: tagged("pack", "function pack(items) {", "  return items;", "}"),
    expected: { 0: "function pack(items) {\n  return items;\n}\n" },
  },
  {
    ...{ model: "GPT", says: "blank lines within, which stay", genome: "words", indexes: [0] },
    answer: tagged("a", "", "  one", "", "two  ", ""),
    expected: { 0: "\n  one\n\ntwo  \n\n" },
  },
  {
    ...{ model: "Llama", says: "tags indented like a list", genome: "pack" },
    answer: lines(
      "1. The new version:",
      '   <component name="pack">',
      ...sorted,
      "   </component>",
      "2. Nothing else.",
    ),
    expected: { 0: sortedText },
  },
];

const fences: readonly AnswerCase[] = [
  {
    ...{ model: "Llama", says: "a code fence within the tags", genome: "pack" },
    answer: tagged("pack", fenced("javascript", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "the tags within a code fence", genome: "pack" },
    answer: fenced("xml", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemma", says: "a fence in tags in a fence", genome: "python" },
    answer: fenced("", tagged("load", fenced("py", ...load)), tagged("score", fenced("python3", ...score))),
    expected: bothTexts,
  },
  {
    ...{ model: "Qwen", says: "only a code fence", genome: "pack" },
    answer: fenced("js", ...sorted),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Phi", says: "prose around its only code fence", genome: "pack" },
    answer: lines("Sure! Here is the improved function:\n", fenced("javascript", ...sorted), "\nIt sorts."),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Phi", says: "prose around tildes", genome: "pack" },
    answer: lines("Improved:", "~~~js", ...sorted, "~~~"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Claude", says: "four backticks, as there are three within", genome: "guide" },
    answer: tagged("guide", "````markdown", "# Guide", "", "```sh", "make all", "```", "````"),
    expected: { 0: "# Guide\n\n```sh\nmake all\n```\n" },
  },
  {
    ...{
      model: "Gemini",
      says: "Markdown in a fence that its own code block seems to close",
      genome: "guide",
    },
    answer: tagged("guide", fenced("markdown", "# Guide", "", fenced("sh", "make all"), "", "Done.")),
    expected: { 0: "# Guide\n\n```sh\nmake all\n```\n\nDone.\n" },
  },
  {
    ...{ model: "Claude", says: "Markdown with a code block, as the original has", genome: "guide" },
    answer: tagged("guide", "# Guide", "", fenced("sh", "make all")),
    expected: { 0: "# Guide\n\n```sh\nmake all\n```\n" },
  },
  {
    ...{ model: "Mistral", says: "a guide that is all one code block", genome: "guide" },
    answer: tagged("guide", fenced("sh", "make all")),
    expected: { 0: "```sh\nmake all\n```\n" },
  },
  {
    ...{ model: "Phi", says: "a code block without tags for a guide with one", genome: "guide" },
    answer: lines("Make it all:", fenced("", "make all")),
    expected: "the answer lacks component guide",
  },
  {
    ...{ model: "Phi", says: "a guide in a fence that says so", genome: "guide" },
    answer: fenced("markdown", "# Guide", "", "Run make."),
    expected: { 0: "# Guide\n\nRun make.\n" },
  },
  {
    ...{ model: "Llama", says: "a fence that it does not close within the tags", genome: "pack" },
    answer: tagged("pack", "```javascript", ...sorted),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemma", says: "a fence that opens before the tag and closes within", genome: "pack" },
    answer: lines("```javascript", '<component name="pack">', ...sorted, "```", "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Phi", says: "a fence around the text and no end of the tag", genome: "pack" },
    answer: lines('<component name="pack">', fenced("js", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Qwen", says: "attributes on the fence", genome: "pack" },
    answer: tagged("pack", fenced('js title="pack.js" {1-3}', ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Aya", says: "a path on the fence", genome: "python", indexes: [1] },
    answer: fenced("python:main.py", ...score),
    expected: { 1: scoreText },
  },
  {
    ...{ model: "Vicuna", says: "the language on the first line, without a fence", genome: "python" },
    answer: lines(tagged("load", "python", ...load), tagged("score", "python", ...score)),
    expected: bothTexts,
  },
  {
    ...{ model: "StarCoder", says: "the language below a bare fence", genome: "pack" },
    answer: tagged("pack", fenced("", "javascript", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{
      model: "GPT",
      says: "the code and how to run it, in fences that tell so",
      genome: "python",
      indexes: [0],
    },
    answer: lines(fenced("python", ...load), "Run it with", fenced("bash", "python main.py")),
    expected: { 0: loadText },
  },
  {
    ...{ model: "GPT", says: "two fences of the same language", genome: "pack" },
    answer: lines(fenced("js", ...sorted), "or, shorter:", fenced("js", "const pack = (x) => x;")),
    expected: "the answer has 2 code fences and no tags",
  },
  {
    ...{ model: "Gemini", says: "a fence and its output, unlabelled", genome: "pack" },
    answer: lines(fenced("js", ...sorted), "Output:", fenced("", "[1, 2, 3]")),
    expected: "the answer has 2 code fences and no tags",
  },
  {
    ...{ model: "Llama", says: "a fence for each component, and no tags", genome: "python" },
    answer: lines(fenced("python", ...load), fenced("python", ...score)),
    expected: "the answer lacks component load",
  },
  {
    ...{ model: "TinyLlama", says: "a fence that it never closes, and no tags", genome: "pack" },
    answer: lines("```js", ...sorted, "", "This version sorts the items."),
    expected: "the answer's code fence does not end",
  },
  {
    ...{ model: "TinyLlama", says: "an empty fence", genome: "pack" },
    answer: lines("Here you go:", "```js", "```"),
    expected: "the answer's code fence is empty",
  },
  {
    ...{ model: "Llama", says: "prose and a fence within the tags", genome: "pack" },
    answer: tagged("pack", "Here is the improved version:", "", fenced("js", ...sorted), "", "It sorts now."),
    expected: "component pack mixes text and code fences",
  },
  {
    ...{ model: "Phi", says: "code as plain text, neither tags nor fence", genome: "pack" },
    answer: lines(...sorted),
    expected: "the answer lacks component pack",
  },
  {
    ...{
      model: "Qwen",
      says: "an untagged fence around a component without a language",
      genome: "words",
      indexes: [2],
    },
    answer: fenced("text", "five seven"),
    expected: { 2: "five seven\n" },
  },
];

const tags: readonly AnswerCase[] = [
  {
    ...{ model: "Llama", says: "single quotes", genome: "pack" },
    answer: lines("<component name='pack'>", ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Phi", says: "no quotes", genome: "pack" },
    answer: lines("<component name=pack>", ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Qwen", says: "spaces in the tags", genome: "pack" },
    answer: lines('<component  name = "pack" >', ...sorted, "</component >"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "DeepSeek", says: "another attribute first", genome: "pack" },
    answer: lines('<component language="javascript" name="pack" version=2>', ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemma", says: "capital letters", genome: "python" },
    answer: lines(
      '<Component Name="load">',
      ...load,
      "</Component>",
      '<COMPONENT NAME="score">',
      ...score,
      "</COMPONENT>",
    ),
    expected: bothTexts,
  },
  {
    ...{ model: "Mistral", says: "HTML-escaped quotes", genome: "pack" },
    answer: lines("<component name=&quot;pack&quot;>", ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemini", says: "typographic quotes", genome: "pack" },
    answer: lines("<component name=“pack”>", ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Yi", says: "a space after the slash", genome: "pack" },
    answer: lines('<component name="pack">', ...sorted, "</ component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Qwen", says: "the name in the closing tag, too", genome: "python" },
    answer: lines(
      '<component name="load">',
      ...load,
      '</component name="load">',
      '<component name="score">',
      ...score,
      '</component name="score">',
    ),
    expected: bothTexts,
  },
  {
    ...{ model: "Gemma", says: "the name emphasized", genome: "pack" },
    answer: lines('<component name="**pack**">', ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Llama", says: "the tags emphasized", genome: "pack" },
    answer: lines('**<component name="pack">**', ...sorted, "**</component>**"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "names as they were escaped", genome: "named" },
    answer: lines(tagged('the \\"best\\" part', "uno"), tagged("größe ✨", "due")),
    expected: { 0: "uno\n", 1: "due\n" },
  },
  {
    ...{ model: "Llama", says: "names with their quotes unescaped or single", genome: "named" },
    answer: lines(tagged('the "best" part', "uno"), "<component name='größe ✨'>", "due", "</component>"),
    expected: { 0: "uno\n", 1: "due\n" },
  },
  {
    ...{ model: "Gemini", says: "a name in decomposed letters, another HTML-escaped", genome: "named" },
    answer: lines(tagged("gro\u0308ße ✨", "due"), tagged("the &quot;best&quot; part", "uno")),
    expected: { 0: "uno\n", 1: "due\n" },
  },
  {
    ...{ model: "TinyLlama", says: "a tag without a name, one component asked for", genome: "pack" },
    answer: lines("<component>", ...sorted, "</component>"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "TinyLlama", says: "tags without names, two components asked for", genome: "python" },
    answer: lines("<component>", ...load, "</component>", "<component>", ...score, "</component>"),
    expected: "the answer lacks component load",
  },
  {
    ...{ model: "Llama", says: "talk of the tag, then the component", genome: "pack" },
    answer: lines("I put it between <component> tags, as you asked.", "", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Llama", says: "talk of tags and name, then the component", genome: "pack" },
    answer: lines(
      'I put it between <component name="pack"> and </component>, that is, `<component name="pack">` and `</component>`:',
      tagged("pack", ...sorted),
    ),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Llama", says: "talk of tags and name, then a fence", genome: "pack" },
    answer: lines(
      'Without the `<component name="pack">` and `</component>` tags, it is:',
      fenced("js", ...sorted),
    ),
    expected: "the answer lacks component pack",
  },
  {
    ...{ model: "Claude", says: "the text as character data of XML", genome: "cpp" },
    answer: lines(
      '<component name="sum"><![CDATA[',
      "int sum(int a, int b) { return a < b; }",
      "]]></component>",
    ),
    expected: { 0: "int sum(int a, int b) { return a < b; }\n" },
  },
  {
    ...{ model: "Claude", says: "the components within one that wraps them", genome: "python" },
    answer: lines('<component name="solution">', bothPython, "</component>"),
    expected: bothTexts,
  },
  {
    ...{ model: "Phi", says: "a tag that closes itself", genome: "python" },
    answer: lines('<component name="load"/>', tagged("score", ...score)),
    expected: "component load has no text: its tag closes itself",
  },
  {
    ...{ model: "Llama", says: "no end of the last component", genome: "python" },
    answer: lines(tagged("load", ...load), '<component name="score">', ...score),
    expected: "component score does not end with </component>",
  },
  {
    ...{ model: "Phi", says: "an end that lacks its last character", genome: "pack" },
    answer: lines('<component name="pack">', ...sorted, "</component"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "TinyLlama", says: "an opening tag for the closing one", genome: "python" },
    answer: lines('<component name="load">', ...load, "<component>", tagged("score", ...score)),
    expected: "component load does not end with </component>",
  },
  {
    ...{ model: "Gemma", says: "one component inside the other", genome: "python" },
    answer: lines('<component name="load">', ...load, tagged("score", ...score), "</component>"),
    expected: "component load does not end with </component>",
  },
  {
    ...{ model: "StarCoder", says: "an end without a start", genome: "pack" },
    answer: lines(...sorted, "</component>"),
    expected: "the answer lacks component pack",
  },
  {
    ...{ model: "Qwen", says: "only the first component", genome: "words" },
    answer: tagged("a", "one seven"),
    expected: "the answer lacks component b",
  },
  {
    ...{ model: "Llama", says: "all but the middle one", genome: "words" },
    answer: lines(tagged("a", "one"), tagged("c", "six")),
    expected: "the answer lacks component b",
  },
  {
    ...{ model: "Phi", says: "another name", genome: "pack" },
    answer: tagged("packing_function", ...sorted),
    expected: "the answer gives component packing_function in place of pack",
  },
  {
    ...{ model: "Gemma", says: "a tag named after the component", genome: "pack" },
    answer: lines("<pack>", ...sorted, "</pack>"),
    expected: "the answer lacks component pack",
  },
  {
    ...{ model: "GPT", says: "the same component twice, word for word", genome: "pack" },
    answer: lines(tagged("pack", ...sorted), "To repeat:", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "two versions of one component", genome: "pack" },
    answer: lines(tagged("pack", ...sorted), "Or simpler:", tagged("pack", "const pack = (x) => x;")),
    expected: "the answer gives component pack twice",
  },
  {
    ...{ model: "TinyLlama", says: "first what it was shown, then its own", genome: "words" },
    answer: lines(
      ...[tagged("a", "one two"), tagged("b", "three four"), tagged("c", "five six"), "", "Better:"],
      ...[tagged("a", "one"), tagged("b", "three four"), tagged("c", "six")],
    ),
    expected: { 0: "one\n", 1: "three four\n", 2: "six\n" },
  },
  {
    ...{ model: "Claude", says: "a text that holds the end of its tag", genome: "pack" },
    answer: tagged("pack", 'const end = "</component>";', ...sorted),
    expected: "the answer has more than one </component> for a component",
  },
  {
    ...{ model: "Claude", says: "the safe tag of a text with tags in it", genome: "tags" },
    answer: lines('<component-x name="reader">', 'const end = "</component>" + 1;', "</component-x>"),
    expected: { 0: 'const end = "</component>" + 1;\n' },
  },
  {
    ...{ model: "Llama", says: "a plain tag where the text holds some", genome: "tags" },
    answer: tagged("reader", 'const end = "";'),
    expected: "the answer lacks component reader",
  },
  {
    ...{ model: "Mixtral", says: "all its tags HTML-escaped", genome: "pack" },
    answer: lines("&lt;component name=&quot;pack&quot;&gt;", ...sorted, "&lt;/component&gt;"),
    expected: "the answer's tags are HTML-escaped",
  },
  {
    ...{ model: "Mixtral", says: "HTML-escaped code", genome: "cpp" },
    answer: tagged("sum", "int sum(int a, int b) {", "  return a &lt; b &amp;&amp; a ? a : b;", "}"),
    expected: "component sum is HTML-escaped",
  },
];

const thinking: readonly AnswerCase[] = [
  {
    ...{ model: "DeepSeek-R1", says: "its thinking first", genome: "pack" },
    answer: lines("<think>", "Sorting first should help.", "</think>", "", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "DeepSeek-R1", says: "a draft in its thinking", genome: "pack" },
    answer: lines(
      ...["<think>", "Maybe", tagged("pack", "const pack = (x) => x;"), "No, sorting is better.", "</think>"],
      tagged("pack", ...sorted),
    ),
    expected: { 0: sortedText },
  },
  {
    ...{
      model: "DeepSeek-R1",
      says: "the end of thinking alone: its template holds the start",
      genome: "pack",
    },
    answer: lines("Okay, sorting first should help.", "</think>", "", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "QwQ", says: "talk of the tags before the end of thinking", genome: "pack" },
    answer: lines(
      'I must answer between <component name="pack"> and </component>. A draft:',
      '<component name="pack">',
      "const pack = (x) => x;",
      "Hmm, no.",
      "</think>",
      tagged("pack", ...sorted),
    ),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "QwQ", says: "fences in its thinking and one in its answer", genome: "pack" },
    answer: lines("<think>", fenced("js", "const pack = (x) => x;"), "</think>", fenced("js", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Qwen3", says: "empty thinking", genome: "python" },
    answer: lines("<think>", "", "</think>", "", bothPython),
    expected: bothTexts,
  },
  {
    ...{ model: "Claude", says: "<thinking>", genome: "pack" },
    answer: lines("<thinking>Sort them.</thinking>", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "OpenThinker", says: "<|begin_of_thought|>", genome: "pack" },
    answer: lines("<|begin_of_thought|>", "Sort.", "<|end_of_thought|>", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Kimi", says: "◁think▷", genome: "pack" },
    answer: lines("◁think▷Sort them.◁/think▷", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Magistral", says: "[THINK]", genome: "pack" },
    answer: lines("[THINK]Sort them.[/THINK]", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Seed-OSS", says: "<seed:think>", genome: "pack" },
    answer: lines("<seed:think>Sort them.</seed:think>", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "gpt-oss", says: "channels", genome: "pack" },
    answer:
      "<|channel|>analysis<|message|>We might sort. Draft: " +
      `${tagged("pack", "const pack = (x) => x;")}<|end|><|start|>assistant<|channel|>final<|message|>` +
      `${tagged("pack", ...sorted)}<|return|>`,
    expected: { 0: sortedText },
  },
  {
    ...{ model: "gpt-oss", says: "what is left of channels without their tokens", genome: "pack" },
    answer: `analysisWe need to answer with ${tagged("pack", "...")}.assistantfinal${tagged("pack", ...sorted)}`,
    expected: { 0: sortedText },
  },
  {
    ...{ model: "gpt-oss", says: "nothing behind its analysis", genome: "pack" },
    answer: "<|channel|>analysis<|message|>We need to produce the component. Sorting should",
    expected: "the answer was cut while thinking",
  },
  {
    ...{ model: "Gemma", says: "a channel of thought", genome: "pack" },
    answer: lines("<|channel>thought", "Sort.", "<channel|>", tagged("pack", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "DeepSeek-R1", says: "thinking that does not end, with a draft", genome: "pack" },
    answer: lines("<think>", "A draft:", tagged("pack", ...sorted), "But wait,"),
    expected: "the answer was cut while thinking",
  },
  {
    ...{ model: "Qwen3", says: "thinking that was cut by length", genome: "python", stopReason: "length" },
    answer: lines("<think>", "The user wants both components. Let me look at load"),
    expected: "the answer was cut while thinking",
  },
  {
    ...{ model: "Qwen3", says: "thinking and nothing else", genome: "python" },
    answer: lines("<think>", "Nothing to improve.", "</think>", ""),
    expected: "the answer ends after its thinking",
  },
  {
    ...{ model: "Phi-reasoning", says: "thinking within the tags", genome: "pack" },
    answer: tagged("pack", "<think>", "Sort them.", "</think>", ...sorted),
    expected: "component pack begins with thinking",
  },
  {
    ...{ model: "Claude", says: "a component that talks about <think> itself", genome: "prompt" },
    answer: tagged("instructions", "First think between <think> and </think>.", "Then answer."),
    expected: { 0: "First think between <think> and </think>.\nThen answer.\n" },
  },
  {
    ...{ model: "DeepSeek-R1", says: "thinking, then a component that talks about it", genome: "prompt" },
    answer: lines(
      ...["<think>", "Shorter is better.", "</think>"],
      tagged("instructions", "End your thinking with </think>.", "Then answer."),
    ),
    expected: { 0: "End your thinking with </think>.\nThen answer.\n" },
  },
  {
    ...{ model: "Claude", says: "an explanation that quotes its markers", genome: "prompt" },
    answer: lines(
      ...["I kept `<think>` and moved `</think>`:", tagged("instructions", "Think. Then answer."), ""],
      "The word '<think>' is gone, and so is \"</think>\".",
    ),
    expected: { 0: "Think. Then answer.\n" },
  },
  {
    ...{ model: "GPT", says: "code that looks for the markers", genome: "pack" },
    answer: tagged("pack", 'const answer = (text) => text.split("</think>").at(-1);'),
    expected: { 0: 'const answer = (text) => text.split("</think>").at(-1);\n' },
  },
  {
    ...{ model: "Phi", says: "a component that ends thinking where none began", genome: "pack" },
    answer: tagged("pack", "Sort them, I think.", "</think>", ...sorted),
    expected: "the answer lacks component pack",
  },
  {
    ...{ model: "Qwen", says: "a next turn that it made up", genome: "pack" },
    answer: lines(
      `${tagged("pack", ...sorted)}<|im_end|>`,
      "<|im_start|>user",
      "Make it shorter.<|im_end|>",
      tagged("pack", "const pack = (x) => x;"),
    ),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Llama", says: "a token of its template behind its fence", genome: "pack" },
    answer: `${fenced("js", ...sorted)}<|eot_id|>`,
    expected: { 0: sortedText },
  },
];

const cuts: readonly AnswerCase[] = [
  {
    ...{
      model: "GPT",
      says: "both components, then prose that was cut",
      genome: "python",
      stopReason: "length",
    },
    answer: lines(bothPython, "", "I changed the loader so that it"),
    expected: bothTexts,
  },
  {
    ...{ model: "GPT", says: "a component that was cut", genome: "python", stopReason: "length" },
    answer: lines(tagged("load", ...load), '<component name="score">', "def score(x):"),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ model: "Llama", says: "one component before it was cut", genome: "words", stopReason: "length" },
    answer: lines(tagged("a", "one"), "Now for b, "),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ model: "Qwen", says: "a fence that ends, then was cut", genome: "pack", stopReason: "length" },
    answer: lines('<component name="pack">', fenced("js", ...sorted)),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ model: "Phi", says: "a fence without tags before it was cut", genome: "pack", stopReason: "length" },
    answer: lines(fenced("js", ...sorted), "Alternatively,"),
    expected: "the answer was cut at its token limit",
  },
  {
    ...{ model: "Gemini", says: "nothing before a filter stopped it", genome: "pack", stopReason: "other" },
    answer: "",
    expected: "the answer is empty",
  },
  {
    ...{
      model: "Gemini",
      says: "all of it, for an unknown reason to stop",
      genome: "pack",
      stopReason: "other",
    },
    answer: tagged("pack", ...sorted),
    expected: { 0: sortedText },
  },
];

const contents: readonly AnswerCase[] = [
  {
    ...{ model: "Qwen", says: "marker lines around the text", genome: "python" },
    answer: lines(
      tagged("load", "# EVOLVE-BLOCK-START load", ...load, "# EVOLVE-BLOCK-END"),
      tagged("score", ...score),
    ),
    expected: bothTexts,
  },
  {
    ...{ model: "Llama", says: "marker lines in a fence", genome: "pack" },
    answer: tagged("pack", fenced("js", "// EVOLVE-BLOCK-START", ...sorted, "// EVOLVE-BLOCK-END")),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemma", says: "marker lines of HTML", genome: "page" },
    answer: tagged(
      "index.html:nav",
      "<!-- EVOLVE-BLOCK-START nav -->",
      "<nav></nav>",
      "<!-- EVOLVE-BLOCK-END -->",
    ),
    expected: { 0: "<nav></nav>\n" },
  },
  {
    ...{ model: "Phi", says: "only the first marker line, for the gate to refuse", genome: "pack" },
    answer: tagged("pack", "// EVOLVE-BLOCK-START", ...sorted),
    expected: { 0: `// EVOLVE-BLOCK-START\n${sortedText}` },
  },
  {
    ...{ model: "Llama", says: "JavaScript for Python", genome: "python", indexes: [1] },
    answer: tagged("score", fenced("javascript", "const score = (x) => -x * x;")),
    expected: "answered in javascript, expected python",
  },
  {
    ...{ model: "Phi", says: "Python for JavaScript, without tags", genome: "pack" },
    answer: fenced("python", "def pack(items):", "    return sorted(items)"),
    expected: "answered in python, expected javascript",
  },
  {
    ...{ model: "Gemma", says: "Python for C++, on the first line", genome: "cpp" },
    answer: tagged("sum", "python", "def sum(a, b): return a + b"),
    expected: "answered in python, expected cpp",
  },
  {
    ...{ model: "GPT", says: "TypeScript for JavaScript, which may well be both", genome: "pack" },
    answer: tagged("pack", fenced("typescript", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "C for C++", genome: "cpp" },
    answer: tagged("sum", fenced("c", "int sum(int a, int b) { return a + b; }")),
    expected: { 0: "int sum(int a, int b) { return a + b; }\n" },
  },
  {
    ...{ model: "Llama", says: "bash for shell", genome: "shell" },
    answer: fenced("bash", "make -j all"),
    expected: { 0: "make -j all\n" },
  },
  {
    ...{ model: "Qwen", says: "a fence of a language that nobody knows", genome: "pack" },
    answer: tagged("pack", fenced("solution", ...sorted)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "a diff", genome: "pack" },
    answer: tagged("pack", fenced("diff", "-  return items;", "+  return items.sort();")),
    expected: "answered with a diff, expected the whole text",
  },
  {
    ...{ model: "GPT", says: "that the rest stays as it is", genome: "pack" },
    answer: tagged("pack", "function pack(items) {", "  // ... rest of the code remains unchanged", "}"),
    expected: "the answer leaves out code: // ... rest of the code remains unchanged",
  },
  {
    ...{ model: "Llama", says: "a place for existing code", genome: "python" },
    answer: lines(tagged("load", "def load(path):", "    # existing code here"), tagged("score", ...score)),
    expected: "the answer leaves out code: # existing code here",
  },
  {
    ...{ model: "Gemini", says: "three dots for a page", genome: "page" },
    answer: tagged("index.html:nav", "<nav>", "  <!-- ... existing links ... -->", "</nav>"),
    expected: "the answer leaves out code: <!-- ... existing links ... -->",
  },
  {
    ...{ model: "Phi", says: "three dots for a component", genome: "words" },
    answer: lines(tagged("a", "one"), tagged("b", "..."), tagged("c", "six")),
    expected: "the answer leaves out code: ...",
  },
  {
    ...{ model: "Claude", says: "a comment that only sounds like it", genome: "pack" },
    answer: tagged("pack", "// Sorts the rest of the items, too...", ...sorted),
    expected: { 0: `// Sorts the rest of the items, too...\n${sortedText}` },
  },
  {
    ...{ model: "Claude", says: "spread values and dots in strings", genome: "pack" },
    answer: tagged("pack", "function pack(items) {", '  return [...items, "..."];', "}"),
    expected: { 0: 'function pack(items) {\n  return [...items, "..."];\n}\n' },
  },
];

const forms: readonly AnswerCase[] = [
  { ...{ model: "any", says: "nothing", genome: "pack" }, answer: "", expected: "the answer is empty" },
  {
    ...{ model: "Llama", says: "white space", genome: "python" },
    answer: " \n\n\t\n",
    expected: "the answer is empty",
  },
  {
    ...{ model: "Llama", says: "that it refuses", genome: "pack" },
    answer: "I'm sorry, but I can't assist with that request.",
    expected: "the answer is a refusal",
  },
  {
    ...{ model: "Gemini", says: "that it is unable to", genome: "python" },
    answer: "I am unable to modify these components, as I do not have access to the files.",
    expected: "the answer is a refusal",
  },
  {
    ...{ model: "GPT", says: "advice alone", genome: "python" },
    answer: "You could close the file and square the score. Shall I write it out?",
    expected: "the answer lacks component load",
  },
  {
    ...{ model: "GPT", says: "JSON", genome: "pack" },
    answer: '{"component": "function pack(items) {\\n  return items.sort();\\n}"}',
    expected: "the answer is JSON, expected text between tags",
  },
  {
    ...{ model: "Mistral", says: "JSON in a fence", genome: "words", indexes: [0] },
    answer: fenced("json", "{", '  "name": "a",', '  "text": "one"', "}"),
    expected: "the answer is JSON, expected text between tags",
  },
  {
    ...{ model: "Mistral", says: "JSON in a fence for a component in JSON", genome: "settings" },
    answer: fenced("json", '{ "depth": 2 }'),
    expected: { 0: '{ "depth": 2 }\n' },
  },
  {
    ...{ model: "GPT", says: "tags in a string of JSON", genome: "pack" },
    answer: `{"answer": "<component name='pack'>\\nconst pack = (x) => x;\\n</component>"}`,
    expected: "the answer is JSON, expected text between tags",
  },
  {
    ...{ model: "Phi", says: "JSON between the tags", genome: "pack" },
    answer: tagged("pack", '{"code": "function pack(items) { return items; }"}'),
    expected: "the answer is JSON, expected the text of the component",
  },
  {
    ...{ model: "Qwen", says: "a call of a tool", genome: "pack" },
    answer:
      '<tool_call>\n{"name": "write_file", "arguments": {"path": "pack.js", "text": "x"}}\n</tool_call>',
    expected: "the answer calls a tool, expected text between tags",
  },
  {
    ...{ model: "Mistral", says: "a call of a tool in its own notation", genome: "pack" },
    answer: '[TOOL_CALLS][{"name": "rewrite", "arguments": {"name": "pack"}}]',
    expected: "the answer calls a tool, expected text between tags",
  },
  {
    ...{ model: "Llama", says: "line breaks as \\n", genome: "pack" },
    answer: '<component name="pack">function pack(items) {\\n  return items.sort();\\n}</component>',
    expected: "component pack has \\n in place of line breaks",
  },
  {
    ...{ model: "Gemini", says: "a byte order mark first", genome: "pack" },
    answer: `\ufeff${tagged("pack", ...sorted)}`,
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Phi", says: "a byte order mark before a fence", genome: "pack" },
    answer: `\ufeff${fenced("js", ...sorted)}`,
    expected: { 0: sortedText },
  },
  {
    ...{ model: "Gemma", says: "a byte order mark in the text", genome: "pack" },
    answer: tagged("pack", `\ufeff${sorted[0]}`, ...sorted.slice(1)),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "CRLF for a file with LF", genome: "pack" },
    answer: tagged("pack", ...sorted).replaceAll("\n", "\r\n"),
    expected: { 0: sortedText },
  },
  {
    ...{ model: "GPT", says: "LF for a file with CRLF", genome: "windows" },
    answer: tagged("tour", "let a = 3;", "let b = 4;"),
    expected: { 0: "let a = 3;\r\nlet b = 4;\r\n" },
  },
  {
    ...{ model: "Qwen", says: "CRLF and a fence for a file with CRLF", genome: "windows" },
    answer: tagged("tour", fenced("js", "let a = 3;")).replaceAll("\n", "\r\n"),
    expected: { 0: "let a = 3;\r\n" },
  },
  {
    ...{ model: "TinyLlama", says: "a zero byte", genome: "pack" },
    answer: tagged("pack", "function pack() { return '\u0000'; }"),
    expected: "component pack holds the control character U+0000",
  },
  {
    ...{ model: "GPT", says: "an escape character", genome: "words", indexes: [1] },
    answer: tagged("b", "\u001b[1mthree\u001b[0m"),
    expected: "component b holds the control character U+001B",
  },
  {
    ...{ model: "Claude", says: "an escape character that the original has, too", genome: "colour" },
    answer: tagged("red", 'printf("\u001b[32m");'),
    expected: { 0: 'printf("\u001b[32m");\n' },
  },
  {
    ...{
      model: "Gemini",
      says: "tabs, form feeds and unusual white space, which stay",
      genome: "words",
      indexes: [0],
    },
    answer: tagged("a", "\tone\f two\u00a0three\u200bfour\u2028five\u0085six"),
    expected: { 0: "\tone\f two\u00a0three\u200bfour\u2028five\u0085six\n" },
  },
  {
    ...{
      model: "TinyLlama",
      says: "half of a surrogate pair, for the engine to mend",
      genome: "words",
      indexes: [0],
    },
    answer: tagged("a", "one \ud83e"),
    expected: { 0: "one \ud83e\n" },
  },
  {
    ...{ model: "TinyLlama", says: "more than a million characters", genome: "words", indexes: [0] },
    answer: tagged("a", "la ".repeat(400_000)),
    expected: "component a has 1200001 characters, more than 1000000",
  },
  {
    ...{ model: "GPT-2", says: "the same words without end", genome: "words", stopReason: "length" },
    answer: '<component name="a">\n<component name="a">\n'.repeat(50),
    expected: "the answer was cut at its token limit",
  },
];

/** All of them. */
export const corpus: readonly AnswerCase[] = [
  ...[...wellFormed, ...fences, ...tags, ...thinking],
  ...[...cuts, ...contents, ...forms],
];
