import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decompose } from "../../src/decompose/index.ts";
import { isTooDeep } from "../../src/decompose/nesting.ts";

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
  "behind a quote in a regular expression": (n) => `x=/"/;y=${"[".repeat(n)}${"]".repeat(n)}`,
};

describe("a text that is nested very deeply", () => {
  it.each(Object.keys(nested))("is refused before the parser sees it: %s", (kind) => {
    const text = nested[kind]!(50_000);
    expect(isTooDeep(text)).toBe(true);
    expect(() => decompose([{ path: "a.ts", text }])).toThrow("nested too deeply");
    expect(isTooDeep(nested[kind]!(20))).toBe(false);
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
  for (const file of files) expect([file, isTooDeep(readFileSync(file, "utf8"))]).toEqual([file, false]);
  expect(
    isTooDeep(
      `const data = [${Array.from({ length: 50_000 }, (_, index) => `[${index}, "a b c"]`).join(", ")}];`,
    ),
  ).toBe(false);
});
