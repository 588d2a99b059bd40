/** What a campaign claims of its strategies, as Table 1 of the paper does: checked, and as plain data. */
import { parseGrowthClass } from "./analysis/growth-class.ts";
import { checkKeys, pickKnown, type Role, roles, UsageError } from "./core/index.ts";

/** A claim: by how much one strategy is cheaper than another, and how that grows with the campaign's size. */
export interface Claim {
  /** Name of the strategy that costs more. */
  readonly optimistic: string;
  /** Name of the strategy that costs less. */
  readonly optimized: string;
  /**
   * Class of the ratio of their costs in the size of the campaign, as `allele compare` writes it: `k`, `k^2`,
   * `2^k k`, `k / log k`, or `1` for a constant factor.
   */
  readonly improvement: string;
  /** How the paper writes it where more than this size grows, e.g. `b k^2`. */
  readonly paper?: string;
  /** Counts the calls of this role alone; default: of all roles. */
  readonly role?: Role;
  /** The exact ratio by theory; default, without a role: that of the strategies' own `theory`. */
  ratio?(size: number): number;
}

const claimKeys = ["optimistic", "optimized", "improvement", "paper", "role", "ratio"];

/** Checks the claims of a campaign with these strategies; throws a UsageError that says what is wrong. */
export function checkClaims(
  claims: readonly Claim[],
  strategies: readonly { readonly name: string; readonly roles: readonly Role[] }[],
): readonly Claim[] {
  if (!Array.isArray(claims)) {
    throw new UsageError("Campaign: claims must be a list such as [{ optimistic, optimized, improvement }]");
  }
  const table = Object.fromEntries(strategies.map((strategy) => [strategy.name, strategy]));
  for (const [index, claim] of claims.entries()) {
    const where = `Campaign: claim ${index + 1}`;
    checkKeys(where, claim, claimKeys);
    const optimistic = pickKnown(`${where}: optimistic: strategy`, claim.optimistic, table);
    const optimized = pickKnown(`${where}: optimized: strategy`, claim.optimized, table);
    if (claim.optimistic === claim.optimized) {
      throw new UsageError(`${where} compares '${claim.optimistic}' with itself; expected two strategies`);
    }
    if (typeof claim.improvement !== "string" || parseGrowthClass(claim.improvement) === undefined) {
      throw new UsageError(
        `${where}: improvement must be a growth class such as k, k^2, k log k, 2^k k, or 1 for a constant ` +
          `factor, got ${JSON.stringify(claim.improvement)}; how a paper writes it goes into paper: "b k^2"`,
      );
    }
    if (claim.paper !== undefined && typeof claim.paper !== "string") {
      throw new UsageError(`${where}: paper must be a text such as "b k^2", got ${String(claim.paper)}`);
    }
    if (claim.role !== undefined) checkRole(where, claim.role, [optimistic, optimized]);
    if (claim.ratio !== undefined && typeof claim.ratio !== "function") {
      throw new UsageError(`${where}: ratio must be a function of the size, got ${String(claim.ratio)}`);
    }
  }
  return claims;
}

function checkRole(
  where: string,
  role: Role,
  strategies: readonly { readonly name: string; readonly roles: readonly Role[] }[],
): void {
  if (!roles.includes(role)) {
    throw new UsageError(`${where}: role must be one of ${roles.join(", ")}, got ${String(role)}`);
  }
  const without = strategies.find((strategy) => !strategy.roles.includes(role));
  if (without === undefined) return;
  const used = without.roles.join(", ") || "none";
  throw new UsageError(`${where}: strategy '${without.name}' has no role ${role}; used are: ${used}`);
}

/** Claims as plain data, the exact ratios at the sizes that both strategies are run at. */
export function describeClaims(
  claims: readonly Claim[],
  strategies: readonly { readonly name: string; readonly sizes: readonly number[] }[],
): unknown {
  const sizesOf = (name: string) => strategies.find((one) => one.name === name)?.sizes ?? [];
  return claims.map(({ ratio, ...claim }, index) => {
    if (ratio === undefined) return claim;
    const shared = sizesOf(claim.optimistic).filter((size) => sizesOf(claim.optimized).includes(size));
    const exact = shared.map((size) => {
      const value = ratio(size);
      if (value > 0 && value < Number.POSITIVE_INFINITY) return { size, ratio: value };
      throw new UsageError(
        `Campaign: claim ${index + 1}: ratio(${size}) must be a number above 0, got ${String(value)}`,
      );
    });
    return { ...claim, exact };
  });
}
