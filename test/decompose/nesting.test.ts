import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decompose } from "../../src/decompose/index.ts";

/** Ways to nest n deep that need no closing, or close at the end. */
const nested: Readonly<Record<string, (n: number) => string>> = {
  arrays: (n) => `x=${"[".repeat(n)}${"]".repeat(n)}`,
  parentheses: (n) => `x=${"(".repeat(n)}1${")".repeat(n)}`,
  functions: (n) => `${"function f(){".repeat(n)}${"}".repeat(n)}`,
  "arrow functions": (n) => `x=${"(a)=>(".repeat(n)}1${")".repeat(n)}`,
  defaults: (n) => `x=${"(a=".repeat(n)}1${")".repeat(n)}`,
  objects: (n) => `x=${"{a:".repeat(n)}1${"}".repeat(n)}`,
  templates: (n) => `x=${"`${".repeat(n)}1${"}`".repeat(n)}`,
  classes: (n) => `x=${"class extends ".repeat(n)}A${"{}".repeat(n)}`,
  types: (n) => `let x:${"A<".repeat(n)}B${">".repeat(n)}`,
  negations: (n) => `x=${"!".repeat(n)}1`,
  sums: (n) => `x=${"1+".repeat(n)}1`,
  conditions: (n) => `x=${"a?b:".repeat(n)}c`,
  "conditions of objects": (n) => `x=${"{}?{}:".repeat(n)}c`,
  "if statements": (n) => `${"if(a)".repeat(n)};`,
  "else branches": (n) => `${"if(a){}else ".repeat(n)}{}`,
  loops: (n) => `${"for(;;)".repeat(n)};`,
  "loops with bodies": (n) => `${"for(;;){".repeat(n)}${"}".repeat(n)}`,
  calls: (n) => `f${"()".repeat(n)}`,
  labels: (n) => `${Array.from({ length: n }, (_, index) => `a${index}:`).join("")};`,
  "closed in comments": (n) => `x=${"(/*),*/".repeat(n)}1${")".repeat(n)};`,
  "behind a quote in a regular expression": (n) => `x=/"/;y=${"[".repeat(n)}${"]".repeat(n)}`,
};

describe("a text that is nested very deeply", () => {
  it.each(Object.keys(nested))("is refused, and the process lives on: %s", (kind) => {
    for (const n of [5000, 20_000]) {
      const text = nested[kind]!(n);
      expect(() => decompose([{ path: "a.ts", text }])).toThrow(
        /nested deeper than 500 levels|longer than 200000 characters|correct the syntax first/,
      );
      const { accept } = decompose([{ path: "a.ts", text: "function f() {}\n" }]);
      expect(accept(0, `function f() { ${text} }`)).toHaveProperty("reason");
    }
    const { components } = decompose([{ path: "a.ts", text: `function f() {}\n${nested[kind]!(20)}\n` }]);
    expect(components.map(({ name }) => name)).toContain("f");
  });

  it("would end the process otherwise", () => {
    const code = `import { parseSync } from "oxc-parser"; parseSync("a.ts", "x=" + "[".repeat(50000)).program;`;
    const { signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", code]);
    expect(signal).toMatch(/^SIG(SEGV|BUS|ABRT)$/);
  });
});

it("real code is not: this project's own and long data", () => {
  const files = [
    "src/engine.ts",
    "src/store/store.ts",
    "src/store/schema.ts",
    "problems/repair/library/families.ts",
  ];
  const data = `const data = [${Array.from({ length: 8000 }, (_, index) => `[${index}, "a b"]`).join(", ")}];\n`;
  const texts = [...files.map((file) => readFileSync(file, "utf8")), data];
  for (const [index, text] of texts.entries()) {
    expect(decompose([{ path: `${index}.ts`, text: `function f() {}\n${text}` }]).components[0]?.name).toBe(
      "f",
    );
  }
});
