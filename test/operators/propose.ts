/** What tests of operators share: one proposal with a scripted model. */
import {
  answerFormats,
  type Operator,
  type Proposal,
  type ProposeContext,
  proposed,
} from "../../src/core/index.ts";
import { contextOf } from "../core/fixtures.ts";
import { type Line, scripted } from "../scripted-model.ts";

/** Proposes once with a scripted model; the whole script must have been followed. */
export async function propose(
  operator: Operator,
  script: readonly Line[],
  more: Partial<ProposeContext> = {},
): Promise<Proposal> {
  const model = scripted(script);
  const proposal = await operator.propose(contextOf(model, more));
  model.finish();
  return proposal;
}

/** The messages of a prompt: one turn of the user, its parts apart by empty lines. */
export function user(...parts: readonly string[]) {
  return [{ role: "user" as const, text: parts.join("\n\n") }];
}

/** The system text of an operator's instructions, for one or several components. */
export function system(instructions: string, format: keyof typeof answerFormats | string): string {
  const text = format === "one" || format === "several" ? answerFormats[format] : format;
  return `${instructions}\n${text}`;
}

/** A component between its tags. */
export function tagged(name: string, text: string): string {
  return `<component name="${name}">\n${text}</component>`;
}

/** A proposal of new texts, from the index of each. */
export function proposedTexts(texts: Readonly<Record<number, string>>): Proposal {
  return proposed(new Map(Object.entries(texts).map(([index, text]) => [Number(index), text])));
}
