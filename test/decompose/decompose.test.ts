import { describe, expect, it } from "vitest";
import { decompose, languageOf, readGranularity } from "../../src/decompose/index.ts";

const code = `\uFEFF// Licence

import x from "y";

/**
 * Packs 😀.
 *
 * @param a what
 */
export async function pack(a, /* c */ b = {
  d: 1,
}) { return a; }
// First line.
//   Second.
const f = async (x) => x + 1, g = function* (y) { yield y };
x(); // not a doc comment
export default class A extends B {
  /** Makes. */
  @decorated("}") // why
  static async *#make(x) { yield 1; }
  get y() { return 1; }
  set y(v) { this.z = v; }
  constructor() { super(); }
  field = (x) => { return x; };
  ["k" + 1]() {}
}
exports.q = function () {};
module.exports = { r: function () {} };
const o = { a() {}, b: (x) => x, get c() { return 1; }, n: 1 };
const parens = (function () { return 1; });
(() => { function hidden() {} })();
`;

describe("functions", () => {
  const { components } = decompose([{ path: "src/a.ts", text: code }]);
  const of = (name: string) => components.find((component) => component.name === name);

  it("are the outermost ones, with their exact texts", () => {
    expect(components.map(({ name, kind, text }) => [name, kind, text])).toEqual([
      ["pack", "function", "async function pack(a, /* c */ b = {\n  d: 1,\n}) { return a; }"],
      ["f", "function", "async (x) => x + 1"],
      ["g", "function", "function* (y) { yield y }"],
      ["A.#make", "method", "static async *#make(x) { yield 1; }"],
      ["A.y", "method", "get y() { return 1; }"],
      ["A.y#2", "method", "set y(v) { this.z = v; }"],
      ["A.constructor", "method", "constructor() { super(); }"],
      ["A.field", "function", "(x) => { return x; }"],
      ['A.["k" + 1]', "method", '["k" + 1]() {}'],
      ["q", "function", "function () {}"],
      ["module.exports.r", "function", "function () {}"],
      ["o.a", "method", "a() {}"],
      ["o.b", "function", "(x) => x"],
      ["o.c", "method", "get c() { return 1; }"],
      ["parens", "function", "function () { return 1; }"],
    ]);
  });

  it("carry their doc comment and signature, language and file", () => {
    expect(of("pack")).toEqual({
      name: "pack",
      kind: "function",
      language: "typescript",
      file: "src/a.ts",
      text: "async function pack(a, /* c */ b = {\n  d: 1,\n}) { return a; }",
      signature: "async function pack(a, b = { d: 1, })",
      spec: "Packs 😀.\n\n@param a what\n\nasync function pack(a, b = { d: 1, })",
    });
    expect(of("f")?.spec).toBe("First line.\n  Second.\n\nconst f = async (x) =>");
    expect(of("g")?.spec).toBe("g = function* (y)");
    expect(of("A.#make")?.spec).toBe("Makes.\n\nstatic async *#make(x)");
    expect(of("A.y")?.spec).toBe("get y()");
    expect(of("A.field")?.signature).toBe("field = (x) =>");
  });

  it("are read in TypeScript: overloads and abstract methods stay fixed, namespaces are entered", () => {
    const text = `
namespace N.M { export function inner<T>(a: T): void {} }
function over(a: string): void;
function over(a: any) {}
abstract class C { abstract x(): void; private y?(): void; public override y(): void {} }
export const cast = <T,>(x: unknown): x is T => <any>x;
export = function last() {};
declare function no(): void;
`;
    const found = decompose([{ path: "a.cts", text }]).components;
    expect(found.map(({ name, text: own, signature }) => [name, own, signature])).toEqual([
      ["N.M.inner", "function inner<T>(a: T): void {}", "function inner<T>(a: T): void"],
      ["over", "function over(a: any) {}", "function over(a: any)"],
      ["C.y", "public override y(): void {}", "public override y(): void"],
      ["cast", "<T,>(x: unknown): x is T => <any>x", "const cast = <T,>(x: unknown): x is T =>"],
      ["default", "function last() {}", "function last()"],
    ]);
  });

  it("are read from scripts with top-level return and from JSX", () => {
    const text = "function F() { return <b>{'}'}</b>; }\nreturn F;";
    expect(decompose([{ path: "a.js", text }]).components.map((component) => component.text)).toEqual([
      "function F() { return <b>{'}'}</b>; }",
    ]);
  });

  it("are absent from declaration files, which are wholes", () => {
    const file = {
      path: "a.d.ts",
      text: "declare const a: number, b: string;\ndeclare function f(): void;\n",
    };
    expect(decompose([file]).components.map(({ name, kind }) => [name, kind])).toEqual([["a.d.ts", "file"]]);
  });

  it("come from marked blocks only where the files have markers", () => {
    const text = `function a() {}
// EVOLVE-BLOCK-START
function b() {}
const c = 1;
// EVOLVE-BLOCK-END
`;
    const files = [
      { path: "a.js", text },
      { path: "b.js", text: "function d() {}" },
    ];
    expect(decompose(files, { granularity: "functions" }).components.map(({ name }) => name)).toEqual([
      "a.js:b",
    ]);
  });

  it("are told apart by number when several files or classes repeat a name", () => {
    const text = "var f = () => 1;\nvar f = () => 2;";
    const files = ["a.js", "b.js"].map((path) => ({ path, text }));
    expect(decompose(files).components.map(({ name }) => name)).toEqual([
      "a.js:f",
      "a.js:f#2",
      "b.js:f",
      "b.js:f#2",
    ]);
  });
});

describe("statements", () => {
  it("are those directly in the bodies of functions, with signature and doc comment as spec", () => {
    const text = `let n = 0;
/** Counts. */
function count(list) {
  "use strict";
  for (const x of list) { n += x; };
  // Note
  return n;
}
class C { m() { this.x = 1 } }
`;
    const { components } = decompose([{ path: "a.js", text }], { granularity: "statements" });
    const shared = { kind: "statement", language: "javascript", file: "a.js" };
    expect(components).toEqual([
      {
        ...shared,
        name: "count/2",
        text: "for (const x of list) { n += x; }",
        spec: "function count(list)\n\nCounts.",
      },
      { ...shared, name: "count/4", text: "return n;", spec: "function count(list)\n\nCounts." },
      { ...shared, name: "C.m/1", text: "this.x = 1", spec: "m()" },
    ]);
  });

  it("are those of a marked block inside a function, too", () => {
    const text = "function f() {\n  a();\n  // EVOLVE-BLOCK-START\n  b();\n  c()\n  // EVOLVE-BLOCK-END\n}\n";
    const { components } = decompose([{ path: "a.js", text }], { granularity: "statements" });
    expect(components.map(({ name, text: own }) => [name, own])).toEqual([
      ["f/2", "b();"],
      ["f/3", "c()"],
    ]);
  });

  it("are the module's own where no function has any", () => {
    const text = "import y from 'y';\nlet x = 1;\nexport { x };\nwhile (x < 9) x *= 2;";
    const { components } = decompose([{ path: "a.js", text }], { granularity: "statements" });
    expect(components.map(({ name, text: own }) => [name, own])).toEqual([
      ["module/2", "let x = 1;"],
      ["module/4", "while (x < 9) x *= 2;"],
    ]);
  });
});

describe("what cannot be divided", () => {
  it.each([
    [
      "a.py",
      "x",
      "functions",
      "a.py: granularity 'functions' needs a parser, and only JavaScript and TypeScript have one here, got python; use markers or lines",
    ],
    [
      "a.xyz",
      "x",
      "statements",
      "a.xyz: granularity 'statements' needs a parser, and only JavaScript and TypeScript have one here, got a file of unknown language; use markers or lines",
    ],
    ["a.js", "/* 😀 */\r\nlet x = ;", "functions", "a.js:2:9: Unexpected token; correct the syntax first"],
    [
      "a.js",
      "let x = 1;",
      "functions",
      "Found nothing to evolve in a.js at granularity 'functions'; use another one, or markers",
    ],
    [
      "a.txt",
      "",
      "lines:3",
      "Found nothing to evolve in a.txt at granularity 'lines:3'; use another one, or markers",
    ],
  ])("is the user's mistake: %s with %j at %s", (path, text, granularity, message) => {
    const divide = () => decompose([{ path, text }], { granularity: readGranularity(granularity) });
    expect(divide).toThrow(expect.objectContaining({ name: "UsageError", message }));
  });

  it("is refused: no file, two files of one path, an unknown granularity or option", () => {
    const file = { path: "a", text: "" };
    expect(() => decompose([])).toThrow("decompose needs at least one file, got none");
    expect(() => decompose([file, file])).toThrow("decompose got two files with the path 'a'");
    expect(() => readGranularity("line")).toThrow(
      "Granularity 'line' is unknown; known: markers, functions, statements, lines, lines:N",
    );
    expect(() => readGranularity("lines:0")).toThrow(
      "Granularity lines must be a whole number of at least 1, got 0",
    );
    expect(() => decompose([file], { granularity: { lines: 1.5 } })).toThrow("got 1.5");
    expect(() => decompose([file], { depth: 1 } as object)).toThrow("decompose: option 'depth' is unknown");
  });
});

describe("readGranularity and languageOf", () => {
  it("read the words of the command line", () => {
    expect(["markers", "functions", "statements", "lines", "lines:5"].map(readGranularity)).toEqual([
      "markers",
      "functions",
      "statements",
      "lines",
      { lines: 5 },
    ]);
  });

  it("know languages by extension, whatever its case", () => {
    expect(
      ["a.PY", "b/c.d.ts", "x.f90", "x.jl", "x.R", "Makefile", "x.constructor", ".js"].map(languageOf),
    ).toEqual(["python", "typescript", "fortran", "julia", "r", undefined, undefined, "javascript"]);
  });
});
