import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../src/core/layout.ts";
import { decompose } from "../../src/decompose/index.ts";

function file(path: string, ...lines: readonly string[]): SourceFile {
  return { path, text: lines.map((line) => `${line}\n`).join("") };
}

function piecesOf(...files: readonly SourceFile[]): (readonly [string, string])[] {
  return decompose(files).components.map(({ name, text }) => [name, text]);
}

describe("markers", () => {
  it("are found in comments of real files of many languages", () => {
    const files = [
      file(
        "train.py",
        '"""Trains."""',
        "import numpy as np",
        "",
        "# EVOLVE-BLOCK-START",
        "def step(x: np.ndarray) -> float:",
        '    """Steps."""',
        "    return float(x.sum())  # not a EVOLVE marker",
        "# EVOLVE-BLOCK-END",
        'print("# EVOLVE-BLOCK-START")',
      ),
      file(
        "src/lib.rs",
        "impl<'a> Solver<'a> {",
        "    // EVOLVE-BLOCK-START solve",
        "    fn solve(&self) -> u32 { 1 }",
        "    // EVOLVE-BLOCK-END solve",
        "}",
      ),
      file(
        "main.go",
        "package main",
        "//EVOLVE-BLOCK-START",
        "func f() int { return 1 }",
        "//EVOLVE-BLOCK-END",
      ),
      file(
        "flow.f90",
        "subroutine s(x)",
        "  !$omp parallel",
        "  ! EVOLVE-BLOCK-START kernel",
        "  x = x + 1.0d0",
        "  ! EVOLVE-BLOCK-END",
        "end subroutine",
      ),
      file("old.f", "C EVOLVE-BLOCK-START", "      X = 1", "C EVOLVE-BLOCK-END"),
      file(
        "page.html",
        "<main>",
        "  <!-- EVOLVE-BLOCK-START the hero -->",
        "  <h1>Hi</h1>",
        "  <!-- EVOLVE-BLOCK-END -->",
        "</main>",
      ),
      file("notes.md", "# Title", "<!-- EVOLVE-BLOCK-START -->", "Text", "<!-- EVOLVE-BLOCK-END -->"),
      file("model.wl", "(* EVOLVE-BLOCK-START fit *)", "f[x_] := x^2", "(* EVOLVE-BLOCK-END *)"),
      file("query.sql", "-- EVOLVE-BLOCK-START", "SELECT 1;", "-- EVOLVE-BLOCK-END"),
      file("paper.tex", "%% EVOLVE-BLOCK-START", "\\emph{x}", "%% EVOLVE-BLOCK-END"),
      file("core.hs", "{- EVOLVE-BLOCK-START -}", "f' x = x", "{- EVOLVE-BLOCK-END -}"),
      file("form.vb", "' EVOLVE-BLOCK-START", "x = 1", "' EVOLVE-BLOCK-END"),
      file("a.bas", "REM EVOLVE-BLOCK-START", "10 PRINT", "REM EVOLVE-BLOCK-END"),
      file("a.lisp", ";; EVOLVE-BLOCK-START", "(f)", ";; EVOLVE-BLOCK-END"),
      file("doc.py", '"""EVOLVE-BLOCK-START"""', "x = 1", '"""EVOLVE-BLOCK-END"""'),
      file("view.jsx", "{/* EVOLVE-BLOCK-START: view */}", "<b/>", "{/* EVOLVE-BLOCK-END */}"),
      file("a.css", "/* EVOLVE-BLOCK-START */", "b { color: red }", "/* EVOLVE-BLOCK-END */"),
    ];
    expect(piecesOf(...files)).toEqual([
      [
        "train.py:block-1",
        'def step(x: np.ndarray) -> float:\n    """Steps."""\n    return float(x.sum())  # not a EVOLVE marker\n',
      ],
      ["src/lib.rs:solve", "    fn solve(&self) -> u32 { 1 }\n"],
      ["main.go:block-1", "func f() int { return 1 }\n"],
      ["flow.f90:kernel", "  x = x + 1.0d0\n"],
      ["old.f:block-1", "      X = 1\n"],
      ["page.html:the hero", "  <h1>Hi</h1>\n"],
      ["notes.md:block-1", "Text\n"],
      ["model.wl:fit", "f[x_] := x^2\n"],
      ["query.sql:block-1", "SELECT 1;\n"],
      ["paper.tex:block-1", "\\emph{x}\n"],
      ["core.hs:block-1", "f' x = x\n"],
      ["form.vb:block-1", "x = 1\n"],
      ["a.bas:block-1", "10 PRINT\n"],
      ["a.lisp:block-1", "(f)\n"],
      ["doc.py:block-1", "x = 1\n"],
      ["view.jsx:view", "<b/>\n"],
      ["a.css:block-1", "b { color: red }\n"],
    ]);
  });

  it("are only lines of their own: strings, code and longer words are text", () => {
    const lines = [
      'const a = "// EVOLVE-BLOCK-START";',
      "'EVOLVE-BLOCK-START',",
      '"EVOLVE-BLOCK-START",',
      "f(); // EVOLVE-BLOCK-START",
      "// EVOLVE-BLOCK-STARTS here",
      "// EVOLVE-BLOCK-START-2",
      "EVOLVE-BLOCK-END",
      "// evolve-block-end",
    ];
    expect(piecesOf(file("a.txt", ...lines))).toEqual([["a.txt", lines.map((line) => `${line}\n`).join("")]]);
  });

  it("name blocks: given names, numbers for the others, the path before them where there are several files", () => {
    const text = ["# EVOLVE-BLOCK-START", "# EVOLVE-BLOCK-END"];
    const lines = [...text, "# EVOLVE-BLOCK-START block-2", text[1] ?? "", ...text];
    expect(piecesOf(file("a.py", ...lines))).toEqual([
      ["block-1", ""],
      ["block-2", ""],
      ["block-3", ""],
    ]);
    expect(piecesOf(file("a.py", ...text), file("b/a.py", ...text))).toEqual([
      ["a.py:block-1", ""],
      ["b/a.py:block-1", ""],
    ]);
  });

  it("make a file without any wholly fixed when another file has some", () => {
    const plain = file("evaluate.js", "export function evaluate() {}");
    const marked = file("a.js", "// EVOLVE-BLOCK-START", "x();", "// EVOLVE-BLOCK-END");
    const { components, layout } = decompose([plain, marked]);
    expect(components).toEqual([
      { name: "a.js:block-1", text: "x();\n", kind: "block", language: "javascript", file: "a.js" },
    ]);
    expect(layout[0]).toEqual({ path: "evaluate.js", parts: [{ fixed: plain.text }] });
  });

  it.each([
    [["# EVOLVE-BLOCK-START", "x"], "a.py:2: EVOLVE-BLOCK-START without EVOLVE-BLOCK-END below"],
    [["x", "# EVOLVE-BLOCK-END"], "a.py:3: EVOLVE-BLOCK-END without EVOLVE-BLOCK-START above"],
    [
      ["# EVOLVE-BLOCK-START", "# EVOLVE-BLOCK-START", "# EVOLVE-BLOCK-END"],
      "a.py:3: EVOLVE-BLOCK-START inside the block that starts at line 2; blocks do not nest: add EVOLVE-BLOCK-END above",
    ],
    [
      ["# EVOLVE-BLOCK-START x", "# EVOLVE-BLOCK-END", "# EVOLVE-BLOCK-START x", "# EVOLVE-BLOCK-END"],
      "a.py:4: a second block is named 'x'; names must differ in a file",
    ],
  ])("that do not pair up are the user's mistake, with file and line: %j", (lines, message) => {
    expect(() => decompose([file("b.py", "1"), file("a.py", "first line", ...lines)])).toThrow(message);
  });
});

describe("lines", () => {
  const text = "a\r\nb\n# EVOLVE-BLOCK-START core\n1\r\n2\n3\r4\n\n# EVOLVE-BLOCK-END\nc";
  it("are components of their own within blocks, each with its line break", () => {
    const { components } = decompose([{ path: "a.py", text }], { granularity: "lines" });
    expect(components.map(({ name, text: line, kind }) => [name, line, kind])).toEqual([
      ["core/1", "1\r\n", "lines"],
      ["core/2", "2\n", "lines"],
      ["core/3", "3\r", "lines"],
      ["core/4", "4\n", "lines"],
      ["core/5", "\n", "lines"],
    ]);
  });

  it("form groups, also of whole files", () => {
    const { components } = decompose([{ path: "a.py", text }], { granularity: { lines: 2 } });
    expect(components.map(({ name, text: lines }) => [name, lines])).toEqual([
      ["core/1-2", "1\r\n2\n"],
      ["core/3-4", "3\r4\n"],
      ["core/5", "\n"],
    ]);
    const files = [
      { path: "x.txt", text: "1\n2\n3" },
      { path: "y.txt", text: "" },
    ];
    expect(decompose(files, { granularity: { lines: 2 } }).components.map(({ name }) => name)).toEqual([
      "x.txt/1-2",
      "x.txt/3",
    ]);
  });
});
