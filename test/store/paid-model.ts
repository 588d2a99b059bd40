/** A stand-in for a paid model: not deterministic, with a price, and with counts of its own. */
import { type ScriptedModel, scripted } from "../scripted-model.ts";

/** Answers "answer 1\n", "answer 2\n", ...; fails on the calls whose numbers are given. */
export function paidModel(options: { readonly failing?: readonly number[] } = {}): ScriptedModel {
  const answer = (_request: unknown, index: number) =>
    options.failing?.includes(index + 1)
      ? new Error(`the line to call ${index + 1} is dead`)
      : { text: `answer ${index + 1}\n`, inputTokens: 100, outputTokens: index + 1 };
  return scripted(answer, {
    ...{ name: "paid", provider: "scripted", size: 2, isDeterministic: false },
    price: { usdPerMillionInputTokens: 1, usdPerMillionOutputTokens: 10 },
  });
}
