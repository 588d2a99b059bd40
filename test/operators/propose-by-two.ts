/** One proposal of an operator that asks quality assurance and a developer, each with a script of its own. */
import type { Genome, Operator, Proposal, ProposeContext } from "../../src/core/index.ts";
import { contextOf, evaluated } from "../core/fixtures.ts";
import { type Line, scripted } from "../scripted-model.ts";

/** A solution of three components, two of them wrong. */
export const genome: Genome = [
  { name: "f.js:first", text: "return 1;", spec: "Returns 1.", signature: "function first()" },
  { name: "f.js:second", text: "return 1;", spec: "Returns 2.", signature: "function second()" },
  { name: "g.js:twoThirds", text: "return 1;", spec: "Returns 2 / 3.", signature: "function twoThirds()" },
];

/** Proposes once; both scripts must have been followed. The answers' keys are those that voting compares. */
export async function proposeByTwo(
  operator: Operator,
  { qa, developer }: { readonly qa: readonly Line[]; readonly developer: readonly Line[] },
  more: Partial<ProposeContext> = {},
): Promise<Proposal> {
  const models = { qa: scripted(qa), developer: scripted(developer) };
  const proposal = await operator.propose(
    contextOf(models.qa, {
      parents: [evaluated({ status: "ok", fitness: 1 }, genome)],
      models: models as Partial<ProposeContext["models"]> as ProposeContext["models"],
      ...more,
    }),
  );
  models.qa.finish();
  models.developer.finish();
  return proposal;
}

/** What voting takes an answer for, of the last request that an operator makes to one of the two. */
export async function keyOf(
  operator: Operator,
  role: "qa" | "developer",
  text: string,
  more: Partial<ProposeContext> = {},
): Promise<string | undefined> {
  let key: string | undefined;
  const line: Line = ({ readAs }) => {
    key = readAs?.({ text, stopReason: "stop" });
    return "";
  };
  const script = role === "qa" ? { qa: [line], developer: [] } : { qa: ["first: no"], developer: [line] };
  await proposeByTwo(operator, script, more);
  return key;
}
