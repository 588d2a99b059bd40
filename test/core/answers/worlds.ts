/** Small programs and texts for the fuzz tests: fixed parts, and blocks between marker lines. */
import type { Accept, Component, Genome, Layout, SourceFile } from "../../../src/core/index.ts";
import { decompose } from "../../../src/decompose/index.ts";

/** A file as the test wrote it. */
export interface WrittenFile {
  readonly path: string;
  /** Fixed text, or the index of a component, in order. */
  readonly parts: readonly (string | number)[];
  /** How many marker words it has. */
  readonly markers: number;
}

/** A solution of one or more files. */
export interface World {
  readonly name: string;
  readonly files: readonly WrittenFile[];
  readonly components: Genome;
  readonly layout: Layout;
  readonly accept: Accept;
  /** The indexes of all components, and of each alone. */
  readonly all: readonly number[];
  readonly singles: readonly (readonly number[])[];
  divide(files: readonly SourceFile[]): readonly Component[];
}

/** A file of fixed pieces around blocks: fixed, block, fixed, block, ..., fixed. */
type Source = readonly [path: string, ...pieces: readonly string[]];

function worldOf(name: string, ...sources: readonly Source[]): World {
  let index = 0;
  const files = sources.map(([path, ...pieces]): WrittenFile => {
    const parts = pieces.map((piece, at) => (at % 2 === 0 ? piece : index++));
    return { path, parts, markers: pieces.join("").split("EVOLVE-BLOCK-").length - 1 };
  });
  const divide = (given: readonly SourceFile[]) => decompose(given);
  const { components, layout, accept } = divide(
    sources.map(([path, ...pieces]) => ({ path, text: pieces.join("") })),
  );
  const all = [...components.keys()];
  if (index !== all.length) throw new Error(`${name}: ${index} blocks became ${all.length} components`);
  return {
    ...{ name, files, components, layout, accept, all, singles: all.map((one) => [one]) },
    divide: (given) => divide(given).components,
  };
}

export const worlds: readonly World[] = [
  worldOf("python", [
    "main.py",
    "import math\n\n# EVOLVE-BLOCK-START load\n",
    "def load(path):\n    with open(path) as file:\n        return file.read()\n",
    "# EVOLVE-BLOCK-END\n\n# EVOLVE-BLOCK-START score\n",
    "def score(x):\n    return -math.sqrt(x)\n",
    '# EVOLVE-BLOCK-END\n\nif __name__ == "__main__":\n    print(score(2))\n',
  ]),
  worldOf(
    "c",
    [
      "sum.c",
      "#include <stdio.h>\r\n\r\n/* EVOLVE-BLOCK-START sum */\r\n",
      "int sum(int a, int b) {\r\n  return a < b ? a : b;\r\n}\r\n",
      "/* EVOLVE-BLOCK-END */\r\n\r\nint main(void) { return sum(1, 2); }\r\n",
    ],
    [
      "lib/twice.c",
      "// EVOLVE-BLOCK-START\n",
      "int twice(int a) { return 2 * a; }\n",
      "// EVOLVE-BLOCK-END\n// EVOLVE-BLOCK-START\n",
      "",
      "// EVOLVE-BLOCK-END",
    ],
  ),
  worldOf("html", [
    "index.html",
    "<!doctype html>\n<main>\n<!-- EVOLVE-BLOCK-START nav -->\n",
    "<nav>\n  <a href='/'>Home</a>\n</nav>\n",
    "<!-- EVOLVE-BLOCK-END -->\n</main>\n<!-- EVOLVE-BLOCK-START vue -->\n",
    '<component :is="view"></component>\n',
    "<!-- EVOLVE-BLOCK-END -->\n",
  ]),
  worldOf("text", [
    "prompt.txt",
    "You are kind.\n# EVOLVE-BLOCK-START rules\n",
    "Think between <think> and </think>.\nAnswer in one word.\n",
    "# EVOLVE-BLOCK-END\n# EVOLVE-BLOCK-START\n",
    "\n- Be brief… ✨\n",
    "# EVOLVE-BLOCK-END\nThank you.",
  ]),
  worldOf("guide", [
    "guide.md",
    "# Guide\n\n<!-- EVOLVE-BLOCK-START steps -->\n",
    "Run it:\n\n```sh\nmake\n```\n",
    "<!-- EVOLVE-BLOCK-END -->\n",
  ]),
];
