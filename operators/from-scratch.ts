/** A fresh start: the model writes a whole solution without having seen any. */
import {
  askToRewrite,
  checkKeys,
  checkLimitsOf,
  defineOperator,
  type Genome,
  likeOriginal,
  type Operator,
  parametersOf,
  proposed,
  type RequestLimits,
  type Rewrite,
  rejected,
  writeTagged,
} from "../src/core/index.ts";

const instructions = `You write solutions that consist of named components.
You are shown a task and the components that a solution has, each as a pair of
tags with nothing between them.
Write every component.`;

/** Options of from-scratch. */
export type FromScratchOptions = RequestLimits;

/** Makes the operator that asks the mutator for a solution without showing one. */
export function fromScratch(options: FromScratchOptions = {}): Operator {
  checkKeys("from-scratch", options, ["temperature", "maxTokens"]);
  checkLimitsOf("from-scratch", options);
  return defineOperator({
    name: "from-scratch",
    description: "the model writes a whole solution without having seen any",
    parameters: parametersOf({ ...options }),
    scope: "global",
    roles: ["mutator"],
    async propose(context) {
      const { genome: known } = context.parents[0].candidate;
      const indexes = known.map((_, index) => index);
      const isCompact = context.promptMode === "compact";
      const long = known.find(({ text }) => text.trimEnd().includes("\n"));
      if (isCompact && long !== undefined) {
        return rejected(`component ${long.name} has several lines; in compact mode each must be one line`);
      }
      const genome = known.map((component) => {
        const line = isCompact ? (component.spec || component.name).replace(/\s+/g, " ").trim() : "";
        return { ...component, text: line + (component.text.endsWith("\n") ? "\n" : "") };
      });
      const answer = await askToRewrite(context.models.mutator, context, {
        ...options,
        ...{ indexes, genome },
        parts: {
          instructions,
          signatures: signaturesParagraph(known),
          feedback: undefined,
          inspirations: undefined,
          parent: writeTagged(genome, indexes).replaceAll(">\n\n</", ">\n</"), // nothing at all between tags
        },
      });
      return withoutEmpty(answer, known);
    },
  });
}

/** How the components use each other; undefined where none says so. */
function signaturesParagraph(genome: Genome): string | undefined {
  const given = genome.filter(({ signature }) => signature);
  if (given.length === 0) return undefined;
  const lines = given.map(({ name, signature = "" }) => `- ${name}: ${signature.replace(/\n/g, "\n  ")}`);
  return `The components' signatures:\n${lines.join("\n")}`;
}

/** A component left empty is no deletion here: it was not written. */
function withoutEmpty(answer: Rewrite, known: Genome): Rewrite {
  if (answer.status === "rejected") return answer;
  const changes = new Map<number, string>();
  for (const [index, text] of answer.changes) {
    const original = known[index];
    if (original === undefined) continue;
    if (text.trim() === "" && original.text.trim() !== "") {
      return rejected(`the answer leaves component ${original.name} empty`);
    }
    changes.set(index, likeOriginal(text, original, known)); // it was shown no line breaks to keep to
  }
  return proposed(changes);
}
