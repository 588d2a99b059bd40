import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { composeFiles } from "../../src/core/layout.ts";
import {
  checkSyntax,
  createFixedCheck,
  createGate,
  decompose,
  type Granularity,
} from "../../src/decompose/index.ts";
import { nasty, programs, statements } from "./programs.ts";

/** The gate's answer for one component of a file, by name: the accepted text, or undefined. */
function judge(path: string, text: string, granularity?: Granularity) {
  const { components, layout } = decompose([{ path, text }], { granularity });
  const gate = createGate(layout, components);
  return (name: string, answer: string) => {
    const index = components.findIndex((component) => component.name === name);
    return gate(index, answer);
  };
}

/** A text with pieces of nasty text put in at random places. */
function spoiled(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...nasty)), { maxLength: 2 });
  return fc.tuple(text, edits).map(([original, list]) =>
    list.reduce((whole, [place, piece]) => {
      const at = place % (whole.length + 1);
      return whole.slice(0, at) + piece + whole.slice(at);
    }, original),
  );
}

describe("the gate for functions and methods", () => {
  const answers = fc.record({
    source: programs(false),
    other: programs(false),
    pick: fc.nat(),
    from: fc.nat(),
  });

  it("lets through only texts after which the file holds the same functions in the same fixed text", () => {
    let passed = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        answers.chain((made) => fc.tuple(fc.constant(made), spoiled(fc.constant(replacement(made))))),
        ([{ source, pick }, text]) => {
          const files = [{ path: "a.mjs", text: source.text }];
          const { components, layout } = decompose(files);
          if (components[0]?.kind === "file") return;
          const index = pick % components.length;
          const verdict = createGate(layout, components)(index, text);
          if ("reason" in verdict) {
            refused += 1;
            return;
          }
          passed += 1;
          const changed = components.map((component, i) =>
            i === index ? { ...component, text: verdict.text } : component,
          );
          const again = decompose(composeFiles(layout, changed));
          expect(again.layout).toEqual(layout);
          const named = (list: typeof components) =>
            list.map(({ name, text: own, kind }) => ({ name, text: own, kind }));
          expect(named(again.components)).toEqual(named(changed));
        },
      ),
      { seed: 11, numRuns: 1500 },
    );
    expect(passed).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(500);
  });

  /** Another function's text under the picked function's name, or the function's own. */
  function replacement({
    source,
    other,
    pick,
    from,
  }: typeof answers extends fc.Arbitrary<infer T> ? T : never): string {
    const target = source.functions[pick % Math.max(1, source.functions.length)];
    const donor = other.functions[from % Math.max(1, other.functions.length)];
    if (target === undefined) return "x";
    if (donor === undefined || from % 3 === 0) return target.text;
    return donor.text.replace(donor.name, target.name);
  }

  const path = "a.ts";
  const text = `import { a } from "a";
/** Doc. */
export async function pack(x: number) { return x }
export const area = (r: number): number => { return r }
;[1].forEach(area)
const named = function named() {};
export default class Box {
  static size() { return 1 }
  get width() { return 1 }
}
const table = { look() { return 1 }, arrow: (x) => x };
`;
  const verdict = judge(path, text);

  it.each([
    ["pack", "async function pack(y) {\n  return y\n}\n"],
    ["pack", "function* pack() { yield '}'; } // better"],
    ["area", "(r) => r * 2"],
    ["area", "async function (r) { return 1 }"],
    ["named", "() => ({})"],
    ["Box.size", "static size() { return '/*' }"],
    ["Box.width", "get width() { return `}` }"],
    ["table.look", "async *look(a, b) { }"],
    ["table.arrow", "(x) => (y) => x"],
  ])("takes a new %s: %s", (name, answer) => {
    expect(verdict(name, answer)).toEqual({ text: answer.replace(/ \/\/ better$/, "").trim() });
  });

  it.each([
    [
      "pack",
      "/** New doc. */\nexport async function pack() { return 2 }",
      "async function pack() { return 2 }",
    ],
    ["area", "// Faster\nexport const area = (r) => r;", "(r) => r"],
    ["Box.size", "class Box {\n  /** Doc. */\n  static size() { return 2 }\n}", "static size() { return 2 }"],
    ["table.arrow", "const arrow = x => x + 1", "x => x + 1"],
  ])("cuts what stands in fixed text off an answer for %s: %s", (name, answer, cut) => {
    expect(verdict(name, answer)).toEqual({ text: cut });
  });

  it.each([
    ["pack", "function pack() {} function evil() {}"],
    ["pack", "function pack() {}\nglobalThis.x = 1;"],
    ["pack", "function other() {}"],
    ["pack", "const pack = () => 1;"],
    ["pack", "function pack() { /* "],
    ["pack", "function pack() { return `"],
    ["pack", "function pack() { return '"],
    ["pack", "function pack() { if (1) {"],
    ["pack", "function pack() {} /*"],
    ["pack", "function pack() {} `"],
    ["pack", "}"],
    ["pack", ""],
    ["pack", "I cannot do that."],
    ["pack", "function pack() {}\n// EVOLVE-BLOCK-END\n"],
    ["pack", "import 'x'; function pack() {}"],
    ["pack", "function pack() {} <!-- comment in scripts only"],
    ["area", "x => x) + (y => y"],
    ["area", "x => x, g = y => y"],
    ["area", "x => x; evil()"],
    ["area", "x => x); (() => 1"],
    ["area", "evil()"],
    ["area", "const area = x => x, evil = 1;"],
    ["area", "class area { m() {} }"],
    ["Box.size", "static size() {} static { evil() }"],
    ["Box.size", "static size() {} evil = 1"],
    ["Box.size", "static size() {} } class Evil { m() {}"],
    ["Box.size", "size() {}"],
    ["Box.size", "static other() {}"],
    ["Box.size", "static get size() {}"],
    ["Box.size", "@evil static size() {}"],
    ["Box.size", "static size;"],
    ["Box.size", "function size() {}"],
    ["Box.width", "set width(x) {}"],
    ["table.look", "look() {}, evil() {}"],
    ["table.look", "...evil"],
    ["table.arrow", "(x) => x, evil: 1"],
  ])("refuses for %s: %s", (name, answer) => {
    expect(verdict(name, answer)).toEqual({ reason: expect.stringContaining(`component ${name} `) });
  });

  it("refuses what only a module would read as one function, where the file may be a script", () => {
    const answer = "function f(a, b) {\n  a <!--b, () => {\n  }\n}";
    const program = "function f(a, b) {}\n";
    expect(judge("a.mjs", program)("f", answer)).toEqual({ text: answer });
    expect(judge("a.js", program)("f", answer)).toEqual({ reason: expect.stringContaining("component f ") });
    const block = "// EVOLVE-BLOCK-START\na();\n// EVOLVE-BLOCK-END\n";
    const text = "a <!--b, () => {\n};\n";
    expect(judge("a.mjs", block)("block-1", text)).toEqual({ text });
    expect(judge("a.js", block)("block-1", text)).toEqual({ reason: expect.stringContaining("a.js:3:1") });
    expect(judge("a.js", block)("block-1", "a('<!--');\n")).toEqual({ text: "a('<!--');\n" });
  });

  it("gives an empty block the line break of the marker above it", () => {
    const empty = judge("a.py", "# EVOLVE-BLOCK-START\r\n# EVOLVE-BLOCK-END\r\n");
    expect(empty("block-1", "x = 1\ny = 2")).toEqual({ text: "x = 1\r\ny = 2\r\n" });
    expect(empty("block-1", "")).toEqual({ text: "" });
  });

  it("refuses an expression that the next line would go on with", () => {
    const open = judge("a.js", "const f = (x) => { return x }\n(g)()\n");
    expect(open("f", "(x) => x")).toEqual({
      reason: "component f: the fixed text around a.js:1:1 would be read differently",
    });
    expect(open("f", "(x) => { return 2 }")).toEqual({ text: "(x) => { return 2 }" });
  });

  it("leaves components that it cannot divide itself to the text rules", () => {
    const component = { name: "f", text: "const a = 1;\nfunction f() {}", kind: "function", file: "a.js" };
    expect(checkSyntax(component, "anything (")).toBeUndefined();
    expect(checkSyntax({ ...component, text: "f = 1", file: "a.py" }, "anything (")).toBeUndefined();
    expect(
      checkSyntax({ name: "constructor", text: "", kind: "constructor", file: "a.js" }, "("),
    ).toBeUndefined();
  });
});

describe("the gate for statements", () => {
  it("lets through only texts that leave all functions and fixed text in place", () => {
    let passed = 0;
    const answer = fc.oneof(spoiled(fc.constantFrom(...statements)), fc.constantFrom(...statements));
    fc.assert(
      fc.property(programs(false), fc.nat(), answer, ({ text: source, functions }, pick, text) => {
        const files = [{ path: "a.mjs", text: `${source}\nfunction last() { return 1 }` }];
        const { components, layout } = decompose(files, { granularity: "statements" });
        const index = pick % components.length;
        const verdict = createGate(layout, components)(index, text);
        if ("reason" in verdict) return;
        passed += 1;
        const changed = components.map((component, i) =>
          i === index ? { ...component, text: verdict.text } : component,
        );
        const [file] = composeFiles(layout, changed);
        const again = decompose([file!]).components;
        expect(again.map(({ name }) => name)).toEqual([...functions.map(({ name }) => name), "last"]);
        const owner = components[index]!.name.split("/")[0];
        for (const [i, component] of again.entries()) {
          const before = functions[i]?.text ?? "function last() { return 1 }";
          if (component.name !== owner) expect(component.text).toBe(before);
          else {
            expect(component.text).toContain(verdict.text);
            const growth = verdict.text.length - components[index]!.text.length;
            expect(component.text.length).toBe(before.length + growth);
          }
        }
      }),
      { seed: 12, numRuns: 800 },
    );
    expect(passed).toBeGreaterThan(200);
  });

  const verdict = judge(
    "a.mjs",
    `async function f() { "use strict"
  a = 1; b = await 2
  return a }
class C { constructor() { super(); } *g() { yield 1; } }
const o = { get p() { return 1; }, q: function (x) { return x; } };
export default function () { go(); }
`,
    "statements",
  );

  it.each([
    ["f/2", "a = await (() => 2)();", "a = await (() => 2)();"],
    ["f/2", "if (a) {\n b()\n}\nelse c = 1 // note", "if (a) {\n b()\n}\nelse c = 1;"],
    ["f/3", "// why\nb = 3\nc = 4\n", "// why\nb = 3\nc = 4;"],
    ["f/4", "return", "return;"],
    ["C.constructor/1", "super(1); this.x = new.target;", "super(1); this.x = new.target;"],
    ["C.g/1", "const x = yield* [1];", "const x = yield* [1];"],
    ["o.p/1", "return super.p;", "return super.p;"],
    ["o.q/1", "return '}';", "return '}';"],
    ["default/1", "function inner() { return 1; }", "function inner() { return 1; }"],
  ])("takes for %s: %s", (name, answer, text) => {
    expect(verdict(name, answer)).toEqual({ text });
  });

  it.each([
    ["f/2", "} function evil() {"],
    ["f/2", "a(); } {"],
    ["f/2", "a = '"],
    ["f/2", "/*"],
    ["f/2", "// nothing but a comment"],
    ["f/2", "a = `"],
    ["f/2", "if (a)"],
    ["f/2", "x ="],
    ["f/2", ""],
    ["f/2", "import 'x';"],
    ["f/2", "(a)()"],
    ["C.g/1", "await x;"],
    ["o.p/1", "await x;"],
    ["o.p/1", "export const x = 1;"],
  ])("refuses for %s: %s", (name, answer) => {
    const found = verdict(name, answer);
    // What cannot be told from a call of the directive above is refused, too.
    expect(found).toEqual({ reason: expect.stringContaining(`component ${name}`) });
  });
});

describe("the gate for blocks", () => {
  const source = `const before = () => '*/';
function outer(x) {
  const list = [1];
  // EVOLVE-BLOCK-START body
  let best = x
  // EVOLVE-BLOCK-END
  return list[best]
}
// EVOLVE-BLOCK-START helpers
function help() { return \`a\`; }
// EVOLVE-BLOCK-END
/* the end */ export const after = before;
`;

  it("keeps every fixed node and comment of a JavaScript file as it was, whatever an answer holds", () => {
    let passed = 0;
    const good = fc.constantFrom(
      "let best = x * 2;\n",
      "let best = 0\nfor (;;) { break }\n",
      ...statements,
      "",
    );
    fc.assert(
      fc.property(fc.constantFrom("body", "helpers"), spoiled(good), (name, answer) => {
        const { components, layout } = decompose([{ path: "a.ts", text: source }]);
        const index = components.findIndex((component) => component.name === name);
        const verdict = createGate(layout, components)(index, answer);
        if ("reason" in verdict) return;
        passed += 1;
        const changed = components.map((component, i) =>
          i === index ? { ...component, text: verdict.text } : component,
        );
        const text = composeFiles(layout, changed)[0]!.text;
        const { program, comments } = parseSync("a.ts", text);
        const end = text.indexOf("/* the end */");
        expect(comments.filter(({ start }) => start >= end).map(({ value }) => value)).toEqual([" the end "]);
        expect(
          comments.filter(({ value }) => /EVOLVE-BLOCK-(START|END)/.test(value)).map(({ value }) => value),
        ).toEqual([
          " EVOLVE-BLOCK-START body",
          " EVOLVE-BLOCK-END",
          " EVOLVE-BLOCK-START helpers",
          " EVOLVE-BLOCK-END",
        ]);
        const [first, outer, ...rest] = program.body;
        expect(text.slice(first!.start, first!.end)).toBe("const before = () => '*/';");
        expect(text.slice(outer!.start, outer!.end)).toMatch(
          /^function outer\(x\) \{[\s\S]*return list\[best\]\n\}$/,
        );
        expect(text.slice(rest.at(-1)!.start, rest.at(-1)!.end)).toBe("export const after = before;");
      }),
      { seed: 13, numRuns: 800 },
    );
    expect(passed).toBeGreaterThan(150);
  });

  const verdict = judge("a.ts", source);
  it.each([
    ["body", "  let best = x; /*\n"],
    ["body", "  let best = `\n"],
    ["body", "  let best = 1;\n}\nfunction evil() {\n"],
    ["body", "  let best = 1;\n  if (x)\n"],
    ["body", "  let best =\n"],
    ["body", "  best:\n"],
    ["body", "  let best = 1; {\n"],
    ["helpers", "export default\n"],
    ["helpers", "function help() {}\n/*\n"],
    ["helpers", "@decorated\n"],
    ["helpers", "// EVOLVE-BLOCK-END\n"],
    ["helpers", "declare namespace N {\n"],
  ])("refuses in JavaScript for %s: %j", (name, answer) => {
    expect(verdict(name, answer)).toEqual({ reason: expect.any(String) });
  });

  it("says why, and where the text goes on differently", () => {
    expect(verdict("body", "  let best = x\n  if (x)\n")).toEqual({
      reason: "component body: the fixed text around a.ts:7:3 would be read differently",
    });
    expect(verdict("body", "  let best = (x\n")).toEqual({
      reason: expect.stringMatching(/^component body: a\.ts:\d+:\d+: .+/),
    });
    expect(verdict("helpers", "// EVOLVE-BLOCK-START x\n")).toEqual({
      reason: "component helpers may not contain EVOLVE-BLOCK-START: the marker lines are fixed",
    });
  });

  const block = (language: string, ...lines: readonly string[]) => {
    const comment = language === "py" ? "#" : "//";
    const marked = [`${comment} EVOLVE-BLOCK-START`, ...lines, `${comment} EVOLVE-BLOCK-END`, "fixed"];
    return judge(`a.${language}`, `${marked.join("\n")}\n`);
  };

  it.each([
    [
      "py",
      "def f(x):\n    return 1",
      "def f(x):\n    '''It's \"fine\".'''\n    return '\\'' + \"#\" # don't\n",
    ],
    ["py", "    x = 1", "    x = (\n1)\n    if x:\n        y = '''\n'''\n"],
    ["rs", "fn f() {}", "fn f<'a>(x: &'a str) -> char { let s = r#\"\"{\"#; /* /* */ */ '\"' }\n"],
    ["go", "func f() {}", 'func f() string { return `{\n` + "\\"(" }\n'],
    ["cpp", "int f() { return 1; }", "int f() { auto s = R\"x()\")x\"; return '\\''; } // {\n"],
    ["java", "int a;", 'String a = """\n  "{ """;\n'],
    ["js", "let x = 1;", "let x = 2;\n"],
    ["xyz", "a", "anything ( /* ''' \n"],
  ])("takes in a %s file for %j: %j", (language, original, answer) => {
    expect(block(language, original)("block-1", answer)).toEqual({ text: answer });
  });

  it.each([
    ["py", "x = 1", "x = '''\n", "must leave nothing open, got '''"],
    ["py", "x = 1", "x = [1\n", "must leave nothing open, got ["],
    ["py", "x = 1", "[".repeat(1000), `must leave nothing open, got ${"[".repeat(40)}...`],
    ["py", "    x = 1", "x = 1\n", "must be indented by at least 4, got 0"],
    ["rs", "fn f() {}", "fn f() {} /* /* */\n", "must leave nothing open, got /*"],
    ["go", "func f() {}", "}\nfunc evil() {\n", "must leave nothing open, got }{"],
    ["c", "int f() { return 1; }", "int f() { return 1; \n", "must leave nothing open, got {"],
    ["rs", "fn f() {}", 'const S: &str = r#"";\n', 'must leave nothing open, got "#'],
  ])("refuses in a %s file for %j: %j", (language, original, answer, reason) => {
    expect(block(language, original)("block-1", answer)).toEqual({ reason: expect.stringContaining(reason) });
  });
});

describe("createFixedCheck", () => {
  it("looks at neighbouring lines together", () => {
    const text = "f(() => {\n// EVOLVE-BLOCK-START\nif (x) {\n  y();\n}\n// EVOLVE-BLOCK-END\n});\n";
    const { components, layout } = decompose([{ path: "a.js", text }], { granularity: "lines" });
    const check = createFixedCheck(layout, components);
    const changed = (...lines: readonly string[]) =>
      components.map((component, index) => ({ ...component, text: lines[index] ?? component.text }));
    expect(check(changed("while (x) {\n"))).toBeUndefined();
    expect(check(changed("y();\n", "y();\n", "y();\n"))).toBeUndefined();
    expect(check(changed("y();\n"))).toMatch(/^a\.js:\d:\d: /);
    expect(check(changed("y() });\n", "g(() => {\n", "\n"))).toBe(
      "the fixed text around a.js:1:1 would be read differently",
    );
  });

  it("lets files without fixed text and files that never parsed be anything", () => {
    const one = decompose([{ path: "a.js", text: "let x = 1;" }], { granularity: "markers" });
    expect(createGate(one.layout, one.components)(0, "let (")).toEqual({ text: "let (" });
    const bad = judge("a.js", "// EVOLVE-BLOCK-START\nlet (\n// EVOLVE-BLOCK-END\n");
    expect(bad("block-1", "let [\n")).toEqual({ text: "let [\n" });
  });
});
