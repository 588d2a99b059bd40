/**
 * The errors that Allele throws. They mean a mistake of the user's or of ours, never a bad candidate:
 * those are stored values. A message says what was expected, what came, and the fix.
 */

/** Any error that Allele raises on purpose; the command line prints its message without a stack trace. */
export class AlleleError extends Error {
  override readonly name: string = "AlleleError";
}

/** The user asked for something impossible: bad option, unknown plugin, malformed campaign (exit code 2). */
export class UsageError extends AlleleError {
  override readonly name = "UsageError";
}

/** What is known of a failed model call. */
export interface ModelFailure {
  /** Whether the same call may succeed later (rate limit, overload, lost connection); default false. */
  readonly isRetryable?: boolean;
  /** Whether no call to this model can succeed until the user mends something (key, name, address); default false. */
  readonly isFatal?: boolean;
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** What the model had written, thinking included; "" when nothing, undefined when it did no work that is billed. */
  readonly partialText?: string | undefined;
  readonly cause?: unknown;
}

/** A model call failed. The call is stored and counted, and its candidate becomes a rejection. */
export class ModelError extends AlleleError {
  override readonly name = "ModelError";
  readonly isRetryable: boolean;
  readonly isFatal: boolean;
  readonly retryAfterMs: number | undefined;
  readonly partialText: string | undefined;
  constructor(message: string, failure: ModelFailure = {}) {
    super(message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.isRetryable = failure.isRetryable ?? false;
    this.isFatal = failure.isFatal ?? false;
    this.retryAfterMs = failure.retryAfterMs;
    this.partialText = failure.partialText;
  }
}

/** A budget leaves no room for the next model call. `budget` names which one. */
export class BudgetExhausted extends AlleleError {
  override readonly name = "BudgetExhausted";
  readonly budget: string;
  constructor(budget: string) {
    super(`Budget of ${budget} is used up`);
    this.budget = budget;
  }
}

/** A file is no store, a store of a newer version, or in use by another process. */
export class StoreError extends AlleleError {
  override readonly name = "StoreError";
}

/** Picks the value called `name` from a table of known ones, or says which ones are known. */
export function pickKnown<T>(kind: string, name: string, known: Readonly<Record<string, T>>): T {
  const value = Object.hasOwn(known, name) ? known[name] : undefined;
  if (value === undefined) {
    throw new UsageError(`${kind} '${name}' is unknown; known: ${Object.keys(known).sort().join(", ")}`);
  }
  return value;
}

/** Rejects keys of `given` that are not in `allowed`: a misspelt option must not be silently ignored. */
export function checkKeys(where: string, given: object, allowed: readonly string[]): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const got = Array.isArray(given) ? "a list" : typeof given === "string" ? `'${given}'` : String(given);
    throw new UsageError(`${where} needs an object with options (${allowed.join(", ")}), got ${got}`);
  }
  for (const key of Object.keys(given)) {
    if (!allowed.includes(key)) {
      throw new UsageError(`${where}: option '${key}' is unknown; known: ${allowed.join(", ")}`);
    }
  }
}

/** Rejects a number that is no whole number of at least `least`. */
export function checkWhole(where: string, value: unknown, least: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least) {
    const isNumeral = typeof value === "string" && Number.isFinite(Number(value));
    const got = isNumeral ? `the text "${value}"` : String(value);
    throw new UsageError(`${where} must be a whole number of at least ${least}, got ${got}`);
  }
  return value;
}

/** Rejects a number outside the closed interval [low, high]. */
export function checkBetween(where: string, value: unknown, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high)) {
    if (high === Number.MAX_VALUE && low === -high) {
      throw new UsageError(`${where} must be a number, got ${String(value)}`);
    }
    throw new UsageError(`${where} must be a number from ${low} to ${high}, got ${String(value)}`);
  }
  return value;
}
