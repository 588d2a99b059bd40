/** The gate between operators and solutions: no proposal changes more than its operator announced. */
import { type Accept, type Genome, type Operator, type Proposal, rejected, UsageError } from "./index.ts";

/**
 * Enforces what an operator promised: known components only, exactly the announced one for a local operator.
 * Texts become well-formed Unicode, and what `accept` makes of them; components that stay the same are dropped.
 */
export function checkProposal(
  proposal: Proposal,
  operator: Operator,
  component: number,
  genome: Genome,
  accept?: Accept,
): Proposal {
  if (proposal?.status === "rejected") return proposal;
  if (proposal?.status !== "proposed" || !(proposal.changes instanceof Map)) {
    throw new UsageError(
      `Operator '${operator.name}' must return proposed(new Map([[component, text]])) or rejected("reason"), ` +
        `got ${proposal === null || typeof proposal !== "object" ? String(proposal) : "another object"}`,
    );
  }
  const indexes = [...proposal.changes.keys()].sort((a, b) => a - b);
  if (operator.scope === "local" && (indexes.length !== 1 || indexes[0] !== component)) {
    const got = indexes.length === 0 ? "nothing" : indexes.join(", ");
    return rejected(`local operator ${operator.name} announced component ${component} and changed ${got}`);
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
