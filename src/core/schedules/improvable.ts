/** Which components are worth working on. */
import type { EvaluatedCandidate } from "../candidate.ts";

/** Whether a component can improve, as far as the parent's evaluation tells. */
export function canImprove({ evaluation }: EvaluatedCandidate, component: number): boolean {
  if (evaluation.status !== "ok" || evaluation.improvable === undefined) return true;
  return evaluation.improvable.includes(component);
}

/**
 * The components that can improve, ascending, of so many; all where the parent's evaluation does not tell or
 * says that none can. Takes time linear in their number.
 */
export function improvableOf({ evaluation }: EvaluatedCandidate, componentCount: number): readonly number[] {
  const told = evaluation.status === "ok" ? evaluation.improvable : undefined;
  const isTold = new Uint8Array(componentCount);
  for (const index of told ?? []) isTold[index] = 1;
  const all = told === undefined || told.length === 0;
  const indexes: number[] = [];
  for (let index = 0; index < componentCount; index++) if (all || isTold[index] === 1) indexes.push(index);
  return indexes;
}
