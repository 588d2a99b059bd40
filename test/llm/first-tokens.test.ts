import { expect, it } from "vitest";
import { countTokens, firstTokens } from "../../src/llm/tokenizer.ts";

it("cuts a text the same way whatever was cut before, also within a character of several tokens", () => {
  const emoji = "🫀";
  const most = countTokens(emoji) - 1;
  expect(most).toBeGreaterThan(0);
  const once = firstTokens(emoji, most);
  expect([firstTokens(emoji, most), firstTokens("漢字", 100)]).toEqual([once, "漢字"]);
});
