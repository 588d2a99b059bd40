/** What a hostile program is, and what most of them are made of. */
import type { FailureReason } from "allele";

export interface HostileProgram {
  readonly kind: string;
  readonly name: string;
  /** What it tries, in words. */
  readonly tries: string;
  readonly code: string;
  /** The reason of its failed evaluation, or "no effect": it is scored like an honest program. */
  readonly ends: FailureReason | "no effect";
}

/** A program that does what it is asked. */
export const honestCode = "export const run = (x) => 2 * x;";

/** Wraps a body in the function that the scorer calls. */
export const run = (body: string) => `export function run(x) { ${body} }`;
