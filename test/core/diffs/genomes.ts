/** Solutions that the answers of the corpus change. */
import type { Genome } from "../../../src/core/index.ts";

export const genomes = {
  /** Two functions of a JavaScript file, with a line that both have. */
  code: [
    {
      name: "pack",
      text: "function pack(items) {\n  const out = [];\n  for (const item of items) {\n    out.push(item);\n  }\n  return out;\n}\n",
      ...{ language: "javascript", file: "main.js", kind: "block" },
    },
    {
      name: "score",
      text: "function score(x) {\n  const out = x * x;\n  return out;\n}\n",
      ...{ language: "javascript", file: "main.js", kind: "block" },
    },
  ],
  /** A block of a Python file: indentation counts. */
  python: [
    {
      name: "load",
      text: "def load(path):\n    with open(path) as file:\n        text = file.read()\n    return text\n",
      ...{ language: "python", file: "main.py", kind: "block" },
    },
  ],
  /** Tabs. */
  go: [{ name: "sum", text: "func sum(a, b int) int {\n\treturn a + b\n}\n", language: "go" }],
  /** A file with Windows line breaks. */
  windows: [
    {
      name: "tour",
      text: "let a = 1;\r\nlet b = 2;\r\nlet c = 3;\r\n",
      ...{ language: "javascript", file: "tour.js", kind: "block" },
    },
  ],
  /** Lines of no language; the last two have the same text. */
  words: [
    { name: "a", text: "one two\n" },
    { name: "b", text: "three four\n" },
    { name: "c", text: "same same\n" },
    { name: "d", text: "same same\n" },
  ],
  /** A text with headings that look like dividers. */
  headings: [{ name: "guide", text: "Guide\n=======\n\nRun make.\n\nEnd\n===\n", language: "rst" }],
  /** A text that explains merge conflicts. */
  conflict: [
    { name: "help", text: "A conflict:\n<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> branch\nThe end.\n" },
  ],
  /** A list. */
  list: [{ name: "list", text: "Buy:\n- bread\n- milk\n- salt\n", language: "markdown" }],
  /** A component that is empty, beside one that is not. */
  gap: [
    { name: "head", text: "import x\n", language: "python" },
    { name: "body", text: "", language: "python" },
  ],
  /** A text that talks of thinking. */
  prompt: [{ name: "prompt", text: "Think between <think> and </think>.\nThen answer.\n" }],
  /** A text that talks of tags. */
  tags: [{ name: "reader", text: 'const end = "</component>";\nconst x = 1;\n', language: "javascript" }],
  /** One line without a line break. */
  line: [
    {
      name: "area",
      text: "(r) => 3 * r * r",
      ...{ language: "javascript", file: "area.js", kind: "function" },
    },
  ],
  /** Lines that end with white space. */
  trailing: [{ name: "poem", text: "Roses  \nare red  \nviolets\n", language: "text" }],
} as const satisfies Record<string, Genome>;
