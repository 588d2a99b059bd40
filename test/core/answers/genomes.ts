/** Solutions that the answers of the corpus are given for. */
import type { Component, Genome } from "../../../src/core/index.ts";

const only = (component: Component): Genome => [component];

export const genomes = {
  /** A block of a JavaScript file. */
  pack: only({
    name: "pack",
    text: "function pack(items) {\n  return items;\n}\n",
    ...{ language: "javascript", file: "pack.js", kind: "block" },
  }),
  /** Two blocks of a Python file. */
  python: [
    {
      name: "load",
      text: "def load(path):\n    return open(path).read()\n",
      ...{ language: "python", file: "main.py", kind: "block" },
    },
    {
      name: "score",
      text: "def score(x):\n    return -x\n",
      ...{ language: "python", file: "main.py", kind: "block" },
    },
  ],
  /** A block of a C++ file. */
  cpp: only({
    name: "sum",
    text: "int sum(int a, int b) {\n  return a < b ? a : b;\n}\n",
    ...{ language: "cpp", file: "sum.cpp", kind: "block" },
  }),
  /** A shell script. */
  shell: only({ name: "build", text: "make all\n", language: "shell", file: "build.sh", kind: "file" }),
  /** A block of a page. */
  page: only({
    name: "index.html:nav",
    text: "<nav>\n  <a href='/'>Home</a>\n</nav>\n",
    ...{ language: "html", file: "index.html", kind: "block" },
  }),
  /** Settings. */
  settings: only({
    name: "settings",
    text: '{ "depth": 1 }\n',
    language: "json",
    file: "s.json",
    kind: "file",
  }),
  /** A file with Windows line breaks. */
  windows: only({
    name: "tour",
    text: "let a = 1;\r\nlet b = 2;\r\n",
    ...{ language: "javascript", file: "tour.js", kind: "block" },
  }),
  /** Instructions for a model, which are evolved, too. */
  prompt: only({
    name: "instructions",
    text: "Think between <think> and </think>.\nThen answer in one word.\n",
  }),
  /** A guide with a code block. */
  guide: only({
    name: "guide",
    text: "# Guide\n\nRun it:\n\n```sh\nmake\n```\n",
    ...{ language: "markdown", file: "guide.md", kind: "file" },
  }),
  /** Parts of no language and no file. */
  words: [
    { name: "a", text: "one two\n" },
    { name: "b", text: "three four\n" },
    { name: "c", text: "five six\n" },
  ],
  /** A name that must be escaped, and one beyond ASCII. */
  named: [
    { name: 'the "best" part', text: "one\n" },
    { name: "größe ✨", text: "two\n" },
  ],
  /** A text that talks about the tags. */
  tags: only({ name: "reader", text: 'const end = "</component>";\n', language: "javascript" }),
  /** One line without a line break. */
  line: only({
    name: "area",
    text: "(r) => 3 * r * r",
    ...{ language: "javascript", file: "area.js", kind: "function" },
  }),
  /** A text with a control character of its own. */
  colour: only({ name: "red", text: 'printf("\u001b[31m");\n', language: "c" }),
} as const satisfies Record<string, Genome>;
