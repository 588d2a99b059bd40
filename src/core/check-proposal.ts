/** The gate between operators and solutions: no proposal changes more than its operator announced. */
import { type Accept, type Genome, type Operator, type Rewrite, rejected, UsageError } from "./index.ts";

/**
 * Enforces what an operator promised: known components only, and for a local operator announced ones only.
 * Texts become well-formed Unicode, and what `accept` makes of them; components that stay the same are dropped.
 */
export function checkProposal(
  proposal: Rewrite,
  operator: Operator,
  announced: readonly number[],
  genome: Genome,
  accept?: Accept,
): Rewrite {
  if (proposal?.status === "rejected") return proposal;
  if (proposal?.status !== "proposed" || !(proposal.changes instanceof Map)) {
    throw new UsageError(
      `Operator '${operator.name}' must return proposed(new Map([[component, text]])), noted("text") or rejected("reason"), ` +
        `got ${proposal === null || typeof proposal !== "object" ? String(proposal) : "another object"}`,
    );
  }
  const indexes = [...proposal.changes.keys()].sort((a, b) => a - b);
  const isKept = indexes.length > 0 && indexes.every((index) => announced.includes(index));
  if (operator.scope === "local" && !isKept) {
    const got = indexes.length === 0 ? "nothing" : indexes.join(", ");
    const what = `${announced.length === 1 ? "component" : "components"} ${announced.join(", ")}`;
    return rejected(`local operator ${operator.name} announced ${what} and changed ${got}`);
  }
  const changes = new Map<number, string>();
  for (const index of indexes) {
    const before = genome[index];
    if (before === undefined)
      return rejected(`component ${index} is outside the ${genome.length} components`);
    let text = String(proposal.changes.get(index)).toWellFormed();
    if (accept !== undefined && text !== before.text) {
      const accepted = accept(index, text);
      if ("reason" in accepted) return rejected(accepted.reason);
      text = accepted.text;
    }
    if (text !== before.text) changes.set(index, text);
  }
  return changes.size === 0 ? rejected("the proposal equals its parent") : { status: "proposed", changes };
}
