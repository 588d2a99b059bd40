/** What form operators and their proposals have. */
import { type Operator, type Parameters, roles } from "../core/index.ts";
import { expect } from "./contract-check.ts";
import type { Trial } from "./trial.ts";

/** Most characters of a note. */
const longestNote = 10_000;

/** The properties of an operator that can be compared. */
export function describeOperator({ propose: _, schedule, ...properties }: Operator): object {
  return { ...properties, schedule: schedule?.name, scheduleParameters: schedule?.parameters };
}

/** Breaks off where an operator lacks what `defineOperator` gives it. */
export function checkProperties(operator: Operator): void {
  const { name, description, scope, parentCount, inspirationCount, schedule, every, repairs } = operator;
  expect("a name", String(name), typeof name === "string" && name !== "");
  expect("a description that is a text", String(description), typeof description === "string");
  const isScope = scope === "global" || scope === "local" || scope === "recombination";
  expect("scope global, local or recombination", String(scope), isScope);
  const areRoles = Array.isArray(operator.roles) && operator.roles.every((role) => roles.includes(role));
  expect("a list of known roles", JSON.stringify(operator.roles), areRoles);
  expect("1 or 2 parents", String(parentCount), parentCount === 1 || parentCount === 2);
  expect("a number of inspirations", String(inspirationCount), isWhole(inspirationCount, 0));
  expect("a number of repairs", String(repairs), isWhole(repairs, 0));
  expect("every undefined or at least 2", String(every), every === undefined || isWhole(every, 2));
  const { isCompactable } = operator;
  expect("isCompactable true or false", String(isCompactable), typeof isCompactable === "boolean");
  const what = scope === "local" ? "a schedule, as the scope is local" : `no schedule for scope ${scope}`;
  expect(what, schedule?.name ?? "none", (schedule !== undefined) === (scope === "local"));
}

function isWhole(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= least;
}

/** Breaks off where parameters cannot be stored with a campaign. */
export function checkParameters(parameters: Parameters): void {
  for (const [key, value] of Object.entries<unknown>(parameters)) {
    const isPlain = ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
    expect(`parameter ${key} to be a text, a finite number or a boolean`, String(value), isPlain);
  }
}

/** Breaks off where what came of a trial is no proposal that the operator may make. */
export function checkForm(
  { proposal, error, genome, announced }: Trial,
  { scope }: Operator,
  what: string,
): void {
  if (error !== undefined) expect(`no exception for ${what}`, String(error), false);
  if (proposal?.status === "rejected") {
    const { reason } = proposal;
    expect("a reason", String(reason), typeof reason === "string" && reason !== "");
  } else if (proposal?.status === "noted") {
    const { note } = proposal;
    expect("a note", JSON.stringify(note), typeof note === "string" && note !== "");
    expect(`at most ${longestNote} characters`, `a note of ${note.length}`, note.length <= longestNote);
  } else {
    const isProposal = proposal?.status === "proposed" && proposal.changes instanceof Map;
    expect(`proposed(), noted() or rejected() for ${what}`, JSON.stringify(proposal), isProposal);
    const changes = proposal?.changes ?? new Map();
    const may = scope === "local" ? announced : [...genome.keys()];
    const indexes = [...changes.keys()];
    const isWithin = indexes.length > 0 && indexes.every((index) => may.includes(index));
    expect(`changes of components among ${may.join(", ")}`, indexes.join(", ") || "none", isWithin);
    for (const text of changes.values()) expect("texts", typeof text, typeof text === "string");
  }
}
