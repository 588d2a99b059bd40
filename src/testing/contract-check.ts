/** What a contract suite is made of. Knows no test framework. */

/** One check of a contract suite. */
export interface ContractCheck {
  /** A sentence of behaviour, e.g. for `it(name, run)`. */
  readonly name: string;
  /** Rejects with an Error that says what was expected and what came. */
  run(): Promise<void>;
}

/** The error of a plugin that does not keep its contract. */
export class ContractBreach extends Error {
  override readonly name = "ContractBreach";
  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
  }
}

/** Breaks off with what was expected and what came, unless it holds. */
export function expect(expected: string, got: string, holds: boolean): void {
  if (!holds) throw new ContractBreach(expected, got);
}

/** Makes a check from a name and a function that throws on a breach. */
export function contractCheck(name: string, run: () => void | Promise<void>): ContractCheck {
  return Object.freeze({ name, run: async () => await run() });
}
