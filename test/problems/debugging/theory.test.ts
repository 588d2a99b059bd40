/** The sums against closed forms where they have one, against enumeration, and against runs of the engine. */
import { describe, expect, it } from "vitest";
import { conversationDebug } from "../../../operators/conversation-debug.ts";
import { focusedDebug } from "../../../operators/focused-debug.ts";
import {
  conversationCost,
  conversationOrder,
  debuggingTheory,
  type FunctionTokens,
  focusedApplications,
  focusedCost,
  focusedOrder,
  tokensOfFunctions,
} from "../../../problems/debugging/theory.ts";
import { countTokens } from "../../../src/llm/tokenizer.ts";
import { made, play } from "./fixtures.ts";

/** k functions of l tokens, the first b wrong; reports of r tokens, of what a function must do nothing is shown. */
function alike(k: number, l: number, b: number, r = 1): readonly FunctionTokens[] {
  return Array.from({ length: k }, (_, index) => ({
    ...{ spec: 0, text: l, bug: index < b ? { report: r, repaired: l } : undefined },
  }));
}

describe("the sums", () => {
  it("are those of equations (4)-(10), written out, for functions of one length", () => {
    const [k, l, b, mq, md] = [12, 80, 5, 2, 7];
    const n = k * l;
    let [qa, developer] = [0, 0];
    for (let i = 1; i <= b; i++) {
      qa += mq * (i * n + (i - 1)); // one token, "report"
      developer += md * (n * (i * n + i) + (n * (n - 1)) / 2);
    }
    qa += mq * ((b + 1) * n + b); // nothing is found
    const setting = { qaSize: mq, developerSize: md };
    expect(conversationCost(alike(k, l, b), setting)).toEqual({
      ...{ applications: 1, qa, developer, primitiveCost: qa + developer },
    });
    const one = { qa: mq * b * l, developer: md * b * (l * (l + 1) + (l * (l - 1)) / 2) };
    expect(focusedCost(alike(k, l, b), setting)).toEqual({
      ...{ applications: b, ...one, primitiveCost: one.qa + one.developer },
    });
  });

  it("add up reports, specs, and lengths that change, and end with the last bug", () => {
    const functions: readonly FunctionTokens[] = [
      { spec: 3, text: 10, bug: undefined },
      { spec: 4, text: 20, bug: { report: 2, repaired: 21 } },
      { spec: 5, text: 30, bug: undefined },
    ];
    // QA reads 72 and says 2, then reads 72 + 2 + 61 and says 1; the developer reads 74 and writes 61.
    expect(conversationCost(functions)).toMatchObject({ qa: 2 * 72 + 1 + 135, developer: 61 * 74 + 61 * 30 });
    // QA reads 13 and says 1, reads 24 and says 2; the developer reads 26 and writes 21.
    expect(focusedCost(functions)).toMatchObject({
      applications: 2,
      qa: 13 + 2 * 24 + 1,
      developer: 21 * 26 + 210,
    });
    expect(focusedCost(functions, { okTokens: 2 })).toMatchObject({ qa: 2 * 13 + 1 + 2 * 24 + 1 });
  });

  it("are of the order of the paper's closed forms, in k, l and b", () => {
    const form = (k: number, l: number, b: number) => ({ k, l, b, qaSize: 1, developerSize: 1 });
    const shares = (k: number, l: number, b: number) => {
      const [conversation, focused] = [conversationCost(alike(k, l, b)), focusedCost(alike(k, l, b))];
      const [wide, narrow] = [conversationOrder(form(k, l, b)), focusedOrder(form(k, l, b))];
      return [
        conversation.developer / wide.developer,
        focused.developer / narrow.developer,
        conversation.qa / wide.qa,
      ];
    };
    // Leading terms: b^2 n^2 / 2 and 3 l^2 b / 2 for the developer, b^2 n / 2 for QA.
    const [conversation, focused, qa] = shares(1000, 1000, 1000);
    expect(conversation).toBeCloseTo(0.5, 2);
    expect(focused).toBeCloseTo(1.5, 2);
    expect(qa).toBeCloseTo(0.5, 2);
    const worst = focusedCost(alike(9, 100, 9)).qa / focusedOrder(form(9, 100, 9)).qa; // to the last function
    expect(worst).toBe(1);
  });

  it("have the last of b bugs among k at b (k + 1) / (b + 1) in the mean of all places", () => {
    for (const [k, b] of [
      [6, 1],
      [6, 2],
      [7, 3],
      [5, 5],
    ] as const) {
      let [sets, sum] = [0, 0];
      for (let set = 0; set < 2 ** k; set++) {
        const bits = [...set.toString(2).padStart(k, "0")];
        if (bits.filter((bit) => bit === "1").length !== b) continue;
        sets += 1;
        sum += focusedCost(
          bits.map((bit) => ({
            spec: 0,
            text: 1,
            bug: bit === "1" ? { report: 1, repaired: 1 } : undefined,
          })),
        ).applications;
      }
      expect(focusedApplications(k, b)).toBeCloseTo(sum / sets, 9);
    }
  });
});

describe("a run without errors", () => {
  it.each([
    [8, 2, 1],
    [8, 8, 2],
    [24, 4, 3],
  ])("costs each role exactly the sum, k = %d, b = %d, seed %d", async (size, bugs, seed) => {
    const { instance } = made({ bugs }, size, seed);
    const functions = tokensOfFunctions({ bugs }, { size, seed }, countTokens);
    const setting = { developerSize: 10 };
    const conversation = await play(instance, conversationDebug());
    expect(conversation.cost).toEqual(conversationCost(functions, setting));
    const focused = await play(instance, focusedDebug());
    expect(focused.cost).toEqual(focusedCost(functions, setting));
    for (const { result } of [conversation, focused]) expect(result.stopReason).toBe("target");
  });

  it("is the mean over a campaign's seeds", () => {
    const theory = debuggingTheory({ functions: 8 }, { countTokens, seeds: 3, developerSize: 10 });
    const costs = [1, 2, 3].map((seed) =>
      focusedCost(tokensOfFunctions({ functions: 8 }, { size: 4, seed }, countTokens), { developerSize: 10 }),
    );
    expect(theory.focused(4).developer).toBeCloseTo(
      costs.reduce((sum, { developer }) => sum + developer, 0) / 3,
      6,
    );
    expect(theory.ratio(4, "developer")).toBe(theory.conversation(4).developer / theory.focused(4).developer);
    expect(theory.ratio(4)).toBe(theory.conversation(4).primitiveCost / theory.focused(4).primitiveCost);
  });
});
