import fc from "fast-check";
import { encode as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { encode as o200k } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { words } from "../../src/core/index.ts";

describe.each([
  ["o200k", o200k],
  ["cl100k", cl100k],
])("the word list under %s", (_name, encode) => {
  it("holds only words that are one token, alone and after a space", () => {
    const others = words.filter((word) => encode(word).length !== 1 || encode(` ${word}`).length !== 1);
    expect(others).toEqual([]);
  });

  it("makes a line of l - 1 words and a line break exactly l tokens, and k such lines k l tokens", () => {
    const word = fc.constantFrom(...words);
    const lines = fc
      .integer({ min: 2, max: 40 })
      .chain((l) =>
        fc.array(fc.array(word, { minLength: l - 1, maxLength: l - 1 }), { minLength: 1, maxLength: 40 }),
      );
    fc.assert(
      fc.property(lines, (all) => {
        const k = all.length;
        const l = all[0]!.length + 1;
        const texts = all.map((line) => `${line.join(" ")}\n`);
        for (const text of texts) expect(encode(text).length).toBe(l);
        expect(encode(texts.join("")).length).toBe(k * l);
      }),
      { seed: 1 },
    );
  });
});

describe("the word list", () => {
  it("holds 256 distinct words of lower-case letters", () => {
    expect(new Set(words).size).toBe(256);
    expect(words.length).toBe(256);
    expect(words.filter((word) => !/^[a-z]+$/.test(word))).toEqual([]);
  });
});
