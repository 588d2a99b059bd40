import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CodeTokenKind, codeTokens } from "../../../src/llm/programmer/code-tokens.ts";
import { samples } from "./samples.ts";

const of = (kind: CodeTokenKind, text: string) =>
  codeTokens(text)
    .filter((token) => token.kind === kind)
    .map((token) => token.text);

describe("the tokens of code", () => {
  it("are, joined, exactly the text, whatever it is", () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      "`",
      "#",
      " ",
      "/",
      "*",
      "//",
      "\n",
      "\\",
      "a",
      "1",
      ".",
      "é",
      "🧬",
    );
    const text = fc.oneof(
      fc.string({ maxLength: 40, unit: "binary" }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
      fc.constantFrom(...Object.values(samples)),
    );
    fc.assert(
      fc.property(text, (given) => {
        const tokens = codeTokens(given);
        expect(tokens.map((token) => token.text).join("")).toBe(given);
        expect(tokens.every((token) => token.text !== "")).toBe(true);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it("leave comments, documentation and regular expressions alone, in each language", () => {
    expect(of("fixed", samples.javascript)).toEqual([
      "/** Index of the wanted item, or -1. */",
      "// inclusive",
    ]);
    expect(of("fixed", samples.typescript)).toEqual(["/[^a-z0-9/]+/g", "/* cut */"]);
    expect(of("fixed", samples.python)).toEqual([
      `"""Keep each value's size in [low, high]."""`,
      "# it isn't hard: 'min' and 'max'",
    ]);
    expect(of("fixed", samples.c)).toEqual(["#include <stdio.h>", "/* never 0 */"]);
  });

  it("tell a division from a comment and from a regular expression", () => {
    expect(of("mark", "n // 2")).toEqual(["//"]);
    expect(of("mark", "size(n) // 2 + 1")).toEqual(["(", ")", "//", "+"]);
    expect(of("fixed", "x = 5 // five times a day")).toEqual(["// five times a day"]);
    expect(of("fixed", "a / b / c")).toEqual([]);
    expect(of("fixed", "return /b/.test(a)")).toEqual(["/b/"]);
    expect(of("fixed", "this.#count #")).toEqual(["#"]);
  });

  it("keep literals and numbers whole", () => {
    expect(of("string", samples.python)).toEqual(['"values"', "'count'"]);
    expect(of("string", `a "b \\" c" 'd' \`e \${f}\``)).toEqual(['"b \\" c"', "'d'", `\`e \${f}\``]);
    expect(of("string", samples.rust)).toEqual([]);
    expect(of("number", "0x1F, 1_000, .5, 1.5e-3, 10n, 0..9, a1, 0.0_f64")).toEqual([
      ...["0x1F", "1_000", ".5", "1.5e-3", "10n", "0", "9", "0.0_f64"],
    ]);
  });
});
