import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/core/errors.ts";
import { composeFiles, type SourceFile } from "../../src/core/layout.ts";
import { createGate, decompose, type Granularity } from "../../src/decompose/index.ts";
import { nasty, programs } from "./programs.ts";

const lineEnds = fc.constantFrom("\n", "\r\n", "\r");
const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, "")),
  fc.constantFrom(
    "",
    "  x = 1",
    "\f",
    "a\u2028b",
    "nul\0",
    "😀",
    "'''",
    "/*",
    "print('# EVOLVE-BLOCK-START')",
    "\uFEFF",
  ),
);
const openers = fc.constantFrom("#", "//", "--", ";", "%", "!", "'", "REM", "/*", "(*", "<!--", "{-", '"""');
const closers: Readonly<Record<string, string>> = {
  "/*": " */",
  "(*": " *)",
  "<!--": " -->",
  "{-": " -}",
  '"""': '"""',
};

/** A file whose markers pair up, with line ends of all kinds. */
const markedFile = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.tuple(
        fc.array(fc.tuple(words, lineEnds), { maxLength: 4 }),
        fc.option(fc.tuple(openers, fc.boolean(), lineEnds)),
      ),
      { maxLength: 6 },
    ),
    words,
  )
  .map(([hasMark, parts, last]) => {
    let text = hasMark ? "\uFEFF" : "";
    let blocks = 0;
    let isOpen = false;
    for (const [lines, marker] of parts) {
      text += lines.map(([line, end]) => line + end).join("");
      if (marker === null) continue;
      const [opener, isNamed, end] = marker;
      const name = isNamed && !isOpen ? ` name${blocks}` : "";
      // Every marker starts its own line.
      if (text !== "" && text !== "\uFEFF" && !/[\r\n]$/.test(text)) text += "\n";
      text += `\t${opener} EVOLVE-BLOCK-${isOpen ? "END" : "START"}${name}${closers[opener] ?? ""}${end}`;
      if (isOpen) blocks += 1;
      isOpen = !isOpen;
    }
    return { text: isOpen ? `${text}# EVOLVE-BLOCK-END\n` : text + last, blocks: blocks + (isOpen ? 1 : 0) };
  });

const granularities: readonly (Granularity | undefined)[] = [undefined, "markers", "lines", { lines: 3 }];

function filesOf(texts: readonly string[], extension: string): SourceFile[] {
  return texts.map((text, index) => ({ path: `src/f${index}.${extension}`, text }));
}

describe("decompose and composeFiles", () => {
  it("give back every file of any language to the byte, at every granularity without a parser", () => {
    fc.assert(
      fc.property(fc.array(markedFile, { minLength: 1, maxLength: 3 }), (made) => {
        const files = filesOf(
          made.map(({ text }) => text),
          "py",
        );
        const blocks = made.reduce((sum, file) => sum + file.blocks, 0);
        for (const granularity of granularities) {
          let parts: ReturnType<typeof decompose>;
          try {
            parts = decompose(files, { granularity });
          } catch (error) {
            // Only a solution without a single line has no component.
            expect(error).toBeInstanceOf(UsageError);
            expect(granularity === "lines" || typeof granularity === "object").toBe(true);
            continue;
          }
          const { components, layout } = parts;
          expect(composeFiles(layout, components)).toEqual(files);
          expect(new Set(components.map(({ name }) => name)).size).toBe(components.length);
          if (granularity === undefined) expect(components.length).toBe(blocks || files.length);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("give back every JavaScript and TypeScript file to the byte, and find exactly its functions", () => {
    for (const [extension, isTyped] of [
      ["mjs", false],
      ["ts", true],
    ] as const) {
      fc.assert(
        fc.property(programs(isTyped), ({ text, functions }) => {
          const files = filesOf([text], extension);
          const { components, layout } = decompose(files);
          expect(composeFiles(layout, components)).toEqual(files);
          if (functions.length === 0) {
            expect(components.map(({ kind, text: whole }) => [kind, whole])).toEqual([["file", text]]);
          } else {
            expect(components.map(({ name, text: own, kind }) => ({ name, text: own, kind }))).toEqual(
              functions,
            );
          }
          const fine = decompose(files, { granularity: { lines: 2 } });
          expect(composeFiles(fine.layout, fine.components)).toEqual(files);
        }),
        { seed: 2, numRuns: 150 },
      );
    }
  });

  it("give back statements to the byte, and lose none of them", () => {
    fc.assert(
      fc.property(programs(false), ({ text, functions }) => {
        const files = filesOf([`${text}\nfunction last() { one(); two() }\n`], "mjs");
        const { components, layout } = decompose(files, { granularity: "statements" });
        expect(composeFiles(layout, components)).toEqual(files);
        expect(components.slice(-2).map((component) => [component.name, component.text])).toEqual([
          ["last/1", "one();"],
          ["last/2", "two()"],
        ]);
        for (const { name, text: own } of functions) {
          const mine = components.filter((component) => component.name.startsWith(`${name}/`));
          expect(mine.length > 0).toBe(/\{\n/.test(own));
          let at = 0;
          for (const { text: statement } of mine) at = own.indexOf(statement, at) + statement.length;
          if (mine.length > 0) expect(own.slice(at)).toMatch(/^\s*(\/\/ \{\s*)?\}$/);
        }
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe("the text around components", () => {
  const answer = fc.oneof(
    fc
      .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ maxLength: 6 })), { maxLength: 12 })
      .map((list) => list.join("")),
    fc.string({ unit: "binary" }),
  );

  it("stays exact and in order whatever a component's text is", () => {
    fc.assert(
      fc.property(markedFile, fc.array(answer, { maxLength: 8 }), (file, answers) => {
        const { components, layout } = decompose(filesOf([file.text], "rs"));
        const changed = components.map((component, index) => ({
          ...component,
          text: answers[index] ?? component.text,
        }));
        const [composed] = composeFiles(layout, changed);
        let at = 0;
        for (const part of layout[0]!.parts) {
          const text = "fixed" in part ? part.fixed : changed[part.component]!.text;
          expect(composed!.text.slice(at, at + text.length)).toBe(text);
          at += text.length;
        }
        expect(at).toBe(composed!.text.length);
        expect(layout).toEqual(decompose(filesOf([file.text], "rs")).layout);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("is found again after every change that the gate lets through", () => {
    let passed = 0;
    fc.assert(
      fc.property(
        markedFile,
        fc.nat(),
        answer,
        fc.constantFrom("txt", "py", "rs"),
        (file, pick, text, extension) => {
          const files = filesOf([file.text], extension);
          const { components, layout } = decompose(files);
          const index = pick % components.length;
          const verdict = createGate(layout, components)(index, text);
          if ("reason" in verdict) return;
          passed += 1;
          const changed = components.map((component, i) =>
            i === index ? { ...component, text: verdict.text } : component,
          );
          const again = decompose(composeFiles(layout, changed));
          expect(again.components).toEqual(changed);
          expect(again.layout).toEqual(layout);
        },
      ),
      { seed: 5, numRuns: 400 },
    );
    expect(passed).toBeGreaterThan(150);
  });
});
