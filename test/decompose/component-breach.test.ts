import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Component } from "../../src/core/component.ts";
import { findBreach, fitText } from "../../src/core/component-breach.ts";

const component: Component = { name: "core", text: "x\n", kind: "block", file: "a.py" };

describe("findBreach", () => {
  it("refuses a text with a marker word, wherever it stands", () => {
    for (const word of ["EVOLVE-BLOCK-START", "EVOLVE-BLOCK-END"]) {
      for (const text of [word, `a\n# ${word}\n`, `"${word}"`, `x${word}x`]) {
        expect(findBreach(component, text)).toBe(
          `component core may not contain ${word}: the marker lines are fixed`,
        );
        expect(findBreach({ name: "core", text: "" }, text)).toBeUndefined();
      }
    }
  });

  it("lets every other text pass", () => {
    for (const text of ["", "EVOLVE-BLOCK", "evolve-block-end", "EVOLVE-BLOCK-\nEND", "/*"]) {
      expect(findBreach(component, text)).toBeUndefined();
    }
  });
});

describe("fitText", () => {
  it.each([
    ["block", "a\n", "b", "b\n"],
    ["block", "a\n", "b\n\n", "b\n\n"],
    ["block", "a\n", "b\r\nc\r\n", "b\nc\n"],
    ["block", "a\r\nb\r\n", "c\nd", "c\r\nd\r\n"],
    ["block", "a\rb\r", "c\nd\r\n", "c\rd\r"],
    ["block", "a\r\nb\n", "c\nd\r\n", "c\nd\r\n"],
    ["block", "a\nb\r\n", "c\nd", "c\nd\r\n"],
    ["block", "a\n", "b\r", "b\n"],
    ["block", "a\rb\r\n", "c\n", "c\n"],
    ["block", "a\n", "", ""],
    ["block", "", "b", "b"],
    ["lines", "a\r\n", "b", "b\r\n"],
    ["file", "a\nb", "c\nd\n\n", "c\nd"],
    ["file", "a", "c\r\nd\n", "c\r\nd"],
    ["function", "f() {\r\n}", "\n  f() {\n 1\n}\n\n", "f() {\r\n 1\r\n}"],
    ["method", "f() {}", " f() {} ", "f() {}"],
    ["statement", "a;", "a;\n", "a;"],
    ["paragraph", "a\n", "b", "b"],
  ])("fits a %s that was %j: %j becomes %j", (kind, original, text, fitted) => {
    expect(fitText(text, original, { ...component, kind })).toBe(fitted);
    const { file: _, ...free } = component;
    expect(fitText(text, original, { ...free, kind })).toBe(text);
  });

  it("takes time linear in the length of a text, however many line breaks stand in a row", () => {
    // In quadratic time each of these would take minutes.
    const count = 1_000_000;
    for (const [run, original] of [
      ["\r", "a\n"],
      ["\n", "a\nb"],
      ["\r", "a\r\nb\n"],
    ] as const) {
      const fitted = fitText(`${run.repeat(count)}x`, original, component);
      expect(fitted.replace(/\n$/, "")).toBe(`${run.repeat(count)}x`);
    }
  });

  it("changes nothing the second time, and always keeps the line below apart", () => {
    const texts = fc.array(fc.constantFrom("a", "\n", "\r\n", "\r", " ", "é"), { maxLength: 8 });
    fc.assert(
      fc.property(texts, texts, fc.constantFrom("block", "lines", "file", "function"), (a, b, kind) => {
        const [original, text] = [a.join(""), b.join("")];
        const fitted = fitText(text, original, { ...component, kind });
        expect(fitText(fitted, original, { ...component, kind })).toBe(fitted);
        if (kind === "function" || fitted === "" || original === "") return;
        expect(/[\r\n]$/.test(fitted)).toBe(/[\r\n]$/.test(original));
      }),
      { seed: 21, numRuns: 500 },
    );
  });
});
